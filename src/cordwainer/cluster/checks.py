"""Named checks of tables: form, keys, references, and the rules that span columns or tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.cluster.dictionary import Table
from cordwainer.cluster.findings import Broken, listed
from cordwainer.cluster.rules import CROSS_RULES, MARKS, PLAN_RULES, ROW_RULES, CrossRule, Frames
from cordwainer.cluster.schema import ROW, numbered_schema
from cordwainer.core import Problem, Text

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
    """Return the problems of a cluster's tables (all of them must be given, if only empty).

    Of the rows that break one rule the first are listed; `broken` has them all.
    """
    return listed(broken(frames))


def broken(frames: Frames) -> list[Broken]:
    """Return every rule that a cluster's tables break, with all rows that break it.

    Cross-table rules run only when each table by itself is in order, so that one fault is not told many times.
    """
    return broken_tables(frames, dictionary.cluster_tables()) or list(_cross(frames, CROSS_RULES))


def unplannable(frames: Frames) -> list[Broken]:
    """Return what stops planning a cluster that is otherwise in order (`broken` found nothing)."""
    return list(_cross(frames, PLAN_RULES))


def marks(frames: Frames) -> list[Broken]:
    """Return what is unknown or assumed in a cluster that is in order: no fault, but worth knowing before planning."""
    return list(_cross(frames, MARKS))


def _cross(frames: Frames, rules: Iterable[CrossRule]) -> Iterator[Broken]:
    for rule in rules:
        rows = rule.find(frames)
        if not rows.is_empty():
            spec = dictionary.tables()[rule.table]
            yield Broken(rule.name, spec, spec.column(rule.column), rows, other=rule.other)


def broken_tables(frames: Frames, specs: Sequence[Table]) -> list[Broken]:
    """Return the rules that each table breaks by itself, or else those that its references to the others break."""
    found: list[Broken] = []
    for spec in specs:
        frame = frames[spec.name]
        if not frame.is_empty():
            numbered = frame.with_row_index(ROW).with_columns(pl.col(ROW).cast(pl.Int64))
            found += [*_form(spec, numbered), *_row_rules(spec, numbered)]
    return found or [*_missing(specs, frames), *(each for spec in specs for each in _references(spec, frames))]


def _form(spec: Table, numbered: pl.DataFrame) -> Iterator[Broken]:
    _, failure = numbered_schema(spec.name).filter(numbered)
    if not len(failure):
        return
    details = failure.details()
    for failed in failure.counts():
        bad = details.filter(pl.col(failed) == "invalid")
        if failed == "primary_key":
            key = pl.concat_str(pl.col(spec.key).cast(pl.String), separator=" / ", ignore_nulls=True)
            yield Broken("duplicate-key", spec, spec.column(spec.key[-1]), bad.select(ROW, value=key))
            continue
        name, _, kind = failed.partition("|")
        column = spec.column(name)
        rule = _FORM_RULES[kind]
        limit = {
            "below-minimum": column.least,
            "above-maximum": column.most,
            "too-many-decimals": column.decimals,
        }.get(rule)
        yield Broken(rule, spec, column, bad.select(ROW, value=name), limit)


def _row_rules(spec: Table, numbered: pl.DataFrame) -> Iterator[Broken]:
    for rule in ROW_RULES.get(spec.name, ()):
        bad = numbered.filter(rule.broken)
        if not bad.is_empty():
            yield Broken(rule.name, spec, spec.column(rule.column), bad.select(ROW, value=rule.column))


def _missing(specs: Sequence[Table], frames: Frames) -> Iterator[Broken]:
    """Yield the tables without a row to which others refer: one fault, not one for every row that refers."""
    users: dict[str, list[str]] = {}
    for spec in specs:
        for column in spec.columns:
            if column.references is None or frames[spec.name][column.name].drop_nulls().is_empty():
                continue
            other = column.references[0]
            if frames[other].is_empty() and spec.name not in users.setdefault(other, []):
                users[other].append(spec.name)
    tables = dictionary.tables()
    for name, by in users.items():
        spec = tables[name]
        told = pl.DataFrame({ROW: [None], "value": [name]}, schema={ROW: pl.Int64, "value": pl.String})
        labels = [tables[user].label for user in by]
        said = Text(", ".join(t.en for t in labels), "、".join(t.zh for t in labels))
        yield Broken("table-missing", spec, spec.column(spec.key[0]), told, limit=spec.label, other=said)


def _references(spec: Table, frames: Frames) -> Iterator[Broken]:
    frame = frames[spec.name]
    for column in spec.columns:
        if column.references is None or frame.is_empty() or frames[column.references[0]].is_empty():
            continue
        other, target = column.references
        known = frames[other].select(pl.col(target).alias(column.name)).unique()
        lost = (
            frame.select(column.name)
            .with_row_index(ROW)
            .filter(pl.col(column.name).is_not_null())
            .join(known, on=column.name, how="anti")
        )
        if not lost.is_empty():
            label = dictionary.tables()[other].label
            yield Broken("dangling-reference", spec, column, lost.select(ROW, value=column.name), other=label)
