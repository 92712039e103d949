"""My numbers: a maker reads its own beside medians that are told only where enough firms stand behind them."""

from datetime import date

import polars as pl
import pytest

from cordwainer.cluster import Plan
from cordwainer.hub.access import records
from cordwainer.hub.access.viewer import ROLES, Viewer
from cordwainer.hub.models import Median
from tests.small_plan import small_plan
from tests.unit.hub.worlds import Town, publish_small


def planned(times: int) -> Plan:
    """Return the small plan, in which a maker offers so many times the minutes for closing."""
    plan = small_plan()
    big = pl.col("line") == "L05cl"
    more = pl.when(big).then(pl.col("most_mmin") * times).otherwise("most_mmin").alias("most_mmin")
    return Plan({**plan.frames, "line_period": plan["line_period"].with_columns(more)})


def test_a_maker_reads_its_own_numbers_beside_the_medians(town: Town) -> None:
    shown = town.client("maker").get("/firm/numbers/").content.decode()
    assert "too few firms" not in shown.split("Cutting")[1].split("Load")[0]
    assert shown.count(">8.0<") >= 2
    assert Median.objects.filter(run=town.run, stage="cutting", number="hours_day").get().value == 8.0


@pytest.mark.parametrize(("times", "told"), [(8, True), (10, False)])
def test_no_median_is_told_where_one_firm_stands_for_more_than_half(
    hub: None, monkeypatch: pytest.MonkeyPatch, times: int, told: bool
) -> None:
    monkeypatch.setattr("tests.unit.hub.worlds.small_plan", lambda: planned(times))
    run = publish_small(date(2026, 3, 1)).run
    values = {(s, n): v for s, n, v in Median.objects.filter(run=run).values_list("stage", "number", "value")}
    assert (values["closing", "hours_day"] is not None) == told
    assert values["lasting", "hours_day"] == 8.0


def test_medians_are_for_makers_and_the_planner(town: Town) -> None:
    readers = {role for role in ROLES if not records.medians(Viewer(role, "F00"), town.run).is_empty()}
    assert readers == {"maker", "planner"}
