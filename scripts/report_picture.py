"""Take the picture of a plan that the README shows: report_picture.py REPORT.html OUT.png (needs Chromium)."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1180, 1000


def main(report: str, out: str) -> int:
    """Open the report at the width of a desk screen and keep what a reader sees first of its charts.

    Returns
    -------
    int
        Exit code: 1 where there is no Chromium, else 0.
    """
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        print("Chromium is needed: scripts/ensure_browser.sh", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(Path(report).resolve().as_uri() + "#en")
        page.evaluate(
            "document.querySelectorAll('section').forEach(s =>"
            " { if (!s.querySelector('.map, .panels, .gantt')) s.remove(); })"
        )
        page.screenshot(path=out, full_page=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
