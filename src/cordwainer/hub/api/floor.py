"""Calls of the floor and of other terms: each write once for a key, by the same acts as the pages."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Path

from cordwainer.hub.access import handings, progress, quotes, statements
from cordwainer.hub.access.counters import counters, outward
from cordwainer.hub.acts import countering
from cordwainer.hub.acts.claims import answer
from cordwainer.hub.acts.floor import Done as Finished
from cordwainer.hub.acts.floor import report
from cordwainer.hub.acts.handing import Found, give, receive
from cordwainer.hub.acts.paying import pay
from cordwainer.hub.api.calls import Bearer, act_key, found, once
from cordwainer.hub.api.reading import Number, router
from cordwainer.hub.api.shapes import FAULTS, Done
from cordwainer.hub.api.shapes_floor import ClaimWord, Decision, Given, Made, NewTerms, Paid, ProgressShape, Received
from cordwainer.hub.api.writing import Key, Offer
from cordwainer.hub.web import visit

__all__ = ["router"]
_Name = Annotated[str, Path(max_length=200)]


@router.post("/progress", response={200: Made, **FAULTS}, operation_id="finished", auth=Bearer("maker"))
def finished(request: Any, body: ProgressShape, key: Key) -> Any:  # noqa: ANN401 (Django carries no types)
    """Say what was finished of a stage of one of the maker's lots on a day; below zero corrects an earlier entry."""
    account, now = request.visit.account, visit.now()
    mine = {(s.lot, s.stage) for s in progress.steps(request.visit.viewer, visit.today()) if s.firm == account.firm}
    found((body.lot, body.stage) if (body.lot, body.stage) in mine else None)

    def act() -> dict[str, int]:
        done = Finished(body.pairs, body.seconds, body.rework)
        return {"number": report(account, body.lot, body.stage, body.date, done, act_key(key), now).pk}

    return once(request, act)


@router.post("/handovers", response={200: Made, **FAULTS}, operation_id="hand_over", auth=Bearer("maker"))
def hand_over(request: Any, body: Given, key: Key) -> Any:  # noqa: ANN401
    """Hand over pairs of one of the maker's lots to whoever works on them next, or to the buyer."""
    account, now = request.visit.account, visit.now()
    mine = {(x.lot, x.stage) for x, _ in progress.my_links(request.visit.viewer)}
    found((body.lot, body.stage) if (body.lot, body.stage) in mine else None)

    def act() -> dict[str, int]:
        counts = [c.row() for c in body.counts]
        made = give(account, body.lot, body.stage, counts, act_key(key), now, body.note, day=body.date)
        return {"number": made.pk}

    return once(request, act)


@router.post(
    "/handovers/{number}",
    response={200: Done, **FAULTS},
    operation_id="receive",
    auth=Bearer("maker", "buyer", "planner"),
)
def confirm(request: Any, number: Number, body: Received, key: Key) -> Any:  # noqa: ANN401
    """Confirm a handover with what was found, or as it was given; what differs opens a claim."""
    viewer, now = request.visit.viewer, visit.now()
    found(handings.handover(viewer, number))

    def act() -> dict[str, str]:
        counts = None if body.counts is None else [c.row() for c in body.counts]
        receive(request.visit.account, number, Found(counts, body.fen, body.until, body.note), act_key(key), now)
        return {"status": found(handings.handover(viewer, number)).state}

    return once(request, act)


@router.post(
    "/claims/{number}",
    response={200: Done, **FAULTS},
    operation_id="answer_claim",
    auth=Bearer("maker", "buyer", "planner"),
)
def answer_claim(request: Any, number: Number, body: ClaimWord, key: Key) -> Any:  # noqa: ANN401, ARG001 (the key is read from the header)
    """Say to a claim what is the account's to say, and learn how it stands."""
    found(handings.claim(request.visit.viewer, number))

    def act() -> dict[str, str]:
        said = answer(request.visit.account, number, body.word, body.pairs, body.fen, body.said, visit.now())
        return {"status": said.status}

    return once(request, act)


@router.post(
    "/statements/{name}/payments",
    response={200: Made, **FAULTS},
    operation_id="pay",
    auth=Bearer("maker", "buyer", "planner"),
)
def enter_payment(request: Any, name: _Name, body: Paid, key: Key) -> Any:  # noqa: ANN401
    """Enter a payment on a statement, in hundredths of its currency; below zero takes an entry back."""
    between = found(statements.statement(request.visit.viewer, name, visit.today())).between

    def act() -> dict[str, int]:
        return {
            "number": pay(
                request.visit.account, between, body.amount, body.date, body.note, act_key(key), visit.now()
            ).pk
        }

    return once(request, act)


@router.post("/asked/{offer}/terms", response={200: Made, **FAULTS}, operation_id="name_terms", auth=Bearer("maker"))
def name_terms(request: Any, offer: Offer, body: NewTerms, key: Key) -> Any:  # noqa: ANN401
    """Name other terms for the maker's part of an option; they bind it until they end."""
    part = found(next(iter(quotes.parts(request.visit.viewer, visit.now(), offer)), None))

    def act() -> dict[str, int]:
        fen = {(x.stage, x.line): x.fen_pair for x in body.prices}
        terms = countering.Terms(fen, body.pairs, body.start, body.end, body.days, body.reason)
        account = request.visit.account
        return {"number": countering.counter(account, part.firm, offer, terms, act_key(key), visit.now()).pk}

    return once(request, act)


@router.post(
    "/terms/{number}", response={200: Done, **FAULTS}, operation_id="decide_terms", auth=Bearer("buyer", "planner")
)
def decide_terms(request: Any, number: Number, body: Decision, key: Key) -> Any:  # noqa: ANN401, ARG001
    """Take or refuse terms that a maker named: the desk any, a brand those that leave the price as it was."""
    viewer, now = request.visit.viewer, visit.now()
    known = {c.number for c in counters(viewer, now)}
    if viewer.role == "buyer":
        known = {c.number for e in quotes.enquiries(viewer) for c in outward(viewer, e.number, now)}

    def act() -> dict[str, str]:
        found(number if number in known else None)
        step = countering.take if body.decision == "take" else countering.refuse
        return {"status": step(request.visit.account, number, now).status}

    return once(request, act)
