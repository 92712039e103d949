"""Improve a plan: take some orders out and place them again, keep what is better."""

from __future__ import annotations

import numba as nb
import numpy as np

from cordwainer.planning.filling import fill_order
from cordwainer.planning.pricing import Prices, Scratch
from cordwainer.planning.problem import Ints, Net
from cordwainer.planning.state import State, clear, settle, total


@nb.njit(cache=True, nogil=True)
def place_all(net: Net, prices: Prices, s: Scratch, st: State, sequence: Ints, begin: int, end: int) -> None:
    """Place the orders of a sequence that are not in the plan, from position ``begin`` to ``end``."""
    for i in range(begin, end):
        o = sequence[i]
        if st.lots[o] == 0 and st.out_option[o] < 0:
            fill_order(net, prices, s, st, o, 0)


@nb.njit(cache=True)
def sow(seed: int) -> None:
    """Set the seed of compiled random numbers."""
    np.random.seed(seed)


@nb.njit(cache=True, nogil=True)
def choose(net: Net, st: State, size: int, chosen: Ints) -> int:
    """Choose up to ``size`` orders that share lines with a random one, and as many that are not made; return how many."""
    orders = len(net.pairs)
    count = 0
    first = np.random.randint(0, orders)
    for _ in range(20):
        if st.lots[first] > 0:
            break
        first = np.random.randint(0, orders)
    chosen[count] = first
    count += 1
    if st.lots[first] > 0:
        jobs = net.job_ptr[first + 1] - net.job_ptr[first]
        own = np.random.randint(0, jobs)
        line = net.cand_line[st.lot_cand[first, np.random.randint(0, st.lots[first]), own]]
        start = np.random.randint(0, orders)
        for i in range(orders):
            o = (start + i) % orders
            if count >= size:
                break
            if o == first or st.lots[o] == 0:
                continue
            hit = False
            for k in range(st.lots[o]):
                for x in range(net.job_ptr[o + 1] - net.job_ptr[o]):
                    hit = hit or net.cand_line[st.lot_cand[o, k, x]] == line
            if hit:
                chosen[count] = o
                count += 1
    for _ in range(3 * size):
        if count >= 2 * size:
            break
        o = np.random.randint(0, orders)
        fresh = st.lots[o] == 0
        for i in range(count):
            fresh = fresh and chosen[i] != o
        if fresh:
            chosen[count] = o
            count += 1
    return count


@nb.njit(cache=True, nogil=True)
def improve(
    net: Net, full: Prices, half: Prices, none: Prices, s: Scratch, st: State, worth: Ints, rounds: int, size: int
) -> int:
    """Try ``rounds`` times to place a few related orders better; return how often the plan got better.

    ``worth`` is the value of each order per pair at the full prices: dear orders tend to go first.
    """
    better = 0
    room = 2 * size + 1
    chosen = np.zeros(room, np.int64)
    key = np.zeros(room)
    lots = np.zeros(room, st.lots.dtype)
    option = np.zeros(room, st.out_option.dtype)
    pairs = np.zeros((room, st.lot_pairs.shape[1]), st.lot_pairs.dtype)
    cands = np.zeros((room, st.lot_cand.shape[1], st.lot_cand.shape[2]), st.lot_cand.dtype)
    work = np.zeros((room, *st.work.shape[1:]), st.work.dtype)
    out = np.zeros((room, st.out_work.shape[1]), st.out_work.dtype)
    for _ in range(rounds):
        before = total(st)
        count = choose(net, st, 1 + np.random.randint(0, size), chosen)
        for i in range(count):
            o = chosen[i]
            lots[i], option[i] = st.lots[o], st.out_option[o]
            pairs[i], cands[i], work[i], out[i] = st.lot_pairs[o], st.lot_cand[o], st.work[o], st.out_work[o]
            clear(net, st, o)
            noise = (np.random.random() - 0.5) * 0.3 * net.price[o] * 1000
            key[i] = -(worth[o] + noise)
            if np.random.random() < 0.1:
                key[i] = -1e18 * np.random.random()
        rank = np.argsort(key[:count])
        draw = np.random.random()
        prices = full if draw < 0.6 else (half if draw < 0.85 else none)
        for i in range(count):
            fill_order(net, prices, s, st, chosen[rank[i]], np.int64(-(2**40)) if draw < 0.5 else np.int64(0))
        if total(st) > before:
            better += 1
        elif total(st) < before:
            for i in range(count):
                clear(net, st, chosen[i])
            for i in range(count):
                o = chosen[i]
                st.lots[o], st.out_option[o] = lots[i], option[i]
                st.lot_pairs[o], st.lot_cand[o], st.work[o], st.out_work[o] = pairs[i], cands[i], work[i], out[i]
                settle(net, st, o, 1)
    return better
