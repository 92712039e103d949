// Forms that must not be lost where the connection is bad: kept in the browser, sent again until the hub has them.
// Each form carries a key of its own, so that the hub counts it once however often it is sent.
"use strict";
(() => {
  const STORE = "forms";
  const open = () => new Promise((done, failed) => {
    const asked = indexedDB.open("cordwainer-outbox", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const act = async (mode, what) => {
    const database = await open();
    return new Promise((done, failed) => {
      const asked = what(database.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => { database.close(); done(asked.result); };
      asked.onerror = () => { database.close(); failed(asked.error); };
    });
  };
  const told = document.querySelector("[data-outbox-told]");
  const tell = (what, wrong) => {
    if (!told) return;
    told.hidden = !what;
    told.textContent = what ? told.dataset[what] : "";
    told.className = wrong ? "wrong" : "done";
  };
  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  const ours = () => document.querySelector("[data-outbox-told]")?.dataset.whose ?? "";

  // Photos are made smaller before they are sent: a bad connection carries some hundred kilobytes, not ten megabytes.
  const smaller = async (file) => {
    if (!file.type.startsWith("image/") || file.size < 400000 || !window.createImageBitmap) return file;
    try {
      const image = await createImageBitmap(file);
      const scale = Math.min(1, 1600 / Math.max(image.width, image.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
      return blob ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
    } catch { return file; }
  };

  const send = async (kept) => {
    const body = new FormData();
    for (const [name, value] of kept.fields) body.append(name, value);
    body.append("csrfmiddlewaretoken", token());
    const answer = await fetch(kept.address, { method: "POST", body, credentials: "same-origin" });
    const there = new URL(answer.url);
    if (there.pathname.startsWith("/sign-in/") || answer.status === 403 || answer.status >= 500) throw new Error("later");
    return answer;
  };

  let busy = false;
  const flush = async (leave) => {
    if (busy) return;
    busy = true;
    try {
      const all = (await act("readonly", (store) => store.getAll())).filter((kept) => kept.whose === ours());
      for (const kept of all) {
        try {
          const answer = await send(kept);
          await act("readwrite", (store) => store.delete(kept.id));
          if (answer.ok) {
            tell("");
            if (leave === kept.id) { location.assign(answer.url); return; }
          } else if (leave === kept.id) {
            document.open(); document.write(await answer.text()); document.close(); return;
          } else tell("refused", true);
        } catch { tell("waiting"); return; }
      }
    } finally { busy = false; }
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form[data-outbox]") || !window.indexedDB) return;
    event.preventDefault();
    const fields = [];
    for (const [name, value] of new FormData(form, event.submitter)) {
      if (name === "csrfmiddlewaretoken") continue;
      if (value instanceof File) { if (value.size) fields.push([name, await smaller(value)]); } else fields.push([name, value]);
    }
    const key = fields.find(([name]) => name === "key")?.[1] ?? String(Date.now());
    const id = `${ours()} ${form.action} ${key}`;
    tell("sending");
    try { await act("readwrite", (store) => store.put({ id, whose: ours(), address: form.action, fields })); }
    catch { HTMLFormElement.prototype.submit.call(form); return; }
    await flush(id);
  });
  window.addEventListener("online", () => flush());
  setInterval(() => { if (navigator.onLine) flush(); }, 15000);
  flush();
})();
