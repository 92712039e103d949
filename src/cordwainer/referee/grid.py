"""Lines that can make one kind of shoe at one tier, as arrays with what a pair costs on them at the prices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cordwainer.referee.arrays import MOST, NO, Bools, Ints, floor_product, held, with_seconds
from cordwainer.referee.eligibility import Eligibility
from cordwainer.referee.facts import Facts
from cordwainer.referee.flows import CARBON
from cordwainer.referee.lines import Kind, Line
from cordwainer.referee.orders import Order
from cordwainer.referee.styles import Stage, Style
from cordwainer.referee.ways import Ways


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
        self.firms = [x.firm for x in self.lines]
        defects, self.which = np.unique([x.defect for x in self.lines], return_inverse=True)
        self.defects = [int(d) for d in defects]
        self.efficiency: Ints = np.array([x.efficiency(kind) for x in self.lines], dtype=np.int64)
        self.ask = held([x.ask for x in self.lines])
        self.extra = held([1000 * x.piece_price(kind) for x in self.lines])
        self.pi: Ints = np.array([prices.line.get(x.id, none) for x in self.lines], dtype=np.int64).reshape(n, T)
        self.open: Bools = np.array([prices.free[x.id] for x in self.lines], dtype=np.int64).reshape(n, T) > 0
        self._own_flow: dict[str, Ints] = {}
        self._permits: dict[tuple[str, str], Bools] = {}

    def minutes(self, stage: Stage) -> Ints:
        """Return minutes per pair in 1/1000 minute, n."""
        defect = np.array(self.defects, dtype=np.int64)[self.which]
        return -((-10 * stage.minutes * (10_000 + defect)) // self.efficiency)

    def cost(self, stage: Stage) -> Ints:
        """Return labour, piece price, material, flows and carbon of a pair at the prices, n x T; tools not included."""
        total = floor_product(self.minutes(stage)[:, None], self._rate(stage), 60_000)
        total += self.extra[:, None] + self._materials(stage)[self.which]
        for flow, layers in self.layers.items():
            amount = self._known(self._flow(stage, flow), layers, flow)
            for layer in layers:
                total = np.minimum(total + floor_product(amount[:, None], layer, 1000), MOST)
        if self.facts.carbon_price > 0:
            everywhere = [np.ones(self.open.shape, dtype=np.int64)]
            grams = self._known(self._flow(stage, CARBON), everywhere, CARBON)
            fen = [int(g * self.facts.carbon_price / 1_000_000) for g in grams.tolist()]
            total += held(fen)[:, None]
        return np.minimum(total, MOST)

    @cached_property
    def layers(self) -> dict[str, list[Ints]]:
        """Prices of caps by flow, n x T each; caps that meet in a line and period stand in different layers."""
        found: dict[str, list[Ints]] = {}
        for cap_id, price in self.prices.cap.items():
            cap = self.facts.caps[cap_id]
            scope = np.array([cap.holds(x) for x in self.lines], dtype=bool)
            counts = np.array([t in cap.periods for t in range(self.open.shape[1])])
            where = scope[:, None] & counts
            if price and where.any():
                layers = found.setdefault(cap.flow, [])
                layer = next((x for x in layers if not x[where].any()), None)
                if layer is None:
                    layers.append(layer := np.zeros(self.open.shape, np.int64))
                layer[where] = price
        return found

    def _flow(self, stage: Stage, flow: str) -> Ints:
        """Return the flow of a pair in 1/1000, n; negative where the line's own part is unknown."""
        if flow not in self._own_flow:
            given = [self.facts.flows.lines.get((x.id, flow)) for x in self.lines]
            unknown = 0 if self.facts.flows.counted_at.get(flow, "both") == "material" else NO
            self._own_flow[flow] = held([unknown if g is None else g for g in given])
        of_materials = with_seconds(self.facts.flows.of_materials(stage, flow), self.defects, 10**12)
        return self._own_flow[flow] + of_materials[self.which]

    def _known(self, flow: Ints, prices: list[Ints], name: str) -> Ints:
        """Return the flow of the lines that have a price, 0 for the others; raise where one of them is unknown."""
        counted: Ints = np.where(np.any([p.any(axis=1) for p in prices], axis=0), flow, 0)
        if counted.size and counted.min() < 0:
            self.facts.flows.of_line(self.lines[int(counted.argmin())], name)
        return counted

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
        needs: dict[str, Ints] = {}
        for c in stage.bill:
            if c.own and c.material in self.prices.material:
                need = with_seconds(c.quantity * (10_000 + c.loss), self.defects, 1_000_000)
                needs[c.material] = needs.get(c.material, 0) + need
        for material, by_defect in needs.items():
            total += floor_product(np.minimum(by_defect, MOST)[:, None], self.prices.material[material], 1_000_000)
            np.minimum(total, MOST, out=total)
        return total

    def allowed(self, permits: Eligibility, order: Order, stage: str) -> Bools:
        """Return where rule 4 allows the stage of an order, n x T."""
        allowed = np.ones(self.open.shape, dtype=bool)
        if order.named or order.barred:
            wanted = {firm for firm in set(self.firms) if permits.wanted(order, stage, firm)}
            allowed[[firm not in wanted for firm in self.firms]] = False
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
            self._ways[giver, taker] = Ways(self.facts, self.stages[giver].lines, self.stages[taker].lines)
        return self._ways[giver, taker]
