"""The two faces of an answer: all of it for the planner; price, date, carbon and verdict for the brand.

What goes outward says no ask, no cost, no load and no free capacity, and names a maker only where the brand itself does or the
maker agreed to be named to brands (table firm, columns named_from and named_until).
"""

from __future__ import annotations

from typing import Any

from cordwainer.quoting.answers import Answer
from cordwainer.quoting.book import Entry
from cordwainer.quoting.desk import Desk, shown_to
from cordwainer.quoting.nearest import Way
from cordwainer.quoting.offers import Offer
from cordwainer.quoting.refusals import no_such_offer

CARBON_STEP_G = 50
"""Carbon shown to a brand is rounded up to this, g a pair."""


def planner_face(desk: Desk, answer: Answer) -> dict[str, Any]:
    """Return an answer as plain values for the planner, with build-up, makers, lots and purchases."""
    near = answer.nearest
    return {
        "request": answer.request.record(),
        "verdict": answer.verdict.value,
        "offers": [planner_entry(desk, e) for e in answer.entries],
        "nearest": None
        if near is None
        else {
            "limits": [{"kind": x.kind, "id": x.id, "pairs": x.pairs} for x in near.limits],
            "unknown": [list(x) for x in near.unknown],
            "ways": [_way(w) | {"offer": w.offer.record()} for w in near.ways],
        },
    }


def planner_entry(desk: Desk, entry: Entry) -> dict[str, Any]:
    """Return an offer with what became of it, as plain values."""
    waits = entry.waits_for
    return {
        "offer": entry.offer.offer,
        "status": entry.status,
        "until": entry.until,
        "why": entry.why,
        "what": entry.what,
        "over": list(entry.over),
        "firm": entry.firm,
        "ask": list(waits),
        "ask_by": entry.ask_by if waits else None,
        "likely": round(desk.book.likely(waits), 4),
        "carbon_g_pair": entry.offer.carbon_g_pair,
        "sites": _sites(desk, entry.offer),
        "transfers": transfers(desk, entry.offer),
        **{k: v for k, v in entry.offer.record().items() if k != "offer"},
    }


def _sites(desk: Desk, offer: Offer) -> list[dict[str, Any]]:
    """Return where each stage of an offer is done: stage, site, firm, pairs."""
    g = desk.live.ground
    made: dict[tuple[str, int], int] = {}
    for lot in offer.lots:
        for stage, line in lot.lines.items():
            key = (stage, g.lines.number[line])
            made[key] = made.get(key, 0) + lot.pairs
    return [
        {"stage": s, "site": g.sites[g.lines.site[x]], "firm": g.firms[g.lines.firm[x]], "pairs": n}
        for (s, x), n in made.items()
    ]


def transfers(desk: Desk, offer: Offer) -> list[dict[str, Any]]:
    """Return the moves between districts of an offer: after which stage, from, to, pairs, fen."""
    g, recipe = desk.live.ground, desk.quoter.asking.recipe(offer.request)
    found = []
    for lot in offer.lots:
        where = [int(g.lines.district[g.lines.number[lot.lines[s]]]) for s in recipe.stages]
        for s, after in enumerate(recipe.after.tolist()):
            if after >= 0 and where[s] != where[after]:
                a, b = where[s], where[after]
                move = {"after": recipe.stages[s], "from": g.districts[a], "to": g.districts[b]}
                found.append(move | {"pairs": lot.pairs, "fen": lot.pairs * int(g.roads.price[a, b])})
    return found


def brand_face(desk: Desk, answer: Answer) -> dict[str, Any]:
    """Return an answer as plain values for the brand."""
    request = answer.request
    near = answer.nearest
    return {
        "request": request.request,
        "verdict": answer.verdict.value,
        "offers": [brand_entry(desk, e) for e in answer.entries],
        "nearest": [] if near is None else [_way(w) | _outward(w) for w in near.ways],
    }


def refuse_inward(desk: Desk, name: str) -> None:
    """Raise if an offer is not one that a brand may see.

    Raises
    ------
    UserError
        If there is no such offer, or its price rests on what makers ask.
    """
    entry = desk.book.entries.get(name)
    if entry is None or not shown_to(entry.offer.request.buyer, entry):
        raise no_such_offer(name)


def brand_entry(desk: Desk, entry: Entry) -> dict[str, Any]:
    """Return an offer as the brand may see it."""
    offer, request = entry.offer, entry.offer.request
    met = None if request.target is None else offer.price <= request.target
    return {
        "offer": offer.offer,
        "best": list(offer.best),
        "status": entry.status,
        "until": entry.until,
        "kind": "firm" if entry.firm else "indicative",
        "answer_by": entry.ask_by if entry.waits_for else None,
        "pairs": request.pairs,
        "price": offer.price,
        "currency": request.currency,
        "price_term": request.price_term,
        "tax_included": request.tax_included,
        "payment_term": request.payment_term,
        "over_short_share": request.over_short_share,
        "target_met": met,
        "ex_factory": offer.ready,
        "carbon_g_pair": outward_carbon(offer.carbon_g_pair),
        "one_off": [{"what": what, "fen": fen} for what, fen in offer.one_off],
        "tool_owner": request.tool_owner if any(what != "sample" for what, _ in offer.one_off) else None,
        "makers": list(nameable(desk, entry)),
        "assumed": list(offer.assumed),
        "unknown": sorted({kind for kind, _ in offer.unknown}),
    }


def nameable(desk: Desk, entry: Entry) -> tuple[str, ...]:
    """Return the makers that may be named to the brand: the only one it named itself, and those that agree to be named today."""
    named = entry.offer.request.named
    agreed = desk.live.nameable | (set(named) if len(named) == 1 else set())
    return tuple(f for f in entry.offer.firms if f in agreed)


def _way(way: Way) -> dict[str, Any]:
    return {"wish": way.wish, "what": way.what}


def _outward(way: Way) -> dict[str, Any]:
    offer = way.offer
    return {
        "price": offer.price,
        "currency": offer.request.currency,
        "pairs": offer.request.pairs,
        "ex_factory": offer.ready,
        "carbon_g_pair": outward_carbon(offer.carbon_g_pair),
    }


def outward_carbon(grams: float | None) -> int | None:
    """Return carbon in grams a pair as a brand may see it: rounded up to a step."""
    return None if grams is None else -int(-grams // CARBON_STEP_G) * CARBON_STEP_G
