"""The best path of a pair of every order at given prices: a line and a period for every stage."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from cordwainer.referee.arrays import MOST, NO, Ints, floor_product
from cordwainer.referee.eligibility import Eligibility
from cordwainer.referee.facts import Facts
from cordwainer.referee.grid import Grid, Priced
from cordwainer.referee.lines import Line
from cordwainer.referee.orders import Order
from cordwainer.referee.styles import Style


@dataclass(frozen=True)
class Found:
    """What the search says of an order.

    ``value`` is that of its best path without the net price in 1/1000 fen (None: no path); ``defects`` the largest
    defect share of an eligible line by stage, in 1/10,000.
    """

    value: int | None
    defects: dict[str, int]


class Search:
    """Best paths at given prices.

    Parameters
    ----------
    facts, permits, prices
        The cluster's facts, who may make what, and the prices.
    """

    def __init__(self, facts: Facts, permits: Eligibility, prices: Priced) -> None:
        self.facts, self.permits, self.prices = facts, permits, prices
        self.lines: dict[str, list[Line]] = {}
        for line in facts.lines.values():
            self.lines.setdefault(line.stage, []).append(line)

    def all(self) -> dict[str, Found]:
        """Return what is found of every order; orders of one style share their costs."""
        found: dict[str, Found] = {}
        grids: dict[Hashable, Grid] = {}
        by_style = sorted(self.facts.orders.values(), key=lambda o: (o.style.kind, o.style.tier, o.style.id))
        for style_id, group in groupby(by_style, key=lambda o: o.style.id):
            style = self.facts.styles[style_id]
            shape = (style.kind, style.tier, tuple((s.name, s.after) for s in style.stages.values()))
            if shape not in grids:
                grids[shape] = Grid(self.facts, self.prices, self.lines, style)
            costs = {s.name: grids[shape].stages[s.name].cost(s) for s in style.stages.values()}
            alike: dict[Hashable, Found] = {}
            for order in group:
                key = self._likeness(order)
                if key not in alike:
                    alike[key] = self.one(order, grids[shape], costs)
                found[order.id] = alike[key]
        return found

    def _likeness(self, order: Order) -> Hashable:
        """Return what two orders of a style must share to have the same best path."""
        shares = tuple(self.facts.tool_shares(order).items())
        buyer = order.buyer if order.row["approval_needed"] else None
        late = order.row["late_fen_pair_week"]
        return order.window, order.named, order.barred, order.needs, buyer, shares, late, order.late if late else None

    def one(self, order: Order, grid: Grid, costs: dict[str, Ints]) -> Found:
        """Return the best path of an order: stage by stage, the best value with which a pair leaves each line."""
        first, last = order.window.start, order.window.stop
        if not order.window:
            return Found(None, {})
        style, value, defects = order.style, dict[str, Ints](), dict[str, int]()
        for name, step in style.stages.items():
            stage = grid.stages[name]
            allowed = stage.allowed(self.permits, order, name)[:, first:last]
            usable = allowed.any(axis=1)
            if usable.any():
                defects[name] = max(stage.defects[k] for k in set(stage.which[usable].tolist()))
            if not stage.lines or any(p not in value for p in style.before(name)):
                continue
            best = -costs[name][:, first:last] - self._tools(order, name)[first:last]
            for before in style.before(name):
                best = best + grid.ways(before, name).arrive(value[before], first, last)
            if step.after is None:
                best = best - np.array([min(MOST, order.lateness_mfen(t)) for t in order.window], dtype=np.int64)
            best = np.where(allowed & stage.open[:, first:last], best, NO)
            value[name] = np.maximum(best, NO)
        return Found(self._top(style, value), defects)

    @staticmethod
    def _top(style: Style, value: dict[str, Ints]) -> int | None:
        top = int(value[style.last_stage].max()) if style.last_stage in value else NO
        return top if top > NO // 2 else None

    def _tools(self, order: Order, stage: str) -> Ints:
        """Return the priced tools of a pair by period."""
        total = np.zeros(len(self.facts.clock), np.int64)
        for tool, share in self.facts.tool_shares(order).get(stage, ()):
            if tool in self.prices.tool:
                total += floor_product(np.array([share]), self.prices.tool[tool], 1_000_000)
        return np.minimum(total, MOST)
