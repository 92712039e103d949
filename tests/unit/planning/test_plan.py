"""Plans that the engine makes are certified by the referee, reproducible, and end when they are told to."""

from __future__ import annotations

import polars as pl
import pytest

from cordwainer.cluster import Cluster, Plan, SampleSize
from cordwainer.cluster.sample import sample
from cordwainer.planning import Progress, Settings, explain_orders, plan, plan_periods
from cordwainer.referee import judge
from tests.golden import worked


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    """Return a sample smaller than S: all rules, few rows."""
    return sample(SampleSize(20, 40, 8), 3)


@pytest.fixture(scope="module")
def made(cluster: Cluster) -> Plan:
    """Return a plan of it after a fixed amount of work."""
    return plan(cluster, Settings(work=6, time_s=None))


def test_the_referee_certifies_what_the_engine_makes(cluster: Cluster, made: Plan) -> None:
    verdict = judge(cluster, made)
    assert verdict.violations.rows() == []
    assert verdict.certified


@pytest.mark.parametrize("seed", range(1, 6))
def test_plans_of_many_clusters_are_certified(seed: int) -> None:
    cluster = sample(SampleSize(20, 40, 8), seed)
    verdict = judge(cluster, plan(cluster, Settings(seed=seed, work=1, time_s=None)))
    assert verdict.violations.rows() == []
    assert verdict.certified


def test_a_plan_places_orders_and_earns(made: Plan) -> None:
    outcomes = dict(made["outcome"].group_by("outcome").len().iter_rows())
    assert outcomes.get("placed", 0) > 0.3 * made["outcome"].height
    assert made.head["contribution_fen"] > made.head["without_lots_fen"]


def test_no_plan_is_worth_more_than_the_bound(made: Plan) -> None:
    assert made.head["contribution_fen"] <= made.head["bound_fen"]
    assert made["bound_part"]["mfen"].sum() == 1000 * (made.head["bound_fen"] - made.head["contribution_fen"])


def test_the_same_work_gives_the_same_plan_on_one_thread_and_two(cluster: Cluster, made: Plan) -> None:
    again = plan(cluster, Settings(work=6, time_s=None, threads=1))
    for name, frame in made.frames.items():
        assert again[name].equals(frame), name


def test_stopping_early_leaves_a_certified_plan(cluster: Cluster) -> None:
    heard: list[Progress] = []

    def stop_at_once(progress: Progress) -> bool:
        heard.append(progress)
        return False

    early = plan(cluster, Settings(time_s=None), stop_at_once)
    assert len(heard) < 5
    assert judge(cluster, early).certified


def test_a_gap_that_is_reached_ends_the_planning(cluster: Cluster) -> None:
    loose = plan(cluster, Settings(gap=10.0, time_s=None))
    assert loose.head["work"] == 0


def test_every_order_that_is_not_placed_on_time_has_a_reason(cluster: Cluster, made: Plan) -> None:
    reasons = explain_orders(cluster, made)
    late = made["order_plan"].filter(pl.col("late_days") > 0)["order"].to_list()
    elsewhere = made["outcome"].filter(pl.col("outcome") != "placed")["order"].to_list()
    assert set(reasons["order"]) == {*late, *elsewhere}
    assert all(len(text) > 20 for text in reasons["reason_en"])
    assert all(len(text) > 8 for text in reasons["reason_zh"])


def test_periods_start_on_a_monday_and_reach_the_last_date(cluster: Cluster) -> None:
    periods = plan_periods(cluster, Settings())
    assert periods[0].start.weekday() == 0
    last = max(day for day in cluster["order"]["latest_date"] if day is not None)
    assert periods[-1].end >= last or len(periods) == 53


@pytest.mark.parametrize("name", worked.NAMES)
def test_plans_of_the_worked_clusters_are_certified_and_at_least_as_good(name: str) -> None:
    """Every worked cluster is planned as well as its best feasible plan, or better."""
    cluster, feasible = worked.cluster(name), [e for e in worked.expected(name) if not e.rules]
    model = worked.decisions(name, feasible[0].plan)
    made = plan(cluster, Settings(calendar=model.periods, work=8, time_s=None))
    assert judge(cluster, made).violations.rows() == []
    assert made.head["contribution_fen"] >= max(e.contribution_fen for e in feasible)
