"""Samples that tests of several rooms share: each process draws them once."""

from functools import cache

from cordwainer.cluster import Cluster, sample


@cache
def first_sample(size: str) -> Cluster:
    """Return the sample of a size that the first seed draws."""
    return sample(size, 1)
