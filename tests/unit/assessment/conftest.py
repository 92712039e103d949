"""Clusters that the tests of the room share."""

import pytest

from cordwainer.cluster import Cluster, sample


@pytest.fixture(scope="session")
def middle() -> Cluster:
    """Return the sample M."""
    return sample("M", 1)
