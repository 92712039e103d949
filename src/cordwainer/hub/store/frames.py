"""Rows of dictionary tables between the database and frames."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db.models import Q

from cordwainer.cluster import dictionary, polars_schema
from cordwainer.hub.store.tables import MODELS, field_name

BATCH = 2000
ROW_NO = "_row_no"


def read(table: str, where: Q, *, numbered: bool = False) -> pl.DataFrame:
    """Return the rows of a table that fit, in the form of the dictionary.

    Parameters
    ----------
    table
        Name in the dictionary.
    where
        Condition of Django on ``since``, ``until``, ``run`` or columns.
    numbered
        Whether column ``_row_no`` holds each row's number in the database.
    """
    schema: dict[str, Any] = dict(polars_schema(table))
    names = [field_name(c) for c in schema]
    if numbered:
        schema[ROW_NO] = pl.Int64()
        names.append("row_no")
    rows = MODELS[table].objects.filter(where).order_by("row_no").values_list(*names)
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def add(table: str, frame: pl.DataFrame, **own: int) -> None:
    """Write rows to a table; ``own`` gives ``since`` or ``run``."""
    model = MODELS[table]
    names = [field_name(c.name) for c in dictionary.tables()[table].columns]
    rows = frame.select(c.name for c in dictionary.tables()[table].columns).iter_rows()
    model.objects.bulk_create((model(**own, **dict(zip(names, row, strict=True))) for row in rows), batch_size=BATCH)


def end(table: str, row_numbers: list[int], change: int) -> None:
    """Let rows hold no longer from a change on."""
    for k in range(0, len(row_numbers), BATCH):
        MODELS[table].objects.filter(row_no__in=row_numbers[k : k + BATCH]).update(until=change)
