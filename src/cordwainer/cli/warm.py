"""`cordwainer warm` (hidden): compile what is compiled at first use, so that the first plan starts at once."""

from __future__ import annotations


def warm() -> None:
    """Plan and judge a small sample for one step, and quote against the plan."""
    from cordwainer.cluster import sample
    from cordwainer.planning import Settings, plan
    from cordwainer.quoting import Quoter, Request, live_of
    from cordwainer.referee import judge

    cluster = sample("S", 1)
    made = plan(cluster, Settings(work=1, time_s=None), None)
    judge(cluster, made)
    Quoter(live_of(cluster, made)).quote(
        Request("warm", cluster["purchase_order"]["buyer"][0], cluster["style"]["style"][0], pairs=100)
    )
