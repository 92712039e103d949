"""`cordwainer programme`: the measures that lift the cluster most under a budget, beside what offices do, proved by planning again."""

from __future__ import annotations

from typing import Annotated

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import opened
from cordwainer.cli.opportunities import SCHEME, Measures, Scheme
from cordwainer.cli.options import ClusterPath, Json, Lang, Out, PlanPath
from cordwainer.cli.outputs import refuse_out, written
from cordwainer.core import Text


def programme(
    cluster: ClusterPath,
    plan: PlanPath,
    budget: Annotated[float, typer.Option(metavar="YUAN", help=both("budget, yuan", "预算（元）"))],
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
        Rules,
        by_payback,
        catalogue,
        choose,
        equal_share,
        grades_and_tax,
        market,
        opportunities,
        opportunity_view,
        proved,
        small_firms,
    )

    known, base = catalogue(measures), remember(found, made)
    table = opportunities([market(found, made, base=base)], known, *grades_and_tax(found, scheme))
    district = {f: d for f, d in found["firm"].select("firm", "district").iter_rows() if d is not None}
    most = dict.fromkeys(district.values(), most_district) if most_district < 1 else {}
    fen = round(100 * budget)
    rules = Rules(fen, most, small_firms(found, made.periods[0].start, small), least_small)
    best = choose(table, known, district, rules)
    view = opportunity_view(found, known, best.rows)
    screen.view(view)
    ways = {
        "chosen": (Text("Chosen", "所选方案"), best),
        "by_payback": (Text("Shortest payback first", "回本最快优先"), by_payback(table, known, fen)),
        "equal_share": (Text("Equal share to all", "平均分配"), equal_share(table, known, fen)),
    }
    told = {}
    for name, (title, one) in ways.items():
        value = proved(base, known, one, ValueSettings(work=work, pairs=pairs))
        screen.say(
            Text(
                f"{title.en}: costs {one.cost_fen / 100:,.0f} yuan; present value as estimated {one.worth_fen / 100:,.0f} yuan. "
                f"Planned again, over the plan: {value.told.en}",
                f"{title.zh}：投资 {one.cost_fen / 100:,.0f} 元；估算净现值 {one.worth_fen / 100:,.0f} 元。重新排产（计划期内）：{value.told.zh}",
            )
        )
        told[name] = {
            "cost_fen": one.cost_fen,
            "worth_fen": one.worth_fen,
            "low_fen": value.low,
            "high_fen": value.high,
            "replans_fen": list(value.replans),
        }
    screen.data({"rows": view.records(), "gap": best.gap, "ways": told})
    written(screen, view, out)


programme.__doc__ = both(
    "Programme under a budget: the measures with the highest present value within limits of fairness, beside shortest payback first and "
    "an equal share; each planned again.",
    "预算内的升级方案：在公平约束下净现值最高的措施组合，并与回本最快优先、平均分配对照；各自重新排产核对。",
)
