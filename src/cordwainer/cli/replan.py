"""`cordwainer replan`: plan changed tables again from an older plan, and say what moved and why."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordwainer.cli.boundary import NOT_CERTIFIED, STOPPED
from cordwainer.cli.keeping import Keeper
from cordwainer.cli.language import both
from cordwainer.cli.loading import cluster_at, plan_at
from cordwainer.cli.options import ClusterPath, FormatName, Json, Lang, OutPath, PlanPath
from cordwainer.cli.outputs import format_for, refuse_inputs
from cordwainer.cli.progress import Watch
from cordwainer.cli.screen import Screen
from cordwainer.cli.verdict import record, tell
from cordwainer.core import Text, UserError

if TYPE_CHECKING:
    import polars as pl

    from cordwainer.cluster import Cluster, Plan
    from cordwainer.exchange import View
    from cordwainer.planning import Replanned

SECONDS = 10.0


def replan(
    cluster: ClusterPath,
    plan: PlanPath,
    out: OutPath,
    freeze_date: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help=both(
                "lots whose work starts before this day stay as they are; needs --to-cluster",
                "此日之前开工的批次保持不变；需同时给出 --to-cluster",
            ),
        ),
    ] = None,
    to_cluster: Annotated[
        Path | None,
        typer.Option(
            help=both("write the cluster with the lots that were frozen as promises", "写出把冻结批次记为承诺的集群")
        ),
    ] = None,
    move_price: Annotated[
        float,
        typer.Option(
            min=0,
            help=both(
                "yuan that the search reckons for each order it moves; no money of the plan",
                "搜索中每挪动一张订单按多少元计；不计入计划金额",
            ),
        ),
    ] = 100.0,
    time: Annotated[
        float | None,
        typer.Option(
            min=0.1,
            help=both(
                "stop after so many seconds (10 where --work is not given)", "若干秒后停止（未给 --work 时为 10）"
            ),
        ),
    ] = None,
    work: Annotated[
        int | None,
        typer.Option(
            min=0, help=both("stop after so many steps: repeatable to the byte", "若干步后停止：结果逐字节可重现")
        ),
    ] = None,
    price_steps: Annotated[
        int,
        typer.Option(
            min=0, help=both("lower the bound by so many steps at the end", "最后用若干步改进影子价格以压低上界")
        ),
    ] = 0,
    seed: Annotated[int, typer.Option(min=0, help=both("seed of the search", "搜索的随机种子"))] = 1,
    rows: Annotated[int, typer.Option(min=0, help=both("most rows; 0 shows all", "最多行数；0 为全部"))] = 40,
    format_: FormatName = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Plan again."""
    screen = Screen.of(lang, as_json)
    form = format_for(out, format_)
    refuse_inputs(out, cluster, plan)
    from cordwainer.exchange import refuse_place, write_cluster, write_plan

    refuse_place(out, form, "plan")
    if to_cluster is not None:
        cluster_form = format_for(to_cluster, None)
        refuse_inputs(to_cluster, cluster, plan, out)
        refuse_place(to_cluster, cluster_form, "cluster")
    found, old = cluster_at(cluster, screen), plan_at(plan)
    from cordwainer.planning import ReplanSettings
    from cordwainer.planning import replan as again
    from cordwainer.referee import judge

    day = freeze_date.date() if freeze_date else None
    if day is not None and to_cluster is None:
        _refuse_lost_promises(found, old, day)
    settings = ReplanSettings(
        freeze_date=day,
        move_fen=round(100 * move_price),
        work=work,
        time_s=time if time is not None or work is not None else SECONDS,
        price_steps=price_steps,
        seed=seed,
    )
    watch = Watch(screen, Keeper(lambda so_far: write_plan(so_far, out, form), screen))
    with watch.listening():
        made = again((found, old), found, settings, watch)
    write_plan(made.plan, out, form)
    if to_cluster is not None:
        write_cluster(made.cluster, to_cluster, cluster_form)
        screen.note(Text(f"Cluster written to {to_cluster}.", f"集群已写入 {to_cluster}。"))
    judgement = judge(made.cluster, made.plan)
    _show(screen, made, out, rows)
    if as_json:
        screen.data({**record(judgement, made.plan), **_figures(made)})
        if not judgement.certified:
            raise typer.Exit(NOT_CERTIFIED)
    else:
        tell(screen, judgement, made.plan)
    if watch.stopped:
        raise typer.Exit(STOPPED)


def _refuse_lost_promises(cluster: Cluster, old: Plan, day: object) -> None:
    """Raise if lots would be frozen of which no table would tell: the plan could not be certified.

    Raises
    ------
    UserError
        If there are any.
    """
    from datetime import date

    from cordwainer.planning import frozen_before

    assert isinstance(day, date)  # noqa: S101 - for the type checker
    fresh = len(frozen_before(cluster, old, day).fresh)
    if fresh:
        raise UserError(
            "no-place-for-promises",
            Text(
                f"{fresh:,} lots begin before {day} and are not in table promise: the new plan is of a cluster that promises them.",
                f"有 {fresh:,} 个批次在 {day} 前开工而不在承诺表（promise）中：新计划所依据的集群需记下这些承诺。",
            ),
            Text(
                "Say with --to-cluster where to write that cluster; verify and report the new plan beside it.",
                "请用 --to-cluster 指定写出该集群的位置；核验与报告新计划时请使用它。",
            ),
        )


def _figures(made: Replanned) -> dict[str, object]:
    return {
        "lots_kept": made.kept,
        "lots_lifted": made.lifted,
        "orders_moved_by_search": made.moved,
        "move_price_fen": made.move_fen,
        "orders_priced_again": made.priced,
        "moves": made.moves.to_dicts(),
    }


def _show(screen: Screen, made: Replanned, out: Path, rows: int) -> None:
    screen.say(Text(f"Plan written to {out}.", f"计划已写入 {out}。"))
    screen.say(
        Text(
            f"{made.kept:,} lots of the old plan stood, {made.lifted:,} could not; {made.moves.height:,} orders are not as they were, "
            f"{made.moved:,} of them moved by the search at {made.move_fen / 100:,.2f} yuan each.",
            f"原计划 {made.kept:,} 个批次成立，{made.lifted:,} 个不成立；{made.moves.height:,} 张订单有变化，"
            f"其中 {made.moved:,} 张由搜索挪动，每张按 {made.move_fen / 100:,.2f} 元计。",
        )
    )
    screen.view(_view(made.moves), rows)


def _view(moves: pl.DataFrame) -> View:
    """Return what moved as a table."""
    from cordwainer.exchange import View, ViewColumn

    columns = (
        ViewColumn("order", Text("Order", "订单"), "id"),
        ViewColumn("reason", Text("Why", "原因"), "both"),
        ViewColumn("outcome_before", Text("Was", "原结果"), "choice", "outcome"),
        ViewColumn("outcome_after", Text("Is", "现结果"), "choice", "outcome"),
        ViewColumn("lines_before", Text("Lines before", "原产线"), "text"),
        ViewColumn("lines_after", Text("Lines now", "现产线"), "text"),
        ViewColumn("ready_before", Text("Ready before", "原完工"), "date"),
        ViewColumn("ready_after", Text("Ready now", "现完工"), "date"),
        ViewColumn("pairs_before", Text("Pairs before", "原双数"), "int"),
        ViewColumn("pairs_after", Text("Pairs now", "现双数"), "int"),
        ViewColumn("late_days_before", Text("Days late before", "原延期天数"), "int"),
        ViewColumn("late_days_after", Text("Days late now", "现延期天数"), "int"),
    )
    names = [s for c in columns for s in c.sources]
    return View("moves", Text("What moved", "变动"), columns, moves.select(names))


replan.__doc__ = both(
    "Plan changed tables again from an older plan: lots that still can be made stay, the others are placed anew; says what moved and why.",
    "数据变化后在原计划基础上重排：仍可行的批次保留，其余重新安排；并说明哪些变动及原因。",
)
