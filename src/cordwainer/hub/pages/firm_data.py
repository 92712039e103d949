"""A firm's own data: every row that the hub holds of it, and what it lets offices read."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import Http404
from django.shortcuts import redirect

from cordwainer.cluster import dictionary
from cordwainer.hub.access import floor, records
from cordwainer.hub.access.viewer import FIRMS, OFFICES
from cordwainer.hub.acts.consent import FAMILIES, consent
from cordwainer.hub.pages import world
from cordwainer.hub.pages.firm_parts import frame_of, table_view
from cordwainer.hub.pages.plan import workbook
from cordwainer.hub.web.listing import Listing
from cordwainer.hub.web.page import page, shown
from cordwainer.hub.web.visit import today


@page(*FIRMS)
def data(request: Any) -> Any:  # noqa: ANN401
    """Show every row that the hub holds of the firm."""
    language = request.visit.language
    tables = [(t.name, _own(request, t.name)) for t in dictionary.cluster_tables()]
    shown_tables = [Listing(table_view(n, f), request.GET.dict() | {"q": ""}, language) for n, f in tables if f.height]
    return shown(request, "firm/data.html", tables=shown_tables, **frame_of(request))


def _own(request: Any, table: str) -> pl.DataFrame:  # noqa: ANN401
    """Return the firm's own rows of a table; what happened on the floor lies beside the cluster."""
    gate = floor.gate(request.visit.viewer) if table in floor.TABLES else world.gate_of(request)
    return gate.own(table)


@page(*FIRMS)
def data_export(request: Any, table: str) -> Any:  # noqa: ANN401
    """Send the firm's own rows of a table as a workbook."""
    if table not in {t.name for t in dictionary.cluster_tables()}:
        raise Http404
    view = table_view(table, _own(request, table))
    return workbook(view, table, request.visit.language)


@page(*FIRMS, methods=("GET", "POST"))
def consents(request: Any) -> Any:  # noqa: ANN401
    """Show what offices may read of the firm, and let it give and take back."""
    if request.method == "POST":
        role, _, family = request.POST.get("what", "").partition(".")
        consent(request.visit.account, role, family, today(), given=request.POST.get("given") == "1")
        return redirect("consents")
    given = {(c.role, c.family): c.given_on for c in records.consents(request.visit.viewer, today())}
    rows = [(role, family, given.get((role, family))) for role in OFFICES for family in FAMILIES]
    return shown(request, "firm/consents.html", rows=rows, **frame_of(request))
