"""Transfers between districts as arrays: what they cost, how long they take, what they emit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cordwainer.cluster import Cluster
from cordwainer.core import Period, scaled
from cordwainer.planning.problem import Ints, Small, index_of


@dataclass(frozen=True)
class Transfers:
    """Transfers between districts, D x D.

    Parameters
    ----------
    price
        Fen a pair; -1: there is no way.
    lag
        Code of the days that a move takes.
    carbon
        Milligrams a pair; -1: unknown.
    reach
        Last period whose work has arrived at the start of a period, by code of the lag x T; -1: none.
    """

    price: Ints
    lag: Small
    carbon: Ints
    reach: Small


def transfers(cluster: Cluster, districts: Sequence[str], periods: Sequence[Period]) -> Transfers:
    """Return the moves between districts; within a district without a row all are 0."""
    number, count = index_of(districts), len(districts)
    price = np.full((count, count), -1, np.int64)
    lag, carbon = np.zeros((count, count), np.int32), np.zeros((count, count), np.int64)
    np.fill_diagonal(price, 0)
    rows = cluster["transfer"].to_dicts()
    lags = sorted({0, *(r["lag_days"] for r in rows)})
    for r in rows:
        a, b = number[r["from_district"]], number[r["to_district"]]
        price[a, b], lag[a, b] = r["fen_pair"], lags.index(r["lag_days"])
        carbon[a, b] = -1 if r["carbon_g_pair"] is None else scaled(r["carbon_g_pair"], 3)
    return Transfers(price, lag, carbon, _arrivals(lags, periods))


def _arrivals(lags: Sequence[int], periods: Sequence[Period]) -> Small:
    """Return the last period whose work has arrived at the start of a period by lag in days, lags x T; -1: none, no lag: itself."""
    reach = np.full((len(lags), len(periods)), -1, np.int32)
    reach[0] = np.arange(len(periods))
    for code, days in enumerate(lags[1:], start=1):
        for t, period in enumerate(periods):
            reach[code, t] = sum((period.start - p.end).days - 1 >= days for p in periods[:t]) - 1
    return reach
