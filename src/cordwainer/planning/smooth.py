"""The bound made smooth: orders spread over good paths instead of jumping to the best one.

With temperature tau > 0 (yuan a pair) the best value of a pair, max over paths of v, becomes tau * log sum exp(v / tau): never less,
and more by at most tau * log(number of paths). Its slope in a price is the use of an order that takes path p with
probability exp(v_p / tau) / sum. The sum over all paths of the in-tree is a recursion over stages as in `pricing`, with
"least of" replaced by the soft minimum  -tau * log sum exp(-x / tau)  (Nesterov 2005, Smooth minimization of non-smooth functions,
Mathematical Programming 103, applied to shortest paths). It guides prices and search; what ships is priced exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from cordwainer.planning.active import YUAN, Active
from cordwainer.planning.compiled import inner, inner_math
from cordwainer.planning.onward import CLOSED, Paths, set_links, stage_arrivals, stage_masses
from cordwainer.planning.problem import Floats, Net

FADED = 34.0
"""exp(-34) is below the last digit of what it is added to."""

TRACE = 1e-7
"""Shares of an order below this are not counted."""


class Point(NamedTuple):
    """Prices: line and skill yuan a minute, material yuan a unit, cap yuan a unit of flow, tool and outside yuan a pair."""

    line: Floats
    material: Floats
    cap: Floats
    skill: Floats
    tool: Floats
    outside: Floats


class Use(NamedTuple):
    """Use of everything priced, in minutes, units and pairs; ``square`` sums use x use per pair (for the curvature)."""

    amount: Point
    square: Point


def nothing(net: Net) -> Point:
    """Return a zero for everything that has a price."""
    priced = (net.most, net.supply, net.cap_amount, net.skill_limit, net.tool_limit, net.out_limit)
    return Point(*[np.zeros(x.shape) for x in priced])


def new_use(net: Net) -> Use:
    """Return no use."""
    return Use(nothing(net), nothing(net))


@inner
def stage_cost(net: Net, x: Point, w: Paths, o: int, j: int) -> None:
    """Fill ``extra`` with the cost of a job by period: materials on a line of the first defect class, and tools."""
    sj = net.job_sj[j]
    for t in range(net.first[o], net.last[o] + 1):
        w.extra[0, t] = 0.0
        w.extra[1, t] = 0.0
    for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
        need = net.sj_need[k, 0] * 1e-6
        for t in range(net.first[o], net.last[o] + 1):
            w.extra[0, t] += need * x.material[net.sj_need_material[k], t]
    for k in range(net.job_tool_ptr[j], net.job_tool_ptr[j + 1]):
        share = net.job_tool_share[k] * 1e-6
        for t in range(net.first[o], net.last[o] + 1):
            w.extra[1, t] += share * x.tool[net.job_tool_row[k], t]


@inner_math
def entry_cost(net: Net, a: Active, x: Point, w: Paths, e: int, row: Floats, t0: int, t1: int) -> None:
    """Fill ``row`` with the cost of a pair on an entry by period, CLOSED where the line may not or cannot work."""
    line, m, waste = a.line[e], a.minutes[e], a.waste[e]
    for t in range(t0, t1 + 1):
        row[t] = a.cost[e] + m * x.line[line, t] + waste * w.extra[0, t] + w.extra[1, t]
    if a.skill[e] >= 0:
        for t in range(t0, t1 + 1):
            row[t] += m * x.skill[a.skill[e], t]
    for k in range(a.cap_ptr[e], a.cap_ptr[e + 1]):
        price = a.flow[k] * x.cap[a.cap[k]]
        if price > 0.0:
            for t in range(t0, t1 + 1):
                row[t] += price * net.cap_period[a.cap[k], t]
    for t in range(t0, t1 + 1):
        if not net.masks[a.mask[e], t] or net.most[line, t] <= 0:
            row[t] = CLOSED


@inner_math
def stage_cells(net: Net, a: Active, x: Point, w: Paths, o: int, j: int, tau: float) -> bool:
    """Fill ``weight``, ``sum`` and ``cell`` (soft least cost by district and period) of a job; return whether any is open."""
    own, t0, t1 = j - net.job_ptr[o], net.first[o], net.last[o]
    stage_cost(net, x, w, o, j)
    local = j - net.job_ptr[a.begin]
    is_last = net.job_next[j] < 0
    first = a.ent_ptr[a.seg_ptr[local]]
    any_open = False
    for s in range(a.seg_ptr[local], a.seg_ptr[local + 1]):
        b = a.seg_district[s]
        cell, total = w.cell[own, b], w.sum[own, b]
        cell[t0 : t1 + 1] = CLOSED
        total[t0 : t1 + 1] = 0.0
        for e in range(a.ent_ptr[s], a.ent_ptr[s + 1]):
            row = w.weight[own, e - first]
            entry_cost(net, a, x, w, e, row, t0, t1)
            for t in range(t0, t1 + 1):
                cell[t] = min(cell[t], row[t])
        for e in range(a.ent_ptr[s], a.ent_ptr[s + 1]):
            row = w.weight[own, e - first]
            for t in range(t0, t1 + 1):
                far = (row[t] - cell[t]) / tau
                row[t] = np.exp(-far) if far < FADED and cell[t] < CLOSED else 0.0
                total[t] += row[t]
        for t in range(t0, t1 + 1):
            if cell[t] >= CLOSED:
                continue
            v = cell[t] - tau * np.log(total[t])
            for i in range(own):
                if net.job_next[net.job_ptr[o] + i] == own:
                    v += w.come[i, b, t]
            if is_last:
                v += net.late[o, t] * YUAN
            cell[t] = min(v, CLOSED)
            any_open = any_open or v < CLOSED
    return any_open


@inner_math
def add_use(net: Net, a: Active, use: Use, e: int, row: Floats, t0: int, t1: int) -> None:
    """Add what the pairs ``row`` (by period) of an entry use of its line, skill and caps."""
    line, m, skill = a.line[e], a.minutes[e], a.skill[e]
    for t in range(t0, t1 + 1):
        use.amount.line[line, t] += m * row[t]
        use.square.line[line, t] += m * m * row[t]
    if skill >= 0:
        for t in range(t0, t1 + 1):
            use.amount.skill[skill, t] += m * row[t]
            use.square.skill[skill, t] += m * m * row[t]
    for k in range(a.cap_ptr[e], a.cap_ptr[e + 1]):
        g, inside = a.cap[k], 0.0
        for t in range(t0, t1 + 1):
            inside += row[t] * net.cap_period[g, t]
        use.amount.cap[g] += a.flow[k] * inside
        use.square.cap[g] += a.flow[k] * a.flow[k] * inside


@inner_math
def spread(net: Net, a: Active, w: Paths, o: int, j: int, pairs: float, use: Use, flows: Floats) -> None:
    """Add the use of a job's pairs; where ``flows`` has room, write them by entry and period."""
    own, t0, t1 = j - net.job_ptr[o], net.first[o], net.last[o]
    local, sj = j - net.job_ptr[a.begin], net.job_sj[j]
    first = a.ent_ptr[a.seg_ptr[local]]
    for s in range(a.seg_ptr[local], a.seg_ptr[local + 1]):
        b = a.seg_district[s]
        each = w.part[own, b]  # no longer needed once the masses of the stage are known
        carried = 0.0
        for t in range(t0, t1 + 1):
            each[t] = pairs * w.mass[own, b, t] / w.sum[own, b, t] if w.mass[own, b, t] > TRACE else 0.0
            carried += each[t]
        for e in range(a.ent_ptr[s], a.ent_ptr[s + 1]):
            row = w.weight[own, e - first]
            whole = 0.0
            for t in range(t0, t1 + 1):
                row[t] *= each[t]
                whole += row[t]
            if flows.size:
                for t in range(t0, t1 + 1):
                    flows[e, t] = row[t]
            if carried > 0.0 and whole > TRACE * pairs:
                add_use(net, a, use, e, row, t0, t1)
                for t in range(t0, t1 + 1):
                    w.extra[0, t] += a.waste[e] * row[t]
                    w.extra[1, t] += row[t]
    for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
        need, material = net.sj_need[k, 0] * 1e-6, net.sj_need_material[k]
        for t in range(t0, t1 + 1):
            use.amount.material[material, t] += need * w.extra[0, t]
            use.square.material[material, t] += need * need * w.extra[0, t]
    for k in range(net.job_tool_ptr[j], net.job_tool_ptr[j + 1]):
        share, tool = net.job_tool_share[k] * 1e-6, net.job_tool_row[k]
        for t in range(t0, t1 + 1):
            use.amount.tool[tool, t] += share * w.extra[1, t]
            use.square.tool[tool, t] += share * share * w.extra[1, t]


@inner
def outside_worth(net: Net, x: Point, o: int, k: int, t: int) -> float:
    """Return what a pair of an order earns at outside option ``k`` in a period."""
    v = net.out_value[k] * YUAN - x.outside[net.out_maker[k], t]
    return v - net.late[o, t] * YUAN if net.out_value[k] != 0 else v


@nb.njit(cache=True, nogil=True)
def respond(net: Net, a: Active, x: Point, w: Paths, tau: float, use: Use, made: Floats, flows: Floats) -> float:
    """Add the use of all orders of ``a`` at prices ``x``; return the sum of their smoothed values in yuan.

    ``made`` becomes the share of each order that takes a path inside the cluster; ``flows`` (entries x T, or empty) its pairs.
    """
    value = 0.0
    set_links(net, w, tau)
    for o in range(a.begin, a.end):
        t0, t1, last = net.first[o], net.last[o], net.job_ptr[o + 1] - 1
        if net.pairs[o] == 0:
            continue
        open_, own = t0 <= t1, last - net.job_ptr[o]
        for j in range(net.job_ptr[o], last + 1):
            open_ = open_ and stage_cells(net, a, x, w, o, j, tau)
            if not open_:
                break
            if j < last:
                stage_arrivals(net, a, w, o, j, tau)
        unmade, price = net.theta[o] * YUAN, net.price[o] * 1e-2
        top = unmade
        s0 = a.seg_ptr[last - net.job_ptr[a.begin]]
        s1 = a.seg_ptr[last - net.job_ptr[a.begin] + 1]
        if open_:
            for s in range(s0, s1):
                for t in range(t0, t1 + 1):
                    top = max(top, price - w.cell[own, a.seg_district[s], t])
        for k in range(net.out_ptr[o], net.out_ptr[o + 1]):
            for t in range(net.out_first[k], t1 + 1):
                top = max(top, outside_worth(net, x, o, k, t))
        total = np.exp((unmade - top) / tau)
        for k in range(net.out_ptr[o], net.out_ptr[o + 1]):
            for t in range(net.out_first[k], t1 + 1):
                total += np.exp((outside_worth(net, x, o, k, t) - top) / tau)
        inside = 0.0
        if open_:
            for s in range(s0, s1):
                for t in range(t0, t1 + 1):
                    v = (price - w.cell[own, a.seg_district[s], t] - top) / tau
                    w.mass[own, a.seg_district[s], t] = np.exp(v) if v > -FADED else 0.0
                    inside += w.mass[own, a.seg_district[s], t]
        total += inside
        value += net.pairs[o] * (top + tau * np.log(total))
        made[o] = inside / total
        for k in range(net.out_ptr[o], net.out_ptr[o + 1]):
            for t in range(net.out_first[k], t1 + 1):
                n = net.pairs[o] * np.exp((outside_worth(net, x, o, k, t) - top) / tau) / total
                use.amount.outside[net.out_maker[k], t] += n
                use.square.outside[net.out_maker[k], t] += n
        if inside <= 0.0:
            if flows.size:
                clear_flows(net, a, o, flows)
            continue
        for s in range(s0, s1):
            for t in range(t0, t1 + 1):
                w.mass[own, a.seg_district[s], t] /= total
        for j in range(last, net.job_ptr[o] - 1, -1):
            if j < last:
                stage_masses(net, a, w, o, j, tau)
            for t in range(t0, t1 + 1):
                w.extra[0, t] = 0.0
                w.extra[1, t] = 0.0
            spread(net, a, w, o, j, float(net.pairs[o]), use, flows)
    return value


@inner
def clear_flows(net: Net, a: Active, o: int, flows: Floats) -> None:
    """Set the flows of an order to 0."""
    lo = a.ent_ptr[a.seg_ptr[net.job_ptr[o] - net.job_ptr[a.begin]]]
    hi = a.ent_ptr[a.seg_ptr[net.job_ptr[o + 1] - net.job_ptr[a.begin]]]
    for e in range(lo, hi):
        for t in range(flows.shape[1]):
            flows[e, t] = 0.0
