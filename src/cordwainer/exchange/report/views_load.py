"""Views of load: by stage and week, by district, by maker, and of one line."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.core import Text
from cordwainer.exchange.report.joined import Joined
from cordwainer.exchange.report.view import View, ViewColumn, column

_MMIN_PER_HOUR = 60_000

_HOURS = (
    column("load_hours", "number", Text("Load (worker-hours)", "负荷（工时）")),
    column("regular_hours", "number", Text("Regular capacity (worker-hours)", "正常产能（工时）")),
    column("most_hours", "number", Text("With overtime (worker-hours)", "含加班（工时）")),
    column("used", "share", Text("Load / regular", "负荷率")),
)
_PRICES = (
    column("price_mfen", "price", Text("Mean price (yuan an hour)", "平均影子价格（元/工时）")),
    column("priced", "share", Text("Lines with a price", "有价产线占比")),
)


def summed() -> list[pl.Expr]:
    """Return the sums of line-weeks that every view of load shows; prices weigh by minutes on offer."""
    open_ = pl.col("most_mmin") > 0
    weight = pl.col("most_mmin").sum()
    return [
        (pl.col("load_mmin").sum() / _MMIN_PER_HOUR).alias("load_hours"),
        (pl.col("overtime_mmin").sum() / _MMIN_PER_HOUR).alias("overtime_hours"),
        (pl.col("regular_mmin").sum() / _MMIN_PER_HOUR).alias("regular_hours"),
        (pl.col("most_mmin").sum() / _MMIN_PER_HOUR).alias("most_hours"),
        pl.when(pl.col("regular_mmin").sum() > 0)
        .then(pl.col("load_mmin").sum() / pl.col("regular_mmin").sum())
        .alias("used"),
        pl.when(weight > 0)
        .then((pl.col("mfen").cast(pl.Float64) * 60 * pl.col("most_mmin")).sum() / weight)
        .alias("price_mfen"),
        pl.when(open_.sum() > 0).then((open_ & (pl.col("mfen") > 0)).sum() / open_.sum()).alias("priced"),
    ]


def _stage_rank() -> pl.Expr:
    rank = {name: k for k, name in enumerate(dictionary.choices()["stage"])}
    return pl.col("stage").replace_strict(rank, return_dtype=pl.Int64)


def load(j: Joined, district: str | None = None) -> View:
    """Return load against capacity by stage and week, with the mean price of an hour; of one district where it is given."""
    weeks = j.line_weeks if district is None else j.line_weeks.filter(district=district)
    rows = (
        weeks.group_by("stage", "period")
        .agg(summed())
        .join(j.periods, on="period", how="left")
        .sort(_stage_rank(), "period")
    )
    columns = (
        column("stage", "choice", ("line", "stage"), "stage"),
        column("start_date", "date", Text("Week from", "周起始日")),
        *_HOURS,
        *_PRICES,
    )
    return View("load", Text("Load against capacity by stage and week", "各工序各周负荷与产能"), columns, rows)


def places(j: Joined) -> View:
    """Return load and mean price by stage, district and week, with how many firms stand behind each and the largest share.

    Columns ``firms`` and ``largest`` count firms by the minutes they offer: by what their prices weigh in the mean.
    """
    keys = ["stage", "district", "period"]
    of_firms = j.line_weeks.group_by(*keys, "firm").agg(pl.col("most_mmin").sum()).filter(pl.col("most_mmin") > 0)
    behind = of_firms.group_by(keys).agg(firms=pl.len(), largest=pl.col("most_mmin").max() / pl.col("most_mmin").sum())
    rows = (
        j.line_weeks.group_by(keys)
        .agg(summed())
        .join(behind, on=keys, how="left")
        .join(j.districts, on="district", how="left")
        .join(j.periods, on="period", how="left")
        .with_columns(pl.col("firms").fill_null(0))
        .sort(_stage_rank(), "district", "period")
    )
    columns: tuple[ViewColumn, ...] = (
        column("stage", "choice", ("line", "stage"), "stage"),
        column("district", "both", ("site", "district")),
        column("start_date", "date", Text("Week from", "周起始日")),
        column("firms", "int", Text("Makers", "厂家数")),
        column("largest", "share", Text("Largest share", "最大占比")),
        *_HOURS,
        *_PRICES,
    )
    return View("places", Text("Load by stage, district and week", "各工序各区县各周负荷"), columns, rows)


def _pairs_by(j: Joined, key: str) -> pl.DataFrame:
    """Return pairs finished by firm or district: work of the last stage of each routing."""
    return j.finished.group_by(key).agg(pl.col("pairs").sum())


def districts(j: Joined) -> View:
    """Return load and pairs finished by district."""
    counts = j.lines.group_by("district").agg(firms=pl.col("firm").n_unique(), lines=pl.len())
    rows = (
        j.line_weeks.group_by("district")
        .agg(summed())
        .join(counts, on="district", how="left")
        .join(_pairs_by(j, "district"), on="district", how="left")
        .join(j.districts, on="district", how="left")
        .join(j.cluster["district"].select("district", "lon", "lat"), on="district", how="left")
        .with_columns(pl.col("pairs").fill_null(0))
        .sort("load_hours", "district", descending=[True, False])
    )
    columns: tuple[ViewColumn, ...] = (
        column("district", "both", ("site", "district")),
        column("firms", "int", Text("Makers", "厂家数")),
        column("lines", "int", Text("Lines", "产线数")),
        column("pairs", "int", Text("Pairs finished", "完工双数")),
        *_HOURS,
        *_PRICES,
    )
    return View("districts", Text("Districts", "各区县"), columns, rows)


def makers(j: Joined) -> View:
    """Return load of every maker, the busiest first."""
    lots = j.work.group_by("firm").agg(orders=pl.col("order").n_unique())
    rows = (
        j.line_weeks.group_by("firm", "district")
        .agg(*summed(), lines=pl.col("line").n_unique())
        .join(lots, on="firm", how="left")
        .join(_pairs_by(j, "firm"), on="firm", how="left")
        .join(j.firms, on="firm", how="left")
        .join(j.districts, on="district", how="left")
        .with_columns(pl.col("pairs", "orders").fill_null(0))
        .sort("load_hours", "firm", descending=[True, False])
    )
    columns = (
        column("firm", "both", Text("Maker", "厂家")),
        column("district", "both", ("site", "district")),
        column("lines", "int", Text("Lines", "产线数")),
        column("orders", "int", Text("Orders", "订单数")),
        column("pairs", "int", Text("Pairs finished", "完工双数")),
        *_HOURS,
        *_PRICES,
    )
    return View("makers", Text("Makers by load", "厂家负荷"), columns, rows)


def line_detail(j: Joined, line: str) -> View:
    """Return load, capacity, price and orders of one line by week."""
    orders = (
        j.work.filter(line=line)
        .group_by("period")
        .agg(orders=pl.col("order").unique().sort().str.join(", "), pairs=pl.col("pairs").sum())
    )
    rows = (
        j.line_weeks.filter(line=line)
        .group_by("period")
        .agg(summed())
        .join(orders, on="period", how="left")
        .join(j.periods, on="period", how="left")
        .with_columns(pl.col("pairs").fill_null(0))
        .sort("period")
    )
    columns = (
        column("start_date", "date", Text("Week from", "周起始日")),
        *_HOURS,
        column("price_mfen", "price", Text("Price (yuan an hour)", "影子价格（元/工时）")),
        column("pairs", "int", ("work", "pairs")),
        column("orders", "text", Text("Orders", "订单")),
    )
    return View("line", Text(f"Line {line}", f"产线 {line}"), columns, rows)
