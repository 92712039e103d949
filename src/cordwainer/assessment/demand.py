"""What look-alikes do to prices, and where demand pays and few supply."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cordwainer.assessment.lookalikes import LEAST, Neighbours, Styles
from cordwainer.cluster import Cluster


def net_prices(cluster: Cluster) -> pl.DataFrame:
    """Return orders with style, buyer, pairs and yuan a pair, in one currency and without recoverable tax."""
    papers = cluster["purchase_order"].select("po", "buyer", "currency", "tax_included")
    rate = {k: cluster.policy("fx", k) if k != "CNY" else 1.0 for k in papers["currency"].unique()}
    tax = pl.when("tax_included").then(1 + cluster.policy("vat_share")).otherwise(1.0)
    money = pl.col("price") / 100 * pl.col("currency").replace_strict(rate, return_dtype=pl.Float64) / tax
    return cluster["order"].join(papers, on="po", maintain_order="left").with_columns(yuan=money)


@dataclass(frozen=True, slots=True)
class Pressure:
    """Change of a pair's price for one tenth more density, as a share, with its 95 per cent interval; from so many styles."""

    styles: int
    effect: float
    low: float
    high: float


def price_pressure(cluster: Cluster, styles: Styles, near: Neighbours) -> Pressure | None:
    """Return what density does to prices: least squares of the logarithm of price, less its mean by category, construction and tier.

    None with fewer than thirty styles that were ordered, or where density does not vary.
    """
    weighted = (pl.col("yuan") * pl.col("pairs")).sum() / pl.col("pairs").sum()
    price = net_prices(cluster).filter(pl.col("yuan") > 0).group_by("style").agg(yuan=weighted)
    kind = ["category", "construction", "tier"]
    table = styles.frame.select("style", *kind).with_columns(density=pl.Series(near.density)).join(price, on="style")
    table = (
        table.sort("style")
        .with_columns(log=pl.col("yuan").log())
        .with_columns(
            y=pl.col("log") - pl.col("log").mean().over(kind), x=pl.col("density") - pl.col("density").mean().over(kind)
        )
    )
    x, y, n = table["x"].to_numpy(), table["y"].to_numpy(), table.height
    free = n - table.select(kind).unique().height - 1
    if free < 30 or not float((x**2).sum()) > 1e-12:
        return None
    slope = float((x * y).sum() / (x**2).sum())
    error = float(np.sqrt(((y - slope * x) ** 2).sum() / free / (x**2).sum()))
    at = [float(np.exp(0.1 * s) - 1) for s in (slope, slope - 1.96 * error, slope + 1.96 * error)]
    return Pressure(n, *at)


def empty_spaces(cluster: Cluster) -> pl.DataFrame:
    """Return kinds of shoe that are ordered at good prices and supplied by few styles, the widest gap first.

    Cells of category, construction, tier and upper material with at least five buyers. Columns: these, styles, buyers, pairs,
    yuan (a pair), premium (over the category's mean price, share), pairs_style, room: pairs a style over the category's, times 1 +
    premium. Only cells with room above 1 and premium above 0.
    """
    cell = ["category", "construction", "tier", "upper_material"]
    styles = cluster["style"].select("style", *cell)
    ordered = net_prices(cluster).join(styles, on="style")
    worth, pairs = (pl.col("yuan") * pl.col("pairs")).sum(), pl.col("pairs").sum()
    here = ordered.group_by(cell).agg(buyers=pl.col("buyer").n_unique(), pairs=pairs, yuan=worth / pairs)
    whole = ordered.group_by("category").agg(mean=worth / pairs, all_pairs=pairs)
    supply = styles.group_by(cell).agg(styles=pl.len())
    offered = styles.group_by("category").agg(all_styles=pl.len())
    found = here.join(supply, on=cell).join(whole, on="category").join(offered, on="category")
    found = found.with_columns(
        premium=pl.col("yuan") / pl.col("mean") - 1, pairs_style=pl.col("pairs") / pl.col("styles")
    )
    found = found.with_columns(
        room=pl.col("pairs_style") / (pl.col("all_pairs") / pl.col("all_styles")) * (1 + pl.col("premium"))
    )
    told = (pl.col("buyers") >= LEAST) & (pl.col("room") > 1) & (pl.col("premium") > 0)
    columns = [*cell, "styles", "buyers", "pairs", "yuan", "premium", "pairs_style", "room"]
    return found.filter(told).select(columns).sort("room", *cell, descending=[True, False, False, False, False])
