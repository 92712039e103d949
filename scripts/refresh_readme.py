"""Bring the README up to date with the demo: the lines it prints and the pictures; after `make demo`, needs Chromium."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
DEMO = "demo-S"
WIDTH, HEIGHT, MOST_BYTES = 1180, 1000, 300_000
PICTURES = {"en": "report.png", "zh": "report.zh.png"}
_CAN_WRITE_CHINESE = """() => {
  const drawn = (letter) => {
    const context = document.createElement("canvas").getContext("2d");
    context.font = "20px " + getComputedStyle(document.body).fontFamily;
    context.fillText(letter, 0, 20);
    return context.canvas.toDataURL();
  };
  return drawn("中") !== drawn("文");
}"""
_BLOCK = re.compile(r"(<!-- demo -->\n```text\n).*?(```\n<!-- end -->)", re.DOTALL)


def said(language: str) -> str:
    """Return what the demo says of its plan in a language, as a terminal shows it."""
    lines: list[str] = []
    for command in (["verify", f"{DEMO}/cluster", f"{DEMO}/plan"], ["show", f"{DEMO}/cluster", f"{DEMO}/plan", "key"]):
        program = [sys.executable, "-m", "cordwainer.cli", *command, "--lang", language]
        done = subprocess.run(program, cwd=ROOT, check=True, capture_output=True, text=True)
        lines += [f"$ cordwainer {' '.join(command)}", *(line.rstrip() for line in done.stdout.splitlines())]
    return "\n".join(lines).strip() + "\n"


def picture(program: str, language: str) -> None:
    """Take the picture of the report in a language: key figures, map, load with prices."""
    out = ROOT / "docs" / "images" / PICTURES[language]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto((ROOT / DEMO / "report.html").as_uri() + f"#{language}")
        if not page.evaluate(_CAN_WRITE_CHINESE):
            raise SystemExit("No Chinese font is installed (Debian: fonts-noto-cjk); the picture would show boxes.")
        page.evaluate(
            "document.querySelectorAll('section').forEach(s => { if (!s.querySelector('.map, .panels')) s.remove(); })"
        )
        page.screenshot(path=out, full_page=True)
        browser.close()
    if out.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{out} has {out.stat().st_size:,} bytes; at most {MOST_BYTES:,} are wanted.")


def main() -> int:
    """Refresh both pages and their pictures.

    Returns
    -------
    int
        Exit code: 1 where the demo or Chromium is missing, else 0.
    """
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None or not (ROOT / DEMO / "report.html").exists():
        print("Run `make demo` first; Chromium is needed too (scripts/ensure_browser.sh).", file=sys.stderr)
        return 1
    for name, language in (("README.md", "en"), ("README.zh.md", "zh")):
        path = ROOT / name
        text = said(language)
        page = _BLOCK.sub(lambda m, t=text: m[1] + t + m[2], path.read_text(encoding="utf-8"))  # type: ignore[misc]
        path.write_text(page, encoding="utf-8")
        picture(program, language)
    return 0


if __name__ == "__main__":
    sys.exit(main())
