"""Quote against a planned sample, beside the rule of the office and a full replan of every request."""

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan, sample
from cordwainer.exchange import read_cluster, read_plan, write_cluster, write_plan
from cordwainer.planning import Settings, plan
from cordwainer.quoting import (
    Offer,
    OfferLot,
    Quoter,
    Request,
    cluster_with,
    live_of,
    office_offer,
    open_desk,
    plan_with,
    searched_offer,
)

SEED = 1
OUT_SHARE = 10
"""One order in so many is taken out of the plan, and asked for again as if it came in now."""
BEST_OF = 2
"""Times that each request is quoted."""


class Case(NamedTuple):
    """A planned sample, the lots that were taken out, and the requests for them."""

    cluster: Cluster
    plan: Plan
    without: frozenset[str]
    requests: list[Request]
    ready_s: float


def prepared(size: str, seconds: float, count: int, given: Plan | None = None) -> Case:
    """Plan a sample, take orders out, and measure how long the live state takes, reading included.

    Samples count as approved (policy ``sample_days``), so that what a quote may do is what a plan may do.

    Parameters
    ----------
    size
        S, M or L.
    seconds
        Time to plan, s.
    count
        Most requests.
    given
        A plan of the same sample that is there already; None: it is made.

    Returns
    -------
    Case
        ``ready_s`` is the better of two runs: the first compiles and fills caches.
    """
    cluster = approved(sample(size, SEED))
    made = plan(cluster, Settings(time_s=seconds)) if given is None else restamped(cluster, given)
    rng = Random(SEED)  # noqa: S311
    orders = cluster["order"].join(cluster["purchase_order"], on="po").to_dicts()
    asked = rng.sample(orders, len(orders) // OUT_SHARE)
    names = [o["order"] for o in asked]
    without = frozenset(made["lot"].filter(pl.col("order").is_in(names))["lot"])
    times = []
    with tempfile.TemporaryDirectory() as folder:
        write_cluster(cluster, Path(folder) / "cluster", "parquet")
        write_plan(made, Path(folder) / "plan", "parquet")
        for _ in range(2):
            began = time.perf_counter()
            read, of = read_cluster(Path(folder) / "cluster").cluster, read_plan(Path(folder) / "plan").plan
            open_desk(read, of, None)
            times.append(time.perf_counter() - began)
    known = {o["order"]: (o["style"], o["buyer"]) for o in orders}
    requests = [request_for(o, known) for o in asked[:count]]
    return Case(cluster, made, without, requests, min(times))


def approved(cluster: Cluster) -> Cluster:
    """Return a cluster in which samples take no days."""
    row = {"name": "sample_days", "key": "-", "value": 0.0, "verified": False}
    types = cluster["policy"].schema
    new = pl.DataFrame([{c: row.get(c) for c in types}], schema=types)
    return cluster.replace(policy=pl.concat([cluster["policy"], new]))


def restamped(cluster: Cluster, made: Plan) -> Plan:
    """Return a plan of the same orders and lines as one of a cluster that differs in policies of quoting only."""
    return Plan.build({**made.frames, "plan": made["plan"].with_columns(cluster_hash=pl.lit(cluster.hash))})


def request_for(order: dict[str, Any], known: dict[str, tuple[str, str]]) -> Request:
    """Return the request that would lead to an order; one that repeats another of the same style and buyer is a repeat.

    Parameters
    ----------
    order
        Its row, with those of its purchase order.
    known
        Style and buyer of every order.

    Returns
    -------
    Request
        With the id of the order.
    """
    before = order["repeat_of"]
    return Request.of(
        {
            "request": order["order"],
            "buyer": order["buyer"],
            "style": order["style"],
            "pairs": order["pairs"],
            "by": order["latest_date"],
            "earliest": order["earliest_date"],
            "approval_needed": order["approval_needed"],
            "most_makers": order["most_makers"] or 0,
            "smallest_lot": order["smallest_lot_pairs"],
            "currency": order["currency"],
            "tax_included": order["tax_included"],
            "repeat_of": before if known.get(before) == (order["style"], order["buyer"]) else None,
        }
    )


class Quoted(NamedTuple):
    """Seconds of every quote and of every quote of a repeat, the offers of each, and quotes a second of one core."""

    seconds: list[float]
    repeats: list[float]
    offers: list[list[Offer]]
    per_second: float


def quoted(case: Case) -> Quoted:
    """Quote all requests one by one, after a few that compile what is compiled at first use.

    Seconds are computing time of one core, which is what a quote takes where nothing else runs; the best of a few.
    """
    quoter = Quoter(live_of(case.cluster, case.plan, without=case.without))
    for request in case.requests[:20]:
        quoter.quote(request)
    seconds, repeats, offers = list[float](), list[float](), []
    began = time.process_time()
    for request in case.requests:
        spent = []
        for _ in range(BEST_OF):
            start = time.thread_time()
            found = quoter.quote(request)
            spent.append(time.thread_time() - start)
        offers.append(found)
        (repeats if quoter.made(request) else seconds).append(min(spent))
    return Quoted(seconds, repeats, offers, BEST_OF * len(case.requests) / (time.process_time() - began))


def quantile(values: list[float], share: float) -> float:
    """Return a quantile of some values."""
    return float(np.quantile(values, share))


class Beside(NamedTuple):
    """A way to quote beside the quotes.

    Parameters
    ----------
    found, quoted, both
        Requests for which it finds a way, for which the quote finds one, and for which both do (count).
    same
        Of those: on the same lines (count).
    as_good
        Of those: worth no more than the quote by one fen a pair (count).
    more_fen_pair
        What a pair earns more than by the quote at the same price, one for each of those, fen.
    """

    found: int
    quoted: int
    both: int
    same: int
    as_good: int
    more_fen_pair: list[float]


def beside(offers: list[list[Offer]], others: list[Offer | None]) -> Beside:
    """Compare the offers that take least from the plan with those of another way.

    Parameters
    ----------
    offers
        Of each request.
    others
        What the other way found for each, or None.

    Returns
    -------
    Beside
        The comparison.
    """
    both = [(min(mine, key=booked), other) for mine, other in zip(offers, others, strict=True) if mine and other]
    more = [(booked(mine) - booked(other)) / mine.request.pairs for mine, other in both]
    return Beside(
        found=sum(o is not None for o in others),
        quoted=sum(bool(o) for o in offers),
        both=len(both),
        same=sum(lines_of(mine) == lines_of(other) for mine, other in both),
        as_good=sum(m <= 1 for m in more),
        more_fen_pair=more,
    )


def booked(offer: Offer) -> int:
    """Return what an offer takes from the contribution of the plan before its price, fen."""
    return offer.net_fen * offer.request.pairs - offer.contribution_fen


def lines_of(offer: Offer) -> set[str]:
    """Return the lines that work on an offer."""
    return {line for lot in offer.lots for line in lot.lines.values()}


def office(case: Case) -> list[Offer | None]:
    """Return what the office rule finds for every request."""
    quoter = Quoter(live_of(case.cluster, case.plan, without=case.without))
    return [office_offer(quoter, r) for r in case.requests]


def searched(case: Case, tries: int, count: int) -> list[Offer | None]:
    """Return what a long search in the same room finds for the first requests."""
    quoter = Quoter(live_of(case.cluster, case.plan, without=case.without))
    return [searched_offer(quoter, r, tries, SEED) for r in case.requests[:count]]


def replanned(case: Case, count: int, *, all_else_stays: bool) -> tuple[list[list[Offer]], list[Offer | None]]:
    """Return quotes for the first requests against a plan without them, and what planning anew with each as an order makes of it.

    With ``all_else_stays`` all lots that the case's plan makes are promises in both plans, else both are made from nothing. The
    ``contribution_fen`` of a replan is the plan with the order, at the quote's price, less the plan without it.
    """
    quotes: list[list[Offer]] = []
    found: list[Offer | None] = []
    settings = Settings(calendar=case.plan.periods, work=1, time_s=None)
    base = standing(case) if all_else_stays else others(case, [r.request for r in case.requests[:count]])
    before = plan(base, settings)
    quoter = Quoter(live_of(base, before))
    for request in case.requests[:count]:
        alone = replace(request, repeat_of=None)
        quotes.append(quoter.quote(alone))
        if not quotes[-1]:
            found.append(None)
            continue
        best = min(quotes[-1], key=booked).named(f"Q-{request.request}")
        start = request.earliest or case.plan.first_date
        ready = max(start, request.by or case.plan.periods[-1].end)
        asked = replace(best, request=alone, start=start, ready=ready)
        after = plan(cluster_with(base, [asked], promised=False), settings)
        placed = after["outcome"].filter(order=best.offer)["outcome"][0] == "placed"
        added = after.head["contribution_fen"] - before.head["contribution_fen"]
        found.append(replace(best, lots=lots_in(after, best.offer), contribution_fen=added) if placed else None)
    return quotes, found


def lots_in(made: Plan, order: str) -> tuple[OfferLot, ...]:
    """Return the lots of an order in a plan, by lines only."""
    lots = made["lot"].filter(order=order)
    lines: dict[str, dict[str, str]] = {}
    for lot, stage, line in made["lot_line"].join(lots, on="lot", how="semi").iter_rows():
        lines.setdefault(lot, {})[stage] = line
    return tuple(OfferLot(pairs, lines[lot], ()) for lot, pairs in lots.select("lot", "pairs").iter_rows())


def others(case: Case, orders: list[str]) -> Cluster:
    """Return the cluster without some orders."""
    frames = {t: case.cluster[t].filter(~pl.col("order").is_in(orders)) for t in _OF_ORDERS}
    frames["order"] = frames["order"].with_columns(
        repeat_of=pl.when(~pl.col("repeat_of").is_in(orders)).then(pl.col("repeat_of"))
    )
    return case.cluster.replace(**frames)


def standing(case: Case) -> Cluster:
    """Return the cluster with the plan's lots as accepted promises, without the orders that it does not make whole here."""
    made = case.plan
    whole = (
        made["order_plan"].join(case.cluster["order"], on="order").filter(pl.col("pairs_in_lots") == pl.col("pairs"))
    )
    lots = made["lot"].filter(~pl.col("lot").is_in(sorted(case.without))).join(whole, on="order", how="semi")
    cluster = others(case, sorted(set(case.cluster["order"]["order"]) - set(lots["order"])))
    start = made["plan_period"].select("period", "start_date")
    work = made["work"].join(lots, on="lot", how="semi").join(start, on="period")
    rows = {
        "promise": lots.select("lot", "order", "pairs", status=pl.lit("accepted")),
        "promise_line": made["lot_line"].join(lots, on="lot", how="semi"),
        "promise_work": work.select("lot", "stage", "start_date", "pairs"),
    }
    return cluster.replace(**rows)


_OF_ORDERS = ("order", "order_size", "order_maker", "order_requirement", "order_milestone")


def wrong(case: Case, offers: list[list[Offer]], count: int) -> int:
    """Return how many of some offers do not add to the plan what they promise, as the referee computes it."""
    some = [o for each in offers for o in each][:count]
    bare = Plan.build(
        {
            **case.plan.frames,
            **{t: case.plan[t].filter(~pl.col("lot").is_in(sorted(case.without))) for t in ("lot", "lot_line", "work")},
        }
    )
    outcomes = bare["outcome"].with_columns(
        outcome=pl.when(pl.col("order").is_in(bare["lot"]["order"].implode()))
        .then("outcome")
        .otherwise(pl.lit("declined"))
    )
    bare = Plan.build({**bare.frames, "outcome": outcomes})
    start = plan_with(case.cluster, bare, []).head["contribution_fen"]
    off = 0
    for offer in some:
        named = offer.named(f"Q-{offer.offer}")
        made = plan_with(cluster_with(case.cluster, [named]), bare, [named])
        off += made.head["contribution_fen"] - start != offer.contribution_fen
    return off
