"""The whole model that peers are given is the planning problem, rule by rule, and plans go into it and come out of it."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
import pytest

from benchmarks import peers, peers_cp_sat, peers_highs
from benchmarks.cases_peers import rows_of_method
from benchmarks.office import Desk, office_state
from benchmarks.peers_run import Reached, reached
from benchmarks.whole_model import Whole, whole_model
from cordwainer.cluster import Cluster, SampleSize
from cordwainer.cluster.sample import sample
from cordwainer.core import weeks
from cordwainer.planning import Settings
from cordwainer.referee import judge
from cordwainer.solvers import Limits, Status, solve_mip
from tests.golden import ruled
from tests.properties import promises

ROUNDING = 4
"""The model counts exactly, the contribution rounds each cost up to whole fen: alike plans may differ by this, fen."""
TINY = SampleSize(8, 6, 6)


def golden(name: str) -> tuple[Cluster, Desk, Whole]:
    """Return the toy cluster of a rule and its whole model."""
    cluster = ruled.read(name).cluster
    desk = Desk.of(cluster, Settings(calendar=weeks(promises.MONDAY, 2), threads=1))
    return cluster, desk, whole_model(desk.problem, desk.offers, desk.arriving, desk.pricer.largest)


def plenty(cluster: Cluster) -> Cluster:
    """Return the cluster with material of every kind at hand, so that nothing is bought."""
    table = cluster["stock"]
    more = cluster["material"].select(
        holder=pl.lit(table["holder"][0]),
        material="material",
        usable_from=pl.lit(cluster["order"]["earliest_date"].min()),
        quantity=pl.lit(1e7),
    )
    fresh = more.select(pl.col(c).cast(t) for c, t in table.schema.items())
    return cluster.replace(stock=fresh)


@pytest.mark.parametrize("name", ruled.NAMES)
def test_the_best_plan_of_the_whole_model_is_that_of_every_golden_file(name: str) -> None:
    _, desk, whole = golden(name)
    model, _ = peers.linear(whole)
    found = solve_mip(model, Limits(seconds=60.0))
    assert found.status is Status.OPTIMAL
    assert found.objective is not None
    best = 100 * found.objective + desk.problem.frozen.constants
    assert best == pytest.approx(ruled.read(name).best, abs=ROUNDING)


@pytest.mark.parametrize("name", ["purchase-quantity", "cap", "transfer-allowed"])
def test_both_peers_find_the_best_plan_and_the_referee_certifies_it(name: str) -> None:
    best = ruled.read(name).best
    cluster, desk, whole = golden(name)
    for peer in (peers_highs, peers_cp_sat):
        found = peer.solve(whole, 20.0, 1, None)
        assert found.values is not None
        assert found.bound is not None
        state = peers.out_of(whole, desk.problem, found.values, desk.pricer.unit_price)
        again = peers.into(whole, desk.problem, state)
        assert found.bound / peers.FEN + desk.problem.frozen.constants >= best - ROUNDING
        made = desk.plan(cluster, state)
        assert judge(cluster, made).violations.rows() == []
        assert made.head["contribution_fen"] == pytest.approx(best, abs=ROUNDING)
        assert len(np.unique(again.columns)) == len(again.columns)


def test_a_plan_keeps_its_worth_in_the_whole_model_and_comes_out_as_it_went_in() -> None:
    cluster = plenty(sample(TINY, 1))
    desk = Desk.of(cluster, Settings(threads=1))
    whole = whole_model(desk.problem, desk.offers, desk.arriving, desk.pricer.largest)
    state = office_state(cluster, desk)
    assert state.lots.sum() > 1
    start = peers.into(whole, desk.problem, state)
    model, unit = peers.linear(whole)
    low, high = model.column_lower.copy(), model.column_upper.copy()
    low[start.columns] = high[start.columns] = start.values
    found = solve_mip(dataclasses.replace(model, column_lower=low, column_upper=high), Limits(seconds=30))
    assert found.values is not None
    assert found.objective is not None
    made = desk.plan(cluster, state)
    yuan = made.head["contribution_fen"] / 100
    assert found.objective == pytest.approx(yuan, abs=5)
    values = np.rint(found.values * unit).astype(np.int64)
    out = peers.out_of(whole, desk.problem, values, desk.pricer.unit_price)
    assert desk.plan(cluster, out)["order_plan"].equals(made["order_plan"])


def test_a_solver_without_a_plan_has_no_bound_either() -> None:
    cluster = sample(TINY, 1)
    desk = Desk.of(cluster, Settings(threads=1))
    whole = whole_model(desk.problem, desk.offers, desk.arriving, desk.pricer.largest)
    found = peers_cp_sat.solve(whole, 0.0, 1, None)
    assert (found.values, found.bound) == (None, None)


def test_a_method_is_planned_judged_and_told() -> None:
    cluster = sample(TINY, 1)
    office = reached("office", cluster, 1.0)
    assert (office.violations, office.bound_fen) == (0, None)
    rows = {row.figure: row for row in rows_of_method("office rule", office)}
    assert office.contribution_fen is not None
    assert rows["office rule: contribution"].measured == office.contribution_fen / 100
    assert rows["office rule: net gap"].measured is None
    assert rows["office rule: breaches found by the referee"].ok
    half = Reached(50, 100, 0, 3.0, 9.0, 200.0, 0, "5 rows")
    rows = {row.figure: row for row in rows_of_method("HiGHS", half)}
    assert (rows["HiGHS: net gap"].measured, rows["HiGHS: bound"].note) == (50.0, "on its word")
    assert "3 s to build 5 rows" in rows["HiGHS: planned in"].note
    (alone,) = rows_of_method("CP-SAT", None)
    assert alone.measured is None
    assert "8 GiB" in alone.note
