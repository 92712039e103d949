"""A page of sections: everything inside, both languages, charts in their bounds; the same views as a workbook."""

import re
from pathlib import Path

import polars as pl
import pytest
from fastexcel import read_excel

from cordwainer.core import Text
from cordwainer.exchange import Section, View, ViewColumn, bars_of, curve_of, heat_of, views_for_people, write_sections
from cordwainer.exchange.report.sections import sections_html

LABEL = Text("<b>one</b>", "一")


def view(name: str, title: Text) -> View:
    """Return a table of one column and two rows."""
    frame = pl.DataFrame({"value": [1, 2]})
    return View(name, title, (ViewColumn("value", Text("Value", "数值"), "int"),), frame)


def parts() -> list[Section]:
    """Return sections of each kind of chart, and one without."""
    plain, empty = view("plain", Text("Plain", "表")), view("empty", Text("Empty", "空"))
    return [
        Section(
            Text("Bars", "条形"),
            plain,
            Text("A note.", "说明。"),
            bars=bars_of([(LABEL, 2.0, "2"), (LABEL, None, "–")]),
        ),
        Section(Text("Heat", "色阶"), plain, heat=heat_of([LABEL], [(LABEL, [0.5, None])], 0.0, 1.0)),
        Section(Text("Curve", "曲线"), plain, curve=curve_of([(LABEL, 3.0), (LABEL, -1.5)])),
        Section(Text("Open", "展开"), plain, more=(View("none", empty.title, empty.columns, empty.frame.head(0)),)),
    ]


def test_the_page_asks_nobody_and_escapes_and_holds_both_languages() -> None:
    page = sections_html(Text("Title", "标题"), Text("sub", "副题"), parts(), "zh")
    assert not re.search(r"(src|href)=\"(?!data:)", page)
    assert "<b>one" not in page
    assert "&lt;b&gt;one" in page
    for said in ("Title", "标题", "A note.", "说明。", "Empty: nothing of this kind.", "空：没有此类内容。"):
        assert said in page
    assert page.count("<details>") == 3  # tables below a chart are folded, the one without is open


def test_written_all_or_nothing(tmp_path: Path) -> None:
    size = write_sections(Text("T", "题"), Text("s", "副"), parts(), tmp_path / "page.html", "en")
    assert size == (tmp_path / "page.html").stat().st_size


def test_bars_heat_and_curve_stay_in_their_bounds() -> None:
    assert [
        b.percent for b in bars_of([(LABEL, 4.0, "4"), (LABEL, 1.0, "1"), (LABEL, -2.0, "-2"), (LABEL, None, "–")])
    ] == [
        100.0,
        25.0,
        0.0,
        0.0,
    ]
    heat = heat_of([LABEL], [(LABEL, [0.0, 1.0, 5.0, None])], 0.0, 1.0)
    assert [level for level, _ in heat.rows[0][1]] == [0, 4, 4, None]
    curve = curve_of([(LABEL, 3.0), (LABEL, -1.5), (LABEL, 0.0)])
    width, height, left, _ = curve.size
    assert all(left <= p.x <= width and 0 <= p.y <= height for p in curve.points)
    assert curve.points[0].y < curve.zero == pytest.approx(curve.points[2].y)
    assert curve.points[1].y > curve.zero


def test_a_workbook_has_a_sheet_for_each_view_with_a_name_that_excel_takes(tmp_path: Path) -> None:
    long = "What is lost: 4 weeks / or never [all]"
    views = [view("a", Text(long, "损失")), view("b", Text(long, "损失")), view("c", Text("Short", "短"))]
    for language in ("en", "zh"):
        views_for_people(views, tmp_path / "book.xlsx", language)
        book = read_excel(tmp_path / "book.xlsx")
        assert len(book.sheet_names) == 3
        assert all(len(n) <= 31 for n in book.sheet_names)
        assert book.load_sheet(0).to_polars().height == 2
