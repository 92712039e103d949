"""The pages on which a brand asks, looks at its options, holds, orders and lets go."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import Http404
from django.shortcuts import redirect

from cordwainer.cluster import dictionary
from cordwainer.core import Text, UserError
from cordwainer.hub.access import quotes
from cordwainer.hub.access.counters import outward
from cordwainer.hub.access.gate import Gate
from cordwainer.hub.acts.ordering import ask, held, let_go, ordered
from cordwainer.hub.pages import world
from cordwainer.hub.pages.countering import decide
from cordwainer.hub.pages.firm_parts import frame_of
from cordwainer.hub.web import visit
from cordwainer.hub.web.page import page, shown

BUYERS = ("buyer",)
FIELDS = (
    "style",
    "construction",
    "category",
    "tier",
    "pairs",
    "sizes",
    "by",
    "repeat_of",
    "market",
    "standards",
    "approval_needed",
    "target",
    "price_term",
    "currency",
)
"""What the form asks; each is a column of a request."""


@page(*BUYERS)
def enquiries(request: Any) -> Any:  # noqa: ANN401 (Django carries no types)
    """List what the brand asked, the latest first."""
    viewer = request.visit.viewer
    found = quotes.enquiries(viewer)
    return shown(
        request,
        "desk/enquiries.html",
        enquiries=[(e, shoe_of(e.request, request.visit.language)) for e in found],
        counts=quotes.counts(viewer, visit.now()),
        **frame_of(request),
    )


@page(*BUYERS, methods=("GET", "POST"))
def new(request: Any) -> Any:  # noqa: ANN401
    """Ask for options; a field of the address fills in a field of the form."""
    gate = world.gate_of(request)
    styles, orders = own_styles(gate), gate.own("order").sort("order", descending=True)["order"].to_list()
    if request.method == "GET":
        choices = dictionary.choices()
        offered = {
            name: [(v, label.in_(request.visit.language)) for v, label in choices[name].items()]
            for name in ("construction", "category", "price_term", "currency")
        }
        asked = {name: request.GET.get(name, "") for name in FIELDS}
        key = secrets.token_urlsafe(12)
        return shown(
            request,
            "desk/ask.html",
            asked=asked,
            key=key,
            styles=styles,
            orders=orders,
            choices=offered,
            **frame_of(request),
        )
    form = {name: request.POST.get(name, "") for name in FIELDS}
    refuse_others(gate, form)
    if form["style"]:
        form |= {"construction": "", "category": "", "tier": ""}
    form["target"] = _hundredths(form["target"])
    made = ask(request.visit.account, form, request.POST.get("key", "")[:64], visit.now())
    return redirect("enquiry", made.pk)


def refuse_others(gate: Gate, form: Mapping[str, str]) -> None:
    """Refuse what asks for a style or an earlier order of somebody else.

    Raises
    ------
    UserError
        If one is not the brand's own.
    """
    style, order = form["style"], form["repeat_of"]
    if (style and style not in own_styles(gate)) or (order and order not in gate.own("order")["order"]):
        raise UserError(
            "not-your-style",
            Text("This style or order is not one of yours.", "该款式或订单不属于贵公司。"),
            Text("Choose one from the list, or describe the shoe.", "请从列表中选择，或描述鞋款。"),
        )


def own_styles(gate: Gate) -> list[str]:
    """Return the styles that a brand owns or has ordered."""
    own = {*gate.own("style")["style"], *gate.own("order")["style"]}
    return sorted(own)


def _hundredths(said: str) -> str:
    """Return a price a pair in hundredths of its currency; what is no number stays, and is refused with its column."""
    try:
        return str(round(100 * float(said))) if said.strip() else ""
    except ValueError:
        return said


def shoe_of(request: dict[str, Any], language: Any) -> str:  # noqa: ANN401
    """Return the style that a request names, else the kind of shoe in words."""
    if "style" in request:
        return str(request["style"])
    choices = dictionary.choices()
    return " · ".join(choices[c][request[c]].in_(language) for c in ("construction", "category") if c in request)


@page(*BUYERS, methods=("GET", "POST"))
def enquiry(request: Any, number: int) -> Any:  # noqa: ANN401
    """Show the options of an enquiry, or the nearest that would fit; hold, order or let one go."""
    viewer, at = request.visit.viewer, visit.now()
    found = quotes.enquiry(viewer, number)
    if found is None:
        raise Http404
    options, others = quotes.choices(viewer, number, at), outward(viewer, number, at)
    if request.method == "POST":
        if request.POST.get("number", "") in {str(c.number) for c in others} and decide(request):
            return redirect("enquiry", number)
        offer = request.POST.get("offer", "")
        step = {"hold": held, "order": ordered, "release": let_go}.get(request.POST.get("step", ""))
        if step is None or offer not in {o.offer for o in options}:
            raise UserError(
                "no-such-option",
                Text("There is no such option.", "没有这个方案。"),
                Text("Choose one of the options shown.", "请从页面上的方案中选择。"),
            )
        step(request.visit.account, offer, at)
        return redirect("enquiry", number)
    named = sorted({f for o in options for f in o.face["makers"]})
    firms = world.gate_of(request).rows("firm").filter(pl.col("firm").is_in(named))
    return shown(
        request,
        "desk/enquiry.html",
        enquiry=found,
        shoe=shoe_of(found.request, request.visit.language),
        options=options,
        others=others,
        names=world.named(firms, "firm", request.visit.language),
        **frame_of(request),
    )
