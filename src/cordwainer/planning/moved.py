"""The price of a move in the search: orders that stood as in the older plan are moved only where that earns more than it costs."""

from __future__ import annotations

import numpy as np

from cordwainer.planning.active import Active, active
from cordwainer.planning.guide import Guide, draws
from cordwainer.planning.onward import Paths as Memory
from cordwainer.planning.onward import new_paths
from cordwainer.planning.placing import Placer, Task
from cordwainer.planning.pricing import Prices
from cordwainer.planning.problem import Flags, Ints, Net
from cordwainer.planning.regroup import Lots
from cordwainer.planning.smooth import Point
from cordwainer.planning.state import State, lift, new_shelf, put_back, total
from cordwainer.planning.subproblem import those

COLD = 4e-4
"""Temperature at which a group's paths are drawn, as a share of the price of a usual pair."""


class NearGuide(Guide):
    """What the prices would have a few orders do, with all their candidates: nothing is asked of the others."""

    def __init__(self, net: Net, point: Point, unit: float, seed: int) -> None:
        self.net, self.point, self.tau = net, point, COLD * unit
        self._draws = draws(seed)

    def _at(self) -> tuple[Point, float]:
        return self.point, self.tau

    def lines(self, orders: Ints) -> Flags:
        """Return which lines may work for any of the orders."""
        net = self.net
        _, jobs = those(net.job_ptr, orders)
        _, candidates = those(net.cand_ptr, np.unique(net.job_list[jobs]).astype(np.int64))
        counts: Flags = np.zeros(len(net.line_firm), np.bool_)
        counts[net.cand_line[candidates]] = True
        return counts

    def _entries(self, own: Net, orders: Ints) -> tuple[Active, Memory]:
        part = active(own, 0, len(orders))
        return part, new_paths(own, part)


class MovePlacer(Placer):
    """Places groups anew, and undoes what moves more than it is worth."""

    def begin(self, price: int, lifted: Flags) -> None:
        """Note how orders stand; moving one that is not ``lifted`` costs ``price`` (1/1000 fen)."""
        st = self.state
        self.price = price
        self._stood = ((st.lots > 0) | (st.out_option >= 0)) & ~lifted
        self._then = st._replace(
            lots=st.lots.copy(),
            lot_cand=st.lot_cand.copy(),
            work=st.work.copy(),
            out_option=st.out_option.copy(),
            out_work=st.out_work.copy(),
        )

    def _moved(self, orders: Ints) -> int:
        """Return how many orders that stood are not as they were."""
        return sum(bool(self._stood[o]) and looks(self.state, o) != looks(self._then, o) for o in orders.tolist())

    def moved(self) -> int:
        """Return how many orders that stood are not as they were."""
        now, then = self.state, self._then
        other = (now.work != then.work).any(axis=(1, 2, 3)) | (now.lot_cand != then.lot_cand).any(axis=(1, 2))
        other |= (now.out_work != then.out_work).any(axis=1) | (now.out_option != then.out_option)
        return self._moved(np.flatnonzero(other))

    def _keep(self, task: Task, lots: dict[int, Lots] | None, levels: list[Prices]) -> int:
        """Put the lots found into the plan; undo that where it is not worth the orders that it moves."""
        if lots is None:
            return 0
        net, st, orders = self.net, self.state, task.orders
        before, moved = int(total(st)), self._moved(orders)
        shelf = new_shelf(st, len(orders))
        lift(net, st, orders, shelf)
        put_back(net, st, orders, shelf)
        super()._keep(task, lots, levels)
        better = int(total(st)) - before - self.price * (self._moved(orders) - moved)
        if better <= 0:
            put_back(net, st, orders, shelf)
            return 0
        return better


def looks(st: State, o: int) -> bytes:
    """Return how an order stands in a state, whatever the sequence of its lots."""
    lots = sorted(st.lot_cand[o, k].tobytes() + st.work[o, k].tobytes() for k in range(st.lots[o]))
    return b"".join([*lots, st.out_option[o].tobytes(), st.out_work[o].tobytes()])
