"""Buy what the work needs: for every material the cheapest purchases that the greedy rule finds, in time."""

from __future__ import annotations

import numpy as np

from cordwainer.planning.bound import allowed, cost_fen, cost_milli
from cordwainer.planning.limits import OfferPeriods
from cordwainer.planning.problem import Ints


def buy(offers: OfferPeriods, arriving: Ints, need: Ints) -> dict[int, int]:
    """Return the quantity (milli units) of each purchase, by row of ``offers``.

    Parameters
    ----------
    arriving
        Stock and inbound by first usable period, M x T, milli units.
    need
        Need by period, M x T, micro units; never more than can be had by then.
    """
    by_material: dict[int, list[int]] = {}
    for i, m in enumerate(offers.material):
        by_material.setdefault(int(m), []).append(i)
    short = -((-np.cumsum(need, axis=1)) // 1000) - np.cumsum(arriving, axis=1)
    bought: dict[int, int] = {}
    for m in np.flatnonzero((short > 0).any(axis=1)):
        bought |= _buy_one(offers, by_material.get(int(m), []), short[m])
    return bought


def _buy_one(offers: OfferPeriods, rows: list[int], short: Ints) -> dict[int, int]:
    quantity: dict[int, int] = {}
    for t in range(len(short)):
        while (lack := int(short[t]) - sum(q for i, q in quantity.items() if offers.usable[i] <= t)) > 0:
            usable = [i for i in rows if offers.usable[i] <= t]
            later = [i for i in rows if offers.usable[i] > t]
            best: tuple[float, int, int] | None = None
            for i in usable:
                cheaper = [int(offers.usable[j]) for j in later if offers.breaks[j][-1][1] < offers.breaks[i][-1][1]]
                horizon = min(cheaper, default=len(short))
                want = max(lack, int(short[t:horizon].max()) - int(short[t]) + lack)
                best = min((x for x in (best, _offer(offers, i, quantity.get(i, 0), want)) if x), default=None)
            if best is None:
                raise RuntimeError("more material is needed than can be had")
            quantity[best[1]] = best[2]
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
