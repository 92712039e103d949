"""A firm's numbers by stage, and medians in which no single firm can be read."""

from statistics import median

import polars as pl
import pytest

from cordwainer.assessment import NUMBERS, firm_numbers, peer_medians
from tests.small_plan import small_cluster, small_plan


def value(rows: pl.DataFrame, firm: str, stage: str, number: str) -> float:
    """Return one number of a firm."""
    return float(rows.filter(firm=firm, stage=stage, number=number)["value"].item())


def test_numbers_are_those_of_the_statement_and_of_the_plan() -> None:
    cluster, plan = small_cluster(), small_plan()
    rows = firm_numbers(cluster, plan)
    template = cluster["routing_template"].filter(stage="closing", construction="cemented", category="dress_men")
    pace = 500 * template["minutes_per_pair"].item() / (20 * 8.0 * 60)
    assert value(rows, "F00", "closing", "pace") == pytest.approx(pace, abs=1e-4)
    assert value(rows, "F00", "closing", "hours_day") == 8.0
    weeks = plan["line_period"].filter(line="L00cl")
    assert value(rows, "F00", "closing", "load") == float(weeks["load_mmin"].sum()) / float(weeks["regular_mmin"].sum())
    assert set(rows["number"]) <= set(NUMBERS)


def test_lines_of_a_firm_count_by_their_people() -> None:
    cluster = small_cluster()
    big = pl.col("line") == "L00cl"
    statements = cluster["line_statement"].with_columns(
        people=pl.when(big).then(60).otherwise("people"), hours_day=pl.when(big).then(10.0).otherwise("hours_day")
    )
    together = cluster["line"].with_columns(
        stage=pl.when(pl.col("line") == "L00cu").then(pl.lit("closing")).otherwise("stage")
    )
    rows = firm_numbers(cluster.replace(line_statement=statements, line=together), small_plan())
    assert value(rows, "F00", "closing", "hours_day") == pytest.approx((60 * 10 + 20 * 8) / 80)


def test_medians_are_rounded_and_say_who_stands_behind_them() -> None:
    values = {"F1": 0.912, "F2": 1.084, "F3": 1.31, "F4": 2.0, "F5": None}
    rows = pl.DataFrame(
        [
            {"stage": "sole", "firm": f, "number": "pace", "value": v, "weight": 0 if v is None else w}
            for w, (f, v) in enumerate(values.items(), 1)
        ]
    ).filter(pl.col("value").is_not_null())
    found = peer_medians(rows).row(0, named=True)
    exact = median(v for v in values.values() if v is not None)
    assert exact == pytest.approx(1.197)
    assert found == {"stage": "sole", "number": "pace", "median": 1.2, "firms": 4, "largest": 0.4}
