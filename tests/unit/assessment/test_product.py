"""Grade of product: bands, premium and ages by hand."""

from datetime import date

import polars as pl
import pytest

from cordwainer.assessment import product, product_view
from cordwainer.cluster import Cluster, sample
from tests.small_plan import small_cluster


def three_orders() -> Cluster:
    """Return a cluster with three orders of 100 pairs at 50, 100 and 150 yuan; the dearest repeats the style of the cheapest."""
    cluster = small_cluster()
    style = cluster["style"]
    styles = pl.concat(
        [style.with_columns(style=pl.lit(s), owner=pl.lit(o)) for s, o in (("Y1", "F00"), ("Y2", "F01"))]
    )
    orders = (
        cluster["order"]
        .head(3)
        .with_columns(
            pairs=pl.lit(100),
            price=pl.Series([5000, 10000, 15000]),
            style=pl.Series(["Y1", "Y2", "Y1"]),
            placed_date=pl.Series([date(2026, 1, 1), date(2026, 1, 11), date(2026, 1, 31)]),
        )
    )
    paper = cluster["purchase_order"].with_columns(tax_included=pl.lit(value=False))
    return cluster.replace(style=styles, order=orders, purchase_order=paper)


def test_three_orders_by_hand() -> None:
    found = {r["firm"]: r for r in product(three_orders()).to_dicts()}
    one, two = found["F00"], found["F01"]
    assert (one["year"], one["styles"], one["pairs"]) == (2026, 1, 200)
    assert (one["band"], two["band"]) == (3.0, 3.0)  # bands 1 and 5 of 100 pairs each; 3
    assert (one["premium"], two["premium"]) == pytest.approx((0.0, 0.0))
    assert (one["age_sold"], two["age_sold"]) == (15.0, 0.0)  # days 0 and 30 by pairs
    assert (one["age_offered"], two["age_offered"]) == (30.0, 20.0)  # on 31 January
    assert (one["repeated"], two["repeated"]) == (0.5, 0.0)


def test_bands_hold_a_fifth_of_the_pairs_each() -> None:
    cluster = sample("S", 1)
    found = product(cluster)
    assert found["band"].is_between(1, 5).all()
    owned = cluster["order"].join(cluster["style"].drop_nulls("owner").select("style"), on="style", how="semi")
    assert found["pairs"].sum() == owned.drop_nulls("placed_date")["pairs"].sum()
    mean = found.select((pl.col("band") * pl.col("pairs")).sum() / pl.col("pairs").sum()).item()
    assert mean == pytest.approx(3.0, abs=0.25)


def test_orders_without_date_or_owner_are_left_out() -> None:
    cluster = three_orders()
    undated = cluster.replace(order=cluster["order"].with_columns(placed_date=pl.lit(None, pl.Date)))
    assert product(undated).is_empty()
    assert product_view(cluster, product(cluster)).frame.height == 2
