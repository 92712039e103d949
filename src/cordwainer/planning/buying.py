"""Buy what the work needs: for every material the cheapest purchases in time."""

from __future__ import annotations

import numpy as np

from cordwainer.planning.bound import allowed, cost_fen, cost_milli
from cordwainer.planning.cheapest import cheapest
from cordwainer.planning.limits import OfferPeriods
from cordwainer.planning.problem import Ints

EXACT, QUICK = 5_000_000, 1_000_000
"""States times brackets up to which a material is bought exactly, in the plan that ships and in one that is still being made: some
hundredths of a second and some milliseconds."""


def buy(offers: OfferPeriods, arriving: Ints, need: Ints, *, quick: bool = False) -> dict[int, int]:
    """Return the quantity (milli units) of each purchase, by row of ``offers``.

    Each material is bought as cheaply as can be, up to the rounding of each purchase to whole fen. Only where that takes more
    time than it is worth, it is bought in larger steps or by the greedy rule.

    Parameters
    ----------
    arriving
        Stock and inbound by first usable period, M x T, milli units.
    need
        Need by period, M x T, micro units; never more than can be had by then.
    quick
        For a plan that is still being made: larger steps sooner.
    """
    by_material: dict[int, list[int]] = {}
    for i, m in enumerate(offers.material):
        by_material.setdefault(int(m), []).append(i)
    short = -((-np.cumsum(need, axis=1)) // 1000) - np.cumsum(arriving, axis=1)
    bought: dict[int, int] = {}
    for m in np.flatnonzero((short > 0).any(axis=1)):
        bought |= buy_one(offers, by_material.get(int(m), []), short[m], quick=quick)
    return bought


def buy_one(offers: OfferPeriods, rows: list[int], short: Ints, *, quick: bool = False) -> dict[int, int]:
    """Return the quantity of each purchase of one material; ``short`` is what must have been bought by each period, T."""
    found = cheapest(offers, rows, short, QUICK if quick else EXACT)
    if found is None or not covers(offers, found[0], short):
        return greedy(offers, rows, short)
    if found[1]:
        return found[0]
    coarse = trimmed(offers, found[0], short)
    return coarse if quick else min(coarse, greedy(offers, rows, short), key=lambda bought: bill(offers, bought))


def covers(offers: OfferPeriods, bought: dict[int, int], short: Ints) -> bool:
    """Return whether purchases are allowed and bring what is needed in time."""
    had = np.zeros(len(short), np.int64)
    for i, q in bought.items():
        had[offers.usable[i] :] += q
    return bool((had >= short).all()) and all(allowed(offers, i, q, above=True) == q for i, q in bought.items())


def trimmed(offers: OfferPeriods, bought: dict[int, int], short: Ints) -> dict[int, int]:
    """Return purchases without what nobody needs: the dearest are cut first, none to below its bracket unless to nothing."""
    left, slack = dict(bought), -short
    for i, q in bought.items():
        slack[offers.usable[i] :] += q
    reached = {i: max(b for b in offers.breaks[i] if b[0] <= q) for i, q in bought.items()}
    for i in sorted(left, key=lambda i: reached[i][1], reverse=True):
        spare = int(slack[offers.usable[i] :].min())
        least = 0 if spare >= left[i] else allowed(offers, i, max(reached[i][0], left[i] - spare), above=True)
        if least is not None and least < left[i]:
            slack[offers.usable[i] :] -= left[i] - least
            left[i] = least
    return {i: q for i, q in left.items() if q}


def greedy(offers: OfferPeriods, rows: list[int], short: Ints) -> dict[int, int]:
    """Return purchases found one at a time: what covers the next lack at the lowest cost per useful unit."""
    quantity: dict[int, int] = {}
    last = {i: offers.breaks[i][-1][1] for i in rows}
    had = 0
    for t in range(len(short)):
        if short[t] <= had:
            continue
        later = [(last[j], int(offers.usable[j])) for j in rows if offers.usable[j] > t]
        until = {p: min((u for price, u in later if price < p), default=len(short)) for p in set(last.values())}
        usable = [i for i in rows if offers.usable[i] <= t and quantity.get(i, 0) < offers.most[i]]
        while (lack := int(short[t]) - had) > 0:
            best: tuple[float, int, int] | None = None
            for i in usable:
                want = max(lack, int(short[t : until[last[i]]].max()) - int(short[t]) + lack)
                best = min((x for x in (best, _offer(offers, i, quantity.get(i, 0), want)) if x), default=None)
            if best is None:
                raise RuntimeError("more material is needed than can be had")
            _, i, q = best
            had += q - quantity.get(i, 0)
            quantity[i] = q
            if q == offers.most[i]:
                usable.remove(i)
    return quantity


def _offer(offers: OfferPeriods, i: int, have: int, want: int) -> tuple[float, int, int] | None:
    """Return (cost per useful unit, row, new quantity) of buying ``want`` more from an offer, a higher bracket included."""
    best: tuple[float, int, int] | None = None
    marks = [have + want, *(start for start, _ in offers.breaks[i] if start > have)]
    for mark in marks:
        new = allowed(offers, i, mark, above=True) or allowed(offers, i, mark, above=False)
        if new is None or new <= have:
            continue
        cost = cost_milli(offers, i, new) - (cost_milli(offers, i, have) if have else 0)
        each = cost / min(new - have, want)
        if best is None or (each, i, new) < best:
            best = (each, i, new)
    return best


def bill(offers: OfferPeriods, bought: dict[int, int]) -> int:
    """Return what all purchases cost in fen."""
    return sum(cost_fen(offers, i, q) for i, q in bought.items())
