"""Whatever was promised, the engine plans around it, and the referee certifies what it makes."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import UserError, weeks
from cordwainer.planning import Settings, explain_orders, plan
from cordwainer.referee import judge
from cordwainer.referee.case import Case
from cordwainer.referee.decisions import Decisions
from cordwainer.referee.rules_limits import material
from tests.golden.worked import parsed, undecided
from tests.properties import promises, tiny
from tests.strategies import FIRST, random_cluster

PLENTY = 10**12


def certified(cluster: Cluster, chosen: Settings) -> Plan:
    """Return a plan of the cluster; the referee finds no fault with it, and it is worth no more than its bound."""
    made = plan(cluster, chosen)
    assert judge(cluster, made).violations.rows() == []
    assert made.head["contribution_fen"] <= made.head["bound_fen"]
    return made


def no_purchase_covers_the_promises(cluster: Cluster, freeze: date | None) -> bool:
    """Return whether the referee finds material lacking however much is bought for the frozen lots alone."""
    undone = undecided(cluster, parsed("plan_period", tiny.PERIODS), {})
    dated = Plan.build({**undone.frames, "plan": undone["plan"].with_columns(freeze_date=pl.lit(freeze, pl.Date))})
    case = Case(cluster, dated)
    frozen = case.decisions.frozen
    case.decisions = Decisions(dict(frozen), {(tiny.OUTSIDE, t): PLENTY for t in (0, 1)}, [], {}, {}, frozen)
    return any(material(case))


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_plans_around_random_promises_are_certified(seed: int) -> None:
    rng = Random(seed)  # noqa: S311
    cluster, freeze = promises.cluster(rng), promises.freeze_date(rng)
    chosen = Settings(calendar=weeks(promises.MONDAY, 2), freeze_date=freeze, work=2, time_s=None, threads=1)
    if no_purchase_covers_the_promises(cluster, freeze):
        with pytest.raises(UserError, match="promises-unmet"):
            plan(cluster, chosen)
    else:
        made = certified(cluster, chosen)
        kept = made["lot"].join(cluster["promise"], on=["lot", "order", "pairs"], how="semi")
        assert set(cluster["promise"].filter(status="accepted")["lot"]) <= set(kept["lot"])


def known(cluster: Cluster, rng: Random) -> Cluster:
    """Return a cluster in which every flow is known, carbon included, and stock lies ready of every material."""

    def each(thing: str, value: str) -> pl.DataFrame:
        crossed = cluster[thing].select(thing).join(cluster["flow"].select("flow"), how="cross")
        amounts = [rng.randint(0, 999) / 1000 for _ in range(crossed.height)]
        return crossed.with_columns(pl.Series(value, amounts, pl.Float64))

    holder = pl.lit(cluster["firm"]["firm"][0])
    return cluster.replace(
        line_flow=each("line", "per_pair"),
        material_flow=each("material", "per_unit"),
        stock=cluster["material"].select("material", holder=holder, usable_from=pl.lit(FIRST), quantity=pl.lit(1e9)),
    )


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_plans_of_clusters_with_every_table_are_certified(seed: int) -> None:
    cluster = known(random_cluster(seed, "w", "鞋"), Random(seed))  # noqa: S311
    freeze = FIRST + timedelta(days=seed % 9)
    made = certified(cluster, Settings(first_date=FIRST, periods=6, freeze_date=freeze, work=1, time_s=None, threads=1))
    explained = explain_orders(cluster, made)
    assert set(made["outcome"].filter(pl.col("outcome") != "placed")["order"]) <= set(explained["order"])
