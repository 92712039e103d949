"""Grading equals the slow oracle on random firms, and better figures never score less."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwainer.assessment import Facts, Scheme, evaluated, read_scheme, step_up
from cordwainer.assessment.definitions import efforts, indicators
from tests.unit.assessment.cases import table
from tests.unit.assessment.oracle import Oracle

SCHEMES = ["huangyan-2022", "wenling-parks-2022", "ruian-like", "min-max", "product-grade", "research"]
FIGURES = {
    "tax_yuan": (-1e5, 5e6, 0),
    "land_mu": (0, 40, 1),
    "value_added_yuan": (-1e6, 5e7, 0),
    "energy_tce": (0, 2000, 1),
    "power_kwh": (0, 4e6, 0),
    "pollutants_t": (0, 3, 2),
    "staff": (1, 300, 0),
    "rd_yuan": (0, 3e6, 0),
    "revenue_yuan": (1e6, 6e7, 0),
    "tenants": (0, 5, 0),
    "high_tech": (0, 1, 0),
    "accidents": (0, 1.2, 0),
    "illegal_discharges": (0, 1.1, 0),
    "age_years": (0, 30, 0),
    "land_years": (0, 30, 0),
    "tests": (0, 90, 0),
    "tests_superior": (0, 40, 0),
    "styles_new": (0, 60, 0),
    "styles_new_sold": (0, 40, 0),
    "voc_g_pair": (0, 105, 1),
    "patents": (0, 9, 0),
    "rd_projects": (0, 9, 0),
}


def random_facts(seed: int, units: int, years: int, unknown: float, *, coarse: bool) -> Facts:
    """Return firms with figures in the ranges above; coarse ones have few values, so that scores tie."""
    rng = np.random.default_rng(seed)
    values = {}
    for name, (low, high, decimals) in FIGURES.items():
        drawn = rng.uniform(low, high, units * years)
        if coarse:
            drawn = low + (high - low) * np.floor(rng.uniform(0, 3, units * years)) / 2
        drawn = np.round(drawn, decimals)
        drawn[rng.random(drawn.size) < unknown] = np.nan
        values[name] = [None if np.isnan(x) else float(x) for x in drawn]
    return table(values, years=years, industry=rng.integers(0, 2, units * years).tolist())


CASES = st.tuples(st.integers(0, 2**32), st.integers(1, 14), st.integers(1, 3), st.sampled_from([0.0, 0.04, 0.2]))


@pytest.mark.parametrize("name", SCHEMES)
@given(case=CASES, coarse=st.booleans())
@settings(max_examples=12)
def test_scores_and_grades_equal_those_of_the_oracle(
    name: str, case: tuple[int, int, int, float], coarse: bool
) -> None:
    scheme, facts = read_scheme(name), random_facts(*case, coarse=coarse)
    made, oracle = evaluated(scheme, facts), Oracle(scheme, facts)
    wanted = [oracle.score(r) for r in range(facts.rows)]
    assert [int(s) if k else None for s, k in zip(made.scores.score, made.scores.known, strict=True)] == wanted
    assert [made.grade(r) for r in range(facts.rows)] == oracle.grades()


def raised(facts: Facts, figure: str, row: int, factor: float) -> Facts:
    values = {k: v.copy() for k, v in facts.values.items()}
    values[figure][row] *= factor
    return Facts(**{**facts.__dict__, "values": values})


@pytest.mark.parametrize("name", SCHEMES)
@given(case=CASES, factor=st.floats(1.01, 3), pick=st.integers(0, 10**6))
@settings(max_examples=12)
def test_a_better_indicator_never_scores_less(
    name: str, case: tuple[int, int, int, float], factor: float, pick: int
) -> None:
    scheme, facts = read_scheme(name), random_facts(*case, coarse=False)
    before = evaluated(scheme, facts)
    rows = np.flatnonzero(before.scores.known)
    if not rows.size:
        return
    row = int(rows[pick % rows.size])
    roster = scheme.lists[before.scores.list_of[row]]
    divisors = {indicators()[w.indicator].below for w in roster.indicators}
    for weighed in roster.indicators:
        what = indicators()[weighed.indicator]
        if what.above in divisors or facts.values[what.above][row] < 0:
            continue
        after = evaluated(scheme, raised(facts, what.above, row, factor if what.high_is_better else 1 / factor))
        if after.scores.list_of[row] == before.scores.list_of[row]:
            assert after.scores.score[row] >= before.scores.score[row], weighed.indicator


def moved(scheme: Scheme, facts: Facts, row: int, more: dict[str, float]) -> Facts:
    values = {k: v.copy() for k, v in facts.values.items()}
    for figure, amount in more.items():
        values[figure][row] += amount
    return Facts(**{**facts.__dict__, "values": values})


@pytest.mark.parametrize("name", ["huangyan-2022", "wenling-parks-2022", "ruian-like", "product-grade"])
@given(case=CASES)
@settings(max_examples=12)
def test_one_grade_up_is_reached_by_what_it_says_and_not_by_less(name: str, case: tuple[int, int, int, float]) -> None:
    scheme, facts = read_scheme(name), random_facts(*case, coarse=False)
    made = evaluated(scheme, facts)
    for row in range(facts.rows):
        up = step_up(scheme, facts, made.scores, made.grades, row)
        if up is None:
            continue
        for change in up.changes:
            figure = indicators()[change.indicator].above
            sharing = scheme.lists[made.scores.list_of[row]].indicators
            if sum(figure in (indicators()[w.indicator].above, indicators()[w.indicator].below) for w in sharing) > 1:
                continue  # the figure stands in another indicator, too
            now = facts.values[figure][row]
            enough = moved(scheme, facts, row, {figure: now * (change.factor - 1) * (1 + 1e-9)})
            short = moved(scheme, facts, row, {figure: now * (change.factor - 1) * 0.98})
            wanted = up.target
            assert evaluated(scheme, enough).scores.score[row] >= wanted
            assert evaluated(scheme, short).scores.score[row] < wanted or abs(up.lacking) < 0.5
        if up.mix:
            paid = moved(scheme, facts, row, {m.figure: m.more * (1 + 1e-9) for m in up.mix})
            after = evaluated(scheme, paid)
            if after.scores.list_of[row] == made.scores.list_of[row]:
                assert after.scores.score[row] >= up.target
            for change in up.changes:
                figure = indicators()[change.indicator].above
                if figure in efforts() and change.factor > 1:
                    alone = facts.values[figure][row] * (change.factor - 1) * efforts()[figure].yuan_per_unit * 100
                    others = {
                        indicators()[w.indicator].below for w in scheme.lists[made.scores.list_of[row]].indicators
                    }
                    if figure not in others:
                        assert (up.cost_fen or 0) <= alone + len(up.mix) + 1e-6 * alone
