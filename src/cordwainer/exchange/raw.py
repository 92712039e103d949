"""A table as it was found: columns of text under the dictionary's names, with place and row numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from cordwainer.cluster.dictionary import Table
from cordwainer.core import Problem
from cordwainer.exchange.columns import trimmed
from cordwainer.exchange.headers import match_headings
from cordwainer.exchange.problems import Place, trouble


@dataclass(frozen=True)
class RawTable:
    """A table before its texts are parsed.

    Attributes
    ----------
    spec, place
        Which table, and where it was found.
    frame
        Columns of text (or, from Parquet, already of the right type) that the heading gave, blank rows left out.
    rows
        Number of each row in its file or sheet as a person counts it (header = 1).
    problems
        What is wrong with the heading or with single rows.
    notes
        What was noticed and does no harm.
    """

    spec: Table
    place: Place
    frame: pl.DataFrame
    rows: pl.Series
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def raw_table(
    spec: Table, place: Place, headings: Sequence[str | None], cells: pl.DataFrame, first_row: int
) -> RawTable:
    """Return the table whose heading and rows of text are given.

    Parameters
    ----------
    spec, place
        Which table and where.
    headings
        Texts of the heading, which stands in the row before ``first_row``.
    cells
        All rows below it, one column of String for each heading, in order; blank rows included.
    first_row
        Number of the first of these rows.
    """
    found, problems = match_headings(headings, spec, place, first_row - 1)
    numbered = cells.with_row_index("_row", offset=first_row).with_columns(pl.col("_row").cast(pl.Int64))
    empty = pl.all_horizontal(pl.col(cells.columns).is_null()) if cells.width else pl.lit(value=True)
    numbered = numbered.filter(~empty)
    for k, text in enumerate(headings):
        if text is None or not text.strip():
            values = numbered[cells.columns[k]]
            if values.is_not_null().any():
                row = numbered["_row"].filter(values.is_not_null())[0]
                problems.append(trouble("column-without-heading", place, row=row, value=values.drop_nulls()[0]))
    columns: dict[str, Any] = {column.name: numbered[cells.columns[k]] for k, column in found.items()}
    return RawTable(spec, place, pl.DataFrame(columns), numbered["_row"], problems)


def blank_free(cells: pl.DataFrame) -> pl.DataFrame:
    """Return cells without outer blanks, null where nothing is left."""
    return cells.with_columns(trimmed(cells[name]) for name in cells.columns)
