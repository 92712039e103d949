"""Shadow prices by the volume method: steps along the averaged shortage, kept where the bound falls.

At prices p every order takes its best path; the bound B(p) is convex and its slope in a price is supply less use.
Averaging the use over steps damps the swings of orders that go wholly one way (Barahona and Anbil 2000, The volume
algorithm, Mathematical Programming 87). Every evaluated B is valid, so the least one is kept.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numba as nb
import numpy as np

from cordwainer.planning.bound import Terms, cost_milli, largest_needs, purchase_points, terms, turning_points
from cordwainer.planning.limits import OfferPeriods
from cordwainer.planning.pricing import Prices, Room, Scratch, price_orders, scratch
from cordwainer.planning.problem import Floats, Ints, Net, Problem, Small


@nb.njit(cache=True, nogil=True)
def add_use(
    net: Net,
    kind: Small,
    cand: Ints,
    period: Small,
    load: Ints,
    need: Ints,
    cap: Ints,
    skill: Ints,
    tool: Ints,
    out: Ints,
) -> None:
    """Add up what the best paths of all orders use: minutes, material (micro units), flows, skills, tools, outside pairs."""
    for o in range(len(net.pairs)):
        n, j0 = net.pairs[o], net.job_ptr[o]
        if kind[o] == 2:
            out[net.out_maker[cand[j0]], period[j0]] += n
        if kind[o] != 1:
            continue
        for j in range(j0, net.job_ptr[o + 1]):
            c, t, sj = cand[j], period[j], net.job_sj[j]
            line = net.cand_line[c]
            d = net.line_defect[line]
            load[line, t] += n * net.cand_m[c]
            if net.sj_skill[sj] >= 0:
                row = net.skill_row[net.line_firm[line], net.sj_skill[sj]]
                if row >= 0:
                    skill[row, t] += n * net.cand_m[c]
            for k in range(net.job_tool_ptr[j], net.job_tool_ptr[j + 1]):
                tool[net.job_tool_row[k], t] += n * net.job_tool_share[k]
            for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
                need[net.sj_need_material[k], t] += n * net.sj_need[k, d]
            for g in range(net.cap_flow.shape[0]):
                if net.cap_line[g, line] and net.cap_period[g, t]:
                    f = net.cap_flow[g]
                    cap[g] += n * (net.line_flow[line, f] + net.sj_flow[sj, f, d])


@dataclass
class Pricer:
    """Prices of a problem, their bound, and the steps that lower it.

    ``best`` and ``bound`` (1/1000 fen) are those of the lowest bound so far; ``terms`` its parts.
    """

    problem: Problem
    offers: OfferPeriods
    arriving: Ints
    threads: int
    prices: Prices = field(init=False)
    terms: Terms = field(init=False)
    bound: int = field(init=False)
    largest: Ints = field(init=False)
    unit_price: Ints = field(init=False)

    def __post_init__(self) -> None:
        """Start from prices of material alone."""
        net = self.problem.net
        self.largest = largest_needs(net)
        self._points = purchase_points(self.offers, self.largest)
        self.unit_price = unit_prices(self.offers, net.supply.shape, self.largest)
        self._scratch = [scratch(net) for _ in range(max(1, self.threads))]
        self._scale, self._factor, self._failures = self._scales(), 0.3, 0
        self._centre = self._zero()
        later = np.concatenate([self.unit_price[:, 1:], np.zeros((len(self.unit_price), 1), np.int64)], axis=1)
        self._centre[1] = (self.unit_price - later).astype(float)
        self._mean: list[Floats] | None = None
        prices = self._whole(self._centre)
        self.terms, self._use = self.evaluate(prices)
        self.prices, self.bound = prices, self.terms.total()

    def _zero(self) -> list[Floats]:
        net = self.problem.net
        return [
            np.zeros(x.shape)
            for x in (net.most, net.supply, net.cap_amount, net.skill_limit, net.tool_limit, net.out_limit)
        ]

    def _scales(self) -> list[Floats]:
        """Return, for each price, how far it may move for a shortage of its whole supply, over that supply."""
        net = self.problem.net
        wage = float(np.median(net.ask)) / 60 if len(net.ask) else 1.0
        pair = float(np.median(net.price)) * 1000 if len(net.price) else 1.0
        unit = np.maximum(self.unit_price.max(axis=1, initial=1), 1)[:, None]

        def over(value: float, amount: Ints | Floats) -> Floats:
            scale: Floats = np.broadcast_to(value, amount.shape) / np.maximum(np.abs(amount.astype(float)), 1.0)
            return scale

        supply = np.broadcast_to(np.maximum(self.largest, 1)[:, None] / 2e3, net.supply.shape)
        return [
            over(wage, net.most / 1000),
            unit / np.maximum(supply, 1.0),
            over(pair / 20, net.cap_amount / 1000 / 10),
            over(wage, net.skill_limit / 1000),
            over(pair / 20, net.tool_limit / 1e6),
            over(pair / 20, net.out_limit),
        ]

    def _whole(self, point: list[Floats]) -> Prices:
        line, scarce, cap, skill, tool, out = point
        material = np.cumsum(scarce[:, ::-1], axis=1)[:, ::-1]
        whole = [np.rint(x).astype(np.int64) for x in (line, material, cap, skill, tool, out)]
        return Prices(*whole)

    def evaluate(self, prices: Prices) -> tuple[Terms, list[Floats]]:
        """Return the terms of the bound at prices, and shortage (use less supply) of everything priced."""
        net = self.problem.net
        count, J = len(net.pairs), len(net.job_list)
        cand, period = np.zeros(J, np.int64), np.zeros(J, np.int32)
        kind, best = np.zeros(count, np.int32), np.zeros(count, np.int64)
        empty = Room(net.most, net.regular, net.supply, net.cap_amount, net.skill_limit, net.tool_limit)
        parts = np.linspace(0, count, len(self._scratch) + 1).astype(int)

        def run(i: int, s: Scratch) -> None:
            price_orders(net, prices, s, empty, parts[i], parts[i + 1], cand, period, kind, best)

        if len(self._scratch) == 1:
            run(0, self._scratch[0])
        else:
            with ThreadPoolExecutor(len(self._scratch)) as pool:
                list(pool.map(run, range(len(self._scratch)), self._scratch))
        used = [np.zeros(x.shape, np.int64) for x in (net.most, net.supply, net.cap_amount, net.skill_limit)]
        tool, out = np.zeros(net.tool_limit.shape, np.int64), np.zeros(net.out_limit.shape, np.int64)
        add_use(net, kind, cand, period, used[0], used[1], used[2], used[3], tool, out)
        offered = np.where(60 * prices.line >= net.surcharge[:, None], net.most, net.regular)
        short_material = self._material_shortage(prices, used[1])
        shortage = [
            (used[0] - offered) / 1000,
            short_material,
            (used[2] - net.cap_amount) / 1000,
            (used[3] - net.skill_limit) / 1000,
            (tool - net.tool_limit) / 1e6,
            (out - net.out_limit).astype(float),
        ]
        return terms(self.problem, prices, best, self._points, self.arriving), shortage

    def _material_shortage(self, prices: Prices, need: Ints) -> Floats:
        """Return need less supply of each material up to and with each period, in units.

        Where stock does not suffice, purchases that do not lose at the price fill up; where it does, the rest is idle.
        """
        points = self._points
        most = np.zeros(self.problem.net.supply.shape)
        if points.useful.size:
            price = prices.material[points.material, points.usable]
            willing = price >= points.unit
            np.add.at(most, (points.material[willing], points.usable[willing]), points.useful.max(axis=1)[willing])
        lack = np.cumsum(need, axis=1) / 1e6 - np.cumsum(self.arriving, axis=1) / 1e3
        return np.where(lack < 0, lack, np.maximum(0.0, lack - np.cumsum(most, axis=1) / 1e3))

    def step(self, target: int) -> bool:
        """Take one step towards prices at which the bound meets ``target`` (1/1000 fen); return whether it fell."""
        keep = 0.9
        if self._mean is None:
            self._mean = self._use
        else:
            self._mean = [keep * a + (1 - keep) * b for a, b in zip(self._mean, self._use, strict=True)]
        move = [np.where((c <= 0) & (g < 0), 0.0, g) for c, g in zip(self._centre, self._mean, strict=True)]
        norm = sum(float((s * g * g).sum()) for s, g in zip(self._scale, move, strict=True))
        if norm <= 0:
            return False
        length = self._factor * max(self.bound - target, abs(self.bound) * 1e-4) / norm
        point = [np.maximum(0.0, c + length * s * g) for c, s, g in zip(self._centre, self._scale, move, strict=True)]
        prices = self._whole(point)
        parts, self._use = self.evaluate(prices)
        value = parts.total()
        if value < self.bound:
            self.bound, self.prices, self.terms, self._centre = value, prices, parts, point
            self._failures, self._factor = 0, min(1.8, self._factor * 1.15)
            return True
        self._failures += 1
        if self._failures >= 10:
            self._failures, self._factor = 0, max(1e-4, self._factor * 0.75)
        return False


def unit_prices(offers: OfferPeriods, shape: tuple[int, ...], largest: Ints) -> Ints:
    """Return the lowest price per unit at which each material can be had by each period, material x T, 1/1000 fen.

    A purchase of the cluster's largest need never earns at these prices; where nothing can be had yet, the first price counts.
    """
    price = np.full(shape, 2**62, np.int64)
    for i in range(len(offers.offer)):
        m, u, useful = offers.material[i], offers.usable[i], int(largest[offers.material[i]])
        if useful == 0:
            continue
        points = turning_points(offers, i, useful)
        each = min((cost_milli(offers, i, q) // min(q, useful) for q in points), default=2**62)
        price[m, u] = min(price[m, u], each)
    price = np.minimum.accumulate(price, axis=1)
    first = np.where(price < 2**62, price, -1).max(axis=1, initial=-1)
    return np.where(price < 2**62, price, np.maximum(first, 0)[:, None])
