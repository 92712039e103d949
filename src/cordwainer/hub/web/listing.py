"""A view as a list on a page: filtered, sorted and paged as the address says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.core import Language
from cordwainer.exchange import View, ViewColumn, cell

PAGE = 50
_LINKS: Mapping[str, tuple[str, str]] = {
    "order": ("plan-order", "order"),
    "firm": ("plan-firm", "firm"),
    "lead": ("plan-firm", "lead_firm"),
    "line": ("plan-line", "line"),
}
"""Columns whose values lead to a page: name of its address, and column with the id."""
_MOST_CHOICES = 40
_WEEK = "start_date"
"""Column of the first days of weeks, of which one can be chosen as from the columns of few values."""
_SAID = ("reason", "name", "evidence", "off", "remedy", "clause", "why")
"""Columns of free words, in which one looks for something instead of choosing from all."""


@dataclass(frozen=True)
class Filter:
    """Values of a column to choose from, as (value, label), and the one chosen."""

    column: ViewColumn
    choices: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True)
class Cell:
    """One value as written, and where it leads: name of the address, and what it names."""

    said: str
    link: tuple[str, ...] | None


@dataclass(frozen=True)
class Listing:
    """A view with what an address asks of it.

    Parameters
    ----------
    view
        The whole view.
    asked
        Parameters of the address: ``q`` text to find, ``sort`` a column (with ``-``: descending), ``page``, and columns
        with the value wanted.
    language
        Language of the visit.
    links
        Whether ids lead to the planner's pages.
    leads
        Other columns whose values lead to a page: name of its address, what it names first, and last the column with the id.
    """

    view: View
    asked: Mapping[str, str]
    language: Language
    links: bool = False
    leads: Mapping[str, tuple[str, ...]] | None = None

    @cached_property
    def filters(self) -> tuple[Filter, ...]:
        """Columns of few values, and what is chosen of them."""
        found = []
        for c in self.view.columns:
            if c.name == _WEEK and c.kind == "date":
                found += self._weeks(c)
            if c.kind not in ("choice", "both") or c.name in _SAID:
                continue
            source = c.name if c.kind == "choice" else f"{c.name}_{self.language}"
            values = self.view.frame[source].drop_nulls().unique().sort().to_list()
            if 1 < len(values) <= _MOST_CHOICES:
                labels = dictionary.choices().get(c.choice, {})
                told = tuple((v, labels[v].in_(self.language) if v in labels else v) for v in values)
                found.append(Filter(c, told, self.asked.get(c.name, "")))
        return tuple(found)

    def _weeks(self, c: ViewColumn) -> list[Filter]:
        """Return the choice of weeks by their first day, where there are several and not too many."""
        days = [d.isoformat() for d in self.view.frame[c.name].drop_nulls().unique().sort()]
        if not 1 < len(days) <= _MOST_CHOICES:
            return []
        return [Filter(c, tuple((d, d) for d in days), self.asked.get(c.name, ""))]

    @cached_property
    def filtered(self) -> View:
        """The view with only what is asked for, sorted as asked."""
        frame = self.view.frame
        for f in self.filters:
            if f.chosen:
                source = f"{f.column.name}_{self.language}" if f.column.kind == "both" else f.column.name
                frame = frame.filter(pl.col(source).cast(pl.String) == f.chosen)
        if wanted := self.asked.get("q", "").strip().lower():
            shown = replace(self.view, frame=frame).cells(self.language)
            frame = frame.filter(pl.Series([any(wanted in c.lower() for c in row) for row in shown], dtype=pl.Boolean))
        sort = self.asked.get("sort", "")
        by = next((c for c in self.view.columns if c.name == sort.removeprefix("-")), None)
        if by is not None:
            source = f"{by.name}_{self.language}" if by.kind == "both" else by.name
            frame = frame.sort(source, descending=sort.startswith("-"), nulls_last=True, maintain_order=True)
        return replace(self.view, frame=frame)

    @property
    def total(self) -> int:
        """Rows that fit."""
        return self.filtered.frame.height

    @property
    def pages(self) -> int:
        """How many pages they fill."""
        return max(1, -(-self.total // PAGE))

    @property
    def page(self) -> int:
        """Number of the page shown, from 1."""
        asked = self.asked.get("page", "1")
        return min(self.pages, max(1, int(asked))) if asked.isdecimal() else 1

    @cached_property
    def rows(self) -> list[list[Cell]]:
        """Rows of the page shown."""
        part = self.filtered.frame.slice((self.page - 1) * PAGE, PAGE)
        return [[self._cell(row, c) for c in self.view.columns] for row in part.iter_rows(named=True)]

    def _cell(self, row: dict[str, object], column: ViewColumn) -> Cell:
        link = (self.leads or {}).get(column.name) or (_LINKS.get(column.name) if self.links else None)
        of = row.get(link[-1]) if link else None
        return Cell(cell(row, column, self.language), (*link[:-1], str(of)) if link and of else None)

    def address(self, **changed: str) -> str:
        """Return the query of the address with some parameters changed; an empty one is left out."""
        kept = {**self.asked, **changed}
        return "?" + urlencode({k: v for k, v in kept.items() if v})

    def sorted_by(self, column: ViewColumn) -> str:
        """Return ascending, descending or none: how the list is sorted by a column."""
        sort = self.asked.get("sort", "")
        return {column.name: "ascending", f"-{column.name}": "descending"}.get(sort, "none")

    def sort_address(self, column: ViewColumn) -> str:
        """Return the query that sorts by a column; by the same again, the other way round."""
        down = self.sorted_by(column) == "ascending" or (self.sorted_by(column) == "none" and column.is_number)
        return self.address(sort=f"-{column.name}" if down else column.name, page="")
