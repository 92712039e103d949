"""A solver that fails, stalls or talks nonsense is not believed."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cordwainer.solvers import Limits, LinearModel, Solution, Status, highs, solve_lp, solve_mip
from cordwainer.solvers.belief import Claim

MODEL = LinearModel(  # minimise x + y with x + y ≥ 2 and both between 0 and 3
    costs=np.array([1.0, 1.0]),
    column_lower=np.zeros(2),
    column_upper=np.full(2, 3.0),
    row_lower=np.array([2.0]),
    row_upper=np.array([np.inf]),
    starts=np.array([0, 1, 2]),
    indices=np.array([0, 0]),
    values=np.array([1.0, 1.0]),
    integral=np.array([True, False]),
)
TRUE = Claim(
    Status.OPTIMAL, "Optimal", objective=2.0, best_bound=2.0, values=np.array([1.0, 1.0]), row_duals=np.array([1.0])
)


def _answer(monkeypatch: pytest.MonkeyPatch, mixed: bool, claim: Claim) -> Solution:
    monkeypatch.setattr(highs, "claim", lambda *_: claim)
    return (solve_mip if mixed else solve_lp)(MODEL)


@pytest.mark.parametrize("mixed", [False, True])
def test_the_truth_is_believed(monkeypatch: pytest.MonkeyPatch, mixed: bool) -> None:
    found = _answer(monkeypatch, mixed, TRUE)
    assert (found.status, found.objective, found.best_bound) == (Status.OPTIMAL, 2.0, 2.0)


@pytest.mark.parametrize(
    "lie",
    [
        {"values": np.array([1.0, np.nan])},
        {"values": np.array([1.0, np.inf])},
        {"values": np.array([1.0])},
        {"values": np.array([[1.0, 1.0]])},
        {"values": None},
        {"values": "1 1"},
        {"values": np.array([1.0, 0.99])},
        {"values": np.array([4.0, -2.0])},
        {"values": np.array([-0.5, 2.5])},
    ],
)
@pytest.mark.parametrize("mixed", [False, True])
def test_a_point_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, mixed: bool, lie: dict[str, Any]) -> None:
    _refused(_answer(monkeypatch, mixed, replace(TRUE, **lie)))
    unsure = _answer(monkeypatch, mixed, replace(TRUE, status=Status.LIMIT, **lie))
    assert (unsure.status, unsure.values, unsure.objective) == (Status.LIMIT, None, None)


@pytest.mark.parametrize(
    "lie",
    [
        {"row_duals": np.array([np.nan])},
        {"row_duals": np.zeros(2)},
        {"row_duals": np.array([0.5])},
        {"row_duals": np.array([-1.0])},
        {"row_duals": None},
        {"objective": 1.0},
        {"objective": np.nan},
        {"objective": None},
        {"values": np.array([2.0, 1.0]), "objective": 3.0},
    ],
)
def test_an_optimum_that_prices_do_not_prove_is_refused(monkeypatch: pytest.MonkeyPatch, lie: dict[str, Any]) -> None:
    _refused(_answer(monkeypatch, False, replace(TRUE, **lie)))


@pytest.mark.parametrize(
    "lie",
    [
        {"best_bound": np.nan},
        {"best_bound": None},
        {"best_bound": 1.0},
        {"best_bound": 3.0},
        {"values": np.array([0.5, 1.5])},
    ],
)
def test_a_mixed_optimum_whose_bound_or_whole_numbers_are_off_is_refused(
    monkeypatch: pytest.MonkeyPatch, lie: dict[str, Any]
) -> None:
    _refused(_answer(monkeypatch, True, replace(TRUE, **lie)))


def test_a_bound_is_worked_out_from_prices_and_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = replace(TRUE, status=Status.LIMIT, row_duals=np.array([0.5]), best_bound=99.0)
    assert _answer(monkeypatch, False, claim).best_bound == pytest.approx(1.0)


def test_numbers_that_are_nearly_whole_are_made_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _answer(monkeypatch, True, replace(TRUE, values=np.array([1 + 1e-7, 1 - 1e-7])))
    assert found.status is Status.OPTIMAL
    assert found.values is not None
    assert found.values[0] == 1.0


def test_rows_that_nearly_whole_numbers_carried_are_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    """With x ≤ 10⁶ y, y = 5 · 10⁻⁷ would carry x = 0.5; made whole, it carries nothing, and x is worked out anew."""
    wide = LinearModel(
        costs=np.array([-1.0, 10.0]),
        column_lower=np.zeros(2),
        column_upper=np.array([0.5, 1.0]),
        row_lower=np.array([-np.inf]),
        row_upper=np.array([0.0]),
        starts=np.array([0, 1, 2]),
        indices=np.array([0, 0]),
        values=np.array([1.0, -1e6]),
        integral=np.array([False, True]),
    )
    real = highs.claim
    lie = Claim(Status.LIMIT, "Time limit", -0.5, -0.5, np.array([0.5, 5e-7]), None)
    monkeypatch.setattr(highs, "claim", lambda model, *rest: lie if model is wide else real(model, *rest))
    found = solve_mip(wide)
    assert found.status is Status.LIMIT
    assert found.values is not None
    assert found.values.tolist() == [0.0, 0.0]
    sure = replace(lie, status=Status.OPTIMAL)
    monkeypatch.setattr(highs, "claim", lambda model, *rest: sure if model is wide else real(model, *rest))
    _refused(solve_mip(wide))


@pytest.mark.parametrize("error", [RuntimeError("bad"), ValueError("bad"), MemoryError("bad"), AttributeError("bad")])
def test_a_solver_that_breaks_off_has_failed(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def breaks(*_: object) -> Claim:
        raise error

    monkeypatch.setattr(highs, "claim", breaks)
    found = solve_lp(MODEL)
    _refused(found)
    assert found.message is not None
    assert "bad" in found.message.en


def test_a_solver_that_says_it_failed_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    _refused(_answer(monkeypatch, True, Claim(Status.FAILED, "Solve error")))


def test_a_solver_that_stalls_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()

    def stalls(_model: object, _limits: object, _stop: object) -> Claim:
        free.wait(30)
        return TRUE

    monkeypatch.setattr(highs, "claim", stalls)
    began = time.monotonic()
    _refused(solve_lp(MODEL, Limits(seconds=0.1, patience_s=0.2)))
    _refused(solve_lp(MODEL, Limits(patience_s=0.2), lambda: True))
    free.set()
    assert time.monotonic() - began < 10


def _refused(found: Solution) -> None:
    assert (found.status, found.values, found.objective, found.best_bound) == (Status.FAILED, None, None, None)
    assert found.message is not None
    assert found.message.zh
