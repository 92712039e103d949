"""Routes: one line for every stage of an order; what one more pair costs on it, and what flows it can carry.

What a route can carry follows from the flows of its lines: done(s, t) is the least of done(s, t - 1) + flow(s, t) and, over the earlier
stages, done(s', last period that arrives by t). The widest route is the one whose narrowest line carries most.
"""

from __future__ import annotations

import numpy as np

from cordwainer.planning.compiled import inner
from cordwainer.planning.pricing import FAR, Prices, Room, Scratch, fits_line, open_periods, stage_extras
from cordwainer.planning.problem import Floats, Ints, Net


@inner
def arrives(net: Net, c: int, following: int, t: int) -> int:
    """Return the last period whose work on a candidate can go on with a following candidate in period ``t``, -1 if none."""
    a, b = net.cand_line[c], net.cand_line[following]
    if net.line_firm[a] == net.line_firm[b]:
        return t
    return net.reach[net.move_lag[net.line_district[a], net.line_district[b]], t]


@inner
def route_path(net: Net, prices: Prices, s: Scratch, o: int, room: Room, route: Ints) -> int:
    """Return the least cost of one more pair along given candidates, FAR if none fits; the periods are left in the scratch.

    As `best_path` with one candidate for every stage; ``fd_value`` and ``fd_arg`` hold running least cost and its period.
    """
    j0, j1, t0, t1 = net.job_ptr[o], net.job_ptr[o + 1], net.first[o], net.last[o]
    best, best_t = FAR, -1
    for j in range(j0, j1):
        own, c, sj = j - j0, route[j - j0], net.job_sj[j]
        line, m = net.cand_line[c], net.cand_m[c]
        d, firm = net.line_defect[line], net.line_firm[line]
        stage_extras(net, prices, o, j, d, s.extra[d])
        open_periods(net, room, o, j, d, 1, s.open_[d])
        srow = net.skill_row[firm, net.sj_skill[sj]] if net.sj_skill[sj] >= 0 else -1
        value, arg = s.fd_value[own, 0], s.fd_arg[own, 0]
        for t in range(t0, t1 + 1):
            value[t], arg[t] = FAR, t
            if t > t0:
                value[t], arg[t] = value[t - 1], arg[t - 1]
            if not net.masks[net.cand_mask[c], t] or not s.open_[d, t] or not fits_line(net, room, sj, c, t, 1):
                continue
            rate = prices.line[line, t] + (prices.skill[srow, t] if srow >= 0 else 0)
            rate *= 60
            if room.regular[line, t] < m and rate < net.surcharge[line]:
                rate = net.surcharge[line]
            cost = net.cand_base[c] + m * (net.ask[line] + rate) // 60_000 + s.extra[d, t]
            for g in range(net.cap_flow.shape[0]):
                if prices.cap[g] > 0 and net.cap_line[g, line] and net.cap_period[g, t]:
                    cost += (
                        (net.line_flow[line, net.cap_flow[g]] + net.sj_flow[sj, net.cap_flow[g], d])
                        * prices.cap[g]
                        // 1000
                    )
            for i in range(own):
                if net.job_next[j0 + i] == own:
                    u = arrives(net, route[i], c, t)
                    before = s.fd_value[i, 0, u] if u >= t0 else FAR
                    cost = FAR if before >= FAR else cost + before
                    if cost >= FAR:
                        break
            if net.job_next[j] < 0:
                if cost < FAR and cost + net.late[o, t] < best:
                    best, best_t = cost + net.late[o, t], t
            elif cost < value[t]:
                value[t], arg[t] = cost, t
    if best < FAR:
        s.path_period[j1 - 1 - j0] = best_t
        for own in range(j1 - j0 - 2, -1, -1):
            after = net.job_next[j0 + own]
            u = arrives(net, route[own], route[after], s.path_period[after])
            s.path_period[own] = s.fd_arg[own, 0, u]
        for own in range(j1 - j0):
            s.path_cand[own] = route[own]
    return best


@inner
def widest_route(net: Net, o: int, cand: Ints, ent: Ints, flow: Floats, route: Ints) -> float:
    """Fill ``route`` with the entry of each stage such that the least flow is largest; return that flow.

    ``ent`` points from the jobs of the order to its entries; entries of one stage reach the next where districts are linked.
    """
    j0, j1 = net.job_ptr[o], net.job_ptr[o + 1]
    jobs = j1 - j0
    width = np.zeros(ent[jobs] - ent[0])
    before = np.full((ent[jobs] - ent[0], jobs), -1, np.int64)
    for own in range(jobs):
        for e in range(ent[own], ent[own + 1]):
            w = 0.0
            for t in range(flow.shape[1]):
                w += flow[e, t]
            to = net.line_district[net.cand_line[cand[e]]]
            for i in range(own):
                if net.job_next[j0 + i] != own:
                    continue
                best, arg = -1.0, -1
                for f in range(ent[i], ent[i + 1]):
                    at = net.line_district[net.cand_line[cand[f]]]
                    if net.move_price[at, to] >= 0 and width[f - ent[0]] > best:
                        best, arg = width[f - ent[0]], f
                w = min(w, best)
                before[e - ent[0], i] = arg
            width[e - ent[0]] = w
    best = 0.0
    route[:] = -1
    for e in range(ent[jobs - 1], ent[jobs]):
        if width[e - ent[0]] > best:
            best, route[jobs - 1] = width[e - ent[0]], e
    if best > 0.0:
        for own in range(jobs - 1, -1, -1):
            for i in range(own):
                if net.job_next[j0 + i] == own:
                    route[i] = before[route[own] - ent[0], i]
    return best


@inner
def route_done(net: Net, o: int, cand: Ints, route: Ints, flow: Floats, done: Floats) -> float:
    """Fill ``done`` (stage x T, pairs up to and with t) along a route within the flows; return its pairs.

    The last stage works as early as the flows allow, the stages before it as late as that allows.
    """
    j0, j1 = net.job_ptr[o], net.job_ptr[o + 1]
    t0, t1 = net.first[o], net.last[o]
    for own in range(j1 - j0):
        have = 0.0
        for t in range(t0, t1 + 1):
            have += flow[route[own], t]
            for i in range(own):
                if net.job_next[j0 + i] == own:
                    u = arrives(net, cand[route[i]], cand[route[own]], t)
                    have = min(have, done[i, u] if u >= t0 else 0.0)
            done[own, t] = have
    pairs = done[j1 - j0 - 1, t1]
    for own in range(j1 - j0 - 2, -1, -1):
        after = net.job_next[j0 + own]
        u, done[own, t1] = t1, pairs
        for t in range(t1 - 1, t0 - 1, -1):
            while u >= t0 and arrives(net, cand[route[own]], cand[route[after]], u) > t:
                u -= 1
            asked = done[after, u] if u >= t0 else 0.0
            done[own, t] = min(done[own, t], max(asked, done[own, t + 1] - flow[route[own], t + 1]))
    return pairs
