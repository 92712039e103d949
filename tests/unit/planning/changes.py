"""Things that happen to a cluster after it was planned, as changed tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import polars as pl

from cordwainer.cluster import Cluster, Plan

Change = Callable[[Cluster, Plan], Cluster]


def busiest(plan: Plan) -> str:
    """Return the line with most work in a plan."""
    load = plan["line_period"].group_by("line").agg(pl.col("load_mmin").sum()).sort("load_mmin", "line")
    return str(load["line"][-1])


def booked(cluster: Cluster, plan: Plan, line: str, since: int) -> Cluster:
    """Return the cluster in which a line has no hours from a period of the plan on."""
    table, day = cluster["line_booked"], plan.periods[since].start
    row = pl.DataFrame(
        {"line": [line], "date_from": [day], "date_to": [plan.periods[-1].end + timedelta(days=1)], "minutes": [10**9]},
        schema=table.schema,
    )
    return cluster.replace(line_booked=pl.concat([table, row]))


def line_lost(cluster: Cluster, plan: Plan) -> Cluster:
    """The busiest line has no hours from the second period on."""
    return booked(cluster, plan, busiest(plan), 1)


def line_gone(cluster: Cluster, plan: Plan) -> Cluster:
    """The busiest line is taken out of all tables."""
    line = busiest(plan)
    tables = ("line", "line_statement", "line_makes", "line_flow", "line_booked")
    return cluster.replace(**{t: cluster[t].filter(pl.col("line") != line) for t in tables})


def order_removed(cluster: Cluster, plan: Plan) -> Cluster:
    """The placed order with the largest pairs is taken out of all tables."""
    placed = plan["order_plan"].filter(pl.col("pairs_in_lots") > 0).sort("pairs_in_lots", "order")["order"][-1]
    tables = [name for name, frame in cluster.frames.items() if "order" in frame.columns]
    return cluster.replace(**{t: cluster[t].filter(pl.col("order") != placed) for t in tables})


def order_added(cluster: Cluster, plan: Plan) -> Cluster:
    """A second order like the first placed one is asked for."""
    placed = plan["order_plan"].filter(pl.col("pairs_in_lots") > 0)["order"][0]
    tables = {}
    for name in ("order", "order_size", "order_requirement", "order_maker"):
        frame = cluster[name]
        mine = frame.filter(pl.col("order") == placed).with_columns(order=pl.lit("NEW1"))
        tables[name] = pl.concat([frame, mine])
    return cluster.replace(**tables)


def pairs_changed(cluster: Cluster, plan: Plan) -> Cluster:
    """The first placed order asks for a third more, the second for a third less."""
    more, less = plan["order_plan"].filter(pl.col("pairs_in_lots") > 0)["order"][:2]
    pairs = (
        pl.when(pl.col("order") == more)
        .then(pl.col("pairs") * 4 // 3)
        .when(pl.col("order") == less)
        .then(pl.col("pairs") * 2 // 3)
        .otherwise("pairs")
    )
    sizes = cluster["order_size"].filter(~pl.col("order").is_in([more, less]))
    return cluster.replace(order=cluster["order"].with_columns(pairs=pairs), order_size=sizes)


def certificates_end(cluster: Cluster, plan: Plan) -> Cluster:
    """Every certificate ends in the middle of the plan."""
    half = plan.periods[len(plan.periods) // 2].start
    ended = pl.min_horizontal("valid_to", pl.lit(half))
    return cluster.replace(certificate=cluster["certificate"].with_columns(valid_to=ended))


def stock_gone(cluster: Cluster, plan: Plan) -> Cluster:
    """There is no stock any more."""
    del plan
    return cluster.replace(stock=cluster["stock"].clear(), inbound=cluster["inbound"].clear())


CHANGES: dict[str, Change] = {
    c.__name__: c
    for c in (line_lost, line_gone, order_removed, order_added, pairs_changed, certificates_end, stock_gone)
}
