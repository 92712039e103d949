"""Bring it home: for every order made outside today, the price or date at which it would be placed here, and what limits it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import polars as pl

from cordwainer.core import ceil_div
from cordwainer.quoting.live import SparseUse
from cordwainer.quoting.nearest import first_proposal, tightest
from cordwainer.quoting.offers import Offer
from cordwainer.quoting.options import prices_for, repeated
from cordwainer.quoting.pricing import net_price, terms_of
from cordwainer.quoting.proposal import Proposal, propose
from cordwainer.quoting.quoting import Quoter
from cordwainer.quoting.request import Request

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
        What the plan would be worth more with it alone at its price now, lateness and what it earns outside taken off.
    together_fen
        The same in the room that the orders before it leave, most valuable first; 0 where it does not fit beside them or is
        worth nothing there, None where its worth alone is not known. These figures add up, those of orders alone do not.
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
    together_fen: int | None = None


@dataclass(frozen=True)
class _Away:
    """An order made outside: its row, the request that it is, what it earns outside in fen."""

    row: dict[str, Any]
    request: Request
    earns: int


def localise(quoter: Quoter) -> pl.DataFrame:
    """Return one row of `Home` for every order made outside today of which the plan does not make all pairs here.

    Each is looked at twice: alone in the room that the plan leaves, and beside all that are worth more than it.
    """
    away = list(_away(quoter))
    district = dict(quoter.live.ground.cluster["firm"].select("firm", "district").iter_rows())
    alone = [_home(quoter, x, district) for x in away]
    rows = [vars(home) for home in _beside_each_other(quoter, away, alone)]
    types = dict.fromkeys(("pairs", "price_fen", "needed_fen", "worth_fen", "together_fen"), pl.Int64)
    types |= {"due": pl.Date, "ready": pl.Date}  # type: ignore[dict-item]
    return pl.DataFrame(rows, schema={f.name: types.get(f.name, pl.String) for f in fields(Home)})


def summed(homes: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return orders, pairs and worth of what is brought home together by market, buyer, district or cause, most pairs first.

    ``alone_fen`` is the sum of what each order would be worth alone, which is not to be had at once.
    """
    gain = pl.col("worth_fen").fill_null(0).clip(lower_bound=0)
    return (
        homes.group_by(by)
        .agg(
            orders=pl.len().cast(pl.Int64),
            pairs=pl.col("pairs").sum(),
            could_come=pl.col("pairs").filter(pl.col("together_fen") > 0).sum(),
            together_fen=pl.col("together_fen").fill_null(0).sum(),
            alone_fen=gain.sum(),
        )
        .sort("pairs", by, descending=[True, False], nulls_last=True)
    )


def _away(quoter: Quoter) -> Iterator[_Away]:
    cluster, plan = quoter.live.ground.cluster, quoter.live.plan
    po = cluster["purchase_order"].select("po", "buyer", "currency", "tax_included", "payment_term")
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
    for row in rows.iter_rows(named=True):
        request = request_of(row, wanted.get(row["order"], []), makers.get(row["order"], []))
        yield _Away(row, request, earned.get(row["order"], 0))


def _many(frame: pl.DataFrame) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for first, *rest in frame.iter_rows():
        found.setdefault(first, []).append(tuple(rest))
    return found


def request_of(row: dict[str, Any], standards: list[tuple[Any, ...]], makers: list[tuple[Any, ...]]) -> Request:
    """Return the pairs of an order that are made outside as a request."""
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
        payment_term=row["payment_term"],
        repeat_of=row["repeat_of"],
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


def _home(quoter: Quoter, away: _Away, district: dict[str, str | None]) -> Home:
    row, request = away.row, away.request
    found, cause, limit = cheapest(quoter, request), "none", ""
    if found is None:
        cause, limit, found = _kept_away(quoter, request)
    offer = None if found is None else quoter.offered(found, "home")
    net = net_price(terms_of(quoter.live.ground, request), row["price"])
    needed = None if offer is None else ceil_div(offer.costs["capacity"] + _booked(offer), request.pairs)
    if cause == "none" and needed is not None and needed > net:
        cause = "price"
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
        worth_fen=None if found is None else _worth(quoter, away, found),
    )


def cheapest(quoter: Quoter, request: Request) -> Proposal | None:
    """Return the proposal that takes least from the plan: where it was made before, or anywhere."""
    found = [first_proposal(quoter, request, soon=False)]
    made, live = quoter.made(request), quoter.live
    if made is not None:
        prices = prices_for(live, quoter.asking.asked(live, request))
        asked, lots = repeated(live, quoter.asking, request, made, prices)
        found.append(None if lots is None else propose(live, quoter.shelf, asked, lots))
    return min((p for p in found if p is not None), key=lambda p: p.costs.booked, default=None)


def _worth(quoter: Quoter, away: _Away, found: Proposal) -> int:
    request, ready = away.request, quoter.live.ground.periods[found.last].end
    net = net_price(terms_of(quoter.live.ground, request), away.row["price"])
    return net * request.pairs - found.costs.booked - _late(away.row, request, ready) - away.earns


def _beside_each_other(quoter: Quoter, away: list[_Away], alone: list[Home]) -> list[Home]:
    """Return the orders with what each is worth beside those that are worth more, placed in one room one after another.

    An order is placed as it would be alone with the wish given up that keeps it away; the room is left as it was.
    """
    worth = [home.worth_fen or 0 for home in alone]
    together = [None if home.worth_fen is None else 0 for home in alone]
    taken: list[SparseUse] = []
    for k in sorted(range(len(alone)), key=lambda k: (-worth[k], alone[k].order)):
        if worth[k] <= 0:
            break
        found = cheapest(quoter, away[k].request) or _kept_away(quoter, away[k].request)[2]
        gain = 0 if found is None or not quoter.live.fits(found.use) else _worth(quoter, away[k], found)
        if found is not None and gain > 0:
            quoter.live.take(found.use, 1, base=True)
            taken.append(found.use)
            together[k] = gain
    for use in reversed(taken):
        quoter.live.take(use, -1, base=True)
    return [replace(home, together_fen=fen) for home, fen in zip(alone, together, strict=True)]


def _booked(offer: Offer) -> int:
    names = ("labour", "overtime", "piece", "transfer", "carbon", "purchase")
    return sum(offer.costs[n] for n in names)


def _late(row: dict[str, Any], request: Request, ready: date) -> int:
    days = max(0, (ready - (request.by or ready)).days)
    return ceil_div(request.pairs * int(row["late_fen_pair_week"]) * days, 7)


def _kept_away(quoter: Quoter, request: Request) -> tuple[str, str, Proposal | None]:
    """Return what keeps an order away, which one, and the proposal that would fit without it."""
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
        found = cheapest(quoter, changed)
        if found is not None:
            return cause, limit, found
    asked = quoter.asking.asked(quoter.live, request, quoter.shy)
    tight = tightest(quoter, asked)[0]
    later = first_proposal(quoter, replace(request, by=None), soon=True)
    if tight.kind == "date":
        return ("date" if later is not None else "horizon"), tight.id, later
    return tight.kind, tight.id, later
