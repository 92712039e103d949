"""A phase-out reaches its target with the least loss, by an oracle that plans every choice; who takes over, jobs and leaks add up."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import polars as pl
import pytest

from cordwainer.cluster import Cluster, line_facts
from cordwainer.core import UserError
from cordwainer.planning import Base
from cordwainer.upgrading import (
    Action,
    Candidates,
    PhaseOut,
    PhaseOutSettings,
    Target,
    Trial,
    candidates,
    catalogue,
    jobs,
    leaks,
    phase_out,
    phased_out,
    released,
    side_view,
    taken_over,
    there_is,
)

KNOWN, SCHEME = catalogue(), "huangyan-2022"
QUICK = PhaseOutSettings(work=0, rounds=4, tries=6, threads=1)
COUNT, NEED = 4, 2


def some_lines(base: Base) -> Candidates:
    """Return candidates of which a few lines, taken from all over the cluster, may only be retired, on one day."""
    target = Target("land", 1.0)
    all_ = candidates(base.cluster, base.plan, KNOWN, target, SCHEME)
    day = max(a.day for a in all_.actions)
    worked = set(base.plan["lot_line"]["line"])
    retire = [a for a in all_.actions if a.way == "retire" and a.day == day and a.lines[0] in worked]
    step = len(retire) // COUNT
    mine = tuple(retire[k * step] for k in range(COUNT))
    return replace(all_, actions=mine, nearer=(1.0,) * COUNT, backward=frozenset(a.firm for a in mine))


@pytest.fixture(scope="module")
def among(base: Base) -> Candidates:
    """Return a few lines that may be retired."""
    return some_lines(base)


@pytest.fixture(scope="module")
def gone_out(base: Base, among: Candidates) -> PhaseOut:
    """Return the phase-out of two of them."""
    return phase_out(base, KNOWN, Target("lines", NEED), SCHEME, QUICK, among)


def test_the_choice_is_the_best_of_all_that_reach_the_target(base: Base, among: Candidates, gone_out: PhaseOut) -> None:
    trial = Trial(base, KNOWN, Target("lines", NEED), among, QUICK)
    every = [c for n in range(NEED, COUNT + 1) for c in combinations(range(COUNT), n)]
    best = max(trial.of(c).worth_fen for c in every)
    assert gone_out.best.worth_fen == pytest.approx(best, abs=abs(best) * 1e-9)
    assert gone_out.best.reached >= NEED
    assert gone_out.certified
    assert gone_out.bound_fen >= gone_out.best.worth_fen
    assert len(gone_out.course) >= 1


def test_it_is_never_worse_than_the_lowest_grade_first(gone_out: PhaseOut) -> None:
    assert gone_out.lowest_first is not None
    assert gone_out.lowest_first.reached >= NEED
    assert gone_out.best.worth_fen >= gone_out.lowest_first.worth_fen
    ways = side_view(gone_out).frame
    assert ways.height == 3
    assert ways["contribution_fen"].to_list()[1] == gone_out.best.contribution_fen


def test_lines_that_stop_do_nothing_from_their_day_on_and_orders_find_others(gone_out: PhaseOut) -> None:
    starts = [p.start for p in gone_out.before.plan.periods]
    for action in gone_out.best.actions:
        work = gone_out.best.plan["work"].join(gone_out.best.plan["lot_line"], on=["lot", "stage"])
        for t in work.filter(pl.col("line").is_in(action.lines))["period"].to_list():
            assert starts[t] < action.day
    told = taken_over(gone_out)
    gone = [line for a in gone_out.best.actions for line in a.lines]
    had = (
        gone_out.before.plan["lot_line"].filter(pl.col("line").is_in(gone)).join(gone_out.before.plan["lot"], on="lot")
    )
    assert set(told["order"]) == set(had["order"])
    assert told["outcome_after"].null_count() == 0
    lost = jobs(gone_out)
    assert lost["lost"].sum() == sum(a.people for a in gone_out.best.actions) == gone_out.best.people
    assert lost["offered"].sum() == pytest.approx(gone_out.best.short, abs=0.5)


def test_what_leaks_is_a_range_of_what_is_no_longer_made(gone_out: PhaseOut) -> None:
    leak = leaks(gone_out, KNOWN, "solvent")
    assert leak.before == pytest.approx(released(gone_out.before.cluster, gone_out.before.plan, "solvent").total)
    assert 0 <= leak.low <= leak.high
    assert (leak.high > 0) == (leak.pairs > 0)


def test_a_merger_takes_people_along_and_offers_them_from_its_day_on(small: Cluster, base: Base) -> None:
    all_ = candidates(small, base.plan, KNOWN, Target("land", 1.0), SCHEME)
    action = next(a for a in all_.actions if a.way == "merge")
    periods = base.plan.periods
    after = phased_out(small, KNOWN, [action], periods)
    type(after).build(after.frames)
    old, new = line_facts(small, periods), line_facts(after, periods)
    into, gone = old.lines.index(action.into), old.lines.index(action.lines[0])
    for t, p in enumerate(periods):
        if p.start < action.day:
            assert abs(int(new.regular[into, t] - old.regular[into, t])) <= 1000
            assert new.regular[gone, t] == old.regular[gone, t]
        else:
            assert new.regular[into, t] >= old.regular[into, t]
            assert new.most[gone, t] == 0
    assert new.regular[into].sum() > old.regular[into].sum()
    assert action.people + action.moved == all_.lines.filter(line=action.lines[0])["people"][0]


def test_measures_lower_a_flow_and_lift_firms_off_the_list(small: Cluster, base: Base) -> None:
    there = there_is(small, base.plan, "solvent", SCHEME)
    by_flow = candidates(small, base.plan, KNOWN, Target("solvent", 0.1 * there), SCHEME)
    convert = [(a, n) for a, n in zip(by_flow.actions, by_flow.nearer, strict=True) if a.way == "convert"]
    assert {"solvent-recovery", "water-glue"} <= {a.measure for a, _ in convert}
    for action, nearer in convert[:: max(1, len(convert) // 3)]:
        after = phased_out(small, KNOWN, [action], base.plan.periods)
        assert there - released(after, base.plan, "solvent").total >= nearer * (
            1 - 1e-6
        )  # fewer seconds save material too
    bad = candidates(small, base.plan, KNOWN, Target("lines", 1), SCHEME)
    assert {a.firm for a in bad.actions} <= bad.backward
    assert there_is(small, base.plan, "lines", SCHEME) == len({x for a in bad.actions if a.stops for x in a.lines})


def test_what_cannot_be_reached_is_told_with_the_nearest(base: Base, among: Candidates) -> None:
    with pytest.raises(UserError) as told:
        phase_out(base, KNOWN, Target("lines", COUNT + 1), SCHEME, QUICK, among)
    assert told.value.code == "no-phase-out"
    assert f"{COUNT:.1f}" in told.value.message.en
    assert f"{COUNT:.1f}" in told.value.message.zh
    for target, code in ((Target("lines", 0), "no-target"), (Target("magic", 1), "no-such-target")):
        with pytest.raises(UserError) as told:
            phase_out(base, KNOWN, target, SCHEME, QUICK)
        assert told.value.code == code


def test_days_are_kept(base: Base) -> None:
    by = base.plan.periods[0].start + timedelta(days=15)
    found = candidates(base.cluster, base.plan, KNOWN, Target("land", 1.0, by), SCHEME)
    assert all(a.day <= by for a in found.actions)
    assert {type(a) for a in found.actions} == {Action}
