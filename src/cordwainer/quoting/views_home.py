"""The localisation report as a table for people."""

from __future__ import annotations

import polars as pl

from cordwainer.core import Text
from cordwainer.exchange import View, ViewColumn
from cordwainer.quoting.localise import summed
from cordwainer.quoting.wording import CAUSES, label


def homes_view(homes: pl.DataFrame, by: str) -> View:
    """Return the localisation report: by ``order``, or summed by market, buyer, district or cause."""
    title = Text("Orders made outside, by {by}", "外地制造的订单（按 {by} 汇总）").format(by=_HEADS[by])
    if by == "order":
        every = (
            "order",
            "buyer",
            "market",
            "pairs",
            "cause",
            "limit",
            "price_fen",
            "needed_fen",
            "due",
            "ready",
            "worth_fen",
            "together_fen",
        )
        return View("localise", title, tuple(_column(n) for n in every), _worded(homes))
    names = (by, "orders", "pairs", "could_come", "together_fen", "alone_fen")
    return View("localise", title, tuple(_column(n) for n in names), _worded(summed(homes, by)))


_HEADS = {
    "order": Text("order", "订单"),
    "market": Text("market", "市场"),
    "buyer": Text("brand", "品牌"),
    "district": Text("district", "区县"),
    "cause": Text("cause", "原因"),
}
_COLUMNS = {
    "order": ("Order", "订单", "id"),
    "buyer": ("Brand", "品牌", "id"),
    "market": ("Market", "市场", "text"),
    "district": ("District", "区县", "id"),
    "cause": ("What limits it", "限制原因", "both"),
    "limit": ("Which", "具体", "text"),
    "orders": ("Orders", "订单数", "int"),
    "pairs": ("Pairs", "双数", "int"),
    "could_come": ("Pairs worth bringing home", "值得回流双数", "int"),
    "price_fen": ("Net price now", "现净价", "yuan"),
    "needed_fen": ("Net price needed", "所需净价", "yuan"),
    "due": ("Wanted by", "要求交期", "date"),
    "ready": ("Ready here", "本地可完工", "date"),
    "worth_fen": ("Worth alone, yuan", "单独承接的价值（元）", "yuan"),
    "together_fen": ("Worth beside the others, yuan", "依次承接的价值（元）", "yuan"),
    "alone_fen": ("Sum of each alone, yuan", "各自单独价值之和（元）", "yuan"),
}


def _column(name: str) -> ViewColumn:
    en, zh, kind = _COLUMNS[name]
    return ViewColumn(name, Text(en, zh), kind)  # type: ignore[arg-type]


def _worded(frame: pl.DataFrame) -> pl.DataFrame:
    if "cause" not in frame.columns:
        return frame
    words = [label(CAUSES, c) for c in frame["cause"]]
    return frame.with_columns(
        cause_en=pl.Series([w.en for w in words], dtype=pl.String),
        cause_zh=pl.Series([w.zh for w in words], dtype=pl.String),
    )
