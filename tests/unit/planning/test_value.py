"""The value of a change: its sign and size where they are known, and no sign where it is too small to tell."""

from __future__ import annotations

import math

import pytest

from cordwainer.core import UserError
from cordwainer.planning import (
    Base,
    ValueSettings,
    certified,
    more_hours,
    other_cap,
    remember,
    value_of_change,
    values_of_changes,
    without_lines,
    without_order,
)
from cordwainer.planning.value import Bounds, Change, Course, reached, spread, value
from cordwainer.tasks import ThreadExecutor
from tests.hurried import hurried_cluster, hurried_plan

QUICK = ValueSettings(work=0, pairs=2, price_steps=0, threads=1)


@pytest.fixture(scope="module")
def base() -> Base:
    """Return a small plan, made in a hurry, and what is remembered of it."""
    return remember(hurried_cluster(), hurried_plan())


def test_no_change_is_too_small_to_tell(base: Base) -> None:
    same = value_of_change(base, base.cluster, QUICK)
    assert same.too_small
    assert (same.first_order, same.bounds, set(same.replans)) == (0, 0, {0})
    assert "Too small to tell" in same.told.en
    assert "无法判断" in same.told.zh
    assert same.high - same.low <= 2 * same.within + 2


def test_the_interval_lies_in_what_is_certain_and_holds_what_was_found(base: Base) -> None:
    firms = base.cluster["site"]["firm"].unique().sort()
    changed = without_lines(base.cluster, firms[0])
    found = value_of_change(base, changed, QUICK)
    assert found.least <= found.low <= found.high <= found.most
    for figure in (found.bounds, *found.replans):
        assert found.low <= min(max(figure, found.least), found.most) <= found.high
    assert found.first_order <= 0
    assert found.bounds == found.first_order


def test_an_order_that_earns_is_worth_what_it_brings(base: Base) -> None:
    orders = base.plan["order_plan"].sort("contribution_fen", "order")
    best, earned = orders["order"][-1], orders["contribution_fen"][-1]
    lost = value_of_change(base, without_order(base.cluster, best), QUICK)
    assert lost.bounds < 0
    assert lost.most >= -earned


def test_many_changes_at_once_are_worth_the_same(base: Base) -> None:
    firms = base.cluster["site"]["firm"].unique().sort()
    changes = [without_lines(base.cluster, firms[0]), more_hours(base.cluster, firms[1], 0.2)]
    single = [value_of_change(base, c, QUICK) for c in changes]
    with ThreadExecutor(1) as executor:
        assert values_of_changes(base, changes, QUICK, executor) == single
    assert values_of_changes(base, changes, QUICK) == single


def test_changes_say_what_they_do(base: Base) -> None:
    c, first, last = base.cluster, base.plan.periods[0].start, base.plan.periods[-1].end
    firm = c["site"]["firm"][0]
    lines = c["line"].join(c["site"].filter(firm=firm).select("site"), on="site", how="semi")["line"].to_list()
    said = without_lines(c, firm)["line_statement"]
    assert set(said.filter(said["line"].is_in(lines))["share_offered"]) == {0.0}
    assert said.filter(~said["line"].is_in(lines)).equals(
        c["line_statement"].filter(~c["line_statement"]["line"].is_in(lines))
    )
    offered = {
        k: sum(r["people"] * r["share_offered"] for r in x["line_statement"].to_dicts() if r["line"] == lines[0])
        for k, x in (("now", c), ("more", more_hours(c, lines[0], 0.5)))
    }
    assert offered["more"] == pytest.approx(1.5 * offered["now"], rel=0.1)
    held = certified(c, firm, "ISO 9001", first, last)["certificate"]
    assert held.height == c["certificate"].height + 1
    cap = c["cap"]["cap"][0]
    assert other_cap(c, cap, 5.0)["cap"].filter(cap=cap)["amount"].item() == 5.0
    with pytest.raises(UserError, match="unknown-id"):
        without_lines(c, "nobody")


def test_the_spread_of_replans_is_that_of_student() -> None:
    middle, half = spread([1.0, 2.0, 3.0])
    assert middle == 2.0
    assert half == pytest.approx(4.303 / math.sqrt(3), rel=1e-6)  # t of 2 degrees of freedom, deviation 1
    assert spread([7.0, 7.0]) == (7.0, 0.0)
    assert spread([1.0])[1] == math.inf


def test_both_sides_go_the_same_course(base: Base) -> None:
    settings = ValueSettings(work=1, pairs=1, price_steps=0, threads=1)
    lots = base.plan["lot_line"].group_by("line").len().sort("len", "line")
    changed = without_lines(base.cluster, lots["line"][-1])
    _, course = reached(base, changed, settings, 1)
    assert course.let_go >= set(base.plan["lot_line"].filter(line=lots["line"][-1])["lot"])
    assert sum(map(len, course.steps[0])) > 2
    found, again = reached(base, base.cluster, settings, 1, course)
    assert again == course
    assert reached(base, base.cluster, settings, 1, course)[0] == found


def test_orders_that_are_gone_are_placed_on_neither_side_and_not_lifted(base: Base) -> None:
    orders = base.plan["order_plan"].sort("contribution_fen", "order")["order"]
    changed, settings = (
        without_order(base.cluster, orders[-1]),
        ValueSettings(work=1, pairs=1, price_steps=0, threads=1),
    )
    _, course = reached(base, changed, settings, 1, Course(frozenset(), ((tuple(orders[-3:]), ()),)))
    assert course.let_go == frozenset()
    assert set(course.steps[0][0]) == set(orders[-3:-1])


def test_worked_numbers_of_the_page() -> None:
    """Before 100, 102, 104 at a bound of 110; after 90, 93, 94 at 101: docs/algorithms/replanning.md."""
    found = value(Bounds(110, 110, 110), Change(Bounds(102, 102, 101), (100, 102, 104), (90, 93, 94)))
    assert found.replans == (-10, -9, -10)
    assert found.first_order == -8
    assert found.bounds == -9
    assert found.within == 2
    assert (found.least, found.most) == (94 - 110, 101 - 104)
    assert (found.low, found.high) == (-12, -7)
    assert not found.too_small
