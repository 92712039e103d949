"""Work and places: how many people the lines of a plan need, by district and stage, before and after."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from cordwainer.cluster import Cluster, Plan, line_facts

_MILLI = 1000


def places(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return line, district, stage and ``places``: people whom its work keeps busy over the weeks in which the line works as usual.

    Minutes of work over what one of its people works in the plan; None where the line offers nothing.
    """
    facts = line_facts(cluster, plan.periods)
    worker = pl.DataFrame({"line": list(facts.lines), "worker": facts.worker.sum(axis=1)})
    load = plan["line_period"].group_by("line").agg(pl.col("load_mmin").sum())
    site = cluster["site"].select("site", "district")
    return (
        cluster["line"]
        .select("line", "site", "stage")
        .join(site, on="site")
        .join(load, on="line", how="left")
        .join(worker, on="line", how="left")
        .with_columns(places=pl.when(pl.col("worker") > 0).then(pl.col("load_mmin").fill_null(0) / pl.col("worker")))
        .select("line", "district", "stage", "places")
    )


def people_short(cluster: Cluster, before: Plan, after: Plan, gone: Collection[str]) -> float:
    """Return how many people more the lines that stay need after a change: the sum over districts and stages that need more."""
    return float(offered(cluster, before, after, gone)["offered"].sum())


def offered(cluster: Cluster, before: Plan, after: Plan, gone: Collection[str]) -> pl.DataFrame:
    """Return district, stage and places ``offered``: by how much the work of the lines that stay grew, not below 0."""
    old, new = places(cluster, before), places(cluster, after)
    both = old.join(new.select("line", now="places"), on="line").filter(~pl.col("line").is_in(list(gone)))
    grew = (pl.col("now").fill_null(0) - pl.col("places").fill_null(0)).sum().clip(lower_bound=0)
    return both.group_by("district", "stage").agg(offered=grew).sort("district", "stage")
