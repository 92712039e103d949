"""A firm's numbers stage by stage, and the median of all firms beside them."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster import Cluster, Plan, stated_efficiencies, statements_in_force

NUMBERS = ("pace", "hours_day", "load", "overtime")
"""Pace against standard time (1 is the standard), hours of a working day, load against regular capacity, share of overtime in the work."""
STEP = {"pace": 0.05, "hours_day": 0.5, "load": 0.05, "overtime": 0.05}
"""To what medians are rounded, so that none tells the very figure of a firm."""
_E4 = 10_000


def firm_numbers(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return the numbers of every firm that has lines, stage by stage: stage, firm, number, value, weight.

    Lines of a firm count by their people for pace and hours, by their minutes for load and overtime. A number that is not known has no
    row; ``weight`` is the minutes that the firm offers in the plan, with overtime, 1/1000 minute.
    """
    first_date = plan.periods[0].start
    owners = cluster["line"].join(cluster["site"].select("site", "firm"), on="site").select("line", "firm")
    minutes = (
        plan["line_period"]
        .group_by("line")
        .agg(pl.col("load_mmin", "regular_mmin", "most_mmin", "overtime_mmin").sum())
    )
    lines = (
        statements_in_force(cluster, first_date)
        .select("line", "stage", "people", "hours_day")
        .join(stated_efficiencies(cluster, first_date), on="line", how="left")
        .join(minutes, on="line", how="left")
        .join(owners, on="line")
    )

    def by_people(name: str) -> pl.Expr:
        known = pl.col(name).is_not_null() & (pl.col("people") > 0)
        return (pl.col(name) * pl.col("people")).filter(known).sum() / pl.col("people").filter(known).sum()

    wide = lines.group_by("stage", "firm").agg(
        weight=pl.col("most_mmin").sum(),
        pace=by_people("stated") / _E4,
        hours_day=by_people("hours_day"),
        load=pl.col("load_mmin").sum() / pl.col("regular_mmin").sum(),
        overtime=pl.col("overtime_mmin").sum() / pl.col("load_mmin").sum(),
    )
    found = wide.unpivot(on=NUMBERS, index=["stage", "firm", "weight"], variable_name="number", value_name="value")
    return (
        found.filter(pl.col("value").is_finite())
        .select("stage", "firm", "number", "value", "weight")
        .sort("stage", "firm", "number")
    )


def peer_medians(numbers: pl.DataFrame) -> pl.DataFrame:
    """Return the median of the firms' values by stage and number, and who stands behind it: stage, number, median, firms, largest.

    ``firms`` are those that offer minutes, ``largest`` is the largest one's share of these minutes; what may be told of the median is the
    caller's to decide by them. Medians are rounded to `STEP`.
    """
    step = pl.col("number").replace_strict(STEP, return_dtype=pl.Float64)
    return (
        numbers.filter(pl.col("weight") > 0)
        .group_by("stage", "number")
        .agg(median=pl.col("value").median(), firms=pl.len(), largest=pl.col("weight").max() / pl.col("weight").sum())
        .with_columns(median=((pl.col("median") / step).round() * step).round(4))
        .sort("stage", "number")
    )
