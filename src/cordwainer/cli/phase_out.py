"""`cordwainer phase-out`: which lines to retire, merge or convert for a target, beside the lowest grade first, planned again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import opened
from cordwainer.cli.opportunities import SCHEME, Measures, Scheme
from cordwainer.cli.options import ClusterPath, Json, Lang, Out, PlanPath
from cordwainer.cli.outputs import refuse_out, written
from cordwainer.cli.screen import Screen
from cordwainer.core import Text, UserError

if TYPE_CHECKING:
    from cordwainer.upgrading import Catalogue, PhaseOut

Kind = Annotated[
    str,
    typer.Option(
        metavar="lines|land|FLOW",
        help=both(
            "what is to go: backward lines, land, or a flow such as solvent or cod (effluent)",
            "目标：落后产线（lines）、腾退土地（land），或排放项，如 solvent（溶剂）、cod（污水）",
        ),
    ),
]


def phase_out(
    cluster: ClusterPath,
    plan: PlanPath,
    target: Kind = "lines",
    amount: Annotated[
        float | None,
        typer.Option(
            help=both(
                "how much: lines, mu of land, or units of the flow less over the plan",
                "多少：产线条数、土地亩数，或计划期内减少的排放量（按该项单位）",
            )
        ),
    ] = None,
    share: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help=both("as a share of what there is, in place of --amount", "占现有量的比例，可代替 --amount"),
        ),
    ] = None,
    by: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=both("lines are gone by this day", "产线在此日前退出")
        ),
    ] = None,
    measures: Measures = None,
    scheme: Scheme = SCHEME,
    work: Annotated[int, typer.Option(min=0, help=both("steps of every replan", "每次重排的步数"))] = 2,
    rounds: Annotated[int, typer.Option(min=1, help=both("choices planned again at most", "最多重排几种选择"))] = 6,
    tries: Annotated[int, typer.Option(min=0, help=both("exchanges tried at most", "最多尝试几次调换"))] = 8,
    out: Out = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Choose a phase-out."""
    refuse_out(out, cluster, plan)
    if (amount is None) == (share is None):
        raise UserError(
            "no-target",
            Text("Say how much is to go.", "请说明目标数量。"),
            Text("Give --amount or --share.", "请给出 --amount 或 --share 之一。"),
        )
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.planning import remember
    from cordwainer.upgrading import PhaseOutSettings, Target, action_view, catalogue, there_is
    from cordwainer.upgrading import phase_out as chosen

    known = catalogue(measures)
    wanted = amount if share is None else share * there_is(found, made, target, scheme)
    asked = Target(target, float(wanted or 0.0), None if by is None else by.date())
    result = chosen(
        remember(found, made), known, asked, scheme, PhaseOutSettings(work=work, rounds=rounds, tries=tries)
    )
    view = action_view(result, known)
    _tell(screen, result, known)
    written(screen, view, out)


def _tell(screen: Screen, made: PhaseOut, known: Catalogue) -> None:
    """Say what is done, who takes over, jobs, what leaks, and how sure it is."""
    from cordwainer.upgrading import action_view, job_view, leaks, side_view, takeover_view

    tables = [action_view(made, known), side_view(made), takeover_view(made), job_view(made)]
    for view in tables:
        screen.view(view)
    leak = leaks(made, known, made.target.kind if made.target.of_flow else "solvent")
    screen.say(
        Text(
            f"{leak.flow}: {leak.before:,.0f} before, {leak.after:,.0f} {leak.unit} after. {leak.pairs:,} pairs are made elsewhere or not at all; "
            f"as assumed they release {leak.low:,.0f} to {leak.high:,.0f} {leak.unit} there.",
            f"{leak.flow}：原 {leak.before:,.0f}，现 {leak.after:,.0f} {leak.unit}。{leak.pairs:,} 双转往他处或不再生产；"
            f"按假设在他处排放 {leak.low:,.0f} 至 {leak.high:,.0f} {leak.unit}。",
        )
    )
    if made.lowest_first is None:
        screen.say(
            Text(
                "Closing the lowest grades first does not reach the target.",
                "按低档优先关停达不到该目标。",
            )
        )
    if made.unknown:
        screen.note(
            Text(
                f"{made.unknown:,} firms are left out: what decides of them is not known.",
                f"{made.unknown:,} 家企业因数据未知未列入。",
            )
        )
    screen.say(
        Text(
            f"{'Certified' if made.certified else 'NOT certified'} by planning again and the referee; by the tangents of all plans made "
            f"the choice is at most {100 * made.gap:.2f} % of a year's contribution from the best.",
            f"{'已' if made.certified else '未'}通过重新排产与核验；按各次排产的切线估计，与最优相差不超过年贡献额的 {100 * made.gap:.2f} %。",
        )
    )
    screen.data(
        {
            "target": made.target.kind,
            "amount": made.target.amount,
            "reached": made.best.reached,
            "certified": made.certified,
            "gap": made.gap,
            "course_fen": [list(c) for c in made.course],
            "leak": {
                "flow": leak.flow,
                "pairs": leak.pairs,
                "before": leak.before,
                "after": leak.after,
                "low": leak.low,
                "high": leak.high,
            },
            **{v.name: v.records() for v in tables},
        }
    )


phase_out.__doc__ = both(
    "Phase-out: which backward lines to retire, merge or convert for a target, so that contribution, jobs and committed orders suffer least; "
    "who takes over, beside closing the lowest grade first, each planned again.",
    "落后产能退出：为达目标，关停、合并或改造哪些产线，使贡献额、岗位与已承诺订单损失最小；谁来接手；并与低档优先关停对照，均重新排产。",
)
