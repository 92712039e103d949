"""Numbers of tables are read as the decimals that people write; products of them never wrap around."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cordwainer.cluster import places, product, whole
from cordwainer.core import scaled

DECIMALS = st.integers(0, 6)


@given(st.integers(-(10**16), 10**16), DECIMALS)
def test_a_decimal_is_read_as_it_is_written(number: int, decimals: int) -> None:
    value = float(f"{number}e-{decimals}")
    written = int(Decimal(repr(value)).scaleb(decimals))
    assert scaled(value, decimals) == written
    assert whole(pl.Series([value, 0.5 if decimals else 1.0]), decimals)[0] == written


@given(st.floats(-1e12, 1e12), DECIMALS)
def test_a_value_with_more_decimals_is_refused(value: float, decimals: int) -> None:
    fits = Decimal(repr(value)).scaleb(decimals) % 1 == 0
    for read in (lambda: scaled(value, decimals), lambda: whole(pl.Series([value]), decimals)):
        if fits:
            read()
        else:
            with pytest.raises(ValueError, match="has more than"):
                read()


@given(st.lists(st.tuples(*[st.integers(0, 10**12)] * 3), min_size=1, max_size=5))
def test_products_are_exact_however_large(rows: list[tuple[int, int, int]]) -> None:
    a, b, c = (np.array(x, np.int64) for x in zip(*rows, strict=True))
    assert product(a, b, c).tolist() == [x * y * z for x, y, z in rows]
    assert int(product(a, 10**6, terms=len(rows)).sum()) == 10**6 * sum(x for x, _, _ in rows)


def test_places_are_positions_and_strangers_are_refused() -> None:
    ids = pl.Series(["b", "a", "鞋"])
    assert places(pl.Series(["鞋", None, "b"]), ids).tolist() == [2, -1, 0]
    with pytest.raises(pl.exceptions.InvalidOperationError):
        places(pl.Series(["c"]), ids)
