"""Write a cluster or a plan as CSV, Excel or Parquet, all or nothing."""

from __future__ import annotations

import errno
import io
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from cordwainer.cluster import Cluster, Plan, dictionary
from cordwainer.cluster.dictionary import Column, Table
from cordwainer.core import Text, UserError
from cordwainer.exchange.atomic import refuse_foreign, replaced_folder
from cordwainer.exchange.parquet_out import parquet_bytes
from cordwainer.exchange.sources import Format
from cordwainer.exchange.workbook_out import write_workbook
from cordwainer.tasks import cannot_write

Frames = Mapping[str, pl.DataFrame]


def write_cluster(cluster: Cluster, path: Path, format: Format) -> None:  # noqa: A002
    """Write a cluster; tables without rows are left out.

    Parameters
    ----------
    cluster
        What to write.
    path
        A folder for ``csv`` and ``parquet``, a file that ends in .xlsx for ``excel``.
    format
        One of `FORMATS`.

    Raises
    ------
    UserError
        If it cannot be written; what stood there is then as it was.
    """
    _write(cluster.frames, dictionary.cluster_tables(), path, format, "cluster")


def write_plan(plan: Plan, path: Path, format: Format) -> None:  # noqa: A002
    """Write a plan; parameters and errors are those of `write_cluster`."""
    _write(plan.frames, dictionary.plan_tables(), path, format, "plan")


def refuse_place(path: Path, format: Format, kind: str) -> None:  # noqa: A002
    """Raise if a plan or cluster (``kind``) could not be put at a path, before the work of making it is done.

    Raises
    ------
    UserError
        As when it is written.
    """
    if format != "excel":
        refuse_foreign(path, kind)
    elif path.is_dir():
        raise cannot_write(path, IsADirectoryError(errno.EISDIR, ""))


def _write(frames: Frames, specs: tuple[Table, ...], path: Path, form: Format, kind: str) -> None:
    filled = [(spec, frames[spec.name]) for spec in specs if not frames[spec.name].is_empty()]
    match form:
        case "csv":
            with replaced_folder(path, kind) as folder:
                for spec, frame in filled:
                    (folder / f"{spec.name}.csv").write_bytes(csv_bytes(spec, frame))
        case "parquet":
            with replaced_folder(path, kind) as folder:
                for spec, frame in filled:
                    (folder / f"{spec.name}.parquet").write_bytes(parquet_bytes(frame))
        case "excel":
            write_workbook(filled, path)
        case _:
            raise UserError(
                "unknown-format",
                Text(f'There is no format "{form}".', f"没有“{form}”这种格式。"),
                Text("Use csv, excel or parquet.", "请使用 csv、excel 或 parquet。"),
            )


def csv_bytes(spec: Table, frame: pl.DataFrame) -> bytes:
    """Return a table as CSV in UTF-8 with a byte-order mark, so that spreadsheets show Chinese rightly."""
    stream = io.BytesIO()
    frame.select(csv_text(c) for c in spec.columns).write_csv(stream, include_bom=True)
    return stream.getvalue()


def csv_text(column: Column) -> pl.Expr:
    """Return the text of a column in CSV: decimals written out, dates as 2026-01-31, yes and no."""
    value = pl.col(column.name)
    match column.type:
        case "number" | "share":
            text = value.cast(pl.Decimal(38, column.decimals)).cast(pl.String)
            return text.str.replace(r"(\.[0-9]*?)0+$", "$1").str.replace(r"\.$", "") if column.decimals else text
        case "date":
            return value.dt.strftime("%Y-%m-%d")
        case "bool":
            return value.replace_strict([True, False], ["yes", "no"], default=None, return_dtype=pl.String)
        case _:
            return value.cast(pl.String)
