"""Where nothing fits: what is tightest, and the nearest thing that would fit when one wish is given up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cordwainer.quoting.asked import Asked
from cordwainer.quoting.kernels import empty, fill, stage_pairs
from cordwainer.quoting.offers import Offer, offer_of
from cordwainer.quoting.options import earlier, filled, new_state, prices_for
from cordwainer.quoting.pricing import priced, terms_of
from cordwainer.quoting.quoting import Quoter
from cordwainer.quoting.request import Request

LimitKind = Literal["date", "nobody", "line", "skill", "tool", "material", "cap", "together"]
Wish = Literal["fewer", "later", "approval", "standard", "named", "barred", "makers"]
MOST = 3
"""Limits that are told."""


@dataclass(frozen=True)
class Limit:
    """Something scarce: its id, and the pairs for which it would do by itself."""

    kind: LimitKind
    id: str
    pairs: int


@dataclass(frozen=True)
class Way:
    """A wish that is given up (``what``: which standard or firm), and the offer that then fits."""

    wish: Wish
    what: str
    offer: Offer


@dataclass(frozen=True)
class Nearest:
    """Why nothing fits, tightest first, and what would."""

    limits: tuple[Limit, ...]
    ways: tuple[Way, ...]


def nearest(quoter: Quoter, request: Request) -> Nearest:
    """Return what stands in the way of a request that nothing fits, and the nearest things that would."""
    asked = quoter.asking.asked(quoter.live, request, quoter.shy)
    return Nearest(tuple(tightest(quoter, asked)[:MOST]), tuple(_ways(quoter, asked)))


def tightest(quoter: Quoter, asked: Asked) -> list[Limit]:
    """Return what has room for fewer pairs than are asked, tightest first; ``together`` where each alone would do."""
    if asked.first > asked.last:
        return [Limit("date", asked.ready_from.isoformat(), 0)]
    found = [*_stages(quoter, asked), *_shared(quoter, asked)]
    short = sorted((x for x in found if x.pairs < asked.request.pairs), key=lambda x: (x.pairs, x.kind, x.id))
    return short or [Limit("together", "-", fitting(quoter, asked))]


def _stages(quoter: Quoter, asked: Asked) -> Iterator[Limit]:
    """Yield, for each stage, the pairs for which its lines, their skilled people and the caps on them have room."""
    live, net, limits = quoter.live, asked.net, quoter.live.ground.limits
    table = np.zeros((len(asked.recipe.stages), len(live.ground.periods)), np.int64)
    stage_pairs(net, live.room, table)
    window = slice(asked.first, asked.last + 1)
    for s, stage in enumerate(asked.recipe.stages):
        c = asked.stages[s]
        if not len(c.line):
            yield Limit("nobody", stage, 0)
            continue
        yield Limit("line", stage, int(table[s, asked.last]))
        each = np.where(c.open_, np.maximum(0, live.room.line[c.line]) // c.m[:, None], 0)
        skill = int(net.sj_skill[s])
        if skill >= 0:
            row = limits.skill_row[live.ground.lines.firm[c.line], skill]
            people = np.where((row >= 0)[:, None], live.room.skill[np.maximum(row, 0)] // c.m[:, None], each)
            yield Limit(
                "skill", str(asked.recipe.skill[s]), int(np.minimum(each, np.maximum(0, people))[:, window].sum())
            )
        for g in range(len(limits.cap_ids)):
            f = int(limits.cap_flow[g])
            flow = net.line_flow[c.line, f] + net.sj_flow[s, f, net.line_defect[c.line]]
            inside = limits.cap_line[g, c.line][:, None] & limits.cap_period[g][None, :] & (flow > 0)[:, None]
            if inside.any():
                least = int(flow[inside.any(axis=1)].min())
                free = int(np.where(inside, 0, each)[:, window].sum())
                used = int(np.where(inside, each, 0)[:, window].sum())
                yield Limit("cap", limits.cap_ids[g], free + min(used, max(0, int(live.room.cap[g])) // least))


def _shared(quoter: Quoter, asked: Asked) -> Iterator[Limit]:
    """Yield the pairs for which materials and tools have room by the end of the window."""
    live, net = quoter.live, asked.net
    for k, m in enumerate(net.sj_need_material):
        least = int(net.sj_need[k].min())
        if least:
            room = int(live.room.material[m, asked.last :].min())
            yield Limit("material", live.ground.materials[m], max(0, room) // least)
    for k, row in enumerate(net.job_tool_row):
        room = int(np.maximum(0, live.room.tool[row, asked.first : asked.last + 1]).sum())
        yield Limit("tool", live.ground.limits.tool_ids[row], room // int(net.job_tool_share[k]))


def fitting(quoter: Quoter, asked: Asked) -> int:
    """Return how many of the pairs asked fit when lots are filled as far as they go."""
    if asked.first > asked.last:
        return 0
    state = new_state(quoter.live, asked.net)
    left = fill(asked.net, prices_for(quoter.live, asked), quoter.live.scratch, state, asked.request.pairs)
    empty(asked.net, state)
    return asked.request.pairs - int(left)


def _ways(quoter: Quoter, asked: Asked) -> Iterator[Way]:
    request = asked.request
    for wish, what, changed in _changes(request):
        offer = first_offer(quoter, changed, soon=wish == "later")
        if offer is not None:
            yield Way(wish, what, offer)
    fit = fitting(quoter, asked)
    for pairs in dict.fromkeys((fit, fit * 3 // 4, fit // 2)):
        if pairs >= max(1, request.smallest_lot):
            offer = first_offer(quoter, replace(request, pairs=pairs, sizes=_fewer(request, pairs)), soon=False)
            if offer is not None:
                yield Way("fewer", str(pairs), offer)
                return


def _changes(request: Request) -> Iterator[tuple[Wish, str, Request]]:
    """Yield the request with one wish given up."""
    if request.by is not None:
        yield "later", "", replace(request, by=None)
    if request.approval_needed:
        yield "approval", "", replace(request, approval_needed=False)
    for k, (standard, _) in enumerate(request.standards):
        yield "standard", standard, replace(request, standards=request.standards[:k] + request.standards[k + 1 :])
    if request.named:
        yield "named", ",".join(request.named), replace(request, named=())
    if request.barred:
        yield "barred", ",".join(request.barred), replace(request, barred=())
    if request.most_makers:
        yield "makers", str(request.most_makers), replace(request, most_makers=0)


def _fewer(request: Request, pairs: int) -> dict[str, int]:
    """Return sizes in about the same shares that sum to fewer pairs: each rounded down, what is left to the largest rests."""
    if not request.sizes:
        return {}
    kept = {size: n * pairs // request.pairs for size, n in request.sizes.items()}
    rest = sorted(request.sizes, key=lambda size: (-(request.sizes[size] * pairs % request.pairs), size))
    for size in rest[: pairs - sum(kept.values())]:
        kept[size] += 1
    return kept


def first_offer(quoter: Quoter, request: Request, *, soon: bool) -> Offer | None:
    """Return the cheapest offer of a request, or the earliest, None where nothing fits."""
    live, shelf = quoter.live, quoter.shelf
    asked = quoter.asking.asked(live, request, quoter.shy)
    prices = prices_for(live, asked)
    found = filled(live, shelf, asked, prices)
    if found is not None and soon:
        found = earlier(live, shelf, asked, prices, found.last) or found
    if found is None:
        return None
    price = priced(live.ground, terms_of(live.ground, request), found)
    return offer_of(live, request.request, ("earliest",) if soon else ("cheapest",), found, price)
