"use strict";
// The language switch, remembered for the visit in the address; and the print button with all tables open.
(() => {
  const root = document.documentElement;
  const buttons = [...document.querySelectorAll("button[data-language]")];
  const use = (language) => {
    root.lang = language;
    for (const b of buttons) b.setAttribute("aria-pressed", String(b.dataset.language === language));
  };
  for (const b of buttons) {
    b.addEventListener("click", () => {
      use(b.dataset.language);
      history.replaceState(null, "", "#" + b.dataset.language);
    });
  }
  const asked = location.hash.slice(1);
  use(asked === "en" || asked === "zh" ? asked : root.lang);
  document.getElementById("print").addEventListener("click", () => window.print());
})();
