"""Programme and phase-out for the offices, worked out by jobs; the next step for a firm's owner."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from cordwainer.core import Text, UserError
from cordwainer.exchange import bars_of
from cordwainer.hub.access import upgrades
from cordwainer.hub.access.viewer import FIRMS, OFFICES
from cordwainer.hub.jobs.queue import OPEN, ask
from cordwainer.hub.pages import world
from cordwainer.hub.pages.firm_parts import frame_of
from cordwainer.hub.pages.plan import workbook
from cordwainer.hub.web.listing import Listing
from cordwainer.hub.web.page import page, shown

GOALS = ("npv", "contribution", "value_added", "local_share", "carbon", "jobs")
TARGETS = ("lines", "land", "solvent", "cod")
_MOST_YUAN, _MOST_YEARS = 10**10, 10


def _whole(request: Any, name: str, low: int, high: int) -> int:  # noqa: ANN401 (Django carries no types)
    """Return a whole number of a form.

    Raises
    ------
    UserError
        If it is none, or not between the two.
    """
    said = request.POST.get(name, "").replace(",", "").replace("，", "").strip()
    if not said.isdecimal() or not low <= int(said) <= high:
        raise UserError(
            "bad-number",
            Text(
                f"{name} is not a whole number from {low:,} to {high:,}.", f"{name} 须为 {low:,} 至 {high:,} 的整数。"
            ),
            Text("Give another.", "请重新填写。"),
        )
    return int(said)


def _one_of(request: Any, name: str, allowed: tuple[str, ...]) -> str:  # noqa: ANN401
    """Return a choice of a form.

    Raises
    ------
    UserError
        If it is none of those allowed.
    """
    said = str(request.POST.get(name, ""))
    if said not in allowed:
        raise UserError(
            "bad-value",
            Text(f"{name} cannot be chosen so.", f"{name} 无此选项。"),
            Text(f"Use one of: {', '.join(allowed)}.", f"可选：{'、'.join(allowed)}。"),
        )
    return said


def _office(request: Any, kind: str, **values: Any) -> Any:  # noqa: ANN401
    """Show the jobs of a kind, and the tables of the one asked for, else of the latest that is done."""
    found, language = upgrades.of_kind(request.visit.viewer, kind), request.visit.language
    asked = request.GET.get("job", "")
    at = next((u for u in found if (str(u.number) == asked if asked else bool(u.tables))), None)
    tables = [] if at is None else [Listing(v, {}, language) for v in at.tables]
    ways = next((v for v in at.tables if v.name in ("ways", "phase_out_ways")), None) if at else None
    bars = (
        ()
        if ways is None
        else bars_of(
            [
                (Text(r["way_en"], r["way_zh"]), r["contribution_fen"], f"{(r['contribution_fen'] or 0) / 100:,.0f}")
                for r in ways.frame.iter_rows(named=True)
            ]
        )
    )
    return shown(
        request, "upgrades/office.html", kind=kind, found=found, at=at, tables=tables, bars=bars, OPEN=OPEN, **values
    )


@page(*OFFICES, methods=("GET", "POST"))
def programme(request: Any) -> Any:  # noqa: ANN401
    """Show programmes; a form of the officer starts one."""
    if request.method == "POST":
        if request.visit.viewer.role != "officer":
            raise Http404
        settings = {
            "budget": _whole(request, "budget", 1, _MOST_YUAN),
            "years": _whole(request, "years", 1, _MOST_YEARS),
            "goal": _one_of(request, "goal", GOALS),
        }
        ask(request.visit.account, "programme", settings)
        return redirect("office-programme")
    return _office(request, "programme", choices=GOALS)


@page(*OFFICES, methods=("GET", "POST"))
def phase_out(request: Any) -> Any:  # noqa: ANN401
    """Show phase-outs; a form starts one."""
    if request.method == "POST":
        share = _whole(request, "share", 1, 100) / 100
        ask(request.visit.account, "phase-out", {"target": _one_of(request, "target", TARGETS), "share": share})
        return redirect("office-phase-out")
    return _office(request, "phase-out", choices=TARGETS)


@page(*OFFICES)
def export(request: Any, number: int, name: str) -> Any:  # noqa: ANN401
    """Send a table as a workbook."""
    view = upgrades.table(request.visit.viewer, number, name)
    if view is None:
        raise Http404
    return workbook(view, f"{name}-{number}", request.visit.language)


@page(*FIRMS)
def own(request: Any) -> Any:  # noqa: ANN401
    """Show an owner what the firm should do next."""
    return shown(request, "upgrades/own.html", step=upgrades.own_step(request.visit.viewer), **frame_of(request))


@page(*FIRMS)
def own_pdf(request: Any) -> Any:  # noqa: ANN401
    """Send the same as one page."""
    found = upgrades.own_step_pdf(request.visit.viewer, world.gate_of(request).cluster, request.visit.language)
    if found is None:
        raise Http404
    name = f"{request.visit.t('up_my_step')}.pdf"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=False, filename=name) or "inline"}
    return HttpResponse(found, content_type="application/pdf", headers=headers)
