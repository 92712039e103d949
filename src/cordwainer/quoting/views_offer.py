"""All of one offer for the planner: build-up of its price, work, purchases, moves, milestones, what is assumed or unknown."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.core import Text
from cordwainer.exchange import View, ViewColumn
from cordwainer.quoting.book import Entry
from cordwainer.quoting.desk import Desk
from cordwainer.quoting.faces import transfers
from cordwainer.quoting.wording import ASSUMED, ITEMS, TOOLS, label, listed, unknown_text


def offer_views(desk: Desk, entry: Entry) -> Iterator[View]:
    """Yield the tables of an offer; purchases and moves where there are any."""
    yield build_up_view(entry)
    yield route_view(desk, entry)
    if entry.offer.purchases:
        yield purchases_view(desk, entry)
    moves = transfers(desk, entry.offer)
    if moves:
        yield moves_view(entry, moves)


def offer_texts(entry: Entry) -> Iterator[Text]:
    """Yield milestones, one-off costs, and what is assumed or unknown of an offer, a line each."""
    o, kinds = entry.offer, dictionary.choices()["milestone"]
    days = listed(
        Text("{kind} {day}", "{kind} {day}").format(kind=kinds[kind], day=day.isoformat()) for kind, day in o.milestones
    )
    yield Text(f"Milestones: {days.en}.", f"节点：{days.zh}。")
    if o.one_off:
        once = listed(once_text(what, fen) for what, fen in o.one_off)
        yield one_off_text(once, o.request.tool_owner)
    if o.assumed:
        what = listed(label(ASSUMED, a) for a in o.assumed)
        yield Text(f"Assumed: {what.en}.", f"按常规估计：{what.zh}。")
    if o.unknown:
        what = listed(unknown_text(kind, of) for kind, of in o.unknown)
        yield Text(f"Not known: {what.en}.", f"尚不清楚：{what.zh}。")


def one_off_text(once: Text, owner: str) -> Text:
    """Return what is paid once besides the price, and who pays and owns new tools."""
    who = Text("buyer", "客户") if owner == "buyer" else Text("maker", "厂家")
    return Text(
        f"Once, besides the price: {once.en}; the {who.en} pays and owns new tools.",
        f"价外一次性费用：{once.zh}；新工装由{who.zh}出资并归其所有。",
    )


def once_text(what: str, fen: int | None) -> Text:
    """Return what samples or a set of tools cost, in words."""
    name = label(TOOLS, what)
    if fen is None:
        return Text(f"{name.en} at a cost not known", f"{name.zh}（费用未知）")
    return Text(f"{name.en} {fen / 100:,.2f} yuan", f"{name.zh} {fen / 100:,.2f} 元")


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


def route_view(desk: Desk, entry: Entry) -> View:
    """Return the lots of an offer: who does which stage in which week."""
    o, lines = entry.offer, desk.live.ground.lines
    firms = desk.live.ground.firms
    rows = [
        (k, stage, firms[lines.firm[lines.number[lot.lines[stage]]]], lot.lines[stage], day, pairs)
        for k, lot in enumerate(o.lots, 1)
        for stage, day, pairs in lot.work
    ]
    types = {
        "lot": pl.Int64,
        "stage": pl.String,
        "firm": pl.String,
        "line": pl.String,
        "week": pl.Date,
        "pairs": pl.Int64,
    }
    columns = (
        ViewColumn("lot", Text("Lot", "批次"), "int"),
        ViewColumn("stage", Text("Stage", "工序"), "choice", "stage"),
        ViewColumn("firm", Text("Firm", "企业"), "id"),
        ViewColumn("line", Text("Line", "生产线"), "id"),
        ViewColumn("week", Text("Week of", "周起始日"), "date"),
        ViewColumn("pairs", Text("Pairs", "双数"), "int"),
    )
    frame = pl.DataFrame(rows, schema=types, orient="row")
    return View("route", Text("Work of {o}", "{o} 的排产").format(o=o.offer), columns, frame)


def purchases_view(desk: Desk, entry: Entry) -> View:
    """Return what is bought for an offer besides what the plan buys."""
    g = desk.live.ground
    material = dict(g.cluster["supplier_offer"].select("offer", "material").iter_rows())
    rows = [(material[name], name, day, quantity / 1000) for name, day, quantity in entry.offer.purchases]
    frame = pl.DataFrame(
        rows,
        schema={"material": pl.String, "offer": pl.String, "week": pl.Date, "quantity": pl.Float64},
        orient="row",
    )
    columns = (
        ViewColumn("material", Text("Material", "材料"), "id"),
        ViewColumn("offer", Text("Supplier's offer", "供应报价"), "id"),
        ViewColumn("week", Text("Ordered in the week of", "下单周"), "date"),
        ViewColumn("quantity", Text("Quantity", "数量"), "number"),
    )
    return View("purchases", Text("Purchases for {o}", "{o} 的采购").format(o=entry.offer.offer), columns, frame)


def moves_view(entry: Entry, moves: list[dict[str, object]]) -> View:
    """Return the moves between districts of an offer."""
    frame = pl.DataFrame(
        [[m[c] for c in ("after", "from", "to", "pairs", "fen")] for m in moves],
        schema={"after": pl.String, "from": pl.String, "to": pl.String, "pairs": pl.Int64, "fen": pl.Int64},
        orient="row",
    )
    columns = (
        ViewColumn("after", Text("After stage", "工序后"), "choice", "stage"),
        ViewColumn("from", Text("From", "起点"), "id"),
        ViewColumn("to", Text("To", "终点"), "id"),
        ViewColumn("pairs", Text("Pairs", "双数"), "int"),
        ViewColumn("fen", Text("Carriage, yuan", "运费（元）"), "yuan"),
    )
    return View("moves", Text("Moves of {o}", "{o} 的区间运输").format(o=entry.offer.offer), columns, frame)
