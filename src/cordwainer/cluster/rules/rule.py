"""The two shapes of a rule: over the columns of one row, or over several tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from cordwainer.core import Text

Frames = Mapping[str, pl.DataFrame]
"""Tables by name; all tables of the dictionary are present."""


@dataclass(frozen=True, slots=True)
class RowRule:
    """A rule of one row: ``broken`` is true where it does not hold; ``column`` is where to look."""

    name: str
    column: str
    broken: pl.Expr


@dataclass(frozen=True, slots=True)
class CrossRule:
    """A rule over tables.

    ``find`` returns the rows that break it: ``_row`` (row number from 0 in ``table``, null where all of it is meant),
    ``value`` to show, and perhaps ``other`` (the name of another thing) or ``other_table``; where all rows name the
    same, the rule itself has it as ``other``.
    """

    name: str
    table: str
    column: str
    find: Callable[[Frames], pl.DataFrame]
    other: Text | str = ""
