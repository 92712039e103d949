"""A toy cluster for every rule, in which the rule decides: its best plan by enumeration, and the engine finds it."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwainer.cluster import Cluster
from cordwainer.core import UserError, weeks
from cordwainer.planning import Settings, plan
from cordwainer.referee import RULES, judge
from cordwainer.referee.case import Case
from cordwainer.referee.decisions import Decisions
from tests.golden import ruled
from tests.properties import promises, tiny
from tests.properties.test_referee_bound import FEASIBLE, OF_ONE_ORDER, deciding, feasible, opened
from tests.unit.referee.corruptions import CORRUPTIONS

ROUNDING = 2
"""The search counts costs exactly, the contribution rounds each up to whole fen: alike plans may differ by this, fen."""
PERIODS = weeks(promises.MONDAY, 2)
FALLS_SHORT = {"cap", "lot-makers"}
"""Here the search stays a few yuan below the best plan: a line that two orders want in part is shut to both on the way."""
Purchases = dict[tuple[str, int], int]
OF_CLAIMS = ("claim", "derived", "cluster")
OF_FORM = {"lot-work-sums", "lot-lines", "lot-distinct", "outside-one"}
"""Rules of what a plan is, which enumeration keeps by itself: no plan is tried that breaks them."""


def permitted(case: Case, order: str, skip: str) -> list[tiny.Choice]:
    """Return the choices of an order that break no rule that looks at one order alone, but perhaps the rule to skip."""
    rules = [rule for name, rule in RULES.items() if name.startswith(OF_ONE_ORDER) and name != skip]
    kept = []
    for choice in tiny.choices(order, case.decisions.frozen_pairs.get(order, 0)):
        alone = Decisions({lot.id: lot for lot in choice[0]}, {}, choice[1], {}, {}, {})
        if not any(next(rule(deciding(case, alone)), None) for rule in rules):
            kept.append(choice)
    return kept


def best_plan(cluster: Cluster, skip: str = "", more: Sequence[Purchases] = ()) -> int | None:
    """Return the best contribution of all plans that keep every rule, but perhaps one; None where there is none."""
    if skip == "frozen":
        cluster = cluster.replace(**{t: cluster[t].clear() for t in ("promise", "promise_line", "promise_work")})
    if skip == "outside-makes":  # without its row there would be no price
        cluster = cluster.replace(outside_makes=cluster["outside_makes"].with_columns(category=pl.lit("casual")))
    case = opened(cluster, {})
    rules = [rule for rule in FEASIBLE if rule is not RULES.get(skip)]
    choices = {order: permitted(case, order, skip) for order in tiny.PAIRS}
    return max((tried.money.total for tried in feasible(case, choices, rules, more)), default=None)


@pytest.mark.parametrize("name", ruled.NAMES)
def test_the_best_plan_is_that_of_the_file_and_the_rule_decides(name: str) -> None:
    golden = ruled.read(name)
    assert best_plan(golden.cluster) == golden.best
    assert best_plan(golden.cluster, name) == golden.without
    assert golden.best < golden.without


@pytest.mark.parametrize("name", ruled.NAMES)
def test_the_engine_finds_the_best_plan_of_the_file(name: str) -> None:
    golden = ruled.read(name)
    made = plan(golden.cluster, Settings(calendar=PERIODS, work=4, time_s=None, threads=1))
    assert judge(golden.cluster, made).violations.rows() == []
    assert made.head["contribution_fen"] <= golden.best <= made.head["bound_fen"]
    if name not in FALLS_SHORT:
        assert made.head["contribution_fen"] >= golden.best - ROUNDING


def test_no_rule_of_the_plan_model_lacks_a_golden_file() -> None:
    """Rules of form are broken by a named corruption each instead: no value decides about them."""
    rules = {name for name in RULES if not name.startswith(OF_CLAIMS)}
    assert set(ruled.NAMES) == rules - OF_FORM
    assert {broken for broken, _ in CORRUPTIONS.values()} >= OF_FORM


def test_every_file_says_what_decides() -> None:
    for name in ruled.NAMES:
        said = (ruled.HERE / f"{name}.txt").read_text(encoding="utf-8").split("[best]")[0].strip()
        assert said.endswith("."), name
        assert len(said) > 30, name


@settings(max_examples=12)
@given(st.integers(0, 10**9))
def test_engine_is_never_above_the_oracle_nor_the_oracle_above_the_bound(seed: int) -> None:
    cluster = tiny.cluster(Random(seed))  # noqa: S311
    chosen, refused = Settings(calendar=PERIODS, work=2, time_s=None, threads=1), ""
    try:
        made = plan(cluster, chosen, lambda _: seed % 2 == 0)
    except UserError as error:
        refused = error.code
    if refused:
        assert refused == "promises-unmet"
        assert best_plan(cluster) is None
        return
    assert judge(cluster, made).violations.rows() == []
    bought = {(offer, t): q for offer, t, q in made["purchase"].select("offer", "period", "quantity_milli").iter_rows()}
    best = best_plan(cluster, more=[bought])
    assert best is not None
    assert made.head["contribution_fen"] <= best <= made.head["bound_fen"]
