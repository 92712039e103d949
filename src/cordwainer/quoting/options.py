"""The best ways to make what is asked: cheapest, earliest, with least carbon, and for a repeat where it was made before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np

from cordwainer.planning import Net, Prices, State
from cordwainer.quoting.asked import Asked, Asking, green
from cordwainer.quoting.buying import Shelf
from cordwainer.quoting.kernels import empty, fill, fill_early, first_last, room_left, shortlist
from cordwainer.quoting.lines import Ints
from cordwainer.quoting.live import Live
from cordwainer.quoting.proposal import Lot, Proposal, lots_of, propose
from cordwainer.quoting.request import Request

LOOKS = ((12, 3), (40, 8))
"""Lines of a stage that are tried, first and where these do not do: the cheapest of all, and of every district."""
SLACK = 150
"""Thousandths by which a path may cost more than the cheapest one before another line is begun."""
Lots = tuple[Lot, ...]


class Left(NamedTuple):
    """Of each candidate: minutes left in the window (1/1000), and the least price of an hour in it (see `room_left`)."""

    whole: Ints
    rate: Ints


@dataclass(frozen=True)
class Made:
    """Who did the last stage of an order before, and since when: from that day on its sample is approved and its tools are there."""

    firms: frozenset[str]
    since: date


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
    live: Live, shelf: Shelf, asking: Asking, request: Request, made: Made | None, shy: frozenset[str] = frozenset()
) -> dict[str, Proposal]:
    """Return proposals by what was sought; equal ones stand under the first of their names."""
    asked = asking.asked(live, request, shy)
    prices = prices_for(live, asked)
    found: dict[str, tuple[Asked, Lots | None]] = {}
    if made is not None:
        found["repeat"] = repeated(live, asking, request, made, prices)
    asked.net.last[0] = asked.last
    left = left_of(live, asked.net, prices)
    few = shortened(live, asked.net, left)
    cheap = filled(live, asked, asked.net, prices, few=few, left=left)
    found["cheapest"] = (asked, cheap)
    if cheap is not None:
        soon = earlier(live, asked, few, prices, max(t for lot in cheap for _, t, _ in lot.work))
        found["earliest"] = (asked, soon)
    if asked.recipe.carbon_known:
        net = green(asked.net, asked, live.ground.roads.carbon)
        found["greenest"] = (asked, filled(live, asked, net, prices, LOOKS[:1], slack=0, left=left))
    proposals: dict[Lots, Proposal] = {}
    for name, (of, lots) in found.items():
        if lots is not None and lots not in proposals:
            proposal = propose(live, shelf, of, lots)
            if proposal is not None:
                proposals[lots] = replace(proposal, sought=name)
    return {p.sought: p for p in proposals.values()}


def filled(
    live: Live,
    asked: Asked,
    net: Net,
    prices: Prices,
    looks: Sequence[tuple[int, int]] = LOOKS,
    few: Net | None = None,
    slack: int = SLACK,
    left: Left | None = None,
) -> Lots | None:
    """Return the lots of filling all pairs at prices, None where they do not fit.

    The lines that are worth a look (``few`` where they are known) are tried first, and more of them only where these do not do.
    """
    net.last[0] = asked.last
    pairs = asked.request.pairs
    if asked.first > asked.last or first_last(net, live.room, pairs) > asked.last:
        return None
    before = -1
    left = left or left_of(live, net, prices)
    for look in looks:
        tried = few if few is not None and look == LOOKS[0] else shortened(live, net, left, look)
        if len(tried.cand_line) == before:
            break
        before = len(tried.cand_line)
        state = new_state(live, tried)
        over = fill(tried, prices, live.scratch, state, pairs, slack)
        lots = lots_of(tried, state)
        empty(tried, state)
        if over == 0:
            return lots
    return None


def left_of(live: Live, net: Net, prices: Prices) -> Left:
    """Return what the lines of all candidates of a problem have left in its window, and at which price."""
    count = len(net.cand_line)
    left = Left(np.zeros(count, np.int64), np.zeros(count, np.int64))
    room_left(net, prices, live.room, left.whole, left.rate)
    return left


def shortened(live: Live, net: Net, left: Left, look: tuple[int, int] = LOOKS[0]) -> Net:
    """Return a problem with the lines that are worth a look: so many of a stage, and so many of every district."""
    keep = np.zeros(len(net.cand_line), np.bool_)
    share = -(-int(net.pairs[0]) // live.ground.most_lots)
    shortlist(net, left.whole, left.rate, share, look[0], look[1], keep)
    return kept(net, np.flatnonzero(keep))


def kept(net: Net, candidates: Ints) -> Net:
    """Return a problem with some of its candidates, in order."""
    return net._replace(
        cand_ptr=np.searchsorted(candidates, net.cand_ptr).astype(np.int64),
        cand_line=net.cand_line[candidates],
        cand_m=net.cand_m[candidates],
        cand_base=net.cand_base[candidates],
        cand_mask=net.cand_mask[candidates],
        last=net.last.copy(),
    )


def earlier(live: Live, asked: Asked, net: Net, prices: Prices, than: int) -> Lots | None:
    """Return the cheapest lots on the lines of ``net`` that end as early as can be, None where that is not before ``than``."""
    state = new_state(live, net)
    ends = fill_early(net, prices, live.scratch, state, asked.request.pairs, than)
    lots = lots_of(net, state)
    empty(net, state)
    return lots if ends >= 0 else None


def repeated(live: Live, asking: Asking, request: Request, made: Made, prices: Prices) -> tuple[Asked, Lots | None]:
    """Return the problem of making an order again where it was made before, and its cheapest lots."""
    known = made.firms & set(request.named) if request.named else made.firms - set(request.barred)
    there = asking.asked(live, replace(request, named=tuple(sorted(known or made.firms))), again=made.since)
    there = replace(there, request=request)
    return there, filled(live, there, there.net, prices) if known else None


def prices_for(live: Live, asked: Asked) -> Prices:
    """Return the prices of a request's rule; what is left over of a material and enough for all pairs costs nothing."""
    prices = live.shadow if asked.request.rule == "opportunity" else live.free
    material = prices.material.copy()
    for k, m in enumerate(asked.net.sj_need_material):
        spare = np.minimum.accumulate((live.slack[m] - live.taken[m])[::-1])[::-1]
        material[m, spare >= int(asked.net.sj_need[k].max()) * asked.request.pairs] = 0
    return prices._replace(material=material)
