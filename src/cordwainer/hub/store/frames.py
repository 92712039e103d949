"""Rows of dictionary tables between the database and frames."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db.models import Q

from cordwainer.cluster import dictionary, polars_schema
from cordwainer.hub.store.tables import MODELS, field_name
from cordwainer.hub.store.viewing import whole

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
    with whole():
        rows = list(MODELS[table].objects.filter(where).order_by("row_no").values_list(*names))
    return pl.DataFrame(rows, schema=schema, orient="row")


def read_keys(table: str, where: Q) -> pl.DataFrame:
    """Return the keys of the rows of a table that fit, of those that the database shows to whoever reads."""
    key = dictionary.tables()[table].key
    schema = {name: dtype for name, dtype in polars_schema(table).items() if name in key}
    rows = list(MODELS[table].objects.filter(where).values_list(*(field_name(c) for c in schema)))
    return pl.DataFrame(rows, schema=schema, orient="row")


def change_numbers(table: str) -> set[int]:
    """Return the numbers of all changes that brought or ended rows of a table."""
    with whole():
        rows = MODELS[table].objects
        return {*rows.values_list("since", flat=True), *rows.exclude(until=None).values_list("until", flat=True)}


def add(table: str, frame: pl.DataFrame, **own: int) -> None:
    """Write rows to a table; ``own`` gives ``since`` or ``run``."""
    model = MODELS[table]
    names = [field_name(c.name) for c in dictionary.tables()[table].columns]
    rows = frame.select(c.name for c in dictionary.tables()[table].columns).iter_rows()
    made = (model(**own, **dict(zip(names, row, strict=True))) for row in rows)
    with whole():
        model.objects.bulk_create(made, batch_size=BATCH)


def end(table: str, row_numbers: list[int], change: int) -> None:
    """Let rows hold no longer from a change on."""
    with whole():
        for k in range(0, len(row_numbers), BATCH):
            MODELS[table].objects.filter(row_no__in=row_numbers[k : k + BATCH]).update(until=change)
