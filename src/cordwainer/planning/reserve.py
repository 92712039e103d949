"""Room kept for orders that are not placed yet: what they would use at the prices.

Where prices have settled, what all orders would use together fits into what there is. So the room of orders still to be placed is kept
for them, and those placed first take what is kept for them and what nobody wants.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from cordwainer.planning.active import Active
from cordwainer.planning.guide import Answer
from cordwainer.planning.pricing import flow_of
from cordwainer.planning.problem import Flags, Floats, Ints, Net
from cordwainer.planning.state import ZERO, State


class Share(NamedTuple):
    """Numbers of every limit, shapes as in `Room` (``line`` serves regular minutes too)."""

    line: Floats
    material: Floats
    cap: Floats
    skill: Floats
    tool: Floats


@nb.njit(cache=True, nogil=True)
def _add_up(net: Net, part: Active, flows: Floats, orders: Ints, total: Share) -> None:
    """Add up what orders would use of every limit."""
    T = flows.shape[1]
    for o in orders:
        for j in range(net.job_ptr[o], net.job_ptr[o + 1]):
            sj = net.job_sj[j]
            for e in range(part.ent_ptr[part.seg_ptr[j]], part.ent_ptr[part.seg_ptr[j + 1]]):
                c, line = part.cand[e], part.line[e]
                for t in range(net.first[o], net.last[o] + 1):
                    n = flows[e, t]
                    if n <= 0.0:
                        continue
                    total.line[line, t] += net.cand_m[c] * n
                    if part.skill[e] >= 0:
                        total.skill[part.skill[e], t] += net.cand_m[c] * n
                    for k in range(net.job_tool_ptr[j], net.job_tool_ptr[j + 1]):
                        total.tool[net.job_tool_row[k], t] += net.job_tool_share[k] * n
                    for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
                        for u in range(t, T):
                            total.material[net.sj_need_material[k], u] += net.sj_need[k, net.line_defect[line]] * n
                    for g in range(net.cap_flow.shape[0]):
                        if net.cap_line[g, line] and net.cap_period[g, t]:
                            total.cap[g] += flow_of(net, line, sj, g) * n


@nb.njit(cache=True, nogil=True)
def _keep(net: Net, st: State, part: Active, flows: Floats, orders: Ints, sign: int, share: Share) -> None:
    """Take (1) or give back (-1) the ``share`` of the room that orders would use, in whole units rounded down."""
    room, T = st.room, flows.shape[1]
    for o in orders:
        for j in range(net.job_ptr[o], net.job_ptr[o + 1]):
            sj = net.job_sj[j]
            for e in range(part.ent_ptr[part.seg_ptr[j]], part.ent_ptr[part.seg_ptr[j + 1]]):
                c, line = part.cand[e], part.line[e]
                d = net.line_defect[line]
                for t in range(net.first[o], net.last[o] + 1):
                    n = flows[e, t]
                    if n <= 0.0:
                        continue
                    minutes = sign * np.int64(net.cand_m[c] * n * share.line[line, t])
                    before = max(ZERO, -room.regular[line, t])
                    room.line[line, t] -= minutes
                    room.regular[line, t] -= minutes
                    after = max(ZERO, -room.regular[line, t])
                    # counted as `state.use` counts, so that the sum is right again when nothing is kept
                    st.overtime[0] += after * net.surcharge[line] // 60_000 - before * net.surcharge[line] // 60_000
                    if part.skill[e] >= 0:
                        row = part.skill[e]
                        room.skill[row, t] -= sign * np.int64(net.cand_m[c] * n * share.skill[row, t])
                    for k in range(net.job_tool_ptr[j], net.job_tool_ptr[j + 1]):
                        row = net.job_tool_row[k]
                        room.tool[row, t] -= sign * np.int64(net.job_tool_share[k] * n * share.tool[row, t])
                    for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
                        m, need = net.sj_need_material[k], net.sj_need[k, d] * n
                        for u in range(t, T):
                            room.material[m, u] -= sign * np.int64(need * share.material[m, u])
                    for g in range(net.cap_flow.shape[0]):
                        if net.cap_line[g, line] and net.cap_period[g, t]:
                            room.cap[g] -= sign * np.int64(flow_of(net, line, sj, g) * n * share.cap[g])


class Reserve:
    """Room kept in a state for the orders that are likely to be made: ``likely`` (O) says which.

    Parameters
    ----------
    answer
        What all orders would do at the prices.
    least
        Share of an order from which it is likely.
    """

    def __init__(self, net: Net, state: State, answer: Answer, least: float) -> None:
        self.net, self.state, self._part, self._flows = net, state, answer.part, answer.flows
        self.likely: Flags = answer.made >= least
        self._kept = np.zeros(len(net.pairs), np.bool_)
        chosen, room = np.flatnonzero(self.likely), state.room
        there = Share(*[x.astype(np.float64) for x in (room.line, room.material, room.cap, room.skill, room.tool)])
        total = Share(*[np.zeros(x.shape) for x in there])
        _add_up(net, self._part, self._flows, chosen, total)
        # where all would use more than there is, each keeps the same share of what it would use
        self._share = Share(*[np.where(t > x, x / np.maximum(t, 1.0), 1.0) for t, x in zip(total, there, strict=True)])
        self.keep(chosen)

    def keep(self, orders: Ints) -> None:
        """Keep room for these orders."""
        self._change(orders[~self._kept[orders]], 1)

    def give_back(self, orders: Ints) -> None:
        """Keep nothing for these orders."""
        self._change(orders[self._kept[orders]], -1)

    def _change(self, orders: Ints, sign: int) -> None:
        self._kept[orders] = sign > 0
        _keep(self.net, self.state, self._part, self._flows, orders, sign, self._share)
