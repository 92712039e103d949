"""`cordwainer localise`: at what price or date orders made outside would be placed here, and what limits them."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cordwainer.cli.desk import Today, day_of
from cordwainer.cli.language import both
from cordwainer.cli.loading import opened
from cordwainer.cli.options import ClusterPath, Json, Lang, Out, PlanPath, Rows
from cordwainer.cli.outputs import refuse_out, written

_By = Annotated[
    Literal["order", "market", "buyer", "district", "cause"],
    typer.Option("--by", metavar="order|market|buyer|district|cause", help=both("sum by this", "汇总方式")),
]


def localise(
    cluster: ClusterPath,
    plan: PlanPath,
    by: _By = "cause",
    rows: Rows = 30,
    out: Out = None,
    today: Today = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Say what would bring orders home."""
    refuse_out(out, cluster, plan)
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.quoting import Quoter, homes_view, live_of
    from cordwainer.quoting import localise as bring_home

    homes = bring_home(Quoter(live_of(found, made, day_of(made, today))))
    view = homes_view(homes, by)
    screen.view(view, rows)
    screen.data(view.records())
    written(screen, view, out)


localise.__doc__ = both(
    "Bring it home: the price or date at which each order made outside would be placed here, what limits it, what it is worth.",
    "订单回流：外地制造的订单在何种价格或交期下可在本地承接、受何限制、价值多少。",
)
