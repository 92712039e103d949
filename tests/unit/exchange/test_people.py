"""The workbook for people: dates, pairs and yuan that add up to those of the plan."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from cordwainer.core import LANGUAGES, Language
from cordwainer.exchange import plan_for_people
from cordwainer.exchange.people import week_plan
from tests.small_plan import small_cluster, small_plan, small_reasons


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_hold_the_plan(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "plan.xlsx"
    plan_for_people(small_cluster(), small_plan(), path, language, small_reasons())
    book = openpyxl.load_workbook(path)
    assert len(book.sheetnames) == 6
    weeks = book[{"en": "Week plan by maker", "zh": "各厂周计划"}[language]]
    head = [c.value for c in weeks[1]]
    pairs = [row[head.index({"en": "Pairs", "zh": "双数"}[language])] for row in weeks.iter_rows(2, values_only=True)]
    assert sum(pairs) == small_plan()["work"]["pairs"].sum()
    starts = {row[head.index({"en": "From", "zh": "开始日"}[language])] for row in weeks.iter_rows(2, values_only=True)}
    assert starts <= {datetime.combine(p.start, datetime.min.time()) for p in small_plan().periods}
    orders = book[{"en": "Orders", "zh": "订单"}[language]]
    assert orders.max_row == small_cluster()["order"].height + 1
    assert {c.data_type for sheet in book for row in sheet.iter_rows() for c in row}.isdisjoint({"f", "e"})


def test_the_week_plan_loses_no_work() -> None:
    assert week_plan(small_cluster(), small_plan()).frame.height == small_plan()["work"].height
