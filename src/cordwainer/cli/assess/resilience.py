"""`cordwainer assess resilience`: what is lost if a node of the cluster fails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import opened
from cordwainer.cli.options import ClusterPath, Json, Lang, Out, PlanPath, Rows
from cordwainer.cli.outputs import refuse_out, written
from cordwainer.cli.progress import Gentle
from cordwainer.core import Text

if TYPE_CHECKING:
    from cordwainer.assessment import Resilience
    from cordwainer.cli.screen import Screen
    from cordwainer.tasks import Progress


def resilience(
    cluster: ClusterPath,
    plan: PlanPath,
    weeks: Annotated[int, typer.Option(min=1, help=both("weeks of standstill", "停摆周数"))] = 4,
    since: Annotated[
        int,
        typer.Option(min=0, metavar="WEEK", help=both("first of them, from 0 in the plan", "从计划第几周开始（0 起）")),
    ] = 0,
    days: Annotated[
        int, typer.Option("--days-late", min=1, help=both("days by which a buyer pays late", "客户延迟付款天数"))
    ] = 90,
    interest: Annotated[
        float, typer.Option(min=0, max=1, help=both("what money costs a year (assumed)", "资金年利率（假设值）"))
    ] = 0.06,
    worst: Annotated[
        int,
        typer.Option(
            min=0, help=both("how many are certified by replans; 0: prices alone", "用重排核定几项；0 为只按价格")
        ),
    ] = 50,
    work: Annotated[int, typer.Option(min=0, help=both("steps of every replan", "每次重排的步数"))] = 3,
    pairs: Annotated[int, typer.Option(min=2, help=both("pairs of replans", "成对重排的次数"))] = 3,
    price_steps: Annotated[
        int, typer.Option(min=0, help=both("steps that improve the prices of both sides", "两侧影子价格各改进若干步"))
    ] = 80,
    workers: Annotated[int, typer.Option(min=1, help=both("processes at work", "并行进程数"))] = 2,
    rows: Rows = 30,
    out: Out = None,
    dependence: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=both(
                "write which firm depends on which buyer and market to this file", "把企业对客户和市场的依赖写入此文件"
            ),
        ),
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Show resilience."""
    refuse_out(out, cluster, plan)
    refuse_out(dependence, cluster, plan)
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.assessment import Shock, dependence_view, resilience_view
    from cordwainer.assessment import dependence as depends
    from cordwainer.assessment import resilience as measured
    from cordwainer.planning import ValueSettings
    from cordwainer.tasks import ProcessExecutor

    shock = Shock(weeks=weeks, first=since, late_days=days, interest=interest)
    values = ValueSettings(work=work, pairs=pairs, price_steps=price_steps, threads=1)
    watch = _Watch(screen)
    with ProcessExecutor(workers, hasty=True) as executor, watch.listening():
        result = measured(found, made, shock, worst, values, executor, watch)
    view, firms = resilience_view(found, result), dependence_view(found, depends(found, made, "firm"), "firm")
    screen.view(view, rows)
    for told in _told(result):
        screen.say(told)
    written(screen, view, out)
    written(screen, firms, dependence)
    screen.data(
        {
            "weeks": weeks,
            "certified": result.certified,
            "stopped": watch.stopped,
            "nodes": view.records(),
            "dependence": firms.records(),
        }
    )


def _told(result: Resilience) -> list[Text]:
    told = [
        Text(
            f"{result.certified} of {result.frame.height} certified by replans on both sides; of the others only prices are known, "
            "which say too little of a heavy loss.",
            f"共 {result.frame.height} 项，其中 {result.certified} 项用前后两侧重排核定；其余只按影子价格估算，对重大损失偏低。",
        )
    ]
    if result.certified < result.wanted:
        told.append(
            Text(f"Stopped before all {result.wanted} were certified.", f"已停止，{result.wanted} 项未全部核定。")
        )
    return told


class _Watch(Gentle):
    """Shows how far the work is, and remembers whether to stop; an instance is the listener."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(
            screen, Text("\nStopping: what is known so far will be shown.", "\n正在停止：将显示目前已有的结果。")
        )

    def __call__(self, progress: Progress) -> bool:
        """Show progress; return False when it is to stop."""
        seconds, done = f"{progress.elapsed_s:6.0f}", f"{progress.done:,}/{progress.total:,}"
        self.tell(progress.elapsed_s, Text(f"{seconds} s  {done} events", f"{seconds} 秒  已完成 {done} 项"))
        return not self.stopped


resilience.__doc__ = both(
    "What is lost if a firm, supplier, district, market or buyer stops for some weeks, or a buyer pays late or never: all by the plan's prices, the "
    "worst by replans on both sides, with interval; how long it may stand still, how long it takes to recover. Ctrl-C keeps what is done.",
    "企业、供应商、区县、市场或客户停摆若干周，或客户延迟付款、不付款的损失：全部按影子价格估算，最严重的用前后两侧重排核定并给出区间；"
    "可撑多久、多久恢复。按 Ctrl-C 保留已有结果。",
)
