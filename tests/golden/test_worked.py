"""The referee says of every worked plan what its page says, to the fen."""

from __future__ import annotations

import pytest

from cordwainer.referee import Recomputed, judge, recompute
from tests.golden import worked

CASES = [(name, e) for name in worked.NAMES for e in worked.expected(name)]


@pytest.mark.parametrize(("name", "says"), CASES, ids=[f"{n}-{e.plan}" for n, e in CASES])
def test_verdict_is_that_of_the_page(name: str, says: worked.Expected) -> None:
    cluster, plan = worked.cluster(name), worked.decisions(name, says.plan)
    derived = recompute(cluster, plan).derived
    page = Recomputed(says.contribution_fen, says.bound_fen, says.without_lots_fen, derived)
    verdict = judge(cluster, worked.claimed(cluster, plan, page))
    assert frozenset(verdict.violations["rule"]) == says.rules, verdict.violations["message_en"].to_list()
    assert verdict.certified == (not says.rules)


@pytest.mark.parametrize("name", worked.NAMES)
def test_page_tells_the_figures_of_every_plan(name: str) -> None:
    page = (worked.HERE / name / "README.md").read_text(encoding="utf-8")
    for says in worked.expected(name):
        assert f"**{says.plan}**" in page
        for fen in (says.contribution_fen, says.bound_fen, says.without_lots_fen):
            assert f"{fen:,}".replace("-", "−") in page, (says.plan, fen)
        assert all(f"`{rule}`" in page for rule in says.rules)


@pytest.mark.parametrize("name", worked.NAMES)
def test_every_cluster_has_a_feasible_and_an_infeasible_plan(name: str) -> None:
    assert {bool(e.rules) for e in worked.expected(name)} == {True, False}


def test_there_are_twelve() -> None:
    assert len(worked.NAMES) == 12


@pytest.mark.parametrize(("name", "says"), CASES, ids=[f"{n}-{e.plan}" for n, e in CASES])
def test_bound_holds_and_its_parts_sum_to_the_distance(name: str, says: worked.Expected) -> None:
    parts = recompute(worked.cluster(name), worked.decisions(name, says.plan)).derived["bound_part"]
    assert parts["mfen"].sum() == 1000 * (says.bound_fen - says.contribution_fen)
    if not says.rules:
        assert says.contribution_fen <= says.bound_fen
        assert (parts.filter(parts["part"] != "rounding")["mfen"] >= 0).all()
