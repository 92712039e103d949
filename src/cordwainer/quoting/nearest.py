"""Where nothing fits: what is tightest, and the nearest thing that would fit when one wish is given up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from cordwainer.quoting.asked import Asked, Asking
from cordwainer.quoting.kernels import stage_pairs
from cordwainer.quoting.lines import Ints
from cordwainer.quoting.offers import Offer
from cordwainer.quoting.options import earlier, filled, left_of, prices_for, shortened
from cordwainer.quoting.proposal import Proposal, propose
from cordwainer.quoting.quoting import Quoter
from cordwainer.quoting.request import Request

LimitKind = Literal["date", "nobody", "line", "skill", "tool", "material", "cap", "together"]
Wish = Literal["fewer", "later", "approval", "standard", "named", "barred", "makers"]
MOST = 3
"""Limits that are told."""
STEP = 100
"""Pairs that are said to fit are a multiple of this, so that free capacity is not read off them."""
_HALVINGS = 12


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
    """Why nothing fits, tightest first, and what would; ``unknown`` (kind, id): papers without an end, with which it might fit."""

    limits: tuple[Limit, ...]
    ways: tuple[Way, ...]
    unknown: tuple[tuple[str, str], ...] = ()


def nearest(quoter: Quoter, request: Request) -> Nearest:
    """Return what stands in the way of a request that nothing fits, and the nearest things that would."""
    asked = quoter.asking.asked(quoter.live, request, quoter.shy)
    limits = tightest(quoter, asked)[:MOST]
    ways = tuple(_ways(quoter, request, limits))
    return Nearest(tuple(_told(limits, ways)), ways, tuple(_open_ends(quoter, request)))


def _open_ends(quoter: Quoter, request: Request) -> list[tuple[str, str]]:
    """Return the certificates and approvals whose end is not known, and with which the request would fit if they held."""
    if not (request.standards or request.approval_needed):
        return []
    found = first_proposal(quoter, request, soon=False, asking=quoter.lenient)
    if found is None:
        return []
    g, papers, stages = quoter.live.ground, quoter.asking.papers, found.asked.recipe.stages
    lacking = set()
    for lot in found.lots:
        for s, t, _ in lot.work:
            line, stage = lot.lines[s], stages[s]
            firm, site = int(g.lines.firm[line]), int(g.lines.site[line])
            for standard, at in request.standards:
                asked = at == stage or (at is None and found.asked.recipe.after[s] < 0)
                if asked and not papers.certified(standard, stage)[firm, t]:
                    lacking.add(("certificate", f"{standard} · {g.firms[firm]}"))
            if request.approval_needed and not papers.approved(request.buyer, stage)[site, t]:
                lacking.add(("approval", f"{g.sites[site]} · {stage}"))
    return sorted(lacking)


def _told(limits: list[Limit], ways: tuple[Way, ...]) -> Iterator[Limit]:
    """Yield the limits; what several of them leave together is what was found to fit."""
    fit = sum(way.offer.request.pairs for way in ways if way.wish == "fewer")
    for limit in limits:
        yield replace(limit, pairs=fit) if limit.kind == "together" else limit


def tightest(quoter: Quoter, asked: Asked) -> list[Limit]:
    """Return what has room for fewer pairs than are asked, tightest first; ``together`` where each alone would do."""
    if asked.first > asked.last:
        return [Limit("date", asked.ready_from.isoformat(), 0)]
    found = [*_stages(quoter, asked), *_shared(quoter, asked)]
    short = sorted((x for x in found if x.pairs < asked.request.pairs), key=lambda x: (x.pairs, x.kind, x.id))
    return short or [Limit("together", "-", asked.request.pairs - 1)]


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
        alone = int(table[s, asked.last])
        yield Limit("line", stage, alone)
        each = np.where(c.open_, np.maximum(0, live.room.line[c.line]) // c.m[:, None], 0)[:, window]
        skill = int(net.sj_skill[s])
        if skill >= 0:
            row = limits.skill_row[live.ground.lines.firm[c.line], skill]
            people = np.maximum(0, live.room.skill[np.maximum(row, 0)][:, window]) // c.m[:, None]
            each = np.where((row >= 0)[:, None], np.minimum(each, people), each)
            if int(each.sum()) < alone:
                yield Limit("skill", str(asked.recipe.skill[s]), int(each.sum()))
        yield from _caps(quoter, asked, s, each, window)


def _caps(quoter: Quoter, asked: Asked, s: int, each: Ints, window: slice) -> Iterator[Limit]:
    """Yield the cap that shuts most of the room for a stage where caps shut any; ``each`` are pairs by line and period."""
    live, net, limits, c = quoter.live, asked.net, quoter.live.ground.limits, asked.stages[s]
    shut, worst, most = np.zeros(each.shape, np.bool_), -1, 0
    for g, f in enumerate(limits.cap_flow.tolist()):
        flow = net.line_flow[c.line, f] + net.sj_flow[s, f, net.line_defect[c.line]]
        here = limits.cap_line[g, c.line][:, None] & limits.cap_period[g][None, window]
        here &= (flow > live.room.cap[g])[:, None]
        lost = int(each[here].sum())
        shut |= here
        if lost > most:
            worst, most = g, lost
    if worst >= 0:
        yield Limit("cap", limits.cap_ids[worst], int(each[~shut].sum()))


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


def _ways(quoter: Quoter, request: Request, limits: list[Limit]) -> Iterator[Way]:
    for wish, what, changed in _changes(request):
        offer = first_offer(quoter, changed, soon=wish == "later")
        if offer is not None:
            yield Way(wish, what, offer)
    fewer = _most(quoter, request, min((x.pairs for x in limits), default=0))
    if fewer is not None:
        yield Way("fewer", str(fewer.request.pairs), fewer)


def _most(quoter: Quoter, request: Request, bound: int) -> Offer | None:
    """Return an offer for about as many of the pairs as fit, at most ``bound``: halved until some fit, then two steps up again."""
    low, high, best = 0, min(bound, request.pairs - 1), None
    pairs = high
    for _ in range(_HALVINGS):
        pairs -= pairs % STEP
        if pairs <= low or pairs < request.smallest_lot:
            return best
        offer = first_offer(quoter, replace(request, pairs=pairs, sizes=_fewer(request, pairs)), soon=False)
        if offer is None:
            high = pairs - 1
        else:
            low, best = pairs, offer
        if low >= high or (best is not None and 8 * (high - low) <= high):
            return best
        pairs = (low + high) // 2
    return best


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
    found = first_proposal(quoter, request, soon=soon)
    return None if found is None else quoter.offered(found, "earliest" if soon else "cheapest")


def first_proposal(quoter: Quoter, request: Request, *, soon: bool, asking: Asking | None = None) -> Proposal | None:
    """Return the cheapest proposal of a request, or the earliest, None where nothing fits."""
    live = quoter.live
    asked = (asking or quoter.asking).asked(live, request, quoter.shy)
    prices = prices_for(live, asked)
    lots = filled(live, asked, asked.net, prices)
    if lots is not None and soon:
        ends = max(t for lot in lots for _, t, _ in lot.work)
        lots = earlier(live, asked, shortened(live, asked.net, left_of(live, asked.net, prices)), prices, ends) or lots
    return None if lots is None else propose(live, quoter.shelf, asked, lots)
