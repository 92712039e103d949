"""The dictionary: the one source for names, types, units, limits, defaults, labels and secrecy of every table."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from cordwainer.core import Text, digits

FAMILIES = ("places", "lines", "styles", "materials", "trade", "happened", "plan")


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the dictionary defines it.

    ``type`` is one of id, text, int, fen, number, share, date, bool, choice;
    ``decimals`` is given for number and share;
    ``references`` is (table, column) or None; ``secrecy`` one of public, members, partners, own, planner, officer.
    """

    table: str
    name: str
    key: bool
    type: str
    choice: str
    unit: str
    decimals: int
    nullable: bool
    default: str
    least: float | None
    most: float | None
    references: tuple[str, str] | None
    label: Text
    description: Text
    purpose: str
    secrecy: str
    status: str

    @property
    def unit_label(self) -> Text:
        """The unit as people write it; the dictionary's own word where it has no other."""
        return Text(self.unit, _unit_labels().get(self.unit, self.unit))

    @property
    def limits(self) -> str:
        """The range of its values in signs; blank where there is none."""
        low = "" if self.least is None else digits(self.least)
        high = "" if self.most is None else digits(self.most)
        if low and high:
            return f"{low} … {high}"
        return f"≥ {low}" if low else f"≤ {high}" if high else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the dictionary defines it; ``columns`` in the order in which they are shown."""

    name: str
    family: str
    label: Text
    description: Text
    status: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key columns."""
        return tuple(c.name for c in self.columns if c.key)

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(c for c in self.columns if c.name == name)


@dataclass(frozen=True, slots=True)
class Policy:
    """A value that the plan reads from table ``policy``, with the default that holds where no row is given."""

    name: str
    key: str
    default: float | None
    unit: str
    label: Text
    description: Text
    source: str
    verified: bool


def _rows(name: str) -> list[dict[str, str]]:
    path = files("cordwainer.cluster") / "dictionary" / f"{name}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def _number(text: str) -> float | None:
    return float(text) if text else None


def _column(row: Mapping[str, str]) -> Column:
    reference = row["references"].split(".") if row["references"] else None
    return Column(
        table=row["table"],
        name=row["column"],
        key=row["key"] == "yes",
        type=row["type"],
        choice=row["choice"],
        unit=row["unit"],
        decimals=int(row["decimals"] or 0),
        nullable=row["nullable"] == "yes",
        default=row["default"],
        least=_number(row["min"]),
        most=_number(row["max"]),
        references=(reference[0], reference[1]) if reference else None,
        label=Text(row["label_en"], row["label_zh"]),
        description=Text(row["description_en"], row["description_zh"]),
        purpose=row["purpose"],
        secrecy=row["secrecy"],
        status=row["status"],
    )


@cache
def _unit_labels() -> Mapping[str, str]:
    """Return the Chinese word for every unit that has one."""
    return MappingProxyType({row["unit"]: row["label_zh"] for row in _rows("units")})


@cache
def tables() -> Mapping[str, Table]:
    """Return all tables by name, in dictionary order."""
    columns: dict[str, list[Column]] = {}
    for family in FAMILIES:
        for row in _rows(family):
            columns.setdefault(row["table"], []).append(_column(row))
    return MappingProxyType(
        {
            row["table"]: Table(
                name=row["table"],
                family=row["family"],
                label=Text(row["label_en"], row["label_zh"]),
                description=Text(row["description_en"], row["description_zh"]),
                status=row["status"],
                columns=tuple(columns[row["table"]]),
            )
            for row in _rows("tables")
        }
    )


@cache
def choices() -> Mapping[str, Mapping[str, Text]]:
    """Return the values of every choice with their labels, in dictionary order."""
    found: dict[str, dict[str, Text]] = {}
    for row in _rows("choices"):
        found.setdefault(row["choice"], {})[row["value"]] = Text(row["label_en"], row["label_zh"])
    return MappingProxyType(found)


@cache
def policies() -> Mapping[tuple[str, str], Policy]:
    """Return the policies that the plan reads by (name, key)."""
    return MappingProxyType(
        {
            (row["name"], row["key"]): Policy(
                name=row["name"],
                key=row["key"],
                default=_number(row["default"]),
                unit=row["unit"],
                label=Text(row["label_en"], row["label_zh"]),
                description=Text(row["description_en"], row["description_zh"]),
                source=row["source"],
                verified=row["verified"] == "yes",
            )
            for row in _rows("policies")
        }
    )


@cache
def rule_texts() -> Mapping[str, tuple[Text, Text]]:
    """Return message and remedy of every check by its name; they may hold ``{names}`` to be filled in."""
    return MappingProxyType(
        {
            row["rule"]: (
                Text(row["message_en"], row["message_zh"]),
                Text(row["remedy_en"], row["remedy_zh"]),
            )
            for row in _rows("rules")
        }
    )


def cluster_tables() -> tuple[Table, ...]:
    """Return the tables of a cluster (all families but the plan)."""
    return tuple(t for t in tables().values() if t.family != "plan")


def plan_tables() -> tuple[Table, ...]:
    """Return the tables of a plan."""
    return tuple(t for t in tables().values() if t.family == "plan")
