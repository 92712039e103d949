"""A view: a table for people, with the label and the kind of each column, and how its values are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.core import Language, Text

Kind = Literal[
    "id", "text", "both", "choice", "int", "yuan", "price", "share", "number", "score", "date", "bool", "money"
]
"""``both``: columns name_en and name_zh; ``yuan``: from fen; ``price``: from 1/1000 fen; ``share``: as per cent; ``score``: two decimals; ``money``: from fen, to the fen, as on papers."""

NUMERIC: frozenset[Kind] = frozenset({"int", "yuan", "price", "share", "number", "score", "money"})
UNKNOWN = "–"
_WHOLE_YUAN_FROM_FEN = 100_000


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """A column of a view; ``choice`` names the choice whose labels stand for the values of kind choice."""

    name: str
    label: Text
    kind: Kind
    choice: str = ""

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers, which stand to the right."""
        return self.kind in NUMERIC

    @property
    def is_whole(self) -> bool:
        """Whether its values are not to be broken over lines: numbers, dates, ids."""
        return self.is_number or self.kind in ("date", "id")

    @property
    def sources(self) -> tuple[str, ...]:
        """Columns of the frame that it is read from."""
        return (f"{self.name}_en", f"{self.name}_zh") if self.kind == "both" else (self.name,)


@dataclass(frozen=True)
class View:
    """A table for people: ``frame`` holds the values, money in fen."""

    name: str
    title: Text
    columns: tuple[ViewColumn, ...]
    frame: pl.DataFrame

    def cells(self, language: Language, limit: int | None = None) -> Iterator[tuple[str, ...]]:
        """Yield each row as it is written in a language."""
        for row in self.frame.head(limit if limit is not None else self.frame.height).iter_rows(named=True):
            yield tuple(cell(row, column, language) for column in self.columns)

    def records(self) -> list[dict[str, Any]]:
        """Return the rows as plain values for scripts: money in fen (prices in 1/1000 fen), dates as text."""
        names = [s for c in self.columns for s in c.sources]
        return self.frame.select(names).with_columns(pl.col(pl.Date).cast(pl.String)).to_dicts()


def column(name: str, kind: Kind, label: Text | tuple[str, str], choice: str = "") -> ViewColumn:
    """Return a column; ``label`` may be given as (table, column) of the dictionary."""
    if isinstance(label, tuple):
        label = dictionary.tables()[label[0]].column(label[1]).label
    return ViewColumn(name, label, kind, choice)


def cell(row: dict[str, Any], spec: ViewColumn, language: Language) -> str:
    """Return the text of one value; what is unknown is a dash."""
    if spec.kind == "both":
        found = row[f"{spec.name}_{language}"] or row[f"{spec.name}_en"] or row[f"{spec.name}_zh"]
        return found or UNKNOWN
    value = row[spec.name]
    if spec.kind == "choice" and value is not None:
        return dictionary.choices()[spec.choice][value].in_(language)
    return written(value, spec.kind, language)


def written(value: object, kind: Kind, language: Language) -> str:
    """Return a value of a kind as people read it."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return (Text("yes", "是") if value else Text("no", "否")).in_(language)
    if not isinstance(value, int | float):
        return str(value)
    match kind:
        case "int":
            return f"{value:,}"
        case "yuan":
            return (
                f"{value / 100:,.0f}"
                if abs(value) >= _WHOLE_YUAN_FROM_FEN
                else f"{value / 100:,.2f}".replace("-0.00", "0.00")
            )
        case "money":
            return f"{value / 100:,.2f}"
        case "price":
            return f"{value / 100_000:,.3f}"
        case "share":
            return f"{100 * value:,.1f} %"
        case "number":
            return f"{value:,.1f}"
        case "score":
            return f"{value:,.2f}"
        case _:
            return str(value)
