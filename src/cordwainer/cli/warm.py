"""`cordwainer warm` (hidden): compile what is compiled at first use, so that the first plan starts at once."""

from __future__ import annotations


def warm() -> None:
    """Plan and judge a small sample for one step."""
    from cordwainer.cluster import sample
    from cordwainer.planning import Settings, plan
    from cordwainer.referee import judge

    cluster = sample("S", 1)
    judge(cluster, plan(cluster, Settings(work=1, time_s=None), None))
