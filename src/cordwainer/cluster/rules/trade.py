"""Rules of orders, caps and policies."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.cluster.rules.rule import CrossRule, Frames, RowRule
from cordwainer.cluster.schema import ROW

_SHARE_POLICIES = ["stale_share", "vat_share"]

ROW_RULES = {
    "order": [
        RowRule("due-before-earliest", "due_date", pl.col("due_date") < pl.col("earliest_date")),
        RowRule("latest-before-due", "latest_date", pl.col("latest_date") < pl.col("due_date")),
        RowRule("repeat-of-itself", "repeat_of", pl.col("repeat_of") == pl.col("order")),
    ],
    "cap": [RowRule("dates-reversed", "date_to", pl.col("date_to") < pl.col("date_from"))],
    "policy": [
        RowRule(
            "policy-range",
            "value",
            (pl.col("value") < 0)
            | (pl.col("name").is_in(_SHARE_POLICIES) & (pl.col("value") > 1))
            | ((pl.col("name") == "fx") & (pl.col("value") <= 0)),
        )
    ],
}


def _sizes(frames: Frames) -> pl.DataFrame:
    total = frames["order_size"].group_by("order").agg(sized=pl.col("pairs").sum())
    wrong = frames["order"].with_row_index(ROW).join(total, on="order")
    return wrong.filter(pl.col("sized") != pl.col("pairs")).select(ROW, value="order")


def _curves(frames: Frames) -> pl.DataFrame:
    curves = frames["size_curve"].with_row_index(ROW)
    total = curves.group_by("size_curve", maintain_order=True).agg(
        pl.col(ROW).first(), total=(pl.col("share") * 10_000).round(0).sum()
    )
    return total.filter(pl.col("total") != 10_000).select(ROW, value="size_curve")


def _currency(frames: Frames) -> pl.DataFrame:
    given = frames["policy"].filter(pl.col("name") == "fx")["key"].to_list()
    built_in = [k for (n, k), p in dictionary.policies().items() if n == "fx" and p.default is not None]
    orders = frames["purchase_order"].with_row_index(ROW)
    return orders.filter(~pl.col("currency").is_in([*given, *built_in])).select(ROW, value="currency")


def _cap_of(frames: Frames) -> pl.DataFrame:
    caps = frames["cap"].with_row_index(ROW)
    parts = [caps.filter((pl.col("scope") == "cluster") & pl.col("of").is_not_null())]
    for scope in ("district", "firm", "site"):
        known = frames[scope].select(of=scope)
        scoped = caps.filter(pl.col("scope") == scope)
        parts.append(scoped.join(known, on="of", how="anti"))
    return pl.concat(parts).select(ROW, value="of").sort(ROW)


CROSS_RULES = [
    CrossRule("sizes-sum", "order", "pairs", _sizes),
    CrossRule("curve-sum", "size_curve", "share", _curves),
    CrossRule("currency-unknown", "purchase_order", "currency", _currency),
    CrossRule("cap-of", "cap", "of", _cap_of),
]
