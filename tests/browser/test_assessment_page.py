"""The report of the assessment in a browser: no overflow, no errors, no requests, in both languages, at two widths."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from cordwainer.core import Text
from cordwainer.exchange import write_sections
from tests.unit.assessment.parts import report_parts

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("assessment") / "report.html"
    write_sections(Text("Assessment", "评价"), Text("2025", "2025"), report_parts(), path, "en")
    return path


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_fits_is_silent_and_accessible(page: Page, report: Path, width: int, language: str) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda sent: asked.append(sent.url))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{report.as_uri()}#{language}")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    assert [a for a in asked if not a.startswith(("file:", "data:"))] == []
    assert Axe().run(page).violations_count == 0
