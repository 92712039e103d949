"""Write tables as one workbook: one sheet a table, bilingual headings, a file beside it for what outgrows a sheet."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from cordwainer.cluster.dictionary import Column, Table
from cordwainer.core import Text, UserError
from cordwainer.exchange.headers import both
from cordwainer.exchange.parquet_out import parquet_bytes
from cordwainer.exchange.parts import part_name, part_text
from cordwainer.exchange.sheets import SHEET_ROWS, Looks, new_book, sheet_name
from cordwainer.tasks import cannot_write, replaced_file

_EXACT_DIGITS = 10**15
_WIDTH = 16
_FIRST_DAY = date(1900, 3, 1)
_LAST_DAY = date(9999, 12, 31)

Tables = Sequence[tuple[Table, pl.DataFrame]]


def write_workbook(tables: Tables, path: Path, sheet_rows: int = SHEET_ROWS) -> None:
    """Write tables as one workbook.

    Parameters
    ----------
    tables
        Tables with their rows.
    path
        File that ends in .xlsx.
    sheet_rows
        Rows that a sheet can hold; larger tables go to a Parquet file beside the workbook.

    Raises
    ------
    UserError
        If it cannot be written; nothing is then changed.
    """
    if path.suffix.lower() != ".xlsx":
        raise UserError(
            "unknown-format",
            Text(f"{path} does not end in .xlsx.", f"{path} 不是以 .xlsx 结尾。"),
            Text("Give the workbook a name that ends in .xlsx.", "请使用以 .xlsx 结尾的文件名。"),
        )
    older = set(path.parent.glob(f"{path.stem}.*.*.parquet")) if path.exists() else set()
    parts: list[Path] = []
    done = False
    try:
        with replaced_file(path) as temporary:
            shown = [(s, _kept_beside(s, f, path, parts) if f.height > sheet_rows else f) for s, f in tables]
            with new_book(temporary, row_by_row=True) as book:
                _fill(book, shown)
        done = True
    except xlsxwriter.exceptions.FileCreateError as error:
        raise cannot_write(path, error) from error
    finally:
        for file in older - set(parts) if done else set(parts) - older:
            if _is_part_of(file, path):
                file.unlink(missing_ok=True)


def _is_part_of(file: Path, book: Path) -> bool:
    pieces = file.name.removeprefix(f"{book.stem}.").split(".")
    return len(pieces) == 3 and len(pieces[1]) == 12


def _kept_beside(spec: Table, frame: pl.DataFrame, book: Path, parts: list[Path]) -> str:
    """Write a table beside the workbook and return what its sheet says in its place."""
    data = parquet_bytes(frame)
    sha = hashlib.sha256(data).hexdigest()
    final = book.with_name(part_name(book, spec, sha))
    with replaced_file(final) as temporary:
        temporary.write_bytes(data)
    parts.append(final)
    return part_text(frame.height, sha, final.name)


def _fill(book: xlsxwriter.Workbook, tables: Sequence[tuple[Table, pl.DataFrame | str]]) -> None:
    looks = Looks(book)
    for spec, content in tables:
        sheet = book.add_worksheet(sheet_name(spec))
        sheet.freeze_panes(1, len(spec.key))
        sheet.set_column(0, len(spec.columns) - 1, _WIDTH)
        for k, column in enumerate(spec.columns):
            sheet.write_string(0, k, both(column.label), looks.must if column.key else looks.head)
        if isinstance(content, str):
            sheet.write_string(1, 0, content)
            continue
        sheet.autofilter(0, 0, content.height, len(spec.columns) - 1)
        writers = [writer(sheet, column, looks) for column in spec.columns]
        for i, row in enumerate(content.select(c.name for c in spec.columns).iter_rows(), start=1):
            for k, value in enumerate(row):
                if value is not None:
                    writers[k](i, k, value)


def writer(sheet: Worksheet, column: Column, looks: Looks) -> Callable[[int, int, Any], object]:
    """Return the function that writes a value of a column; what a cell cannot hold exactly is written as text."""
    match column.type:
        case "int" | "fen":
            return lambda i, k, v: (
                sheet.write_number(i, k, v) if abs(v) < _EXACT_DIGITS else sheet.write_string(i, k, str(v))
            )
        case "number" | "share":
            return lambda i, k, v: _decimal(sheet, i, k, v, column)
        case "date":
            return lambda i, k, v: (
                sheet.write_datetime(i, k, v, looks.day)
                if _FIRST_DAY <= v <= _LAST_DAY
                else sheet.write_string(i, k, v.isoformat())
            )
        case "bool":
            return lambda i, k, v: sheet.write_string(i, k, "是 yes" if v else "否 no")
        case _:
            return sheet.write_string  # type: ignore[no-any-return]


def _decimal(sheet: Worksheet, i: int, k: int, value: float, column: Column) -> object:
    if abs(value) * 10**column.decimals < _EXACT_DIGITS:
        return sheet.write_number(i, k, value)
    return sheet.write_string(i, k, f"{value:.{column.decimals}f}")
