"""The best ways to make what is asked: cheapest, earliest, with least carbon, and for a repeat where it was made before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cordwainer.planning import Net, Prices, State
from cordwainer.quoting.asked import Asked, Asking, firms_with_tools, green
from cordwainer.quoting.buying import Shelf
from cordwainer.quoting.kernels import empty, fill, fill_early
from cordwainer.quoting.live import Live
from cordwainer.quoting.proposal import Proposal, lots_of, propose
from cordwainer.quoting.request import Request

Makers = Callable[[str], frozenset[str]]
"""Firms that did the last stage of an order."""


def new_state(live: Live, net: Net) -> State:
    """Return a state of one order in the room of a live plan: what it takes is taken from there until it is emptied."""
    jobs, T, lots = len(net.job_list), net.most.shape[1], live.ground.most_lots
    return State(
        room=live.room,
        lots=np.zeros(1, np.int32),
        lot_pairs=np.zeros((1, lots), np.int64),
        lot_cand=np.full((1, lots, jobs), -1, np.int64),
        work=np.zeros((1, lots, jobs, T), np.int32),
        out_option=np.full(1, -1, np.int32),
        out_work=np.zeros((1, T), np.int32),
        out_room=np.zeros((0, T), np.int64),
        value=np.zeros(1, np.int64),
        overtime=np.zeros(1, np.int64),
        unit_price=live.unit_price,
    )


def options(
    live: Live, shelf: Shelf, asking: Asking, request: Request, makers: Makers, shy: frozenset[str] = frozenset()
) -> dict[str, Proposal]:
    """Return proposals by what is best about them; equal ones stand under the first of their names."""
    found: dict[str, Proposal] = {}
    if request.repeat_of is not None and not request.named:
        again = _repeat(live, shelf, asking, request, makers)
        if again is not None:
            found["repeat"] = again
    asked = asking.asked(live, request, shy)
    prices = prices_for(live, asked)
    cheap = filled(live, shelf, asked, prices)
    if cheap is not None:
        found["cheapest"] = cheap
        early = earlier(live, shelf, asked, prices, cheap.last)
        if early is not None:
            found["earliest"] = early
    if cheap is None or cheap.carbon_mg is not None:
        net = green(asked.net, asked, live.ground.roads.carbon)
        clean = filled(live, shelf, replace(asked, net=net), prices, told=asked)
        if clean is not None:
            found["greenest"] = clean
    return found


def filled(live: Live, shelf: Shelf, asked: Asked, prices: Prices, told: Asked | None = None) -> Proposal | None:
    """Return the proposal of filling all pairs at prices, None where they do not fit; it is told as that of ``told``."""
    if asked.first > asked.last:
        return None
    state = new_state(live, asked.net)
    asked.net.last[0] = asked.last
    left = fill(asked.net, prices, live.scratch, state, asked.request.pairs)
    lots = lots_of(asked, state)
    empty(asked.net, state)
    return propose(live, shelf, told or asked, lots) if left == 0 else None


def earlier(live: Live, shelf: Shelf, asked: Asked, prices: Prices, than: int) -> Proposal | None:
    """Return the cheapest proposal that ends as early as can be, None where that is not before the period ``than``."""
    if asked.first > asked.last:
        return None
    state = new_state(live, asked.net)
    ends = fill_early(asked.net, prices, live.scratch, state, asked.request.pairs, than)
    lots = lots_of(asked, state)
    empty(asked.net, state)
    asked.net.last[0] = asked.last
    return propose(live, shelf, asked, lots) if ends >= 0 else None


def _repeat(live: Live, shelf: Shelf, asking: Asking, request: Request, makers: Makers) -> Proposal | None:
    """Return the cheapest proposal whose last stage is done where the order was made before, or where the tools stand."""
    before = makers(str(request.repeat_of)) | firms_with_tools(live.ground, asking.recipe(request))
    known = before - set(request.barred)
    if not known:
        return None
    asked = asking.asked(live, replace(request, named=tuple(sorted(known))))
    return filled(live, shelf, replace(asked, request=request), prices_for(live, asked))


def prices_for(live: Live, asked: Asked) -> Prices:
    """Return the prices of a request's rule; what is left over of a material and enough for all pairs costs nothing."""
    prices = live.shadow if asked.request.rule == "opportunity" else live.free
    material = prices.material.copy()
    for k, m in enumerate(asked.net.sj_need_material):
        spare = np.minimum.accumulate((live.slack[m] - live.taken[m])[::-1])[::-1]
        material[m, spare >= int(asked.net.sj_need[k].max()) * asked.request.pairs] = 0
    return prices._replace(material=material)
