"""A planned sample and a planned tiny cluster that the tests of quoting share."""

from __future__ import annotations

from datetime import date
from functools import cache
from random import Random

import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import weeks
from cordwainer.planning import Settings, plan
from cordwainer.quoting import Quoter, Request, live_of
from tests.properties import tiny
from tests.samples import first_sample

MONDAY = date(2026, 3, 2)


@cache
def planned() -> tuple[Cluster, Plan]:
    """Return the sample S and a quick plan of it that leaves some room free."""
    cluster = first_sample("S")
    return cluster, plan(cluster, Settings(work=0, time_s=None, threads=1, buffer=0.15))


def changed(**frames: pl.DataFrame) -> tuple[Cluster, Plan]:
    """Return the sample with some tables in place of its own, and its plan as one of that; nothing that is used may change."""
    cluster, made = planned()
    other = cluster.replace(**frames)
    head = made["plan"].with_columns(cluster_hash=pl.lit(other.hash))
    return other, Plan.build({**made.frames, "plan": head})


def quoter() -> Quoter:
    """Return a quoter on a fresh live state of the planned sample."""
    return Quoter(live_of(*planned()))


def asks(count: int, seed: int = 1, share: int = 8) -> list[Request]:
    """Return requests like the orders of the sample, for part of their pairs; every second one is a repeat."""
    rng, cluster = Random(seed), planned()[0]  # noqa: S311
    orders = cluster["order"].join(cluster["purchase_order"].select("po", "buyer"), on="po").to_dicts()
    found = []
    for k in range(count):
        o = rng.choice(orders)
        found.append(
            Request(
                request=f"R{k}",
                buyer=o["buyer"],
                style=o["style"],
                pairs=max(30, o["pairs"] // share),
                repeat_of=o["order"] if k % 2 else None,
                approval_needed=o["approval_needed"],
                most_makers=o["most_makers"] or 0,
                rule=("cost-plus", "opportunity")[k % 3 == 2],
                currency=("CNY", "USD")[k % 5 == 4],
                tax_included=k % 4 != 3,
            )
        )
    return found


def tiny_case(seed: int, *, easy: bool = False) -> tuple[Cluster, Plan]:
    """Return a tiny cluster with a plan of it; an ``easy`` one has enough people, tools and permits for a pair more."""
    rng = Random(seed)  # noqa: S311
    cluster = tiny.cluster(rng)
    frames = {"policy": pl.concat([cluster["policy"], _policy(cluster, "sample_days", 0.0)])}
    if easy:
        frames["worker_skill"] = cluster["worker_skill"].with_columns(workers=pl.lit(5, pl.Int64))
        frames["tool"] = cluster["tool"].with_columns(pairs_day=pl.lit(5, pl.Int64))
        frames["cap"] = cluster["cap"].with_columns(amount=pl.lit(90_000.0))
        frames["line_statement"] = cluster["line_statement"].with_columns(share_offered=pl.lit(0.05))
    cluster = cluster.replace(**frames)
    return cluster, plan(cluster, Settings(calendar=weeks(MONDAY, 2), work=1, time_s=None, threads=1))


def _policy(cluster: Cluster, name: str, value: float) -> pl.DataFrame:
    row = {"name": name, "key": "-", "value": value, "verified": False}
    types = cluster["policy"].schema
    return pl.DataFrame([{c: row.get(c) for c in types}], schema=types)
