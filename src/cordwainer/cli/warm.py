"""`cordwainer warm` (hidden): compile what is compiled at first use, so that the first plan starts at once."""

from __future__ import annotations


def warm() -> None:
    """Plan and judge a small sample for one step, plan it again, stress it, and quote against the plan."""
    from cordwainer.cluster import sample
    from cordwainer.planning import ReplanSettings, Settings, Worlds, plan, remember, replan, stress
    from cordwainer.quoting import Quoter, Request, live_of
    from cordwainer.referee import judge

    cluster = sample("S", 1)
    made = plan(cluster, Settings(work=1, time_s=None), None)
    judge(cluster, made)
    replan(remember(cluster, made), cluster, ReplanSettings(work=0))
    stress(cluster, made, Worlds(count=2))
    Quoter(live_of(cluster, made)).quote(
        Request("warm", cluster["purchase_order"]["buyer"][0], cluster["style"]["style"][0], pairs=100)
    )
