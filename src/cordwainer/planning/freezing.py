"""Freeze an older plan: its lots that begin before a day become promises, which stand in every later plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from cordwainer.cluster import Cluster, Plan, line_facts


@dataclass(frozen=True)
class Freezing:
    """A cluster in which lots begun are promised; ``fresh`` are their ids, ``lost`` those of begun lots that cannot stand."""

    cluster: Cluster
    fresh: frozenset[str]
    lost: frozenset[str]


def frozen_before(cluster: Cluster, plan: Plan, day: date) -> Freezing:
    """Return the cluster with a promise for every lot of the plan whose work begins before a day and that has none yet.

    A lot cannot stand where its order, a stage or a line is gone, or where a line has no hours left in a period of its
    work that starts on or after the day.
    """
    starts = plan["plan_period"].select("period", "start_date")
    work = plan["work"].join(starts, on="period")
    begun = work.filter(pl.col("start_date") < day)["lot"].unique()
    lots = plan["lot"].filter(pl.col("lot").is_in(begun.implode())).join(cluster["promise"], on="lot", how="anti")
    lost = _cannot_stand(cluster, plan, lots, work.filter(pl.col("start_date") >= day))
    stand = lots.join(lost, on="lot", how="anti")
    if stand.is_empty():
        return Freezing(cluster, frozenset(), frozenset(lost["lot"]))
    added = {
        "promise": stand.with_columns(status=pl.lit("offered")),
        "promise_line": plan["lot_line"].join(stand, on="lot", how="semi"),
        "promise_work": work.join(stand, on="lot", how="semi"),
    }
    frames = {
        name: pl.concat([cluster[name], _fitted(cluster[name], rows)], how="vertical") for name, rows in added.items()
    }
    return Freezing(cluster.replace(**frames), frozenset(stand["lot"]), frozenset(lost["lot"]))


def _fitted(table: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with the columns of a table; what they do not have is blank."""
    return rows.select(
        (pl.col(c) if c in rows.columns else pl.lit(None)).cast(t).alias(c) for c, t in table.schema.items()
    )


def _cannot_stand(cluster: Cluster, plan: Plan, lots: pl.DataFrame, later: pl.DataFrame) -> pl.DataFrame:
    """Return the lots (column lot) that cannot stand; ``later`` is their work on or after the day."""
    lines = plan["lot_line"].join(lots.select("lot"), on="lot", how="semi")
    stages = cluster["line"].select("line", now="stage")
    gone = lines.join(stages, on="line", how="left").filter(
        pl.col("now").is_null() | (pl.col("now") != pl.col("stage"))
    )
    orders = lots.join(cluster["order"].select("order"), on="order", how="anti")
    shut = _shut(cluster, plan)
    idle = later.join(lines, on=["lot", "stage"]).join(shut, on=["line", "period"], how="semi")
    return pl.concat([frame.select("lot") for frame in (gone, orders, idle)]).unique()


def _shut(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return the lines and periods without any hours."""
    facts = line_facts(cluster, plan.periods)
    lines, periods = (facts.most <= 0).nonzero()
    return pl.DataFrame(
        {"line": [facts.lines[i] for i in lines], "period": periods},
        schema={"line": pl.String, "period": plan["plan_period"].schema["period"]},
    )
