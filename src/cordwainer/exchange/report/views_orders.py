"""Views of orders: what becomes of each, which are not made on time in the cluster and why, which go outside."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.core import Text
from cordwainer.exchange.report.joined import Joined
from cordwainer.exchange.report.view import View, ViewColumn, column

_ORDER = column("order", "id", ("order", "order"))
_BUYER = column("buyer", "both", ("purchase_order", "buyer"))
_OUTCOME = column("outcome", "choice", ("outcome", "outcome"), "outcome")
_DUE = column("due_date", "date", ("order", "due_date"))
_READY = column("ready_date", "date", ("order_plan", "ready_date"))
_LATE = column("late_days", "int", ("order_plan", "late_days"))
_PAIRS = column("pairs", "int", ("order", "pairs"))


def orders(j: Joined) -> View:
    """Return what the plan does for every order."""
    columns = (
        _ORDER,
        _BUYER,
        column("construction", "choice", ("style", "construction"), "construction"),
        column("category", "choice", ("style", "category"), "category"),
        _PAIRS,
        _OUTCOME,
        column("pairs_in_lots", "int", ("order_plan", "pairs_in_lots")),
        column("pairs_outside", "int", ("order_plan", "pairs_outside")),
        column("first_date", "date", ("order_plan", "first_date")),
        _READY,
        _DUE,
        _LATE,
        column("lead", "both", ("order_plan", "lead_firm")),
        column("contribution_fen", "yuan", Text("Contribution before material (yuan)", "贡献额（未扣材料，元）")),
    )
    return View("orders", Text("Orders", "订单"), columns, j.orders.sort("due_date", "order"))


def unmet(j: Joined, explanations: pl.DataFrame | None) -> View:
    """Return the orders that are late, partly outside, outside, declined or broken, the largest first.

    ``explanations`` has columns order, reason_en, reason_zh; without it the reasons are unknown.
    """
    late = pl.col("late_days").fill_null(0) > 0
    rows = j.orders.filter(late | (pl.col("outcome") != "placed"))
    if explanations is None:
        rows = rows.with_columns(reason_en=pl.lit(None, pl.String), reason_zh=pl.lit(None, pl.String))
    else:
        reasons = explanations.select("order", "reason_en", "reason_zh").unique("order", keep="first")
        rows = rows.join(reasons, on="order", how="left", maintain_order="left")
    columns: tuple[ViewColumn, ...] = (
        _ORDER,
        _BUYER,
        _PAIRS,
        _OUTCOME,
        _DUE,
        _READY,
        _LATE,
        column("reason", "both", Text("Reason", "原因")),
    )
    rank = {name: k for k, name in enumerate(reversed(list(dictionary.choices()["outcome"])))}
    order = pl.col("outcome").replace_strict(rank, return_dtype=pl.Int64)
    title = Text("Late, outside, declined", "延期、外地、不接的订单")
    return View("unmet", title, columns, rows.sort(order, pl.col("pairs") * -1, "order"))


def outside(j: Joined) -> View:
    """Return the orders that go to makers outside the cluster."""
    orders_ = j.orders.select("order", "buyer_en", "buyer_zh", "due_date")
    rows = (
        j.plan["outside_order"]
        .join(orders_, on="order", how="left")
        .join(j.makers, on="maker", how="left")
        .join(j.periods.select("period", ready_date="end_date"), on="period", how="left")
        .sort("ready_date", "order")
    )
    columns = (
        _ORDER,
        _BUYER,
        column("maker", "both", ("outside_order", "maker")),
        column("region", "text", ("outside_maker", "region")),
        _PAIRS,
        _READY,
        _DUE,
    )
    return View("outside", Text("Made outside the cluster", "外地制造"), columns, rows)


def order_detail(j: Joined, order: str) -> View:
    """Return who does what of one order and when, by lot and stage."""
    rank = {name: k for k, name in enumerate(dictionary.choices()["stage"])}
    rows = (
        j.work.filter(order=order)
        .group_by("lot", "stage", "line", "firm_en", "firm_zh", "district_en", "district_zh")
        .agg(pl.col("start_date").min(), pl.col("end_date").max(), pl.col("pairs").sum())
        .sort("lot", pl.col("stage").replace_strict(rank, return_dtype=pl.Int64))
    )
    columns = (
        column("lot", "id", ("lot", "lot")),
        column("stage", "choice", ("lot_line", "stage"), "stage"),
        column("line", "id", ("lot_line", "line")),
        column("firm", "both", ("site", "firm")),
        column("district", "both", ("site", "district")),
        column("start_date", "date", Text("From", "开始")),
        column("end_date", "date", Text("To", "结束")),
        _PAIRS,
    )
    return View("order", Text(f"Order {order}", f"订单 {order}"), columns, rows)
