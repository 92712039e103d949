"""Place groups of orders anew: lift them, find better lots for all of a group together, keep what is better.

Two groups are worked out side by side, each as if the other stayed as it is. What is free is shared out between them before, so that
both find room when they are put into the plan. The plan does not depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cordwainer.planning.columns import paths_of_lot
from cordwainer.planning.faults import Faults, SolverFault
from cordwainer.planning.filling import place_all
from cordwainer.planning.guide import Guide, Paths
from cordwainer.planning.master import Master
from cordwainer.planning.pricing import Prices, Room, Scratch, scratch
from cordwainer.planning.problem import Floats, Ints, Net
from cordwainer.planning.regroup import Lots, Regroup
from cordwainer.planning.reserve import Reserve
from cordwainer.planning.rounding import complete, take_lots
from cordwainer.planning.state import State, lift, new_shelf, put_back, total
from cordwainer.planning.subproblem import rest_of

SIDE_BY_SIDE = 2
SURE = 0.9
"""Share of an order that the prices make from which it is favoured from the beginning."""
SECONDS = 600.0
"""A group that takes longer stays as it is."""


@dataclass(frozen=True)
class Task:
    """A group of orders as a problem of its own, with the paths of the lots that it had, and whether all of it is to be made."""

    orders: Ints
    net: Net
    paths: Paths
    likely: bool


class Free(NamedTuple):
    """Room in the cluster, and at outside makers."""

    room: Room
    outside: Ints


class Placer:
    """Places groups of orders of one plan in the making; a group whose solver fails stays as it is, and ``faults`` tells of it."""

    def __init__(self, net: Net, state: State, guide: Guide, most_lots: int, threads: int) -> None:
        self.net, self.state, self.guide, self.most_lots = net, state, guide, most_lots
        self.faults = Faults()
        self._pool = ThreadPoolExecutor(max(1, min(threads, SIDE_BY_SIDE)))
        self._memory = [scratch(net) for _ in range(SIDE_BY_SIDE)]

    def place(
        self, groups: Sequence[Ints], levels: list[Prices], reserve: Reserve | None = None, seconds: float = SECONDS
    ) -> list[int]:
        """Place groups anew that have no order in common; return by how much the plan got better with each (1/1000 fen).

        ``levels`` are prices to begin with, the last of them those without scarcity. Where room is kept in ``reserve``, all orders of the
        groups are to be made, in the room kept for them and what is free. What is not worked out within ``seconds`` stays as
        it is.
        """
        tasks = self.tasks(groups, reserve)
        found = self._pool.map(lambda task, memory: self._solve(task, memory, levels, seconds), tasks, self._memory)
        better = []
        for task, lots in zip(tasks, found, strict=True):
            if reserve is not None:
                reserve.give_back(task.orders)
            better.append(self._keep(task, lots, levels))
        return better

    def tasks(self, groups: Sequence[Ints], reserve: Reserve | None = None) -> list[Task]:
        """Return groups as problems of their own, each with the room of its lots, that kept for it and its part of what is free."""
        withheld = self._withheld(groups) if groups else []
        return [self._task(orders, kept, reserve) for orders, kept in zip(groups, withheld, strict=True)]

    def _withheld(self, groups: Sequence[Ints]) -> list[Free]:
        """Return, for each group, what of the free room is left to the others: a line's to those for which it counts, all else alike."""
        room, many = self.state.room, len(groups)
        counts = [self.guide.lines(orders) for orders in groups]
        rivals = np.sum(counts, axis=0)
        rest = 1.0 - 1.0 / many
        found = []
        for own in counts:
            part = np.where(rivals == 0, rest, np.where(own, 1.0 - 1.0 / np.maximum(1, rivals), 1.0))[:, None]
            found.append(
                Free(
                    Room(
                        _part(room.line, part),
                        _part(room.regular, part),
                        *[_part(x, rest) for x in (room.material, room.cap, room.skill, room.tool)],
                    ),
                    _part(self.state.out_room, rest),
                )
            )
        return found

    def _task(self, orders: Ints, withheld: Free, reserve: Reserve | None) -> Task:
        """Cut a group out of the plan as it is, with its room and its part of what is free."""
        net, st = self.net, self.state
        if reserve is not None:
            reserve.give_back(orders)
        paths = self._paths(orders)
        shelf = new_shelf(st, len(orders))
        lift(net, st, orders, shelf)
        room = Room(*[x - y for x, y in zip(st.room, withheld.room, strict=True)])
        own = rest_of(net, orders, room, st.out_room - withheld.outside)
        put_back(net, st, orders, shelf)
        if reserve is not None:
            reserve.keep(orders)
        return Task(orders, own, paths, reserve is not None)

    def _paths(self, orders: Ints) -> Paths:
        """Return the single paths of all lots of a group; orders numbered within it."""
        net, st = self.net, self.state
        stages, T = st.lot_cand.shape[2], st.work.shape[3]
        period, pairs = np.zeros((stages * T, stages), np.int32), np.zeros(stages * T, np.int64)
        order, cand, when = (
            [np.zeros(0, np.int64)],
            [np.zeros((0, stages), np.int64)],
            [np.zeros((0, stages), np.int32)],
        )
        for i, o in enumerate(orders.tolist()):
            jobs = net.job_ptr[o + 1] - net.job_ptr[o]
            for k in range(st.lots[o]):
                period[:] = 0
                n = paths_of_lot(net, o, st.work[o, k], period, pairs)
                lines = np.where(np.arange(stages) < jobs, st.lot_cand[o, k], 0)
                order.append(np.full(n, i))
                cand.append(np.tile(lines, (n, 1)))
                when.append(period[:n].copy())
        return np.concatenate(order), np.concatenate(cand), np.concatenate(when)

    def _solve(self, task: Task, memory: Scratch, levels: list[Prices], seconds: float) -> dict[int, Lots] | None:
        master = Master(task.net, self.state.unit_price, memory, seconds)
        drawn, made = self.guide.paths(task.net, task.orders)
        likely = np.ones(len(task.orders), np.bool_) if task.likely else made >= SURE
        try:
            return Regroup(task.net, master, self.most_lots).run(task.paths, drawn, levels, likely, chosen=task.likely)
        except SolverFault as fault:
            self.faults.told.append(fault.message)
            return None

    def _keep(self, task: Task, lots: dict[int, Lots] | None, levels: list[Prices]) -> int:
        """Put the lots found into the plan in whole pairs; undo that where it is worse."""
        if lots is None:
            return 0
        net, st, orders = self.net, self.state, task.orders
        before, shelf = total(st), new_shelf(st, len(orders))
        lift(net, st, orders, shelf)
        sequence = sorted(lots, key=lambda i: -int(task.net.pairs[i]))
        taken = {}
        for i in sequence:
            taken[i] = take_lots(net, st, int(orders[i]), np.ascontiguousarray(lots[i].cands), lots[i].done)
        memory, free = self._memory[0], levels[-1]
        for i in sequence:
            o = int(orders[i])
            option = lots[i].option
            if option >= 0:
                option += int(net.out_ptr[o] - task.net.out_ptr[i])
            complete(net, free, memory, st, o, taken[i], option, lots[i].outside)
        for prices in levels:
            place_all(net, prices, memory, st, orders)
        better = int(total(st) - before)
        if better < 0:
            put_back(net, st, orders, shelf)
            return 0
        return better


def _part(room: Ints, share: Floats | float) -> Ints:
    """Return a share of what is free, in whole units rounded up."""
    part: Ints = np.ceil(np.maximum(0, room) * share).astype(np.int64)
    return part
