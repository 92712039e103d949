"""Tables of text become tables of values; every problem is placed in its file, and rows in and out are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from cordwainer.cluster import check, check_tables, complete_frames, dictionary, problem
from cordwainer.cluster.dictionary import Column, Table
from cordwainer.core import DataErrors, Problem
from cordwainer.exchange.cells import read_cell
from cordwainer.exchange.columns import Fault, parse
from cordwainer.exchange.problems import texts, trouble
from cordwainer.exchange.raw import RawTable

_COUNTS = {
    "table": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "rows_in": pl.Int64,
    "accepted": pl.Int64,
    "rejected": pl.Int64,
}


class ReadErrors(DataErrors):
    """A cluster or plan cannot be used as it was read: mend the rows in ``problems`` and read again.

    ``counts`` tells for each table rows in = accepted + rejected; ``notes`` what else was noticed. Nothing was kept.
    """

    def __init__(self, problems: Sequence[Problem], counts: pl.DataFrame, notes: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.counts = counts
        self.notes = tuple(notes)


@dataclass
class Assembled:
    """Tables after parsing.

    ``frames`` hold every row, null where a cell was refused; ``problems`` and ``notes`` name file, sheet and row.
    """

    raws: dict[str, RawTable] = field(default_factory=dict)
    frames: dict[str, pl.DataFrame] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def add(self, raw: RawTable) -> None:
        """Parse a table and add it; a second one of the same name is a problem."""
        if raw.spec.name in self.raws:
            self.problems.append(trouble("duplicate-table", raw.place, value=raw.spec.name, other=raw.spec.label))
            return
        self.raws[raw.spec.name] = raw
        self.problems += raw.problems
        self.notes += raw.notes
        columns = {}
        for column in raw.spec.columns:
            if column.name in raw.frame.columns:
                columns[column.name] = self._column(raw, column)
            elif column.default and raw.rows.len() and not column.nullable:
                self.notes.append(_said("column-default", raw, column))
        self.frames[raw.spec.name] = pl.DataFrame(columns)

    def _column(self, raw: RawTable, column: Column) -> pl.Series:
        given = raw.frame[column.name]
        faults: list[Fault] = []
        if given.dtype == pl.String:
            blank_before = given.null_count()
            given, faults = parse(given, column)
            self.problems += [_fault(raw, column, fault) for fault in faults]
            if column.type in ("id", "text") and blank_before == given.null_count():
                joined = given.is_not_null() & (given != raw.frame[column.name].str.strip_chars())
                if joined.any():
                    self.notes.append(_said("lines-joined", raw, column))
        if column.default and not column.nullable:
            refused = np.zeros(given.len(), np.bool_)
            refused[[f.index for f in faults]] = True
            blank = given.is_null() & ~pl.Series(refused)
            if blank.any():
                self.notes.append(_said("default-used", raw, column, int(blank.sum())))
                given = given.set(blank, read_cell(column.default, column))
        return given

    def placed(self, found: Problem) -> Problem:
        """Return a problem of a check with file, sheet and row of where its table was read."""
        raw = self.raws.get(found.sheet or "")
        if raw is None:
            return found
        row = found.row
        if row is not None and row - 2 < raw.rows.len():
            row = int(raw.rows[row - 2])
        return replace(found, file=raw.place.file, sheet=raw.place.sheet, row=row)

    def counts(self, problems: Sequence[Problem]) -> pl.DataFrame:
        """Return rows in, accepted and rejected of each table; a problem without a row rejects the whole table."""
        # Of the problems that a raw table has, an unknown unit is one of its heading.
        headings = [p for raw in self.raws.values() for p in raw.problems if p.rule in _OF_HEADINGS]
        whole = {(p.file, p.sheet) for p in (*headings, *(p for p in problems if p.row is None))}
        bad: dict[tuple[str | None, str | None], set[int]] = {}
        for p in problems:
            if p.row is not None:
                bad.setdefault((p.file, p.sheet), set()).add(p.row)
        rows = []
        for name, raw in self.raws.items():
            at = (raw.place.file, raw.place.sheet)
            # A row with too many cells is not among the rows read, but it came in.
            present = set(raw.rows.to_list()) | {
                p.row for p in raw.problems if p.row is not None and p.rule not in _OF_HEADINGS
            }
            rejected = len(present) if at in whole else len(present & bad.get(at, set()))
            rows.append((name, *at, len(present), len(present) - rejected, rejected))
        return pl.DataFrame(rows, schema=_COUNTS, orient="row")


_OF_HEADINGS = frozenset({"unknown-column", "missing-column", "duplicate-column", "unknown-unit"})


def _said(rule: str, raw: RawTable, column: Column, count: int = 0) -> Problem:
    return trouble(rule, raw.place, column=column.name, label=column.label, value=count, limit=column.default)


def _fault(raw: RawTable, column: Column, fault: Fault) -> Problem:
    row = int(raw.rows[fault.index])
    if fault.rule not in texts():
        return replace(
            problem(fault.rule, raw.spec, column, None, fault.value),
            file=raw.place.file,
            sheet=raw.place.sheet,
            row=row,
        )
    return trouble(
        fault.rule, raw.place, row=row, column=column.name, value=fault.value, label=column.label, limit=column.unit
    )


def judged(work: Assembled, specs: tuple[Table, ...]) -> dict[str, pl.DataFrame]:
    """Return the complete, checked tables of ``specs``.

    Raises
    ------
    ReadErrors
        With every problem that was found, each in its place.
    """
    if not work.problems:
        frames = complete_frames(work.frames, specs)
        found = check(frames) if specs == dictionary.cluster_tables() else check_tables(frames, specs)
        work.problems += [work.placed(p) for p in found]
        if not work.problems:
            return frames
    else:
        work.problems += _form_problems(work, specs)
        work.notes.append(trouble("later-checks", next(iter(work.raws.values())).place) if work.raws else _none())
    raise ReadErrors(work.problems, work.counts(work.problems), work.notes)


def _none() -> Problem:
    message, remedy = texts()["later-checks"]
    return Problem("later-checks", message, remedy)


def _form_problems(work: Assembled, specs: tuple[Table, ...]) -> list[Problem]:
    """Return what the tables show by themselves, leaving out what follows from cells already refused."""
    lacking = {(p.file, p.sheet) for raw in work.raws.values() for p in raw.problems if p.rule in _OF_HEADINGS}
    alone = tuple(
        replace(spec, columns=tuple(replace(c, references=None) for c in spec.columns))
        for spec in specs
        if spec.name in work.frames
        and (work.raws[spec.name].place.file, work.raws[spec.name].place.sheet) not in lacking
    )
    if not alone:
        return []
    frames: Mapping[str, pl.DataFrame] = complete_frames({s.name: work.frames[s.name] for s in alone}, alone)
    refused = {(p.file, p.sheet, p.row, p.column) for p in work.problems}
    keys = {s.name: s.key for s in alone}
    found = []
    for each in check_tables(frames, alone):
        at = work.placed(each)
        columns = keys[each.sheet or ""] if each.rule == "duplicate-key" else (at.column,)
        if not any((at.file, at.sheet, at.row, c) in refused for c in columns):
            found.append(at)
    return found
