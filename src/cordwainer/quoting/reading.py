"""Requests from a file: JSON, CSV or Excel, one request a row; all that is wrong is told at once, by row and column."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.core import DataErrors, Problem, Text, UserError
from cordwainer.quoting.request import Request

_YES = {"yes": True, "no": False, "true": True, "false": False, "是": True, "否": False, "1": True, "0": False}


@cache
def columns() -> tuple[Mapping[str, str], ...]:
    """Return the columns that a request may have: column, kind, names and help in both languages."""
    text = (files("cordwainer.quoting") / "columns.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def read_requests(path: Path) -> list[Request]:
    """Return the requests of a file that ends in .json, .csv or .xlsx.

    Raises
    ------
    UserError
        If there is no such file, or it ends otherwise.
    DataErrors
        If a row cannot be understood.
    """
    return requests_of(_rows(path), path.name)


def requests_of(rows: Iterable[Mapping[str, Any]], name: str) -> list[Request]:
    """Return the requests of rows; blank cells are as usual.

    Raises
    ------
    DataErrors
        If a row cannot be understood.
    """
    problems: list[Problem] = []
    found: list[Request] = []
    known = {c["column"]: c for c in columns()} | {c[k]: c for c in columns() for k in ("en", "zh")}
    for number, row in enumerate(rows, start=2):
        values, before = {"request": f"R{number - 1}"}, len(problems)
        for head, cell in row.items():
            spec = known.get(str(head).strip())
            if spec is None:
                problems.append(_problem(name, number, str(head), None, "unknown-column"))
            elif cell not in (None, ""):
                try:
                    values[spec["column"]] = _KINDS[spec["kind"]](cell)
                except (ValueError, KeyError, TypeError):
                    problems.append(_problem(name, number, str(head), str(cell), "bad-value"))
        if len(problems) == before:
            try:
                found.append(Request.of(values))
            except (UserError, TypeError) as error:
                message = error.message if isinstance(error, UserError) else _MESSAGES["incomplete"]
                problems.append(Problem("bad-request", message, _REMEDY, name, row=number))
    if problems:
        raise DataErrors(problems)
    return found


_REMEDY = Text("Correct the row.", "请更正该行。")
_MESSAGES = {
    "unknown-column": Text("There is no such column.", "没有该列。"),
    "bad-value": Text("The value cannot be understood.", "无法识别该值。"),
    "incomplete": Text("Buyer or pairs are missing.", "缺少客户或双数。"),
}


def _problem(name: str, row: int, column: str, value: str | None, rule: str) -> Problem:
    return Problem(rule, _MESSAGES[rule], _REMEDY, name, row=row, column=column, value=value)


def _rows(path: Path) -> Sequence[Mapping[str, Any]]:
    if not path.is_file():
        raise UserError(
            "file-missing",
            Text(f"{path} does not exist.", f"{path} 不存在。"),
            Text("Name a file of requests.", "请给出询价文件。"),
        )
    match path.suffix.lower():
        case ".json":
            try:
                loaded = json.loads(path.read_text(encoding="utf-8-sig"))
            except ValueError as error:
                raise _unreadable(path) from error
            return loaded if isinstance(loaded, list) else [loaded]
        case ".csv":
            try:
                return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
            except UnicodeDecodeError as error:
                raise _unreadable(path) from error
        case ".xlsx":
            try:
                return pl.read_excel(path, engine="calamine", infer_schema_length=None).to_dicts()
            except (fastexcel.FastExcelError, pl.exceptions.PolarsError, OSError, ValueError) as error:
                raise _unreadable(path) from error
    raise UserError(
        "bad-name",
        Text(f"{path} is no file of requests.", f"{path} 不是询价文件。"),
        Text("Give a file that ends in .json, .csv or .xlsx.", "请给出以 .json、.csv 或 .xlsx 结尾的文件。"),
    )


def _unreadable(path: Path) -> UserError:
    return UserError(
        "unreadable",
        Text(f"{path} cannot be read.", f"无法读取 {path}。"),
        Text("Save it anew as JSON, CSV (UTF-8) or Excel.", "请重新保存为 JSON、CSV（UTF-8）或 Excel。"),
    )


def _date(cell: object) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else date.fromisoformat(str(cell).strip()[:10])


def _int(cell: Any) -> int:  # noqa: ANN401 (a cell may hold anything)
    number = float(cell)
    if number != int(number):
        raise ValueError(cell)
    return int(number)


def _sizes(cell: object) -> dict[str, int]:
    if isinstance(cell, Mapping):
        return {str(size): _int(n) for size, n in cell.items()}
    parts = (part.split(":") for part in str(cell).replace(",", " ").split())
    return {size: _int(n) for size, n in parts}


def _standards(cell: object) -> tuple[tuple[str, str | None], ...]:
    if isinstance(cell, list | tuple):
        return tuple((str(s), stage) for s, stage in cell)
    found: list[tuple[str, str | None]] = []
    for part in str(cell).split(";"):
        stage, colon, standard = part.strip().partition(":")
        at_stage = bool(colon) and stage in dictionary.choices()["stage"]
        found.append((standard.strip(), stage) if at_stage else (part.strip(), None))
    return tuple(found)


def _list(cell: object) -> tuple[str, ...]:
    return tuple(map(str, cell)) if isinstance(cell, list | tuple) else tuple(str(cell).replace(",", " ").split())


def _yes(cell: object) -> bool:
    return _YES[str(cell).strip().lower()]


_KINDS: Mapping[str, Callable[[Any], Any]] = {
    "text": lambda cell: str(cell).strip(),
    "int": _int,
    "share": float,
    "date": _date,
    "yes": _yes,
    "sizes": _sizes,
    "standards": _standards,
    "list": _list,
}
