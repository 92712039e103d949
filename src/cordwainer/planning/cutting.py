"""Cut what an order does by line and period into a few lots: routes, widest first, and the single paths that make up each."""

from __future__ import annotations

import numba as nb
import numpy as np

from cordwainer.planning.pricing import Scratch
from cordwainer.planning.problem import Floats, Ints, Net, Small
from cordwainer.planning.rounding import keep_makers
from cordwainer.planning.routes import route_done, widest_route

TRIES = 3
LITTLE = 0.02
"""Flows below this share of an order that no route can use are dropped."""


@nb.njit(cache=True, nogil=True)
def cut(net: Net, s: Scratch, o: int, cand: Ints, ent: Ints, flow: Floats, routes: Ints, done: Floats) -> int:
    """Fill ``routes`` (lots x stages: a candidate each) and ``done`` (lots x stages x T, pairs so far); return how many lots.

    ``cand`` and ``flow`` (x T, used up) are the entries of the order, ``ent`` points from its stages to them.
    """
    jobs, most = net.job_ptr[o + 1] - net.job_ptr[o], len(routes)
    route, mine = np.zeros(jobs, np.int64), np.zeros((jobs, flow.shape[1]))
    if net.most_makers[o] > 0:
        keep_makers(net, s, o, cand, ent, flow)
    k = 0
    for _ in range(TRIES * most):
        if widest_route(net, o, cand, ent, flow, route) < 0.5:
            break
        pairs = route_done(net, o, cand, route, flow, mine)
        for own in range(jobs):
            before = 0.0
            for t in range(net.first[o], net.last[o] + 1):
                flow[route[own], t] = max(0.0, flow[route[own], t] - (mine[own, t] - before))
                before = mine[own, t]
        if pairs < 1.0:
            for own in range(jobs):
                if flow[route[own]].sum() < LITTLE * net.pairs[o]:
                    flow[route[own], :] = 0.0
            continue
        at = k
        for i in range(k):
            same = True
            for own in range(jobs):
                same = same and routes[i, own] == cand[route[own]]
            if same:
                at = i
        if at == most:
            break
        for own in range(jobs):
            routes[at, own] = cand[route[own]]
            for t in range(net.first[o], net.last[o] + 1):
                done[at, own, t] += mine[own, t]
        k = max(k, at + 1)
    return k


@nb.njit(cache=True, nogil=True)
def paths_of_flow(net: Net, o: int, done: Floats, period: Small) -> int:
    """Cut pairs done by stage and period into single paths, first in first out; fill ``period``, return how many."""
    jobs, t1 = net.job_ptr[o + 1] - net.job_ptr[o], net.last[o]
    at = np.zeros(jobs, np.int64)
    at[:] = net.first[o]
    made, total, count = 0.0, done[jobs - 1, t1], 0
    while made < total - 1e-6 and count < len(period):
        following = total
        for own in range(jobs):
            while at[own] < t1 and done[own, at[own]] <= made + 1e-9:
                at[own] += 1
            following = min(following, max(made + 1e-6, done[own, at[own]]))
            period[count, own] = at[own]
        made = following
        count += 1
    return count
