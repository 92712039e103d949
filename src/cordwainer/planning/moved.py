"""The price of a move in the search: orders that stood as in the older plan are moved only where that earns more than it costs."""

from __future__ import annotations

import numpy as np

from cordwainer.planning.active import active
from cordwainer.planning.guide import Answer, Guide
from cordwainer.planning.placing import Placer, Task
from cordwainer.planning.pricing import Prices
from cordwainer.planning.problem import Flags, Floats, Ints, Net
from cordwainer.planning.regroup import Lots
from cordwainer.planning.smooth import Point, new_paths, new_use, respond
from cordwainer.planning.state import State, lift, new_shelf, put_back, total

COLD = 4e-4
"""Temperature at which a group's paths are drawn, as a share of the price of a usual pair."""


class NearGuide(Guide):
    """What the prices would have a few orders do, with all their candidates: nothing is asked of the others."""

    def __init__(self, net: Net, point: Point, unit: float) -> None:
        self.net, self.point, self.tau = net, point, COLD * unit

    def ask(self, own: Net, orders: Ints) -> Answer:
        """Return what a group does: ``own`` is its net, ``orders`` its orders in the whole net."""
        part = active(own, 0, len(orders))
        paths = new_paths(own, int(np.diff(part.ent_ptr[part.seg_ptr]).max(initial=1)))
        use, made = new_use(own), np.zeros(len(orders))
        flows: Floats = np.zeros((len(part.cand), own.most.shape[1]))
        respond(own, part, self.point, paths, self.tau, use, made, flows)
        return Answer(part, flows, made, use)


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
