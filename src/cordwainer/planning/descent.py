"""Prices by accelerated descent on the smoothed bound, cooled step by step.

Minimise  sum over orders of n * soft best value + supply terms  over prices >= 0 (materials non-increasing in t). Each step divides the
slope (supply less use) by an estimate of its own curvature, projects, and adds momentum that restarts whenever it points
uphill (Beck and Teboulle 2009, A fast iterative shrinkage-thresholding algorithm, SIAM J. Imaging Sciences 2; O'Donoghue and
Candes 2015, Adaptive restart for accelerated gradient schemes, Foundations of Computational Mathematics 15).

Price by price the curvature of a material is large, as orders move their work from period to period; moved alike in all periods it is
small, as an order that is made needs the material in any case. So each step also moves whole materials, by their own curvature.
Where the slope turned faster than the estimate says, what was seen counts (a secant for every price).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numba as nb
import numpy as np

from cordwainer.planning.active import YUAN, Active, active, mark_best
from cordwainer.planning.bound import Points
from cordwainer.planning.onward import Paths, new_paths
from cordwainer.planning.problem import Flags, Floats, Ints, Net
from cordwainer.planning.smooth import Point, Use, new_use, respond

MATERIAL = 1
SHORTER = 1.2
"""Factor by which steps get shorter after one that led up."""
FORGOTTEN, MOST_SEEN = 0.8, 50.0
"""Factor by which curvature seen on the way counts less from step to step; most that it counts for, as a multiple of the estimate."""
STILL, TOO_FAR = 1e-9, 0.02
"""A price that moved by less did not move; share of the lowest value by which a step that leads higher is undone."""
CHUNK = 200_000
"""Candidates asked at a time: what that takes is some hundred bytes each."""
LEAST_CURVE, FARTHEST_SHIFT = 0.05, 1.0
"""Curvature of a whole material as a share of the sum over its periods, at least; temperatures by which its shift may change the
cost of a pair, at most."""
PARTS = 2
"""Orders are always cut into so many parts, so that sums do not depend on the number of threads."""


@dataclass
class Slope:
    """Smoothed bound in yuan at a point, its slope and the curvature of each price by itself.

    ``shift`` is where the prices of materials (M x T) would go if those of all periods moved alike.
    """

    value: float
    slope: Point
    curve: Point
    shift: Floats


class Market:
    """All orders facing prices: demand from the orders, supply from lines, stock, purchases and limits."""

    def __init__(self, net: Net, points: Points, arriving: Ints, threads: int) -> None:
        self.net = net
        self.surcharge = np.broadcast_to((net.surcharge / 60 * YUAN)[:, None], net.regular.shape)
        useful = points.useful.max(axis=1, initial=0)
        good = useful > 0
        self.buy_material, self.buy_period = points.material[good], points.usable[good]
        self.buy_price, self.buy_units = np.maximum(points.unit[good] * YUAN, 1e-9), useful[good] / 1e3
        self.regular, self.extra = net.regular / 1e3, (net.most - net.regular) / 1e3
        self.arriving = arriving / 1e3
        self.limits = (net.cap_amount / 1e3, net.skill_limit / 1e3, net.tool_limit / 1e6, net.out_limit.astype(float))
        self.ceiling = _ceiling(net)
        self._whole = _needs_by_order(net)
        self._most_needed = np.zeros(net.supply.shape[0])
        np.maximum.at(self._most_needed, self._whole[1], self._whole[2])
        self.keep_ptr = np.concatenate([[0], np.cumsum(np.diff(net.cand_ptr)[net.job_list])]).astype(np.int64)
        self._cuts = self._even_cuts(PARTS)
        self._pool = ThreadPoolExecutor(max(1, threads))
        self.parts: list[tuple[Active, Paths]] = []

    def _even_cuts(self, parts: int) -> list[int]:
        """Return where to cut the orders into parts of about equal work."""
        net = self.net
        if not len(net.pairs):
            return [0, 0]
        wide = np.diff(net.cand_ptr)[net.job_list] + 8
        work = np.add.reduceat(wide, net.job_ptr[:-1]) * np.maximum(1, net.last - net.first + 1)
        done = np.concatenate([[0], np.cumsum(work)])
        cuts = np.searchsorted(done, np.linspace(0, done[-1], max(1, parts) + 1))
        cuts[0], cuts[-1] = 0, len(net.pairs)
        return [int(c) for c in cuts]

    def shortlist(self, keep: Flags) -> None:
        """Let only the marked candidates take part."""
        self.parts = []
        for a, b in zip(self._cuts[:-1], self._cuts[1:], strict=True):
            part = active(self.net, a, b, keep, self.keep_ptr)
            self.parts.append((part, new_paths(self.net, part)))

    def ask_all(self, x: Point, tau: float, least: float, most: int) -> Flags:
        """Ask all lines for all orders; return marks of the ``most`` candidates of each job that orders use most.

        Each carries more than a share ``least`` of its order at prices ``x`` and temperature ``tau``.
        """
        marks = np.zeros(int(self.keep_ptr[-1]), np.bool_)
        net, made = self.net, np.zeros(len(self.net.pairs))
        starts = self.keep_ptr[net.job_ptr]
        cuts = np.unique(np.searchsorted(starts, np.arange(0, starts[-1] + CHUNK, CHUNK), side="right") - 1)

        def run(begin: int, end: int) -> None:
            part = active(net, begin, end)
            table = np.zeros((len(part.cand), net.most.shape[1]))
            respond(net, part, x, new_paths(self.net, part), tau, new_use(net), made, table)
            mark_best(net, part, table, least, most, marks, self.keep_ptr)

        ends = [*cuts[1:].tolist(), len(net.pairs)]
        pieces = [(a, b) for a, b in zip(cuts.tolist(), ends, strict=True) if a < b]
        list(self._pool.map(lambda piece: run(*piece), pieces))
        return marks

    def at(self, x: Point, tau: float) -> Slope:
        """Return the smoothed bound at prices ``x`` and temperature ``tau`` (yuan a pair)."""
        made = np.zeros(len(self.net.pairs))
        none = np.zeros((0, 0))

        def run(piece: tuple[Active, Paths]) -> tuple[float, Use]:
            use = new_use(self.net)
            return respond(self.net, piece[0], x, piece[1], tau, use, made, none), use

        done = list(self._pool.map(run, self.parts))
        uses = [use for _, use in done]
        amount, square = (_sum([use[k] for use in uses]) for k in range(2))
        return self._with_supply(x, tau, sum(v for v, _ in done), Use(amount, square), made)

    def _with_supply(self, x: Point, tau: float, value: float, use: Use, made: Floats) -> Slope:
        warm = tau / 20  # yuan a minute: the kink at the overtime surcharge, smoothed like the orders
        over, over_slope, over_curve = _soft_step(x.line - self.surcharge, np.full(1, warm))
        value += float((x.line * self.regular + over * self.extra).sum())
        line = self.regular + over_slope * self.extra - use.amount.line
        line_curve = use.square.line / tau + self.extra * over_curve
        at = (self.buy_material, self.buy_period)
        gain, buy, buy_curve = _soft_step(x.material[at] - self.buy_price, self.buy_price * tau / 40)
        value += float((gain * self.buy_units).sum() + (x.material * self.arriving).sum())
        supply, supply_curve = self.arriving.copy(), np.zeros(self.arriving.shape)
        np.add.at(supply, at, buy * self.buy_units)
        np.add.at(supply_curve, at, buy_curve * self.buy_units)
        material, material_curve = supply - use.amount.material, supply_curve + use.square.material / tau
        priced = (x.cap, x.skill, x.tool, x.outside)
        value += sum(float((p * lim).sum()) for p, lim in zip(priced, self.limits, strict=True))
        left = [lim - used for lim, used in zip(self.limits, use.amount[2:], strict=True)]
        return Slope(
            value,
            Point(line, material, *left),
            Point(line_curve, material_curve, *[square / tau for square in use.square[2:]]),
            self._shift(x.material, material, material_curve, supply_curve, made, tau),
        )

    def _shift(self, x: Floats, slope: Floats, curve: Floats, supply_curve: Floats, made: Floats, tau: float) -> Floats:
        """Return by how much to move each material's prices alike, where they are free to move."""
        order, material, need = self._whole
        share = made[order]
        weight = need * need * self.net.pairs[order] * share * (1 - share) / tau
        free = (x > 0) | (slope < 0)
        by_orders = np.bincount(material, weights=weight, minlength=len(x))
        whole = by_orders + np.where(free, supply_curve, 0.0).sum(axis=1)
        whole = np.maximum(whole, LEAST_CURVE * np.where(free, curve, 0.0).sum(axis=1))
        far = FARTHEST_SHIFT * tau / np.maximum(self._most_needed, 1e-9)
        shift = np.clip(-np.where(free, slope, 0.0).sum(axis=1) / np.maximum(whole, 1e-12), -far, far)
        moved: Floats = np.where(free, shift[:, None], 0.0)
        return moved


def _sum(points: Sequence[Point]) -> Point:
    return Point(*[sum(column[1:], column[0]) for column in zip(*points, strict=True)])


def _soft_step(excess: Floats, warm: Floats) -> tuple[Floats, Floats, Floats]:
    """Return warm * log(1 + exp(excess / warm)), its slope and its curvature."""
    e = np.clip(excess / warm, -60, 60)
    slope = 1 / (1 + np.exp(-e))
    return np.where(e < 50, np.log1p(np.exp(np.minimum(e, 50))) * warm, excess), slope, slope * (1 - slope) / warm


@nb.njit(cache=True, nogil=True)
def project(value: Floats, weight: Floats) -> None:
    """Make each row non-increasing and at least 0, as near as can be in the weighted square (pool adjacent violators)."""
    rows, T = value.shape
    level, mass, count = np.zeros(T), np.zeros(T), np.zeros(T, np.int64)
    for r in range(rows):
        k = 0
        for t in range(T):
            level[k], mass[k], count[k] = value[r, t], weight[r, t], 1
            k += 1
            while k > 1 and level[k - 1] > level[k - 2]:
                both = mass[k - 2] + mass[k - 1]
                level[k - 2] = (level[k - 2] * mass[k - 2] + level[k - 1] * mass[k - 1]) / both
                mass[k - 2] = both
                count[k - 2] += count[k - 1]
                k -= 1
        t = 0
        for i in range(k):
            for _ in range(count[i]):
                value[r, t] = max(0.0, level[i])
                t += 1


def inside(x: list[Floats], metric: list[Floats], ceiling: Point) -> Point:
    """Return the nearest point of the allowed prices."""
    for i, values in enumerate(x):
        np.minimum(values, ceiling[i], out=values)
        if i == MATERIAL:
            project(values, metric[i])
        else:
            np.maximum(values, 0, out=values)
    return Point(*x)


def stakes(net: Net) -> Floats:
    """Return what is at stake with a pair of each order, in yuan: its price, or the penalty of not making it."""
    stake: Floats = np.maximum(1000 * net.price, -net.theta) * YUAN
    return stake


def _ceiling(net: Net) -> Point:
    """Return prices at which one pair that uses least costs several times what any order has at stake."""
    stake = 4 * float(stakes(net).max(initial=YUAN))

    def above(use: Floats) -> Floats:
        return np.full(1, stake / max(1e-6, float(use[use > 0].min(initial=1.0))))

    need = np.full(net.supply.shape[0], np.inf)
    if net.sj_need.size:
        np.minimum.at(need, net.sj_need_material, np.where(net.sj_need[:, 0] > 0, net.sj_need[:, 0], np.inf) * 1e-6)
    flow = np.minimum(
        net.line_flow[net.line_flow > 0].min(initial=1000), net.sj_flow[net.sj_flow > 0].min(initial=1000)
    )
    minutes = above(net.cand_m / 1e3)
    return Point(
        line=minutes,
        material=np.where(need < np.inf, stake / need, 0.0)[:, None],
        cap=above(np.full(1, flow / 1e3)),
        skill=minutes,
        tool=above(net.job_tool_share / 1e6),
        outside=np.full(1, stake),
    )


def _needs_by_order(net: Net) -> tuple[Ints, Ints, Floats]:
    """Return order, material and units a pair, all stages together."""
    rows = np.diff(net.sj_need_ptr)[net.job_sj]
    order = np.repeat(np.repeat(np.arange(len(net.pairs)), np.diff(net.job_ptr)), rows)
    first = np.repeat(net.sj_need_ptr[net.job_sj] - np.concatenate([[0], np.cumsum(rows)[:-1]]), rows)
    at = first + np.arange(len(first))
    M = max(1, net.supply.shape[0])
    both, inverse = np.unique(order * M + net.sj_need_material[at], return_inverse=True)
    need: Floats = np.bincount(inverse, weights=net.sj_need[at, 0] * 1e-6, minlength=len(both)).astype(np.float64)
    return (both // M).astype(np.int64), (both % M).astype(np.int64), need


def _metric(curve: Point, careful: float) -> list[Floats]:
    """Return the divisor of each slope: ``careful`` x curvature, where there is hardly any, some of that beside it."""
    metric = []
    for c in curve:
        if c.ndim == 2 and c.size:
            floor = 0.05 * c.mean(axis=1, keepdims=True) + 0.01 * c.mean()
        else:
            floor = np.full(1, 0.05 * c.mean() if c.size else 1.0)
        metric.append(careful * np.maximum(np.maximum(c, floor), 1e-12))
    return metric


class Descent:
    """Steps down the smoothed bound at one temperature; ``x`` is where it stands."""

    def __init__(self, market: Market, x: Point, tau: float, careful: float = 2.0) -> None:
        self.market, self.tau, self.careful = market, tau, careful
        first = market.at(x, tau)
        self._here: Slope | None = first  # the first step starts where the slope is known
        self.metric = _metric(first.curve, careful)
        self.x = self._y = x
        self._a, self.steps = 1.0, 0
        self._best, self._best_x, self._best_curve = first.value, x, first.curve
        self._before, self._pushed = np.inf, False
        self._seen: list[Floats] | None = None
        self._last: tuple[Point, Point] | None = None

    @property
    def lowest(self) -> float:
        """The lowest smoothed bound so far, yuan."""
        return self._best

    def refresh(self) -> None:
        """Go on after other candidates take part: what was lowest with those of before says nothing any more."""
        self._here = None
        self._best = self._before = np.inf

    def step(self) -> None:
        """Take one step."""
        s = self._here or self.market.at(self._y, self.tau)
        self._here = None
        self.steps += 1
        metric = self._measured(s)
        if s.value < self._best:
            self._best, self._best_x, self._best_curve = s.value, self._y, s.curve
        elif not s.value <= self._best + TOO_FAR * abs(self._best):  # or not a number
            self.careful *= 1.5
            self.metric = _metric(self._best_curve, self.careful)
            self.x = self._y = self._best_x
            self._a = 1.0
            self._before = np.inf
            return
        if s.value > self._before and not self._pushed:  # a plain step may not lead up: it was too long
            self.careful *= SHORTER
            self.metric = [SHORTER * m for m in self.metric]
        there = [y - g / h for y, g, h in zip(self._y, s.slope, metric, strict=True)]
        there[MATERIAL] += s.shift / self.careful
        new = inside(there, metric, self.market.ceiling)
        ahead = [a - b for a, b in zip(new, self.x, strict=True)]
        uphill = sum(float((g * d).sum()) for g, d in zip(s.slope, ahead, strict=True)) > 0 or s.value > self._before
        a = 1.0 if uphill else self._a
        following = (1 + (1 + 4 * a * a) ** 0.5) / 2
        push = 0.0 if uphill else (a - 1) / following
        self._before, self._pushed = s.value, push > 0
        self._y = inside([n + push * d for n, d in zip(new, ahead, strict=True)], metric, self.market.ceiling)
        self.x, self._a = new, following
        if self.steps % 10 == 0:
            fresh = _metric(s.curve, self.careful)
            self.metric = [0.5 * old + 0.5 * now for old, now in zip(self.metric, fresh, strict=True)]

    def _measured(self, s: Slope) -> list[Floats]:
        """Return the metric, larger where the slope turned faster than it says."""
        before, self._last = self._last, (self._y, s.slope)
        if before is not None:
            moved = [np.abs(y - b) for y, b in zip(self._y, before[0], strict=True)]
            turned = [np.abs(g - b) for g, b in zip(s.slope, before[1], strict=True)]
            now = [np.where(d > STILL, t / np.maximum(d, STILL), 0.0) for d, t in zip(moved, turned, strict=True)]
            old = self._seen or now
            self._seen = [np.maximum(FORGOTTEN * o, n) for o, n in zip(old, now, strict=True)]
        if self._seen is None:
            return self.metric
        return [np.maximum(m, np.minimum(x, MOST_SEEN * m)) for m, x in zip(self.metric, self._seen, strict=True)]
