"""What the smoothed prices would have each order do: paths to begin with, and what to keep back for those not yet placed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cordwainer.planning.active import Active, active
from cordwainer.planning.cooling import Cooling
from cordwainer.planning.cutting import cut, paths_of_flow
from cordwainer.planning.pricing import Scratch
from cordwainer.planning.problem import Floats, Ints, Net, Small
from cordwainer.planning.smooth import Use, new_paths, new_use, respond
from cordwainer.planning.subproblem import those

MOST_ROUTES = 4
Paths = tuple[Ints, Ints, Small]
"""Single paths: order, candidate by stage, period by stage."""


@dataclass(frozen=True)
class Answer:
    """What a group would do at the prices: entries, pairs by entry and period, share of each order made, use of limits."""

    part: Active
    flows: Floats
    made: Floats
    use: Use


class Guide:
    """The prices at which the descent was held, and the candidates that count at them."""

    def __init__(self, net: Net, cooling: Cooling) -> None:
        self.net, self.cooling = net, cooling

    def ask(self, own: Net, orders: Ints) -> Answer:
        """Return what a group does: ``own`` is its net, ``orders`` its orders in the whole net."""
        net, cooling, held = self.net, self.cooling, self.cooling.held
        _, jobs = those(net.job_ptr, orders)
        ptr, places = those(cooling.market.keep_ptr, jobs)
        part = active(own, 0, len(orders), held.marks[places], ptr)
        paths = new_paths(own, int(np.diff(part.ent_ptr[part.seg_ptr]).max(initial=1)))
        use, made = new_use(own), np.zeros(len(orders))
        flows = np.zeros((len(part.cand), own.most.shape[1]))
        respond(own, part, held.point, paths, held.tau, use, made, flows)
        return Answer(part, flows, made, use)


def guided_paths(own: Net, answer: Answer, memory: Scratch) -> Paths:
    """Return the paths of the widest routes of every order's flows."""
    stages, T = len(memory.path_cand), own.most.shape[1]
    order, cand, when = [np.zeros(0, np.int64)], [np.zeros((0, stages), np.int64)], [np.zeros((0, stages), np.int32)]
    table, part = np.zeros((stages * T, stages), np.int32), answer.part
    for o in range(len(own.pairs)):
        ent = part.ent_ptr[part.seg_ptr[np.arange(own.job_ptr[o], own.job_ptr[o + 1] + 1)]]
        entries = slice(int(ent[0]), int(ent[-1]))
        if answer.made[o] <= 0 or ent[0] == ent[-1]:
            continue
        flow = answer.flows[entries] / answer.made[o]
        routes, done = np.zeros((MOST_ROUTES, stages), np.int64), np.zeros((MOST_ROUTES, stages, T))
        for k in range(cut(own, memory, o, part.cand[entries], ent - ent[0], flow, routes, done)):
            table[:] = 0
            n = paths_of_flow(own, o, done[k], table)
            order.append(np.full(n, o))
            cand.append(np.tile(routes[k], (n, 1)))
            when.append(table[:n].copy())
    return np.concatenate(order), np.concatenate(cand), np.concatenate(when)
