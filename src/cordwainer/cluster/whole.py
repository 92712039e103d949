"""Columns of tables as whole numbers: exact, refused where they are not, and wide where 64 bits would not hold them."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from cordwainer.core import scaled

Ints = npt.NDArray[np.int64]
Whole = npt.NDArray[Any]
"""Whole numbers: int64, or Python's integers where those are too narrow."""

_WIDE = 2.0**62


def whole(column: pl.Series, decimals: int) -> Ints:
    """Return a column without nulls x 10**decimals, as `cordwainer.core.scaled` does it value by value.

    Raises
    ------
    ValueError
        If a value has more than ``decimals`` decimals.
    """
    values = column.cast(pl.Float64).to_numpy()
    power = 10**decimals
    found = np.rint(values * power)
    # Division is rounded correctly: it gives back the value where that is what is read for this decimal, and no other decimal
    # of up to 15 digits is read as the same value.
    sure = (np.abs(found) < 10**15) & (found / power == values)
    result = np.where(sure, found, 0).astype(np.int64)
    for i in np.flatnonzero(~sure):
        result[i] = scaled(float(values[i]), decimals)
    return result


def places(column: pl.Series, ids: pl.Series) -> Ints:
    """Return the position of each value of a column among distinct ids; -1 for null.

    Raises
    ------
    polars.exceptions.InvalidOperationError
        If a value is not among the ids.
    """
    return column.cast(pl.Enum(ids)).to_physical().cast(pl.Int64).fill_null(-1).to_numpy(writable=True)


def product(*factors: Whole | int, terms: int = 1) -> Whole:
    """Return the product of whole numbers >= 0, element by element, so that ``terms`` of them can be summed.

    In Python's integers where the sum could exceed 2**62.
    """
    arrays = [np.asarray(f) for f in factors]
    if max(1, terms) * prod(float(a.max(initial=0)) for a in arrays) >= _WIDE:
        arrays = [a.astype(object) for a in arrays]
    result = arrays[0]
    for a in arrays[1:]:
        result = result * a
    return result
