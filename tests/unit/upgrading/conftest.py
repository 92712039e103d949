"""A small sample, a plan of it after a fixed amount of work, and its market: the tests of the room share them."""

import pytest

from cordwainer.cluster import Cluster, Plan
from cordwainer.planning import Base, Settings, plan, remember
from cordwainer.upgrading import Market, market
from tests.hurried import hurried_cluster


@pytest.fixture(scope="session")
def small() -> Cluster:
    """Return a sample smaller than S."""
    return hurried_cluster()


@pytest.fixture(scope="session")
def made(small: Cluster) -> Plan:
    """Return a quick plan of it."""
    return plan(small, Settings(work=1, time_s=None))


@pytest.fixture(scope="session")
def base(small: Cluster, made: Plan) -> Base:
    """Return what is remembered of the plan."""
    return remember(small, made)


@pytest.fixture(scope="session")
def planned(small: Cluster, made: Plan, base: Base) -> Market:
    """Return the market of the plan."""
    return market(small, made, base=base)
