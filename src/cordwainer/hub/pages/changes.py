"""The planner's page of changes: who changed what and when, field by field, and undo."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import Http404
from django.shortcuts import redirect

from cordwainer.core import Text
from cordwainer.exchange import View, column
from cordwainer.hub.access import records
from cordwainer.hub.store.versions import SETTLED, undo
from cordwainer.hub.web.listing import Listing
from cordwainer.hub.web.page import page, shown


@page("planner")
def changes(request: Any) -> Any:  # noqa: ANN401 (Django carries no types)
    """List the changes of the data, the latest first."""
    return shown(request, "plan/changes.html", changes=records.changes(request.visit.viewer))


@page("planner", methods=("GET", "POST"))
def change(request: Any, number: int) -> Any:  # noqa: ANN401
    """Show one change field by field; a form takes it back."""
    rows = records.fields_of(request.visit.viewer, number)
    found = next((c for c in records.changes(request.visit.viewer) if c.pk == number), None)
    if found is None:
        raise Http404
    if request.method == "POST":
        undo(request.visit.account, number)
        return redirect("changes")
    columns = (
        column("table", "text", Text("Table", "表")),
        column("row", "text", Text("Row", "记录")),
        column("column", "text", Text("Column", "列")),
        column("old", "text", Text("Before", "原值")),
        column("new", "text", Text("After", "新值")),
    )
    view = View("change", Text("Fields", "字段"), columns, _labelled(rows, request.visit.language))
    return shown(
        request,
        "plan/change.html",
        change=found,
        may_undo=found.kind not in SETTLED,
        fields=Listing(view, request.GET.dict(), request.visit.language),
    )


def _labelled(rows: pl.DataFrame, language: str) -> pl.DataFrame:
    """Return fields with tables and columns by the names that people read."""
    return rows.select("row", "old", "new", table=f"table_{language}", column=f"column_{language}")
