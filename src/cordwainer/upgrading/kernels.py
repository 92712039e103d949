"""Compiled: what every order pays before and after each stage at the plan's prices, and what it would gain on a line.

Values in 1/1000 fen a pair as floats; infinite where there is no way. Stages of an order form an in-tree, earlier stages first.
A firm with sites in two districts counts as a firm in each: the carriage between its own sites is that between the districts.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from cordwainer.planning import Net, Prices
from cordwainer.upgrading.arrays import Flags, Floats, Ints


@nb.njit(cache=True, nogil=True)
def own_cost(net: Net, prices: Prices, j: int, c: int, t: int, own_price: bool) -> float:
    """Return what a pair of a job costs on a candidate in a period; without ``own_price`` the minutes of the line are free."""
    line = net.cand_line[c]
    sj, d = net.job_sj[j], net.line_defect[line]
    rate = prices.line[line, t] if own_price else 0
    skill = net.sj_skill[sj]
    if skill >= 0:
        row = net.skill_row[net.line_firm[line], skill]
        if row >= 0:
            rate += prices.skill[row, t]
    cost = float(net.cand_base[c]) + net.cand_m[c] * (net.ask[line] + 60.0 * rate) / 60_000.0
    for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
        cost += net.sj_need[k, d] * float(prices.material[net.sj_need_material[k], t]) / 1e6
    for k in range(net.job_tool_ptr[j], net.job_tool_ptr[j + 1]):
        cost += net.job_tool_share[k] * float(prices.tool[net.job_tool_row[k], t]) / 1e6
    for g in range(net.cap_flow.shape[0]):
        if prices.cap[g] > 0 and net.cap_line[g, line] and net.cap_period[g, t]:
            f = net.cap_flow[g]
            cost += (net.line_flow[line, f] + net.sj_flow[sj, f, d]) * float(prices.cap[g]) / 1000.0
    return cost


@nb.njit(cache=True, nogil=True)
def around(net: Net, prices: Prices, before: Floats, after: Floats) -> None:
    """Fill ``before`` and ``after`` (J x D x T): least cost of all stages that lead to a job in a district and period, and of all that follow."""
    T, D = net.most.shape[1], net.move_price.shape[0]
    most_jobs = 1
    for o in range(len(net.pairs)):
        most_jobs = max(most_jobs, net.job_ptr[o + 1] - net.job_ptr[o])
    come = np.empty((most_jobs, D, T))
    least = np.empty((most_jobs, D, T))
    for o in range(len(net.pairs)):
        j0, j1 = net.job_ptr[o], net.job_ptr[o + 1]
        before[j0:j1] = np.inf
        after[j0:j1] = np.inf
        t0, t1 = net.first[o], net.last[o]
        if t0 > t1:
            continue
        for j in range(j0, j1):
            _before(net, come, j0, j, t0, t1, before)
            _least(net, prices, j, t0, t1, least[j - j0])
            _come(net, least[j - j0], before[j], come[j - j0], t0, t1)
        for j in range(j1 - 1, j0 - 1, -1):
            if net.job_next[j] < 0:
                for d in range(D):
                    for t in range(t0, t1 + 1):
                        after[j, d, t] = net.late[o, t]
            else:
                _after(net, come, least, j0, j1, j, t0, t1, after)


@nb.njit(cache=True, nogil=True)
def _before(net: Net, come: Floats, j0: int, j: int, t0: int, t1: int, before: Floats) -> None:
    """Fill ``before`` of a job: the sum over the stages that lead to it."""
    before[j, :, t0 : t1 + 1] = 0.0
    for i in range(j0, j):
        if j0 + net.job_next[i] == j:
            before[j] += come[i - j0]


@nb.njit(cache=True, nogil=True)
def _least(net: Net, prices: Prices, j: int, t0: int, t1: int, least: Floats) -> None:
    """Fill ``least`` (D x T): least cost of a job itself on the lines of a district in a period."""
    least[:] = np.inf
    for c in range(net.cand_ptr[net.job_list[j]], net.cand_ptr[net.job_list[j] + 1]):
        line = net.cand_line[c]
        d = net.line_district[line]
        for t in range(t0, t1 + 1):
            if net.masks[net.cand_mask[c], t] and net.most[line, t] > 0:
                least[d, t] = min(least[d, t], own_cost(net, prices, j, c, t, True))


@nb.njit(cache=True, nogil=True)
def _come(net: Net, least: Floats, before: Floats, come: Floats, t0: int, t1: int) -> None:
    """Fill ``come`` (D x T): least cost of a pair of a stage that can go on in a district in a period."""
    D = net.move_price.shape[0]
    come[:] = np.inf
    for a in range(D):
        best = np.inf
        done = np.full(come.shape[1], np.inf)
        for t in range(t0, t1 + 1):
            best = min(best, least[a, t] + before[a, t])
            done[t] = best
        if not best < np.inf:
            continue
        for b in range(D):
            if net.move_price[a, b] < 0:
                continue
            way = 1000.0 * net.move_price[a, b] + net.move_carbon[a, b]
            for t in range(t0, t1 + 1):
                u = net.reach[net.move_lag[a, b], t]
                if u >= t0:
                    come[b, t] = min(come[b, t], done[min(u, t1)] + way)


@nb.njit(cache=True, nogil=True)
def _after(net: Net, come: Floats, least: Floats, j0: int, j1: int, j: int, t0: int, t1: int, after: Floats) -> None:
    """Fill ``after`` of a job from the one that follows it and the other stages that lead to that."""
    following = j0 + net.job_next[j]
    D = net.move_price.shape[0]
    for b in range(D):
        rest = np.full(come.shape[2], np.inf)
        best = np.inf
        for t in range(t1, t0 - 1, -1):
            value = least[following - j0, b, t] + after[following, b, t]
            for i in range(j0, j1):
                if i != j and j0 + net.job_next[i] == following:
                    value += come[i - j0, b, t]
            best = min(best, value)
            rest[t] = best
        if not best < np.inf:
            continue
        for a in range(D):
            if net.move_price[a, b] < 0:
                continue
            way = 1000.0 * net.move_price[a, b] + net.move_carbon[a, b]
            u = t0
            for t in range(t0, t1 + 1):
                while u <= t1 and net.reach[net.move_lag[a, b], u] < t:
                    u += 1
                if u > t1:
                    break
                after[j, a, t] = min(after[j, a, t], rest[u] + way)


@nb.njit(cache=True, nogil=True)
def gains(
    net: Net,
    prices: Prices,
    before: Floats,
    after: Floats,
    best: Ints,
    wanted: Flags,
    line: Ints,
    order: Ints,
    period: Ints,
    minutes: Ints,
    gain: Floats,
) -> int:
    """Note what a pair of each order would gain on wanted lines whose minutes were free; return how many such places there are.

    The arrays are filled as far as they reach: call once with empty ones to count. ``best`` is the value of a pair of each order as
    things are, 1/1000 fen.
    """
    n = 0
    for o in range(len(net.pairs)):
        t0, t1 = net.first[o], net.last[o]
        if net.pairs[o] <= 0:
            continue
        for j in range(net.job_ptr[o], net.job_ptr[o + 1]):
            for c in range(net.cand_ptr[net.job_list[j]], net.cand_ptr[net.job_list[j] + 1]):
                at = net.cand_line[c]
                if not wanted[at] or net.line_smallest[at] > net.pairs[o]:
                    continue
                d = net.line_district[at]
                for t in range(t0, t1 + 1):
                    if not net.masks[net.cand_mask[c], t] or net.most[at, t] <= 0:
                        continue
                    rest = before[j, d, t] + after[j, d, t] + best[o]
                    if not rest < 1000.0 * net.price[o]:
                        continue
                    value = 1000.0 * net.price[o] - rest - own_cost(net, prices, j, c, t, False)
                    if value > 0.0:
                        if n < len(line):
                            line[n], order[n], period[n], minutes[n], gain[n] = at, o, t, net.cand_m[c], value
                        n += 1
    return n


@nb.njit(cache=True, nogil=True)
def fill(
    net: Net,
    group: Ints,
    line: Ints,
    order: Ints,
    period: Ints,
    minutes: Ints,
    gain: Floats,
    value: Floats,
    used: Floats,
) -> None:
    """Fill lines with the places that gain most a minute; note the ``value`` (1/1000 fen) and minutes ``used`` (1/1000) of each.

    Places come sorted by the ``group`` of their line (L), and within it by gain a minute, most first. The lines of a group share
    the pairs of an order; minutes beyond the regular ones cost their surcharge.
    """
    left = np.zeros(len(net.pairs))
    room, regular = net.most.astype(np.float64), net.regular.astype(np.float64)
    at = -1
    for k in range(len(line)):
        here = line[k]
        if group[here] != at:
            at = group[here]
            left[:] = net.pairs
        o, t, m = order[k], period[k], float(max(1, minutes[k]))
        if left[o] <= 0.0 or room[here, t] <= 0.0:
            continue
        pairs = min(left[o], regular[here, t] / m)
        if pairs > 0.0:
            regular[here, t] -= pairs * m
            room[here, t] -= pairs * m
            left[o] -= pairs
            value[here] += pairs * gain[k]
            used[here] += pairs * m
        dearer = gain[k] - m * net.surcharge[here] / 60_000.0
        pairs = min(left[o], room[here, t] / m)
        if dearer > 0.0 and pairs > 0.0:
            room[here, t] -= pairs * m
            left[o] -= pairs
            value[here] += pairs * dearer
            used[here] += pairs * m
