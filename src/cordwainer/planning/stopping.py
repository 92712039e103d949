"""What may stop, as changed tables: lines and suppliers for some weeks, orders that fall away, money that comes late."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

import polars as pl

from cordwainer.cluster import Cluster
from cordwainer.core import Period

BOOKED_FULL = 1_000_000_000
"""Minutes booked on a line that stands still: more than any line has."""
AFTERWARDS = "~after"
"""Ends the id of what a supplier offers once it delivers again."""


def standing_still(
    cluster: Cluster, lines: Collection[str], suppliers: Collection[str], weeks: Sequence[Period]
) -> Cluster:
    """Return the cluster in which lines have no hours and suppliers take no order in some periods in a row.

    What was ordered of a supplier before is delivered. Promises with work on these lines in these periods are let go.
    """
    first, last = weeks[0].start, weeks[-1].end
    booked = cluster["line_booked"].filter(
        ~(pl.col("line").is_in(list(lines)) & (pl.col("date_from") == first) & (pl.col("date_to") == last))
    )
    full = pl.DataFrame({"line": sorted(lines)}, schema={"line": pl.String}).with_columns(
        date_from=pl.lit(first), date_to=pl.lit(last), minutes=pl.lit(BOOKED_FULL)
    )
    full = full.select(booked.columns).cast(dict(booked.schema))  # type: ignore[arg-type]
    on_them = cluster["promise_line"].filter(pl.col("line").is_in(list(lines))).select("lot", "stage")
    then = cluster["promise_work"].filter(pl.col("start_date").is_between(first, last))
    lost = then.join(on_them, on=["lot", "stage"], how="semi")["lot"].unique().to_list()
    changed = {"line_booked": pl.concat([booked, full]), "promise": _released(cluster, lost)}
    if suppliers:
        changed |= _offers_apart(cluster, suppliers, weeks)
    return cluster.replace(**changed)


def _released(cluster: Cluster, lots: Collection[str]) -> pl.DataFrame:
    status = pl.when(pl.col("lot").is_in(list(lots))).then(pl.lit("released")).otherwise("status")
    return cluster["promise"].with_columns(status=status)


def _offers_apart(cluster: Cluster, suppliers: Collection[str], weeks: Sequence[Period]) -> dict[str, pl.DataFrame]:
    """Return offers with those of the suppliers cut in two: what may be ordered before, and what afterwards."""
    offers, breaks = cluster["supplier_offer"], cluster["price_break"]
    before, after = weeks[0].start - timedelta(days=1), weeks[-1].end + timedelta(days=1)
    theirs = pl.col("supplier").is_in(list(suppliers))
    mine, others = offers.filter(theirs), offers.filter(~theirs)
    lasts = pl.col("valid_from").is_null() | pl.col("valid_to").is_null() | (pl.col("valid_from") <= pl.col("valid_to"))
    early = mine.with_columns(valid_to=pl.min_horizontal("valid_to", pl.lit(before))).filter(lasts)
    late = mine.with_columns(
        offer=pl.col("offer") + AFTERWARDS, valid_from=pl.max_horizontal("valid_from", pl.lit(after))
    ).filter(lasts)
    kept = pl.concat([others, early, late])
    copied = breaks.join(mine.select("offer"), on="offer", how="semi").with_columns(offer=pl.col("offer") + AFTERWARDS)
    return {
        "supplier_offer": kept,
        "price_break": pl.concat([breaks, copied]).join(kept.select("offer"), on="offer", how="semi"),
    }


def without_orders(cluster: Cluster, orders: Collection[str]) -> Cluster:
    """Return the cluster without some orders; what was promised of them is let go."""
    gone = list(orders)
    lots = cluster["promise"].filter(pl.col("order").is_in(gone))["lot"].to_list()
    frames = {
        name: frame.filter(~pl.col("order").is_in(gone))
        for name, frame in cluster.frames.items()
        if "order" in frame.columns and frame.schema["order"] == pl.String
    }
    frames |= {t: cluster[t].filter(~pl.col("lot").is_in(lots)) for t in ("promise_line", "promise_work")}
    kept = pl.when(pl.col("repeat_of").is_in(gone)).then(None).otherwise("repeat_of")
    frames["order"] = frames["order"].with_columns(repeat_of=kept)
    return cluster.replace(**frames)


def paid_less(cluster: Cluster, orders: Collection[str], share: float) -> Cluster:
    """Return the cluster in which some orders pay a share less a pair, as when money comes late; prices round down."""
    table = cluster["order"]
    less = (pl.col("price") * (1 - share)).floor().cast(table.schema["price"])
    mine = pl.col("order").is_in(list(orders))
    return cluster.replace(order=table.with_columns(price=pl.when(mine).then(less).otherwise("price")))
