"""`cordwainer plan`: plan a cluster, write the plan, and have it certified."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cordwainer.cli.boundary import STOPPED
from cordwainer.cli.keeping import Keeper
from cordwainer.cli.language import both
from cordwainer.cli.loading import cluster_at
from cordwainer.cli.options import ClusterPath, FormatName, Json, Lang, OutPath
from cordwainer.cli.outputs import format_for, refuse_inputs
from cordwainer.cli.progress import Watch
from cordwainer.cli.screen import Screen
from cordwainer.cli.verdict import tell
from cordwainer.core import Text, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cordwainer.cluster import Cluster
    from cordwainer.core import Period

_Gap = Annotated[
    float, typer.Option(min=0, help=both("stop at this net gap (0.01 = 1 %)", "净差距达到此值即停（0.01 即 1 %）"))
]
_Time = Annotated[
    float | None,
    typer.Option(
        min=0.1,
        help=both(
            "stop after so many seconds (60 where --work is not given either)",
            "若干秒后停止（未给 --work 时默认 60）",
        ),
    ),
]
_Work = Annotated[
    int | None,
    typer.Option(
        min=0, help=both("stop after so many steps: repeatable to the byte", "若干步后停止：结果逐字节可重现")
    ),
]


def _day(en: str, zh: str) -> Any:  # noqa: ANN401
    return typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=both(en, zh))


_FirstDay = Annotated[
    datetime | None,
    _day(
        "first day of the plan (default: the Monday before the first day an order may start or is due)",
        "计划首日（默认：最早可开工日或交期所在周的周一）",
    ),
]
_FreezeDay = Annotated[
    datetime | None,
    _day(
        "lots on offer that start before this day stay, as accepted ones do",
        "此日之前开工的已发出批次与已接受批次一样保留",
    ),
]


def plan(
    cluster: ClusterPath,
    out: OutPath,
    gap: _Gap = 0.0,
    time: _Time = None,
    work: _Work = None,
    seed: Annotated[int, typer.Option(min=0, help=both("seed of the search", "搜索的随机种子"))] = 1,
    periods: Annotated[int | None, typer.Option(min=1, help=both("number of weeks", "计划周数"))] = None,
    first_date: _FirstDay = None,
    freeze_date: _FreezeDay = None,
    buffer: Annotated[
        float,
        typer.Option(
            min=0,
            max=0.9,
            help=both(
                "share of every line's minutes to leave free, so that the plan holds",
                "每条产线留出的工时比例，使计划更稳",
            ),
        ),
    ] = 0.0,
    format_: FormatName = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Plan a cluster."""
    screen = Screen.of(lang, as_json)
    form = format_for(out, format_)
    refuse_inputs(out, cluster)
    from cordwainer.exchange import refuse_place, write_plan

    refuse_place(out, form, "plan")
    found = cluster_at(cluster, screen)
    from cordwainer.planning import Settings, plan_periods
    from cordwainer.planning import plan as make
    from cordwainer.referee import judge

    settings = Settings(
        first_date=first_date.date() if first_date else None,
        periods=periods,
        freeze_date=freeze_date.date() if freeze_date else None,
        seed=seed,
        buffer=buffer,
        gap=gap,
        time_s=time if time is not None or work is not None else Settings().time_s,
        work=work,
    )
    _tell_left_out(screen, found, plan_periods(found, settings))
    watch = Watch(screen, Keeper(lambda so_far: write_plan(so_far, out, form), screen))
    with watch.listening():
        made = make(found, settings, watch)
    write_plan(made, out, form)
    _tell_written(screen, out, made.periods, given=first_date is not None)
    tell(screen, judge(found, made), made)
    if watch.stopped:
        raise typer.Exit(STOPPED)


def _tell_left_out(screen: Screen, cluster: Cluster, periods: Sequence[Period]) -> None:
    """Say how many orders have no day in the plan.

    Raises
    ------
    UserError
        If that is so of all of them: the plan would be empty.
    """
    import polars as pl

    first, last = periods[0].start, periods[-1].end
    orders = cluster["order"].select(
        "order", "due_date", "latest_date", begins=pl.coalesce("earliest_date", "due_date")
    )
    outside = orders.filter((pl.col("begins") > last) | (pl.col("latest_date") < first))
    if outside.is_empty():
        return
    opens: date = min(orders["begins"])
    closes: date = max(day for day in (*orders["latest_date"], *orders["due_date"]) if day is not None)
    remedy = Text(
        f"The orders ask for work from {opens} to {closes}: give --first-date and --periods so that the plan covers those days.",
        f"订单要求在 {opens} 至 {closes} 之间生产：请用 --first-date 与 --periods 让计划覆盖这些日期。",
    )
    span = Text(f"the plan from {first} to {last}", f"{first} 至 {last} 的计划")
    if outside.height == orders.height:
        raise UserError(
            "no-order-in-plan", Text(f"No order has a day in {span.en}.", f"没有订单落在 {span.zh}内。"), remedy
        )
    screen.note(
        Text(
            f"{outside.height:,} of {orders.height:,} orders have no day in {span.en}: it cannot make them. {remedy.en}",
            f"{orders.height:,} 张订单中有 {outside.height:,} 张不在 {span.zh}内，无法安排。{remedy.zh}",
        )
    )


def _tell_written(screen: Screen, out: Path, periods: Sequence[Period], *, given: bool) -> None:
    """Say where the plan stands and which days it covers; a first day that nobody chose may make orders late."""
    first, last = periods[0].start, periods[-1].end
    screen.say(Text(f"Plan from {first} to {last} written to {out}.", f"{first} 至 {last} 的计划已写入 {out}。"))
    if not given:
        screen.note(
            Text(
                f"It begins on {first}, the Monday before the first day on which an order may start or is due; "
                "--first-date sets another.",
                f"计划自 {first} 开始，即最早可开工日或交期所在周的周一；可用 --first-date 另行指定。",
            )
        )


plan.__doc__ = both(
    "Plan a cluster: which orders, who makes which stage when, what to buy; the plan is then certified by the referee.",
    "为集群排产：接哪些单、谁在何时做哪道工序、买什么料；完成后由独立核验程序核验。",
)
