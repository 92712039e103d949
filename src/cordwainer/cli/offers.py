"""`cordwainer offers`: what was offered and what became of it; what was accepted, as cluster and plan."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cordwainer.cli.desk import LogPath, Today, desk_at, now
from cordwainer.cli.language import both
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath
from cordwainer.cli.outputs import format_for, refuse_inputs
from cordwainer.core import Text


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
    today: Today = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """List offers."""
    if to_cluster is not None:
        form = format_for(to_cluster, None)
        refuse_inputs(to_cluster, cluster, plan, log)
        from cordwainer.exchange import refuse_place

        refuse_place(to_cluster, form, "cluster")
    screen, desk = desk_at(cluster, plan, log, today, lang, as_json)
    from cordwainer.exchange import write_cluster
    from cordwainer.quoting import offers_view, planner_entry

    entries = desk.entries(now())
    screen.view(offers_view(entries))
    screen.data([planner_entry(desk, e) for e in entries])
    if to_cluster is not None:
        write_cluster(desk.cluster(held=with_held), to_cluster, form)
        screen.note(Text(f"Cluster written to {to_cluster}; plan it anew.", f"集群已写入 {to_cluster}，请重新排产。"))


offers.__doc__ = both(
    "List the offers of a log with what became of them; --to-cluster writes what was accepted, to be planned around.",
    "列出日志中的报价及其状态；--to-cluster 把已接受的写入集群，供重新排产。",
)
