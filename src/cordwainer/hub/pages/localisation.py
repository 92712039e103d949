"""The planner's report of orders made outside: what would bring each home, summed by market, brand, district or cause."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
from django.http import Http404
from django.shortcuts import redirect

from cordwainer.cluster import dictionary
from cordwainer.core import Text
from cordwainer.exchange import Share, View
from cordwainer.hub.access import records
from cordwainer.hub.jobs.homes import KIND
from cordwainer.hub.jobs.queue import OPEN, ask
from cordwainer.hub.models.runs import Run
from cordwainer.hub.pages import world
from cordwainer.hub.pages.plan import workbook
from cordwainer.hub.web.listing import Listing
from cordwainer.hub.web.page import page, shown
from cordwainer.quoting import BY, homes_view

_NOWHERE = Text("none", "无")
_MOST_BARS = 12
_CHOSEN = ("buyer", "market", "district")


def _found(request: Any) -> tuple[Run, pl.DataFrame | None]:  # noqa: ANN401 (Django carries no types)
    run = world.run_asked(request)
    if run is None:
        raise Http404
    return run, records.homes(request.visit.viewer, run)


def _by(request: Any) -> str:  # noqa: ANN401
    by: str = request.GET.get("by", "cause")
    return by if by in BY else "cause"


def _orders(request: Any, homes: pl.DataFrame) -> Listing:  # noqa: ANN401
    """Return the orders, as the address filters them; markets, brands and districts are choices as causes are."""
    view = homes_view(homes, "order")
    frame = view.frame
    for name in _CHOSEN:
        for language in ("en", "zh"):
            said = _names(request, name, language)
            named = [said.get(v, v) if v is not None else None for v in frame[name]]
            frame = frame.with_columns(pl.Series(f"{name}_{language}", named, dtype=pl.String))
    district = next(c for c in homes_view(homes, "district").columns if c.name == "district")
    columns = [
        replace(c, kind="both") if c.name in _CHOSEN else c for c in (*view.columns[:3], district, *view.columns[3:])
    ]
    shown_as = View(view.name, view.title, tuple(columns), frame)
    return Listing(shown_as, request.GET.dict(), request.visit.language, links=True)


def _fitting(orders: Listing, homes: pl.DataFrame) -> pl.DataFrame:
    return homes.join(orders.filtered.frame.select("order"), on="order", how="semi", maintain_order="left")


def _bars(view: View, by: str) -> list[Share]:
    """Return pairs made outside as bars, most first, and of these how many are worth bringing home in words."""
    rows = view.frame.head(_MOST_BARS).to_dicts()
    widest = max([1, *(row["pairs"] for row in rows)])
    return [
        Share(_label(row, by), 100 * row["pairs"] / widest, f"{row['could_come']:,} / {row['pairs']:,}") for row in rows
    ]


def _label(row: dict[str, Any], by: str) -> Text:
    if by == "cause":
        return Text(row["cause_en"], row["cause_zh"])
    value = row[by]
    return _NOWHERE if value is None else Text(value, value)


@page("planner", methods=("GET", "POST"))
def localisation(request: Any) -> Any:  # noqa: ANN401
    """Show the report, or ask for it to be worked out."""
    if request.method == "POST":
        run = world.run_asked(request)
        if run is None:
            raise Http404
        waiting = next((j for j in records.jobs(request.visit.viewer) if _is_of(j, run) and j.status in OPEN), None)
        return redirect("job", (waiting or ask(request.visit.account, KIND, {"number": run.pk})).pk)
    if world.run_asked(request) is None:
        return shown(request, "plan/empty.html")
    run, homes = _found(request)
    if homes is None:
        return shown(request, "plan/localisation.html", run=run, orders=None)
    orders, by = _orders(request, homes), _by(request)
    summed = homes_view(_fitting(orders, homes), by)
    names = _names(request, by, request.visit.language)
    return shown(
        request,
        "plan/localisation.html",
        run=run,
        by=by,
        ways=BY,
        orders=orders,
        bars=_named(_bars(summed, by), names),
        summed=Listing(summed, {}, request.visit.language),
    )


def _is_of(job: Any, run: Run) -> bool:  # noqa: ANN401
    return bool(job.kind == KIND and job.settings.get("number") == run.pk)


def _names(request: Any, by: str, language: str) -> dict[str, str]:  # noqa: ANN401
    """Return the names of districts or brands by id."""
    table = {"district": "district", "buyer": "firm"}.get(by)
    if table is None:
        return {}
    return world.named(world.gate_of(request).rows(table), dictionary.tables()[table].key[0], language)


def _named(bars: list[Share], names: dict[str, str]) -> list[Share]:
    return [replace(b, label=Text(names[b.label.en], names[b.label.en])) if b.label.en in names else b for b in bars]


@page("planner")
def export(request: Any) -> Any:  # noqa: ANN401
    """Send the orders, filtered as the address says, as a workbook."""
    run, homes = _found(request)
    if homes is None:
        raise Http404
    return workbook(_orders(request, homes).filtered, f"localisation-{run.pk}", request.visit.language)
