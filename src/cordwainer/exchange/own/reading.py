"""Read the workbook of your own cluster: its three sheets, their checks, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType

import polars as pl

from cordwainer.cluster import ID_PATTERN, TEXT_LIMIT, Cluster, broken, complete_frames, dictionary, problem
from cordwainer.cluster.dictionary import Table
from cordwainer.core import Problem
from cordwainer.exchange.assemble import Assembled
from cordwainer.exchange.cells import read_cell
from cordwainer.exchange.columns import TYPES
from cordwainer.exchange.headers import table_named
from cordwainer.exchange.limits import LIMITS, Limits
from cordwainer.exchange.own.expand import SHEET_OF, assumptions, expand
from cordwainer.exchange.own.faults import headed, own_faults, own_notes
from cordwainer.exchange.own.specs import OWN_LINES, OWN_ORDERS, OWN_TABLES
from cordwainer.exchange.problems import Place, trouble
from cordwainer.exchange.reading_result import ReadResult
from cordwainer.exchange.sheets import is_help
from cordwainer.exchange.sources import table_of_sheet
from cordwainer.exchange.workbook_in import Workbook


def holds_own(book: Workbook) -> bool:
    """Return whether a workbook is one of your own cluster."""
    return any(table_named(name, (OWN_LINES, OWN_ORDERS)) for name in book.sheet_names if not is_help(name))


def read_own_tables(path: Path, limits: Limits = LIMITS) -> tuple[ReadResult, Assembled]:
    """Return the cluster that a workbook of your own cluster stands for, and its sheets.

    Raises
    ------
    ReadErrors
        With every problem; nothing is kept.
    UserError
        If the file cannot be read at all.
    """
    place = Place(path.name)
    work = _gathered(Workbook(path, limits), place)
    for spec in (OWN_LINES, OWN_ORDERS):
        if spec.name not in work.raws:
            work.problems.append(trouble("own-sheet", place, other=spec.label))
        elif work.frames[spec.name].is_empty() and not work.problems:
            work.problems.append(trouble("own-empty", work.raws[spec.name].place, other=spec.label))
    frames = {spec.name: _complete(spec, work) for spec in OWN_TABLES}
    work.problems += _form(work, frames)
    if not work.problems:
        work.problems += [work.placed(p) for p in own_faults(frames)]
    if not work.problems:
        full = complete_frames(expand(frames), dictionary.cluster_tables())
        work.take(broken(full))
        if not work.problems:
            notes = [*work.notes, *map(work.placed, own_notes(frames))]
            notes += [trouble("own-assumed", place, other=text) for text in assumptions(frames)]
            return ReadResult(Cluster(MappingProxyType(full)), work.counts(), tuple(map(headed, notes))), work
    work.problems = [headed(p) for p in work.problems]
    raise work.refuse()


def _gathered(book: Workbook, place: Place) -> Assembled:
    work = Assembled(SHEET_OF, place)
    work.notes += book.notes()
    wanted: dict[str, Table] = {}
    for name in book.sheet_names:
        if is_help(name):
            continue
        spec = table_named(name, OWN_TABLES)
        if spec is None:
            if not next(book.sheets([name])).cells.is_empty():  # an empty sheet does no harm
                work.problems.append(trouble("own-other-sheet", Place(book.path.name, name), value=name))
        else:
            wanted[name] = spec
    for sheet in book.sheets(list(wanted)):
        work.add(table_of_sheet(sheet, wanted[str(sheet.place.sheet)]))
    return work


def _complete(spec: Table, work: Assembled) -> pl.DataFrame:
    """Return a sheet's table with all columns, those not given filled with their default."""
    given = work.frames.get(spec.name, pl.DataFrame())
    columns = []
    for column in spec.columns:
        if column.name in given.columns:
            columns.append(given[column.name])
            continue
        value = read_cell(column.default, column) if column.default else None
        columns.append(pl.Series(column.name, [value] * given.height, dtype=TYPES.get(column.type, pl.String)))
    return pl.DataFrame(columns)


def _form(work: Assembled, frames: dict[str, pl.DataFrame]) -> Iterable[Problem]:
    """Return missing values and numbers out of range, but not for cells that were refused already."""
    known = {(p.sheet, p.row, p.column) for p in work.problems}
    for spec in (s for s in OWN_TABLES if s.name in work.raws):
        frame = frames[spec.name].with_row_index("_row")
        given = set(work.frames[spec.name].columns)
        for column in (c for c in spec.columns if c.name in given):
            value = pl.col(column.name)
            rules: list[tuple[str, pl.Expr, float | None]] = []
            if not column.nullable:
                rules.append(("required", value.is_null(), None))
            if column.least is not None:
                rules.append(("below-minimum", value < column.least, column.least))
            if column.most is not None:
                rules.append(("above-maximum", value > column.most, column.most))
            if column.type == "id":
                rules.append(("bad-id", ~value.str.contains(ID_PATTERN), None))
            if column.type == "text":
                rules.append(("too-long", value.str.len_chars() > TEXT_LIMIT, None))
            for rule, wrong, limit in rules:
                for row, shown in frame.filter(wrong).select("_row", column.name).iter_rows():
                    told = work.placed(problem(rule, spec, column, row, shown, limit=limit))
                    if (told.sheet, told.row, told.column) not in known:
                        yield told
