"""After a change what still can be made stays, the rest is placed anew, and all that moves is told."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from cordwainer.cluster import Cluster, Plan
from cordwainer.planning import Base, ReplanSettings, frozen_before, remember, replan
from cordwainer.referee import judge
from tests.hurried import hurried_cluster, hurried_plan
from tests.unit.planning.changes import CHANGES, booked, busiest, line_lost

QUICK = ReplanSettings(work=1)


@pytest.fixture(scope="module")
def base() -> Base:
    """Return a small plan, made in a hurry, and what is remembered of it."""
    return remember(hurried_cluster(), hurried_plan())


def certified(cluster: Cluster, made: Plan) -> bool:
    """Return whether the referee finds no fault."""
    return judge(cluster, made).violations.rows() == []


@pytest.mark.parametrize("name", CHANGES)
def test_a_replan_after_a_change_is_certified_and_its_bound_that_of_prices_all_asked_anew(
    base: Base, name: str
) -> None:
    changed = CHANGES[name](base.cluster, base.plan)
    made = replan(base, changed, QUICK)
    assert certified(made.cluster, made.plan)
    anew = replan((base.cluster, base.plan), changed, QUICK)
    assert made.plan.head["bound_fen"] == anew.plan.head["bound_fen"]
    assert made.plan.head["contribution_fen"] == anew.plan.head["contribution_fen"]
    assert made.priced <= anew.priced


def test_without_a_change_nothing_moves_and_nothing_is_priced_again(base: Base) -> None:
    made = replan(base, base.cluster, ReplanSettings(work=0))
    assert made.moves.is_empty()
    assert (made.lifted, made.moved, made.priced) == (0, 0, 0)
    for figure in ("contribution_fen", "bound_fen"):
        assert made.plan.head[figure] == base.plan.head[figure]


def test_one_closed_line_touches_only_orders_whose_best_path_used_it(base: Base) -> None:
    made = replan(base, line_lost(base.cluster, base.plan), ReplanSettings(work=0))
    assert 0 <= made.priced < len(base.plan["outcome"]) // 2


def test_the_same_work_gives_the_same_plan_and_moves(base: Base) -> None:
    changed = line_lost(base.cluster, base.plan)
    one, two = (replan(base, changed, QUICK) for _ in range(2))
    assert all(two.plan[name].equals(frame) for name, frame in one.plan.frames.items())
    assert one.moves.equals(two.moves)


def test_moves_tell_of_every_order_that_changed_and_why(base: Base) -> None:
    lost = busiest(base.plan)
    made = replan(base, booked(base.cluster, base.plan, lost, 0), QUICK)
    moves = made.moves
    on_it = base.plan["lot"].join(base.plan["lot_line"].filter(line=lost), on="lot")["order"].unique()
    assert set(on_it) <= set(moves["order"])
    told = moves.filter(pl.col("order").is_in(on_it.implode()))
    assert set(told["reason"]) == {"no-hours"}
    assert not moves["lines_after"].fill_null("").str.split(" ").list.contains(lost).any()
    assert all(moves["reason_en"].str.len_chars() > 10)
    assert all(moves["reason_zh"].str.len_chars() > 5)
    same = base.plan["order_plan"].join(made.plan["order_plan"], on=base.plan["order_plan"].columns, nulls_equal=True)
    still = set(same["order"]) - set(moves["order"])
    for table in ("lot_line", "work"):
        before, after = (
            p[table].join(p["lot"], on="lot").filter(pl.col("order").is_in(still)) for p in (base.plan, made.plan)
        )
        assert before.height == after.height


def test_who_is_displaced_is_told_by_whom(base: Base) -> None:
    made = replan(base, line_lost(base.cluster, base.plan), ReplanSettings(work=3, move_fen=0))
    displaced = made.moves.filter(reason="displaced")
    assert (displaced["by"] != displaced["order"]).all()
    assert set(displaced["by"]) <= set(made.moves["order"])


def test_a_dear_move_leaves_standing_what_stands(base: Base) -> None:
    changed = line_lost(base.cluster, base.plan)
    dear, cheap = (replan(base, changed, ReplanSettings(work=1, move_fen=fen)) for fen in (10**12, 0))
    assert dear.moved == 0
    assert cheap.moved > 0
    assert dear.move_fen == 10**12


def test_lots_begun_before_the_freeze_date_stand_to_the_pair(base: Base) -> None:
    day = base.plan.periods[2].start
    made = replan(base, line_lost(base.cluster, base.plan), ReplanSettings(work=1, freeze_date=day))
    assert certified(made.cluster, made.plan)
    fresh = frozen_before(line_lost(base.cluster, base.plan), base.plan, day)
    assert fresh.fresh
    assert fresh.lost
    for table in ("lot", "lot_line", "work"):
        before, after = (p[table].filter(pl.col("lot").is_in(list(fresh.fresh))) for p in (base.plan, made.plan))
        keys = [c for c in before.columns if c != "pairs"]
        assert before.sort(keys).equals(after.sort(keys)), table
    gone = base.plan["lot"].filter(pl.col("lot").is_in(list(fresh.lost)))["order"]
    told = made.moves.filter(pl.col("order").is_in(gone.implode()))
    assert set(gone) == set(told["order"])
    assert set(told["reason"]) == {"frozen-lost"}


def test_a_declined_promise_is_let_go_and_an_accepted_one_stands(base: Base) -> None:
    day = date(2090, 1, 1)
    frozen = frozen_before(base.cluster, base.plan, day).cluster
    first, second = frozen["promise"].sort("order")["lot"][:2]
    status = (
        pl.when(pl.col("lot") == first)
        .then(pl.lit("declined"))
        .when(pl.col("lot") == second)
        .then(pl.lit("accepted"))
        .otherwise(pl.lit("released"))
    )
    made = replan(base, frozen.replace(promise=frozen["promise"].with_columns(status=status)), QUICK)
    assert certified(made.cluster, made.plan)
    assert second in set(made.plan["lot"]["lot"])
    assert first not in set(made.plan["lot"]["lot"])
    assert made.kept == 0
    assert "let-go" in set(made.moves["reason"])


def test_replans_follow_one_another_from_memory(base: Base) -> None:
    one = replan(base, line_lost(base.cluster, base.plan), QUICK)
    two = replan(one.base, base.cluster, QUICK)
    assert certified(two.cluster, two.plan)
    assert two.plan.head["bound_fen"] == base.plan.head["bound_fen"]


def test_prices_that_are_improved_lower_the_bound(base: Base) -> None:
    changed = line_lost(base.cluster, base.plan)
    quick, lower = (replan(base, changed, ReplanSettings(work=0, price_steps=n)) for n in (0, 60))
    assert lower.plan.head["bound_fen"] <= quick.plan.head["bound_fen"]
    assert lower.plan.head["contribution_fen"] == quick.plan.head["contribution_fen"]
    assert certified(lower.cluster, lower.plan)
    again = replan(lower.base, changed, ReplanSettings(work=0))
    assert again.plan.head["bound_fen"] == lower.plan.head["bound_fen"]


def test_a_word_from_outside_ends_the_replan_with_a_whole_plan(base: Base) -> None:
    made = replan(base, line_lost(base.cluster, base.plan), ReplanSettings(work=50), lambda _: False)
    assert made.plan.head["work"] == 0
    assert certified(made.cluster, made.plan)


def test_a_plan_that_begins_later_keeps_the_lots_that_lie_in_it(base: Base) -> None:
    later = base.plan.periods[1:]
    made = replan(base, base.cluster, ReplanSettings(work=1, calendar=later))
    assert certified(made.cluster, made.plan)
    assert made.kept > 0
    assert set(made.moves.filter(reason="window")["first_before"]) <= {base.plan.periods[0].start}
