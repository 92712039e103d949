"""The next step: what is needed comes first, nothing is counted twice, and where nothing pays that is said."""

from datetime import date
from io import BytesIO
from typing import Any

import polars as pl
import pytest
from pypdf import PdfReader

from cordwainer.cluster import Cluster
from cordwainer.core import UserError
from cordwainer.upgrading import catalogue, grade_charges, grade_money, next_step, next_step_pdf
from cordwainer.upgrading.one_page import next_step_told
from cordwainer.upgrading.opportunities import SCHEMA
from tests.samples import first_sample
from tests.small_plan import small_cluster

KNOWN = catalogue()


def table(**worth: tuple[int, int]) -> pl.DataFrame:
    """Return opportunities of firm F00: present value and yearly gain of the firm by measure."""
    rows: list[dict[str, Any]] = [
        {
            "firm": "F00",
            "measure": name.replace("_", "-"),
            "npv_fen": npv,
            "firm_fen": own,
            "cluster_fen": 123_400,
            "capital_fen": 1_000_000,
            "payback_years": 1.5,
            "support_fen": 0,
            "stands": npv > 0,
        }
        for name, (npv, own) in worth.items()
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def steps(**worth: tuple[int, int]) -> list[str]:
    """Return the names of the steps of F00."""
    cluster: Cluster = small_cluster()
    return [s.measure.name for s in next_step(cluster, KNOWN, table(**worth), "F00").steps]


def test_the_best_come_first_and_never_more_than_three() -> None:
    assert steps(
        quick_change=(5, 5), closing_balance=(9, 9), second_shift=(7, 7), solar_roof=(6, 6), iso_9001=(4, 4)
    ) == [
        "closing-balance",
        "second-shift",
        "solar-roof",
    ]


def test_what_is_needed_comes_before_and_counts() -> None:
    assert steps(sa8000=(9, 9), amfori_bsci=(-3, 1)) == ["amfori-bsci", "sa8000"]
    assert steps(sa8000=(9, 9), amfori_bsci=(-10, 1)) == []
    assert steps(sa8000=(9, 9)) == ["sa8000"]  # it has the other one


def test_nothing_is_done_twice() -> None:
    assert steps(lasting_smart=(9, 9), lasting_auto=(8, 8), lasting_spray=(7, 7)) == ["lasting-smart"]
    assert steps(closing_computer=(9, 9), closing_hanging=(8, 8), cutting_plotter=(7, 7)) == [
        "closing-computer",
        "cutting-plotter",
    ]


def test_what_pays_only_the_others_is_no_step_and_the_nearest_is_told() -> None:
    found = next_step(small_cluster(), KNOWN, table(iso_9001=(9, -1), solar_roof=(-5, 2)), "F00")
    assert found.steps == ()
    assert found.nearest is not None
    assert found.nearest.measure.name == "iso-9001"


def test_an_owner_reads_yuan_and_months_in_his_language() -> None:
    step = next_step(small_cluster(), KNOWN, table(closing_balance=(9, 456_700)), "F00").steps[0]
    assert "10,000 yuan; you earn 4,567 yuan more a year, others 1,234 yuan" in step.told.en
    assert "after 18 months" in step.told.en
    assert "18 个月回本" in step.told.zh


def test_a_firm_without_measures_is_told_so() -> None:
    with pytest.raises(UserError) as found:
        next_step(small_cluster(), KNOWN, table(closing_balance=(9, 9)), "F01")
    assert found.value.code == "no-measure"
    assert "没有适用" in found.value.message.zh
    with pytest.raises(UserError):
        next_step(small_cluster(), KNOWN, table(closing_balance=(9, 9)), "nobody")


def test_an_owner_gets_one_page_in_his_language_with_what_comes_first_and_the_grade() -> None:
    found = next_step(small_cluster(), KNOWN, table(sa8000=(9, 456_700), amfori_bsci=(-3, 1)), "F00")
    for language, name, first, money in (
        ("en", "Maker0&Sons", "First:amforiBSCI", "4,567yuan"),
        ("zh", "鞋厂0号", "先做：amforiBSCI", "4,567元"),
    ):
        pdf = next_step_pdf(small_cluster(), found, ("C", "B"), date(2026, 3, 2), "zh" if language == "zh" else "en")
        assert pdf == next_step_pdf(
            small_cluster(), found, ("C", "B"), date(2026, 3, 2), "zh" if language == "zh" else "en"
        )
        pages = PdfReader(BytesIO(pdf)).pages
        assert len(pages) == 1
        shown = "".join(pages[0].extract_text().split())
        assert [w for w in (name, first, money, "C→B", "F00") if w not in shown] == []


def test_what_a_grade_costs_is_told_before_and_after() -> None:
    cluster, day = first_sample("S"), date(2026, 3, 2)
    charges = grade_charges(cluster, "ruian-like")
    known = [f for f, fen in charges.items() if fen]
    assert known
    assert grade_money(cluster, (), known[0], "ruian-like", day) == (charges[known[0]],) * 2
    unknown = next(f for f, fen in charges.items() if fen is None)
    assert grade_money(cluster, (), unknown, "ruian-like", day) == (None, None)
    assert grade_charges(small_cluster(), "ruian-like") == {}


def test_where_nothing_pays_the_page_says_so_and_what_comes_nearest() -> None:
    found = next_step(small_cluster(), KNOWN, table(iso_9001=(9, -1), solar_roof=(-5, 2)), "F00")
    told = next_step_told(small_cluster(), found, (None, None), date(2026, 3, 2), "zh")
    assert "最接近" in told["lead"]
    assert [s["title"] for s in told["steps"]] == [KNOWN.measures["iso-9001"].title.zh]
    assert told["facts"] == []
