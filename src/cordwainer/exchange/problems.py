"""Problems of files: their texts, and the one table in which all of them come back."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import polars as pl

from cordwainer.core import Problem, Text, UserError
from cordwainer.exchange.sheets import new_book
from cordwainer.tasks import replaced_file

_FRAME = {
    "file": pl.String,
    "sheet": pl.String,
    "row": pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "rule": pl.String,
    "message_en": pl.String,
    "message_zh": pl.String,
    "remedy_en": pl.String,
    "remedy_zh": pl.String,
}
_VALUE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table was read: the file's name, and the sheet's where there is one."""

    file: str
    sheet: str | None = None


@cache
def texts() -> Mapping[str, tuple[Text, Text]]:
    """Return message and remedy of every rule of this room by its name."""
    path = files("cordwainer.exchange") / "rules.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return MappingProxyType(
        {
            row["rule"]: (
                Text(row["message_en"], row["message_zh"]),
                Text(row["remedy_en"], row["remedy_zh"]),
            )
            for row in rows
        }
    )


def trouble(
    rule: str,
    place: Place,
    *,
    row: int | None = None,
    column: str | None = None,
    value: object = None,
    label: Text | None = None,
    limit: object = "",
    other: Text | str = "",
    near: str | None = None,
) -> Problem:
    """Return a problem of this room with its texts filled in.

    Parameters
    ----------
    rule
        Name in ``rules.csv``.
    place, row, column, value
        Where and what; ``row`` as a person counts it (header = 1).
    label
        Label of the column, where it has one.
    limit, other, near
        What the text speaks of besides; ``near`` is the nearest known name.
    """
    shown = None if value is None else str(value)[:_VALUE_LIMIT]
    near_text = Text(f' (perhaps "{near}")', f"（是否为“{near}”？）") if near else ""
    blanks = {
        "column": label or column or "",
        "value": shown or "",
        "limit": limit,
        "other": other,
        "near": near_text,
    }
    message, remedy = texts()[rule]
    return Problem(
        rule=rule,
        message=message.format(**blanks),
        remedy=remedy.format(**blanks),
        file=place.file,
        sheet=place.sheet,
        row=row,
        column=column,
        value=shown,
    )


def problems_frame(problems: Sequence[Problem]) -> pl.DataFrame:
    """Return problems as one table: file, sheet, row, column, value, rule, message and remedy in both languages."""
    rows = [
        (
            p.file,
            p.sheet,
            p.row,
            p.column,
            p.value,
            p.rule,
            p.message.en,
            p.message.zh,
            p.remedy.en,
            p.remedy.zh,
        )
        for p in problems
    ]
    return pl.DataFrame(rows, schema=_FRAME, orient="row")


def write_problems(problems: Sequence[Problem], path: Path) -> None:
    """Write the table of problems to a ``.csv`` or ``.xlsx`` file.

    Raises
    ------
    UserError
        If the name ends otherwise.
    """
    frame = problems_frame(problems)
    match path.suffix.lower():
        case ".csv":
            with replaced_file(path) as temporary:
                temporary.write_bytes(b"\xef\xbb\xbf" + frame.write_csv().encode())
        case ".xlsx":
            with replaced_file(path) as temporary:
                _workbook(frame, temporary)
        case other:
            raise UserError(
                "unknown-format",
                Text(f'A list of problems is not written as "{other}".', f"问题清单不能写成“{other}”。"),
                Text("Use a name that ends in .csv or .xlsx.", "请使用 .csv 或 .xlsx 结尾的文件名。"),
            )


def _workbook(frame: pl.DataFrame, path: Path) -> None:
    with new_book(path) as book:
        sheet = book.add_worksheet("问题 Problems")
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        for k, name in enumerate(frame.columns):
            sheet.write_string(0, k, name, head)
        for i, row in enumerate(frame.iter_rows(), start=1):
            for k, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(i, k, value, wrap)
                elif value is not None:
                    sheet.write_string(i, k, value, wrap)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 5, 16)
        sheet.set_column(6, 9, 40)
