"""The chosen programme is the best there is, by an oracle that tries every set; rules are kept; what cannot be is told."""

from itertools import combinations, product
from random import Random
from typing import Any

import polars as pl
import pytest

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import UserError
from cordwainer.planning import Base, ValueSettings
from cordwainer.upgrading import (
    Market,
    RaiseSettings,
    Rules,
    by_payback,
    carried_out,
    catalogue,
    choose,
    equal_share,
    frontier,
    grades_and_tax,
    opportunities,
    proved,
    raise_cluster,
    where_to_grow,
)
from cordwainer.upgrading.opportunities import SCHEMA
from cordwainer.upgrading.programme import alike, limits

KNOWN = catalogue()
NAMES = ("closing-balance", "closing-computer", "lasting-auto", "lasting-smart", "amfori-bsci", "sa8000", "iso-9001")
QUICK = RaiseSettings(rounds=2, work=0, threads=1)
DISTRICT = {"F0": "d0", "F1": "d1"}


def table(seed: int) -> pl.DataFrame:
    """Return random opportunities of two firms."""
    rng = Random(seed)  # noqa: S311 - no secret
    rows: list[dict[str, Any]] = []
    for firm, name in product(DISTRICT, NAMES):
        if rng.random() < 0.8:
            cost, worth = rng.randrange(100, 2000), rng.randrange(-500, 3000)
            rows.append({"firm": firm, "measure": name, "capital_fen": 100 * cost, "npv_fen": 100 * worth})
            rows[-1]["payback_years"] = rng.choice([None, rng.random() * 5])
    return pl.DataFrame(rows, schema=SCHEMA)


def allowed(rows: pl.DataFrame, chosen: tuple[int, ...], rules: Rules) -> bool:
    """Return whether a set of opportunities keeps all rules, said anew."""
    firm, name, cost = (rows[c].to_list() for c in ("firm", "measure", "capital_fen"))
    there = set(zip(firm, name, strict=True))
    took = {(firm[i], name[i]) for i in chosen}
    if sum(cost[i] for i in chosen) > rules.budget_fen:
        return False
    for f, m in took:
        if any((f, n) in there and (f, n) not in took for n in KNOWN.measures[m].needs):
            return False
    if any(a[0] == b[0] and alike(KNOWN.measures[a[1]], KNOWN.measures[b[1]]) for a, b in combinations(took, 2)):
        return False
    for d, share in rules.most_by_district.items():
        if sum(cost[i] for i in chosen if DISTRICT[firm[i]] == d) > share * rules.budget_fen:
            return False
    small = sum(int(cost[i]) for i in chosen if firm[i] in rules.small)
    return small >= rules.least_small * rules.budget_fen


def test_the_choice_is_the_best_of_all_sets_and_beats_what_offices_do() -> None:
    better = 0
    for seed in range(12):
        rows = table(seed).head(11)
        rules = Rules(300_000, {"d0": 0.7}) if seed % 2 else Rules(400_000)
        sets = [s for n in range(len(rows) + 1) for s in combinations(range(len(rows)), n) if allowed(rows, s, rules)]
        best = max(sum(rows["npv_fen"][list(s)]) for s in sets)
        found = choose(rows, KNOWN, DISTRICT, rules)
        assert found.worth_fen == best
        assert found.gap <= 1e-5
        at = rows.with_row_index("at").join(found.rows, on=["firm", "measure"], how="semi")["at"].to_list()
        assert allowed(rows, tuple(at), rules)
        for other in (by_payback(rows, KNOWN, rules.budget_fen), equal_share(rows, KNOWN, rules.budget_fen)):
            assert other.cost_fen <= rules.budget_fen
            if not rules.most_by_district:
                assert other.worth_fen <= found.worth_fen
                better += other.worth_fen < found.worth_fen
    assert better > 4


def test_small_firms_get_their_share_or_the_most_that_there_is_is_told() -> None:
    rows = table(3)
    rules = Rules(400_000, small=frozenset({"F1"}), least_small=0.5)
    found = choose(rows, KNOWN, DISTRICT, rules)
    assert found.rows.filter(firm="F1")["capital_fen"].sum() >= 200_000
    nobody = Rules(400_000, small=frozenset({"F9"}), least_small=0.5)
    with pytest.raises(UserError) as told:
        choose(rows, KNOWN, DISTRICT, nobody)
    assert told.value.code == "no-programme"
    assert "most that measures allow is 0.0%" in told.value.message.en
    assert "最多 0.0%" in told.value.message.zh


def test_over_years_each_comes_once_in_time_and_the_choice_is_the_best() -> None:
    for seed in range(4):
        rows = table(seed).head(6)
        rules = Rules(400_000, years=2)
        rate = KNOWN.assumptions.discount_rate.value
        found = choose(rows, KNOWN, DISTRICT, rules)
        best = 0
        firm, name, cost, worth = (rows[c].to_list() for c in ("firm", "measure", "capital_fen", "npv_fen"))
        for when in product((None, 0, 1), repeat=rows.height):
            at = [i for i, y in enumerate(when) if y is not None]
            first = [i for i in at if when[i] == 0]
            late = [
                (i, j)
                for i in at
                for j in at
                if firm[i] == firm[j] and name[j] in KNOWN.measures[name[i]].needs and (when[j] or 0) > (when[i] or 0)
            ]
            if allowed(rows, tuple(at), rules) and sum(cost[i] for i in first) <= rules.budget_fen / 2 and not late:
                best = max(best, sum(round(worth[i] * (1 + rate) ** -(when[i] or 0)) for i in at))
        assert found.worth_fen == best
        assert found.rows.select("firm", "measure").is_duplicated().sum() == 0


def test_no_budget_and_no_measure_are_told() -> None:
    for rows, rules, code in (
        (table(1), Rules(0), "no-budget"),
        (pl.DataFrame(schema=SCHEMA), Rules(1), "no-measure"),
    ):
        with pytest.raises(UserError) as told:
            choose(rows, KNOWN, DISTRICT, rules)
        assert told.value.code == code


def test_every_rule_of_the_model_is_there() -> None:
    rows = pl.DataFrame(
        [{"firm": "F0", "measure": m, "capital_fen": 100, "npv_fen": 1} for m in ("amfori-bsci", "sa8000", "iso-9001")],
        schema=SCHEMA,
    )
    found = list(limits(rows, KNOWN, DISTRICT, Rules(100, {"d0": 0.5}, frozenset({"F0"}), 0.1)))
    assert len(found) == 6  # budget, sa8000 needs amfori-bsci, iso-9001 beside both, district, small firms


def test_a_programme_is_carried_out_in_order_and_proved_by_planning_again(
    small: Cluster, made: Plan, base: Base, planned: Market
) -> None:
    rows = opportunities([planned], KNOWN, *grades_and_tax(small, "huangyan-2022"))
    district = dict(small["firm"].select("firm", "district").iter_rows())
    found = choose(rows, KNOWN, district, Rules(200_000_000), "cluster_fen")
    assert found.rows.height > 3
    after = carried_out(small, KNOWN, found, made.periods[0].start)
    type(after).build(after.frames)
    value = proved(base, KNOWN, found, ValueSettings(work=0, pairs=2, price_steps=10, threads=1))
    assert value.first_order > 0
    assert value.least <= value.most
    raised = raise_cluster(base, KNOWN, rows, district, Rules(200_000_000), "contribution", QUICK)
    assert raised.certified
    assert raised.best.brings >= max(raised.by_payback.brings, raised.equal_share.brings)
    assert raised.best.brings == max(brings for _, brings in raised.course)
    assert raised.bound >= raised.best.brings
    with pytest.raises(UserError) as told:
        raise_cluster(base, KNOWN, rows, district, Rules(1), "magic", QUICK)
    assert told.value.code == "no-such-goal"
    points = frontier(base, KNOWN, rows, district, Rules(50_000_000), ("contribution", "carbon"), 2, QUICK)
    ends = [p.raised.standings for p in points]
    assert ends[1].carbon < ends[0].carbon
    assert ends[1].contribution < ends[0].contribution
    grown = where_to_grow((small, raised.before_plan), (raised.best.cluster, raised.best.plan))
    assert grown.filter(by="category")["pairs"].sum() == small["order"]["pairs"].sum()
    assert set(grown["verdict"]) <= {"grow", "hold", "leave"}
    backwards = type(found)(found.rows.reverse(), found.worth_fen, found.bound_fen, found.cost_fen)
    assert (
        carried_out(small, KNOWN, backwards, made.periods[0].start)["certificate"].height == after["certificate"].height
    )
