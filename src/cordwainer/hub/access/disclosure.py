"""What a mean may be told of: only where at least five firms stand behind it and none for more than half."""

from __future__ import annotations

import polars as pl

LEAST_FIRMS = 5
LARGEST_SHARE = 0.5


def told() -> pl.Expr:
    """Return the condition on columns ``firms`` and ``largest`` (share of the largest firm) that a mean may be shown."""
    return ((pl.col("firms") >= LEAST_FIRMS) & (pl.col("largest") <= LARGEST_SHARE)).fill_null(value=False)
