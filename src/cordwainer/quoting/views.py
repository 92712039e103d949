"""Offers and answers as tables and lines of text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.core import Text
from cordwainer.exchange import View, ViewColumn
from cordwainer.quoting.answers import Answer
from cordwainer.quoting.book import Entry
from cordwainer.quoting.faces import outward_carbon
from cordwainer.quoting.nearest import Limit, Nearest, Way
from cordwainer.quoting.wording import (
    BEST,
    CAUSES,
    LIMITS,
    STATUS,
    WAYS,
    label,
    listed,
    unknown_text,
    why_text,
)


def limit_text(limit: Limit) -> Text:
    """Return a limit in words."""
    stages = dictionary.choices()["stage"]
    what = stages.get(limit.id, limit.id) if limit.kind in ("line", "nobody") else limit.id
    return LIMITS[limit.kind].format(id=what, pairs=f"{limit.pairs:,}")


def way_text(way: Way) -> Text:
    """Return what a request would have to give up, and what it would get."""
    offer = way.offer
    return Text(
        "Fits {how}: {price} {currency} a pair, ready {ready}.", "{how}即可：每双 {price} {currency}，{ready} 出厂。"
    ).format(
        how=WAYS[way.wish].format(what=way.what),
        price=f"{offer.price / 100:,.2f}",
        currency=offer.request.currency,
        ready=offer.ready.isoformat(),
    )


def nearest_texts(near: Nearest, *, brand: bool) -> Iterator[Text]:
    """Yield what stands in the way (to the planner), what is not known, and what would fit, a line each."""
    for limit in () if brand else near.limits:
        yield limit_text(limit)
    if near.unknown:
        what = listed(unknown_text(kind, of) for kind, of in near.unknown)
        if brand:
            what = Text("how long papers of makers are valid", "厂家证书或验厂的有效期")
        yield Text(f"Whether it can be made is not known: {what.en}.", f"能否制造尚不清楚：{what.zh}。")
    for way in near.ways:
        yield way_text(way)


def over_text(over: Sequence[str]) -> Text:
    """Return what there is not enough of for an accepted offer."""
    found = []
    for each in over:
        kind, _, what = each.partition(" ")
        of = dictionary.choices()["stage"].get(what, what)
        found.append(Text("{kind} {what}", "{kind} {what}").format(kind=label(CAUSES, kind), what=of))
    return listed(found)


def changed_text(entry: Entry) -> Text:
    """Return what a new plan changed of an offer."""
    name = entry.offer.offer
    if entry.why:
        told = why_text(entry.why, entry.what)
        return Text(f"{name} lapsed: {told.en}.", f"{name} 已失效：{told.zh}。")
    if entry.over:
        over = over_text(entry.over)
        return Text(
            f"{name} is accepted, but the plan has no room for it ({over.en}): "
            "write it into the cluster with `cordwainer offers --to-cluster` and plan anew.",
            f"{name} 已接受，但计划中没有空间（{over.zh}）：请用 cordwainer offers --to-cluster 写入集群后重新排产。",
        )
    if entry.waits_for:
        en, zh = ", ".join(entry.waits_for), "、".join(entry.waits_for)
        return Text(
            f"{name} was worked out anew on this plan; to be asked: {en}.",
            f"{name} 已按本计划重新安排；待询厂家：{zh}。",
        )
    return Text(f"{name} was worked out anew on this plan.", f"{name} 已按本计划重新安排。")


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
    columns += [
        ViewColumn("status", Text("Status", "状态"), "both"),
        ViewColumn("until", Text("Until", "至"), "text"),
        ViewColumn("why", Text("Why", "原因"), "both"),
    ]
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
    "why_en": pl.String,
    "why_zh": pl.String,
}


def _row(entry: Entry, *, brand: bool) -> tuple[Any, ...]:
    o = entry.offer
    best = listed(label(BEST, b) for b in o.best)
    kind = Text("firm", "确定") if entry.firm else Text("indicative", "意向")
    status = label(STATUS, entry.status)
    end = entry.until or (entry.ask_by if entry.status == "offered" and entry.waits_for else None)
    until = None if end is None else end.strftime("%Y-%m-%d %H:%M")
    why = why_text(entry.why, entry.what, outward=brand) if entry.why else Text("", "")
    if entry.over and not brand:
        over = over_text(entry.over)
        why = Text(f"no room: {over.en}", f"无空间：{over.zh}")
    carbon = None if o.carbon_g_pair is None else round(o.carbon_g_pair)
    if brand:
        carbon = outward_carbon(o.carbon_g_pair)
    return (
        *(o.offer, best.en, best.zh, o.price, o.request.currency, o.ready, carbon, kind.en, kind.zh),
        *(o.request.pairs, o.contribution_fen, o.lead_firm, ", ".join(entry.waits_for) or None),
        *(status.en, status.zh, until, why.en, why.zh),
    )


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
