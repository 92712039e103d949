"""Tables for people as plain values, so that what a job worked out can be kept and shown."""

from __future__ import annotations

from typing import Any

import polars as pl

from cordwainer.core import Text
from cordwainer.exchange import View, ViewColumn


def record_of(view: View) -> dict[str, Any]:
    """Return a view as plain values."""
    sources = [s for c in view.columns for s in c.sources]
    return {
        "name": view.name,
        "title": [view.title.en, view.title.zh],
        "columns": [[c.name, c.label.en, c.label.zh, c.kind, c.choice] for c in view.columns],
        "types": {s: str(view.frame.schema[s]) for s in sources},
        "rows": view.frame.select(sources).with_columns(pl.col(pl.Date).cast(pl.String)).to_dicts(),
    }


def view_of(record: dict[str, Any]) -> View:
    """Return a view that was kept."""
    columns = tuple(ViewColumn(n, Text(en, zh), kind, choice) for n, en, zh, kind, choice in record["columns"])
    kinds = {"Int64": pl.Int64, "Float64": pl.Float64, "Boolean": pl.Boolean}
    schema = {name: kinds.get(kind, pl.String) for name, kind in record["types"].items()}
    return View(record["name"], Text(*record["title"]), columns, pl.DataFrame(record["rows"], schema=schema))
