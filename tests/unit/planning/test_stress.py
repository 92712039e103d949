"""Worlds that are not as planned: without disturbance the plan is carried out, with more of it fewer orders are on time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from cordwainer.cluster import Cluster, Plan
from cordwainer.planning import Settings, Worlds, plan, stress
from cordwainer.planning.worlds import Tasks, carry_out, latest
from cordwainer.referee import judge
from tests.hurried import hurried_cluster, hurried_plan

CALM = Worlds(count=3, minutes=0.0, absence=0.0, standstill=0.0, late=0.0)


@pytest.fixture(scope="module")
def made() -> tuple[Cluster, Plan]:
    """Return a small cluster and a plan of it, made in a hurry."""
    return hurried_cluster(), hurried_plan()


def test_undisturbed_the_plan_is_carried_out_as_planned(made: tuple[Cluster, Plan]) -> None:
    calm = stress(*made, CALM)
    assert calm.mean == pytest.approx(calm.still)
    assert calm.low == pytest.approx(calm.high)
    assert calm.still >= calm.planned
    in_lots = made[1]["order_plan"].filter(pl.col("pairs_in_lots") > 0)
    assert calm.orders.height == in_lots.height
    late = dict(calm.orders.select("order", "days_late").iter_rows())
    for order, days in in_lots.select("order", pl.col("late_days").fill_null(0)).iter_rows():
        assert late[order] <= days


@pytest.mark.parametrize(
    "worlds",
    [replace(CALM, count=30, minutes=0.4), replace(CALM, count=30, absence=0.4), replace(CALM, count=30, late=0.4)],
)
def test_more_disturbance_leaves_fewer_orders_on_time(made: tuple[Cluster, Plan], worlds: Worlds) -> None:
    worse = stress(*made, worlds)
    calm = stress(*made, CALM)
    assert worse.mean < calm.mean
    assert worse.low <= worse.mean <= worse.high


def test_the_same_seed_gives_the_same_worlds(made: tuple[Cluster, Plan]) -> None:
    one, two, other = (stress(*made, Worlds(count=5, seed=seed)) for seed in (1, 1, 2))
    assert (one.shares == two.shares).all()
    assert one.orders.equals(two.orders)
    assert (one.shares != other.shares).any()


def test_a_buffer_holds_better_and_is_certified(made: tuple[Cluster, Plan]) -> None:
    cluster = made[0]
    kept = plan(cluster, Settings(time_s=None, buffer=0.4), lambda _: False)
    assert judge(cluster, kept).violations.rows() == []
    full = pl.col("load_mmin") > (pl.col("most_mmin") * 0.6).ceil()
    assert kept["line_period"].filter(full).is_empty()
    plain, buffered = (stress(cluster, p, Worlds(count=40)) for p in (made[1], kept))
    assert buffered.mean / buffered.still > plain.mean / plain.still


def test_told_in_both_languages(made: tuple[Cluster, Plan]) -> None:
    told = stress(*made, CALM).told
    assert "over 3 worlds" in told.en
    assert "3 个情景" in told.zh


def test_worked_numbers_of_the_page() -> None:
    """Two rows of one lot on a line of 100 minutes a week, one minute a pair: docs/algorithms/replanning.md."""
    none, one = np.zeros(0, np.int64), np.zeros(2, np.int64)
    tasks = Tasks(
        step=one,
        order=one,
        line=one,
        planned=np.array([0, 1]),
        pairs=np.array([80, 60]),
        minutes=np.ones(2),
        last=np.ones(2, np.bool_),
        before_ptr=np.zeros(2, np.int64),
        before=none,
        lag=none,
        need_ptr=np.zeros(2, np.int64),
        material=none,
        need=np.zeros(0),
        guess=one,
    )
    reach = np.arange(3, dtype=np.int32)[None, :]
    for factor, expected, end in (
        (1.0, [[80, 0, 0], [0, 60, 0]], 1),
        (1.4, [[71, 9, 0], [0, 60, 0]], 1),
        (2.0, [[50, 30, 0], [0, 20, 40]], 2),
    ):
        done = np.zeros((2, 3), np.int32)
        carry_out(tasks, 1, np.array([factor]), np.full((1, 3), 100.0), np.zeros((0, 3)), reach, done)
        assert done.tolist() == expected
        assert latest(tasks, done, 1).tolist() == [end]
