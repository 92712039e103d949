"""Quotes, offers and the localisation report as tables for people, and as files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from cordwainer.core import Language, Text
from cordwainer.exchange import View, ViewColumn
from cordwainer.quoting.book import Entry
from cordwainer.quoting.desk import Answer
from cordwainer.quoting.faces import outward_carbon
from cordwainer.quoting.localise import CAUSES, summed
from cordwainer.quoting.nearest import Limit, Way
from cordwainer.tasks import replaced_file

ITEMS = {
    "labour": Text("labour at asks", "工价"),
    "overtime": Text("overtime", "加班"),
    "piece": Text("piece prices", "每双加价"),
    "transfer": Text("carriage between districts", "区间运输"),
    "carbon": Text("carbon", "碳"),
    "material": Text("materials", "材料"),
    "minimum": Text("bought beyond need", "起订多购"),
    "margin": Text("margin", "加成"),
    "capacity": Text("price of the capacity", "产能价格"),
    "carriage": Text("carriage of the price term", "条款运费"),
    "credit": Text("cost of credit", "资金成本"),
    "tax": Text("tax", "税"),
    "rounding": Text("rounding", "取整"),
    "purchase": Text("purchases", "采购"),
}
BEST = {
    "repeat": Text("made before", "原厂返单"),
    "cheapest": Text("cheapest", "最低价"),
    "earliest": Text("earliest", "最早"),
    "greenest": Text("least carbon", "最低碳"),
}
STATUS = {
    "offered": Text("offered", "已报价"),
    "held": Text("held", "已保留"),
    "accepted": Text("accepted", "已接受"),
    "released": Text("released", "已释放"),
    "expired": Text("expired", "已过期"),
}
_LIMITS = {
    "date": Text("No whole week lies between {id} and the day wanted.", "{id} 至要求交期之间没有完整一周。"),
    "nobody": Text("No line may do stage {id} of it.", "没有产线可做“{id}”工序。"),
    "line": Text("Lines for stage {id} have room for {pairs} pairs.", "“{id}”工序的产线只够 {pairs} 双。"),
    "skill": Text("People with skill {id} have time for {pairs} pairs.", "掌握技能“{id}”的人手只够 {pairs} 双。"),
    "tool": Text("Tools {id} do for {pairs} pairs.", "工装 {id} 只够 {pairs} 双。"),
    "material": Text("Of {id} there is enough for {pairs} pairs.", "材料 {id} 只够 {pairs} 双。"),
    "cap": Text("Cap {id} leaves {pairs} pairs.", "总量上限 {id} 只剩 {pairs} 双。"),
    "together": Text(
        "Together lines, weeks and materials do for {pairs} pairs.", "产线、周次与材料合计只够 {pairs} 双。"
    ),
}
_WAYS = {
    "fewer": Text("{what} pairs", "{what} 双"),
    "later": Text("later", "延后交期"),
    "approval": Text("at sites that are not approved yet", "在尚未验厂的厂区"),
    "standard": Text("without certificate {what}", "不要求证书 {what}"),
    "named": Text("at other makers than {what}", "改用 {what} 以外的厂家"),
    "barred": Text("with {what} too", "允许 {what} 参与"),
    "makers": Text("at more than {what} makers", "超过 {what} 家"),
}


def label(text: dict[str, Text], key: str) -> Text:
    """Return the words for a key, which stands for itself where there are none."""
    return text.get(key, Text(key, key))


def listed(texts: Iterable[Text]) -> Text:
    """Return texts one after another."""
    all_ = list(texts)
    return Text(", ".join(t.en for t in all_), "、".join(t.zh for t in all_))


def limit_text(limit: Limit) -> Text:
    """Return a limit in words."""
    return _LIMITS[limit.kind].format(id=limit.id, pairs=f"{limit.pairs:,}")


def way_text(way: Way) -> Text:
    """Return what a request would have to give up, and what it would get."""
    offer = way.offer
    return Text(
        "Fits {how}: {price} {currency} a pair, ready {ready}.", "{how}即可：每双 {price} {currency}，{ready} 出厂。"
    ).format(
        how=_WAYS[way.wish].format(what=way.what),
        price=f"{offer.price / 100:,.2f}",
        currency=offer.request.currency,
        ready=offer.ready.isoformat(),
    )


def offers_view(entries: Sequence[Entry], *, brand: bool = False) -> View:
    """Return offers as a table; what only the planner sees is left out for the brand."""
    rows = [_row(e, brand=brand) for e in entries]
    columns = [
        ViewColumn("offer", Text("Offer", "报价"), "id"),
        ViewColumn("best", Text("Best in", "优势"), "both"),
        ViewColumn("price", Text("Price a pair", "每双价格"), "yuan"),
        ViewColumn("currency", Text("Currency", "币种"), "id"),
        ViewColumn("ready", Text("Ex factory", "出厂日"), "date"),
        ViewColumn("carbon", Text("Carbon g a pair", "每双碳排（克）"), "int"),
        ViewColumn("kind", Text("Kind", "性质"), "both"),
    ]
    if not brand:
        columns += [
            ViewColumn("pairs", Text("Pairs", "双数"), "int"),
            ViewColumn("contribution", Text("Adds to the plan, yuan", "增加贡献额（元）"), "yuan"),
            ViewColumn("lead", Text("Lead firm", "主承接厂"), "id"),
            ViewColumn("ask", Text("To ask", "待询厂家"), "text"),
        ]
    columns += [ViewColumn("status", Text("Status", "状态"), "both"), ViewColumn("until", Text("Until", "至"), "text")]
    names = [s for c in columns for s in c.sources]
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row").select(names)
    return View("offers", Text("Offers", "报价"), tuple(columns), frame)


_SCHEMA = {
    "offer": pl.String,
    "best_en": pl.String,
    "best_zh": pl.String,
    "price": pl.Int64,
    "currency": pl.String,
    "ready": pl.Date,
    "carbon": pl.Int64,
    "kind_en": pl.String,
    "kind_zh": pl.String,
    "pairs": pl.Int64,
    "contribution": pl.Int64,
    "lead": pl.String,
    "ask": pl.String,
    "status_en": pl.String,
    "status_zh": pl.String,
    "until": pl.String,
}


def _row(entry: Entry, *, brand: bool) -> tuple[Any, ...]:
    o = entry.offer
    best = listed(label(BEST, b) for b in o.best)
    kind = Text("firm", "确定") if entry.firm else Text("indicative", "意向")
    status = label(STATUS, entry.status)
    until = None if entry.until is None else entry.until.strftime("%Y-%m-%d %H:%M")
    carbon = None if o.carbon_g_pair is None else round(o.carbon_g_pair)
    if brand:
        carbon = outward_carbon(o.carbon_g_pair)
    return (
        *(o.offer, best.en, best.zh, o.price, o.request.currency, o.ready, carbon, kind.en, kind.zh),
        *(o.request.pairs, o.contribution_fen, o.lead_firm, ", ".join(entry.waits_for) or None),
        *(status.en, status.zh, until),
    )


def build_up_view(entry: Entry) -> View:
    """Return the items of a price, in fen of all pairs and of one."""
    o = entry.offer
    words = [label(ITEMS, name) for name, _ in o.items]
    frame = pl.DataFrame(
        {
            "item_en": [w.en for w in words],
            "item_zh": [w.zh for w in words],
            "fen": [fen for _, fen in o.items],
            "pair": [1000 * fen // o.request.pairs for _, fen in o.items],
        },
        schema={"item_en": pl.String, "item_zh": pl.String, "fen": pl.Int64, "pair": pl.Int64},
    )
    columns = (
        ViewColumn("item", Text("Item", "项目"), "both"),
        ViewColumn("fen", Text("All pairs, yuan", "合计（元）"), "yuan"),
        ViewColumn("pair", Text("A pair, yuan", "每双（元）"), "price"),
    )
    title = Text("Price of {o}", "{o} 的价格构成").format(o=o.offer)
    return View("build-up", title, columns, frame)


def route_view(entry: Entry) -> View:
    """Return the lots of an offer: who does which stage in which week."""
    o = entry.offer
    rows = [
        (k, stage, lot.lines[stage], day, pairs) for k, lot in enumerate(o.lots, 1) for stage, day, pairs in lot.work
    ]
    frame = pl.DataFrame(
        rows,
        schema={"lot": pl.Int64, "stage": pl.String, "line": pl.String, "week": pl.Date, "pairs": pl.Int64},
        orient="row",
    )
    columns = (
        ViewColumn("lot", Text("Lot", "批次"), "int"),
        ViewColumn("stage", Text("Stage", "工序"), "choice", "stage"),
        ViewColumn("line", Text("Line", "生产线"), "id"),
        ViewColumn("week", Text("Week of", "周起始日"), "date"),
        ViewColumn("pairs", Text("Pairs", "双数"), "int"),
    )
    return View("route", Text("Work of {o}", "{o} 的排产").format(o=o.offer), columns, frame)


def answers_view(answers: Sequence[Answer], *, brand: bool = False) -> View:
    """Return the offers of many requests as one table; a request without any has a row that says why."""
    columns, rows = offers_view([], brand=brand).columns, list[dict[str, Any]]()
    for answer in answers:
        name = answer.request.request
        rows += [{"request": name, **row} for row in offers_view(answer.entries, brand=brand).frame.to_dicts()]
        if not answer.entries:
            why = Text("nothing fits", "无可行方案")
            if answer.nearest is not None and not brand:
                why = limit_text(answer.nearest.limits[0])
            rows.append({"request": name, "best_en": why.en, "best_zh": why.zh})
    names = [s for c in columns for s in c.sources]
    frame = pl.DataFrame(rows, schema={"request": pl.String, **{n: _SCHEMA[n] for n in names}})
    return View(
        "answers",
        Text("Answers", "询价结果"),
        (ViewColumn("request", Text("Request", "询价号"), "id"), *columns),
        frame,
    )


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
        )
        return View("localise", title, tuple(_column(n) for n in every), _worded(homes))
    names = (by, "orders", "pairs", "could_come", "worth_fen")
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
    "worth_fen": ("Worth to the plan, yuan", "对计划的价值（元）", "yuan"),
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


def write_view(view: View, path: Path, language: Language) -> None:
    """Write a table to a file that ends in .csv, .xlsx or .json, all or nothing.

    CSV and Excel have the headings and words of a language and money in yuan; JSON is for scripts, money in fen.
    """
    with replaced_file(path) as temporary:
        if path.suffix.lower() == ".json":
            text = json.dumps(view.records(), ensure_ascii=False, indent=1, default=str)
            temporary.write_text(text, encoding="utf-8")
            return
        heads = [c.label.in_(language) for c in view.columns]
        table = pl.DataFrame(list(view.cells(language)), schema=dict.fromkeys(heads, pl.String), orient="row")
        if path.suffix.lower() == ".xlsx":
            table.write_excel(temporary)
        else:
            table.write_csv(temporary, include_bom=True)
