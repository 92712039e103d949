"""Rules of lines, statements, flows and tools."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster.rules.rule import CrossRule, Frames, RowRule
from cordwainer.cluster.schema import ROW

ROW_RULES = {
    "line_statement": [
        RowRule("dates-reversed", "valid_until", pl.col("valid_until") < pl.col("valid_from")),
        RowRule(
            "accept-without-limit",
            "accept_pairs",
            (pl.col("mode") == "accept") & pl.col("accept_pairs").is_null(),
        ),
    ],
    "line_booked": [RowRule("dates-reversed", "date_to", pl.col("date_to") < pl.col("date_from"))],
}


def _lines_without(table: str) -> CrossRule:
    def find(frames: Frames) -> pl.DataFrame:
        lost = frames["line"].with_row_index(ROW).join(frames[table], on="line", how="anti")
        if frames[table].is_empty():
            lost = lost.clear()  # told once, of the table: empty-cluster
        return lost.select(ROW, value="line")

    return CrossRule(
        "line-without-statement" if table == "line_statement" else "line-makes-nothing", "line", "line", find
    )


def _reference(frames: Frames) -> pl.DataFrame:
    """Statements without minutes for their reference shoe, where a line_makes row leaves the efficiency to them."""
    blank = frames["line_makes"].filter(pl.col("efficiency").is_null()).select("line").unique()
    template = frames["routing_template"].select(
        "stage", reference_construction="construction", reference_category="category"
    )
    return (
        frames["line_statement"]
        .with_row_index(ROW)
        .join(blank, on="line", how="semi")
        .join(frames["line"].select("line", "stage"), on="line")
        .join(template, on=["stage", "reference_construction", "reference_category"], how="anti")
        .select(ROW, value="reference_category")
    )


CROSS_RULES = [
    _lines_without("line_statement"),
    _lines_without("line_makes"),
    CrossRule("reference-unknown", "line_statement", "reference_category", _reference),
]
