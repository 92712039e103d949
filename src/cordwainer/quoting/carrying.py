"""Offers carried from one plan to the next: what stays, what moves, what has no room any more, which holds lapse.

Nothing is sold twice and nothing that was accepted is forgotten: an accepted offer for which the new plan has no room is said to
have none, with what there is not enough of, and takes none until the planner makes room.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cordwainer.cluster import Plan
from cordwainer.core import Text, UserError
from cordwainer.quoting.book import LIVE, Book, Entry
from cordwainer.quoting.live import SparseUse
from cordwainer.quoting.nearest import first_proposal, tightest
from cordwainer.quoting.offers import Offer, lots_on, to_ask
from cordwainer.quoting.options import prices_for, repeated
from cordwainer.quoting.pricing import net_price, terms_of
from cordwainer.quoting.proposal import Proposal, propose
from cordwainer.quoting.request import Request
from cordwainer.quoting.standing import Held, Standing, as_planned

Said = dict[str, Any]


def refuse_another_cluster(standing: Standing, book: Book) -> None:
    """Raise if a log has live offers for firms or styles that the cluster does not have: it belongs to another one.

    Raises
    ------
    UserError
        If it has.
    """
    ground = standing.live.ground
    styles = set(ground.cluster["style"]["style"])
    for name, entry in book.by_status(*LIVE, "accepted").items():
        r = entry.offer.request
        firms = {r.buyer, *r.named, *r.barred} - set(ground.firms)
        if firms or (r.style is not None and r.style not in styles):
            raise UserError(
                "log-of-another-cluster",
                Text(
                    f"{name} is for a firm or style that the cluster does not have.",
                    f"{name} 的企业或款式不在该集群中。",
                ),
                Text("Name the cluster and plan that the log belongs to.", "请给出该日志所属的集群与计划。"),
            )


def carried(standing: Standing, book: Book, plan: Plan, held: Held, ask_by: str) -> Mapping[str, Said]:
    """Return, by offer, what a new plan changes: accepted offers first, in the order in which they were accepted, then holds.

    The live state is left as it was. ``ask_by`` is the moment by which makers answer who have to be asked now.
    """
    taken: list[tuple[SparseUse, bool]] = []
    found = _in_plan(standing, book, plan, held)
    found |= _accepted(standing, book, taken)
    found |= _held(standing, book, taken)
    for name, entry in book.by_status(*LIVE).items():
        said = _other_makers(standing, entry, ask_by)
        if said and name not in found:
            found[name] = said
    for use, base in reversed(taken):
        standing.live.take(use, -1, base=base)
    return found


def _in_plan(standing: Standing, book: Book, plan: Plan, held: Held) -> dict[str, Said]:
    """Return the accepted offers of which the plan has other lots than the log, as an order that it placed by itself has."""
    found: dict[str, Said] = {}
    for name, entry in book.by_status("accepted").items():
        if name in standing.in_plan:
            lots = held.placed[name]
            if not as_planned(entry.offer, lots, plan):
                found[name] = {"record": _told(standing, replace(entry.offer, lots=lots)).record(), "over": []}
            elif entry.over:
                found[name] = {"over": []}
    return found


def _accepted(standing: Standing, book: Book, taken: list[tuple[SparseUse, bool]]) -> dict[str, Said]:
    """Return what becomes of accepted offers that the plan does not hold; what they use is taken."""
    found: dict[str, Said] = {}
    for name, entry in book.by_status("accepted").items():
        if name not in standing.in_plan:
            said, use = _carried_accepted(standing, entry)
            if said:
                found[name] = said
            if use is not None:
                standing.live.take(use, 1, base=True)
                taken.append((use, True))
    return found


def _held(standing: Standing, book: Book, taken: list[tuple[SparseUse, bool]]) -> dict[str, Said]:
    """Return the holds that lapse as the plan has no room for them; what the others use is taken."""
    found: dict[str, Said] = {}
    for name, entry in book.by_status("held").items():
        if standing.fits(entry.offer):
            use = standing.must_use(entry.offer)
            standing.live.take(use, 1, base=False)
            taken.append((use, False))
        else:
            found[name] = {"lapsed": "replanned"}
    return found


def _told(standing: Standing, offer: Offer) -> Offer:
    """Return an offer with days, makers and lead firm of its lots as a plan has them; whom to ask stays as it was."""
    g = standing.live.ground
    days = [day for lot in offer.lots for _, day, _ in lot.work]
    firms = {g.firms[g.lines.firm[g.lines.number[x]]] for lot in offer.lots for x in lot.lines.values()}
    ends = [p.end for p in g.periods if p.start in set(days)]
    return replace(
        offer, start=min(days, default=offer.start), ready=max(ends, default=offer.ready), firms=tuple(sorted(firms))
    )


def _other_makers(standing: Standing, entry: Entry, ask_by: str) -> Said:
    """Return an offer with the makers to ask by the statements of today, nothing where these are the same."""
    asked = standing.quoter.asked_again(entry.offer)
    lots = lots_on(standing.live, asked, entry.offer)
    ask = None if lots is None else to_ask(standing.live, lots, entry.offer.request)
    if ask is None or ask == entry.offer.ask:
        return {}
    return {"record": replace(entry.offer, ask=ask).record(), "ask_by": ask_by}


def _carried_accepted(standing: Standing, entry: Entry) -> tuple[Said, SparseUse | None]:
    """Return what becomes of an accepted offer that the plan does not hold, and what it uses now."""
    offer, live = entry.offer, standing.live
    asked = standing.quoter.asked_again(offer)
    lots = lots_on(live, asked, offer)
    if lots is not None and not any(lot.work for lot in lots):
        return {}, None  # all its work lies before the plan, or after it
    found = None if lots is None else propose(live, standing.quoter.shelf, asked, lots)
    if found is not None and live.fits(found.use):
        again = replace(standing.rewritten(offer, found), ask=offer.ask)
        if _begun(standing, offer):  # what is done already costs nothing any more
            again = replace(again, contribution_fen=offer.contribution_fen)
        return _said(entry, again), found.use
    if _begun(standing, offer):
        return {"over": _lacking(standing, offer)}, None
    return moved(standing, offer)


def _said(entry: Entry, again: Offer) -> Said:
    if again != entry.offer:
        return {"record": again.record(), "over": []}
    return {"over": []} if entry.over else {}


def _begun(standing: Standing, offer: Offer) -> bool:
    first = standing.live.ground.periods[0].start
    return offer.start < max(first, standing.live.today)


def moved(standing: Standing, offer: Offer, without: frozenset[str] = frozenset()) -> tuple[Said, SparseUse | None]:
    """Return an accepted offer placed anew by the day that was agreed on, at its price; else what there is not enough of."""
    request = replace(offer.request, by=offer.ready, barred=tuple(sorted({*offer.request.barred, *without})))
    found = _placed(standing, offer, request)
    if found is None:
        return {"over": _lacking(standing, replace(offer, request=request))}, None
    quoter, live = standing.quoter, standing.live
    made = quoter.offered(found, "repeat" if offer.again else "moved")
    net = net_price(terms_of(live.ground, offer.request), offer.price)
    again = replace(
        made,
        offer=offer.offer,
        request=offer.request,
        best=tuple(b for b in offer.best if b != "repeat" or found.asked.again),
        price=offer.price,
        net_fen=offer.net_fen,
        items=offer.items,
        one_off=offer.one_off,
        ready=offer.ready,
        contribution_fen=found.contribution(net),
    )
    return {"record": again.record(), "over": []}, found.use


def _placed(standing: Standing, offer: Offer, request: Request) -> Proposal | None:
    quoter, live = standing.quoter, standing.live
    made = quoter.made(request) if offer.again else None
    if made is not None:
        asked, lots = repeated(live, quoter.asking, request, made, prices_for(live, quoter.asking.asked(live, request)))
        found = None if lots is None else propose(live, quoter.shelf, asked, lots)
    else:
        found = first_proposal(quoter, request, soon=False)
    return found if found is not None and live.fits(found.use) else None


def _lacking(standing: Standing, offer: Offer) -> list[str]:
    """Return what there is not enough of for an offer, tightest first, as ``kind id``."""
    request = replace(offer.request, by=offer.ready)
    asked = standing.quoter.asking.asked(standing.live, request)
    return [f"{x.kind} {x.id}" for x in tightest(standing.quoter, asked)[:3]]
