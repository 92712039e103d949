"""A plan in the making: lots, what they use, and what they earn, kept up to date as orders come and go."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from cordwainer.planning.compiled import inner
from cordwainer.planning.pricing import Room
from cordwainer.planning.problem import Ints, Net, Small

ZERO = np.int64(0)


class State(NamedTuple):
    """Lots of every order and the room that they leave.

    ``lots`` lots per order; ``lot_cand`` order x lot x stage; ``work`` order x lot x stage x T pairs; ``out_option`` (-1: none)
    and ``out_work`` order x T pairs outside; ``out_room`` maker x T; ``value`` 1/1000 fen that the order earns by itself,
    materials at ``unit_price`` (1/1000 fen a unit, material x T: what one more unit costs); ``overtime`` one number, 1/1000 fen.
    """

    room: Room
    lots: Small
    lot_pairs: Ints
    lot_cand: Ints
    work: Small
    out_option: Small
    out_work: Small
    out_room: Ints
    value: Ints
    overtime: Ints
    unit_price: Ints


def new_state(net: Net, most_lots: int, unit_price: Ints) -> State:
    """Return the state in which nothing is placed."""
    orders, T = len(net.pairs), net.most.shape[1]
    jobs = int(np.diff(net.job_ptr).max(initial=1))
    room = Room(
        net.most.copy(),
        net.regular.copy(),
        net.supply.copy(),
        net.cap_amount.copy(),
        net.skill_limit.copy(),
        net.tool_limit.copy(),
    )
    return State(
        room=room,
        lots=np.zeros(orders, np.int32),
        lot_pairs=np.zeros((orders, most_lots), np.int64),
        lot_cand=np.full((orders, most_lots, jobs), -1, np.int64),
        work=np.zeros((orders, most_lots, jobs, T), np.int32),
        out_option=np.full(orders, -1, np.int32),
        out_work=np.zeros((orders, T), np.int32),
        out_room=net.out_limit.copy(),
        value=(net.theta * net.pairs).copy(),
        overtime=np.zeros(1, np.int64),
        unit_price=unit_price,
    )


@inner
def use(net: Net, st: State, o: int, j: int, c: int, t: int, pairs: int) -> int:
    """Take (or, with negative pairs, give back) the room of work; return the order's own cost of it in 1/1000 fen."""
    line, sj = net.cand_line[c], net.job_sj[j]
    d, minutes = net.line_defect[line], net.cand_m[c] * pairs
    before = max(ZERO, -st.room.regular[line, t])
    st.room.line[line, t] -= minutes
    st.room.regular[line, t] -= minutes
    after = max(ZERO, -st.room.regular[line, t])
    st.overtime[0] += after * net.surcharge[line] // 60_000 - before * net.surcharge[line] // 60_000
    skill = net.sj_skill[sj]
    if skill >= 0:
        row = net.skill_row[net.line_firm[line], skill]
        if row >= 0:
            st.room.skill[row, t] -= minutes
    for k in range(net.job_tool_ptr[j], net.job_tool_ptr[j + 1]):
        st.room.tool[net.job_tool_row[k], t] -= net.job_tool_share[k] * pairs
    cost = pairs * (net.cand_base[c] + net.cand_m[c] * net.ask[line] // 60_000)
    for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
        m = net.sj_need_material[k]
        need = net.sj_need[k, d] * pairs
        cost += need * st.unit_price[m, t] // 1_000_000
        for u in range(t, st.room.material.shape[1]):
            st.room.material[m, u] -= need
    for g in range(net.cap_flow.shape[0]):
        if net.cap_line[g, line] and net.cap_period[g, t]:
            st.room.cap[g] -= (net.line_flow[line, net.cap_flow[g]] + net.sj_flow[sj, net.cap_flow[g], d]) * pairs
    if net.job_next[j] < 0:
        cost += net.late[o, t] * pairs
    return cost


@inner
def move_cost(net: Net, o: int, cands: Ints) -> int:
    """Return what moving one pair between the lines of a lot costs in 1/1000 fen."""
    j0 = net.job_ptr[o]
    total = ZERO
    for j in range(j0, net.job_ptr[o + 1]):
        after = net.job_next[j]
        if after >= 0:
            a = net.line_district[net.cand_line[cands[j - j0]]]
            b = net.line_district[net.cand_line[cands[after]]]
            total += 1000 * net.move_price[a, b] + net.move_carbon[a, b]
    return total


@inner
def settle(net: Net, st: State, o: int, sign: int) -> None:
    """Take (sign 1) or give back (sign -1) all that the lots of an order use, and set its value."""
    j0, j1 = net.job_ptr[o], net.job_ptr[o + 1]
    cost = ZERO
    for k in range(st.lots[o]):
        for j in range(j0, j1):
            for t in range(net.first[o], net.last[o] + 1):
                n = st.work[o, k, j - j0, t]
                if n:
                    cost += sign * use(net, st, o, j, st.lot_cand[o, k, j - j0], t, sign * n)
    account(net, st, o, sign, cost)


@inner
def account(net: Net, st: State, o: int, sign: int, cost: int) -> None:
    """Set the value of an order whose lots hold their room (sign 1, at their ``cost``) or hold it no more; outside room goes with it."""
    earned, placed = -cost, ZERO
    for k in range(st.lots[o]):
        pairs = st.lot_pairs[o, k]
        placed += pairs
        earned += pairs * (1000 * net.price[o] - move_cost(net, o, st.lot_cand[o, k]))
    option = st.out_option[o]
    if option >= 0:
        for t in range(st.out_work.shape[1]):
            n = st.out_work[o, t]
            if n:
                placed += n
                st.out_room[net.out_maker[option], t] -= sign * n
                if net.out_value[option] != 0:
                    earned += n * (net.out_value[option] - net.late[o, t])
    if placed < net.pairs[o]:
        earned += net.theta[o] * (net.pairs[o] - placed)
    st.value[o] = earned if sign > 0 else net.theta[o] * net.pairs[o]


@inner
def clear(net: Net, st: State, o: int) -> None:
    """Take an order out of the plan."""
    settle(net, st, o, -1)
    for k in range(st.lots[o]):
        st.work[o, k, :, :] = 0
        st.lot_pairs[o, k] = 0
    st.lots[o] = 0
    st.out_option[o] = -1
    st.out_work[o, :] = 0


@nb.njit(cache=True, nogil=True)
def total(st: State) -> int:
    """Return the value of the state in 1/1000 fen."""
    return st.value.sum() - st.overtime[0]


class Shelf(NamedTuple):
    """Room to keep the lots of a few orders while others are tried in their place."""

    lots: Small
    option: Small
    pairs: Ints
    cands: Ints
    work: Small
    out: Small


def new_shelf(st: State, room: int) -> Shelf:
    """Return a shelf for ``room`` orders."""
    return Shelf(
        lots=np.zeros(room, st.lots.dtype),
        option=np.zeros(room, st.out_option.dtype),
        pairs=np.zeros((room, st.lot_pairs.shape[1]), st.lot_pairs.dtype),
        cands=np.zeros((room, *st.lot_cand.shape[1:]), st.lot_cand.dtype),
        work=np.zeros((room, *st.work.shape[1:]), st.work.dtype),
        out=np.zeros((room, st.out_work.shape[1]), st.out_work.dtype),
    )


@nb.njit(cache=True, nogil=True)
def lift(net: Net, st: State, chosen: Ints, shelf: Shelf) -> None:
    """Take orders out of the plan and keep their lots on the shelf."""
    for i, o in enumerate(chosen):
        shelf.lots[i], shelf.option[i] = st.lots[o], st.out_option[o]
        shelf.pairs[i], shelf.cands[i] = st.lot_pairs[o], st.lot_cand[o]
        shelf.work[i], shelf.out[i] = st.work[o], st.out_work[o]
        clear(net, st, o)


@nb.njit(cache=True, nogil=True)
def put_back(net: Net, st: State, chosen: Ints, shelf: Shelf) -> None:
    """Undo `lift`, whatever became of the orders since."""
    for o in chosen:
        clear(net, st, o)
    for i, o in enumerate(chosen):
        st.lots[o], st.out_option[o] = shelf.lots[i], shelf.option[i]
        st.lot_pairs[o], st.lot_cand[o] = shelf.pairs[i], shelf.cands[i]
        st.work[o], st.out_work[o] = shelf.work[i], shelf.out[i]
        settle(net, st, o, 1)
