"""The report holds everything inside, escapes what it is given, and is written all or nothing."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordwainer.cluster import Plan
from cordwainer.core import UserError
from cordwainer.exchange import write_report
from cordwainer.exchange.report.charts import load_panels, said, ticks
from cordwainer.exchange.report.gantt import gantt, lanes
from cordwainer.exchange.report.joined import Joined
from cordwainer.exchange.report.page import report_html
from cordwainer.exchange.report.texts import TEXTS
from cordwainer.exchange.report.tiles import grid_places
from tests.small_plan import small_cluster, small_plan, small_reasons


def _html(certified: bool | None = True) -> str:
    return report_html(small_cluster(), small_plan(), explanations=small_reasons(), certified=certified, language="zh")


def test_report_asks_no_server_for_anything() -> None:
    html = _html()
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!data:)""", html)
    assert not re.search(r"url\(|@import|https?://", html)


def test_report_escapes_names_and_reasons() -> None:
    html = _html()
    assert "Brand &lt;One&gt;" in html
    assert "Brand <One>" not in html
    assert "April &lt;em&gt;" in html


def test_report_holds_both_languages_of_every_text() -> None:
    html = _html()
    left_out = {"not_certified", "not_checked", "unmet_none", "rest", "table"}
    for name, text in TEXTS.items():
        if name not in left_out:
            assert text.en in html
            assert text.zh in html


@pytest.mark.parametrize(("certified", "name"), [(True, "certified"), (False, "not_certified"), (None, "not_checked")])
def test_report_says_what_the_referee_said(certified: bool | None, name: str) -> None:
    html = _html(certified)
    said = [n for n in ("certified", "not_certified", "not_checked") if TEXTS[n].en in html]
    assert said == [name]


def test_written_all_or_nothing(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    size = write_report(small_cluster(), small_plan(), out, certified=True)
    assert out.stat().st_size == size < 400_000
    with pytest.raises(UserError):
        write_report(small_cluster(), small_plan(), tmp_path, certified=True)
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_bars_of_load_stay_inside_their_panel() -> None:
    for panel in load_panels(Joined(small_cluster(), small_plan())):
        for bar in (*panel.bars, *panel.prices):
            assert bar.height >= 0
            assert bar.x >= 0
            assert bar.x + bar.width <= 360
            assert bar.y >= 20


@given(st.lists(st.tuples(st.floats(115, 125), st.floats(25, 32)), min_size=1, max_size=30))
def test_every_district_has_a_tile_of_its_own(centres: list[tuple[float, float]]) -> None:
    places = grid_places(centres)
    assert len(set(places)) == len(centres)
    for axis in (0, 1):
        used = {p[axis] for p in places}
        assert used == set(range(len(used)))


def test_tiles_keep_north_up_and_east_right() -> None:
    places = grid_places([(120.0, 28.0), (121.0, 28.5), (120.5, 27.0), (119.5, 27.5)])
    north, south = places[1], places[2]
    east, west = places[1], places[3]
    assert north[1] < south[1]
    assert east[0] > west[0]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 6)), min_size=1, max_size=20))
def test_spans_of_one_lane_do_not_overlap(raw: list[tuple[int, int]]) -> None:
    spans = sorted((first, first + length) for first, length in raw)
    chosen = lanes(spans)
    for a in range(len(spans)):
        for b in range(a):
            if chosen[a] == chosen[b]:
                assert spans[b][1] < spans[a][0]


def test_lots_stay_inside_the_weeks_and_their_lanes() -> None:
    chart = gantt(Joined(small_cluster(), small_plan()))
    for row in chart.rows:
        for bar in row.bars:
            assert bar.width > 0
            assert 0 <= bar.left <= bar.left + bar.width <= 100 + 1e-9
            assert bar.lane < row.lanes


@given(st.floats(0.001, 1e9))
def test_an_axis_has_a_few_round_numbers_up_to_the_highest_bar(most: float) -> None:
    found = ticks(most)
    assert 2 <= len(found) <= 5
    assert found[-1] >= most * (1 - 1e-9)
    assert found[-2] < most


def test_an_axis_is_written_in_digits() -> None:
    assert [said(v) for v in ticks(8_440)] == ["2,500", "5,000", "7,500", "10,000"]
    assert [said(v) for v in ticks(5.73)] == ["2", "4", "6"]
    assert [said(v) for v in ticks(0.9)] == ["0.25", "0.5", "0.75", "1"]
    assert [said(v) for v in ticks(0.01)] == ["0.0025", "0.005", "0.0075", "0.01"]


def test_an_axis_of_prices_that_are_all_nought_has_an_end() -> None:
    plan = small_plan()
    free = Plan({**plan.frames, "price": plan["price"].clear()})
    assert {panel.dearest for panel in load_panels(Joined(small_cluster(), free))} == {"0.01"}


def test_no_date_can_be_taken_for_another() -> None:
    html = _html()
    assert not re.search(r">[0-9]{1,2}/[0-9]{1,2}<", html)


def test_headings_of_tables_are_written_as_each_language_writes_them() -> None:
    html = _html()
    assert "数据表：订单（20）" in html
    assert "Table: Orders (20)" in html


def test_gantt_marks_late_orders() -> None:
    chart = gantt(Joined(small_cluster(), small_plan()))
    late = {bar.label for row in chart.rows for bar in row.bars if bar.style == "late"}
    assert late == {"O004", "O014", "O019"}
