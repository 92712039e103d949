"""The planner's pages of a plan: overview, lists, one page for each order, firm and line."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import polars as pl
from django.http import Http404, HttpResponse

from cordwainer.cluster import dictionary
from cordwainer.exchange import PANEL_SIZE, View, line_view, order_view, panels_of, view_for_people
from cordwainer.hub.access import records
from cordwainer.hub.models.runs import Run
from cordwainer.hub.pages import world
from cordwainer.hub.pages.papers import of_order
from cordwainer.hub.web.listing import Listing
from cordwainer.hub.web.page import page, shown

LISTS = ("orders", "unmet", "makers", "districts", "load", "places", "purchases", "prices", "outside")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FIRST_ROWS = 8


def _run(request: Any) -> Run:  # noqa: ANN401 (Django carries no types)
    run = world.run_asked(request)
    if run is None:
        raise Http404
    return run


@page("planner")
def overview(request: Any) -> Any:  # noqa: ANN401
    """Show what the plan is worth, what becomes of the orders, what is scarce; and how that changed since the run before."""
    run = world.run_asked(request)
    if run is None:
        return shown(request, "plan/empty.html")
    language = request.visit.language
    figures, outcome = world.figures(run)
    before = next((r for r in records.runs(request.visit.viewer) if r.pk < run.pk), None)
    was = {f.name: f.value for group in world.figures(before)[0].values() for f in group} if before else {}
    unmet = world.view(run, "unmet")
    district = request.GET.get("district") or None
    panels = world.load(run, district)
    cluster, plan = world.planned(run)
    return shown(
        request,
        "plan/overview.html",
        run=run,
        plan=plan,
        figures=figures,
        was=was,
        before=before,
        outcome=outcome,
        unmet=Listing(_first(unmet, _FIRST_ROWS), {}, language, links=True),
        unmet_count=unmet.frame.height,
        load=Listing(panels, {}, language),
        panels=panels_of(panels) if panels.frame.height else [],
        panel_size=PANEL_SIZE,
        districts=sorted(world.named(cluster["district"], "district", language).items(), key=lambda d: d[1]),
        district=district or "",
    )


def _first(view: View, count: int) -> View:
    return View(view.name, view.title, view.columns, view.frame.head(count))


def _listing(request: Any, run: Run, name: str) -> Listing:  # noqa: ANN401
    return Listing(world.view(run, name), request.GET.dict(), request.visit.language, links=True)


@page("planner")
def listing(request: Any, name: str) -> Any:  # noqa: ANN401
    """Show a view of the plan as a list that can be filtered and sorted."""
    if name not in LISTS:
        raise Http404
    run = _run(request)
    template = "plan/rows.html" if request.headers.get("HX-Request") else "plan/list.html"
    return shown(request, template, run=run, name=name, listing=_listing(request, run, name))


@page("planner")
def export(request: Any, name: str) -> Any:  # noqa: ANN401
    """Send a list, filtered as the address says, as a workbook."""
    if name not in LISTS:
        raise Http404
    run = _run(request)
    return workbook(_listing(request, run, name).filtered, f"{name}-{run.pk}", request.visit.language)


def workbook(view: View, name: str, language: Any) -> HttpResponse:  # noqa: ANN401
    """Return a view as a workbook to be kept."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "view.xlsx"
        view_for_people(view, path, language)
        content = path.read_bytes()
    return HttpResponse(
        content, content_type=EXCEL, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    )


@page("planner")
def order(request: Any, order: str) -> Any:  # noqa: ANN401
    """Show one order: what becomes of it and why, who does what and when."""
    run = _run(request)
    cluster, plan = world.planned(run)
    rows = world.view(run, "orders").frame.filter(order=order)
    if rows.is_empty():
        raise Http404
    return shown(
        request,
        "plan/order.html",
        run=run,
        order=order,
        facts=Listing(_of(world.view(run, "orders"), rows), {}, request.visit.language, links=True),
        told=records.told_of_order(request.visit.viewer, run, order),
        work=Listing(order_view(cluster, plan, order), {}, request.visit.language, links=True),
        papers=of_order(request, world.gate_of(request), order),
    )


def _of(view: View, rows: pl.DataFrame) -> View:
    return View(view.name, view.title, view.columns, rows)


@page("planner")
def firm(request: Any, firm: str) -> Any:  # noqa: ANN401
    """Show one firm: its load, its lines, what it states, its orders."""
    run = _run(request)
    cluster, plan = world.planned(run)
    found = cluster["firm"].filter(firm=firm)
    if found.is_empty():
        raise Http404
    language = request.visit.language
    makers = world.view(run, "makers")
    load = makers.frame.filter(firm=firm)
    sites = cluster["site"].filter(firm=firm)
    lines = cluster["line"].filter(pl.col("site").is_in(sites["site"].to_list()))
    own = lines["line"].to_list()
    statements = cluster["line_statement"].filter(pl.col("line").is_in(own)).sort("line", "valid_from")
    orders = world.view(run, "orders")
    lots = plan["lot_line"].filter(pl.col("line").is_in(own)).join(plan["lot"], on="lot")["order"].unique().to_list()
    return shown(
        request,
        "plan/firm.html",
        run=run,
        firm=found.row(0, named=True),
        name=world.named(found, "firm", language)[firm],
        load=Listing(_of(makers, load), {}, language),
        lines=lines.to_dicts(),
        stages=dictionary.choices()["stage"],
        statements=statements.unique("line", keep="last", maintain_order=True).rows_by_key(
            "line", named=True, unique=True
        ),
        orders=Listing(_of(orders, orders.frame.filter(pl.col("order").is_in(lots))), {}, language, links=True),
        certificates=cluster["certificate"].filter(firm=firm).to_dicts(),
    )


@page("planner")
def line(request: Any, line: str) -> Any:  # noqa: ANN401
    """Show one line: why it is loaded as it is, and its weeks."""
    run = _run(request)
    cluster, plan = world.planned(run)
    if line not in cluster["line"]["line"]:
        raise Http404
    site = cluster["line"].filter(line=line)["site"].item()
    return shown(
        request,
        "plan/line.html",
        run=run,
        line=line,
        firm=cluster["site"].filter(site=site)["firm"].item(),
        told=records.told_of_line(request.visit.viewer, run, line),
        weeks=Listing(line_view(cluster, plan, line), {}, request.visit.language, links=True),
    )
