"""A model that grows step by step is solved as one that was whole from the start."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from cordwainer.solvers import GrowingModel, LinearModel, Start, Status, solve_lp, solve_mip


@pytest.mark.parametrize("seed", range(6))
def test_what_grows_is_worth_what_it_is_worth_at_once(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, columns, each = 8, 30, 3
    costs, uses = rng.uniform(1, 9, columns), rng.uniform(0.5, 3, (columns, each))
    places = np.array([np.sort(rng.choice(rows, each, replace=False)) for _ in range(columns)])
    limits, upper = rng.uniform(5, 20, rows), rng.uniform(1, 6, columns)
    growing = GrowingModel()
    assert growing.add_rows(np.full(rows, -np.inf), limits) == 0
    cuts = (0, 7, 18, columns)
    for a, b in itertools.pairwise(cuts):
        starts = each * np.arange(b - a + 1)
        indices, values = places[a:b].ravel(), uses[a:b].ravel()
        assert growing.add_columns(costs[a:b], np.zeros(b - a), upper[a:b], starts, indices, values) == a
        grown = growing.solve(Start.AFTER_COLUMNS)
    assert grown is not None
    whole = LinearModel(
        costs=costs,
        column_lower=np.zeros(columns),
        column_upper=upper,
        row_lower=np.full(rows, -np.inf),
        row_upper=limits,
        starts=each * np.arange(columns + 1, dtype=np.int32),
        indices=places.ravel().astype(np.int32),
        values=uses.ravel(),
        maximise=True,
    )
    once = solve_lp(whole)
    assert once.status is Status.OPTIMAL
    assert grown.objective == pytest.approx(once.objective, rel=1e-4)
    assert (grown.row_duals >= -1e-6).all()
    copied = solve_lp(growing.whole(np.zeros(columns, np.bool_)))
    assert copied.objective == pytest.approx(once.objective)
    packed = solve_mip(growing.whole(np.ones(columns, np.bool_)))
    assert packed.status is Status.OPTIMAL
    assert packed.values is not None
    assert packed.values == pytest.approx(np.round(packed.values))
    assert packed.values @ costs <= grown.objective + 1e-6
    growing.bound(np.array([0, 1]), np.zeros(2), np.zeros(2))
    fewer = growing.solve(Start.AFTER_BOUNDS)
    assert fewer is not None
    assert fewer.objective <= grown.objective + 1e-6
    assert fewer.values[:2] == pytest.approx([0, 0])
    used = int(np.argmax(fewer.values))  # a column of the basis may go
    gone = np.unique([0, 1, used])
    growing.bound(np.array([used]), np.zeros(1), np.zeros(1))
    shut = growing.solve(Start.AFTER_BOUNDS)
    growing.drop(gone)
    without = growing.solve(Start.AFTER_BOUNDS)
    assert shut is not None
    assert without is not None
    assert growing.columns == columns - len(gone)
    assert without.objective == pytest.approx(shut.objective, rel=1e-4)
    assert without.values.shape == (columns - len(gone),)
    assert (
        growing.add_columns(np.ones(1), np.zeros(1), np.ones(1), np.array([0, 1]), np.array([0]), np.ones(1))
        == growing.columns - 1
    )


def test_no_answer_without_a_solution_or_without_time() -> None:
    growing = GrowingModel()
    growing.add_rows(np.array([2.0]), np.array([3.0]))
    growing.add_columns(np.ones(1), np.zeros(1), np.ones(1), np.array([0, 1]), np.array([0]), np.ones(1))
    assert growing.solve(Start.AFTER_COLUMNS) is None
    late = GrowingModel(seconds=0.0)
    late.add_rows(np.array([-np.inf]), np.array([3.0]))
    late.add_columns(np.ones(1), np.zeros(1), np.ones(1), np.array([0, 1]), np.array([0]), np.ones(1))
    assert late.solve(Start.AFTER_COLUMNS) is None
