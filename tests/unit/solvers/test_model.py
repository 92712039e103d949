"""A model that says nothing sensible is refused, with every fault named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cordwainer.solvers import LinearModel, ModelError

GOOD = LinearModel(
    costs=np.array([1.0, 2.0]),
    column_lower=np.zeros(2),
    column_upper=np.full(2, np.inf),
    row_lower=np.array([1.0]),
    row_upper=np.array([np.inf]),
    starts=np.array([0, 1, 2]),
    indices=np.array([0, 0]),
    values=np.array([1.0, 1.0]),
)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"costs": np.array([1.0, np.nan])}, r"costs\[1\] is nan"),
        ({"costs": np.array([np.inf, 1.0])}, r"costs\[0\] is inf"),
        ({"values": np.array([1.0, np.nan])}, r"values\[1\] is nan"),
        ({"values": np.array([1e16, 1.0])}, r"values\[0\] is 1e\+16"),
        ({"column_lower": np.array([np.nan, 0.0])}, r"column_lower\[0\] is nan"),
        ({"column_lower": np.array([0.0, np.inf])}, r"column_lower\[1\] is inf, which bounds nothing"),
        ({"row_upper": np.array([-np.inf])}, r"row_upper\[0\] is -inf"),
        ({"row_lower": np.array([np.nan])}, r"row_lower\[0\] is nan"),
        ({"offset": float("nan")}, "offset is nan"),
        ({"costs": np.zeros(3)}, r"column_lower has the shape \(2,\) in place of \(3,\)"),
        ({"costs": np.zeros((1, 2))}, r"costs has the shape \(1, 2\)"),
        ({"row_upper": np.zeros(2)}, "row_lower has the shape|row_upper has the shape"),
        ({"integral": np.array([True])}, "integral has the shape"),
        ({"integral": np.array([0.0, 1.0])}, "integral holds float64"),
        ({"starts": np.array([0, 1])}, "starts has the shape"),
        ({"starts": np.array([0, 2, 1])}, "starts does not rise"),
        ({"starts": np.array([1, 1, 2])}, "starts does not rise"),
        ({"starts": np.array([0.0, 1.0, 2.0])}, "starts holds float64"),
        ({"indices": np.array([0, 1])}, "rows outside 0 to 0"),
        ({"indices": np.array([-1, 0])}, "rows outside 0 to 0"),
        ({"indices": np.array([0, 2**32])}, "indices holds int64"),
        ({"starts": np.array([0, 2, 2])}, "same row twice"),
        ({"costs": np.array(["a", "b"])}, "costs holds"),
    ],
)
def test_a_fault_is_named(change: dict[str, Any], told: str) -> None:
    with pytest.raises(ModelError, match=told) as caught:
        replace(GOOD, **change)
    assert all(fault.zh for fault in caught.value.faults)


def test_all_faults_are_told_together() -> None:
    with pytest.raises(ModelError) as caught:
        replace(GOOD, costs=np.array([np.nan, 1.0]), values=np.array([np.inf, 1.0]), offset=np.inf)
    assert len(caught.value.faults) == 3


def test_whole_numbers_are_taken_for_numbers() -> None:
    taken = replace(GOOD, costs=np.array([1, 2]), row_lower=np.array([3]))
    assert taken.costs.dtype == np.float64
    assert taken.starts.dtype == np.int32


def test_rows_of_a_column_may_stand_in_any_order() -> None:
    mixed = replace(
        GOOD,
        row_lower=np.zeros(2),
        row_upper=np.ones(2),
        starts=np.array([0, 2, 3]),
        indices=np.array([1, 0, 0]),
        values=np.ones(3),
    )
    assert mixed.entry_columns.tolist() == [0, 0, 1]
