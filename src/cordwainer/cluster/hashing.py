"""The cluster hash: one fingerprint of the same tables, however they are stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import polars as pl

from cordwainer.cluster.dictionary import Column, Table

_FIELD, _RECORD, _NULL = "\x1f", "\x1e", "\x00"


def canonical(column: Column) -> pl.Expr:
    """Return the canonical text of a column: decimals with all places, dates as 2026-01-31, null as NUL."""
    value = pl.col(column.name)
    text: pl.Expr
    match column.type:
        case "number" | "share":
            text = (value * 10**column.decimals).round(0).cast(pl.Int64).cast(pl.String)
        case "date":
            text = value.dt.strftime("%Y-%m-%d")
        case "bool":
            text = pl.when(value).then(pl.lit("1")).when(~value).then(pl.lit("0"))
        case _:
            text = value.cast(pl.String)
    return text.fill_null(_NULL)


def table_hash(table: Table, frame: pl.DataFrame) -> bytes:
    """Return the SHA-256 of a table's rows sorted by key (and then by every other column)."""
    names = [c.name for c in table.columns]
    order = [*table.key, *(n for n in names if n not in table.key)]
    text = frame.select(canonical(c).alias(c.name) for c in table.columns).sort(order)
    lines = text.select(pl.concat_str(names, separator=_FIELD).str.join(_RECORD)).item() if text.height else ""
    return hashlib.sha256(f"{table.name}{_RECORD}{_FIELD.join(names)}{_RECORD}{lines or ''}".encode()).digest()


def hash_of(tables: Iterable[Table], frames: Mapping[str, pl.DataFrame]) -> str:
    """Return the fingerprint of tables in dictionary order, as 64 hexadecimal digits."""
    whole = hashlib.sha256()
    for table in tables:
        whole.update(table_hash(table, frames[table.name]))
    return whole.hexdigest()
