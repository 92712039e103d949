"""Rules of places and firms."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster.rules.rule import CrossRule, Frames, RowRule
from cordwainer.cluster.schema import ROW

_REVERSED = RowRule("dates-reversed", "valid_to", pl.col("valid_to") < pl.col("valid_from"))

ROW_RULES = {
    "certificate": [_REVERSED],
    "buyer_approval": [_REVERSED],
    "firm": [RowRule("dates-reversed", "named_until", pl.col("named_until") < pl.col("named_from"))],
    "worker_skill": [RowRule("multi-above-workers", "of_which_multi", pl.col("of_which_multi") > pl.col("workers"))],
}


def _empty(table: str) -> CrossRule:
    """Return the rule that a table has rows; what tells of lines is wanted only where there are lines."""

    def find(frames: Frames) -> pl.DataFrame:
        of_lines = table in ("line_statement", "line_makes")
        missing = [table] if frames[table].is_empty() and not (of_lines and frames["line"].is_empty()) else []
        return pl.DataFrame(
            {ROW: [None] * len(missing), "value": [None] * len(missing), "other_table": missing},
            schema={ROW: pl.Int64, "value": pl.String, "other_table": pl.String},
        )

    return CrossRule("empty-cluster", table, "line" if table.startswith("line") else table, find)


CROSS_RULES = [_empty(table) for table in ("firm", "line", "line_statement", "line_makes", "order")]
