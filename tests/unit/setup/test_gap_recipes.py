"""Generated assignment instances follow their recipe, repeat with their seed, and their optimum is the least cost."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from benchmarks.gap_recipes import KINDS, Kind, make, optimum
from cordwainer.solvers import Status

SPANS = {
    "a": (5, 25, 10, 50),
    "b": (5, 25, 10, 50),
    "c": (5, 25, 10, 50),
    "d": (1, 100, 1, 120),
    "e": (1, 400, 1, 1000),
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_instance_follows_its_recipe(kind: Kind) -> None:
    made = make(kind, 4, 30, 7)
    low, high, cheap, dear = SPANS[kind]
    assert (low <= made.weights).all()
    assert (made.weights <= high).all()
    assert (cheap <= made.costs).all()
    assert (made.costs <= dear).all()
    if kind in ("c", "d", "e"):
        assert made.capacities.tolist() == [int(0.8 * sum(row) / 4) for row in made.weights.tolist()]
    else:
        assert len(set(made.capacities.tolist())) == 1
    if kind == "d":
        assert (abs(made.weights + made.costs - 111) <= 10).all()


def test_the_same_seed_makes_the_same_instance() -> None:
    one, same, other = make("d", 3, 12, 1), make("d", 3, 12, 1), make("d", 3, 12, 2)
    assert (one.costs == same.costs).all()
    assert one.optimum == same.optimum
    assert (one.costs != other.costs).any()


@pytest.mark.parametrize("kind", KINDS)
def test_the_optimum_is_the_least_cost_of_all_assignments(kind: Kind) -> None:
    made = make(kind, 3, 7, 3)
    least = None
    for chosen in itertools.product(range(3), repeat=7):
        load = np.bincount(chosen, weights=made.weights[list(chosen), range(7)], minlength=3)
        if (load <= made.capacities).all():
            cost = int(made.costs[list(chosen), range(7)].sum())
            least = cost if least is None else min(least, cost)
    assert (made.optimum, made.best) == (least, least)


def test_where_nothing_fits_there_is_no_optimum() -> None:
    two = np.full((1, 2), 5, dtype=np.int64)
    assert optimum(two, two, np.array([9])).status is Status.INFEASIBLE
