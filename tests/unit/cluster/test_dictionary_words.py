"""Units and ranges of the dictionary as people read them; every number of a table has a ceiling."""

import pytest

from cordwainer.cluster import dictionary
from cordwainer.cluster.dictionary import Column
from cordwainer.core import digits

_FREE = {"figure.value", "objection.claimed", "policy.value", "statement.amount_fen"}
"""Numbers of any indicator, policy or sign."""

NUMBERS = [c for t in dictionary.cluster_tables() for c in t.columns if c.type in ("int", "fen", "number", "share")]


@pytest.mark.parametrize(
    ("value", "said"), [(1e7, "10,000,000"), (0.005, "0.005"), (100.0, "100"), (-2.5, "-2.5"), (1e16, f"{10**16:,}")]
)
def test_a_number_is_written_in_all_its_digits(value: float, said: str) -> None:
    assert digits(value) == said


@pytest.mark.parametrize("column", NUMBERS, ids=lambda c: f"{c.table}.{c.name}")
def test_a_slip_of_digits_meets_a_ceiling(column: Column) -> None:
    if f"{column.table}.{column.name}" not in _FREE:
        assert column.most is not None
        assert "e+" not in column.limits


@pytest.mark.parametrize("column", NUMBERS, ids=lambda c: f"{c.table}.{c.name}")
def test_every_unit_has_a_chinese_word(column: Column) -> None:
    label = column.unit_label
    assert (label.zh != label.en) == bool(column.unit)
