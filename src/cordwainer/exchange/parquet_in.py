"""Read a Parquet file: its types must be those of the dictionary, or turn into them by the rules for texts."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from cordwainer.cluster import polars_schema
from cordwainer.cluster.dictionary import Table
from cordwainer.core import Problem, Text
from cordwainer.exchange.headers import match_headings
from cordwainer.exchange.limits import LIMITS, Limits, Shielded, check_size, too_large, unreadable
from cordwainer.exchange.problems import Place, trouble
from cordwainer.exchange.raw import RawTable

_NESTED = (pl.List, pl.Array, pl.Struct, pl.Binary, pl.Object)


def read_parquet_table(path: Path, spec: Table, limits: Limits = LIMITS) -> RawTable:
    """Return the table that a Parquet file holds; columns of the right type are taken as they are.

    Raises
    ------
    UserError
        If the file is damaged or too large.
    """
    check_size(path, limits)
    place = Place(path.name)
    with Shielded(path):
        try:
            lazy = pl.scan_parquet(path, hive_partitioning=False)
            rows = lazy.select(pl.len()).collect().item()
            if rows > limits.rows:
                raise too_large(path, Text(f"it has {rows:,} rows", f"共有 {rows:,} 行"))
            frame = lazy.collect()
        except (pl.exceptions.PolarsError, OSError, ValueError) as error:
            raise unreadable(path, Text("it is not a sound Parquet file", "不是完好的 Parquet 文件")) from error
    found, problems = match_headings(frame.columns, spec, place, 1)
    wanted = polars_schema(spec.name)
    columns = {}
    for k, column in found.items():
        values = frame.to_series(k).rename(column.name)
        fitted = _fitted(values, wanted[column.name], place, problems)
        if fitted is not None:
            columns[column.name] = fitted
    numbers = pl.int_range(2, frame.height + 2, eager=True, dtype=pl.Int64)
    return RawTable(spec, place, pl.DataFrame(columns), numbers, problems)


def _fitted(values: pl.Series, wanted: pl.DataType, place: Place, problems: list[Problem]) -> pl.Series | None:
    """Return a column in its type, or as text for the rules of texts; None where it cannot be either."""
    if values.dtype == wanted and wanted != pl.String:
        return values
    if isinstance(values.dtype, _NESTED):
        problems.append(trouble("wrong-type", place, column=values.name, value=values.dtype))
        return None
    return values.cast(pl.String, strict=False)
