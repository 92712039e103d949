"""Which orders to place together: those that compete for the same lines."""

from __future__ import annotations

import numba as nb
import numpy as np

from cordwainer.planning.guide import Answer
from cordwainer.planning.problem import Flags, Floats, Ints, Net
from cordwainer.planning.state import State

FARTHEST = 1e-6
"""Nearness of orders that share no line: they may share a material, a cap or an outside maker."""
EVEN = 0.5
"""Weight of drawing all orders alike beside drawing them by their regret."""


@nb.njit(cache=True, nogil=True)
def lines_of(net: Net, st: State, o: int, lines: Flags) -> int:
    """Mark the lines of an order's lots; of an order that is not made, all lines that could do it. Returns how many."""
    j0, count = net.job_ptr[o], 0
    for j in range(j0, net.job_ptr[o + 1]):
        if st.lots[o] > 0:
            for k in range(st.lots[o]):
                line = net.cand_line[st.lot_cand[o, k, j - j0]]
                count += not lines[line]
                lines[line] = True
        else:
            for c in range(net.cand_ptr[net.job_list[j]], net.cand_ptr[net.job_list[j] + 1]):
                count += not lines[net.cand_line[c]]
                lines[net.cand_line[c]] = True
    return count


@nb.njit(cache=True, nogil=True)
def nearness(net: Net, st: State, lines: Flags, first: int, last: int, near: Floats) -> None:
    """Fill ``near``: the share of an order's work that is done, or could be done, on lines and between the periods given."""
    for o in range(len(net.pairs)):
        j0, j1 = net.job_ptr[o], net.job_ptr[o + 1]
        both = min(net.last[o], last) - max(net.first[o], first) + 1
        near[o] = 0.0
        if both <= 0:
            continue
        hit, of = 0.0, 0.0
        for j in range(j0, j1):
            if st.lots[o] > 0:
                for k in range(st.lots[o]):
                    of += st.lot_pairs[o, k]
                    hit += st.lot_pairs[o, k] * lines[net.cand_line[st.lot_cand[o, k, j - j0]]]
            else:
                lo, hi = net.cand_ptr[net.job_list[j]], net.cand_ptr[net.job_list[j] + 1]
                for c in range(lo, hi):
                    hit += lines[net.cand_line[c]]
                of += hi - lo
        near[o] = hit / max(1.0, of) * both / (net.last[o] - net.first[o] + 1)


def neighbourhood(
    net: Net, st: State, size: int, worth: Floats, regret: Floats, busy: Flags, rng: np.random.Generator
) -> Ints:
    """Return up to ``size`` orders near a random one, not ``busy``, in ascending sequence: two thirds of those made, where there are.

    Parameters
    ----------
    worth
        What a pair of each order would earn at the prices, yuan: of the orders not made those that would earn are drawn, all
        where there are none.
    regret
        What each order earns less at the prices than it could: the more, the likelier it is drawn.
    """
    made = ((st.lots > 0) | (st.out_option >= 0)) & ~busy
    unmade = ~made & (net.pairs > 0) & ~busy
    open_ = unmade & (worth > 0)
    open_ = open_ if open_.any() else unmade
    places = np.flatnonzero(made | open_)
    if not len(places):
        return places
    weight = np.maximum(regret[places], 0.0)
    weight = weight / max(weight.sum(), 1e-9) + EVEN / len(places)
    seed = int(rng.choice(places, p=weight / weight.sum()))
    lines = np.zeros(net.most.shape[0], np.bool_)
    lines_of(net, st, seed, lines)
    near = np.zeros(len(net.pairs))
    nearness(net, st, lines, int(net.first[seed]), int(net.last[seed]), near)
    near = np.maximum(near, FARTHEST) * rng.uniform(0.5, 1.0, len(near))
    near[seed] = 2.0
    few = [_nearest(near, made, size - size // 3), _nearest(near, open_, size // 3)]
    return np.unique(np.concatenate(few))


def _nearest(near: Floats, among: Flags, count: int) -> Ints:
    places = np.flatnonzero(among & (near > 0))
    return places[np.argsort(-near[places], kind="stable")[:count]]


def batches(net: Net, answer: Answer, orders: Ints, size: int) -> list[Ints]:
    """Cut orders into groups of about ``size`` that would use the same lines at the same time, given what all would do."""
    part, count = answer.part, len(net.pairs)
    order = np.repeat(np.arange(count), np.diff(net.job_ptr))
    job = np.repeat(np.arange(len(net.job_list)), np.diff(part.ent_ptr[part.seg_ptr]))
    last = np.flatnonzero(net.job_next[job] < 0)
    rank = last[np.lexsort((answer.flows[last].sum(axis=1), order[job[last]]))]
    line = np.full(count, net.most.shape[0])
    line[order[job[rank]]] = part.line[rank]  # the last one written has most pairs
    sequence = orders[np.lexsort((net.first[orders], line[orders]))]
    return [np.sort(g) for g in np.array_split(sequence, max(1, -(-len(orders) // size))) if len(g)]
