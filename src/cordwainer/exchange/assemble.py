"""Tables of text become tables of values; every problem is placed in its file, and rows in and out are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from cordwainer.cluster import (
    LISTED_PER_RULE,
    Broken,
    broken,
    broken_tables,
    complete_frames,
    dictionary,
    listed,
    problem,
)
from cordwainer.cluster.dictionary import Column, Table
from cordwainer.core import DataErrors, Problem, Text
from cordwainer.exchange.cells import read_cell
from cordwainer.exchange.columns import Fault, parse
from cordwainer.exchange.problems import Place, texts, trouble
from cordwainer.exchange.raw import RawTable

ROW = "_row"
"""Column of what a check finds that holds the number of the row, from 0."""

COUNTS = {
    "table": pl.String,
    "file": pl.String,
    "sheet": pl.String,
    "rows_in": pl.Int64,
    "accepted": pl.Int64,
    "rejected": pl.Int64,
}


class ReadErrors(DataErrors):
    """A cluster or plan cannot be used as it was read: mend the rows in ``problems`` and read again.

    ``counts`` tells for each table rows in = accepted + rejected, also of problems that are counted but not listed;
    ``notes`` what else was noticed. Nothing was kept.
    """

    def __init__(
        self, problems: Sequence[Problem], counts: pl.DataFrame, notes: Sequence[Problem], unlisted: int = 0
    ) -> None:
        super().__init__(problems, len(problems) + unlisted)
        self.counts = counts
        self.notes = tuple(notes)


@dataclass
class Assembled:
    """Tables after parsing.

    ``frames`` hold every row, null where a cell was refused; ``problems`` and ``notes`` name file, sheet and row.
    Of the rows that break one rule the first are among ``problems``, the others are counted in ``unlisted``.
    ``sheet_of`` names the table in which the cause of a problem with another table stands, row for row;
    ``otherwise`` is the place of a problem whose table was not read.
    """

    sheet_of: Mapping[str, str] = field(default_factory=dict)
    otherwise: Place | None = None

    raws: dict[str, RawTable] = field(default_factory=dict)
    frames: dict[str, pl.DataFrame] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    unlisted: int = 0
    _refused: dict[tuple[str, str], pl.Series] = field(default_factory=dict)
    _bad: dict[str, list[pl.Series]] = field(default_factory=dict)

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
            self._refuse(raw, column, faults)
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

    def _refuse(self, raw: RawTable, column: Column, faults: Sequence[Fault]) -> None:
        rows = raw.rows.gather([fault.index for fault in faults])
        self._refused[raw.spec.name, column.name] = rows
        self._bad.setdefault(raw.spec.name, []).append(rows)
        self.problems += [_fault(raw, column, fault) for fault in faults[:LISTED_PER_RULE]]
        self.unlisted += max(0, len(faults) - LISTED_PER_RULE)

    def refused(self, raw: RawTable, columns: Sequence[str]) -> pl.Series:
        """Return the rows of a file in which a cell of these columns could not be read."""
        told = [p.row for p in raw.problems if p.row is not None and p.column in columns]
        cells = [rows for (table, name), rows in self._refused.items() if table == raw.spec.name and name in columns]
        return pl.concat([pl.Series(told, dtype=pl.Int64), *cells])

    def take(self, found: Sequence[Broken]) -> None:
        """Add what a check found: the first rows of each rule as problems in their place, all of them to the counts."""
        self.problems += [self.placed(p) for p in listed(found)]
        for each in found:
            raw = self.raws.get(self.sheet_of.get(each.table.name, each.table.name))
            if raw is not None:
                at = each.rows[ROW].drop_nulls()
                self._bad.setdefault(raw.spec.name, []).append(raw.rows.gather(at.filter(at < raw.rows.len())))
            self.unlisted += max(0, each.rows.height - LISTED_PER_RULE)

    def placed(self, found: Problem) -> Problem:
        """Return a problem of a check with file, sheet and row of where its table was read."""
        raw = self.raws.get(self.sheet_of.get(found.sheet or "", found.sheet or ""))
        if raw is None:
            return replace(found, file=self.otherwise.file if self.otherwise else found.file, row=None)
        row = found.row
        if row is not None and row - 2 < raw.rows.len():
            row = int(raw.rows[row - 2])
        return replace(found, file=raw.place.file, sheet=raw.place.sheet, row=row)

    def sifted(self, name: str) -> tuple[pl.Series, pl.Series]:
        """Return the rows of a table that came in, and those of them in which something is wrong.

        A problem without a row, such as one of the heading, rejects the whole table.
        """
        raw = self.raws[name]
        at = (raw.place.file, raw.place.sheet)
        # Of the problems that a raw table has, an unknown unit is one of its heading.
        headings = any(p.rule in _OF_HEADINGS for p in raw.problems)
        whole = headings or any(p.row is None and (p.file, p.sheet) == at for p in self.problems)
        # A row with too many cells is not among the rows read, but it came in.
        more = [p.row for p in raw.problems if p.row is not None and p.rule not in _OF_HEADINGS]
        present = pl.concat([raw.rows, pl.Series(more, dtype=pl.Int64)]).unique()
        bad = [p.row for p in self.problems if p.row is not None and (p.file, p.sheet) == at]
        wrong = pl.concat([pl.Series(bad, dtype=pl.Int64), *self._bad.get(name, [])]).unique()
        return present, present if whole else present.filter(present.is_in(wrong.implode()))

    def keep(self, name: str, good: pl.Series) -> None:
        """Keep only some rows of a table, given by the mask ``good``; one of which no column is known has none to keep."""
        raw, made = self.raws[name], self.frames[name]
        frame = raw.frame.filter(good) if raw.frame.width else raw.frame
        self.raws[name] = replace(raw, frame=frame, rows=raw.rows.filter(good))
        self.frames[name] = made.filter(good) if made.width else made

    def counts(self) -> pl.DataFrame:
        """Return rows in, accepted and rejected of each table; a problem without a row rejects the whole table."""
        rows = []
        for name, raw in self.raws.items():
            present, wrong = self.sifted(name)
            at = (raw.place.file, raw.place.sheet)
            rows.append((name, *at, present.len(), present.len() - wrong.len(), wrong.len()))
        return pl.DataFrame(rows, schema=COUNTS, orient="row")

    def refuse(self) -> ReadErrors:
        """Return the error that tells everything that was found, table by table in the order of the rows."""
        tables = {at: k for k, at in enumerate(dict.fromkeys((p.file, p.sheet) for p in self.problems))}
        told = sorted(self.problems, key=lambda p: (tables[p.file, p.sheet], p.row or 0))
        return ReadErrors(told, self.counts(), self.notes, self.unlisted)


_YES, _NO = Text("yes", "是"), Text("no", "否")
_OF_HEADINGS = frozenset({"unknown-column", "missing-column", "duplicate-column", "unknown-unit"})


def _said(rule: str, raw: RawTable, column: Column, count: int = 0) -> Problem:
    return trouble(rule, raw.place, column=column.name, label=column.label, value=count, limit=_default(column))


def _default(column: Column) -> Text | str:
    """Return a default as people write it."""
    if column.type == "bool":
        return _YES if column.default == "yes" else _NO
    return dictionary.choices().get(column.choice, {}).get(column.default, column.default)


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
        fault.rule,
        raw.place,
        row=row,
        column=column.name,
        value=fault.value,
        label=column.label,
        limit=column.unit_label,
    )


def judged(work: Assembled, specs: tuple[Table, ...]) -> dict[str, pl.DataFrame]:
    """Return the complete, checked tables of ``specs``.

    Raises
    ------
    ReadErrors
        With the problems that were found, each in its place.
    """
    if not work.problems:
        frames = complete_frames(work.frames, specs)
        work.take(broken(frames) if specs == dictionary.cluster_tables() else broken_tables(frames, specs))
        if not work.problems:
            return frames
    else:
        work.take(_broken_form(work, specs))
        work.notes.append(trouble("later-checks", next(iter(work.raws.values())).place) if work.raws else _none())
    raise work.refuse()


def _none() -> Problem:
    message, remedy = texts()["later-checks"]
    return Problem("later-checks", message, remedy)


def _broken_form(work: Assembled, specs: tuple[Table, ...]) -> list[Broken]:
    """Return what the tables break by themselves, leaving out what follows from cells already refused."""
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
    found = []
    for each in broken_tables(frames, alone):
        raw = work.raws[each.table.name]
        refused = work.refused(raw, each.table.key if each.rule == "duplicate-key" else (each.column.name,))
        rows = each.rows.filter(~raw.rows.gather(each.rows[ROW]).is_in(refused.implode()))
        if not rows.is_empty():
            found.append(replace(each, rows=rows))
    return found
