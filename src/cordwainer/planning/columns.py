"""Columns of the master: one pair of an order made along a path (a line and a period for every stage), and what it uses.

Everything limited has one number: line x T, skill row x T, tool row x T, material x T, cap, outside maker x T, in this sequence.
A material has limits only in the periods in which it can run short: what is needed since the one before counts in the next one, and what
that leaves is carried on. So a path counts once in each material, not in every period from its own on.
Use is in minutes, tool pairs, units of material and of flow; values are in yuan a pair above not making it.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from cordwainer.planning.active import YUAN
from cordwainer.planning.compiled import inner
from cordwainer.planning.pricing import FAR, Prices, Room, Scratch, best_path, flow_of
from cordwainer.planning.problem import Flags, Floats, Ints, Net, Small
from cordwainer.planning.routes import route_path
from cordwainer.planning.state import move_cost


class Limits(NamedTuple):
    """Where the numbers of each kind of limit begin, and the next period in which each material can run short (M x T; -1: none)."""

    skill: int
    tool: int
    material: int
    cap: int
    outside: int
    count: int
    runs_short: Ints


class Columns(NamedTuple):
    """Columns by their entries: value (yuan), pointers into the limits used and the use a pair."""

    value: Floats
    ptr: Ints
    limit: Ints
    use: Floats


def limits_of(net: Net) -> Limits:
    """Return how the limits of a net are numbered."""
    T = net.most.shape[1]
    sizes = [net.most.size, net.skill_limit.size, net.tool_limit.size, net.supply.size, len(net.cap_amount)]
    skill, tool, material, cap, outside = np.cumsum(sizes).tolist()
    wanted = most_needed(net)
    short = net.supply < wanted[:, None]
    short[:, : T - 1] &= net.supply[:, : T - 1] < net.supply[:, 1:]  # what holds later holds now where nothing arrives
    when = np.where(short, np.arange(T), T)
    following: Ints = np.minimum.accumulate(when[:, ::-1], axis=1)[:, ::-1]
    runs_short = np.ascontiguousarray(np.where(following < T, following, -1))
    return Limits(skill, tool, material, cap, outside, outside + net.out_limit.size, runs_short)


@nb.njit(cache=True, nogil=True)
def most_needed(net: Net) -> Ints:
    """Return the most of each material that all orders together can need, micro units."""
    total = np.zeros(net.supply.shape[0], np.int64)
    for o in range(len(net.pairs)):
        for j in range(net.job_ptr[o], net.job_ptr[o + 1]):
            sj = net.job_sj[j]
            for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
                total[net.sj_need_material[k]] += net.pairs[o] * net.sj_need[k].max()
    return total


@inner
def _add(limit: int, amount: float, sums: Floats, touched: Ints, count: int) -> int:
    if sums[limit] == 0.0:
        touched[count] = limit
        count += 1
    sums[limit] += amount
    return count


@inner
def path_use(
    net: Net, at: Limits, o: int, cand: Ints, period: Small, unit_price: Ints, sums: Floats, touched: Ints
) -> tuple[int, int]:
    """Add the use of a path to ``sums``; return how many limits it touches and its value a pair in 1/1000 fen."""
    T = net.most.shape[1]
    j0, count = net.job_ptr[o], 0
    value = 1000 * net.price[o] - net.theta[o] - move_cost(net, o, cand)
    for j in range(j0, net.job_ptr[o + 1]):
        c, t, sj = cand[j - j0], period[j - j0], net.job_sj[j]
        line, m = net.cand_line[c], net.cand_m[c]
        d = net.line_defect[line]
        value -= net.cand_base[c] + m * net.ask[line] // 60_000
        count = _add(line * T + t, m * 1e-3, sums, touched, count)
        skill = net.sj_skill[sj]
        if skill >= 0 and net.skill_row[net.line_firm[line], skill] >= 0:
            row = net.skill_row[net.line_firm[line], skill]
            count = _add(at.skill + row * T + t, m * 1e-3, sums, touched, count)
        for k in range(net.job_tool_ptr[j], net.job_tool_ptr[j + 1]):
            where = at.tool + net.job_tool_row[k] * T + t
            count = _add(where, net.job_tool_share[k] * 1e-6, sums, touched, count)
        for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
            material, need = net.sj_need_material[k], net.sj_need[k, d]
            value -= need * unit_price[material, t] // 1_000_000
            u = at.runs_short[material, t]
            if u >= 0:
                count = _add(at.material + material * T + u, need * 1e-6, sums, touched, count)
        for g in range(net.cap_flow.shape[0]):
            if net.cap_line[g, line] and net.cap_period[g, t]:
                flow = flow_of(net, line, sj, g)
                if flow > 0:
                    count = _add(at.cap + g, flow * 1e-3, sums, touched, count)
        if net.job_next[j] < 0:
            value -= net.late[o, t]
    return count, value


@nb.njit(cache=True, nogil=True)
def path_columns(net: Net, at: Limits, order: Ints, cand: Ints, period: Small, unit_price: Ints) -> Columns:
    """Return the columns of paths: ``cand`` and ``period`` are paths x stages, ``order`` says whose they are."""
    paths = len(order)
    sums, touched = np.zeros(at.count), np.zeros(at.count, np.int64)
    ptr, value = np.zeros(paths + 1, np.int64), np.zeros(paths)
    limit, use = np.zeros(64 * paths + 64, np.int64), np.zeros(64 * paths + 64)
    for p in range(paths):
        count, worth = path_use(net, at, order[p], cand[p], period[p], unit_price, sums, touched)
        value[p] = worth * YUAN
        end = ptr[p] + count
        if end > len(limit):
            more = max(end, 2 * len(limit))
            bigger, more_use = np.zeros(more, np.int64), np.zeros(more)
            bigger[: ptr[p]], more_use[: ptr[p]] = limit[: ptr[p]], use[: ptr[p]]
            limit, use = bigger, more_use
        for i in range(count):
            limit[ptr[p] + i], use[ptr[p] + i] = touched[i], sums[touched[i]]
            sums[touched[i]] = 0.0
        ptr[p + 1] = end
    return Columns(value, ptr, limit[: ptr[paths]], use[: ptr[paths]])


@nb.njit(cache=True, nogil=True)
def best_paths(
    net: Net, prices: Prices, s: Scratch, room: Room, asked: Ints, firms: Flags, value: Ints, cand: Ints, period: Small
) -> None:
    """Find the best path of each order ``asked`` at prices: its value above not making it, and its lines and periods.

    ``firms`` (orders x firms) says who may do the last stage of an order; where nobody may, everybody may.
    """
    for i, o in enumerate(asked):
        few = firms[o].any()
        if few:
            s.firm_ok[: firms.shape[1]] = firms[o]
            s.banned[:] = False
        cost = best_path(net, prices, s, o, room, 1 if few else 0, 0)
        value[i] = -FAR if cost >= FAR else 1000 * net.price[o] - cost - net.theta[o]
        for own in range(net.job_ptr[o + 1] - net.job_ptr[o]):
            cand[i, own], period[i, own] = s.path_cand[own], s.path_period[own]


@nb.njit(cache=True, nogil=True)
def best_times(
    net: Net, prices: Prices, s: Scratch, room: Room, order: Ints, routes: Ints, value: Ints, period: Small
) -> None:
    """Find the best periods of each route (routes x stages: a candidate for each) at prices, and what that is worth."""
    for i, o in enumerate(order):
        cost = route_path(net, prices, s, o, room, routes[i])
        value[i] = -FAR if cost >= FAR else 1000 * net.price[o] - cost - net.theta[o] - move_cost(net, o, routes[i])
        for own in range(net.job_ptr[o + 1] - net.job_ptr[o]):
            period[i, own] = s.path_period[own]


@nb.njit(cache=True, nogil=True)
def paths_of_lot(net: Net, o: int, work: Small, period: Small, pairs: Ints) -> int:
    """Cut the work of a lot (stages x T) into single paths, first in first out; return how many.

    Fills ``period`` (paths x stages) and ``pairs``. Work whose stages do not add up alike is cut as far as it does.
    """
    jobs, T = net.job_ptr[o + 1] - net.job_ptr[o], work.shape[1]
    at, left = np.zeros(jobs, np.int64), np.zeros(jobs, np.int64)
    count = 0
    while count < len(pairs):
        n = np.int64(2**60)
        for own in range(jobs):
            while left[own] == 0 and at[own] < T:
                left[own] = work[own, at[own]]
                if left[own] == 0:
                    at[own] += 1
            if at[own] >= T:
                return count
            n = min(n, left[own])
        for own in range(jobs):
            period[count, own] = at[own]
            left[own] -= n
            if left[own] == 0:
                at[own] += 1
        pairs[count] = n
        count += 1
    return count
