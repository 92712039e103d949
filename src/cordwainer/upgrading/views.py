"""Opportunities as a table for people."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster import Cluster
from cordwainer.core import Text
from cordwainer.exchange import View, ViewColumn
from cordwainer.upgrading.measure import Catalogue


def _named(cluster: Cluster, known: Catalogue, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with the names of firms and the titles of measures in both languages."""
    firm = cluster["firm"].select(
        "firm",
        name_en=pl.coalesce("name_en", "name_zh", "firm"),
        name_zh=pl.coalesce("name_zh", "name_en", "firm"),
    )
    titles = pl.DataFrame(
        [(m.name, m.title.en, m.title.zh) for m in known.measures.values()],
        schema=["measure", "title_en", "title_zh"],
        orient="row",
    )
    return frame.join(firm, on="firm", how="left", maintain_order="left").join(
        titles, on="measure", how="left", maintain_order="left"
    )


def opportunity_view(cluster: Cluster, known: Catalogue, frame: pl.DataFrame) -> View:
    """Return opportunities as they stand, with names."""
    frame = frame.with_columns(
        rank_cluster=pl.col("cluster_fen").rank("min", descending=True).cast(pl.Int64),
        rank_firm=pl.col("firm_fen").rank("min", descending=True).over("firm").cast(pl.Int64),
    )
    columns = (
        ViewColumn("rank_cluster", Text("Rank for the cluster", "集群排名"), "int"),
        ViewColumn("rank_firm", Text("Rank for the firm", "企业内排名"), "int"),
        ViewColumn("firm", Text("Firm", "企业"), "id"),
        ViewColumn("name", Text("Name", "名称"), "both"),
        ViewColumn("title", Text("Measure", "措施"), "both"),
        ViewColumn("cluster_fen", Text("To the cluster, yuan a year", "集群年增益（元）"), "yuan"),
        ViewColumn("low_fen", Text("from", "下限"), "yuan"),
        ViewColumn("high_fen", Text("to", "上限"), "yuan"),
        ViewColumn("firm_fen", Text("To the firm, yuan a year", "企业年增益（元）"), "yuan"),
        ViewColumn("capital_fen", Text("Capital, yuan", "投资（元）"), "yuan"),
        ViewColumn("support_fen", Text("Subsidy, yuan", "补助（元）"), "yuan"),
        ViewColumn("payback_years", Text("Payback, years", "回本（年）"), "number"),
        ViewColumn("payback_with_years", Text("with subsidy", "有补助"), "number"),
        ViewColumn("payback_late_years", Text("subsidy late", "补助迟到"), "number"),
        ViewColumn("npv_fen", Text("Present value, yuan", "净现值（元）"), "yuan"),
        ViewColumn("stands", Text("Stands by itself", "不靠补助"), "bool"),
    )
    title = Text("Opportunities at the plan's prices", "按计划价格估算的升级机会")
    return View("opportunities", title, columns, _named(cluster, known, frame))
