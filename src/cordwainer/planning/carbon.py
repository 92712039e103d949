"""What carbon costs where it is priced: exact for any price, whole fen a tonne or not."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from cordwainer.cluster import Cluster
from cordwainer.core import exact
from cordwainer.planning.problem import Ints

CARBON = "carbon"
_NARROW = 2**62
"""Products below this fit 64 bits; others are computed with Python's integers."""


def carbon_price_of(cluster: Cluster) -> Fraction:
    """Return the carbon price in fen per tonne; 0: carbon is not priced."""
    return exact(cluster.policy("carbon_price"), 6)


def carbon_mfen(milligrams: Ints, price: Fraction) -> Ints:
    """Return what carbon costs in 1/1000 fen, rounded down; ``price`` in fen per tonne."""
    return _times(milligrams, price / 10**6, up=False)


def carbon_fen(milligrams: Ints, price: Fraction) -> Ints:
    """Return what carbon costs in fen, rounded up; ``price`` in fen per tonne."""
    return _times(milligrams, price / 10**9, up=True)


def _times(values: Ints, factor: Fraction, *, up: bool) -> Ints:
    """Return values >= 0 times a factor, rounded."""
    if factor == 0 or not values.size:
        return np.zeros(values.shape, np.int64)
    over, under = factor.numerator, factor.denominator
    if int(values.max()) * over < _NARROW and under < _NARROW:
        return -((-values * over) // under) if up else values * over // under
    wide = values.astype(object) * over
    return (-((-wide) // under) if up else wide // under).astype(np.int64)
