"""Routes: one line for every stage of an order, and what one more pair costs on it."""

from __future__ import annotations

from cordwainer.planning.compiled import inner, within
from cordwainer.planning.pricing import FAR, Prices, Room, Scratch, fits_line, open_periods, stage_extras
from cordwainer.planning.problem import Ints, Net


@within
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
