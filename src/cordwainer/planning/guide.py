"""What the smoothed prices would have each order do: paths to begin with, and what to keep back for those not yet placed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cordwainer.planning.active import Active, active
from cordwainer.planning.cooling import Cooling
from cordwainer.planning.onward import Paths as Memory
from cordwainer.planning.onward import new_paths
from cordwainer.planning.problem import Flags, Floats, Ints, Net, Small
from cordwainer.planning.sampling import draw_paths
from cordwainer.planning.smooth import Point, new_use, respond
from cordwainer.planning.subproblem import those

MANY, FEW = 12, 4
"""Paths drawn of an order that is made, and of one that hardly is."""
HARDLY = 0.02
"""Share up to which an order is hardly made."""
DRAWS = 100_003
Paths = tuple[Ints, Ints, Small]
"""Single paths: order, candidate by stage, period by stage."""


@dataclass(frozen=True)
class Answer:
    """What a group would do at the prices: entries, pairs by entry and period, share of each order made."""

    part: Active
    flows: Floats
    made: Floats


class Guide:
    """The prices at which the descent was held, and the candidates that count at them."""

    def __init__(self, net: Net, cooling: Cooling, seed: int) -> None:
        self.net, self.cooling = net, cooling
        self._draws = draws(seed)

    def ask(self, own: Net, orders: Ints) -> Answer:
        """Return what a group does: ``own`` is its net, ``orders`` its orders in the whole net."""
        part, memory = self._entries(own, orders)
        made = np.zeros(len(orders))
        flows = np.zeros((len(part.cand), own.most.shape[1]))
        point, tau = self._at()
        respond(own, part, point, memory, tau, new_use(own), made, flows)
        return Answer(part, flows, made)

    def paths(self, own: Net, orders: Ints) -> tuple[Paths, Floats]:
        """Return paths of a group, drawn as often as pairs would take them, and the share of each order that is made."""
        part, memory = self._entries(own, orders)
        (point, tau), made = self._at(), np.zeros(len(orders))
        respond(own, part, point, memory, tau, new_use(own), made, np.zeros((0, 0)))
        many = np.where(made > HARDLY, MANY, FEW)
        stages = int(np.diff(self.net.job_ptr).max(initial=1))
        order, cand = np.zeros(many.sum(), np.int64), np.zeros((many.sum(), stages), np.int64)
        period = np.zeros(cand.shape, np.int32)
        count = draw_paths(own, part, point, memory, tau, many, self._draws, order, cand, period)
        return (order[:count], cand[:count], period[:count]), made

    def _at(self) -> tuple[Point, float]:
        """Return prices and temperature (yuan a pair)."""
        held = self.cooling.held
        return held.point, held.tau

    def lines(self, orders: Ints) -> Flags:
        """Return which lines count for any of the orders."""
        net, cooling = self.net, self.cooling
        _, jobs = those(net.job_ptr, orders)
        counts: Flags = np.zeros(len(net.line_firm), np.bool_)
        ptr = cooling.market.keep_ptr
        own, places = those(ptr, jobs)
        there = cooling.held.marks[places]
        candidates = np.repeat(net.cand_ptr[net.job_list[jobs]] - own[:-1], np.diff(own)) + np.arange(own[-1])
        counts[net.cand_line[candidates[there]]] = True
        return counts

    def _entries(self, own: Net, orders: Ints) -> tuple[Active, Memory]:
        """Return the candidates of a group that count, and memory for it."""
        cooling = self.cooling
        _, jobs = those(self.net.job_ptr, orders)
        ptr, places = those(cooling.market.keep_ptr, jobs)
        part = active(own, 0, len(orders), cooling.held.marks[places], ptr)
        return part, new_paths(own, part)


def draws(seed: int) -> Floats:
    """Return numbers from 0 to 1 by which paths are drawn."""
    found: Floats = np.random.default_rng(seed).random(DRAWS)
    return found
