"""The planner's pages of the order desk: what was asked, what was offered, how its price is built up, who said what."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import redirect

from cordwainer.cluster import dictionary
from cordwainer.core import Text, UserError
from cordwainer.hub.access import quotes
from cordwainer.hub.access.counters import counters
from cordwainer.hub.acts.ordering import let_go, said
from cordwainer.hub.pages import world
from cordwainer.hub.pages.countering import decide
from cordwainer.hub.pages.enquiries import shoe_of
from cordwainer.hub.web import visit
from cordwainer.hub.web.listing import Listing
from cordwainer.hub.web.page import page, shown

NO_STEP = UserError("unknown-step", Text("There is no such step.", "没有这一步。"), Text("Go back.", "请返回。"))


def names_of(request: Any) -> dict[str, str]:  # noqa: ANN401 (Django carries no types)
    """Return the names of all firms."""
    return world.named(world.gate_of(request).rows("firm"), "firm", request.visit.language)


def stages_said(request: Any) -> dict[str, str]:  # noqa: ANN401
    """Return the stages in words."""
    return {s: label.in_(request.visit.language) for s, label in dictionary.choices()["stage"].items()}


@page("planner", methods=("GET", "POST"))
def desk(request: Any) -> Any:  # noqa: ANN401
    """List enquiries, and what makers are asked at the moment."""
    viewer, at = request.visit.viewer, visit.now()
    if request.method == "POST":
        if not decide(request):
            raise NO_STEP
        return redirect("desk")
    found = quotes.enquiries(viewer)
    return shown(
        request,
        "desk/desk.html",
        enquiries=[(e, shoe_of(e.request, request.visit.language)) for e in found],
        counts=quotes.counts(viewer, at),
        named=[c for c in counters(viewer, at) if c.open],
        waiting=[p for p in quotes.parts(viewer, at) if p.open],
        names=names_of(request),
        said_of=stages_said(request),
    )


@page("planner")
def enquiry(request: Any, number: int) -> Any:  # noqa: ANN401
    """Show an enquiry with its options, or why nothing fits."""
    viewer, at = request.visit.viewer, visit.now()
    found = quotes.enquiry(viewer, number)
    if found is None:
        raise Http404
    return shown(
        request,
        "desk/desk_enquiry.html",
        enquiry=found,
        shoe=shoe_of(found.request, request.visit.language),
        options=quotes.choices(viewer, number, at),
        names=names_of(request),
        said_of=stages_said(request),
    )


@page("planner", methods=("GET", "POST"))
def option(request: Any, offer: str) -> Any:  # noqa: ANN401
    """Show all of an option; write down a maker's answer that came by phone, or let the option go."""
    viewer, at = request.visit.viewer, visit.now()
    found = quotes.choice(viewer, offer, at)
    if found is None:
        raise Http404
    if request.method == "POST":
        if decide(request):
            return redirect("desk-option", offer)
        step, firm = request.POST.get("step", ""), request.POST.get("firm", "")
        if step == "release":
            let_go(request.visit.account, offer, at, request.POST.get("reason", "")[:200])
        elif step in ("yes", "no"):
            said(request.visit.account, firm, offer, at, yes=step == "yes")
        else:
            raise NO_STEP
        return redirect("desk-option", offer)
    views, texts = quotes.built_up(viewer, offer, at)
    return shown(
        request,
        "desk/option.html",
        option=found,
        views=[Listing(v, {}, request.visit.language, links=True) for v in views],
        texts=texts,
        parts=quotes.parts(viewer, at, offer),
        named=[c for c in counters(viewer, at) if c.offer == offer],
        names=names_of(request),
        said_of=stages_said(request),
    )
