"""`cordwainer opportunities`: what every upgrade measure would be worth at every firm, at the prices of a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import opened, plan_at
from cordwainer.cli.options import ClusterPath, Json, Lang, Out, PlanPath, Rows
from cordwainer.cli.outputs import refuse_ending, refuse_inputs, refuse_out, written
from cordwainer.core import Text, UserError

if TYPE_CHECKING:
    from cordwainer.cluster import Cluster, Plan

Measures = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help=both(
            "measures.toml, subsidies.toml, assumptions.toml or phase_out.toml of your own",
            "自有的 measures.toml 等文件所在文件夹",
        ),
    ),
]
Scheme = Annotated[
    str,
    typer.Option(metavar="NAME", help=both("scheme whose grades subsidies ask for", "补助规则所看档次的评价办法")),
]
Also = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="PLAN",
        help=both(
            "another plan of the same data, for the range; may be repeated", "同一数据的另一计划，用于给出区间；可重复"
        ),
    ),
]
SCHEME = "huangyan-2022"


def opportunities(
    cluster: ClusterPath,
    plan: PlanPath,
    also: Also = None,
    measures: Measures = None,
    scheme: Scheme = SCHEME,
    check: Annotated[
        int,
        typer.Option(
            min=0,
            help=both(
                "so many of the best are solved and planned again, and corrected", "对最好的若干项重新求解与排产并修正"
            ),
        ),
    ] = 0,
    chart: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html", help=both("write the chart of the check to this page", "把对照图写入此网页")),
    ] = None,
    rows: Rows = 30,
    out: Out = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """List opportunities."""
    refuse_out(out, cluster, plan)
    if chart is not None:
        refuse_ending(chart, ".html")
        refuse_inputs(chart, cluster, plan)
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.exchange import write_sections
    from cordwainer.planning import ValueSettings, remember
    from cordwainer.upgrading import (
        calibration_sections,
        catalogue,
        checked,
        grades_and_tax,
        market,
        opportunity_view,
    )
    from cordwainer.upgrading import opportunities as listed

    known = catalogue(measures)
    markets = [market(found, p) for p in (made, *(_other(p, found) for p in also or []))]
    table = listed(markets, known, *grades_and_tax(found, scheme))
    if check:
        told, shown, table = checked(remember(found, made), known, table, check, ValueSettings(work=1, pairs=2))
        screen.view(shown)
        parts = calibration_sections(told, shown)
        screen.say(parts[0].note or Text("", ""))
        if chart is not None:
            title = Text("Estimates beside the truth", "估算与实证对照")
            write_sections(title, Text(f"{check}", f"{check}"), parts, chart, screen.language)
            screen.say(Text(f"Written to {chart}.", f"已写入 {chart}。"))
    view = opportunity_view(found, known, table)
    screen.view(view, rows)
    screen.note(
        Text(
            "At fixed prices: check the best by planning again before money is spent. Most costs and effects are not verified.",
            "按固定价格估算：投入前请重新排产核对；多数成本与效果数据未核实。",
        )
    )
    screen.data(view.records())
    written(screen, view, out)


def _other(path: Path, cluster: Cluster) -> Plan:
    """Return another plan of the same data.

    Raises
    ------
    UserError
        If it is of other data.
    """
    found = plan_at(path)
    if found.head["cluster_hash"] != cluster.hash:
        raise UserError(
            "plan-of-other-data",
            Text(f"{path} is a plan of other data.", f"{path} 是其他数据的计划。"),
            Text("Give plans of the same cluster.", "请给出同一集群数据的计划。"),
        )
    return found


opportunities.__doc__ = both(
    "Opportunities: what every upgrade measure would be worth to the cluster and to each firm at the plan's prices; payback, present value.",
    "升级机会：按计划价格估算各项措施对集群与各企业的年增益、回本年限与净现值。",
)
