"""`cordwainer show`: show a plan in the terminal."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import opened
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath
from cordwainer.cli.reasons import reasons

_OVERVIEW = (("key", 0), ("districts", 0), ("unmet", 8))


def show(
    cluster: ClusterPath,
    plan: PlanPath,
    view: Annotated[
        str | None,
        typer.Argument(
            metavar="VIEW",
            help="key, orders, unmet, outside, load, places, makers, districts, purchases, prices, gap",
        ),
    ] = None,
    rows: Annotated[int, typer.Option(min=0, help=both("most rows; 0 shows all", "最多行数；0 为全部"))] = 40,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Show a plan."""
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.exchange import key_figures, plan_view

    wanted = [(view, rows)] if view else _OVERVIEW
    shown: dict[str, Any] = {}
    for name, limit in wanted:
        one = plan_view(found, made, name, reasons(found, made) if name == "unmet" else None)
        screen.view(one, limit)
        shown[name] = key_figures(found, made) if name == "key" else one.records()
    screen.data(shown)


show.__doc__ = both(
    "Show a plan: key figures, or one view (orders, unmet, load, makers, purchases, prices and others).",
    "显示计划：关键指标，或某一视图（orders、unmet、load、makers、purchases、prices 等）。",
)
