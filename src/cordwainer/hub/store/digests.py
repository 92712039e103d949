"""Fingerprints of the rows that a change brought or ended, so that rows altered afterwards are found out."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster import dictionary, table_hash


def rows_digest(table: str, frame: pl.DataFrame) -> str:
    """Return the fingerprint of rows of a table, whatever their sequence: its part of the cluster hash."""
    return table_hash(dictionary.tables()[table], frame).hex()
