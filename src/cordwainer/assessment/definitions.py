"""What the figures and indicators are: units, labels, how figures of several firms merge; read from data files."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from cordwainer.core import Text, digits


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a unit and year. ``merge``: sum, most, least, register (a sum; no row means none) or computed."""

    name: str
    unit: Text
    merge: str
    label: Text
    description: Text

    @property
    def is_flag(self) -> bool:
        """Whether 1 says yes and 0 no."""
        return self.unit.en == "yes or no"

    def said(self, value: float | None) -> Text:
        """Return a value in words, without its unit."""
        if value is None or value != value:
            return Text("unknown", "未知")
        if self.is_flag and value in (0, 1):
            return Text("yes", "是") if value else Text("no", "否")
        return Text(digits(value), digits(value))


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure over another one, times ``scale``; ``below`` is blank where it is the figure itself."""

    name: str
    above: str
    below: str
    scale: float
    high_is_better: bool
    unit: Text
    label: Text


@dataclass(frozen=True, slots=True)
class Effort:
    """What a unit more of a figure costs a firm, in yuan."""

    figure: str
    yuan_per_unit: float
    source: str
    verified: bool


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a data file of the room as text."""
    path = files("cordwainer.assessment") / "data" / f"{name}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@cache
def figures() -> Mapping[str, Figure]:
    """Return the known figures by name."""
    return MappingProxyType(
        {
            r["figure"]: Figure(
                r["figure"],
                Text(r["unit_en"], r["unit_zh"]),
                r["merge"],
                Text(r["label_en"], r["label_zh"]),
                Text(r["description_en"], r["description_zh"]),
            )
            for r in rows("figures")
        }
    )


@cache
def indicators() -> Mapping[str, Indicator]:
    """Return the known indicators by name."""
    return MappingProxyType(
        {
            r["indicator"]: Indicator(
                r["indicator"],
                r["above"],
                r["below"],
                float(r["scale"]),
                r["better"] == "high",
                Text(r["unit_en"], r["unit_zh"]),
                Text(r["label_en"], r["label_zh"]),
            )
            for r in rows("indicators")
        }
    )


@cache
def efforts() -> Mapping[str, Effort]:
    """Return what raising a figure costs, by figure."""
    return MappingProxyType(
        {
            r["figure"]: Effort(r["figure"], float(r["yuan_per_unit"]), r["source"], r["verified"] == "yes")
            for r in rows("efforts")
        }
    )


def figure_label(name: str) -> Text:
    """Return the label of a figure, which stands for itself where it is not known."""
    known = figures().get(name)
    return known.label if known else Text(name, name)


def indicator_label(name: str) -> Text:
    """Return the label of an indicator or figure."""
    known = indicators().get(name)
    return known.label if known else figure_label(name)
