"""Shadow prices: smoothed descent finds them, exact pricing of every order over all lines says what they are worth as a bound.

Every evaluated bound is valid, so the least one is kept.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from cordwainer.planning.active import YUAN
from cordwainer.planning.bound import Points, Terms, purchase_points, terms
from cordwainer.planning.largest import largest_needs
from cordwainer.planning.limits import OfferPeriods
from cordwainer.planning.pricing import Prices, Room, price_orders, scratch
from cordwainer.planning.problem import Floats, Ints, Problem
from cordwainer.planning.smooth import Point, nothing

HIGHEST = 10**15
"""No price may exceed this many 1/1000 fen."""

LEVELS = (1.0, 0.5, 0.0)
"""Shares of scarcity at which an order is tried: where it finds no room at its dearest, cheaper routes are looked at."""


@dataclass
class Pricer:
    """Prices of a problem and their bound.

    ``prices`` and ``bound`` (1/1000 fen) are those of the lowest bound so far; ``terms`` its parts; ``point`` the same prices in yuan.
    """

    problem: Problem
    offers: OfferPeriods
    arriving: Ints
    threads: int
    prices: Prices = field(init=False)
    terms: Terms = field(init=False)
    bound: int = field(init=False)
    point: Point = field(init=False)
    largest: Ints = field(init=False)
    unit_price: Ints = field(init=False)

    def __post_init__(self) -> None:
        """Start from prices of material alone."""
        net = self.problem.net
        self.largest = largest_needs(net, self.problem.frozen.need)
        self.points = purchase_points(self.offers, self.largest)
        self.unit_price = unit_prices(self.points, net.supply.shape)
        self._scratch = [scratch(net) for _ in range(max(1, self.threads))]
        start = (self.unit_price * YUAN).astype(np.float64)
        self.point = nothing(net)._replace(material=start)
        self.prices = whole(self.point)
        self.terms = self.evaluate(self.prices)
        self.bound = self.terms.total()

    def evaluate(self, prices: Prices) -> Terms:
        """Return the terms of the bound at prices."""
        net = self.problem.net
        count, J = len(net.pairs), len(net.job_list)
        cand, period = np.zeros(J, np.int64), np.zeros(J, np.int32)
        kind, best = np.zeros(count, np.int32), np.zeros(count, np.int64)
        empty = Room(net.most, net.regular, net.supply, net.cap_amount, net.skill_limit, net.tool_limit)
        parts = np.linspace(0, count, len(self._scratch) + 1).astype(int)

        def run(i: int) -> None:
            price_orders(net, prices, self._scratch[i], empty, parts[i], parts[i + 1], cand, period, kind, best)

        if len(self._scratch) == 1:
            run(0)
        else:
            with ThreadPoolExecutor(len(self._scratch)) as pool:
                list(pool.map(run, range(len(self._scratch))))
        return terms(self.problem, prices, best, self.points, self.arriving)

    def offer(self, point: Point) -> bool:
        """Evaluate the bound at a point and keep it if it is the lowest so far; return whether it is."""
        prices = whole(point)
        found = self.evaluate(prices)
        value = found.total()
        if value >= self.bound:
            return False
        self.bound, self.prices, self.terms, self.point = value, prices, found, point
        return True

    def marginal(self) -> Ints:
        """Return what one more unit of each material costs to buy at the prices, material x T, 1/1000 fen.

        That is the shadow price where something can be bought at it, else the dearest offer: all of it is bought then.
        """
        dearest = self.unit_price.copy()
        useful = self.points.useful.max(axis=1, initial=0) > 0
        at = (self.points.material[useful], self.points.usable[useful])
        np.maximum.at(dearest, at, self.points.unit[useful])
        dearest = np.maximum.accumulate(dearest, axis=1)
        return np.clip(self.prices.material, self.unit_price, dearest)

    def levels(self, bought: Ints) -> list[Prices]:
        """Return the prices, half of their scarcity, and none of it; materials cost ``bought``, what one more unit does (M x T)."""
        p, found = self.prices, []
        scarce = np.maximum(0, p.material - bought)
        for share in LEVELS:
            parts = [np.rint(x * share).astype(np.int64) for x in (p.line, scarce, p.cap, p.skill, p.tool, p.outside)]
            found.append(Prices(parts[0], bought + parts[1], *parts[2:]))
        return found

    def worth(self) -> Floats:
        """Return what a pair of each order earns at the prices above not making it, in yuan."""
        net = self.problem.net
        each: Floats = self.terms.orders / np.maximum(1, net.pairs) - net.theta
        return each * YUAN


def whole(point: Point) -> Prices:
    """Return a point as whole prices; those of material do not increase with time."""
    falling = np.maximum.accumulate(point.material[:, ::-1], axis=1)[:, ::-1]
    parts = (point.line, falling, point.cap, point.skill, point.tool, point.outside)
    return Prices(*[np.minimum(np.rint(x / YUAN), HIGHEST).astype(np.int64) for x in parts])


def unit_prices(points: Points, shape: tuple[int, ...]) -> Ints:
    """Return the lowest price per unit at which each material can be had by each period, material x T, 1/1000 fen.

    A purchase of the cluster's largest need never earns at these prices; where nothing can be had yet, the first price counts.
    """
    price = np.full(shape, 2**62, np.int64)
    np.minimum.at(price, (points.material, points.usable), points.unit)
    price = np.minimum.accumulate(price, axis=1)
    first = np.where(price < 2**62, price, -1).max(axis=1, initial=-1)
    return np.where(price < 2**62, price, np.maximum(first, 0)[:, None])


def between(a: Prices, b: Prices) -> Prices:
    """Return the prices half way between two."""
    return Prices(*[(x + y) // 2 for x, y in zip(a, b, strict=True)])
