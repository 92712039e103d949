"""Purchases are the cheapest that cover the need in time: all that is allowed is tried."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

from cordwainer.planning import buying
from cordwainer.planning.bound import allowed, cost_milli
from cordwainer.planning.buying import bill, buy, buy_one, covers, greedy, trimmed
from cordwainer.planning.cheapest import cheapest
from cordwainer.planning.limits import PLENTY, OfferPeriods
from cordwainer.planning.problem import Ints

PERIODS = 3
Row = tuple[str, int, int, int, int, list[tuple[int, int]], bool]
"""Offer, first usable period, minimum, multiple, most, brackets, whether a bracket prices all units."""


def table(rows: list[Row]) -> OfferPeriods:
    count = len(rows)
    columns = list(zip(*rows, strict=True))
    return OfferPeriods(
        offer=tuple(columns[0]),
        material=np.zeros(count, np.int32),
        period=np.array(columns[1], np.int32),
        usable=np.array(columns[1], np.int32),
        minimum=np.array(columns[2], np.int64),
        multiple=np.array(columns[3], np.int64),
        most=np.array(columns[4], np.int64),
        breaks=tuple(tuple(b) for b in columns[5]),
        whole=np.array(columns[6], np.bool_),
    )


def some_offers(rng: Random) -> OfferPeriods:
    """Return up to three offers, each usable from some period on and perhaps again in later ones."""
    rows: list[Row] = []
    for name in "ABC"[: rng.randint(1, 3)]:
        minimum, multiple = rng.choice([0, 0, 1500, 3000, 4000]), rng.choice([500, 1000, 1500])
        breaks = [(0, rng.randint(0, 400_000))]
        for _ in range(rng.randint(0, 2)):
            breaks.append((breaks[-1][0] + rng.randint(1, 4000), rng.randint(0, 400_000)))
        most = rng.choice([PLENTY, minimum + multiple, minimum + 3 * multiple])
        times = rng.choice([[0], [0, 1], [0, 1, 2], [1, 2]])
        rows += [(name, t, minimum, multiple, most, breaks, rng.random() < 0.6) for t in times[:2]]
    whole = {row[0]: row[6] for row in rows}
    return table([(*row[:6], whole[row[0]]) for row in rows])


def every(offers: OfferPeriods, top: int) -> Iterator[dict[int, int]]:
    """Yield all purchases in which no quantity could be less by a bracket and still cover everything."""
    choices = []
    for i in range(len(offers.offer)):
        furthest = max(top, *(start for start, _ in offers.breaks[i]), 1)
        quantities, q = [0], allowed(offers, i, 1, above=True)
        while q is not None:
            quantities.append(q)
            q = allowed(offers, i, q + 1, above=True) if q < furthest else None
        choices.append(quantities)
    for chosen in product(*choices):
        yield {i: q for i, q in enumerate(chosen) if q}


def exact(offers: OfferPeriods, bought: dict[int, int]) -> int:
    """Return the cost before rounding."""
    return sum(cost_milli(offers, i, q) for i, q in bought.items())


def case(seed: int) -> tuple[OfferPeriods, Ints, list[dict[int, int]]]:
    """Return offers, what must have been bought by each period, and all purchases that do it."""
    rng = Random(seed)  # noqa: S311
    offers = some_offers(rng)
    short = np.array([rng.choice([0, 0, -500, rng.randint(0, 6000)]) for _ in range(PERIODS)], np.int64)
    short[-1] = max(short[-1], 1)
    found = every(offers, int(short.max()))
    return offers, short, [bought for bought in found if covers(offers, bought, short)]


@pytest.mark.parametrize("seed", range(150))
def test_no_purchases_cost_less(seed: int) -> None:
    offers, short, feasible = case(seed)
    rows = list(range(len(offers.offer)))
    found = cheapest(offers, rows, short, 10**6)
    if not feasible:
        assert found is None
        return
    assert found is not None
    bought, proven = found
    assert proven
    assert covers(offers, bought, short)
    assert exact(offers, bought) == min(exact(offers, each) for each in feasible)
    assert bill(offers, bought) <= min(bill(offers, each) for each in feasible) + len(bought)
    assert bill(offers, bought) <= bill(offers, greedy(offers, rows, short)) + len(bought)


@pytest.mark.parametrize("seed", range(60))
def test_in_larger_steps_what_is_needed_is_covered_and_no_dearer_than_by_the_greedy_rule(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers, short, feasible = case(seed)
    if not feasible:
        return
    rows = list(range(len(offers.offer)))
    monkeypatch.setattr(buying, "EXACT", 20)
    bought = buy_one(offers, rows, short)
    assert covers(offers, bought, short)
    assert bill(offers, bought) <= bill(offers, greedy(offers, rows, short))


WRONG: list[Any] = [None, ({}, True), ({0: -5}, True), ({0: 999}, True), ({0: 1_000_000, 1: 7}, False)]


@pytest.mark.parametrize("answer", WRONG)
def test_an_answer_that_does_not_hold_loses_nothing(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    offers = table([("A", 0, 1000, 500, PLENTY, [(0, 300)], True), ("B", 0, 2000, 500, PLENTY, [(0, 200)], True)])
    monkeypatch.setattr(buying, "cheapest", lambda *_: answer)
    arriving, need = np.zeros((1, 1), np.int64), np.full((1, 1), 2_300_000, np.int64)
    assert buy(offers, arriving, need) == {1: 2500}


def test_numbers_beyond_64_bits_are_left_to_the_greedy_rule() -> None:
    offers = table([("A", 0, 0, 1000, PLENTY, [(0, 10**12)], True)])
    short = np.array([10**9], np.int64)
    assert cheapest(offers, [0], short, 10**6) is None
    assert buy_one(offers, [0], short) == {0: 10**9}


def test_a_higher_bracket_is_bought_where_that_costs_less_than_what_is_needed() -> None:
    """900 units at 5 fen are dearer than 1,000 at 4."""
    offers = table([("A", 0, 0, 1000, PLENTY, [(0, 5000), (1_000_000, 4000)], True)])
    assert buy_one(offers, [0], np.array([900_000], np.int64)) == {0: 1_000_000}
    by_part = table([("A", 0, 0, 1000, PLENTY, [(0, 5000), (1_000_000, 4000)], False)])
    assert buy_one(by_part, [0], np.array([900_000], np.int64)) == {0: 900_000}


def test_a_dear_early_offer_covers_only_what_a_cheap_later_one_cannot() -> None:
    early, late = ("A", 0, 0, 500, PLENTY, [(0, 9000)], True), ("B", 2, 2000, 500, 6000, [(0, 3000)], True)
    offers = table([early, late])
    assert buy_one(offers, [0, 1], np.array([1000, 1200, 9000], np.int64)) == {0: 3000, 1: 6000}


def test_what_nobody_needs_is_cut_off_the_dearest_first() -> None:
    offers = table([("A", 0, 0, 500, PLENTY, [(0, 9000)], True), ("B", 0, 0, 500, PLENTY, [(0, 3000)], True)])
    assert trimmed(offers, {0: 4000, 1: 4000}, np.array([6700], np.int64)) == {0: 3000, 1: 4000}
    assert trimmed(offers, {0: 4000, 1: 4000}, np.array([1700], np.int64)) == {1: 2000}
