"""Quote against a planned sample, beside the rule of the office and a full replan of every request."""

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan, sample
from cordwainer.exchange import read_cluster, read_plan, write_cluster, write_plan
from cordwainer.planning import Settings, plan
from cordwainer.quoting import Offer, Quoter, Request, cluster_with, live_of, office_offer, plan_with, searched_offer

SEED = 1
OUT_SHARE = 10
"""One order in so many is taken out of the plan, and asked for again as if it came in now."""


class Case(NamedTuple):
    """A planned sample, the lots that were taken out, and the requests for them."""

    cluster: Cluster
    plan: Plan
    without: frozenset[str]
    requests: list[Request]
    ready_s: float


def prepared(size: str, seconds: float, count: int) -> Case:
    """Plan a sample, take orders out, and measure how long the live state takes, reading included.

    Parameters
    ----------
    size
        S, M or L.
    seconds
        Time to plan, s.
    count
        Most requests.

    Returns
    -------
    Case
        ``ready_s`` is the better of two runs: the first compiles and fills caches.
    """
    cluster = sample(size, SEED)
    made = plan(cluster, Settings(time_s=seconds))
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
            live_of(read, of)
            times.append(time.perf_counter() - began)
    return Case(cluster, made, without, [request_for(o) for o in asked[:count]], min(times))


def request_for(order: dict[str, object]) -> Request:
    """Return the request that would lead to an order; its sample is approved already."""
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
            "repeat_of": order["order"],
        }
    )


class Quoted(NamedTuple):
    """Seconds of every quote, the offers of each, and quotes a second of one core."""

    seconds: list[float]
    offers: list[list[Offer]]
    per_second: float


def quoted(case: Case) -> Quoted:
    """Quote all requests one by one, after a few that compile what is compiled at first use."""
    quoter = Quoter(live_of(case.cluster, case.plan, without=case.without))
    for request in case.requests[:20]:
        quoter.quote(request)
    seconds, offers = [], []
    began = time.process_time()
    for request in case.requests:
        start = time.perf_counter()
        offers.append(quoter.quote(request))
        seconds.append(time.perf_counter() - start)
    return Quoted(seconds, offers, len(case.requests) / (time.process_time() - began))


def quantile(values: list[float], share: float) -> float:
    """Return a quantile of some values."""
    return float(np.quantile(values, share))


class Beside(NamedTuple):
    """A way to quote beside the quotes.

    Parameters
    ----------
    found, both
        Requests for which it finds a way, and for which the quote finds one too (count).
    same
        Of those: on the same lines (count).
    as_good
        Of those: worth no more than the quote by one fen a pair (count).
    more_fen_pair
        What a pair earns more than by the quote at the same price, one for each of those, fen.
    """

    found: int
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


def replanned(case: Case, offers: list[list[Offer]], seconds: float) -> list[float | None]:
    """Return what a full replan with the request as an order adds, less what the quote does, in yuan; None where it leaves it out.

    Both plans, with the order (at the quote's price) and without it, are made from nothing in the same time.
    """
    found: list[float | None] = []
    for request, mine in zip(case.requests[: len(offers)], offers, strict=True):
        if not mine:
            continue
        best = min(mine, key=booked)
        frames = {t: case.cluster[t].filter(pl.col("order") != request.request) for t in _OF_ORDERS}
        frames["order"] = frames["order"].with_columns(pl.col("repeat_of").replace({request.request: None}))
        others = case.cluster.replace(**frames)
        start = request.earliest or case.plan.first_date
        ready = max(start, request.by or case.plan.periods[-1].end)
        asked = replace(best, request=replace(request, repeat_of=None), start=start, ready=ready)
        with_it = cluster_with(others, [asked], promised=False)
        settings = Settings(calendar=case.plan.periods, time_s=seconds)
        before, after = plan(others, settings), plan(with_it, settings)
        placed = after["outcome"].filter(order=best.offer)["outcome"][0] == "placed"
        added = after.head["contribution_fen"] - before.head["contribution_fen"] - best.contribution_fen
        found.append(added / 100 if placed else None)
    return found


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
