"""The workbook for people: dates, pairs and yuan that add up to those of the plan."""

import re
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from cordwainer.core import LANGUAGES, Language
from cordwainer.exchange import key_figures, plan_for_people
from cordwainer.exchange.people import week_plan
from tests.small_plan import small_cluster, small_plan, small_reasons


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_hold_the_plan(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "plan.xlsx"
    plan_for_people(small_cluster(), small_plan(), path, language, small_reasons())
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) == 8
    for sheet in book:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$1:$1"
    outside = book[{"en": "Made outside", "zh": "外地订单"}[language]]
    assert outside.max_row == small_plan()["outside_order"].height + 1
    weeks = book[{"en": "Week plan by maker", "zh": "各厂周计划"}[language]]
    head = [c.value for c in weeks[1]]
    pairs = [row[head.index({"en": "Pairs", "zh": "双数"}[language])] for row in weeks.iter_rows(2, values_only=True)]
    assert sum(pairs) == small_plan()["work"]["pairs"].sum()
    starts = {row[head.index({"en": "From", "zh": "开始日"}[language])] for row in weeks.iter_rows(2, values_only=True)}
    assert starts <= {datetime.combine(p.start, datetime.min.time()) for p in small_plan().periods}
    orders = book[{"en": "Orders", "zh": "订单"}[language]]
    assert orders.max_row == small_cluster()["order"].height + 1
    assert {c.data_type for sheet in book for row in sheet.iter_rows() for c in row}.isdisjoint({"f", "e"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_key_figures_are_numbers_with_their_units(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "plan.xlsx"
    plan_for_people(small_cluster(), small_plan(), path, language)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2))
    known = key_figures(small_cluster(), small_plan())
    assert len(rows) == len(known)
    for (title, value, unit), (name, figure) in zip(rows, known.items(), strict=True):
        assert title.data_type == unit.data_type == "s"
        assert not any(mark in title.value for mark in ("(", "（"))
        assert value.data_type == "n"
        assert value.value == pytest.approx(figure / 100 if name.endswith("_fen") and figure else figure)
    shown = {name: (row[1].number_format, row[2].value) for name, row in zip(known, rows, strict=True)}
    yuan, pairs = ("yuan", "pairs") if language == "en" else ("元", "双")
    assert shown["contribution_fen"] == ("#,##0.00", yuan)
    assert shown["pairs"] == ("#,##0", pairs)
    assert shown["gap"][0] == "0.0%"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_is_written_as_text(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "plan.xlsx"
    plan_for_people(small_cluster(), small_plan(), path, language, small_reasons())
    for sheet in openpyxl.load_workbook(path):
        texts = [c.value for row in sheet.iter_rows() for c in row if c.data_type == "s"]
        assert [t for t in texts if re.fullmatch(r"-?[0-9][0-9,. ]*%?", t)] == []


def test_reasons_can_be_read_without_pulling_the_column_wider(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    plan_for_people(small_cluster(), small_plan(), path, "zh", small_reasons())
    sheet = openpyxl.load_workbook(path)["延期外发与不接"]
    reason = next(cell for cell in sheet[1] if cell.value == "原因")
    told = [sheet.cell(i, reason.column) for i in range(2, sheet.max_row + 1)]
    assert sheet.column_dimensions[reason.column_letter].width > 60
    assert all(cell.alignment.wrap_text for cell in told if cell.value)
    assert {cell.value for row in sheet.iter_rows() for cell in row}.isdisjoint({"–"})


def test_the_week_plan_loses_no_work() -> None:
    assert week_plan(small_cluster(), small_plan()).frame.height == small_plan()["work"].height
