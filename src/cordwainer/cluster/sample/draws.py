"""Draws that keep the shape of a distribution at every size: shares by largest remainder, quantiles in strata."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Random = np.random.Generator

_NORMAL = NormalDist()


def apportion(shares: Sequence[float], count: int) -> Ints:
    """Return whole numbers that sum to ``count`` in proportion to ``shares`` (largest remainder)."""
    exact = np.asarray(shares, np.float64) / np.sum(shares) * count
    whole = np.asarray(np.floor(exact), np.int64)
    rest = count - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:rest]] += 1
    return whole


def dealt(rng: Random, shares: Sequence[float], count: int) -> Ints:
    """Return ``count`` indices into ``shares``, in proportion to them, in random order."""
    return np.asarray(rng.permutation(np.repeat(np.arange(len(shares)), apportion(shares, count))), np.int64)


def strata(rng: Random, count: int) -> Floats:
    """Return one random number in (0, 1) from each of ``count`` equal strata, in random order."""
    return np.asarray((rng.permutation(count) + rng.uniform(0.05, 0.95, count)) / count, np.float64)


def normal(quantiles: Floats) -> Floats:
    """Return standard normal numbers at the quantiles."""
    return np.array([_NORMAL.inv_cdf(float(q)) for q in quantiles])


def lognormal(rng: Random, count: int, median: float, sigma: float) -> Floats:
    """Return numbers whose logarithm is normal, drawn in strata."""
    return np.asarray(median * np.exp(sigma * normal(strata(rng, count))), np.float64)


def noise(rng: Random, count: int, sigma: float) -> Floats:
    """Return factors around 1 whose logarithm is normal."""
    return np.exp(rng.normal(0.0, sigma, count))


def codes(prefix: str, count: int, first: int = 1) -> pl.Series:
    """Return ids such as F0001, wide enough for ``count``."""
    width = max(3, len(str(count + first - 1)))
    return pl.Series([f"{prefix}{k:0{width}d}" for k in range(first, first + count)], dtype=pl.String)


def picked(values: Sequence[str], index: Ints) -> list[str]:
    """Return the values at the indices."""
    return [values[int(i)] for i in index]
