"""The pages of firms, phone first: today, offers, weeks of the lines, money."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

import polars as pl
from django.http import Http404
from django.shortcuts import redirect

from cordwainer.cluster import Plan
from cordwainer.core import Text
from cordwainer.exchange import View, column, line_view
from cordwainer.hub.access import records
from cordwainer.hub.access.counters import counters
from cordwainer.hub.access.gate import Gate
from cordwainer.hub.access.viewer import FIRMS
from cordwainer.hub.acts.countering import counter_lot
from cordwainer.hub.acts.reply import answer
from cordwainer.hub.pages import world
from cordwainer.hub.pages.asked import waiting_for
from cordwainer.hub.pages.countering import terms_of
from cordwainer.hub.pages.firm_parts import (
    MAKERS,
    cards_of,
    frame_of,
    lines_of,
    offers_of,
    orders_of,
    waiting_of,
)
from cordwainer.hub.pages.floor import names_of
from cordwainer.hub.pages.floor_views import statements_view
from cordwainer.hub.pages.my_figures import to_answer
from cordwainer.hub.pages.papers import of_lot
from cordwainer.hub.store.plans import published
from cordwainer.hub.web import visit
from cordwainer.hub.web.listing import Listing
from cordwainer.hub.web.page import page, shown
from cordwainer.hub.web.visit import today


@page(*FIRMS)
def home(request: Any) -> Any:  # noqa: ANN401
    """Show what waits for an answer and what is worked on this week; for buyers, their orders."""
    gate, language = world.gate_of(request), request.visit.language
    if request.visit.viewer.role == "buyer":
        return shown(
            request,
            "firm/buyer.html",
            orders=Listing(orders_of(gate), request.GET.dict(), language, leads={"po": ("paper-purchase-order", "po")}),
            **frame_of(request),
        )
    if request.visit.viewer.role == "supplier":
        return redirect("data")
    rows = offers_of(gate)
    day = today()
    working = rows.filter((pl.col("status") == "accepted") & (pl.col("end") >= _monday(day)))
    return shown(
        request,
        "firm/today.html",
        waiting=waiting_of(gate, cards_of(rows.filter(status="offered"), language), day),
        asked=waiting_for(request),
        to_answer=to_answer(request),
        working=cards_of(working, language)[:10],
        lines=lines_of(gate, language),
        **frame_of(request),
    )


def _monday(day: date) -> date:
    return date.fromordinal(day.toordinal() - day.weekday())


@page(*MAKERS)
def offers(request: Any) -> Any:  # noqa: ANN401
    """List the lots on offer to the firm, and those it answered."""
    gate, language, day = world.gate_of(request), request.visit.language, today()
    cards = cards_of(offers_of(gate), language)
    waiting = waiting_of(gate, cards, day)
    names = {c["lot"] for c in waiting}
    return shown(
        request,
        "firm/offers.html",
        waiting=waiting,
        asked=waiting_for(request),
        others=[c for c in cards if c["lot"] not in names],
        **frame_of(request),
    )


@page(*MAKERS, methods=("GET", "POST"))
def offer(request: Any, lot: str) -> Any:  # noqa: ANN401
    """Show one offer, and take the answer to it."""
    gate, run, day = world.gate_of(request), published(), today()
    card = next((c for c in cards_of(offers_of(gate).filter(lot=lot), request.visit.language)), None)
    if card is None or run is None:
        raise Http404
    if request.method == "POST":
        said = request.POST.get("answer", "")
        if said == "counter":
            asked_for = [(p["stage"], p["line"]) for p in card["parts"]]
            key = request.POST.get("key", "")[:64]
            counter_lot(request.visit.account, run, lot, terms_of(request.POST, asked_for), key, visit.now())
            return redirect("offer", lot)
        answer(request.visit.account, run, lot, said, request.POST.get("reason", ""), day)
        # Who says no works on the lot no longer, and so reads it no longer.
        return shown(request, "firm/declined.html", lot=lot) if said == "decline" else redirect("offer", lot)
    replies = records.replies(gate.viewer).filter(lot=lot)["answer"].to_list()
    return shown(
        request,
        "firm/offer.html",
        card=card,
        reply=replies[0] if replies else "",
        open=bool(waiting_of(gate, [card], day)),
        named=next((c for c in counters(gate.viewer, visit.now()) if c.lot == lot), None),
        key=secrets.token_urlsafe(12),
        papers=of_lot(request, gate, lot),
        **frame_of(request),
    )


@page(*MAKERS)
def weeks(request: Any) -> Any:  # noqa: ANN401
    """Show the weeks of each of the firm's lines in the published plan."""
    gate, language = world.gate_of(request), request.visit.language
    lines = []
    if gate.plan is not None:
        lines = [
            {**card, "weeks": Listing(line_view(gate.cluster, _plan(gate), card["line"]), {}, language)}
            for card in lines_of(gate, language)
        ]
    return shown(request, "firm/weeks.html", lines=lines, **frame_of(request))


def _plan(gate: Gate) -> Plan:
    if gate.plan is None:
        raise Http404
    return gate.plan


@page(*MAKERS)
def money(request: Any) -> Any:  # noqa: ANN401
    """Show what accepted work pays, statements and payments."""
    gate, language = world.gate_of(request), request.visit.language
    rows = offers_of(gate).filter(status="accepted")
    columns = (
        column("lot", "id", ("lot", "lot")),
        column("stage", "choice", ("lot_line", "stage"), "stage"),
        column("end", "date", Text("Last week from", "最后一周")),
        column("pairs", "int", ("order", "pairs")),
        column("fen", "yuan", Text("Pay (yuan)", "加工费（元）")),
    )
    return shown(
        request,
        "firm/money.html",
        accepted=Listing(View("accepted", Text("Accepted work", "已接的活"), columns, rows), {}, language),
        total=rows["fen"].sum() if rows["fen"].null_count() == 0 else None,
        statements=Listing(
            statements_view(gate.viewer, today(), names_of(request), request.visit.t("the_desk")),
            {},
            language,
            leads={"statement": ("statement", "statement")},
        ),
        **frame_of(request),
    )
