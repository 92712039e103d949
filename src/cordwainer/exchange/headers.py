"""Headings and names of tables: by name or label, in English, Chinese or both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from cordwainer.cluster.dictionary import Column, Table
from cordwainer.core import Problem, Text
from cordwainer.exchange.cells import plain, units
from cordwainer.exchange.problems import Place, trouble

_UNIT = re.compile(r"^(?P<name>.+?)\s*[(\[]\s*(?P<unit>[^()\[\]]+?)\s*[)\]]$", re.DOTALL)


def folded(text: str) -> str:
    """Return a heading in the form in which headings are compared."""
    return " ".join(re.sub(r"[\s/|_]+", " ", plain(text).casefold().rstrip("* ")).split())


def both(label: Text) -> str:
    """Return the bilingual writing that this room writes: Chinese, blank, English."""
    return label.zh if label.zh == label.en else f"{label.zh} {label.en}"


def _writings(name: str, label: Text) -> tuple[str, ...]:
    en, zh = label.en, label.zh
    return tuple(folded(t) for t in (name, en, zh, f"{zh} {en}", f"{en} {zh}", f"{zh} {name}", f"{name} {zh}"))


@cache
def _columns(spec: Table) -> Mapping[str, Column]:
    return {writing: c for c in spec.columns for writing in _writings(c.name, c.label)}


def table_named(text: str, specs: Sequence[Table]) -> Table | None:
    """Return the table that a name or label stands for, or None."""
    wanted = folded(text)
    return next((s for s in specs if wanted in _writings(s.name, s.label)), None)


def nearest_table(text: str, specs: Sequence[Table]) -> str | None:
    """Return the known table name that looks most like a text, or None."""
    return _nearest(text, {w: s.name for s in specs for w in _writings(s.name, s.label)})


def _nearest(text: str, known: Mapping[str, str]) -> str | None:
    close = get_close_matches(folded(text)[:100], list(known), n=1, cutoff=0.5)
    return known[close[0]] if close else None


def _same_unit(unit: str, column: Column) -> bool:
    word = plain(unit).casefold()
    known = units().get(column.unit, frozenset())
    return word == column.unit.casefold() or all(part in known for part in word.split())


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading was found to be: its column (None if unknown) and the rule that it breaks, if any."""

    column: Column | None
    rule: str | None = None


def heading(text: str, spec: Table) -> Heading:
    """Return the column that a heading stands for; a unit in brackets must be the column's."""
    known = _columns(spec)
    if column := known.get(folded(text)):
        return Heading(column)
    found = _UNIT.match(plain(text))
    column = known.get(folded(found["name"])) if found else None
    if found is None or column is None:
        return Heading(None, "unknown-column")
    return Heading(column) if _same_unit(found["unit"], column) else Heading(column, "unknown-unit")


def match_headings(
    cells: Sequence[str | None], spec: Table, place: Place, row: int
) -> tuple[dict[int, Column], list[Problem]]:
    """Return which cell of the heading row is which column, and what is wrong with the row.

    Columns that may be left out are those that are nullable or have a default.
    """
    found: dict[int, Column] = {}
    problems: list[Problem] = []
    for k, text in enumerate(cells):
        if text is None or not text.strip():
            continue
        seen = heading(text, spec)
        column = seen.column
        near = None if column else _nearest(text, {w: c.name for w, c in _columns(spec).items()})
        if seen.rule:
            label, unit = (column.label, column.unit_label) if column else (None, "")
            problems.append(
                trouble(
                    seen.rule,
                    place,
                    row=row,
                    column=text,
                    value=text,
                    label=label,
                    limit=unit,
                    other=spec.label,
                    near=near,
                )
            )
        elif column in found.values():
            problems.append(trouble("duplicate-column", place, row=row, column=text, value=text))
        if column is not None and column not in found.values():
            found[k] = column
    problems.extend(
        trouble("missing-column", place, row=row, column=column.name, label=column.label)
        for column in spec.columns
        if column not in found.values() and not column.nullable and not column.default
    )
    return found, problems
