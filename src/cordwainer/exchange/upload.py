"""A file that someone sends: one workbook, one CSV file or a zip of CSV files, as tables of text under their names."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from types import MappingProxyType

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.core import Problem, Text, UserError
from cordwainer.exchange.limits import Limits, too_large, unreadable
from cordwainer.exchange.own import holds_own
from cordwainer.exchange.raw import RawTable
from cordwainer.exchange.sources import gather
from cordwainer.exchange.workbook_in import Workbook

UPLOAD_LIMITS = Limits(
    file_bytes=32 << 20, rows=500_000, sheets=100, cells=8_000_000, unpacked_bytes=256 << 20, parts=2_000, files=100
)
"""What a file may be that comes through the browser: far less than one that lies on the operator's disk."""
_CSV = (".csv", ".tsv", ".txt")
_CHUNK = 1 << 20

Mends = Mapping[tuple[str, int, str], str]
"""Texts that take the place of cells: by table, number of the row in its file or sheet, and column."""


@dataclass(frozen=True)
class Upload:
    """Tables as they were sent, by name, and what is wrong with the file beside them."""

    tables: Mapping[str, RawTable]
    problems: tuple[Problem, ...]

    def mended(self, cells: Mends) -> Upload:
        """Return it with some cells in place of those that were sent; what was wrong with those is forgotten."""
        return replace(
            self, tables=MappingProxyType({name: _mended(name, raw, cells) for name, raw in self.tables.items()})
        )

    def renamed(self, firms: Mapping[str, str]) -> Upload:
        """Return it with some firms under other ids, wherever a column names a firm; their own rows are left out."""
        return replace(self, tables=MappingProxyType({name: _renamed(raw, firms) for name, raw in self.tables.items()}))


def read_upload(name: str, content: bytes) -> Upload:
    """Return the tables of a file that was sent.

    Parameters
    ----------
    name
        Name of the file as its sender calls it; its end tells what it is, and of a CSV file it names the table.
    content
        What the file holds.

    Raises
    ------
    UserError
        If it is of another kind, too large, damaged, or holds no table.
    """
    with _laid_out(PurePosixPath(name.replace("\\", "/")).name, content) as path:
        if path.is_file() and holds_own(Workbook(path, UPLOAD_LIMITS)):
            raise UserError(
                "own-cluster",
                Text(f"{path.name} is the workbook of a cluster of one's own.", f"{path.name} 是“自建集群”工作簿。"),
                Text(
                    "Turn it into tables with `cordwainer convert`, and send those.",
                    "请先用 cordwainer convert 转换成数据表，再上传。",
                ),
            )
        work = gather(path, dictionary.cluster_tables(), UPLOAD_LIMITS)
    placed = {(raw.place.file, raw.place.sheet) for raw in work.raws.values()}
    problems = tuple(p for p in work.problems if (p.file, p.sheet) not in placed or p.rule == "duplicate-table")
    if not work.raws and not problems:
        raise _nothing(name)
    return Upload(MappingProxyType(work.raws), problems)


def _nothing(name: str) -> UserError:
    return UserError(
        "no-tables",
        Text(f"{name} holds no table of a cluster.", f"{name} 中没有集群数据表。"),
        Text("Name sheets or files after the tables.", "请按数据表名称命名工作表或文件。"),
    )


@contextmanager
def _laid_out(name: str, content: bytes) -> Iterator[Path]:
    """Give the path of a workbook, or of a folder of CSV files."""
    with TemporaryDirectory(prefix="upload-") as folder:
        place = Path(folder)
        ending = PurePosixPath(name).suffix.lower()
        if ending in (".xlsx", ".xlsm"):
            path = place / _safe(name)
            path.write_bytes(content)
        elif ending == ".zip":
            path = place / "tables"
            path.mkdir()
            _unpack(name, content, place, path)
        elif ending in _CSV:
            path = place / "tables"
            path.mkdir()
            (path / _safe(name)).write_bytes(content)
        else:
            raise UserError(
                "unknown-format",
                Text(
                    f"{name} is no workbook, CSV file or zip of CSV files.", f"{name} 不是 Excel、CSV 或 CSV 压缩包。"
                ),
                Text("Save it as .xlsx or .csv and send it again.", "请另存为 .xlsx 或 .csv 后重新上传。"),
            )
        yield path


def _safe(name: str) -> str:
    """Return a name that a file can have here: without control characters, leading dots, and not too long."""
    kept = "".join(c for c in name if c.isprintable() and c not in '<>:"|?*').lstrip(".~$ ")
    stem, dot, ending = kept.rpartition(".")
    return f"{(stem or 'file')[:60]}{dot}{ending}"


def _unpack(name: str, content: bytes, place: Path, folder: Path) -> None:
    """Unpack the CSV files of an archive, whatever folders they stand in, and never more than is allowed."""
    packed = place / "packed.zip"
    packed.write_bytes(content)
    try:
        with zipfile.ZipFile(packed) as archive:
            parts = [p for p in archive.infolist() if _is_table(p.filename)]
            if len(archive.infolist()) > UPLOAD_LIMITS.parts or len(parts) > UPLOAD_LIMITS.files:
                raise too_large(Path(name), Text("it has too many parts", "内含文件过多"))
            left = UPLOAD_LIMITS.unpacked_bytes
            for part in parts:
                left -= _extract(name, archive, part, folder, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise unreadable(Path(name), Text("it is not a sound archive", "不是完好的压缩包")) from error
    if not parts:
        raise _nothing(name)


def _is_table(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.suffix.lower() in _CSV and not path.name.startswith((".", "~$")) and "__MACOSX" not in path.parts


def _extract(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo, folder: Path, left: int) -> int:
    """Unpack one part and return its size; its directory entry is not believed."""
    size = 0
    path = folder / _safe(PurePosixPath(part.filename.replace("\\", "/")).name)
    with archive.open(part) as stream, path.open("xb") as out:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > left:
                raise too_large(Path(name), Text("it unpacks to too much", "解压后过大"))
            out.write(chunk)
    return size


def _mended(name: str, raw: RawTable, cells: Mends) -> RawTable:
    at = {int(row): k for k, row in enumerate(raw.rows)} if any(table == name for table, _, _ in cells) else {}
    frame, done = raw.frame, set[tuple[int | None, str | None]]()
    by_column: dict[str, list[tuple[int, str]]] = {}
    for (table, row, column), text in cells.items():
        if table == name and row in at and column in frame.columns:
            by_column.setdefault(column, []).append((at[row], text))
            done.add((row, column))
    for column, found in by_column.items():
        new = pl.Series([text.strip() or None for _, text in found], dtype=pl.String)
        frame = frame.with_columns(frame[column].scatter([k for k, _ in found], new).alias(column))
    problems = [p for p in raw.problems if (p.row, p.column) not in done]
    return replace(raw, frame=frame, problems=problems)


def _renamed(raw: RawTable, firms: Mapping[str, str]) -> RawTable:
    """Return a table with firms under other ids: what is known of a firm stays, so the row that would change it goes."""
    if raw.spec.name == "firm" and "firm" in raw.frame.columns and firms:
        stays = ~raw.frame["firm"].is_in(list(firms)).fill_null(value=False)
        raw = replace(raw, frame=raw.frame.filter(stays), rows=raw.rows.filter(stays))
    named: Sequence[str] = [
        c.name for c in raw.spec.columns if c.name in raw.frame.columns and c.references == ("firm", "firm")
    ]
    return replace(raw, frame=raw.frame.with_columns(pl.col(named).replace(dict(firms)))) if named and firms else raw
