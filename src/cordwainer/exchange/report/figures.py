"""Key figures of a plan."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cordwainer.core import Language, Text
from cordwainer.exchange.report.joined import Joined
from cordwainer.exchange.report.view import Kind, View, column, written
from cordwainer.exchange.report.views_money import purchases

_MINUTES = 60_000
_YUAN, _SHARE = Text("yuan", "元"), Text("share", "比例")
_ORDERS, _PAIRS, _FIRMS = Text("orders", "张"), Text("pairs", "双"), Text("makers", "家")


@dataclass(frozen=True, slots=True)
class Figure:
    """One key figure; ``value`` is None where it is not known or does not apply, money is in fen."""

    name: str
    label: Text
    kind: Kind
    unit: Text
    value: int | float | None

    @property
    def title(self) -> Text:
        """The label without its unit, for where that has a place of its own."""
        return Text(self.label.en.removesuffix(f" ({self.unit.en})"), self.label.zh.removesuffix(f"（{self.unit.zh}）"))

    def shown(self, language: Language) -> str:
        """Return the value as people read it."""
        return written(self.value, self.kind, language)


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def worth(j: Joined) -> tuple[Figure, ...]:
    """Return what the plan is worth, and how far from the best it can at most be."""
    head = j.plan.head
    return (
        Figure(
            "contribution_fen", Text("Contribution (yuan)", "贡献额（元）"), "yuan", _YUAN, head["contribution_fen"]
        ),
        Figure(
            "bound_fen", Text("Bound: no plan is worth more (yuan)", "上界（元）"), "yuan", _YUAN, head["bound_fen"]
        ),
        Figure("gap", Text("Gap", "差距"), "share", _SHARE, j.plan.gap),
        Figure("net_gap", Text("Net gap", "净差距"), "share", _SHARE, j.plan.net_gap),
    )


def of_orders(j: Joined) -> tuple[Figure, ...]:
    """Return what becomes of orders and pairs."""
    rows = j.orders
    ordered, inside = int(rows["pairs"].sum()), int(rows["pairs_in_lots"].sum())
    outcome = dict(rows.group_by("outcome").len().iter_rows())
    made = rows.filter(pl.col("outcome").is_in(["placed", "mixed"]))
    late = made.filter(pl.col("late_days") > 0).height
    return (
        Figure("orders", Text("Orders", "订单数"), "int", _ORDERS, rows.height),
        Figure("orders_placed", Text("Made in the cluster", "本地承接"), "int", _ORDERS, outcome.get("placed", 0)),
        Figure("orders_mixed", Text("Partly outside", "部分外地"), "int", _ORDERS, outcome.get("mixed", 0)),
        Figure("orders_outside", Text("Outside", "外地"), "int", _ORDERS, outcome.get("outside", 0)),
        Figure("orders_declined", Text("Declined", "不接"), "int", _ORDERS, outcome.get("declined", 0)),
        Figure("orders_broken", Text("Broken commitments", "毁约"), "int", _ORDERS, outcome.get("broken", 0)),
        Figure("orders_late", Text("Of those made: late", "其中延期"), "int", _ORDERS, late),
        Figure("pairs", Text("Pairs ordered", "订购双数"), "int", _PAIRS, ordered),
        Figure("pairs_in_lots", Text("Pairs made in the cluster", "本地制造双数"), "int", _PAIRS, inside),
        Figure("local_share", Text("Local share of pairs", "本地率"), "share", _SHARE, _share(inside, ordered)),
    )


def of_capacity(j: Joined) -> tuple[Figure, ...]:
    """Return how capacity is used, and how much of it is scarce."""
    weeks = j.line_weeks
    open_ = weeks.filter(pl.col("most_mmin") > 0)
    districts = (
        j.plan["lot_line"].join(j.lines, on="line", how="left").group_by("lot").agg(pl.col("district").n_unique())
    )
    return (
        Figure("makers_with_work", Text("Makers with work", "有单厂家数"), "int", _FIRMS, j.work["firm"].n_unique()),
        Figure("makers", Text("Makers with lines", "有产线厂家数"), "int", _FIRMS, j.lines["firm"].n_unique()),
        Figure(
            "used",
            Text("Load / regular capacity", "负荷率"),
            "share",
            _SHARE,
            _share(int(weeks["load_mmin"].sum()), int(weeks["regular_mmin"].sum())),
        ),
        Figure(
            "overtime_hours",
            Text("Overtime (worker-hours)", "加班工时"),
            "number",
            Text("worker-hours", "小时"),
            int(weeks["overtime_mmin"].sum()) / _MINUTES,
        ),
        Figure(
            "priced_share",
            Text("Line-weeks with a price", "有影子价格的产线周占比"),
            "share",
            _SHARE,
            _share(open_.filter(pl.col("mfen") > 0).height, open_.height),
        ),
        Figure(
            "cross_district_share",
            Text("Lots that cross districts", "跨区县批次占比"),
            "share",
            _SHARE,
            _share(districts.filter(pl.col("district") > 1).height, districts.height),
        ),
        Figure(
            "purchases_fen",
            Text("Purchases (yuan)", "采购额（元）"),
            "yuan",
            _YUAN,
            int(purchases(j).frame["cost_fen"].sum()),
        ),
    )


def figures(j: Joined) -> tuple[Figure, ...]:
    """Return all key figures."""
    return (*worth(j), *of_orders(j), *of_capacity(j))


def key(j: Joined) -> View:
    """Return the key figures as a view: one row each, written in both languages."""
    found = figures(j)
    frame = pl.DataFrame(
        {
            "figure": [f.name for f in found],
            "label_en": [f.label.en for f in found],
            "label_zh": [f.label.zh for f in found],
            "value_en": [f.shown("en") for f in found],
            "value_zh": [f.shown("zh") for f in found],
        }
    )
    columns = (
        column("label", "both", Text("Figure", "指标")),
        column("value", "both", Text("Value", "数值")),
    )
    return View("key", Text("Key figures", "关键指标"), columns, frame)
