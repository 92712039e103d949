"""Every corruption of a good plan is caught by the rule of its name and no other; without the rule it slips through."""

from __future__ import annotations

import pytest

from cordwainer.cluster import Plan
from cordwainer.referee import GATES, RULES, judge, recompute
from tests.unit.referee import busy
from tests.unit.referee.corruptions import CLAIMS, CORRUPTIONS, TIMES, Change

ALL = {**CORRUPTIONS, **CLAIMS, **TIMES}
UNREADABLE = {
    "a lot of an unknown order",
    "an unknown line",
    "an unknown outside maker",
    "a purchase of an unknown offer",
    "work after the last period",
    "a price after the plan",
}
"""What these name is not there, so that nothing can be computed without the rule."""


def corrupted(name: str) -> Plan:
    """Return the good plan with one corruption; the claims follow it, unless they are what is corrupted."""
    change: Change = ALL[name][1]
    if name in CORRUPTIONS:
        frames = busy.decisions()
        change(frames)
        plan = busy.undeclared(frames)
        return plan if name in UNREADABLE else busy.declared(frames)
    frames = dict(busy.declared(busy.decisions()).frames)
    change(frames)
    plan = Plan.build(frames)
    if name in TIMES:
        figures = recompute(busy.cluster(), plan)
        head = {k: getattr(figures, k) for k in ("contribution_fen", "bound_fen", "without_lots_fen")}
        frames |= figures.derived
        frames["plan"] = frames["plan"].with_columns(**{k: busy.whole(v) for k, v in head.items()})
    return Plan.build(frames)


def test_good_plan_is_certified() -> None:
    verdict = judge(busy.cluster(), busy.declared(busy.decisions()))
    assert verdict.certified
    assert verdict.recomputed is not None


def test_there_are_at_least_forty() -> None:
    assert len(ALL) >= 40


@pytest.mark.parametrize("name", ALL)
def test_corruption_is_caught_by_its_rule_alone(name: str) -> None:
    verdict = judge(busy.cluster(), corrupted(name))
    assert set(verdict.violations["rule"]) == {ALL[name][0]}, verdict.violations["message_en"].to_list()
    assert not verdict.certified


@pytest.mark.parametrize("name", sorted(ALL.keys() - UNREADABLE))
def test_corruption_slips_through_without_its_rule(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, rule = corrupted(name), ALL[name][0]
    monkeypatch.delitem(GATES if rule in GATES else RULES, rule)
    assert judge(busy.cluster(), plan).certified


def test_every_rule_has_a_corruption_that_only_it_catches() -> None:
    assert {ALL[name][0] for name in ALL.keys() - UNREADABLE} == GATES.keys() | RULES.keys()


@pytest.mark.parametrize("name", ["a line works too much", "material is short by a step"])
def test_violations_say_what_where_and_by_how_much(name: str) -> None:
    row = judge(busy.cluster(), corrupted(name)).violations.row(0, named=True)
    worked_by_hand = {
        # 50 pairs of 10 minutes; narrow has 2 people x 8 h x 6 days x 60 x 0.05 = 288 minutes.
        "a line works too much": ("narrow", 0, 500_000 - 288_000),
        # 60 pairs x 1.05 = 63 soles; 5 in stock and 55 bought.
        "material is short by a step": ("sole", 1, 3_000),
    }
    assert (row["id"], row["period"], row["by_how_much"]) == worked_by_hand[name]
    assert str(row["by_how_much"]) in row["message_en"]
    assert row["id"] in row["message_zh"]
