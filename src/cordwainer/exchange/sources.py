"""Find the tables of a cluster or plan: in a folder of CSV, a folder of Parquet or a workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from cordwainer.cluster import dictionary
from cordwainer.cluster.dictionary import Table
from cordwainer.core import Problem, Text, UserError
from cordwainer.exchange.assemble import Assembled
from cordwainer.exchange.csv_in import read_csv_table
from cordwainer.exchange.headers import nearest_table, table_named
from cordwainer.exchange.limits import LIMITS, Limits, too_large
from cordwainer.exchange.parquet_in import read_parquet_table
from cordwainer.exchange.parts import is_part, read_part
from cordwainer.exchange.problems import Place, trouble
from cordwainer.exchange.raw import RawTable, raw_table
from cordwainer.exchange.sheets import is_help
from cordwainer.exchange.workbook_in import Sheet, Workbook

Format = Literal["csv", "excel", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "excel", "parquet")
_CSV = frozenset({".csv", ".tsv", ".txt"})
_EXCEL = frozenset({".xlsx", ".xlsm"})


def _missing(path: Path) -> UserError:
    return UserError(
        "file-missing",
        Text(f"There is no file or folder {path}.", f"没有文件或文件夹 {path}。"),
        Text("Check the path.", "请检查路径。"),
    )


def _unknown(path: Path) -> UserError:
    return UserError(
        "unknown-format",
        Text(f"{path} holds no tables that can be read.", f"{path} 中没有可读取的表格。"),
        Text(
            "Give a folder of CSV files, a folder of Parquet files, or one .xlsx workbook.",
            "请提供 CSV 文件夹、Parquet 文件夹或一个 .xlsx 工作簿。",
        ),
    )


def _files(path: Path) -> list[Path]:
    try:
        found = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith((".", "~$")))
    except OSError as error:
        raise _missing(path) from error
    if len(found) > LIMITS.files:
        raise too_large(path, Text(f"it has {len(found):,} files", f"共有 {len(found):,} 个文件"))
    return found


def format_of(path: Path) -> Format:
    """Return the format of what stands at a path.

    Raises
    ------
    UserError
        If nothing is there or it is none of the formats, or two of them at once.
    """
    if path.is_dir():
        endings = {p.suffix.lower() for p in _files(path)}
        csv, parquet = bool(endings & _CSV), ".parquet" in endings
        if csv and parquet:
            raise UserError(
                "two-formats",
                Text(f"{path} holds CSV and Parquet files.", f"{path} 中同时有 CSV 和 Parquet 文件。"),
                Text("Keep one of the two.", "请只保留一种。"),
            )
        if not csv and not parquet:
            raise _unknown(path)
        return "csv" if csv else "parquet"
    if not path.exists():
        raise _missing(path)
    if path.suffix.lower() not in _EXCEL:
        raise _unknown(path)
    return "excel"


def gather(path: Path, specs: tuple[Table, ...], limits: Limits = LIMITS) -> Assembled:
    """Return every table found at a path, parsed; what is wrong is collected, not raised.

    Raises
    ------
    UserError
        If a file as a whole cannot be read.
    """
    work = Assembled(otherwise=Place(path.name))
    match format_of(path):
        case "csv":
            _folder(work, path, specs, _CSV, lambda file, spec: read_csv_table(file, spec, limits))
        case "parquet":
            _folder(
                work, path, specs, frozenset({".parquet"}), lambda file, spec: read_parquet_table(file, spec, limits)
            )
        case "excel":
            _workbook(work, Workbook(path, limits), specs, limits)
    return work


def _known(work: Assembled, name: str, place: Place, specs: Sequence[Table]) -> Table | None:
    """Return the table of a name; note one of the other kind, and report one that is unknown."""
    spec = table_named(name, specs)
    if spec is not None:
        return spec
    other = table_named(name, tuple(dictionary.tables().values()))
    if other is not None:
        work.notes.append(trouble("other-kind", place, value=name, other=other.label))
    else:
        work.problems.append(trouble("unknown-table", place, value=name, near=nearest_table(name, specs)))
    return None


def _folder(
    work: Assembled,
    path: Path,
    specs: tuple[Table, ...],
    endings: frozenset[str],
    read: Callable[[Path, Table], RawTable],
) -> None:
    for file in _files(path):
        if file.suffix.lower() in endings and (spec := _known(work, file.stem, Place(file.name), specs)):
            work.add(read(file, spec))


def _workbook(work: Assembled, book: Workbook, specs: tuple[Table, ...], limits: Limits) -> None:
    work.notes += book.notes()
    wanted: dict[str, Table] = {}
    for name in book.sheet_names:
        if not is_help(name) and (spec := _known(work, name, Place(book.path.name, name), specs)):
            wanted[name] = spec
    for sheet in book.sheets(list(wanted)):
        spec = wanted[str(sheet.place.sheet)]
        raw = table_of_sheet(sheet, spec)
        work.add(read_part(book.path, raw, sheet, limits) if is_part(sheet) else raw)


def table_of_sheet(sheet: Sheet, spec: Table) -> RawTable:
    """Return the table of a sheet whose first row in use is the heading."""
    head = next((i for i, row in enumerate(sheet.cells.iter_rows()) if any(v is not None for v in row)), None)
    if head is None:
        raw = raw_table(spec, sheet.place, [], sheet.cells.clear(), 2)
    else:
        raw = raw_table(spec, sheet.place, sheet.cells.row(head), sheet.cells.slice(head + 1), head + 2)
    problems: list[Problem] = [*raw.problems, *sheet.problems]
    return RawTable(spec, sheet.place, raw.frame, raw.rows, problems, [*raw.notes, *sheet.notes])
