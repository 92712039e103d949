"""`cordwainer programme`: the measures that lift a goal most under a budget, beside what offices do, each planned again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import opened
from cordwainer.cli.opportunities import SCHEME, Measures, Scheme
from cordwainer.cli.options import ClusterPath, Json, Lang, Out, PlanPath
from cordwainer.cli.outputs import refuse_out, written
from cordwainer.cli.screen import Screen
from cordwainer.core import Text

if TYPE_CHECKING:
    from cordwainer.upgrading import RaisedCluster


def programme(
    cluster: ClusterPath,
    plan: PlanPath,
    budget: Annotated[float, typer.Option(metavar="YUAN", help=both("budget, yuan", "预算（元）"))],
    years: Annotated[
        int, typer.Option(min=1, max=10, help=both("years over which it is shared out", "分几年投入"))
    ] = 1,
    goal: Annotated[
        str,
        typer.Option(
            metavar="npv|contribution|value_added|local_share|carbon|jobs",
            help=both("what is to be lifted most (carbon: lowered)", "最要提升的目标（carbon 为降低）"),
        ),
    ] = "npv",
    and_goal: Annotated[
        str | None,
        typer.Option(metavar="GOAL", help=both("also draw the frontier to this goal", "并给出与此目标之间的前沿")),
    ] = None,
    curve: Annotated[
        str | None,
        typer.Option(
            metavar="FLOW",
            help=both("also what less of a flow costs: carbon, solvent", "并给出某排放项的边际成本：carbon、solvent"),
        ),
    ] = None,
    most_district: Annotated[
        float,
        typer.Option(min=0, max=1, help=both("most of the budget for one district", "单个区县最多占预算的比例")),
    ] = 1.0,
    small: Annotated[
        int, typer.Option(min=0, help=both("firms of at most so many people are small", "多少人以下为小企业"))
    ] = 35,
    least_small: Annotated[
        float, typer.Option(min=0, max=1, help=both("least of the budget for small firms", "小企业至少占预算的比例"))
    ] = 0.0,
    measures: Measures = None,
    scheme: Scheme = SCHEME,
    rounds: Annotated[int, typer.Option(min=1, help=both("choices planned again at most", "最多重排几种选择"))] = 3,
    pairs: Annotated[int, typer.Option(min=2, help=both("pairs of replans", "成对重排的次数"))] = 2,
    work: Annotated[int, typer.Option(min=0, help=both("steps of every replan", "每次重排的步数"))] = 4,
    out: Out = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Choose a programme."""
    refuse_out(out, cluster, plan)
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.planning import ValueSettings, remember
    from cordwainer.upgrading import (
        RaiseSettings,
        Rules,
        catalogue,
        cost_curve,
        curve_view,
        frontier,
        frontier_view,
        grades_and_tax,
        growth_view,
        market,
        opportunities,
        programme_view,
        proved,
        raise_cluster,
        small_firms,
        ways_view,
        where_to_grow,
    )

    known, base = catalogue(measures), remember(found, made)
    table = opportunities([market(found, made, base=base)], known, *grades_and_tax(found, scheme))
    district = {f: d for f, d in found["firm"].select("firm", "district").iter_rows() if d is not None}
    most = dict.fromkeys(district.values(), most_district) if most_district < 1 else {}
    small_ones = small_firms(found, made.periods[0].start, small)
    rules = Rules(round(100 * budget), most, small_ones, least_small, years)
    settings = RaiseSettings(rounds=rounds, work=work)
    result = raise_cluster(base, known, table, district, rules, goal, settings)
    view = programme_view(found, known, result)
    grown = growth_view(where_to_grow((found, result.before_plan), (result.best.cluster, result.best.plan)))
    extra = (
        []
        if and_goal is None
        else [frontier_view(frontier(base, known, table, district, rules, (goal, and_goal), 5, settings))]
    )
    if curve is not None:
        extra.append(curve_view(cost_curve(base, known, table, curve, 4, settings)))
    for one in (view, ways_view(result), grown, *extra):
        screen.view(one)
    told = _tell(screen, result)
    for name, raised in (
        ("chosen", result.best),
        ("by_payback", result.by_payback),
        ("equal_share", result.equal_share),
    ):
        value = proved(base, known, raised.programme, ValueSettings(work=work, pairs=pairs))
        screen.say(_proved(name, raised.programme.cost_fen, value.told))
        told[name] |= {"low_fen": value.low, "high_fen": value.high, "replans_fen": list(value.replans)}
    screen.data(
        {
            "rows": view.records(),
            "goal": goal,
            "gap": result.gap,
            "bound": result.bound,
            "certified": result.certified,
            "course": [list(c) for c in result.course],
            "ways": told,
            **{v.name: v.records() for v in (grown, *extra)},
        }
    )
    written(screen, view, out)


def _tell(screen: Screen, made: RaisedCluster) -> dict[str, dict[str, object]]:
    """Say how sure the programme is; return the figures of the ways."""
    from cordwainer.upgrading import GOAL_TITLES

    title = GOAL_TITLES[made.goal]
    screen.say(
        Text(
            f"Goal: {title.en}. Plans before and after {'certified' if made.certified else 'NOT certified'}; "
            f"{len(made.course)} choice(s) planned again; by the prices before no programme brings more: the choice is within {100 * made.gap:.1f} %.",
            f"目标：{title.zh}。方案前后计划{'均已通过核验' if made.certified else '未通过核验'}；重排了 {len(made.course)} 种选择；"
            f"按原价格估计的上限，所选方案相差不超过 {100 * made.gap:.1f} %。",
        )
    )
    ways = {"chosen": made.best, "by_payback": made.by_payback, "equal_share": made.equal_share}
    return {
        name: {
            "cost_fen": one.programme.cost_fen,
            "worth_fen": one.programme.worth_fen,
            "said": one.said,
            "brings": one.brings,
        }
        for name, one in ways.items()
    }


def _proved(name: str, cost_fen: int, told: Text) -> Text:
    from cordwainer.upgrading import PROGRAMME_WAYS

    title = PROGRAMME_WAYS[name]
    return Text(
        f"{title.en}: costs {cost_fen / 100:,.0f} yuan. Planned again in pairs, over the plan: {told.en}",
        f"{title.zh}：投资 {cost_fen / 100:,.0f} 元。成对重新排产（计划期内）：{told.zh}",
    )


programme.__doc__ = both(
    "Programme under a budget: the measures that lift a goal most within limits of fairness, over years, planned again and corrected, beside "
    "shortest payback first and an equal share; where to grow; frontier of two goals; marginal costs.",
    "预算内的升级方案：在公平约束下按目标选择措施，可分年投入，重新排产并修正，与回本最快优先、平均分配对照；往哪里发展；两目标前沿；边际成本。",
)
