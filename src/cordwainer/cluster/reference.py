"""Reference data shipped with the project: public places, holidays, routings, bills, materials and their flows."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.cluster.schema import polars_schema

REFERENCE = (
    "district",
    "calendar",
    "flow",
    "material",
    "material_flow",
    "routing_template",
    "routing_template_before",
    "bill_template",
    "size_curve",
)
"""Tables of which reference rows are shipped; the files also hold source and verified where the table does not."""


def reference_tables() -> dict[str, pl.DataFrame]:
    """Return the reference tables by name, with the columns of the dictionary (blank where the file has none)."""
    return {name: _table(name) for name in REFERENCE}


def reference_sources(table: str) -> list[dict[str, str]]:
    """Return the rows of a reference file as text, with source and verified.

    Raises
    ------
    KeyError
        If no such table is shipped.
    """
    if table not in REFERENCE:
        raise KeyError(f"no reference data for table {table}")
    path = files("cordwainer.cluster") / "reference" / f"{table}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@cache
def _table(name: str) -> pl.DataFrame:
    types = polars_schema(name)
    rows = reference_sources(name)
    text = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String()))
    blank_to_null = text.with_columns(pl.all().replace("", None))
    return blank_to_null.select(
        (_parsed(name, column) if column in text.columns else pl.lit(None)).cast(dtype).alias(column)
        for column, dtype in types.items()
    )


def _parsed(table: str, column: str) -> pl.Expr:
    match dictionary.tables()[table].column(column).type:
        case "bool":
            return pl.col(column) == "yes"
        case "date":
            return pl.col(column).str.to_date()
        case _:
            return pl.col(column)
