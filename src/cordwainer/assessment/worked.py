"""Work of a plan with its minutes, firm and line: what value chain and people both stand on."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster import Cluster, Plan, efficiencies
from cordwainer.planning import effective


def lines_with_firms(cluster: Cluster) -> pl.DataFrame:
    """Return columns line, stage, defect_share, site, firm, district."""
    sites = cluster["site"].select("site", "firm", "district")
    return cluster["line"].select("line", "stage", "defect_share", "site").join(sites, on="site", maintain_order="left")


def worked(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return order, lot, stage, period, pairs, line, firm, skill, minutes (a pair, with work done again), extra_fen_pair."""
    routing = effective(cluster, "routing", "routing_template").select("style", "stage", "minutes_per_pair", "skill")
    minutes = pl.col("minutes_per_pair") * 10_000 / pl.col("efficiency_e4") * (1 + pl.col("defect_share"))
    return (
        plan["work"]
        .join(plan["lot_line"], on=["lot", "stage"])
        .join(plan["lot"].select("lot", "order"), on="lot")
        .join(cluster["order"].select("order", "style"), on="order")
        .join(cluster["style"].select("style", "construction", "category"), on="style")
        .join(routing, on=["style", "stage"])
        .join(efficiencies(cluster, plan.first_date), on=["line", "construction", "category"])
        .join(lines_with_firms(cluster).drop("stage"), on="line")
        .with_columns(minutes=minutes)
        .select("order", "lot", "stage", "period", "pairs", "line", "firm", "skill", "minutes", "extra_fen_pair")
    )
