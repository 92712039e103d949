"""Named checks of tables: form, keys, references, and the rules that span columns or tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.cluster.dictionary import Column, Table
from cordwainer.cluster.rules import CROSS_RULES, ROW_RULES, Frames
from cordwainer.cluster.schema import ROW, numbered_schema
from cordwainer.core import Problem, Text

PROBLEM_LIMIT_PER_RULE = 1000

_FORM_RULES = {
    "nullability": "required",
    "regex": "bad-id",
    "max_length": "too-long",
    "check__text": "bad-text",
    "check__choice": "not-a-choice",
    "min": "below-minimum",
    "max": "above-maximum",
    "check__decimals": "too-many-decimals",
    "nan": "not-a-number",
    "inf": "not-a-number",
}


def check(frames: Frames) -> list[Problem]:
    """Return every problem of a cluster's tables (all of them must be given, if only empty).

    Cross-table rules run only when each table by itself is in order, so that one fault is not told many times.
    """
    problems = check_tables(frames, dictionary.cluster_tables())
    if problems:
        return problems
    for cross in CROSS_RULES:
        found = cross.find(frames).head(PROBLEM_LIMIT_PER_RULE)
        spec = dictionary.tables()[cross.table]
        for row in found.iter_rows(named=True):
            other = str(row.get("other") or "")
            problems.append(
                problem(
                    cross.name,
                    spec,
                    spec.column(cross.column),
                    row[ROW],
                    row["value"],
                    other=dictionary.tables()[other].label if other in dictionary.tables() else other,
                )
            )
    return problems


def check_tables(frames: Frames, specs: Sequence[Table]) -> list[Problem]:
    """Return the problems that each table shows by itself, and its references to the others."""
    problems: list[Problem] = []
    for spec in specs:
        frame = frames[spec.name]
        if not frame.is_empty():
            problems += _check_one(spec, frame.with_row_index(ROW).with_columns(pl.col(ROW).cast(pl.Int64)))
    if not problems:
        for spec in specs:
            problems += _references(spec, frames)
    return problems


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
    message, remedy = dictionary.rule_texts()[rule]
    allowed = dictionary.choices().get(column.choice, {})
    blanks = {
        "column": column.label,
        "value": _show(value),
        "limit": "" if limit is None else f"{limit:g}" if isinstance(limit, float) else limit,
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
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _check_one(spec: Table, numbered: pl.DataFrame) -> list[Problem]:
    problems: list[Problem] = []
    _, failure = numbered_schema(spec.name).filter(numbered)
    if len(failure):
        problems += _form_problems(spec, failure.details(), failure.counts())
    for rule in ROW_RULES.get(spec.name, ()):
        bad = numbered.filter(rule.broken).head(PROBLEM_LIMIT_PER_RULE)
        column = spec.column(rule.column)
        for row in bad.select(ROW, rule.column).iter_rows():
            problems.append(problem(rule.name, spec, column, row[0], row[1]))
    return sorted(problems, key=lambda p: p.row or 0)


def _form_problems(spec: Table, details: pl.DataFrame, counts: Mapping[str, int]) -> Iterable[Problem]:
    for failed in counts:
        bad = details.filter(pl.col(failed) == "invalid").head(PROBLEM_LIMIT_PER_RULE)
        if failed == "primary_key":
            yield from _duplicates(spec, bad)
            continue
        name, _, kind = failed.partition("|")
        column = spec.column(name)
        rule = _FORM_RULES[kind]
        limit = {
            "below-minimum": column.least,
            "above-maximum": column.most,
            "too-many-decimals": column.decimals,
        }.get(rule)
        for row, value in bad.select(ROW, name).iter_rows():
            yield problem(rule, spec, column, row, value, limit=limit)


def _duplicates(spec: Table, bad: pl.DataFrame) -> Iterable[Problem]:
    key = spec.key
    for row in bad.select(ROW, *key).iter_rows():
        yield problem("duplicate-key", spec, spec.column(key[-1]), row[0], " / ".join(map(str, row[1:])))


def _references(spec: Table, frames: Frames) -> Iterable[Problem]:
    frame = frames[spec.name]
    for column in spec.columns:
        if column.references is None or frame.is_empty():
            continue
        other, target = column.references
        known = frames[other].select(pl.col(target).alias(column.name)).unique()
        lost = (
            frame.select(column.name)
            .with_row_index(ROW)
            .filter(pl.col(column.name).is_not_null())
            .join(known, on=column.name, how="anti")
        )
        for row in lost.head(PROBLEM_LIMIT_PER_RULE).iter_rows(named=True):
            yield problem(
                "dangling-reference",
                spec,
                column,
                row[ROW],
                row[column.name],
                other=dictionary.tables()[other].label,
            )
