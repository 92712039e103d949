"""Tables that outgrow a sheet: the sheet says where the rest is, a Parquet file beside the workbook holds it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import polars as pl

from cordwainer.cluster.dictionary import Table
from cordwainer.exchange.limits import Limits
from cordwainer.exchange.parquet_in import read_parquet_table
from cordwainer.exchange.problems import trouble
from cordwainer.exchange.raw import RawTable
from cordwainer.exchange.workbook_in import Sheet

_PART = re.compile(r"\[part (?P<rows>[0-9]+) (?P<sha>[0-9a-f]{64}) (?P<name>[^/\\\x00-\x1f]+\.parquet)\]$")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def part_name(book: Path, table: Table, sha: str) -> str:
    """Return the name of the file that holds a table beside a workbook."""
    return f"{book.stem}.{table.name}.{sha[:12]}.parquet"


def part_text(rows: int, sha: str, name: str) -> str:
    """Return what the sheet says in place of the rows."""
    return (
        f"共 {rows:,} 行，超出工作表容量，存放在同一文件夹的 {name}。 "
        f"{rows:,} rows, more than a sheet holds; they are in {name} beside this workbook. [part {rows} {sha} {name}]"
    )


def _found(sheet: Sheet) -> re.Match[str] | None:
    used = sheet.cells.filter(~pl.all_horizontal(pl.all().is_null())) if sheet.cells.width else sheet.cells
    if used.height != 2:
        return None
    texts = [v for v in used.row(1) if v is not None]
    return _PART.search(texts[0]) if len(texts) == 1 else None


def is_part(sheet: Sheet) -> bool:
    """Return whether a sheet only says where its table is."""
    return _found(sheet) is not None


def read_part(book: Path, raw: RawTable, sheet: Sheet, limits: Limits) -> RawTable:
    """Return the table from the file beside the workbook; a missing or changed file is a problem."""
    found = _found(sheet)
    if found is None:
        return raw
    path = book.with_name(found["name"])
    if not path.is_file():
        rule = "part-missing"
    elif digest(path) != found["sha"]:
        rule = "part-changed"
    else:
        return read_parquet_table(path, raw.spec, limits)
    told = trouble(rule, sheet.place, value=found["name"])
    return replace(raw, frame=raw.frame.clear(), rows=raw.rows.clear(), problems=[*raw.problems, told])
