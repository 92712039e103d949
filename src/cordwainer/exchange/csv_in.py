"""Read a CSV file as text: encoding, separator, and every row with as many cells as the heading."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from cordwainer.cluster.dictionary import Table
from cordwainer.core import Problem, Text
from cordwainer.exchange.limits import LIMITS, Limits, Shielded, check_size, too_large
from cordwainer.exchange.problems import Place, trouble
from cordwainer.exchange.raw import RawTable, blank_free, raw_table

_SEPARATORS = ",;\t"
_FIELD_LIMIT = 1 << 20


def read_csv_table(path: Path, spec: Table, limits: Limits = LIMITS) -> RawTable:
    """Return the table that a CSV file holds.

    Raises
    ------
    UserError
        If the file is too large.
    """
    place = Place(path.name)
    check_size(path, limits)
    text, notes, problems = _decoded(path.read_bytes(), place)
    if problems:
        return RawTable(spec, place, pl.DataFrame(), pl.Series(dtype=pl.Int64), problems)
    separator = _separator(text)
    headings, cells, first_row, faults = _cells(path, text, separator, place)
    if cells.height > limits.rows:
        raise too_large(path, Text(f"it has {cells.height:,} rows", f"共有 {cells.height:,} 行"))
    raw = raw_table(spec, place, headings, blank_free(cells), first_row)
    raw.problems.extend(faults)
    raw.notes.extend(notes)
    return raw


def _decoded(data: bytes, place: Place) -> tuple[str, list[Problem], list[Problem]]:
    """Return the text of a file with notes and problems: UTF-8, UTF-16 with its mark, else GB18030."""
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    marked = next((codec for mark, codec in marks if data.startswith(mark)), None)
    for codec in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            return "", [], [trouble("not-text", place)]
        known = codec.startswith("utf-8")
        notes = [] if known else [trouble("other-encoding", place, value=codec.upper())]
        return text, notes, []
    return "", [], [trouble("bad-encoding", place)]


def _separator(text: str) -> str:
    """Return the separator that stands most often in the first line, outside quotes."""
    bare = "".join(text.lstrip("\r\n").partition("\n")[0].split('"')[::2])
    return max(_SEPARATORS, key=bare.count)


def _cells(path: Path, text: str, separator: str, place: Place) -> tuple[list[str], pl.DataFrame, int, list[Problem]]:
    """Return headings, rows of text, the number of the first row, and rows that are refused."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    end = text.rstrip("\n")
    headings = end.partition("\n")[0].split(separator)
    lines = end.count("\n") + 1
    if '"' in text or "\n\n" in end or end.startswith("\n") or end.count(separator) != lines * (len(headings) - 1):
        return _row_by_row(text, separator, place)
    names = [f"c{k}" for k in range(len(headings))]
    if lines == 1:
        return headings, pl.DataFrame(schema=dict.fromkeys(names, pl.String)), 2, []
    with Shielded(path):
        try:
            cells = pl.read_csv(
                end.encode(),
                separator=separator,
                has_header=False,
                skip_rows=1,
                new_columns=names,
                infer_schema=False,
                quote_char=None,
            )
        except pl.exceptions.PolarsError:
            return _row_by_row(text, separator, place)
    if cells.height != lines - 1 or cells.width != len(names):
        return _row_by_row(text, separator, place)
    return headings, cells, 2, []


def _records(text: str, separator: str) -> Iterator[list[str]]:
    previous = csv.field_size_limit(_FIELD_LIMIT)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    finally:
        csv.field_size_limit(previous)


def _row_by_row(text: str, separator: str, place: Place) -> tuple[list[str], pl.DataFrame, int, list[Problem]]:
    """Read with quotes and say which rows do not have as many cells as the heading."""
    headings: list[str] | None = None
    kept: list[list[str | None]] = []
    problems: list[Problem] = []
    number, head_row = 0, 1
    try:
        for number, record in enumerate(_records(text, separator), start=1):
            blank = not any(cell.strip() for cell in record)
            if headings is None:
                if not blank:
                    headings, head_row = record, number
                continue
            if blank or len(record) != len(headings):
                kept.append([None] * len(headings))
                if not blank:
                    problems.append(trouble("row-length", place, row=number, value=len(record), limit=len(headings)))
                continue
            kept.append([*record])
    except csv.Error:
        problems.append(trouble("bad-quote", place, row=number + 1))
    headings = headings or []
    columns = {f"c{k}": [row[k] for row in kept] for k in range(len(headings))}
    return headings, pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), head_row + 1, problems
