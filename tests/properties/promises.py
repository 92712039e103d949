"""Random promises for the tiny clusters: too large, too early, too late, on lines that no longer make such shoes."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import polars as pl

from cordwainer.cluster import Cluster, polars_schema
from tests.properties import tiny

MONDAY = date(2026, 3, 2)
STATUS = ("accepted", "accepted", "offered", "offered", "declined", "released")


def _split(rng: Random, pairs: int) -> list[int]:
    """Return pairs in one part or two."""
    first = rng.randint(1, pairs)
    return [first] if first == pairs else [first, pairs - first]


def promises(rng: Random) -> dict[str, pl.DataFrame]:
    """Return up to three promised lots whose ids are such as the engine would choose."""
    lots: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    work: list[dict[str, Any]] = []
    for lot in rng.sample(["A-1", "A-2", "B-1", "x"], rng.randint(0, 3)):
        order = rng.choice(list(tiny.PAIRS)) if lot == "x" else lot[0]
        pairs = rng.choice([1, 1, 2, 3, 40])
        lots.append({"lot": lot, "order": order, "pairs": pairs, "status": rng.choice(STATUS)})
        for stage, able in tiny.LINES.items():
            lines.append({"lot": lot, "stage": stage, "line": rng.choice(able)})
            days = rng.sample(range(-15, 30), 2)
            work += [
                {"lot": lot, "stage": stage, "start_date": MONDAY + timedelta(days=day), "pairs": n}
                for day, n in zip(days, _split(rng, pairs), strict=False)
            ]
    rows = {"promise": lots, "promise_line": lines, "promise_work": work}
    return {
        name: pl.DataFrame([{c: r.get(c) for c in polars_schema(name)} for r in made], schema=polars_schema(name))
        for name, made in rows.items()
    }


def cluster(rng: Random) -> Cluster:
    """Return a tiny cluster with such promises; now and then a line makes other shoes, or an order has a narrow window."""
    base = tiny.cluster(rng)
    frames = promises(rng)
    if rng.random() < 0.5:
        other = pl.col("line") == rng.choice(["C1", "L1"])
        frames["line_makes"] = base["line_makes"].with_columns(
            category=pl.when(other).then(pl.lit("boot")).otherwise("category")
        )
    if rng.random() < 0.3:
        frames["order"] = base["order"].with_columns(latest_date=pl.col("due_date"))
    return base.replace(**frames)


def freeze_date(rng: Random) -> date | None:
    """Return a day before which promised work stays."""
    return rng.choice([None, MONDAY, MONDAY + timedelta(days=4), MONDAY + timedelta(days=40)])
