"""Whole lots from smoothed flows: cut what an order does by line and period into a few routes, in whole pairs.

Routes are taken widest first; rounding done(s, t) down keeps the order of stages.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from cordwainer.planning.compiled import inner
from cordwainer.planning.filling import fill_lot, give_back, merged, smallest_of
from cordwainer.planning.pricing import Prices, Scratch, fits
from cordwainer.planning.problem import Floats, Ints, Net
from cordwainer.planning.routes import arrives, route_done, widest_route
from cordwainer.planning.state import State, use


@inner
def take_route(net: Net, st: State, o: int, k: int, route: Ints, cand: Ints, done: Floats) -> int:
    """Make lot ``k`` of a route in whole pairs as far as there is room; return its pairs. The lot holds its room.

    What does not fit in a period is made up for in a later one in which the line may work.
    """
    j0, j1 = net.job_ptr[o], net.job_ptr[o + 1]
    t0, t1 = net.first[o], net.last[o]
    whole = np.zeros((j1 - j0, t1 + 1), np.int64)
    for own in range(j1 - j0):
        c = cand[route[own]]
        st.lot_cand[o, k, own] = c
        line = net.cand_line[c]
        have = np.int64(0)
        for t in range(t0, t1 + 1):
            want = np.int64(done[own, t] + 1e-6) - have
            for i in range(own):
                if net.job_next[j0 + i] == own:
                    u = arrives(net, cand[route[i]], c, t)
                    want = min(want, (whole[i, u] if u >= t0 else 0) - have)
            want = min(want, st.room.line[line, t] // net.cand_m[c]) if net.masks[net.cand_mask[c], t] else np.int64(0)
            while want > 0 and not fits(net, st.room, j0 + own, c, t, want):
                want = want * 7 // 8 if want > 8 else want - 1
            if want > 0:
                use(net, st, o, j0 + own, c, t, want)
                st.work[o, k, own, t] = want
                have += want
            whole[own, t] = have
    pairs = whole[j1 - j0 - 1, t1]
    for own in range(j1 - j0):
        extra = whole[own, t1] - pairs
        for t in range(t1, t0 - 1, -1):
            n = min(extra, st.work[o, k, own, t])
            if n > 0:
                use(net, st, o, j0 + own, st.lot_cand[o, k, own], t, -n)
                st.work[o, k, own, t] -= n
                extra -= n
    return pairs


@inner
def keep_makers(net: Net, s: Scratch, o: int, cand: Ints, ent: Ints, flow: Floats) -> None:
    """Of an order of few makers leave only the flows of the last-stage firms that make most."""
    jobs = net.job_ptr[o + 1] - net.job_ptr[o]
    lo, hi = ent[jobs - 1], ent[jobs]
    for e in range(lo, hi):
        firm = net.line_firm[net.cand_line[cand[e]]]
        s.firm_room[firm] = 0
        s.firm_ok[firm] = False
    for e in range(lo, hi):
        for t in range(flow.shape[1]):
            s.firm_room[net.line_firm[net.cand_line[cand[e]]]] += np.int64(1000 * flow[e, t])
    for _ in range(net.most_makers[o]):
        best, who = np.int64(-1), -1
        for e in range(lo, hi):
            firm = net.line_firm[net.cand_line[cand[e]]]
            if not s.firm_ok[firm] and s.firm_room[firm] > best:
                best, who = s.firm_room[firm], firm
        if who >= 0:
            s.firm_ok[who] = True
    for e in range(lo, hi):
        if not s.firm_ok[net.line_firm[net.cand_line[cand[e]]]]:
            flow[e, :] = 0.0


@nb.njit(cache=True, nogil=True)
def follow(net: Net, prices: Prices, s: Scratch, st: State, o: int, cand: Ints, ent: Ints, flow: Floats) -> int:
    """Make lots of an order that is not in the plan along its flows; return the pairs left over. Lots hold their room.

    What the flows leave over goes onto the same lots wherever there is room.
    """
    jobs = net.job_ptr[o + 1] - net.job_ptr[o]
    most_lots = st.lot_pairs.shape[1]
    route, done = np.zeros(jobs, np.int64), np.zeros((jobs, flow.shape[1]))
    left, k = net.pairs[o], 0
    if net.most_makers[o] > 0:
        keep_makers(net, s, o, cand, ent, flow)
    for _ in range(2 * most_lots):
        if k >= most_lots or left <= 0:
            break
        if widest_route(net, o, cand, ent, flow, route) < 0.5:
            break
        pairs = route_done(net, o, cand, route, flow, done)
        for own in range(jobs):
            before = 0.0
            for t in range(net.first[o], net.last[o] + 1):
                flow[route[own], t] = max(0.0, flow[route[own], t] - (done[own, t] - before))
                before = done[own, t]
        if pairs < 1.0:
            for own in range(jobs):
                tiny = 0.0
                for t in range(flow.shape[1]):
                    tiny += flow[route[own], t]
                if tiny < 0.02 * net.pairs[o]:
                    flow[route[own], :] = 0.0
            continue
        placed = take_route(net, st, o, k, route, cand, done)
        if placed <= 0:
            give_back(net, st, o, k)
            continue
        st.lot_pairs[o, k] = placed
        left -= placed
        if not merged(st, o, k, jobs):
            k += 1
            st.lots[o] = k
    return top_up(net, prices, s, st, o, left)


@inner
def top_up(net: Net, prices: Prices, s: Scratch, st: State, o: int, left: int) -> int:
    """Put the pairs left over onto the lots of an order, largest first; drop lots that stay too small; return the rest."""
    jobs = net.job_ptr[o + 1] - net.job_ptr[o]
    for _ in range(2):
        rank = np.argsort(-st.lot_pairs[o, : st.lots[o]])
        for i in rank:
            if left <= 0:
                break
            for own in range(jobs):
                s.path_cand[own] = st.lot_cand[o, i, own]
            more = fill_lot(net, prices, s, st, o, i, left)
            st.lot_pairs[o, i] += more
            left -= more
        small = -1
        for i in range(st.lots[o]):
            if st.lot_pairs[o, i] < smallest_of(net, o, st.lot_cand[o, i], jobs):
                small = i
        if small < 0:
            break
        for i in range(st.lots[o] - 1, -1, -1):
            if st.lot_pairs[o, i] < smallest_of(net, o, st.lot_cand[o, i], jobs):
                give_back(net, st, o, i)
                left += st.lot_pairs[o, i]
                last = st.lots[o] - 1
                if i != last:
                    st.lot_pairs[o, i] = st.lot_pairs[o, last]
                    st.lot_cand[o, i] = st.lot_cand[o, last]
                    st.work[o, i] = st.work[o, last]
                st.lot_pairs[o, last] = 0
                st.work[o, last, :, :] = 0
                st.lots[o] = last
    return left
