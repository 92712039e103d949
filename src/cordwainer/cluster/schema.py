"""Dataframely schemas made from the dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import dataframely as dy
import polars as pl

from cordwainer.cluster.dictionary import Column, choices, tables

ID_PATTERN = r"^[^\s|\p{Cc}\x{FFFE}\x{FFFF}]([^|\p{Cc}\x{FFFE}\x{FFFF}]{0,62}[^\s|\p{Cc}\x{FFFE}\x{FFFF}])?$"
TEXT_PATTERN = r"^[^\s\p{Cc}\x{FFFE}\x{FFFF}]([^\p{Cc}\x{FFFE}\x{FFFF}]*[^\s\p{Cc}\x{FFFE}\x{FFFF}])?$"
"""One line without outer blanks: what every format can hold, and no separator of the cluster hash."""
TEXT_LIMIT = 2000
ROW = "_row"

DTYPES: Mapping[str, type[pl.DataType]] = {
    "id": pl.String,
    "text": pl.String,
    "choice": pl.String,
    "int": pl.Int64,
    "fen": pl.Int64,
    "number": pl.Float64,
    "share": pl.Float64,
    "date": pl.Date,
    "bool": pl.Boolean,
}


def dtype(column: Column) -> type[pl.DataType]:
    """Return the Polars type of a column."""
    return DTYPES[column.type]


def few_decimals(values: pl.Expr, decimals: int) -> pl.Expr:
    """Return whether numbers hold no more than ``decimals`` decimals (and are small enough to be exact)."""
    # Not by dividing by 10**decimals: Polars multiplies by the reciprocal, which is off by one unit in the last place.
    exact: pl.Expr = (values.round(decimals) == values) & ((values * 10**decimals).abs() < 2**53)
    return exact


def dataframely_column(column: Column, *, key: bool = True) -> dy.Column:
    """Return the dataframely column of a dictionary column."""
    null, primary = column.nullable, column.key and key
    low, high = column.least, column.most
    match column.type:
        case "id":
            return dy.String(nullable=null, primary_key=primary, regex=ID_PATTERN)
        case "text":
            return dy.String(
                nullable=null,
                primary_key=primary,
                max_length=TEXT_LIMIT,
                check={"text": lambda e: e.str.contains(TEXT_PATTERN)},
            )
        case "choice":
            allowed = list(choices()[column.choice])
            return dy.String(nullable=null, primary_key=primary, check={"choice": lambda e: e.is_in(allowed)})
        case "int" | "fen":
            return dy.Int64(
                nullable=null,
                primary_key=primary,
                min=None if low is None else int(low),
                max=None if high is None else int(high),
            )
        case "number" | "share":
            decimals = column.decimals
            return dy.Float64(
                nullable=null,
                primary_key=primary,
                min=low,
                max=high,
                check={"decimals": lambda e: few_decimals(e, decimals)},
            )
        case "date":
            return dy.Date(nullable=null, primary_key=primary)
        case "bool":
            return dy.Bool(nullable=null)
    raise ValueError(f"unknown column type {column.type!r} of {column.table}.{column.name}")


@cache
def schema(table: str) -> type[dy.Schema]:
    """Return the dataframely schema of a table."""
    spec = tables()[table]
    columns = {c.name: dataframely_column(c) for c in spec.columns}
    return type(f"{table}_schema", (dy.Schema,), columns)


@cache
def numbered_schema(table: str) -> type[dy.Schema]:
    """Return the schema of a table whose rows also carry their number in column ``_row``."""
    spec = tables()[table]
    columns: dict[str, dy.Column] = {c.name: dataframely_column(c) for c in spec.columns}
    columns[ROW] = dy.Int64()
    return type(f"{table}_numbered", (dy.Schema,), columns)


@cache
def polars_schema(table: str) -> pl.Schema:
    """Return column names and Polars types of a table, in dictionary order."""
    return pl.Schema({c.name: dtype(c)() for c in tables()[table].columns})


def empty(table: str) -> pl.DataFrame:
    """Return the table without rows."""
    return pl.DataFrame(schema=polars_schema(table))
