"""The report in a browser: no overflow, no errors, no requests, in both languages, at two widths."""

from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request

from cordwainer.exchange import write_report
from tests.small_plan import small_cluster, small_plan, small_reasons

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(small_cluster(), small_plan(), path, explanations=small_reasons(), certified=True)
    return path


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_report_fits_the_screen_and_is_silent(page: Page, report: Path, width: int, language: str) -> None:
    said: list[str] = []
    asked: list[str] = []

    def console(message: ConsoleMessage) -> None:
        said.append(message.text)

    def request(sent: Request) -> None:
        if not sent.url.startswith(("file:", "data:")):
            asked.append(sent.url)

    page.on("console", console)
    page.on("request", request)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(report.as_uri())
    page.click(f"button[data-language={language}]")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    hidden = "zh" if language == "en" else "en"
    assert page.locator(f".{language}").first.is_visible()
    assert not any(page.locator(f".{hidden}").nth(k).is_visible() for k in range(5))
    assert said == []
    assert asked == []


def test_on_a_phone_nothing_that_is_open_scrolls_sideways(page: Page, report: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    for language in ("en", "zh"):
        page.goto(f"{report.as_uri()}#{language}")
        page.reload()
        wide = page.evaluate(
            "[...document.querySelectorAll('.cards, .gantt, .bars')].filter(e => e.scrollWidth > e.clientWidth).length"
        )
        assert wide == 0
        label = page.evaluate("getComputedStyle(document.querySelector('.unmet td'), '::before').content")
        assert label == ('"Order"' if language == "en" else '"订单"')


def test_the_lots_of_a_maker_do_not_overlap(page: Page, report: Path) -> None:
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(report.as_uri())
        boxes = page.evaluate(
            "[...document.querySelectorAll('.lanes')].map(l => [...l.querySelectorAll('.lot')].map(b => {"
            "const r = b.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]}))"
        )
        assert any(len(lots) > 1 for lots in boxes)
        for lots in boxes:
            for k, a in enumerate(lots):
                assert all(a[2] <= b[0] + 0.5 or b[2] <= a[0] + 0.5 or a[3] <= b[1] or b[3] <= a[1] for b in lots[:k])


def test_language_is_kept_in_the_address(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    page.click("button[data-language=zh]")
    page.reload()
    assert page.evaluate("document.documentElement.lang") == "zh"
    assert page.locator("button[data-language=zh]").get_attribute("aria-pressed") == "true"


def test_every_chart_has_its_table(page: Page, report: Path) -> None:
    page.goto(report.as_uri())
    sections = page.locator("section:has(svg), section:has(.bars)")
    for k in range(sections.count()):
        assert sections.nth(k).locator("details table").count() >= 1
