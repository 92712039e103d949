"""Bring it home: for every order made outside today, the price or date at which it would be placed here, and what limits it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import polars as pl

from cordwainer.core import Text, ceil_div
from cordwainer.quoting.nearest import first_offer, tightest
from cordwainer.quoting.offers import Offer
from cordwainer.quoting.pricing import net_price, terms_of
from cordwainer.quoting.quoting import Quoter
from cordwainer.quoting.request import Request

CAUSES: dict[str, Text] = {
    "none": Text("could be placed as it is", "现在即可承接"),
    "price": Text("price", "价格"),
    "date": Text("date", "交期"),
    "approval": Text("sites not approved", "未验厂"),
    "standard": Text("certificate", "证书"),
    "makers": Text("named or barred makers", "指定或排除厂家"),
    "horizon": Text("no whole week left", "计划期内无整周"),
    "line": Text("lines", "产线"),
    "skill": Text("skilled people", "技能工人"),
    "tool": Text("tools", "工装"),
    "material": Text("material", "材料"),
    "cap": Text("caps", "总量上限"),
    "nobody": Text("nobody makes it", "无人可做"),
    "together": Text("several together", "多项叠加"),
}
BY = ("market", "buyer", "district", "cause")
"""What the report is summed by."""


@dataclass(frozen=True)
class Home:
    """What would bring an order home.

    Parameters
    ----------
    order, buyer, market, district
        Whose it is; the district of the firm that would lead, None where nothing fits.
    pairs
        Pairs made outside today, or not made here by the plan.
    outcome
        What the plan does with the order.
    cause, limit
        What keeps it away, and which line stage, material, cap or standard.
    price_fen, needed_fen
        Net price a pair now, and the one at which it pays its costs and the capacity it takes; None where nothing fits.
    due, ready
        Last day it may be ready, and the day it could be.
    worth_fen
        What the plan would be worth more with it at its price now, lateness and what it earns outside taken off.
    """

    order: str
    buyer: str
    market: str | None
    district: str | None
    pairs: int
    outcome: str
    cause: str
    limit: str
    price_fen: int
    needed_fen: int | None
    due: date
    ready: date | None
    worth_fen: int | None


def localise(quoter: Quoter) -> pl.DataFrame:
    """Return one row of `Home` for every order made outside today of which the plan does not make all pairs here."""
    rows = [vars(home) for home in _homes(quoter)]
    types = {"pairs": pl.Int64, "price_fen": pl.Int64, "needed_fen": pl.Int64, "worth_fen": pl.Int64}
    types |= {"due": pl.Date, "ready": pl.Date}  # type: ignore[dict-item]
    return pl.DataFrame(rows, schema={f.name: types.get(f.name, pl.String) for f in fields(Home)})


def summed(homes: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return orders, pairs and worth (only what is worth something) by market, buyer, district or cause, most pairs first."""
    gain = pl.col("worth_fen").fill_null(0).clip(lower_bound=0)
    return (
        homes.group_by(by)
        .agg(
            orders=pl.len().cast(pl.Int64),
            pairs=pl.col("pairs").sum(),
            could_come=pl.col("pairs").filter(pl.col("worth_fen") > 0).sum(),
            worth_fen=gain.sum(),
        )
        .sort("pairs", by, descending=[True, False], nulls_last=True)
    )


def _homes(quoter: Quoter) -> Iterator[Home]:
    cluster, plan = quoter.live.ground.cluster, quoter.live.plan
    po = cluster["purchase_order"].select("po", "buyer", "currency", "tax_included")
    inside = plan["order_plan"].select("order", "pairs_in_lots")
    rows = (
        cluster["order"]
        .join(po, on="po", how="left", maintain_order="left")
        .join(inside, on="order", how="left", maintain_order="left")
        .join(plan["outcome"], on="order", how="left", maintain_order="left")
        .with_columns(away=pl.col("pairs") - pl.col("pairs_in_lots").fill_null(0))
        .filter(pl.col("away") > 0, pl.col("made_at").is_not_null() | pl.col("outcome").is_in(["outside", "mixed"]))
    )
    wanted = _many(cluster["order_requirement"].select("order", "standard", "stage"))
    makers = _many(cluster["order_maker"].select("order", "firm", "rule"))
    earned = _earned_outside(quoter)
    district = dict(cluster["firm"].select("firm", "district").iter_rows())
    for row in rows.iter_rows(named=True):
        request = _request(row, wanted.get(row["order"], []), makers.get(row["order"], []))
        yield _home(quoter, row, request, earned.get(row["order"], 0), district)


def _many(frame: pl.DataFrame) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for first, *rest in frame.iter_rows():
        found.setdefault(first, []).append(tuple(rest))
    return found


def _request(row: dict[str, Any], standards: list[tuple[Any, ...]], makers: list[tuple[Any, ...]]) -> Request:
    return Request(
        request=row["order"],
        buyer=row["buyer"],
        style=row["style"],
        pairs=row["away"],
        by=row["latest_date"] or row["due_date"],
        earliest=min(row["earliest_date"], row["latest_date"] or row["due_date"]) if row["earliest_date"] else None,
        market=row["market"],
        currency=row["currency"],
        tax_included=row["tax_included"],
        approval_needed=row["approval_needed"],
        standards=tuple((s, stage) for s, stage in standards),
        named=tuple(f for f, rule in makers if rule == "named"),
        barred=tuple(f for f, rule in makers if rule == "barred"),
        most_makers=row["most_makers"] or 0,
        smallest_lot=min(row["smallest_lot_pairs"], row["away"]),
        rule="opportunity",
    )


def _earned_outside(quoter: Quoter) -> dict[str, int]:
    """Return what orders that the plan sends outside earn there, in fen: only buyers of the cluster earn."""
    plan = quoter.live.plan
    sent = plan["outcome"].filter(outcome="outside").select("order")
    rows = plan["order_plan"].join(sent, on="order", how="semi").select("order", "contribution_fen")
    return dict(rows.iter_rows())


def _home(quoter: Quoter, row: dict[str, Any], request: Request, outside: int, district: dict[str, str | None]) -> Home:
    net = net_price(terms_of(quoter.live.ground, request), row["price"])
    offer = first_offer(quoter, request, soon=False)
    cause, limit = "none", ""
    if offer is None:
        cause, limit, offer = _kept_away(quoter, request)
    needed = None if offer is None else ceil_div(offer.costs["capacity"] + _booked(offer), request.pairs)
    if cause == "none" and needed is not None and needed > net:
        cause = "price"
    worth = None
    if offer is not None:
        worth = net * request.pairs - _booked(offer) - _late(row, request, offer) - outside
    return Home(
        order=row["order"],
        buyer=row["buyer"],
        market=row["market"],
        district=None if offer is None else district[offer.lead_firm],
        pairs=request.pairs,
        outcome=row["outcome"],
        cause=cause,
        limit=limit,
        price_fen=net,
        needed_fen=needed,
        due=request.by or row["due_date"],
        ready=None if offer is None else offer.ready,
        worth_fen=worth,
    )


def _booked(offer: Offer) -> int:
    names = ("labour", "overtime", "piece", "transfer", "carbon", "purchase")
    return sum(offer.costs[n] for n in names)


def _late(row: dict[str, Any], request: Request, offer: Offer) -> int:
    days = max(0, (offer.ready - (request.by or offer.ready)).days)
    return ceil_div(request.pairs * int(row["late_fen_pair_week"]) * days, 7)


def _kept_away(quoter: Quoter, request: Request) -> tuple[str, str, Offer | None]:
    """Return what keeps an order away, which one, and the offer that would fit without it."""
    trials: list[tuple[str, str, Request]] = []
    if request.approval_needed:
        trials.append(("approval", "", replace(request, approval_needed=False)))
    trials += [
        ("standard", s, replace(request, standards=tuple(x for x in request.standards if x[0] != s)))
        for s in dict.fromkeys(s for s, _ in request.standards)
    ]
    if request.named or request.barred:
        trials.append(("makers", "", replace(request, named=(), barred=())))
    for cause, limit, changed in trials:
        offer = first_offer(quoter, changed, soon=False)
        if offer is not None:
            return cause, limit, offer
    asked = quoter.asking.asked(quoter.live, request, quoter.shy)
    tight = tightest(quoter, asked)[0]
    later = first_offer(quoter, replace(request, by=None), soon=True)
    if tight.kind == "date":
        return ("date" if later is not None else "horizon"), tight.id, later
    return tight.kind, tight.id, later
