"""`cordwainer offers`: what was offered and what became of it; what was accepted, as cluster and plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cordwainer.cli.desk import Brand, Buyer, LogPath, Today, desk_at, now, side_of
from cordwainer.cli.language import both
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath
from cordwainer.cli.outputs import format_for, refuse_inputs
from cordwainer.core import Text, UserError


def offers(
    cluster: ClusterPath,
    plan: PlanPath,
    log: LogPath,
    to_cluster: Annotated[
        Path | None,
        typer.Option(
            help=both("write the cluster with what was accepted as orders and promises", "写出含已接受订单与承诺的集群")
        ),
    ] = None,
    with_held: Annotated[
        bool,
        typer.Option(
            "--with-held",
            help=both("held offers too, so that a new plan keeps their room", "连同保留中的报价，使新计划为其留位"),
        ),
    ] = False,
    back: Annotated[
        bool,
        typer.Option(
            "--back", help=both("carry the offers back to a plan that they have left", "把报价转回已离开的计划")
        ),
    ] = False,
    buyer: Buyer = None,
    brand: Brand = False,
    today: Today = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """List offers."""
    side = side_of(buyer, brand=brand)
    if brand and to_cluster is not None:
        raise UserError(
            "usage",
            Text(
                "--to-cluster is for the planner, not with --brand.", "--to-cluster 供计划员使用，不能与 --brand 同用。"
            ),
            Text("Leave one of them out.", "请去掉其中之一。"),
        )
    if to_cluster is not None:
        form = format_for(to_cluster, None)
        refuse_inputs(to_cluster, cluster, plan, log)
        from cordwainer.exchange import refuse_place

        refuse_place(to_cluster, form, "cluster")
    screen, desk = desk_at(cluster, plan, log, today, lang, as_json, brand=brand, back=back)
    from cordwainer.exchange import write_cluster
    from cordwainer.quoting import brand_entry, offers_view, planner_entry

    entries = desk.entries(now(), side)
    screen.view(offers_view(entries, brand=brand))
    screen.data([brand_entry(desk, e) if brand else planner_entry(desk, e) for e in entries])
    if to_cluster is not None:
        write_cluster(desk.cluster(held=with_held), to_cluster, form)
        screen.note(Text(f"Cluster written to {to_cluster}; plan it anew.", f"集群已写入 {to_cluster}，请重新排产。"))


offers.__doc__ = both(
    "List the offers of a log with what became of them; --to-cluster writes what was accepted as orders and promises, "
    "the one step before planning anew.",
    "列出日志中的报价及其状态；--to-cluster 把已接受的报价写成订单与承诺，重新排产前只需这一步。",
)
