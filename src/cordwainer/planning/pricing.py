"""The best way to make one pair of an order at given prices: a shortest path through its stages, lines and periods.

Sets: stages s of the order (an in-tree), candidate lines l of a stage, periods t of the window.
Recursion: f(s, l, t) = cost(s, l, t) + sum over earlier stages s' of min over (l', t') that reach (l, t) of f(s', l', t') + move(l', l).
(l', t') reaches (l, t) when both lines belong to one firm and t' <= t, or the districts are linked and t' <= reach(lag, t).
The minimum over t' is a running minimum over periods, kept by district and by (firm, district).
All values are integers in 1/1000 fen, each term rounded as docs/concepts/plan-model.md section 7 says, so that what this
room prices is exactly what the referee prices.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from cordwainer.planning.compiled import inner, within
from cordwainer.planning.problem import Flags, Ints, Net, Small

FAR = np.int64(2**60)


class Prices(NamedTuple):
    """Shadow prices: line and skill 1/1000 fen a minute, material a unit, cap a unit of flow, tool a pair, outside a pair."""

    line: Ints
    material: Ints
    cap: Ints
    skill: Ints
    tool: Ints
    outside: Ints


class Scratch(NamedTuple):
    """Working memory of one thread; see `best_path`."""

    fd_slot: Small
    fd_value: Ints
    fd_arg: Ints
    d_value: Ints
    d_arg: Ints
    come: Ints
    row: Ints
    open_: Flags
    path_cand: Ints
    path_period: Small
    extra: Ints
    known: Flags
    banned: Flags
    firm_ok: Flags
    firm_room: Ints


class Room(NamedTuple):
    """What is free: minutes L x T, regular minutes L x T, material slack, cap, skill and tool room (as in `Net`)."""

    line: Ints
    regular: Ints
    material: Ints
    cap: Ints
    skill: Ints
    tool: Ints


def scratch(net: Net) -> Scratch:
    """Return working memory that fits every order of a problem."""
    T = net.most.shape[1]
    jobs = int(np.diff(net.job_ptr).max(initial=1))
    wide = int(np.diff(net.cand_ptr).max(initial=1))
    D = net.move_price.shape[0]
    return Scratch(
        fd_slot=np.full((jobs, len(net.fd_district) + 1), -1, np.int32),
        fd_value=np.zeros((jobs, wide + 1, T), np.int64),
        fd_arg=np.zeros((jobs, wide + 1, T), np.int64),
        d_value=np.zeros((jobs, D, T), np.int64),
        d_arg=np.zeros((jobs, D, T), np.int64),
        come=np.zeros((jobs, D, T), np.int64),
        row=np.zeros(T, np.int64),
        open_=np.zeros((net.sj_need.shape[1], T), np.bool_),
        path_cand=np.zeros(jobs, np.int64),
        path_period=np.zeros(jobs, np.int32),
        extra=np.zeros((net.sj_need.shape[1], T), np.int64),
        known=np.zeros(net.sj_need.shape[1], np.bool_),
        banned=np.zeros(net.most.shape[0], np.bool_),
        firm_ok=np.ones(len(net.firm_fd_ptr), np.bool_),
        firm_room=np.zeros(len(net.firm_fd_ptr), np.int64),
    )


@inner
def stage_extras(net: Net, prices: Prices, o: int, j: int, d: int, out: Ints) -> None:
    """Fill ``out`` (T) with material and tool cost of a job per pair on lines of a defect class."""
    sj, t0, t1 = net.job_sj[j], net.first[o], net.last[o]
    out[t0 : t1 + 1] = 0
    for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
        need, price = net.sj_need[k, d], prices.material[net.sj_need_material[k]]
        for t in range(t0, t1 + 1):
            out[t] += need * price[t] // 1_000_000
    for k in range(net.job_tool_ptr[j], net.job_tool_ptr[j + 1]):
        share, price = net.job_tool_share[k], prices.tool[net.job_tool_row[k]]
        for t in range(t0, t1 + 1):
            out[t] += share * price[t] // 1_000_000


@inner
def open_periods(net: Net, room: Room, o: int, j: int, d: int, pairs: int, out: Flags) -> None:
    """Fill ``out`` (T): whether material and tools are there for ``pairs`` of a job on lines of a defect class."""
    sj, last = net.job_sj[j], room.material.shape[1] - 1
    out[:] = True
    for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
        m, need = net.sj_need_material[k], net.sj_need[k, d] * pairs
        for t in range(last, -1, -1):
            if room.material[m, t] < need:
                out[: t + 1] = False
                break
    for k in range(net.job_tool_ptr[j], net.job_tool_ptr[j + 1]):
        for t in range(net.first[o], net.last[o] + 1):
            if room.tool[net.job_tool_row[k], t] < net.job_tool_share[k] * pairs:
                out[t] = False


@within
def flow_of(net: Net, line: int, sj: int, g: int) -> int:
    """Return what a pair of a style-stage on a line adds to the flow of a cap, in milli units."""
    f = net.cap_flow[g]
    return net.line_flow[line, f] + net.sj_flow[sj, f, net.line_defect[line]]


@within
def fits_line(net: Net, room: Room, sj: int, c: int, t: int, pairs: int) -> bool:
    """Return whether line, skill and caps have room for ``pairs`` on a candidate in a period."""
    line = net.cand_line[c]
    minutes = net.cand_m[c] * pairs
    if room.line[line, t] < minutes:
        return False
    skill = net.sj_skill[sj]
    if skill >= 0:
        row = net.skill_row[net.line_firm[line], skill]
        if row >= 0 and room.skill[row, t] < minutes:
            return False
    for g in range(net.cap_flow.shape[0]):
        if net.cap_line[g, line] and net.cap_period[g, t]:
            f = net.cap_flow[g]
            if room.cap[g] < (net.line_flow[line, f] + net.sj_flow[sj, f, net.line_defect[line]]) * pairs:
                return False
    return True


@nb.njit(cache=True, nogil=True)
def best_path(net: Net, prices: Prices, s: Scratch, o: int, room: Room, pairs: int, total: int) -> int:
    """Return the least cost of a pair of an order, FAR if there is no path; the path is left in the scratch.

    With ``pairs`` = 0 only line-periods without capacity are closed (the bound). Otherwise a step must have room for
    ``pairs``, a line for ``total`` over the window, overtime costs its surcharge where regular minutes are gone, and
    the scratch's ``banned`` lines and ``firm_ok`` last-stage firms are obeyed.
    """
    T = net.most.shape[1]
    j0, j1 = net.job_ptr[o], net.job_ptr[o + 1]
    t0, t1 = net.first[o], net.last[o]
    D = net.move_price.shape[0]
    best, best_c, best_t = FAR, np.int64(-1), -1
    if t0 > t1:
        return FAR
    for j in range(j0, j1):
        own = j - j0
        sj, is_last = net.job_sj[j], net.job_next[j] < 0
        s.known[:] = False
        skill = net.sj_skill[sj]
        slots = 0
        if not is_last:
            s.fd_slot[own, :] = -1
            s.d_value[own, :, :] = FAR
        for c in range(net.cand_ptr[net.job_list[j]], net.cand_ptr[net.job_list[j] + 1]):
            line = net.cand_line[c]
            firm, district, d = net.line_firm[line], net.line_district[line], net.line_defect[line]
            m, mask = net.cand_m[c], net.cand_mask[c]
            if pairs > 0:
                if s.banned[line] or (is_last and not s.firm_ok[firm]):
                    continue
                whole = np.int64(0)
                for t in range(t0, t1 + 1):
                    if net.masks[mask, t]:
                        whole += room.line[line, t]
                least = net.line_smallest[line]
                if whole < m * max(least, total) or least > net.pairs[o]:
                    continue
            if not s.known[d]:
                s.known[d] = True
                stage_extras(net, prices, o, j, d, s.extra[d])
                if pairs > 0:
                    open_periods(net, room, o, j, d, pairs, s.open_[d])
            srow = net.skill_row[firm, skill] if skill >= 0 else -1
            open_any = False
            for t in range(t0, t1 + 1):
                s.row[t] = FAR
                if not net.masks[mask, t] or net.most[line, t] <= 0:
                    continue
                if pairs > 0 and not (s.open_[d, t] and fits_line(net, room, sj, c, t, pairs)):
                    continue
                rate = prices.line[line, t]
                if srow >= 0:
                    rate += prices.skill[srow, t]
                rate *= 60
                if pairs > 0 and room.regular[line, t] < m and rate < net.surcharge[line]:
                    rate = net.surcharge[line]
                cost = net.cand_base[c] + m * (net.ask[line] + rate) // 60_000 + s.extra[d, t]
                for g in range(net.cap_flow.shape[0]):
                    if prices.cap[g] > 0 and net.cap_line[g, line] and net.cap_period[g, t]:
                        flow = net.line_flow[line, net.cap_flow[g]] + net.sj_flow[sj, net.cap_flow[g], d]
                        cost += flow * prices.cap[g] // 1000
                for i in range(own):
                    if net.job_next[j0 + i] == own:
                        least = s.come[i, district, t]
                        for k in range(net.firm_fd_ptr[firm], net.firm_fd_ptr[firm + 1]):
                            fd = net.firm_fd[k]
                            slot = s.fd_slot[i, fd]
                            if slot >= 0:
                                there = net.fd_district[fd]
                                move = net.move_price[there, district]
                                if move >= 0:
                                    v = s.fd_value[i, slot, t] + 1000 * move + net.move_carbon[there, district]
                                    least = min(least, v)
                        cost = FAR if least >= FAR else cost + least
                        if cost >= FAR:
                            break
                if cost >= FAR:
                    continue
                open_any = True
                s.row[t] = cost
                if is_last and cost + net.late[o, t] < best:
                    best, best_c, best_t = cost + net.late[o, t], np.int64(c), t
            if is_last or not open_any:
                continue
            fd = net.line_fd[line]
            slot = s.fd_slot[own, fd]
            if slot < 0:
                slot = slots
                slots += 1
                s.fd_slot[own, fd] = slot
                s.fd_value[own, slot, :] = FAR
            for t in range(t0, t1 + 1):
                if s.row[t] < s.fd_value[own, slot, t]:
                    s.fd_value[own, slot, t] = s.row[t]
                    s.fd_arg[own, slot, t] = c * T + t
                if s.row[t] < s.d_value[own, district, t]:
                    s.d_value[own, district, t] = s.row[t]
                    s.d_arg[own, district, t] = c * T + t
        if not is_last:
            for k in range(slots):
                for t in range(t0 + 1, t1 + 1):
                    if s.fd_value[own, k, t - 1] <= s.fd_value[own, k, t]:
                        s.fd_value[own, k, t] = s.fd_value[own, k, t - 1]
                        s.fd_arg[own, k, t] = s.fd_arg[own, k, t - 1]
            for d in range(D):
                for t in range(t0 + 1, t1 + 1):
                    if s.d_value[own, d, t - 1] <= s.d_value[own, d, t]:
                        s.d_value[own, d, t] = s.d_value[own, d, t - 1]
                        s.d_arg[own, d, t] = s.d_arg[own, d, t - 1]
            arrivals(net, s, own, t0, t1)
    if best < FAR:
        s.path_cand[j1 - 1 - j0], s.path_period[j1 - 1 - j0] = best_c, best_t
        trace(net, s, j0, j1, t0)
    return best


@inner
def arrivals(net: Net, s: Scratch, own: int, t0: int, t1: int) -> None:
    """Fill ``come``: least cost of a pair of a stage that can go on in a district in a period.

    What is made in a district goes on there first. Costs only fall with time: a district whose least cost is no better than what is
    there already when its first pair comes has nothing to add.
    """
    D = net.move_price.shape[0]
    s.come[own, :, :] = FAR
    for a in range(D):
        if net.move_price[a, a] >= 0:
            arrive(net, s, own, a, a, t0, t1)
    for a in range(D):
        if s.d_value[own, a, t1] < FAR:
            for b in range(D):
                if b != a and net.move_price[a, b] >= 0:
                    arrive(net, s, own, a, b, t0, t1)


@inner
def arrive(net: Net, s: Scratch, own: int, a: int, b: int, t0: int, t1: int) -> None:
    """Lower ``come`` of a stage in district ``b`` by what comes from district ``a``."""
    way = 1000 * net.move_price[a, b] + net.move_carbon[a, b]
    lag, t = net.move_lag[a, b], t0
    while t <= t1 and (net.reach[lag, t] < t0 or s.d_value[own, a, net.reach[lag, t]] >= FAR):
        t += 1
    if t > t1 or s.d_value[own, a, net.reach[lag, t1]] + way >= s.come[own, b, t]:
        return
    while t <= t1:
        v = s.d_value[own, a, net.reach[lag, t]] + way
        if v < s.come[own, b, t]:
            s.come[own, b, t] = v
        t += 1


@inner
def trace(net: Net, s: Scratch, j0: int, j1: int, t0: int) -> None:
    """Follow the best path back from the last stage."""
    T = net.most.shape[1]
    for own in range(j1 - j0 - 1, -1, -1):
        after = net.job_next[j0 + own]
        if after < 0:
            continue
        line, t = net.cand_line[s.path_cand[after]], s.path_period[after]
        firm, district = net.line_firm[line], net.line_district[line]
        best, arg = FAR, np.int64(-1)
        for a in range(net.move_price.shape[0]):
            if net.move_price[a, district] >= 0:
                u = net.reach[net.move_lag[a, district], t]
                if u >= t0 and s.d_value[own, a, u] < FAR:
                    v = s.d_value[own, a, u] + 1000 * net.move_price[a, district] + net.move_carbon[a, district]
                    if v < best:
                        best, arg = v, s.d_arg[own, a, u]
        for k in range(net.firm_fd_ptr[firm], net.firm_fd_ptr[firm + 1]):
            fd = net.firm_fd[k]
            slot, a = s.fd_slot[own, fd], net.fd_district[fd]
            if slot >= 0 and net.move_price[a, district] >= 0 and s.fd_value[own, slot, t] < FAR:
                v = s.fd_value[own, slot, t] + 1000 * net.move_price[a, district] + net.move_carbon[a, district]
                if v < best:
                    best, arg = v, s.fd_arg[own, slot, t]
        s.path_cand[own] = arg // T
        s.path_period[own] = arg % T


@inner
def best_outside(net: Net, prices: Prices, o: int) -> tuple[int, int, int]:
    """Return value, option and period of the best outside maker at the prices; (-FAR, -1, -1) if there is none."""
    best, option, period = -FAR, -1, -1
    for k in range(net.out_ptr[o], net.out_ptr[o + 1]):
        for t in range(net.out_first[k], net.last[o] + 1):
            v = net.out_value[k] - prices.outside[net.out_maker[k], t]
            if net.out_value[k] != 0:
                v -= net.late[o, t]
            if v > best:
                best, option, period = v, k, t
    return best, option, period


@nb.njit(cache=True, nogil=True)
def price_orders(
    net: Net,
    prices: Prices,
    s: Scratch,
    room: Room,
    begin: int,
    end: int,
    cand: Ints,
    period: Small,
    kind: Small,
    best: Ints,
) -> None:
    """Price orders begin..end-1: best value per pair, kind (0 not made, 1 path, 2 outside), and the path by job.

    For kind 2 the option and period stand at the order's first job.
    """
    for o in range(begin, end):
        best[o], kind[o] = net.theta[o], 0
        j0, j1 = net.job_ptr[o], net.job_ptr[o + 1]
        cost = best_path(net, prices, s, o, room, 0, 0)
        if cost < FAR and 1000 * net.price[o] - cost > best[o]:
            best[o], kind[o] = 1000 * net.price[o] - cost, 1
            for j in range(j0, j1):
                cand[j], period[j] = s.path_cand[j - j0], s.path_period[j - j0]
        value, option, t = best_outside(net, prices, o)
        if option >= 0 and value > best[o]:
            best[o], kind[o] = value, 2
            cand[j0], period[j0] = option, t


def value_of_pairs(net: Net, prices: Prices) -> Ints:
    """Return what a pair of each order earns in the best way there is at the prices, 1/1000 fen."""
    count, jobs = len(net.pairs), len(net.job_list)
    best = np.zeros(count, np.int64)
    empty = Room(net.most, net.regular, net.supply, net.cap_amount, net.skill_limit, net.tool_limit)
    cand, period, kind = np.zeros(jobs, np.int64), np.zeros(jobs, np.int32), np.zeros(count, np.int32)
    price_orders(net, prices, scratch(net), empty, 0, count, cand, period, kind, best)
    return best
