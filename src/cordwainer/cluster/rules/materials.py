"""Rules of materials and supplier offers."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster.rules.rule import CrossRule, Frames, RowRule
from cordwainer.cluster.schema import ROW

ROW_RULES = {
    "supplier_offer": [RowRule("dates-reversed", "valid_to", pl.col("valid_to") < pl.col("valid_from"))],
}


def _first(frames: Frames) -> pl.DataFrame:
    lowest = frames["price_break"].with_row_index(ROW).sort("from_quantity").unique("offer", keep="first")
    return lowest.filter(pl.col("from_quantity") != 0).select(ROW, value="offer").sort(ROW)


def _missing(frames: Frames) -> pl.DataFrame:
    lost = frames["supplier_offer"].with_row_index(ROW).join(frames["price_break"], on="offer", how="anti")
    return lost.select(ROW, value="offer")


CROSS_RULES = [
    CrossRule("break-first", "price_break", "from_quantity", _first),
    CrossRule("break-missing", "supplier_offer", "offer", _missing),
]
