"""Numbers of the sample: published figures and invented parameters, read from the data files beside this code."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class SampleSize:
    """How large a sample is: firms of the cluster, orders, weeks of the plan it is meant for.

    Raises
    ------
    ValueError
        If there is no firm, no order or fewer than two weeks.
    """

    firms: int
    orders: int
    weeks: int

    def __post_init__(self) -> None:
        if min(self.firms, self.orders, self.weeks - 1) < 1:
            raise ValueError(f"a sample has at least 1 firm, 1 order and 2 weeks, not {self}")


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a data file of the sample as text."""
    path = files("cordwainer.cluster.sample") / "data" / f"{name}.csv"
    return tuple(MappingProxyType(r) for r in csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@cache
def figures() -> Mapping[str, float]:
    """Return the published figures by name, in the unit of the file."""
    return MappingProxyType({r["name"]: float(r["value"]) for r in rows("figures")})


@cache
def parameters() -> Mapping[str, float]:
    """Return the parameters that hold for every size, by name, in the unit of the file."""
    return MappingProxyType({r["name"]: float(r["value"]) for r in rows("parameters") if r["size"] == "*"})


def par(name: str) -> float:
    """Return a parameter that holds for every size."""
    return parameters()[name]


def size_named(name: str) -> SampleSize:
    """Return the size S, M or L.

    Raises
    ------
    KeyError
        If there is no such size.
    """
    found = {r["name"]: int(float(r["value"])) for r in rows("parameters") if r["size"] == name}
    if not found:
        raise KeyError(f"no sample size {name!r}: use S, M or L")
    return SampleSize(found["firms"], found["orders"], found["weeks"])
