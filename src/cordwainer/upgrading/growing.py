"""Where to grow: kinds of shoe and markets by what a minute of work earns on them, beside what a minute is worth; now and after a programme."""

from __future__ import annotations

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.planning import Memo, build, plan_prices, value_of_pairs

GROW, LEAVE = 1.2, 0.8
"""A kind is to grow where a minute on it earns at least so many times what a minute is worth, and to be left where at most so many."""
BY = ("category", "construction", "market")


def _orders(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return order, pairs, ``earns`` (1/1000 fen a pair if no minute were scarce), ``minutes`` a pair, and ``worth`` of them.

    The worth is at the price of each stage, the mean over the work of the plan.
    """
    problem = build(cluster, plan.periods, plan.head["freeze_date"], Memo())
    net, prices = problem.net, plan_prices(problem, plan)
    free = prices._replace(line=np.zeros_like(prices.line), skill=np.zeros_like(prices.skill))
    earns = value_of_pairs(net, free)
    stages = dict(cluster["line"].select("line", "stage").iter_rows())
    number = {line: i for i, line in enumerate(problem.facts.lines)}
    rows = plan["line_period"].select("line", "period", "load_mmin")
    at = [prices.line[number[x], t] for x, t in rows.select("line", "period").iter_rows()]
    paid = rows.with_columns(
        stage=pl.col("line").replace_strict(stages, return_dtype=pl.String), price=pl.Series(at, dtype=pl.Float64)
    )
    mean_price = (pl.col("price") * pl.col("load_mmin")).sum() / pl.col("load_mmin").sum().clip(lower_bound=1)
    mean = dict(paid.group_by("stage").agg(mean_price).iter_rows())
    each = np.array([mean.get(s) or 0.0 for s in problem.stages]) * problem.centi / 100
    ptr = net.job_ptr
    table = pl.DataFrame(
        {
            "order": list(problem.orders),
            "earns": earns.astype(np.float64),
            "minutes": np.add.reduceat(problem.centi / 100, ptr[:-1]),
            "worth": np.add.reduceat(each, ptr[:-1]),
        }
    )
    kinds = cluster["style"].select("style", "category", "construction")
    return table.join(cluster["order"].select("order", "style", "pairs", "market"), on="order").join(kinds, on="style")


def where_to_grow(before: tuple[Cluster, Plan], after: tuple[Cluster, Plan] | None = None) -> pl.DataFrame:
    """Return by category, construction and market what a minute earns and what it is worth elsewhere, yuan an hour, now and after.

    Columns: by, kind, orders, pairs, earns, worth (yuan an hour), verdict (grow, hold, leave) and earns_after, worth_after, verdict_after, which
    are null without a plan after. What an order would lose counts as nothing.
    """
    now = _kinds(_orders(*before))
    if after is None:
        empty = [
            pl.lit(None, t).alias(f"{c}_after")
            for c, t in (("earns", pl.Float64), ("worth", pl.Float64), ("verdict", pl.String))
        ]
        return now.with_columns(empty)
    then = _kinds(_orders(*after)).select("by", "kind", "earns", "worth", "verdict")
    return now.join(then, on=["by", "kind"], how="left", suffix="_after", maintain_order="left")


def _kinds(orders: pl.DataFrame) -> pl.DataFrame:
    minutes = (pl.col("pairs") * pl.col("minutes")).sum()
    hour = 60 / 1000 / 100  # 1/1000 fen a minute to yuan an hour
    verdict = (
        pl.when(pl.col("earns") >= GROW * pl.col("worth"))
        .then(pl.lit("grow"))
        .when(pl.col("earns") <= LEAVE * pl.col("worth"))
        .then(pl.lit("leave"))
        .otherwise(pl.lit("hold"))
    )
    each = [
        orders.drop_nulls(by)
        .group_by(kind=by)
        .agg(
            orders=pl.len().cast(pl.Int64),
            pairs=pl.col("pairs").sum(),
            earns=hour * (pl.col("pairs") * pl.col("earns")).sum() / minutes,
            worth=hour * (pl.col("pairs") * pl.col("worth")).sum() / minutes,
        )
        .with_columns(by=pl.lit(by), verdict=verdict)
        for by in BY
    ]
    return (
        pl.concat(each)
        .select("by", "kind", "orders", "pairs", "earns", "worth", "verdict")
        .sort("by", "earns", "kind", descending=[False, True, False])
    )
