"""Lines that can make one kind of shoe at one tier, as arrays, with the ways between them.

The bound looks for the best line and period of every stage over all of them at once. Values are 1/1000 fen in
64-bit integers; a product that could overflow is computed with Python's integers and then held at `MOST`, which is
beyond anything that an order can earn, so that no result of the bound depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cordwainer.referee.eligibility import Eligibility
from cordwainer.referee.facts import Facts
from cordwainer.referee.flows import CARBON
from cordwainer.referee.lines import Kind, Line
from cordwainer.referee.orders import Order
from cordwainer.referee.styles import Stage, Style

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MOST = 1 << 56
NO = -(1 << 60)
"""The value of what is not allowed: below the dearest path of five stages that each cost `MOST`."""


def floor_product(a: Ints, b: Ints, divisor: int) -> Ints:
    """Return a x b / divisor rounded down, elementwise for values >= 0, held at `MOST`."""
    if a.size and b.size and int(a.max()) * int(b.max()) >= 1 << 62:
        wide: npt.NDArray[Any] = a.astype(object) * b.astype(object) // divisor
        small: Ints = np.minimum(wide, MOST).astype(np.int64)
        return small
    narrow: Ints = np.minimum(a * b // divisor, MOST)
    return narrow


def held(values: list[int]) -> Ints:
    """Return integers as an array, each held at `MOST`."""
    return np.array([min(v, MOST) for v in values], dtype=np.int64)


@dataclass(frozen=True)
class Priced:
    """Shadow prices as arrays over T periods, in 1/1000 fen; a thing without a row has price 0.

    ``free`` are the minutes that frozen lots leave of the most a line can work (K' of the plan model).
    """

    line: dict[str, Ints]
    material: dict[str, Ints]
    cap: dict[str, int]
    skill: dict[tuple[str, str], Ints]
    tool: dict[tuple[str, str, str], Ints]
    free: dict[str, list[int]]


class StageGrid:
    """The n lines of a stage that can make a kind of shoe at a tier, sorted by district."""

    def __init__(self, facts: Facts, prices: Priced, lines: list[Line], kind: Kind) -> None:
        self.facts, self.prices = facts, prices
        self.lines = sorted(lines, key=lambda x: x.district)
        T = len(facts.clock)
        none = np.zeros(T, np.int64)
        n = len(self.lines)
        self.districts = sorted({x.district for x in lines})
        of = {d: k for k, d in enumerate(self.districts)}
        self.district: Ints = np.array([of[x.district] for x in self.lines], dtype=np.int64)
        self.starts: Ints = np.searchsorted(self.district, np.arange(len(self.districts)))
        self.firms = [x.firm for x in self.lines]
        defects, self.which = np.unique([x.defect for x in self.lines], return_inverse=True)
        self.defects = [int(d) for d in defects]
        self.efficiency: Ints = np.array([x.efficiency(kind) for x in self.lines], dtype=np.int64)
        self.ask = held([x.ask for x in self.lines])
        self.extra = held([1000 * x.piece_price(kind) for x in self.lines])
        self.pi: Ints = np.array([prices.line.get(x.id, none) for x in self.lines], dtype=np.int64).reshape(n, T)
        self.open: Bools = np.array([prices.free[x.id] for x in self.lines], dtype=np.int64).reshape(n, T) > 0
        self._permits: dict[tuple[str, str], Bools] = {}

    def minutes(self, stage: Stage) -> Ints:
        """Return minutes per pair in 1/1000 minute, n."""
        defect = np.array(self.defects, dtype=np.int64)[self.which]
        return -((-10 * stage.minutes * (10_000 + defect)) // self.efficiency)

    def cost(self, stage: Stage) -> Ints:
        """Return labour, piece price, material, flows and carbon of a pair at the prices, n x T; tools not included."""
        total = floor_product(self.minutes(stage)[:, None], self._rate(stage), 60_000)
        total += self.extra[:, None] + self._materials(stage)[self.which]
        for cap in self.prices.cap:
            self._add_cap(total, stage, cap)
        if self.facts.carbon_price > 0:
            grams = [self.facts.flows.per_pair(stage, x, CARBON) for x in self.lines]
            total += held([int(g * self.facts.carbon_price / 1_000_000) for g in grams])[:, None]
        return np.minimum(total, MOST)

    def _rate(self, stage: Stage) -> Ints:
        """Return what an hour costs with the prices of line and skill, n x T."""
        if stage.skill is None or not self.prices.skill:
            return self.ask[:, None] + 60 * self.pi
        none = np.zeros(len(self.facts.clock), np.int64)
        skill = [self.prices.skill.get((f, stage.skill), none) for f in self.firms]
        return self.ask[:, None] + 60 * (self.pi + np.array(skill, dtype=np.int64).reshape(self.pi.shape))

    def _materials(self, stage: Stage) -> Ints:
        """Return the priced material of a pair, by defect share and period."""
        total = np.zeros((len(self.defects), len(self.facts.clock)), np.int64)
        for k, defect in enumerate(self.defects):
            for material, need in stage.need(defect):
                price = self.prices.material.get(material)
                if price is not None:
                    total[k] += floor_product(np.array([need]), price, 1_000_000)
                    np.minimum(total[k], MOST, out=total[k])
        return total

    def _add_cap(self, total: Ints, stage: Stage, cap_id: str) -> None:
        cap, price = self.facts.caps[cap_id], self.prices.cap[cap_id]
        flow = [self.facts.flows.per_pair(stage, x, cap.flow) if cap.holds(x) else 0 for x in self.lines]
        if any(flow) and price:
            paid = floor_product(held(flow), held([price]), 1000)
            for t in cap.periods:
                total[:, t] = np.minimum(total[:, t] + paid, MOST)

    def allowed(self, permits: Eligibility, order: Order, stage: str) -> Bools:
        """Return where rule 4 allows the stage of an order, n x T."""
        wanted = np.array([permits.wanted(order, stage, x) for x in self.lines], dtype=bool)
        allowed = np.repeat(wanted[:, None], len(self.facts.clock), axis=1)
        if order.row["approval_needed"]:
            allowed &= self._permit("approval", order.buyer, stage, permits)
        for standard, of in order.needs:
            if of == stage:
                allowed &= self._permit("certificate", standard, stage, permits)
        return allowed

    def _permit(self, sort: str, name: str, stage: str, permits: Eligibility) -> Bools:
        if (sort, name) not in self._permits:
            if sort == "approval":
                rows = [permits.approval(name, x.site, stage) for x in self.lines]
            else:
                rows = [permits.certified(x.firm, name, stage) for x in self.lines]
            self._permits[sort, name] = np.array(rows, dtype=bool).reshape(self.open.shape)
        return self._permits[sort, name]


class Ways:
    """Transfers from the lines of one stage to those of the next."""

    def __init__(self, facts: Facts, giver: StageGrid, taker: StageGrid) -> None:
        self.giver, self.taker = giver, taker
        shape = (len(giver.districts), len(taker.districts))
        self.price: Ints = np.zeros(shape, np.int64)
        T = len(facts.clock)
        self.latest: Ints = np.full((*shape, T), -1, np.int64)
        for i, one in enumerate(giver.districts):
            for j, two in enumerate(taker.districts):
                row = facts.transfers.get((one, two))
                if row is not None or one == two:
                    lag = 0 if row is None else row["lag_days"]
                    self.price[i, j] = 0 if row is None else self._price(facts, row)
                    self.latest[i, j] = [facts.clock.last_before(t, lag) for t in range(T)]
        self._same_firm(facts)

    @staticmethod
    def _price(facts: Facts, row: dict[str, Any]) -> int:
        price: int = 1000 * row["fen_pair"] + int(row["carbon"] * facts.carbon_price / 1_000_000)
        return min(MOST, price)

    def _same_firm(self, facts: Facts) -> None:
        """Collect pairs of lines of one firm between which the lag of their districts is lifted."""
        takers: dict[str, list[int]] = {}
        for j, firm in enumerate(self.taker.firms):
            takers.setdefault(firm, []).append(j)
        pairs: list[tuple[int, int, int]] = []
        for i, one in enumerate(self.giver.lines):
            for j in takers.get(one.firm, ()):
                row = facts.transfers.get((one.district, self.taker.lines[j].district))
                if row is not None and row["lag_days"] > 0:
                    pairs.append((i, j, self._price(facts, row)))
        self.pairs: Ints = np.array(pairs, dtype=np.int64).reshape(-1, 3)

    def arrive(self, value: Ints, first: int, last: int) -> Ints:
        """Return the best value with which a pair can reach each line of the next stage in each period.

        Parameters
        ----------
        value
            Value of a pair worked on a line in a period, n x w, for the periods ``first`` to ``last`` - 1.
        first, last
            The window.
        """
        by_now = np.maximum.accumulate(value, axis=1)
        by_district = np.maximum.reduceat(by_now, self.giver.starts, axis=0)
        latest = self.latest[:, :, first:last] - first
        shape = (by_district.shape[0], latest.shape[1], last - first)
        found = np.take_along_axis(np.broadcast_to(by_district[:, None, :], shape), np.maximum(latest, 0), axis=2)
        found = np.where(latest < 0, NO, found - self.price[:, :, None])
        best: Ints = found.max(axis=0)[self.taker.district]
        if len(self.pairs):
            np.maximum.at(best, self.pairs[:, 1], by_now[self.pairs[:, 0]] - self.pairs[:, 2][:, None])
        return best


class Grid:
    """All stages of a kind of shoe at a tier."""

    def __init__(self, facts: Facts, prices: Priced, lines: dict[str, list[Line]], style: Style) -> None:
        self.facts = facts
        self.stages: dict[str, StageGrid] = {}
        for name in style.stages:
            able = [x for x in lines.get(name, ()) if x.tier >= style.tier and style.kind in x.makes]
            self.stages[name] = StageGrid(facts, prices, able, style.kind)
        self._ways: dict[tuple[str, str], Ways] = {}

    def ways(self, giver: str, taker: str) -> Ways:
        """Return the transfers between two stages."""
        if (giver, taker) not in self._ways:
            self._ways[giver, taker] = Ways(self.facts, self.stages[giver], self.stages[taker])
        return self._ways[giver, taker]
