"""Rules of places and firms."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster.rules.rule import CrossRule, Frames, RowRule
from cordwainer.cluster.schema import ROW

_REVERSED = RowRule("dates-reversed", "valid_to", pl.col("valid_to") < pl.col("valid_from"))

ROW_RULES = {
    "certificate": [_REVERSED],
    "buyer_approval": [_REVERSED],
    "worker_skill": [RowRule("multi-above-workers", "of_which_multi", pl.col("of_which_multi") > pl.col("workers"))],
}


def _empty(frames: Frames) -> pl.DataFrame:
    missing = [t for t in ("firm", "line", "order") if frames[t].is_empty()]
    return pl.DataFrame(
        {ROW: [None] * len(missing), "value": [None] * len(missing), "other_table": missing},
        schema={ROW: pl.Int64, "value": pl.String, "other_table": pl.String},
    )


CROSS_RULES = [CrossRule("empty-cluster", "firm", "firm", _empty)]
