"""`cordwainer opportunities`: what every upgrade measure would be worth at every firm, at the prices of a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import opened, plan_at
from cordwainer.cli.options import ClusterPath, Json, Lang, Out, PlanPath, Rows
from cordwainer.cli.outputs import refuse_out, written
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
    rows: Rows = 30,
    out: Out = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """List opportunities."""
    refuse_out(out, cluster, plan)
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.upgrading import catalogue, grades_and_tax, market, opportunity_view
    from cordwainer.upgrading import opportunities as listed

    known = catalogue(measures)
    markets = [market(found, p) for p in (made, *(_other(p, found) for p in also or []))]
    view = opportunity_view(found, known, listed(markets, known, *grades_and_tax(found, scheme)))
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
