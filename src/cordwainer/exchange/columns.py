"""Columns of texts become columns of values: plain writings at once, all others by the rules of cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from cordwainer.cluster.dictionary import Column
from cordwainer.exchange.cells import Refused, Value, choice_names, read_cell

_WHOLE = r"^-?[0-9]{1,15}$"
_DECIMAL = r"^-?[0-9]{1,9}(\.[0-9]{1,6})?$"
_ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_NAME = r"^[^\r\n\t:]*$"

TYPES: Mapping[str, type[pl.DataType]] = {
    "int": pl.Int64,
    "fen": pl.Int64,
    "number": pl.Float64,
    "share": pl.Float64,
    "date": pl.Date,
    "bool": pl.Boolean,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that was refused: index in the column, its text, the rule."""

    index: int
    value: str
    rule: str


def trimmed(texts: pl.Series) -> pl.Series:
    """Return texts without outer blanks; what is then empty is null."""
    bare = texts.str.strip_chars()
    return bare.set(bare == "", None)


def parse(texts: pl.Series, column: Column) -> tuple[pl.Series, list[Fault]]:
    """Return the values of a column and the cells that were refused.

    Parameters
    ----------
    texts
        Strings, null where blank.
    column
        What the dictionary says of it.

    Returns
    -------
    values
        In the column's type, as long as ``texts``; null where blank or refused.
    faults
        The refused cells.
    """
    bare = trimmed(texts).rename(column.name)
    fast = _at_once(bare, column)
    slow = bare.is_not_null() & fast.is_null()
    if not slow.any():
        return fast, []
    good: dict[str, Value] = {}
    bad: dict[str, str] = {}
    for text in bare.filter(slow).unique():
        try:
            good[text] = read_cell(text, column)
        except Refused as refused:
            bad[text] = refused.rule
    kind = fast.dtype
    if good:
        old = pl.Series(list(good), dtype=pl.String)
        new = pl.Series(list(good.values()), dtype=kind, strict=True)
        read = bare.replace_strict(old, new, default=None, return_dtype=kind)
        fast = fast.zip_with(~slow, read)
    faults = []
    if bad:
        refused_rows = bare.to_frame("text").with_row_index("i").filter(pl.col("text").is_in(list(bad)) & slow)
        faults = [Fault(i, text, bad[text]) for i, text in refused_rows.iter_rows()]
    return fast, faults


def _at_once(bare: pl.Series, column: Column) -> pl.Series:
    """Return the values of texts in their plainest writing, null for all others."""
    match column.type:
        case "int" | "fen":
            return _matching(bare, _WHOLE).cast(pl.Int64, strict=False)
        case "number" | "share":
            return _matching(bare, _DECIMAL).cast(pl.Float64, strict=False)
        case "date":
            return _matching(bare, _ISO_DAY).str.to_date("%Y-%m-%d", strict=False)
        case "bool":
            return bare.replace_strict(["yes", "no"], [True, False], default=None, return_dtype=pl.Boolean)
        case "choice":
            values = list(dict.fromkeys(choice_names(column.choice).values()))
            return bare.set(~bare.is_in(values), None)
        case _:
            return _matching(bare, _NAME)


def _matching(bare: pl.Series, pattern: str) -> pl.Series:
    return bare.set(~bare.str.contains(pattern), None)
