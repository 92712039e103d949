"""The bound: what no plan can exceed, from prices alone, in exact integers (docs/concepts/plan-model.md, section 7)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cordwainer.core import ceil_div
from cordwainer.planning.limits import PLENTY, OfferPeriods
from cordwainer.planning.pricing import Prices
from cordwainer.planning.problem import Ints, Problem


@dataclass(frozen=True)
class Terms:
    """Terms of the bound in 1/1000 fen, one row for each priced thing and period."""

    orders: Ints
    line: Ints
    material: Ints
    purchase: Ints
    cap: Ints
    outside: Ints
    skill: Ints
    tool: Ints

    def total(self) -> int:
        """Return the sum in 1/1000 fen, free of overflow."""
        return sum(
            int(part.astype(object).sum()) if part.size else 0
            for part in (
                self.orders,
                self.line,
                self.material,
                self.purchase,
                self.cap,
                self.outside,
                self.skill,
                self.tool,
            )
        )


def up(numerator: Ints, denominator: int) -> Ints:
    """Return numerator / denominator rounded up."""
    return -((-numerator) // denominator)


def terms(problem: Problem, prices: Prices, best: Ints, points: Points, arriving: Ints) -> Terms:
    """Return the terms of the bound.

    Parameters
    ----------
    best
        Value of the best use of a pair of each order at the prices, O.
    arriving
        Stock and inbound that first count in a period, M x T, milli units.
    """
    net = problem.net
    thousands, rest = np.divmod(1000 * arriving - problem.frozen.need, 1000)
    dear = np.maximum(0, 60 * prices.line - net.surcharge[:, None])
    return Terms(
        orders=net.pairs * best,
        line=up(60 * prices.line * net.regular + dear * (net.most - net.regular), 60_000),
        material=up(prices.material * thousands + up(prices.material * rest, 1000), 1000),  # fits 64 bits
        purchase=gains(points, prices),
        cap=up(prices.cap * net.cap_amount, 1000),
        outside=prices.outside * net.out_limit,
        skill=up(prices.skill * net.skill_limit, 1000),
        tool=up(prices.tool * net.tool_limit, 1_000_000),
    )


def cost_milli(offers: OfferPeriods, i: int, quantity: int) -> int:
    """Return what a quantity costs in milli unit x 1/1000 fen per unit, before rounding."""
    breaks = offers.breaks[i]
    if offers.whole[i]:
        return quantity * next(price for start, price in reversed(breaks) if quantity >= start)
    ends = [*(start for start, _ in breaks[1:]), PLENTY]
    return sum(max(0, min(quantity, end) - start) * price for (start, price), end in zip(breaks, ends, strict=True))


def cost_fen(offers: OfferPeriods, i: int, quantity: int) -> int:
    """Return what a purchase costs in fen, rounded up."""
    return ceil_div(cost_milli(offers, i, quantity), 1_000_000)


def allowed(offers: OfferPeriods, i: int, quantity: int, *, above: bool) -> int | None:
    """Return the nearest allowed positive quantity at or above (or below) a quantity, or None."""
    least, step, most = int(offers.minimum[i]), int(offers.multiple[i]), int(offers.most[i])
    if least == 0:
        least = step
    if above:
        found = least if quantity <= least else least + ceil_div(quantity - least, step) * step
        return found if found <= most else None
    found = min(quantity, most)
    return None if found < least else least + (found - least) // step * step


def turning_points(offers: OfferPeriods, i: int, useful: int) -> set[int]:
    """Return the quantities among which the best purchase at a linear price lies."""
    marks = [(useful, True), (useful, False), (1, True)]
    for start, _ in offers.breaks[i]:
        marks += [(start, True), (start - 1, False)]
    if offers.most[i] < PLENTY:
        marks.append((int(offers.most[i]), False))
    return {q for mark, above in marks if (q := allowed(offers, i, mark, above=above)) is not None}


@dataclass(frozen=True)
class Points:
    """Turning points of every purchase (rows as in `OfferPeriods`, padded with 0): useful quantity and cost before rounding.

    ``unit`` is the lowest cost of a useful unit in 1/1000 fen.
    """

    useful: Ints
    cost: Ints
    material: Ints
    usable: Ints
    unit: Ints


def purchase_points(offers: OfferPeriods, largest: Ints) -> Points:
    """Return the turning points of all purchases, given the largest possible need of each material."""
    rows = [sorted(turning_points(offers, i, int(largest[offers.material[i]]))) for i in range(len(offers.offer))]
    wide = max((len(r) for r in rows), default=0)
    useful, cost = np.zeros((len(rows), wide), np.int64), np.zeros((len(rows), wide), np.int64)
    for i, quantities in enumerate(rows):
        for k, q in enumerate(quantities):
            useful[i, k] = min(q, int(largest[offers.material[i]]))
            cost[i, k] = cost_milli(offers, i, q)
    unit = np.where(useful > 0, cost // np.maximum(useful, 1), 2**62).min(axis=1, initial=2**62)
    return Points(useful, cost, offers.material.astype(np.int64), offers.usable.astype(np.int64), unit)


def gains(points: Points, prices: Prices) -> Ints:
    """Return the best that each purchase can earn at the prices, in 1/1000 fen, at least 0."""
    if not points.useful.size:
        return np.zeros(len(points.material), np.int64)
    price = prices.material[points.material, points.usable][:, None]
    if float(price.max(initial=0)) * float(points.useful.max(initial=0)) > 2**62:
        raise OverflowError("a material price times the largest need does not fit 64 bits")
    return np.maximum(0, up((price * points.useful - points.cost).max(axis=1), 1000))
