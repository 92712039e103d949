"""Improve a plan: take some orders out and place them again, keep what is better."""

from __future__ import annotations

from collections.abc import Sequence

import numba as nb
import numpy as np

from cordwainer.planning.filling import fill_order
from cordwainer.planning.pricing import Prices, Scratch
from cordwainer.planning.problem import Floats, Ints, Net
from cordwainer.planning.state import Shelf, State, lift, put_back, total


def place_all(net: Net, prices: Prices, s: Scratch, st: State, sequence: Ints) -> None:
    """Place the orders of a sequence that are not in the plan."""
    for o in sequence.tolist():
        if st.lots[o] == 0 and st.out_option[o] < 0 and net.pairs[o] > 0:
            fill_order(net, prices, s, st, o, 0, int(net.pairs[o]))


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


def improve(
    net: Net,
    levels: Sequence[Prices],
    s: Scratch,
    st: State,
    shelf: Shelf,
    worth: Floats,
    rng: np.random.Generator,
    rounds: int,
    size: int,
) -> None:
    """Try ``rounds`` times to place a few related orders better; keep what is not worse.

    ``worth`` is what a pair of each order earns (yuan): dear orders tend to go first. ``levels`` are the prices, half of them, and
    none. The shelf holds 2 x ``size`` + 1 orders.
    """
    chosen = np.zeros(2 * size + 1, np.int64)
    stake = net.price * 0.01
    for _ in range(rounds):
        before = total(st)
        count = choose(net, st, int(rng.integers(1, size + 1)), chosen)
        orders = chosen[:count]
        lift(net, st, orders, shelf)
        key = worth[orders] + (rng.random(count) - 0.5) * 0.3 * stake[orders]
        key[rng.random(count) < 0.1] = np.inf
        draw = rng.random()
        prices = levels[0] if draw < 0.6 else (levels[1] if draw < 0.85 else levels[2])
        margin = -(2**40) if draw < 0.5 else 0
        for o in orders[np.argsort(-key, kind="stable")].tolist():
            fill_order(net, prices, s, st, o, margin, int(net.pairs[o]))
        if total(st) < before:
            put_back(net, st, orders, shelf)
