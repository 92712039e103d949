"""One handover: its receiver confirms what it found; one claim: both sides answer; photos and documents."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from cordwainer.core import Text, UserError
from cordwainer.hub.access import handings, papers_of_orders
from cordwainer.hub.acts.claims import answer, claim
from cordwainer.hub.acts.handing import DAYS_TO_ANSWER, Found, may_act, receive, withdraw
from cordwainer.hub.pages.countering import day_said, unreadable
from cordwainer.hub.pages.counts import counts_of, photo_of
from cordwainer.hub.pages.floor import ROLES, words_of
from cordwainer.hub.web import visit
from cordwainer.hub.web.page import page, shown

_NO_STEP = UserError("unknown-step", Text("There is no such step.", "没有这一步。"), Text("Go back.", "请返回。"))


def fen_of(said: str) -> int | None:
    """Return yuan of a form in fen; None where it is blank.

    Raises
    ------
    UserError
        If it is no number.
    """
    try:
        return round(100 * float(said)) if said.strip() else None
    except (ValueError, OverflowError) as error:
        raise unreadable() from error


@page(*ROLES, methods=("GET", "POST"))
def handover(request: Any, number: int) -> Any:  # noqa: ANN401 (Django carries no types)
    """Show what was given and found; confirm it, take it back, or claim for what was found later."""
    found = handings.handover(request.visit.viewer, number)
    if found is None:
        raise Http404
    account, now = request.visit.account, visit.now()
    if request.method == "POST":
        return _at_handover(request, found)
    return shown(
        request,
        "floor/handover.html",
        h=found,
        is_receiver=may_act(account, found.receiver),
        is_giver=may_act(account, found.giver),
        claims=[c for c in handings.claims(request.visit.viewer) if c.handover == number],
        until=visit.day_of(now).fromordinal(visit.day_of(now).toordinal() + DAYS_TO_ANSWER),
        **words_of(request),
    )


def _at_handover(request: Any, h: handings.Handing) -> Any:  # noqa: ANN401
    form, account, now = request.POST, request.visit.account, visit.now()
    key = form.get("key", "")[:64]
    try:
        until = day_said(form.get("until", ""))
        pairs = int(form.get("pairs", "") or 0)
    except (ValueError, OverflowError) as error:
        raise unreadable() from error
    match form.get("step"):
        case "as-given":
            receive(account, h.number, Found(photo=photo_of(request, now)), key, now)
        case "receive":
            fen, note = fen_of(form.get("yuan", "")), form.get("note", "")
            counts = counts_of(form)
            receive(account, h.number, Found(counts, fen, until, note, photo_of(request, now)), key, now)
        case "withdraw":
            withdraw(account, h.number, now)
            return redirect("floor")
        case "claim":
            made = claim(account, h.number, key, pairs, fen_of(form.get("yuan", "")), until, form.get("said", ""), now)
            return redirect("claim", made.pk)
        case _:
            raise _NO_STEP
    return redirect("handover", h.number)


@page(*ROLES, methods=("GET", "POST"))
def claim_page(request: Any, number: int) -> Any:  # noqa: ANN401
    """Show a claim with all that was said, and take the answer of whose turn it is."""
    found = handings.claim(request.visit.viewer, number)
    if found is None:
        raise Http404
    account = request.visit.account
    if request.method == "POST":
        form = request.POST
        word = form.get("word", "")
        if word not in ("accepted", "refused", "proposed", "agreed", "dropped", "settled"):
            raise _NO_STEP
        pairs = form.get("pairs", "") or "0"
        if not pairs.isdecimal() or len(pairs) > 9:
            raise unreadable()
        answer(account, number, word, int(pairs), fen_of(form.get("yuan", "")), form.get("said", ""), visit.now())
        return redirect("claim", number)
    return shown(
        request,
        "floor/claim.html",
        c=found,
        is_giver=account.role == "planner" or account.firm == found.giver,
        is_receiver=account.role == "planner" or account.firm == found.receiver,
        late=found.is_late(visit.today()),
        **words_of(request),
    )


@page(*ROLES)
def file(request: Any, number: int) -> Any:  # noqa: ANN401
    """Send a photo or document to whoever may read it; photos are shown, all else is kept as a file."""
    found = papers_of_orders.content(request.visit.viewer, number)
    if found is None:
        raise Http404
    name, kind, content = found
    shown_here = kind.startswith("image/")
    response = HttpResponse(content, content_type=kind if shown_here else "application/octet-stream")
    end = name.rpartition(".")[2].lower()
    safe = end if end.isalnum() and end.isascii() and len(end) < 6 else "bin"
    how = "inline" if shown_here else "attachment"
    response.headers["Content-Disposition"] = f'{how}; filename="{number}.{safe}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
