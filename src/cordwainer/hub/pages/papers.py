"""Papers of the trade as pages, to be printed, and as PDF."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header

from cordwainer.exchange import Paper
from cordwainer.hub.access import papers, papers_floor
from cordwainer.hub.access.gate import Gate
from cordwainer.hub.pages import world
from cordwainer.hub.web.page import page, shown
from cordwainer.hub.web.visit import today

ROLES = ("planner", "maker", "buyer")
"""Roles that hand over, receive and pay."""


@dataclass(frozen=True)
class Link:
    """Where a paper stands: what the link says, and the address of its page."""

    said: str
    address: str


def _address(request: Any, name: str, *args: str | int) -> str:  # noqa: ANN401 (Django carries no types)
    """Return the whole address of a page, as a telephone needs it."""
    base = settings.ADDRESS.rstrip("/") or f"{request.scheme}://{request.get_host()}"
    return f"{base}{reverse(name, args=args)}"


def _answer(request: Any, found: Paper | None, *, pdf: bool) -> HttpResponse:  # noqa: ANN401
    """Return a paper as page or as PDF.

    Raises
    ------
    Http404
        If there is none that the visit may read.
    """
    if found is None:
        raise Http404
    language = request.visit.language
    if pdf:
        name = f"{found.title.in_(language)} {found.number.replace('/', '-')}.pdf"
        headers = {"Content-Disposition": content_disposition_header(as_attachment=False, filename=name) or "inline"}
        return HttpResponse(found.pdf(language), content_type="application/pdf", headers=headers)
    told = found.told(language)
    square = b64encode(told["square"].encode()).decode()
    return shown(
        request,
        "papers/paper.html",
        paper=told,
        kind=found.kind,
        square=f"data:image/svg+xml;base64,{square}",
        pdf=f"{request.path}paper.pdf",
    )


@page("buyer", "planner")
def purchase_order(request: Any, po: str, *, pdf: bool = False) -> Any:  # noqa: ANN401
    """Show a buyer's purchase order."""
    address = _address(request, "paper-purchase-order", po)
    return _answer(request, papers.purchase_order(world.gate_of(request), po, address), pdf=pdf)


@page("maker", "planner")
def outwork(request: Any, lot: str, firm: str, *, pdf: bool = False) -> Any:  # noqa: ANN401
    """Show a maker's order for its part of a lot."""
    address = _address(request, "paper-outwork", lot, firm)
    return _answer(request, papers.outwork(world.gate_of(request), lot, firm, address), pdf=pdf)


@page("maker", "planner")
def traveller(request: Any, lot: str, *, pdf: bool = False) -> Any:  # noqa: ANN401
    """Show the card that goes with a lot."""
    address = _address(request, "paper-traveller", lot)
    return _answer(request, papers.traveller(world.gate_of(request), lot, address), pdf=pdf)


@page(*ROLES)
def delivery(request: Any, number: int, *, pdf: bool = False) -> Any:  # noqa: ANN401
    """Show the note that goes with a handover."""
    address = _address(request, "paper-delivery", number)
    return _answer(request, papers_floor.delivery(world.gate_of(request), number, address), pdf=pdf)


@page(*ROLES)
def statement(request: Any, statement: str, *, pdf: bool = False) -> Any:  # noqa: ANN401
    """Show a monthly statement as it stands today."""
    address = _address(request, "paper-statement", statement)
    return _answer(request, papers_floor.statement(world.gate_of(request), statement, today(), address), pdf=pdf)


def of_lot(request: Any, gate: Gate, lot: str) -> list[Link]:  # noqa: ANN401
    """Return the papers of a lot that the visit may read."""
    t = request.visit.t
    firms = papers.makers_of(gate, lot)
    if gate.viewer.role != "planner":
        firms = [f for f in firms if f == gate.viewer.firm]
    if not firms:
        return []
    named = t("paper_of_lot", paper=t("paper_traveller"), lot=lot)
    found = [Link(named, reverse("paper-traveller", args=(lot,)))]
    for firm in firms:
        said = t("paper_of_lot", paper=t("paper_outwork"), lot=lot)
        if gate.viewer.role == "planner":
            said = t("paper_of_firm", paper=said, firm=t(papers.firm_name(gate, firm)))
        found.append(Link(said, reverse("paper-outwork", args=(lot, firm))))
    return found


def of_order(request: Any, gate: Gate, order: str) -> list[Link]:  # noqa: ANN401
    """Return the papers of an order for the planner: its purchase order, and those of its lots."""
    t, po = request.visit.t, gate.rows("order").filter(order=order)["po"].to_list()
    found = [
        Link(t("paper_of_lot", paper=t("paper_purchase_order"), lot=p), reverse("paper-purchase-order", args=(p,)))
        for p in po
    ]
    return found + [link for lot in papers.lots_of(gate, order) for link in of_lot(request, gate, lot)]
