"""Whatever was promised, the engine plans around it, and the referee certifies what it makes."""

from __future__ import annotations

from datetime import date
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import UserError, weeks
from cordwainer.planning import Settings, plan
from cordwainer.referee import judge
from cordwainer.referee.case import Case
from cordwainer.referee.decisions import Decisions
from cordwainer.referee.rules_limits import material
from tests.golden.worked import parsed, undecided
from tests.properties import promises, tiny

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


@settings(max_examples=60)
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
