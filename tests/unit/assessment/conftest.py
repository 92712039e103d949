"""Clusters that the tests of the room share."""

import pytest

from cordwainer.cluster import Cluster
from tests.samples import first_sample


@pytest.fixture(scope="session")
def middle() -> Cluster:
    """Return the sample M."""
    return first_sample("M")
