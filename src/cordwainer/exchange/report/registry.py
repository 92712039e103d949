"""The views of a plan by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text, UserError
from cordwainer.exchange.report import charts, figures, views_load, views_money, views_orders
from cordwainer.exchange.report.joined import Joined
from cordwainer.exchange.report.view import View

_VIEWS: Mapping[str, Callable[[Joined], View]] = MappingProxyType(
    {
        "key": figures.key,
        "orders": views_orders.orders,
        "load": views_load.load,
        "places": views_load.places,
        "makers": views_load.makers,
        "districts": views_load.districts,
        "purchases": views_money.purchases,
        "prices": views_money.prices,
        "outside": views_orders.outside,
        "gap": views_money.gap,
    }
)
VIEWS = (*_VIEWS, "unmet")
"""Names of the views that need nothing but cluster and plan; ``unmet`` also takes explanations."""


def plan_view(cluster: Cluster, plan: Plan, name: str, explanations: pl.DataFrame | None = None) -> View:
    """Return a view of a plan by name.

    Parameters
    ----------
    cluster, plan
        The plan and the cluster it was made for.
    name
        One of `VIEWS`.
    explanations
        Columns order, reason_en, reason_zh: used by ``unmet``.

    Raises
    ------
    UserError
        If there is no such view.
    """
    joined = Joined(cluster, plan)
    if name == "unmet":
        return views_orders.unmet(joined, explanations)
    if name not in _VIEWS:
        raise UserError(
            "unknown-view",
            Text(f'There is no view "{name}".', f"没有“{name}”这个视图。"),
            Text(f"Choose one of: {', '.join(VIEWS)}.", f"可选：{'、'.join(VIEWS)}。"),
        )
    return _VIEWS[name](joined)


def load_view(cluster: Cluster, plan: Plan, district: str | None = None) -> View:
    """Return load against capacity by stage and week, of one district where it is given."""
    return views_load.load(Joined(cluster, plan), district)


def figures_of(cluster: Cluster, plan: Plan) -> dict[str, tuple[figures.Figure, ...]]:
    """Return the key figures as people read them: of worth, orders and capacity."""
    j = Joined(cluster, plan)
    return {"worth": figures.worth(j), "orders": figures.of_orders(j), "capacity": figures.of_capacity(j)}


def outcome_shares(cluster: Cluster, plan: Plan) -> list[charts.Share]:
    """Return pairs by outcome as shares of all pairs ordered."""
    return charts.outcome_bars(Joined(cluster, plan))


def key_figures(cluster: Cluster, plan: Plan) -> dict[str, int | float | None]:
    """Return the key figures by name as plain values: money in fen, shares as fractions, None where not known."""
    return {f.name: f.value for f in figures.figures(Joined(cluster, plan))}


def order_view(cluster: Cluster, plan: Plan, order: str) -> View:
    """Return who does what of one order and when.

    Raises
    ------
    UserError
        If the cluster has no such order.
    """
    cluster.require("order", order)
    return views_orders.order_detail(Joined(cluster, plan), order)


def line_view(cluster: Cluster, plan: Plan, line: str) -> View:
    """Return load, price and orders of one line by week.

    Raises
    ------
    UserError
        If the cluster has no such line.
    """
    cluster.require("line", line)
    return views_load.line_detail(Joined(cluster, plan), line)


def price_view(cluster: Cluster, plan: Plan, id_: str) -> View:
    """Return the shadow prices of one thing (line, material, cap, outside maker, skill or tool) by week.

    Raises
    ------
    UserError
        If nothing of that id has a price in the plan.
    """
    plan.prices_of(id_)
    view = views_money.prices(Joined(cluster, plan))
    return replace(view, frame=view.frame.filter(id=id_).sort("kind", "period"))
