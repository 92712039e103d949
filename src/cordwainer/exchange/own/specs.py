"""The three sheets of your own cluster, as tables in the form of the dictionary."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from cordwainer.cluster.dictionary import Column, Table
from cordwainer.core import Text

_STATUS = "used"


def _rows(name: str) -> list[dict[str, str]]:
    path = files("cordwainer.exchange.own") / f"{name}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@dataclass(frozen=True, slots=True)
class Assumed:
    """A number that holds where the owner says nothing: in words, in which unit, and where it comes from."""

    number: int
    text: Text
    unit: str
    year: int
    source: str
    verified: bool


@cache
def assumed_values() -> Mapping[str, Assumed]:
    """Return the assumed values by name.

    Raises
    ------
    ValueError
        If a row does not say its unit, year and source, or whether it was verified.
    """
    return MappingProxyType({row["name"]: _assumed(row) for row in _rows("values")})


def _assumed(row: Mapping[str, str]) -> Assumed:
    if not (row["unit"] and row["source"] and row["verified"] in ("yes", "no")):
        raise ValueError(f"value {row['name']} lacks its unit, its source, or whether it was verified")
    return Assumed(
        number=int(row["value"]),
        text=Text(row["message_en"], row["message_zh"]).format(
            value=row["value"], yuan=f"{int(row['value']) / 100:.2f}"
        ),
        unit=row["unit"],
        year=int(row["year"]),
        source=row["source"],
        verified=row["verified"] == "yes",
    )


def value(name: str) -> int:
    """Return an assumed value by its name."""
    return assumed_values()[name].number


def value_text(name: str) -> Text:
    """Return what is assumed, in words."""
    return assumed_values()[name].text


def example_rows(table: str) -> list[dict[str, str]]:
    """Return the example rows of a sheet, as text by column name."""
    return _rows(f"example_{table}")


def size_names() -> tuple[str, ...]:
    """Return the sizes that the order sheet has columns for."""
    return tuple(str(size) for size in range(value("smallest_size"), value("largest_size") + 1))


def _column(row: dict[str, str]) -> Column:
    return Column(
        table=row["table"],
        name=row["column"],
        key=False,
        type=row["type"],
        choice=row["choice"],
        unit=row["unit"],
        decimals=int(row["decimals"] or 0),
        nullable=row["nullable"] == "yes",
        default=row["default"],
        least=float(row["min"]) if row["min"] else None,
        most=float(row["max"]) if row["max"] else None,
        references=None,
        label=Text(row["label_en"], row["label_zh"]),
        description=Text(row["description_en"], row["description_zh"]),
        purpose="trade",
        secrecy="own",
        status=_STATUS,
    )


def _size(name: str) -> Column:
    return _column(
        {
            **dict.fromkeys(_rows("columns")[0], ""),
            "table": "own_orders",
            "column": name,
            "type": "int",
            "unit": "pairs",
            "nullable": "yes",
            "min": "0",
            "label_en": f"Size {name}",
            "label_zh": f"{name}码",
            "description_en": f"Pairs of size {name}.",
            "description_zh": f"{name} 码的双数。",
        }
    )


def _table(row: dict[str, str]) -> Table:
    columns = [_column(r) for r in _rows("columns") if r["table"] == row["table"]]
    sizes = [_size(name) for name in size_names()] if row["table"] == "own_orders" else []
    return Table(
        name=row["table"],
        family="own",
        label=Text(row["label_en"], row["label_zh"]),
        description=Text(row["description_en"], row["description_zh"]),
        status=_STATUS,
        columns=(*columns, *sizes),
    )


OWN_TABLES = tuple(_table(row) for row in _rows("tables"))
OWN_LINES, OWN_ORDERS, OWN_MATERIALS = OWN_TABLES
