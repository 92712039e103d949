"""Changes to a cluster that a planner asks about: a firm or line less, hours more, a certificate, an order less, another cap."""

from __future__ import annotations

from datetime import date

import polars as pl

from cordwainer.cluster import Cluster
from cordwainer.core import Text, UserError
from cordwainer.planning.stopping import without_orders


def lines_of(cluster: Cluster, id_: str) -> list[str]:
    """Return a line, or the lines of a firm.

    Raises
    ------
    UserError
        If the cluster has no line and no firm of that id, or the firm no line.
    """
    if id_ in cluster["line"]["line"]:
        return [id_]
    sites = cluster["site"].filter(pl.col("firm") == id_)
    lines = cluster["line"].join(sites.select("site"), on="site", how="semi")["line"].to_list()
    if not lines:
        raise UserError(
            "unknown-id",
            Text(
                f'The cluster has no line "{id_}" and no firm of that id with lines.',
                f"集群中没有产线“{id_}”，也没有此编号且有产线的企业。",
            ),
            Text("Look it up in tables line and firm.", "请在“产线”（line）与“企业”（firm）表中查找。"),
        )
    return lines


def without_lines(cluster: Cluster, id_: str) -> Cluster:
    """Return the cluster in which a line, or all lines of a firm, offer no hours; promises on them are let go."""
    lost = lines_of(cluster, id_)
    share = pl.when(pl.col("line").is_in(lost)).then(0.0).otherwise("share_offered")
    on_them = cluster["promise_line"].filter(pl.col("line").is_in(lost))["lot"]
    status = pl.when(pl.col("lot").is_in(on_them.implode())).then(pl.lit("released")).otherwise("status")
    return cluster.replace(
        line_statement=cluster["line_statement"].with_columns(share_offered=share),
        promise=cluster["promise"].with_columns(status=status),
    )


def more_hours(cluster: Cluster, id_: str, share: float) -> Cluster:
    """Return the cluster in which a line, or all lines of a firm, offer more hours (or fewer: a negative share).

    Where a line offers only a part of itself it offers more of it, else it has more people and makes more pairs a day.
    """
    wanted = lines_of(cluster, id_)
    mine = pl.col("line").is_in(wanted)
    offered = pl.col("share_offered") * (1 + share)
    fits = offered <= 1
    people = (pl.col("people") * (1 + share)).round(0).clip(lower_bound=1)
    pairs = (pl.col("pairs_day") * people / pl.col("people")).round(0).clip(lower_bound=1)
    table = cluster["line_statement"]
    return cluster.replace(
        line_statement=table.with_columns(
            share_offered=pl.when(mine & fits).then(offered.round(4)).otherwise("share_offered"),
            people=pl.when(mine & ~fits).then(people.cast(table.schema["people"])).otherwise("people"),
            pairs_day=pl.when(mine & ~fits).then(pairs.cast(table.schema["pairs_day"])).otherwise("pairs_day"),
        )
    )


def certified(cluster: Cluster, firm: str, standard: str, since: date, until: date) -> Cluster:
    """Return the cluster in which a firm holds a certificate for all its stages from one day to another."""
    cluster.require("firm", firm)
    table = cluster["certificate"]
    row = {
        "firm": firm,
        "standard": standard,
        "certificate": f"assumed-{standard}",
        "valid_from": since,
        "valid_to": until,
    }
    fresh = pl.DataFrame([{c: row.get(c) for c in table.columns}], schema=table.schema)
    return cluster.replace(certificate=pl.concat([table, fresh]))


def without_order(cluster: Cluster, order: str) -> Cluster:
    """Return the cluster without an order; what was promised of it is let go."""
    cluster.require("order", order)
    return without_orders(cluster, [order])


def other_cap(cluster: Cluster, cap: str, amount: float) -> Cluster:
    """Return the cluster in which a cap allows another amount, in the unit of its flow."""
    cluster.require("cap", cap)
    value = pl.when(pl.col("cap") == cap).then(amount).otherwise("amount")
    return cluster.replace(cap=cluster["cap"].with_columns(amount=value))
