"""Lots in whole pairs from pairs done by stage and period that need not be whole.

Rounding done(s, t) down keeps the sequence of the stages; what finds no room goes where there is some.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from cordwainer.planning.compiled import inner
from cordwainer.planning.filling import fill_lot, fill_order, give_back, merged, most_on, smallest_of
from cordwainer.planning.pricing import FAR, Prices, Scratch
from cordwainer.planning.problem import Floats, Ints, Net
from cordwainer.planning.routes import arrives
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
            if want > 0:
                want = most_on(net, st.room, j0 + own, c, t, want)
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


@nb.njit(cache=True, nogil=True)
def take_lots(net: Net, st: State, o: int, cands: Ints, done: Floats) -> int:
    """Make lots of an order that is not in the plan (candidates by lot and stage, pairs done by lot, stage and period).

    Returns the pairs for which there was room. Lots hold their room.
    """
    jobs = net.job_ptr[o + 1] - net.job_ptr[o]
    route = np.arange(jobs)
    taken, k = np.int64(0), 0
    for i in range(min(len(cands), st.lot_pairs.shape[1])):
        placed = take_route(net, st, o, k, route, cands[i], done[i])
        if placed <= 0:
            give_back(net, st, o, k)
            continue
        st.lot_pairs[o, k] = placed
        taken += placed
        if not merged(st, o, k, jobs):
            k += 1
            st.lots[o] = k
    return taken


@inner
def plan_outside(net: Net, st: State, o: int, option: int, wanted: Ints, pairs: int) -> int:
    """Plan up to ``pairs`` at an outside maker, as ``wanted`` by period first; return the pairs left over."""
    maker, left = net.out_maker[option], pairs
    for t in range(net.out_first[option], net.last[o] + 1):
        st.out_work[o, t] = min(wanted[t], st.out_room[maker, t], left)
        left -= st.out_work[o, t]
    for t in range(net.out_first[option], net.last[o] + 1):
        more = min(left, st.out_room[maker, t] - st.out_work[o, t])
        st.out_work[o, t] += more
        left -= more
    if left < pairs:
        st.out_option[o] = option
    return left


@nb.njit(cache=True, nogil=True)
def complete(net: Net, prices: Prices, s: Scratch, st: State, o: int, taken: int, option: int, wanted: Ints) -> bool:
    """Place what `take_lots` and the plan outside leave of an order, or all of it anew; return whether it is placed."""
    away = wanted.sum()
    left = top_up(net, prices, s, st, o, net.pairs[o] - away - taken)
    if option >= 0:
        away = left + away
        left = plan_outside(net, st, o, option, wanted, away)
        if left > 0:  # one outside maker at most: let `fill_order` find one for all that is left
            st.out_option[o] = -1
            st.out_work[o, :] = 0
            left = away
    return fill_order(net, prices, s, st, o, -FAR, left)


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
