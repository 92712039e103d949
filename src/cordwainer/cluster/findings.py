"""What a check finds: the rows of a table that break one rule, and how they are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.cluster.dictionary import Column, Table
from cordwainer.cluster.schema import ROW
from cordwainer.core import DataErrors, Problem, Text, digits

LISTED_PER_RULE = 1000
"""Rows of one rule that are told one by one; those beyond are counted only."""


@dataclass(frozen=True, slots=True)
class Broken:
    """All rows of a table that break one rule.

    ``rows`` holds ``_row`` (row number from 0, null where all of the table is meant), ``value`` to show, and perhaps
    ``other``, the name of another thing, or ``other_table``; these go before the ``other`` of all rows.
    """

    rule: str
    table: Table
    column: Column
    rows: pl.DataFrame
    limit: object = None
    other: Text | str = ""

    def problems(self) -> list[Problem]:
        """Return the first rows as problems, one each."""
        return [
            problem(
                self.rule,
                self.table,
                self.column,
                row[ROW],
                row["value"],
                limit=self.limit,
                other=self._other(row),
            )
            for row in self.rows.head(LISTED_PER_RULE).iter_rows(named=True)
        ]

    def _other(self, row: Mapping[str, Any]) -> Text | str:
        if "other_table" in row:
            return dictionary.tables()[row["other_table"]].label
        return str(row["other"]) if row.get("other") else self.other


def listed(found: Iterable[Broken]) -> list[Problem]:
    """Return what was found as problems, those of one table in the order of its rows."""
    problems: list[Problem] = []
    for _, group in groupby(found, key=lambda each: each.table.name):
        problems += sorted((p for each in group for p in each.problems()), key=lambda p: p.row or 0)
    return problems


def raise_if_any(found: Iterable[Broken]) -> None:
    """Raise what was found, if anything was.

    Raises
    ------
    DataErrors
        With the first rows of every rule; its text counts all of them.
    """
    every = list(found)
    if every:
        raise DataErrors(listed(every), sum(each.rows.height for each in every))


def problem(
    rule: str,
    table: Table,
    column: Column,
    row: int | None,
    value: object,
    *,
    limit: object = None,
    other: Text | str | None = None,
) -> Problem:
    """Return a problem with the texts of its rule; ``row`` is the row number from 0 in the table."""
    said = f"share-{rule}" if column.type == "share" and rule == "above-maximum" else rule
    message, remedy = dictionary.rule_texts()[said]
    allowed = dictionary.choices().get(column.choice, {})
    blanks = {
        "column": column.label,
        "value": _show(value),
        "limit": "" if limit is None else digits(limit) if isinstance(limit, float) else limit,
        "other": other or "",
        "allowed": Text(
            ", ".join(f"{k} ({t.en})" for k, t in allowed.items()), "、".join(t.zh for t in allowed.values())
        ),
    }
    return Problem(
        rule=rule,
        message=message.format(**blanks),
        remedy=remedy.format(**blanks),
        sheet=table.name,
        row=None if row is None else row + 2,
        column=column.name,
        value=None if value is None else _show(value),
    )


def _show(value: object) -> str:
    return "" if value is None else digits(value, "") if isinstance(value, float) else str(value)
