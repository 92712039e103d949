"""Structure of the cluster: concentration, inequality, specialisation, the tail of sizes; by district, stage and category."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from cordwainer.assessment.worked import lines_with_firms
from cordwainer.cluster import Cluster

Floats = npt.NDArray[np.float64]
LEAST_FIRMS = 5
"""Groups of fewer firms are counted, but nothing is told of them."""
_DRAWS, _LEVEL = 400, 0.9


@dataclass(frozen=True, slots=True)
class Concentration:
    """Measures of one group of firms. ``bands`` holds low and high of each measure where the group is a sample, else nothing."""

    firms: int
    cr4: float
    hhi: float
    effective: float
    gini: float
    bands: dict[str, tuple[float, float]]


def cr(values: Floats, k: int = 4) -> float:
    """Return the sum of the k largest shares."""
    return float(np.sort(values)[::-1][:k].sum() / values.sum())


def hhi(values: Floats) -> float:
    """Return the sum of squared shares, 1 / n to 1 (times 10,000 as authorities quote it)."""
    return float(((values / values.sum()) ** 2).sum())


def gini(values: Floats) -> float:
    """Return sum_i (2i - n - 1) x_(i) / (n sum x), i from 1 in rising order."""
    x, n = np.sort(values), values.size
    return float(((2 * np.arange(1, n + 1) - n - 1) * x).sum() / (n * x.sum()))


def concentration(values: Floats, population: int | None = None, seed: int = 0) -> Concentration:
    """Return the measures of firms' values, with bands where they are a sample.

    Parameters
    ----------
    values
        One value above 0 for each firm.
    population
        Firms that there are; above the number of values the measures have bands of 90 per cent: percentiles of 400 draws
        with replacement, drawn in towards the measure by the square root of the share that was not sampled.
    seed
        Of these draws.
    """
    measures = {"cr4": cr(values), "hhi": hhi(values), "gini": gini(values)}
    bands: dict[str, tuple[float, float]] = {}
    if population is not None and population > values.size:
        rng, n = np.random.default_rng(seed), values.size
        drawn = values[rng.integers(0, n, (_DRAWS, n))]
        left = np.sqrt(1 - n / population)
        for name, of in (("cr4", cr), ("hhi", hhi), ("gini", gini)):
            each = np.array([of(d) for d in drawn])
            low, high = np.quantile(each, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
            here = measures[name]
            bands[name] = (float(here - left * max(0.0, here - low)), float(here + left * max(0.0, high - here)))
    return Concentration(values.size, measures["cr4"], measures["hhi"], 1 / measures["hhi"], measures["gini"], bands)


@dataclass(frozen=True, slots=True)
class Tail:
    """Exponent of a Pareto tail above a threshold with its 95 per cent interval, from so many firms."""

    threshold: float
    firms: int
    alpha: float
    low: float
    high: float


def tail(values: Floats, threshold: float) -> Tail | None:
    """Return the exponent by maximum likelihood (Hill): n / sum ln(x / threshold), less its bias; None below five firms.

    The interval is alpha (1 +- 1.96 / sqrt(n)).
    """
    x = values[values >= threshold]
    if x.size < LEAST_FIRMS:
        return None
    alpha = float((x.size - 1) / np.log(x / threshold).sum())
    half = 1.96 / np.sqrt(x.size)
    return Tail(threshold, x.size, alpha, float(alpha * (1 - half)), float(alpha * (1 + half)))


def size_distribution(values: Floats) -> dict[str, float]:
    """Return mean and quantiles of firms' sizes, and the mean and sigma of their logarithm."""
    logs = np.log(values[values > 0])
    marks = {f"q{round(100 * q):02}": float(np.quantile(values, q)) for q in (0.1, 0.25, 0.5, 0.75, 0.9)}
    return {"mean": float(values.mean()), **marks, "mean_log": float(logs.mean()), "sigma_log": float(logs.std(ddof=1))}


def sizes(cluster: Cluster, year: int, indicator: str = "revenue_yuan") -> pl.DataFrame:
    """Return the size distribution of the cluster and of its districts.

    Columns: by, group, firms, and what `size_distribution` returns; of groups of fewer than five firms only their number.
    """
    each = firm_sizes(cluster, year, indicator)
    groups = [("all", "all", each), *(("district", str(k[0]), f) for k, f in _parts(each, "district"))]
    rows = [
        {"by": by, "group": group, "firms": f.height}
        | (size_distribution(f["value"].to_numpy()) if f.height >= LEAST_FIRMS else {})
        for by, group, f in groups
    ]
    numbers = ("mean", "q10", "q25", "q50", "q75", "q90", "mean_log", "sigma_log")
    schema = {"by": pl.String, "group": pl.String, "firms": pl.Int64, **dict.fromkeys(numbers, pl.Float64)}
    return pl.DataFrame(rows, schema=schema)


def firm_sizes(cluster: Cluster, year: int, indicator: str) -> pl.DataFrame:
    """Return columns firm, district, value of the firms of the cluster of which the figure is known and above 0."""
    return (
        cluster["figure"]
        .filter(pl.col("year") == year, pl.col("indicator") == indicator, pl.col("value") > 0)
        .select(pl.col("unit").alias("firm"), "value")
        .join(cluster["firm"].filter(pl.col("district").is_not_null()).select("firm", "district"), on="firm")
        .sort("firm")
    )


def capacity(cluster: Cluster) -> pl.DataFrame:
    """Return columns firm, district, stage, category, people, pairs_day: stated capacity by firm and reference shoe."""
    return (
        cluster["line_statement"]
        .sort("line", "valid_from")
        .unique("line", keep="last", maintain_order=True)
        .join(lines_with_firms(cluster), on="line")
        .group_by("firm", "district", "stage", category=pl.col("reference_category"))
        .agg(pl.col("people").sum(), pl.col("pairs_day").sum())
        .sort("firm", "stage", "category")
    )


def structure(cluster: Cluster, year: int, population: int | None = None) -> pl.DataFrame:
    """Return concentration by district (revenue), stage (people on lines) and category (pairs a day at lasting).

    Columns: by, group, firms, cr4, hhi, effective, gini, and low and high of cr4, hhi and gini where sampled. Of groups of fewer
    than five firms only their number is told. Bands of a part take the part's share of ``population``.
    """
    sizes = firm_sizes(cluster, year, "revenue_yuan")
    lines = capacity(cluster)
    whole = [("all", "all", sizes.select("firm", "value"))]
    whole += [("district", str(k[0]), f.select("firm", "value")) for k, f in _parts(sizes, "district")]
    stages = lines.group_by("firm", "stage").agg(value=pl.col("people").sum().cast(pl.Float64))
    whole += [("stage", str(k[0]), f.select("firm", "value")) for k, f in _parts(stages, "stage")]
    kinds = (
        lines.filter(stage="lasting").group_by("firm", "category").agg(value=pl.col("pairs_day").sum().cast(pl.Float64))
    )
    whole += [("category", str(k[0]), f.select("firm", "value")) for k, f in _parts(kinds, "category")]
    share = None if population is None else population / max(1, sizes.height)
    return pl.DataFrame([_row(by, group, f, share) for by, group, f in whole], schema=STRUCTURE)


def _parts(frame: pl.DataFrame, column: str) -> list[tuple[tuple[object, ...], pl.DataFrame]]:
    return sorted(frame.sort("firm").partition_by(column, as_dict=True).items(), key=lambda kv: str(kv[0]))


def _row(by: str, group: str, firms: pl.DataFrame, share: float | None) -> dict[str, object]:
    row: dict[str, object] = {"by": by, "group": group, "firms": firms.height}
    if firms.height < LEAST_FIRMS:
        return row
    found = concentration(firms["value"].to_numpy(), None if share is None else round(share * firms.height))
    row |= {"cr4": found.cr4, "hhi": found.hhi, "effective": found.effective, "gini": found.gini}
    for name, (low, high) in found.bands.items():
        row |= {f"{name}_low": low, f"{name}_high": high}
    return row


_MEASURES = ("cr4", "hhi", "effective", "gini", "cr4_low", "cr4_high", "hhi_low", "hhi_high", "gini_low", "gini_high")
STRUCTURE = {"by": pl.String, "group": pl.String, "firms": pl.Int64, **dict.fromkeys(_MEASURES, pl.Float64)}


def location_quotients(cluster: Cluster) -> pl.DataFrame:
    """Return district, category, firms, people, share (of the district's people at lasting) and quotient.

    The quotient is the category's share in the district over its share in the whole cluster; above 1 the district is
    specialised in it. Null where fewer than five firms of the district make it.
    """
    lasting = capacity(cluster).filter(stage="lasting")
    here = lasting.group_by("district", "category").agg(firms=pl.col("firm").n_unique(), people=pl.col("people").sum())
    total = pl.col("people").sum()
    shares = here.with_columns(
        share=pl.col("people") / total.over("district"),
        whole=total.over("category") / total,
    )
    told = pl.col("firms") >= LEAST_FIRMS
    return shares.select(
        "district",
        "category",
        firms=pl.col("firms").cast(pl.Int64),
        people=pl.when(told).then("people"),
        share=pl.when(told).then("share"),
        quotient=pl.when(told).then(pl.col("share") / pl.col("whole")),
    ).sort("district", "category")
