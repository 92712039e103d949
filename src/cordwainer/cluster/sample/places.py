"""Places of the sample: districts, calendars and carriage between districts."""

from __future__ import annotations

import math

import polars as pl

from cordwainer.cluster.reference import reference_tables
from cordwainer.cluster.sample.parameters import par


def transfers() -> pl.DataFrame:
    """Return carriage between districts by the distance of their centroids; far pairs have no row."""
    places = reference_tables()["district"].sort("district").to_dicts()
    found = []
    for a in places:
        for b in places:
            km = _distance_km(a["lon"], a["lat"], b["lon"], b["lat"])
            if a["district"] != b["district"] and km <= par("transfer_most_km"):
                found.append(_transfer(a["district"], b["district"], km))
    return pl.DataFrame(found)


def _distance_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Distance on the ground with small-angle geometry, kilometres (error below 1 per cent within Wenzhou)."""
    x = (lon2 - lon1) * math.cos(math.radians((lat1 + lat2) / 2))
    return math.hypot(x, lat2 - lat1) * par("km_per_degree")


def _transfer(a: str, b: str, km: float) -> dict[str, object]:
    lag = sum(km > par(f"transfer_lag_km_{days}") for days in (1, 2, 3))
    return {
        "from_district": a,
        "to_district": b,
        "fen_pair": round(par("transfer_fen") + par("transfer_fen_km") * km),
        "lag_days": lag,
        "carbon_g_pair": round(par("transfer_carbon_km") * km, 1),
    }
