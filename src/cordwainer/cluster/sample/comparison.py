"""The sample beside the published figures of Wenzhou: one row a figure, with the tolerance that is held."""

from __future__ import annotations

import math
from collections.abc import Callable

import polars as pl

from cordwainer.cluster.cluster import Cluster
from cordwainer.cluster.sample.limits import flow_use
from cordwainer.cluster.sample.parameters import figures, par, rows
from cordwainer.cluster.sample.styles import effective_minutes


def comparison(cluster: Cluster) -> pl.DataFrame:
    """Return the sample beside the published figures, scaled by its share of the city's firms.

    Columns: name, label_en, label_zh, unit, published (scaled where it is a total), sample, difference (share of the
    published), tolerance (share; null: shown, not held), note_en, note_zh, year, source, verified.
    """
    inside = cluster["firm"].filter(pl.col("district").is_not_null())
    scale = inside.height / figures()["census_units"]
    source = {r["name"]: r for r in rows("figures")}
    found = []
    for row in rows("comparison"):
        known = source[row["figure"]]
        published = float(known["value"]) * (scale if row["scaled"] == "yes" else 1.0)
        value = _MEASURES[row["name"]](cluster)
        found.append(
            {
                "name": row["name"],
                "label_en": row["label_en"],
                "label_zh": row["label_zh"],
                "unit": known["unit"],
                "published": published,
                "sample": value,
                "difference": value / published - 1,
                "tolerance": float(row["tolerance"]) if row["tolerance"] else None,
                "note_en": row["note_en"],
                "note_zh": row["note_zh"],
                "year": int(known["year"]) if known["year"] else None,
                "source": known["source"],
                "verified": known["verified"] == "yes",
            }
        )
    return pl.DataFrame(found, schema_overrides={"tolerance": pl.Float64, "year": pl.Int64})


def _inside(cluster: Cluster) -> pl.DataFrame:
    return cluster["firm"].filter(pl.col("district").is_not_null())


def _firms(cluster: Cluster) -> float:
    return float(_inside(cluster).height)


def _official(cluster: Cluster, indicator: str) -> pl.Series:
    return cluster["figure"].filter(indicator=indicator, year=int(par("figure_year")))["value"]


def _staff(cluster: Cluster) -> float:
    return float(_official(cluster, "staff").sum())


def _staff_per_firm(cluster: Cluster) -> float:
    return _staff(cluster) / _firms(cluster)


def _pairs_year(cluster: Cluster) -> float:
    """Pairs a year that all lines together can make: stated minutes over the mean minutes of an ordered pair."""
    times = cluster["routing_template"].select(
        "stage",
        "minutes_per_pair",
        reference_construction="construction",
        reference_category="category",
    )
    stated = (
        cluster["line_statement"]
        .join(cluster["line"].select("line", "stage"), on="line")
        .join(times, on=["stage", "reference_construction", "reference_category"])
    )
    minutes_day = float((stated["pairs_day"] * stated["minutes_per_pair"]).sum())
    ordered = cluster["order"].join(effective_minutes(dict(cluster.frames)), on="style")
    pairs = float(cluster["order"]["pairs"].sum())
    per_pair = float((ordered["pairs"] * ordered["minutes_per_pair"]).sum()) / pairs
    return minutes_day * figures()["days_year"] / per_pair


def _pairs_worker_day(cluster: Cluster) -> float:
    return _pairs_year(cluster) / figures()["days_year"] / _staff(cluster)


def _district_share(district: str) -> Callable[[Cluster], float]:
    def share(cluster: Cluster) -> float:
        return _inside(cluster).filter(pl.col("district") == district).height / _firms(cluster)

    return share


def _above(cluster: Cluster, yuan: float) -> int:
    return int((_official(cluster, "revenue_yuan") >= yuan).sum())


def _above_scale(cluster: Cluster) -> float:
    return _above(cluster, figures()["above_scale_yuan"]) / _firms(cluster)


def _tail(cluster: Cluster) -> float:
    """Exponent of the Pareto tail of revenue between the threshold and a multiple of it; nan where nobody is above."""
    low = figures()["above_scale_yuan"]
    times = par("tail_times")
    high = _above(cluster, low * times)
    return math.log(_above(cluster, low) / high) / math.log(times) if high else math.nan


def _output(cluster: Cluster) -> float:
    return float(_official(cluster, "revenue_yuan").sum())


def _orders(cluster: Cluster) -> pl.DataFrame:
    """Return orders with construction, category and net price in yuan."""
    papers = cluster["purchase_order"].select("po", "currency", "tax_included")
    rate = {k: cluster.policy("fx", k) for k in papers["currency"].unique()}
    tax = pl.when("tax_included").then(1 + cluster.policy("vat_share")).otherwise(1.0)
    return (
        cluster["order"]
        .join(papers, on="po")
        .join(cluster["style"].select("style", "construction", "category"), on="style")
        .with_columns(
            yuan=pl.col("price") / 100 * pl.col("currency").replace_strict(rate, return_dtype=pl.Float64) / tax
        )
    )


def _mean_price(category: str | None) -> Callable[[Cluster], float]:
    def price(cluster: Cluster) -> float:
        orders = _orders(cluster)
        chosen = orders if category is None else orders.filter(pl.col("category") == category)
        return float((chosen["yuan"] * chosen["pairs"]).sum()) / max(1, int(chosen["pairs"].sum()))

    return price


def _construction(name: str) -> Callable[[Cluster], float]:
    def share(cluster: Cluster) -> float:
        orders = _orders(cluster)
        mine = pl.col("pairs").filter(pl.col("construction") == name).sum()
        return float(orders.select(mine / pl.col("pairs").sum()).item())

    return share


def _per_pair(flow: str) -> Callable[[Cluster], float]:
    def use(cluster: Cluster) -> float:
        return flow_use(dict(cluster.frames))[flow] / float(cluster["order"]["pairs"].sum())

    return use


_MEASURES: dict[str, Callable[[Cluster], float]] = {
    "firms": _firms,
    "staff": _staff,
    "staff_per_firm": _staff_per_firm,
    "pairs_year": _pairs_year,
    "pairs_worker_day": _pairs_worker_day,
    "lucheng_share": _district_share("lucheng"),
    "longwan_share": _district_share("longwan"),
    "above_scale_share": _above_scale,
    "tail": _tail,
    "output": _output,
    "price": _mean_price(None),
    "safety_price": _mean_price("safety"),
    "cemented_share": _construction("cemented"),
    "injection_share": _construction("injection"),
    "solvent": _per_pair("solvent"),
    "electricity": _per_pair("electricity"),
}
