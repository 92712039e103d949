"""What orders ask beside pairs and dates: sizes, named and barred makers, standards, approved sites."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from cordwainer.cluster.sample.draws import Random, apportion
from cordwainer.cluster.sample.parameters import par, rows

Tables = dict[str, pl.DataFrame]


def order_sizes(rng: Random, tables: Tables) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return table order_size and, for each order, the size curve (only where sizes are not yet known)."""
    category = pl.DataFrame([{"category": r["category"], "size_curve": r["size_curve"]} for r in rows("categories")])
    orders = (
        tables["order"]
        .select("order", "style", "pairs")
        .join(tables["style"].select("style", "category"), on="style", maintain_order="left")
        .join(category, on="category", maintain_order="left")
    )
    open_ = pl.Series("open", rng.random(orders.height) < par("sizes_unknown_share"))
    orders = orders.with_columns(open_)
    curves = {
        str(k[0]): (g["size"].to_list(), g["share"].to_list())
        for k, g in tables["size_curve"].group_by("size_curve", maintain_order=True)
    }
    known = orders.filter(~pl.col("open"))
    split = [
        (order, size, int(n))
        for order, pairs, curve in known.select("order", "pairs", "size_curve").iter_rows()
        for size, n in zip(curves[curve][0], apportion(curves[curve][1], pairs), strict=True)
    ]
    sizes = pl.DataFrame(split, schema=["order", "size", "pairs"], orient="row")
    curve = orders.select("order", size_curve=pl.when("open").then("size_curve"))
    return sizes, curve


def order_makers(rng: Random, tables: Tables) -> pl.DataFrame:
    """Return table order_maker: a few orders name makers that can make them, a few bar some."""
    able = _last_stage_firms(tables)
    style = tables["style"].select("style", "construction", "category", "tier")
    orders = tables["order"].select("order", "style").join(style, on="style", maintain_order="left")
    found: list[tuple[str, str, str]] = []
    u = rng.random(orders.height)
    for k, (order, _, construction, category, tier) in enumerate(orders.iter_rows()):
        firms = able.get((construction, category, tier), [])
        if u[k] < par("named_share"):
            rule, count = "named", int(rng.integers(1, int(par("named_most")) + 1))
        elif u[k] < par("named_share") + par("barred_share"):
            rule, count = "barred", 1
        else:
            continue
        chosen = rng.permutation(len(firms))[:count]
        found += [(order, firms[int(i)], rule) for i in chosen]
    return pl.DataFrame(found, schema={"order": pl.String, "firm": pl.String, "rule": pl.String}, orient="row")


def requirements(rng: Random, orders: pl.DataFrame) -> pl.DataFrame:
    """Return table order_requirement: standards that the makers of some orders must hold."""
    parts = []
    for kind in rows("standards"):
        asked = orders.filter(pl.Series(rng.random(orders.height) < float(kind["required_share"])))
        parts.append(
            asked.select(
                "order", standard=pl.lit(kind["standard"]), stage=pl.lit(kind["stage"] or None, dtype=pl.String)
            )
        )
    joined = pl.concat(parts).sort("order", "standard")
    return joined.with_columns(requirement=pl.lit("R-") + pl.col("order") + "-" + pl.col("standard"))


def approvals(
    rng: Random, tables: Tables, known: pl.DataFrame, first: date, weeks: int
) -> tuple[pl.DataFrame, pl.Series]:
    """Return table buyer_approval and, for each order, whether it is needed.

    A buyer with approval approves some sites for all stages that they do; a few approvals end within the plan.
    """
    stages = tables["line"].select("site", "stage").unique().sort("site", "stage")
    sites = stages["site"].unique(maintain_order=True)
    wanted = int(np.clip(round(sites.len() * par("approved_share")), par("approved_least"), par("approved_most")))
    strict = known.filter("approval")["firm"]
    parts = []
    for buyer in strict:
        chosen = sites.gather(np.sort(rng.permutation(sites.len())[: min(wanted, sites.len())]))
        begin = first - timedelta(days=int(rng.integers(30, 600)))
        ends = rng.random(chosen.len()) < par("approval_ends_share")
        end = [first + timedelta(days=int(d)) for d in np.where(ends, rng.integers(7, 7 * weeks, chosen.len()), 720)]
        dated = pl.DataFrame({"site": chosen, "valid_from": begin, "valid_to": end}).with_columns(buyer=pl.lit(buyer))
        parts.append(dated.join(stages, on="site", maintain_order="left_right"))
    schema = {"site": pl.String, "valid_from": pl.Date, "valid_to": pl.Date, "buyer": pl.String, "stage": pl.String}
    table = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    asks = tables["order"]["owner"].is_in(strict.to_list())
    needed = asks & pl.Series(rng.random(tables["order"].height) < par("approval_needed_share"))
    return table, needed


def _last_stage_firms(tables: Tables) -> dict[tuple[str, str, int], list[str]]:
    """Firms with a finishing line for a construction, category and style tier."""
    lines = (
        tables["line"]
        .filter(pl.col("stage") == "finishing")
        .join(tables["line_makes"].select("line", "construction", "category"), on="line")
        .join(tables["site"].select("site", "firm"), on="site")
    )
    best = lines.group_by("construction", "category", "firm").agg(pl.col("tier").max()).sort("firm")
    found: dict[tuple[str, str, int], list[str]] = {}
    for construction, category, firm, tier in best.iter_rows():
        for wanted in range(1, int(tier) + 1):
            found.setdefault((construction, category, wanted), []).append(firm)
    return found
