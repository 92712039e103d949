"""Buyers and suppliers outside the cluster, and what is known of every buyer."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster.sample.draws import Random, codes, dealt, picked
from cordwainer.cluster.sample.names import trade_names
from cordwainer.cluster.sample.parameters import par, rows


def buyers(rng: Random, made: pl.DataFrame, orders: int) -> pl.DataFrame:
    """Return the buyers: brands of the cluster and trading firms outside.

    Columns: firm, name_en, name_zh, market, currency, price_term, tax_included, approval, inside.
    """
    kinds = rows("buyers")
    count = max(int(par("buyers_least")), round(orders * par("buyers_per_order")))
    market = dealt(rng, [float(k["share"]) for k in kinds], count)
    names = trade_names(rng, count)
    outside = pl.DataFrame(
        {
            "firm": codes("B", count),
            "name_en": [f"{n[0]} {kinds[int(m)]['name_en']}" for n, m in zip(names, market, strict=True)],
            "name_zh": [f"{n[1]}{kinds[int(m)]['name_zh']}" for n, m in zip(names, market, strict=True)],
            **{c: picked([k[c] for k in kinds], market) for c in ("market", "currency", "price_term")},
            "tax_included": [kinds[int(m)]["tax_included"] == "yes" for m in market],
            "approval": [rng.random() < float(kinds[int(m)]["approval"]) for m in market],
            "inside": False,
        }
    )
    inside = made.filter(pl.col("role") == "brand").select(
        "firm",
        "name_en",
        "name_zh",
        market=pl.lit("Domestic"),
        currency=pl.lit("CNY"),
        price_term=pl.lit("EXW"),
        tax_included=pl.lit(True),
        approval=pl.lit(False),
        inside=pl.lit(True),
    )
    return pl.concat([inside, outside])


def outside_suppliers(rng: Random) -> pl.DataFrame:
    """Return suppliers outside the cluster: firm, name_en, name_zh."""
    count = int(par("outside_suppliers"))
    names = trade_names(rng, count)
    return pl.DataFrame(
        {
            "firm": codes("V", count),
            "name_en": [f"{n[0]} Chemicals and Leather" for n in names],
            "name_zh": [f"{n[1]}化工皮革" for n in names],
        }
    )


def owners(known: pl.DataFrame, rng: Random) -> pl.Series:
    """Return buyer ids with repetition, so that brands of the cluster get their share of styles."""
    inside = known.filter("inside")["firm"]
    outside = known.filter(~pl.col("inside"))["firm"]
    if inside.is_empty():
        return outside
    times = max(1, round(outside.len() * par("inside_share") / (1 - par("inside_share")) / inside.len()))
    both = pl.concat([outside, *([inside] * times)])
    return both.gather(rng.permutation(both.len()))
