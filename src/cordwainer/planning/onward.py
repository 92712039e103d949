"""From one stage to the next, softly: what it costs to have a pair by a place and period, and where the pairs come from.

A soft minimum is  -tau * log sum exp(-x / tau). Costs may lie thousands of temperatures apart: what is cheapest of all says nothing
about a place that is reached from dear cells only. So every sum is kept relative to its own cheapest cell.

Firms in several districts have no lag between their own lines; the recursion grants them the lag of the districts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cordwainer.planning.active import YUAN, Active
from cordwainer.planning.compiled import inner, inner_math
from cordwainer.planning.problem import Floats, Net

CLOSED = 1e15
FAINTEST = 1e-250
"""Sums of weights below this have lost their digits."""


class Paths(NamedTuple):
    """Working memory of one thread for the paths of one order; the first axis is the stage.

    ``weight`` entry x T; ``cell``, ``sum``, ``part``, ``grown``, ``cheapest``, ``come``, ``reached``, ``mass`` district x T; ``base`` T;
    ``extra`` 2 x T; ``link`` district x district: exp(-move / tau).
    """

    weight: Floats
    cell: Floats
    sum: Floats
    part: Floats
    grown: Floats
    come: Floats
    cheapest: Floats
    reached: Floats
    mass: Floats
    base: Floats
    extra: Floats
    link: Floats


def new_paths(net: Net, a: Active) -> Paths:
    """Return working memory for the orders of ``a``."""
    wide = int(np.diff(a.ent_ptr[a.seg_ptr]).max(initial=1))
    T, D = net.most.shape[1], net.move_price.shape[0]
    jobs = int(np.diff(net.job_ptr).max(initial=1))
    return Paths(
        weight=np.zeros((jobs, wide, T)),
        cell=np.zeros((jobs, D, T)),
        sum=np.zeros((jobs, D, T)),
        part=np.zeros((jobs, D, T)),
        grown=np.zeros((jobs, D, T)),
        come=np.zeros((jobs, D, T)),
        cheapest=np.zeros((jobs, D, T)),
        reached=np.zeros((jobs, D, T)),
        mass=np.zeros((jobs, D, T)),
        base=np.zeros((jobs, T)),
        extra=np.zeros((2, T)),
        link=np.zeros((D, D)),
    )


@inner
def move_yuan(net: Net, a: int, b: int) -> float:
    """Return what moving a pair between two districts costs, yuan."""
    cost: float = (1000 * net.move_price[a, b] + net.move_carbon[a, b]) * YUAN
    return cost


@inner
def set_links(net: Net, w: Paths, tau: float) -> None:
    """Fill ``link``."""
    for a in range(net.move_price.shape[0]):
        for b in range(net.move_price.shape[0]):
            if net.move_price[a, b] >= 0:
                w.link[a, b] = np.exp(-move_yuan(net, a, b) / tau)
            else:
                w.link[a, b] = 0.0


@inner_math
def stage_sums(net: Net, a: Active, w: Paths, o: int, j: int, tau: float) -> None:
    """Fill, by place and period, the soft sum over the cells of a job so far, and ``base``, the cheapest of all places.

    ``grown`` is the sum of exp(-(cell - base) / tau) over the cells up to a period, ``part`` the share that the cell of the period has
    in it. Each sum is kept relative to its own cheapest cell, so that nothing is lost however far apart cells are.
    """
    own, t0, t1 = j - net.job_ptr[o], net.first[o], net.last[o]
    local = j - net.job_ptr[a.begin]
    s0, s1 = a.seg_ptr[local], a.seg_ptr[local + 1]
    w.base[own, t0 : t1 + 1] = CLOSED
    for s in range(s0, s1):
        b = a.seg_district[s]
        cell, part, grown, cheapest = w.cell[own, b], w.part[own, b], w.grown[own, b], w.cheapest[own, b]
        low, run = CLOSED, 0.0
        for t in range(t0, t1 + 1):
            part[t] = 0.0
            if cell[t] < low:
                run = 1.0 + (run * np.exp((cell[t] - low) / tau) if run > 0.0 else 0.0)
                low = cell[t]
                part[t] = 1.0 / run
            elif cell[t] < CLOSED:
                more = np.exp((low - cell[t]) / tau)
                run += more
                part[t] = more / run
            grown[t], cheapest[t] = run, low
            w.base[own, t] = min(w.base[own, t], low)
    for s in range(s0, s1):
        b = a.seg_district[s]
        for t in range(t0, t1 + 1):
            if w.cheapest[own, b, t] > w.base[own, t]:
                w.grown[own, b, t] *= np.exp((w.base[own, t] - w.cheapest[own, b, t]) / tau)


@inner
def only_way(net: Net, a: Active, w: Paths, own: int, s0: int, s1: int, to: int, t: int, t0: int) -> tuple[int, float]:
    """Return the place from which a place is reached at the least cost by a period, and that cost (CLOSED: none)."""
    best, least = -1, CLOSED
    for s in range(s0, s1):
        b = a.seg_district[s]
        if net.move_price[b, to] >= 0:
            u = net.reach[net.move_lag[b, to], t]
            if u >= t0 and w.cheapest[own, b, u] + move_yuan(net, b, to) < least:
                best, least = b, w.cheapest[own, b, u] + move_yuan(net, b, to)
    return best, least


@inner_math
def stage_arrivals(net: Net, a: Active, w: Paths, o: int, j: int, tau: float) -> None:
    """Fill ``come``, the soft least cost of a job by place and period of the next stage, and ``reached``, the sum it stands for.

    Where a place can only be reached at a cost out of all proportion to that of the others, ``reached`` is 0 and the least cost counts alone.
    """
    own, t0, t1 = j - net.job_ptr[o], net.first[o], net.last[o]
    local = j - net.job_ptr[a.begin]
    after = local - own + net.job_next[j]
    stage_sums(net, a, w, o, j, tau)
    for r in range(a.seg_ptr[after], a.seg_ptr[after + 1]):
        to = a.seg_district[r]
        for t in range(t0, t1 + 1):
            base = CLOSED
            for s in range(a.seg_ptr[local], a.seg_ptr[local + 1]):
                b = a.seg_district[s]
                u = net.reach[net.move_lag[b, to], t]
                if u >= t0 and w.link[b, to] > 0.0:
                    base = min(base, w.base[own, u])
            total = 0.0
            for s in range(a.seg_ptr[local], a.seg_ptr[local + 1]):
                b = a.seg_district[s]
                u = net.reach[net.move_lag[b, to], t]
                if u >= t0 and w.base[own, u] < CLOSED:
                    far = np.exp((base - w.base[own, u]) / tau) if w.base[own, u] > base else 1.0
                    total += w.grown[own, b, u] * w.link[b, to] * far
            w.reached[own, to, t] = total if total > FAINTEST else 0.0
            if total > FAINTEST:
                w.come[own, to, t] = base - tau * np.log(total)
            else:
                b, w.come[own, to, t] = only_way(net, a, w, own, a.seg_ptr[local], a.seg_ptr[local + 1], to, t, t0)


@inner_math
def stage_masses(net: Net, a: Active, w: Paths, o: int, j: int, tau: float) -> None:
    """Fill ``mass`` of a job from the mass of the stage after it: the share of pairs by district and period of work."""
    own, t0, t1 = j - net.job_ptr[o], net.first[o], net.last[o]
    local = j - net.job_ptr[a.begin]
    next_own = net.job_next[j]
    after = local - own + next_own
    for s in range(a.seg_ptr[local], a.seg_ptr[local + 1]):
        for t in range(t0, t1 + 1):
            w.mass[own, a.seg_district[s], t] = 0.0
    for r in range(a.seg_ptr[after], a.seg_ptr[after + 1]):
        to = a.seg_district[r]
        for t in range(t0, t1 + 1):
            share = w.mass[next_own, to, t]
            if share <= 0.0:
                continue
            if w.reached[own, to, t] <= 0.0:
                b, _ = only_way(net, a, w, own, a.seg_ptr[local], a.seg_ptr[local + 1], to, t, t0)
                w.mass[own, b, net.reach[net.move_lag[b, to], t]] += share
                continue
            base = w.come[own, to, t] + tau * np.log(w.reached[own, to, t])
            share /= w.reached[own, to, t]
            for s in range(a.seg_ptr[local], a.seg_ptr[local + 1]):
                b = a.seg_district[s]
                u = net.reach[net.move_lag[b, to], t]
                if u >= t0 and w.base[own, u] < CLOSED:
                    far = np.exp((base - w.base[own, u]) / tau) if w.base[own, u] > base else 1.0
                    w.mass[own, b, u] += share * w.grown[own, b, u] * w.link[b, to] * far
    for s in range(a.seg_ptr[local], a.seg_ptr[local + 1]):
        mass, part = w.mass[own, a.seg_district[s]], w.part[own, a.seg_district[s]]
        carry = 0.0
        for t in range(t1, t0 - 1, -1):
            carry += mass[t]
            mass[t] = carry * part[t]
            carry -= mass[t]
