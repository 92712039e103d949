"""Shuitou's tanneries as a cluster: published totals of a year, spread over firms by an assumed distribution."""

from statistics import NormalDist
from typing import Any

import numpy as np
import polars as pl

from cordwainer.assessment.definitions import rows
from cordwainer.cluster import Cluster, complete_frames, dictionary, reference_tables

HIDES_A_DRUM = 5000
"""Assumed: standard cattle hides or their equal a year in one drum."""
SIGMA = 0.8
"""Assumed: spread of the logarithm of drums by firm."""
COD_UNTREATED, COD_TREATED = 3000.0, 240.0
"""Assumed, mg/l: raw effluent of a tannery, and just within the limit of 250."""


def drums_by_firm(firms: int, drums: int) -> list[int]:
    """Return whole drums of each firm, at least one, that sum to the published number."""
    spread = np.array([np.exp(SIGMA * NormalDist().inv_cdf((k + 0.5) / firms)) for k in range(firms)])
    exact = 1 + spread / spread.sum() * (drums - firms)
    whole = np.floor(exact).astype(int)
    rest = drums - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:rest]] += 1
    return [int(n) for n in whole]


def shuitou(year: int) -> Cluster:
    """Return the tanneries of one of the years of shuitou.csv."""
    told = next(r for r in rows("shuitou") if int(r["year"]) == year)
    treated = told["treated"] == "yes"
    drums = drums_by_firm(int(told["firms"]), int(told["drums"]))
    names = [f"T{k:04}" for k in range(len(drums))]
    figures: list[dict[str, Any]] = []
    for name, n in zip(names, drums, strict=True):
        told_of: dict[str, float] = {"hides_year": n * HIDES_A_DRUM, "raw_chrome": 1, "effluent_treated": int(treated)}
        told_of["cod_mg_l"] = COD_TREATED if treated else COD_UNTREATED
        figures += [{"unit": name, "year": year, "indicator": k, "value": float(v)} for k, v in told_of.items()]
    frames = {
        "firm": pl.DataFrame({"firm": names, "district": "pingyang", "founded": 1995}),
        "firm_role": pl.DataFrame({"firm": names, "role": "tannery"}),
        "figure": pl.DataFrame(figures),
    }
    return Cluster(complete_frames({**reference_tables(), **frames}, dictionary.cluster_tables()))
