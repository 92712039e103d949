"""Calls that write, each once for a key: ask, hold, order, let go; a maker's yes or no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from ninja import Header, Path

from cordwainer.hub.access import quotes
from cordwainer.hub.acts import ordering
from cordwainer.hub.acts.reply import answer as reply
from cordwainer.hub.api.calls import Bearer, act_key, found, once
from cordwainer.hub.api.reading import Number, enquiry_shape, router
from cordwainer.hub.api.shapes import FAULTS, Answer, Done, EnquiryShape, NewEnquiry
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.pages import world
from cordwainer.hub.pages.enquiries import refuse_others
from cordwainer.hub.pages.firm_parts import offers_of
from cordwainer.hub.store.plans import published
from cordwainer.hub.web import visit

__all__ = ["router"]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=64)]
Offer = Annotated[str, Path(max_length=64)]


@router.post(
    "/enquiries",
    response={200: EnquiryShape, **FAULTS},
    operation_id="ask",
    auth=Bearer("buyer"),
)
def ask(request: Any, body: NewEnquiry, key: Key) -> Any:  # noqa: ANN401 (Django carries no types)
    """Ask for options. The answer holds them, or says why nothing fits and what would."""
    form = {name: _said(value) for name, value in body.dict().items()}
    refuse_others(world.gate_of(request), form)
    if form["style"]:
        form |= {"construction": "", "category": "", "tier": ""}

    def act() -> dict[str, int]:
        return {"number": int(ordering.ask(request.visit.account, form, act_key(key), visit.now()).pk)}

    number = once(request, act)["number"]
    return enquiry_shape(request, found(quotes.enquiry(request.visit.viewer, number)))


def _said(value: object) -> str:
    """Return a value as the form of the order desk has it."""
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)


@router.post(
    "/enquiries/{number}/options/{offer}/hold",
    response={200: Done, **FAULTS},
    operation_id="hold",
    auth=Bearer("buyer"),
)
def hold(request: Any, number: Number, offer: Offer, key: Key) -> Any:  # noqa: ANN401, ARG001 (the key is read from the header)
    """Hold an option of an own enquiry: its room is kept until the hold ends."""
    return _step(request, number, offer, ordering.held)


@router.post(
    "/enquiries/{number}/options/{offer}/order",
    response={200: Done, **FAULTS},
    operation_id="order",
    auth=Bearer("buyer"),
)
def order(request: Any, number: Number, offer: Offer, key: Key) -> Any:  # noqa: ANN401, ARG001
    """Order an option. Where its room is gone the status says so, and fresh options stand with the enquiry."""
    return _step(request, number, offer, ordering.ordered)


@router.post(
    "/enquiries/{number}/options/{offer}/release",
    response={200: Done, **FAULTS},
    operation_id="release",
    auth=Bearer("buyer"),
)
def release(request: Any, number: Number, offer: Offer, key: Key) -> Any:  # noqa: ANN401, ARG001
    """Let go an option that is not ordered."""
    return _step(request, number, offer, ordering.let_go)


def _step(request: Any, number: int, offer: str, step: Callable[[Account, str, datetime], Any]) -> Any:  # noqa: ANN401
    now = visit.now()

    def status() -> str | None:
        return next((c.status for c in quotes.choices(request.visit.viewer, number, now) if c.offer == offer), None)

    found(status())

    def act() -> dict[str, str]:
        step(request.visit.account, offer, now)
        return {"status": str(status())}

    return once(request, act)


@router.post("/asked/{offer}", response={200: Done, **FAULTS}, operation_id="answer_asked", auth=Bearer("maker"))
def answer_asked(request: Any, offer: Offer, body: Answer, key: Key) -> Any:  # noqa: ANN401, ARG001
    """Say yes or no to the maker's part of an option."""
    part = found(next(iter(quotes.parts(request.visit.viewer, visit.now(), offer)), None))

    def act() -> dict[str, str]:
        yes = body.answer == "yes"
        ordering.said(request.visit.account, part.firm, offer, visit.now(), yes=yes, reason=body.reason)
        return {"status": body.answer}

    return once(request, act)


@router.post("/offers/{lot}", response={200: Done, **FAULTS}, operation_id="answer_offer", auth=Bearer("maker"))
def answer_offer(request: Any, lot: Annotated[str, Path(max_length=64)], body: Answer, key: Key) -> Any:  # noqa: ANN401, ARG001
    """Say yes or no to the maker's part of a lot on offer, and learn what becomes of the lot."""
    run = found(published())
    gate = world.gate_of(request)
    said = "accept" if body.answer == "yes" else "decline"

    def act() -> dict[str, str]:
        found(lot if lot in offers_of(gate)["lot"] else None)
        return {"status": reply(request.visit.account, run, lot, said, body.reason, visit.today())}

    return once(request, act)
