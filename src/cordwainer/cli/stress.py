"""`cordwainer stress`: carry a plan out in many worlds that are not as planned, and say how many orders stay on time."""

from __future__ import annotations

from typing import Annotated

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import opened
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath
from cordwainer.core import Text


def stress(
    cluster: ClusterPath,
    plan: PlanPath,
    worlds: Annotated[int, typer.Option(min=2, help=both("number of worlds", "情景数"))] = 200,
    minutes: Annotated[
        float,
        typer.Option(
            min=0, max=0.9, help=both("minutes of a stage are off by up to this share", "工序工时最多偏差此比例")
        ),
    ] = 0.4,
    absence: Annotated[
        float, typer.Option(min=0, max=0.5, help=both("mean share of hands absent", "平均缺勤比例"))
    ] = 0.05,
    late: Annotated[
        float, typer.Option(min=0, max=1, help=both("share of deliveries that are late", "到货延迟的比例"))
    ] = 0.15,
    late_weeks: Annotated[int, typer.Option(min=1, help=both("by how many weeks at most", "最多延迟几周"))] = 2,
    seed: Annotated[int, typer.Option(min=0, help=both("seed of the worlds", "情景的随机种子"))] = 1,
    rows: Annotated[
        int,
        typer.Option(
            min=0,
            help=both("most orders shown, the shakiest first; 0 shows all", "最多显示几张订单，最不稳的在前；0 为全部"),
        ),
    ] = 10,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Stress a plan."""
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.exchange import View, ViewColumn
    from cordwainer.planning import Worlds
    from cordwainer.planning import stress as tried

    chosen = Worlds(count=worlds, minutes=minutes, absence=absence, late=late, late_periods=late_weeks, seed=seed)
    result = tried(found, made, chosen)
    screen.say(result.told)
    screen.say(
        Text(
            f"With everything as planned, the same dispatch has {100 * result.still:.1f} % on time.",
            f"一切如计划时，同样的派工有 {100 * result.still:.1f} % 按时。",
        )
    )
    columns = (
        ViewColumn("order", Text("Order", "订单"), "id"),
        ViewColumn("on_time", Text("On time in so many worlds", "按时的情景占比"), "share"),
        ViewColumn("days_late", Text("Days late on average", "平均延期天数"), "number"),
    )
    screen.view(
        View("stress", Text("Orders, the shakiest first", "订单（最不稳的在前）"), columns, result.orders), rows
    )
    screen.data(
        {
            "worlds": worlds,
            "on_time_share": result.mean,
            "low": result.low,
            "high": result.high,
            "planned_share": result.planned,
            "undisturbed_share": result.still,
            "net_gap": result.net_gap,
            "orders": result.orders.to_dicts(),
        }
    )


stress.__doc__ = both(
    "Stress a plan: seeded worlds with other minutes, absences and late leather, in which the same lots are made on the same lines and put off "
    "where they do not fit; share of orders on time, with its interval. `plan --buffer` moves it.",
    "检验计划是否稳健：在工时偏差、缺勤、来料延迟的情景中，同样的批次在同样的产线上生产，放不下就顺延；给出按时订单的占比与区间。"
    "可用 plan --buffer 改善。",
)
