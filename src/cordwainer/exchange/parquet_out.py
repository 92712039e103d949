"""Write a table as Parquet, in memory first, so that a full disk is told like any other fault of writing."""

from __future__ import annotations

import io

import polars as pl


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """Return a table as a Parquet file."""
    stream = io.BytesIO()
    frame.write_parquet(stream, compression="zstd", statistics=True)
    return stream.getvalue()
