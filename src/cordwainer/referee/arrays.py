"""Exact products in 64-bit integers for the bound.

Values are 1/1000 fen. A product that could overflow is computed with Python's integers and then held at `MOST`,
which is beyond anything that an order can earn, so that no result of the bound depends on it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cordwainer.core import ceil_div

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MOST = 1 << 56
NO = -(1 << 60)
"""The value of what is not allowed: below the dearest path of five stages that each cost `MOST`."""


def floor_product(a: Ints, b: Ints, divisor: int) -> Ints:
    """Return a x b / divisor rounded down, elementwise for values >= 0, held at `MOST`."""
    if a.size and b.size and int(a.max()) * int(b.max()) >= 1 << 62:
        wide: npt.NDArray[Any] = a.astype(object) * b.astype(object) // divisor
        small: Ints = np.minimum(wide, MOST).astype(np.int64)
        return small
    narrow: Ints = np.minimum(a * b // divisor, MOST)
    return narrow


def held(values: list[int]) -> Ints:
    """Return integers as an array, each held at `MOST`."""
    return np.array([min(v, MOST) for v in values], dtype=np.int64)


def with_seconds(amount: int, defects: list[int], divisor: int) -> Ints:
    """Return amount x (10,000 + defect) / divisor, rounded up, for every defect share in 1/10,000."""
    if amount < 1 << 46:
        shares = np.array(defects, dtype=np.int64) + 10_000
        return -(-amount * shares // divisor)
    return held([ceil_div(amount * (10_000 + d), divisor) for d in defects])
