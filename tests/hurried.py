"""A small sample and a plan of it made in a hurry: tests of several rooms share them, each process makes them once."""

from functools import cache

from cordwainer.cluster import Cluster, Plan, SampleSize, sample
from cordwainer.planning import Settings, plan


@cache
def hurried_cluster() -> Cluster:
    """Return a sample of 30 firms and 60 orders over 10 weeks."""
    return sample(SampleSize(30, 60, 10), 3)


@cache
def hurried_plan() -> Plan:
    """Return its first plan: the search is stopped at the first word of progress."""
    return plan(hurried_cluster(), Settings(time_s=None), lambda _: False)
