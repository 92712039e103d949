"""Requests from a file: JSON, CSV or Excel, one request a row; rows that are wrong are told by row and column, the others are good."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.core import Problem, Text, UserError
from cordwainer.quoting.request import BadRequest, Request

_YES = {"yes": True, "no": False, "true": True, "false": False, "是": True, "否": False, "1": True, "0": False}


@cache
def columns() -> tuple[Mapping[str, str], ...]:
    """Return the columns that a request may have: column, kind, names and help in both languages."""
    text = (files("cordwainer.quoting") / "columns.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@dataclass(frozen=True)
class Requests:
    """Requests of a file with the number of their row (heads are row 1), and what is wrong with the other rows."""

    file: str
    rows: tuple[tuple[int, Request], ...]
    problems: tuple[Problem, ...]

    def refused(self, row: int, request: Request, error: UserError) -> Problem:
        """Return an error that a request met at the desk as a problem of its row."""
        column = COLUMN_OF.get(error.code)
        value = None if column is None else getattr(request, column)
        shown = ", ".join(map(str, value)) if isinstance(value, tuple | Mapping) else value
        told = None if shown is None else str(shown)
        return Problem(error.code, error.message, error.remedy, self.file, row=row, column=column, value=told)


COLUMN_OF: Mapping[str, str] = {
    "no-such-style": "style",
    "no-template": "construction",
    "no-such-firm": "buyer",
    "no-such-market": "market",
    "no-such-size": "sizes",
    "no-such-order": "repeat_of",
    "not-a-repeat": "repeat_of",
    "no-such-term": "payment_term",
    "carriage-unknown": "price_term",
    "policy-missing": "currency",
    "no-list-price": "rule",
    "too-few-makers": "rule",
    "too-many-requests": "buyer",
}
"""Columns that errors of the desk are about."""


def read_requests(path: Path) -> Requests:
    """Return the requests of a file that ends in .json, .csv or .xlsx; rows that cannot be understood come back as problems.

    Raises
    ------
    UserError
        If there is no such file, it ends otherwise, or it cannot be read.
    """
    return requests_of(_rows(path), path.name)


def requests_of(rows: Iterable[object], name: str) -> Requests:
    """Return the requests of rows; blank cells are as usual. Rows that cannot be understood come back as problems."""
    problems: list[Problem] = []
    found: list[tuple[int, Request]] = []
    ids: set[str] = set()
    known = {c["column"]: c for c in columns()} | {c[k]: c for c in columns() for k in ("en", "zh")}
    for number, row in enumerate(rows, start=2):
        if not isinstance(row, Mapping):
            problems.append(_problem(name, number, None, str(row), "no-row"))
            continue
        values, wrong = _values(name, number, row, known)
        if not wrong:
            made = _request(name, number, values, ids)
            if isinstance(made, Request):
                found.append((number, made))
                ids.add(made.request)
            else:
                wrong = [made]
        problems += wrong
    return Requests(name, tuple(found), tuple(problems))


def _values(
    name: str, number: int, row: Mapping[Any, Any], known: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {"request": f"R{number - 1}"}
    wrong: list[Problem] = []
    for head, cell in row.items():
        spec = known.get(str(head).strip())
        if spec is None:
            wrong.append(_problem(name, number, str(head), None, "unknown-column"))
        elif cell not in (None, ""):
            try:
                values[spec["column"]] = _KINDS[spec["kind"]](cell)
            except (ValueError, KeyError, TypeError, OverflowError, AttributeError):
                wrong.append(_problem(name, number, str(head), str(cell), spec["kind"]))
    return values, wrong


def _request(name: str, number: int, values: dict[str, Any], ids: set[str]) -> Request | Problem:
    missing = [c for c in ("buyer",) if c not in values]
    if "pairs" not in values and "sizes" not in values:
        missing.append("pairs")
    if missing:
        return _problem(name, number, missing[0], None, "missing")
    if values["request"] in ids:
        return _problem(name, number, "request", str(values["request"]), "twice")
    try:
        return Request.of(values)
    except BadRequest as error:
        value = values.get(error.column)
        told = None if value is None else str(value)
        return Problem("bad-request", error.message, error.remedy, name, row=number, column=error.column, value=told)


_MESSAGES = {
    "unknown-column": Text("There is no such column.", "没有该列。"),
    "missing": Text("It is missing.", "缺少该项。"),
    "twice": Text("Another row has this id.", "编号与其他行重复。"),
    "no-row": Text("This is no request.", "这不是一条询价。"),
}
_REMEDIES = {
    "unknown-column": Text(
        "Remove it, or name it as one of the options of `quote`.", "请删除，或改用 quote 选项的名称。"
    ),
    "missing": Text("Fill it in.", "请填写。"),
    "twice": Text("Give each request its own id.", "请为每条询价使用不同编号。"),
    "no-row": Text("Write each request with names and values.", "每条询价须写明列名与值。"),
    "int": Text("Give a whole number.", "请填整数。"),
    "share": Text("Give a share such as 0.05.", "请填比例，如 0.05。"),
    "date": Text("Give a day such as 2026-05-03.", "请填日期，如 2026-05-03。"),
    "yes": Text("Give yes or no.", "请填是或否。"),
    "sizes": Text("Give sizes and pairs such as 40:100 41:120.", "请填尺码与双数，如 40:100 41:120。"),
}


def _problem(file: str, row: int, column: str | None, value: str | None, rule: str) -> Problem:
    told = _MESSAGES.get(rule, Text("The value cannot be understood.", "无法识别该值。"))
    remedy = _REMEDIES.get(rule, Text("Correct the value.", "请更正该值。"))
    return Problem(rule if rule in _MESSAGES else "bad-value", told, remedy, file, row=row, column=column, value=value)


def _rows(path: Path) -> Sequence[object]:
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
    parts = [part.split(":") for part in str(cell).replace(",", " ").split()]
    if len({size for size, _ in parts}) < len(parts):
        raise ValueError(cell)
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
