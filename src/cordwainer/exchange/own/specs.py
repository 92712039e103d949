"""The three sheets of your own cluster, as tables in the form of the dictionary."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from cordwainer.cluster.dictionary import Column, Table
from cordwainer.core import Text

_STATUS = "used"


def _rows(name: str) -> list[dict[str, str]]:
    path = files("cordwainer.exchange.own") / f"{name}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@cache
def _values() -> dict[str, tuple[int, Text]]:
    return {
        row["name"]: (int(row["value"]), Text(row["message_en"], row["message_zh"]).format(value=row["value"]))
        for row in _rows("values")
    }


def value(name: str) -> int:
    """Return an assumed value by its name."""
    return _values()[name][0]


def value_text(name: str) -> Text:
    """Return what is assumed, in words."""
    return _values()[name][1]


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
