"""Losses by node and dependence as tables for people, in both languages."""

from __future__ import annotations

import polars as pl

from cordwainer.assessment.nodes import EVENTS, KINDS
from cordwainer.assessment.resilience import Resilience
from cordwainer.assessment.views import column, district_words, named, worded
from cordwainer.cluster import Cluster, dictionary
from cordwainer.core import Text
from cordwainer.exchange import View


def resilience_view(cluster: Cluster, found: Resilience) -> View:
    """Return what is lost by node and event, worst first; money as losses."""
    frame = worded(worded(named(cluster, found.frame, "node"), "kind", KINDS), "event", EVENTS)
    districts = district_words(cluster)
    words = [districts.get(n) for n in frame["node"]]
    frame = frame.with_columns(
        name_en=pl.Series([w.en if w else n for w, n in zip(words, frame["name_en"], strict=True)], dtype=pl.String),
        name_zh=pl.Series([w.zh if w else n for w, n in zip(words, frame["name_zh"], strict=True)], dtype=pl.String),
    )
    columns = (
        column("kind", "Kind", "类型", "both"),
        column("node", "Node", "节点", "id"),
        column("name", "Name", "名称", "both"),
        column("event", "What happens", "事件", "both"),
        column("low_fen", "Loss from, yuan", "损失下限（元）", "yuan"),
        column("high_fen", "Loss to, yuan", "损失上限（元）", "yuan"),
        column("prices_fen", "By prices, yuan", "按影子价格（元）", "yuan"),
        column("sales_yuan", "Sales at risk, yuan", "受影响销售额（元）", "number"),
        column("share", "Of all sales", "占全部销售", "share"),
        column("survives", "Survives, weeks", "可撑周数", "int"),
        column("recovers", "Recovers in, weeks", "恢复周数", "int"),
        column("late", "Orders late", "延期订单", "int"),
        column("least_fen", "Certainly at least, yuan", "确定不低于（元）", "yuan"),
        column("most_fen", "Certainly at most, yuan", "确定不超过（元）", "yuan"),
    )
    shock = found.shock
    title = Text(
        "What is lost: {w} weeks of standstill, or a buyer pays {d} days late or never",
        "损失：停摆 {w} 周，或客户延迟 {d} 天付款、不付款",
    ).format(w=shock.weeks, d=shock.late_days)
    return View("resilience", title, columns, frame)


def dependence_view(cluster: Cluster, frame: pl.DataFrame, by: str) -> View:
    """Return how much firms or districts depend on their largest buyer and market, the most dependent first."""
    table = named(cluster, frame, by) if by == "firm" else worded(frame, by, district_words(cluster), "name")
    label = dictionary.tables()[by].label
    columns = (
        column(by, label.en, label.zh, "id"),
        column("name", "Name", "名称", "both"),
        column("yuan", "Sales, yuan", "销售额（元）", "number"),
        column("buyer", "Largest buyer", "最大客户", "id"),
        column("buyer_share", "Share of the buyer", "客户占比", "share"),
        column("market", "Largest market", "最大市场", "id"),
        column("market_share", "Share of the market", "市场占比", "share"),
    )
    return View(f"dependence-{by}", Text("Dependence on one buyer or market", "对单一客户或市场的依赖"), columns, table)
