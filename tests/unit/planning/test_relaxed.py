"""The relaxation solved to the end: below every bound, the same from old paths, and never less with more hours."""

import pytest

from cordwainer.cluster import Plan
from cordwainer.planning import Memo, Settings, more_hours, plan, relaxed
from tests.small_plan import small_cluster


@pytest.fixture(scope="module")
def made() -> Plan:
    """Return a quick plan of the small cluster."""
    return plan(small_cluster(), Settings(work=1, time_s=None))


def test_it_ends_below_the_bound_of_the_plan(made: Plan) -> None:
    found = relaxed(small_cluster(), made, Memo())
    assert found.done
    assert found.bound / 1000 <= made.head["bound_fen"] * (1 + 1e-4)
    assert found.bound / 1000 >= made.head["contribution_fen"]
    again = relaxed(small_cluster(), made, Memo(), start=found.prices, known=found.routes)
    assert again.value == pytest.approx(found.value, rel=1e-6)


def test_more_hours_are_never_worth_less(made: Plan) -> None:
    before = relaxed(small_cluster(), made, Memo())
    after = relaxed(more_hours(small_cluster(), "F00", 0.5), made, Memo(), start=before.prices, known=before.routes)
    assert after.value >= before.value - 1e-3
