"""Lots of an older plan put into a new one, one order after another, as far as rules and room still allow."""

from __future__ import annotations

import numba as nb
import numpy as np

from cordwainer.planning.compiled import inner
from cordwainer.planning.filling import give_back, most_on, smallest_of
from cordwainer.planning.problem import Ints, Net, Small
from cordwainer.planning.routes import arrives
from cordwainer.planning.state import ZERO, State, account, use

KEPT, NO_ORDER, OTHER_PAIRS, NO_LINE, OTHER_STAGES, NOT_ELIGIBLE, NOT_THEN, NO_HOURS, NO_WINDOW = (
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
)
TOO_LATE, TOO_SMALL, TOO_MANY, LINE_FULL, SKILL_FULL, TOOL_FULL, NO_MATERIAL, CAP_FULL = 9, 10, 11, 12, 13, 14, 15, 16
OUTSIDE_GONE, LET_GO = 17, 18
"""What became of a lot: it is kept, or the first thing that stands in its way."""


@inner
def lacking(net: Net, st: State, j: int, c: int, t: int, pairs: int) -> int:
    """Return what is too short for work that does not fit."""
    line, sj = net.cand_line[c], net.job_sj[j]
    minutes = net.cand_m[c] * pairs
    if st.room.line[line, t] < minutes:
        return LINE_FULL
    skill = net.sj_skill[sj]
    if skill >= 0:
        row = net.skill_row[net.line_firm[line], skill]
        if row >= 0 and st.room.skill[row, t] < minutes:
            return SKILL_FULL
    for k in range(net.job_tool_ptr[j], net.job_tool_ptr[j + 1]):
        if st.room.tool[net.job_tool_row[k], t] < net.job_tool_share[k] * pairs:
            return TOOL_FULL
    for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
        need = net.sj_need[k, net.line_defect[line]] * pairs
        for u in range(t, st.room.material.shape[1]):
            if st.room.material[net.sj_need_material[k], u] < need:
                return NO_MATERIAL
    return CAP_FULL


@inner
def allowed_lot(net: Net, st: State, o: int, k: int) -> int:
    """Return KEPT where the lot obeys every rule that looks at it alone, else the first one that it breaks."""
    j0, jobs = net.job_ptr[o], net.job_ptr[o + 1] - net.job_ptr[o]
    T = st.work.shape[3]
    for own in range(jobs):
        c = st.lot_cand[o, k, own]
        if c < 0:
            return NOT_ELIGIBLE
        for t in range(T):
            if st.work[o, k, own, t] > 0:
                if t < net.first[o] or t > net.last[o]:
                    return NO_WINDOW
                if net.most[net.cand_line[c], t] <= 0:
                    return NO_HOURS
                if not net.masks[net.cand_mask[c], t]:
                    return NOT_THEN
    done = np.zeros((jobs, T), np.int64)
    for own in range(jobs):
        have = np.int64(0)
        for t in range(T):
            have += st.work[o, k, own, t]
            done[own, t] = have
        if have != st.lot_pairs[o, k]:
            return OTHER_STAGES
    for own in range(jobs):
        after = net.job_next[j0 + own]
        if after < 0:
            continue
        a, b = st.lot_cand[o, k, own], st.lot_cand[o, k, after]
        if net.move_price[net.line_district[net.cand_line[a]], net.line_district[net.cand_line[b]]] < 0:
            return TOO_LATE
        for t in range(T):
            u = arrives(net, a, b, t)
            if done[after, t] > (done[own, u] if u >= 0 else 0):
                return TOO_LATE
    if st.lot_pairs[o, k] < smallest_of(net, o, st.lot_cand[o, k], jobs):
        return TOO_SMALL
    return KEPT


@inner
def take_lot(net: Net, st: State, o: int, k: int) -> tuple[int, int]:
    """Take the room of a lot and return KEPT and its cost (1/1000 fen); where there is not enough, take nothing and return what lacks."""
    j0, jobs = net.job_ptr[o], net.job_ptr[o + 1] - net.job_ptr[o]
    T, cost = st.work.shape[3], ZERO
    for own in range(jobs):
        c = st.lot_cand[o, k, own]
        for t in range(T):
            n = np.int64(st.work[o, k, own, t])
            if n == 0:
                continue
            if most_on(net, st.room, j0 + own, c, t, n) < n:
                why = lacking(net, st, j0 + own, c, t, n)
                for i in range(own + 1):
                    for u in range(T if i < own else t):
                        m = np.int64(st.work[o, k, i, u])
                        if m > 0:
                            use(net, st, o, j0 + i, st.lot_cand[o, k, i], u, -m)
                return why, ZERO
            cost += use(net, st, o, j0 + own, c, t, n)
    return KEPT, cost


@inner
def forget(st: State, o: int, k: int) -> None:
    """Empty the place of a lot that holds no room."""
    st.work[o, k, :, :] = 0
    st.lot_pairs[o, k] = 0
    st.lot_cand[o, k, :] = -1


@inner
def too_many_makers(net: Net, st: State, o: int) -> bool:
    """Return whether the lots of an order have more last-stage firms than it allows."""
    if net.most_makers[o] <= 0:
        return False
    last, count = net.job_ptr[o + 1] - net.job_ptr[o] - 1, 0
    for k in range(st.lots[o]):
        firm, fresh = net.line_firm[net.cand_line[st.lot_cand[o, k, last]]], True
        for i in range(k):
            fresh = fresh and net.line_firm[net.cand_line[st.lot_cand[o, i, last]]] != firm
        count += fresh
    return count > net.most_makers[o]


@inner
def take_outside(net: Net, st: State, o: int, option: int) -> bool:
    """Return whether the pairs of an order outside can still be made there; their room is not taken yet."""
    maker = net.out_maker[option]
    for t in range(st.out_work.shape[1]):
        n = st.out_work[o, t]
        if n > 0 and (t < net.out_first[option] or t > net.last[o] or st.out_room[maker, t] < n):
            return False
    return True


@nb.njit(cache=True, nogil=True)
def keep_orders(
    net: Net, st: State, sequence: Ints, given: Small, option: Small, why: Small, away: Small, left: Ints
) -> None:
    """Put the lots that stand in the state, without room yet, into the plan order by order; mark what became of each.

    Parameters
    ----------
    sequence
        Orders, those first that are to be kept first.
    given, option
        Lots of each order, and its outside maker as in ``net.out_maker`` (-1: none), O.
    why
        What became of each lot, O x lots, KEPT as long as nothing stands in its way; filled in.
    away
        The same of the pairs outside, O.
    left
        Filled in, O: pairs that are in no lot and not outside. Where there are any, the lots that are left hold their room
        and the order is not settled (as `fill_order` wants them).
    """
    for o in sequence:
        kept, placed, cost = 0, ZERO, ZERO
        for k in range(given[o]):
            if why[o, k] == KEPT:
                why[o, k] = allowed_lot(net, st, o, k)
            if why[o, k] == KEPT:
                why[o, k], each = take_lot(net, st, o, k)
                cost += each
            if why[o, k] != KEPT:
                forget(st, o, k)
                continue
            placed += st.lot_pairs[o, k]
            if kept != k:
                st.work[o, kept], st.lot_cand[o, kept] = st.work[o, k], st.lot_cand[o, k]
                st.lot_pairs[o, kept] = st.lot_pairs[o, k]
                forget(st, o, k)
            kept += 1
        st.lots[o] = kept
        sent = np.int64(0)
        if option[o] >= 0 and away[o] == KEPT:
            for t in range(st.out_work.shape[1]):
                sent += st.out_work[o, t]
            if not take_outside(net, st, o, option[o]):
                away[o], sent = OUTSIDE_GONE, 0
        wrong = KEPT
        if too_many_makers(net, st, o):
            wrong = TOO_MANY
        elif placed + sent > net.pairs[o]:
            wrong = OTHER_PAIRS
        if wrong != KEPT:
            for k in range(kept):
                give_back(net, st, o, k)
                forget(st, o, k)
            for k in range(given[o]):
                why[o, k] = wrong if why[o, k] == KEPT else why[o, k]
            if option[o] >= 0 and away[o] == KEPT:
                away[o] = wrong
            st.lots[o], placed, sent, cost = 0, ZERO, ZERO, ZERO
        left[o] = net.pairs[o] - placed - sent
        if sent > 0 and left[o] == 0:
            st.out_option[o] = option[o]
        else:
            left[o] += sent
            st.out_work[o, :] = 0
        if left[o] == 0 and net.pairs[o] > 0:
            account(net, st, o, 1, cost)
