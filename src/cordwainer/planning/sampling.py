"""Paths drawn from what the smoothed prices would have an order do: each path as often as pairs would take it.

Where prices have settled, a few dozen such paths of every order hold nearly all that the best of all plans uses, so that a master that
begins with them has hardly anything left to find.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from cordwainer.planning.active import Active
from cordwainer.planning.compiled import inner, inner_math
from cordwainer.planning.onward import CLOSED, Paths, only_way, set_links, stage_arrivals
from cordwainer.planning.problem import Floats, Ints, Net, Small
from cordwainer.planning.smooth import Point, stage_cells


@inner_math
def draw_end(net: Net, a: Active, w: Paths, o: int, goal: float, tau: float) -> tuple[int, int]:
    """Return place and period of the last stage at a share ``goal`` of all that an order does."""
    last = net.job_ptr[o + 1] - 1
    own, local = last - net.job_ptr[o], last - net.job_ptr[a.begin]
    low, total = CLOSED, 0.0
    for s in range(a.seg_ptr[local], a.seg_ptr[local + 1]):
        for t in range(net.first[o], net.last[o] + 1):
            low = min(low, w.cell[own, a.seg_district[s], t])
    for s in range(a.seg_ptr[local], a.seg_ptr[local + 1]):
        for t in range(net.first[o], net.last[o] + 1):
            total += np.exp((low - w.cell[own, a.seg_district[s], t]) / tau)
    place, when, so_far = -1, -1, 0.0
    for s in range(a.seg_ptr[local], a.seg_ptr[local + 1]):
        for t in range(net.first[o], net.last[o] + 1):
            more = np.exp((low - w.cell[own, a.seg_district[s], t]) / tau)
            so_far += more
            if more > 0.0:
                place, when = a.seg_district[s], t
                if so_far >= goal * total:
                    return place, when
    return place, when


@inner_math
def draw_origin(
    net: Net, a: Active, w: Paths, o: int, j: int, to: int, t: int, tau: float, draw: float
) -> tuple[int, int]:
    """Return the place from which a pair of a job came to a place by a period, and the last period of work that arrives."""
    own, local, t0 = j - net.job_ptr[o], j - net.job_ptr[a.begin], net.first[o]
    s0, s1 = a.seg_ptr[local], a.seg_ptr[local + 1]
    if w.reached[own, to, t] <= 0.0:
        b, _ = only_way(net, a, w, own, s0, s1, to, t, t0)
        return b, net.reach[net.move_lag[b, to], t]
    base = w.come[own, to, t] + tau * np.log(w.reached[own, to, t])
    place, when, so_far = -1, -1, 0.0
    for s in range(s0, s1):
        b = a.seg_district[s]
        u = net.reach[net.move_lag[b, to], t]
        if u >= t0 and w.base[own, u] < CLOSED:
            far = np.exp((base - w.base[own, u]) / tau) if w.base[own, u] > base else 1.0
            more = w.grown[own, b, u] * w.link[b, to] * far
            so_far += more
            if more > 0.0:
                place, when = b, u
                if so_far >= draw * w.reached[own, to, t]:
                    break
    return place, when


@inner
def draw_line(net: Net, a: Active, w: Paths, o: int, j: int, place: int, when: int, draw: float) -> int:
    """Return the candidate that does a pair of a job in a place and period."""
    own, local = j - net.job_ptr[o], j - net.job_ptr[a.begin]
    first, found, so_far = a.ent_ptr[a.seg_ptr[local]], -1, 0.0
    for s in range(a.seg_ptr[local], a.seg_ptr[local + 1]):
        if a.seg_district[s] != place:
            continue
        for e in range(a.ent_ptr[s], a.ent_ptr[s + 1]):
            more = w.weight[own, e - first, when]
            so_far += more
            if more > 0.0:
                found = a.cand[e]
                if so_far >= draw * w.sum[own, place, when]:
                    break
    return found


@inner
def all_costs(net: Net, a: Active, x: Point, w: Paths, o: int, tau: float) -> bool:
    """Fill the memory for an order; return whether it has a path."""
    if net.pairs[o] == 0 or net.first[o] > net.last[o]:
        return False
    for j in range(net.job_ptr[o], net.job_ptr[o + 1]):
        if not stage_cells(net, a, x, w, o, j, tau):
            return False
        if net.job_next[j] >= 0:
            stage_arrivals(net, a, w, o, j, tau)
    return True


@nb.njit(cache=True, nogil=True)
def draw_paths(
    net: Net,
    a: Active,
    x: Point,
    w: Paths,
    tau: float,
    many: Ints,
    draws: Floats,
    order: Ints,
    cand: Ints,
    period: Small,
) -> int:
    """Draw ``many`` (orders) paths of each order at prices ``x``; return how many were drawn.

    ``draws`` are numbers from 0 to 1, used in turn. Fills ``order`` (paths), ``cand`` and ``period`` (paths x stages).
    """
    count, at = 0, 0
    place, when = np.zeros(cand.shape[1], np.int64), np.zeros(cand.shape[1], np.int64)
    set_links(net, w, tau)
    for o in range(a.begin, a.end):
        j0, j1 = net.job_ptr[o], net.job_ptr[o + 1]
        if many[o] == 0 or not all_costs(net, a, x, w, o, tau):
            continue
        for k in range(many[o]):
            at = (at + 3 * cand.shape[1]) % (len(draws) - 4 * cand.shape[1])
            own = j1 - 1 - j0
            place[own], when[own] = draw_end(net, a, w, o, (k + draws[at]) / many[o], tau)
            if place[own] < 0:
                break
            for j in range(j1 - 1, j0 - 1, -1):
                own = j - j0
                if j < j1 - 1:
                    after = net.job_next[j]
                    place[own], when[own] = draw_origin(
                        net, a, w, o, j, place[after], when[after], tau, draws[at + 3 * own]
                    )
                    # the work of a period is so large a part of all work up to it
                    part, draw = w.part[own, place[own]], draws[at + 3 * own + 1]
                    while when[own] > net.first[o] and draw >= part[when[own]]:
                        draw = (draw - part[when[own]]) / max(1e-12, 1.0 - part[when[own]])
                        when[own] -= 1
                cand[count, own] = draw_line(net, a, w, o, j, place[own], when[own], draws[at + 3 * own + 2])
                period[count, own] = when[own]
            order[count] = o
            count += 1
    return count
