"""A town whose plan leaves room: its brand brings the leather, half of its makers take lots unasked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

import polars as pl
import pytest

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import weeks
from cordwainer.hub.acts.publish import publish
from cordwainer.hub.pages import world
from cordwainer.hub.store.plans import keep_plan
from cordwainer.hub.store.versions import commit, head
from cordwainer.hub.web import visit
from cordwainer.planning import Settings, plan
from tests.small_plan import FIRST, small_cluster
from tests.unit.hub.worlds import Town, accounts, with_rows


class Clock:
    """What time it is in a test."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, tzinfo=UTC)

    @classmethod
    def put_up(cls, monkeypatch: pytest.MonkeyPatch) -> Clock:
        """Let the hub read a clock of the test."""
        clock = cls()
        monkeypatch.setattr(visit, "now", lambda: clock.now)
        return clock

    def on(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


@cache
def desk_cluster() -> Cluster:
    """Return the small cluster with leather brought by the brand; makers F05 and on take up to 100,000 pairs unasked."""
    cluster = with_rows(
        small_cluster(),
        bill_of_material=[
            {"style": "Y1", "component": "upper", "material": "cow-black", "stage": "cutting"}
            | {"quantity_per_pair": 1.0, "supplied_by": "buyer"}
        ],
    )
    unasked = pl.col("line").str.slice(1, 2).cast(pl.Int64) >= 5
    statement = cluster["line_statement"].with_columns(
        mode=pl.when(unasked).then(pl.lit("accept")).otherwise("mode"),
        accept_pairs=pl.when(unasked).then(pl.lit(100_000, pl.Int64)).otherwise("accept_pairs"),
    )
    return cluster.replace(line_statement=statement)


@cache
def _plan() -> Plan:
    return plan(desk_cluster(), Settings(calendar=weeks(FIRST, 8), work=0, time_s=None, threads=1, buffer=0.3))


def found_desk(day: date, cluster: Cluster | None = None) -> Town:
    """Bring in a cluster like that of the desk with its plan, publish it on a day, and return who lives there."""
    found = cluster or desk_cluster()
    made = _plan()
    first = made["plan"].with_columns(cluster_hash=pl.lit(found.hash))
    world.forget()
    commit(None, "import", "desk", found.frames)
    run = keep_plan(None, head(), Plan({**made.frames, "plan": first}), certified=True, note="")
    return Town(publish(None, run, day), accounts())
