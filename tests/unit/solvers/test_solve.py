"""Solutions are the best there are, say when there is none, and stop when they are told to."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

from cordwainer.core import UserError
from cordwainer.solvers import Limits, LinearModel, Solution, Status, solve_lp, solve_mip
from tests.unit.solvers.tiny_models import Tiny, tiny_models

ONE = Tiny((1,), ((0, 4),), ((1,),), ((1, None),), (False,), False)


def hard() -> LinearModel:
    """Return a market-split model: forty yes or no, four equations; nobody solves it in seconds."""
    rng = np.random.default_rng(3)
    rows, columns = 5, 40
    weights = rng.integers(0, 100, (rows, columns))
    half = weights.sum(axis=1) // 2
    entries = np.hstack([weights, np.eye(rows), -np.eye(rows)])
    width = columns + 2 * rows
    starts = np.arange(width + 1, dtype=np.int32) * np.int32(rows)
    return LinearModel(
        costs=np.r_[np.zeros(columns), np.ones(2 * rows)],
        column_lower=np.zeros(width),
        column_upper=np.r_[np.ones(columns), np.full(2 * rows, np.inf)],
        row_lower=half,
        row_upper=half,
        starts=starts,
        indices=np.tile(np.arange(rows, dtype=np.int32), width),
        values=entries.T.ravel(),
        integral=np.arange(width) < columns,
    )


@settings(max_examples=400)
@given(tiny_models())
def test_a_linear_model_is_solved_to_its_best_corner(tiny: Tiny) -> None:
    _same(tiny, solve_lp(tiny.model()), relaxed=True)


@settings(max_examples=400)
@given(tiny_models())
def test_a_mixed_model_is_solved_to_its_best_point(tiny: Tiny) -> None:
    _same(tiny, solve_mip(tiny.model()), relaxed=False)


def _same(tiny: Tiny, found: Solution, relaxed: bool) -> None:
    best = tiny.best(relaxed)
    if best is None:
        assert (found.status, found.values, found.objective) == (Status.INFEASIBLE, None, None)
        return
    assert found.status is Status.OPTIMAL, found.message
    assert found.values is not None
    assert found.objective == pytest.approx(float(best), abs=1e-6)
    assert found.best_bound == pytest.approx(float(best), abs=1e-5)
    whole = [x for x, flag in zip(found.values, tiny.integral, strict=True) if flag and not relaxed]
    assert whole == [round(x) for x in whole]


def test_row_duals_are_what_one_more_unit_earns() -> None:
    tiny = Tiny((3, 2), ((0, 9), (0, 9)), ((1, 1), (2, 1)), ((None, 4), (None, 6)), (False, False), True)
    found, more = solve_lp(tiny.model()), solve_lp(replace(tiny, limits=((None, 5), (None, 6))).model())
    assert found.row_duals is not None
    assert found.objective == pytest.approx(10)
    assert more.objective == pytest.approx(10 + found.row_duals[0])


def test_an_unbounded_model_is_told() -> None:
    free = replace(ONE.model(), column_upper=np.array([np.inf]), maximise=True)
    assert solve_lp(free).status is Status.UNBOUNDED
    assert solve_mip(replace(free, integral=np.array([True]))).status is Status.UNBOUNDED


def test_the_offset_counts() -> None:
    for solve in (solve_lp, solve_mip):
        found = solve(replace(ONE.model(), offset=7.0, integral=np.array([True])))
        assert [found.objective, found.best_bound] == pytest.approx([8, 8])


def test_a_model_without_columns_or_rows_has_an_answer() -> None:
    none, start = np.zeros(0), np.zeros(1, np.int32)
    empty = LinearModel(none, none, none, none, none, start, np.zeros(0, np.int32), none, offset=2.0)
    assert solve_lp(empty).objective == 2.0
    row = replace(empty, row_lower=np.array([1.0]), row_upper=np.array([2.0]))
    assert solve_lp(row).status is Status.INFEASIBLE


@pytest.mark.parametrize(
    ("tiny", "best"),
    [
        (Tiny((2, 3), ((0, 10), (0, 10)), ((1, 1),), ((Fraction(9, 2), None),), (False, True), False), 9),
        (Tiny((-1, 10), ((0, 4), (0, 1)), ((1, -2), (2, 0)), ((None, 0), (None, 1)), (False, True), False), 0),
        (
            Tiny(
                (0, 2, 999),
                ((0, 9), (0, 9), (0, 1)),
                ((1, 1, 0), (1, 0, -9)),
                ((9, 9), (None, 0)),
                (False, False, True),
                False,
            ),
            18,
        ),
    ],
)
def test_mixed_models_that_the_solver_presolves_wrongly_are_solved(tiny: Tiny, best: int) -> None:
    assert tiny.best(relaxed=False) == best
    assert solve_mip(tiny.model()).objective == pytest.approx(best)


def test_time_is_a_limit() -> None:
    found = solve_mip(hard(), Limits(seconds=1.0))
    assert found.status is Status.LIMIT
    assert found.message is None
    assert 0.5 < found.seconds < 20
    if found.objective is not None:
        assert found.best_bound is not None
        assert found.best_bound <= found.objective


def test_a_linear_model_without_time_says_so() -> None:
    found = solve_lp(replace(hard(), maximise=True), Limits(seconds=0.0))
    assert found.status is Status.LIMIT
    assert found.row_duals is None or found.best_bound is not None


def test_a_gap_is_near_enough() -> None:
    found = solve_mip(hard(), Limits(seconds=60, gap=1e9))
    assert found.status is Status.OPTIMAL


def test_the_caller_stops_a_solver() -> None:
    began = time.monotonic()
    found = solve_mip(hard(), Limits(), lambda: time.monotonic() - began > 0.7)
    assert found.status is Status.LIMIT
    assert found.message is not None
    assert "caller" in found.message.en
    assert found.seconds < 20


def test_what_the_callers_word_raises_is_passed_on_and_stops_the_solver() -> None:
    def angry() -> bool:
        raise LookupError("no word")

    with pytest.raises(LookupError, match="no word"):
        solve_mip(hard(), Limits(), angry)
    until = time.monotonic() + 20
    while any(t.name == "solver" for t in threading.enumerate()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(t.name == "solver" for t in threading.enumerate())


def test_many_solvers_at_once_do_not_disturb_each_other() -> None:
    found: dict[int, float | None] = {}

    def solve(k: int) -> None:
        found[k] = solve_mip(
            replace(ONE.model(), offset=float(k), integral=np.array([True])), Limits(threads=2)
        ).objective

    threads = [threading.Thread(target=solve, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {k: pytest.approx(k + 1) for k in range(8)}


@pytest.mark.parametrize("wrong", [{"seconds": -1.0}, {"seconds": float("nan")}, {"gap": -0.1}, {"threads": 0}])
def test_limits_that_say_nothing_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UserError, match="solver-limits"):
        Limits(**wrong)  # type: ignore[arg-type]
