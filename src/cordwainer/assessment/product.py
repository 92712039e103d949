"""Grade of product by firm and year, as orders show it: price band, age of styles against the age of what sells, repeats."""

from __future__ import annotations

import polars as pl

from cordwainer.assessment.demand import net_prices
from cordwainer.cluster import Cluster

BANDS = 5
"""Price bands of a category: each holds a fifth of its pairs, 1 the cheapest."""


def product(cluster: Cluster) -> pl.DataFrame:
    """Return what each owner of styles sold by year of the orders.

    Columns: firm (owner of the styles), year, styles and pairs ordered, band (mean price band within the category, 1 to 5, by pairs),
    premium (net price over the mean of the category, share, by pairs), age_offered (mean days since their first order, over all
    styles ordered so far), age_sold (the same at each order, by pairs), repeated (share of pairs in orders of a style that was ordered
    before). Orders without date are left out.
    """
    rows = (
        net_prices(cluster)
        .join(cluster["style"].select("style", "owner", "category"), on="style")
        .drop_nulls(["owner", "placed_date"])
        .filter((pl.col("pairs") > 0) & (pl.col("yuan") > 0))
        .sort("category", "yuan", "order")
    )
    so_far, whole = pl.col("pairs").cum_sum().over("category"), pl.col("pairs").sum().over("category")
    middle = (so_far - pl.col("pairs") / 2) / whole
    mean = (pl.col("yuan") * pl.col("pairs")).sum().over("category") / whole
    first = pl.col("placed_date").min().over("style")
    rows = rows.with_columns(
        year=pl.col("placed_date").dt.year().cast(pl.Int64),
        band=1 + (middle * BANDS).floor().clip(0, BANDS - 1),
        premium=pl.col("yuan") / mean - 1,
        first=first,
        age=(pl.col("placed_date") - first).dt.total_days(),
    )

    def by_pairs(of: pl.Expr) -> pl.Expr:
        return (of * pl.col("pairs")).sum() / pl.col("pairs").sum()

    table = rows.group_by("owner", "year").agg(
        styles=pl.col("style").n_unique().cast(pl.Int64),
        pairs=pl.col("pairs").sum(),
        band=by_pairs(pl.col("band")),
        premium=by_pairs(pl.col("premium")),
        age_sold=by_pairs(pl.col("age")),
        repeated=by_pairs((pl.col("age") > 0) | pl.col("repeat_of").is_not_null()),
    )
    table = table.join(_offered(rows), on=["owner", "year"]).rename({"owner": "firm"})
    order = ("firm", "year", "styles", "pairs", "band", "premium", "age_offered", "age_sold", "repeated")
    return table.select(order).sort("firm", "year")


def _offered(rows: pl.DataFrame) -> pl.DataFrame:
    """Return owner, year, age_offered: mean age on the last day with an order of the year of all styles ordered so far."""
    ends = rows.group_by("year").agg(end=pl.col("placed_date").max())
    styles = rows.select("owner", "style", "first").unique()
    pairs = rows.select("owner", "year").unique().join(ends, on="year").join(styles, on="owner")
    then = pairs.filter(pl.col("first") <= pl.col("end"))
    age = (pl.col("end") - pl.col("first")).dt.total_days()
    return then.group_by("owner", "year").agg(age_offered=age.mean())
