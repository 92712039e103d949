"""Fingerprints of the rows that a change brought or ended, so that rows altered afterwards are found out."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster import Cluster, dictionary, empty


def rows_digest(table: str, frame: pl.DataFrame) -> str:
    """Return the fingerprint of rows of one table, whatever their sequence: that of a cluster of nothing else."""
    frames = {t.name: empty(t.name) for t in dictionary.cluster_tables()}
    frames[table] = frame.select(frames[table].columns)
    return Cluster(frames).hash
