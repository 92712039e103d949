"""The named rules of grading: ties, zeros, gaps, caps, adjustments, vetoes, exemptions, cuts of small groups, two groups."""

import numpy as np
import pytest

from cordwainer.assessment import evaluated, read_scheme, scheme_names, scheme_of
from cordwainer.assessment.definitions import figures
from cordwainer.assessment.grading import counts
from cordwainer.assessment.results import OUTCOMES
from cordwainer.core import DataErrors, UserError
from tests.unit.assessment.cases import LIST, scheme, table, taxed


def grades_of(made: object) -> list[str | None]:
    return [made.grade(r) for r in range(made.facts.rows)]  # type: ignore[attr-defined]


def outcomes(made: object) -> list[str]:
    return [OUTCOMES[o] for o in made.grades.outcome]  # type: ignore[attr-defined]


def test_shares_of_the_group_are_rounded_half_up() -> None:
    cut = scheme().lists[0].cut
    assert counts(cut, np.array([1, 2, 3, 10, 20])).tolist() == [[0, 0, 1, 2, 4], [1, 2, 2, 8, 16], [1, 2, 3, 10, 19]]


def test_ties_share_the_better_grade_or_the_worse_one() -> None:
    five = taxed(9, 9, 5, 5, 1)  # one of five is A, three more are B
    assert grades_of(evaluated(scheme(), five)) == ["A", "A", "B", "B", "C"]
    assert grades_of(evaluated(scheme(ties="worse"), five)) == ["B", "B", "B", "B", "C"]


def test_scores_are_compared_as_they_are_published() -> None:
    # 50.001 and 50.004 points are both 50.00: nobody is put behind by what no list shows.
    made = evaluated(scheme(), taxed(5.0001, 5.0004, 3, 2, 1))
    assert made.scores.score[:2].tolist() == [5000, 5000]
    assert grades_of(made)[:2] == ["A", "A"]


def test_half_of_the_last_decimal_is_rounded_up_exactly() -> None:
    # 0.285 points have no exact binary value, and the float of 0.285 * 100 lies below 28.5.
    made = evaluated(scheme(), taxed(0.0285, 0.0284999, 1.005))
    assert made.scores.score.tolist() == [29, 28, 1005]


def test_nothing_over_nothing_is_unknown_and_not_zero() -> None:
    made = evaluated(scheme(), table({"tax_yuan": [5e4, 5e4], "land_mu": [0, 1]}))
    assert outcomes(made) == ["unknown", "graded"]
    assert grades_of(made)[0] is None


def test_unknown_units_do_not_count_in_the_shares() -> None:
    made = evaluated(scheme(), taxed(9, 8, 7, 6, 5, None, None, None, None, None))
    assert grades_of(made) == ["A", "B", "B", "B", "C", *[None] * 5]


def test_last_year_stands_in_once() -> None:
    lists = LIST.replace('"unknown"', '"last-year"')
    given = table({"tax_yuan": [3e4, None, None, None, 2e4, 1e4], "land_mu": [1.0] * 6}, years=3)
    made = evaluated(scheme(lists), given)
    assert outcomes(made) == ["graded", "graded", "unknown", "unknown", "graded", "graded"]
    assert made.scores.score[1] == 3000


def test_cap_and_floor_are_multiples_of_the_weight() -> None:
    lists = LIST.replace("benchmark = 10", "benchmark = 10, cap = 1.5, floor = 0")
    assert evaluated(scheme(lists), taxed(100, -5, 12)).scores.score.tolist() == [15000, 0, 12000]


def test_less_is_better_needs_a_cap_and_nothing_at_all_reaches_it() -> None:
    entry = '{ indicator = "voc_pair", weight = 100, benchmark = 25, cap = 1.5, missing = "unknown" }'
    lists = LIST.replace('{ indicator = "tax_mu", weight = 100, benchmark = 10, missing = "unknown" }', entry)
    made = evaluated(scheme(lists), table({"voc_g_pair": [50.0, 25.0, 0.0]}))
    assert made.scores.score.tolist() == [5000, 10000, 15000]
    with pytest.raises(DataErrors):
        scheme(lists.replace(", cap = 1.5", ""))


LET = """
[[adjust]]
lists = ["all"]
figure = "tenants"
each = [-10, -5]
title = { en = "letting", zh = "出租" }
"""


def test_each_tenant_costs_points_without_end() -> None:
    given = table({"tax_yuan": [1e5] * 4, "land_mu": [1.0] * 4, "tenants": [0, 1, 4, None]})
    made = evaluated(scheme(more=LET), given)
    assert made.scores.score.tolist()[:3] == [10000, 9000, 7500]
    assert outcomes(made)[3] == "unknown"


APART = """
[[veto]]
figure = "accidents"
at_least = 1
grade = "D"
title = { en = "accident", zh = "事故" }
[[exempt]]
figure = "age_years"
below = 2
treated_as = "B"
title = { en = "young", zh = "新办" }
"""


def test_vetoed_and_exempt_units_are_set_apart_before_the_cut() -> None:
    given = table(
        {
            "tax_yuan": [9e4, 8e4, 7e4, 6e4, 5e4, 9.5e4, 9.6e4],
            "land_mu": [1.0] * 7,
            "accidents": [0, 0, 0, 0, 0, 1, 0],
            "age_years": [5, 5, 5, 5, 5, 5, 1],
        }
    )
    made = evaluated(scheme(more=APART), given)
    assert grades_of(made) == ["A", "B", "B", "B", "C", "D", None]
    assert outcomes(made)[5:] == ["vetoed", "exempt"]


def test_a_register_that_nobody_keeps_leaves_the_grade_unknown() -> None:
    given = table({"tax_yuan": [1e5], "land_mu": [1.0], "accidents": [None], "age_years": [9]})
    assert outcomes(evaluated(scheme(more=APART), given)) == ["unknown"]


def test_grades_are_cut_within_industry_groups() -> None:
    text = '[[industry]]\nindustry = "{0}"\ntitle = {{ en = "{0}", zh = "{0}" }}\nroles = ["{0}"]\n'
    made_of = scheme(more=text.format("tannery") + text.format("maker"))
    given = table({"tax_yuan": [k * 1e4 for k in range(10)], "land_mu": [1.0] * 10}, industry=[0] * 5 + [1] * 5)
    assert grades_of(evaluated(made_of, given)) == [*"CBBBA", *"CBBBA"]


def test_who_is_on_no_list_or_may_be_on_one() -> None:
    lists = LIST.replace("cut =", 'when = [{ figure = "revenue_yuan", at_least = 2e7 }]\ncut =')
    given = table({"tax_yuan": [1e5] * 3, "land_mu": [1.0] * 3, "revenue_yuan": [3e7, 1e7, None]})
    assert outcomes(evaluated(scheme(lists), given)) == ["graded", "unlisted", "unknown"]


def test_min_max_gives_base_to_the_worst_and_all_to_the_best() -> None:
    made = evaluated(scheme(form="min-max", base=0.2), taxed(2, 4, 6))
    assert made.scores.score.tolist() == [2000, 6000, 10000]
    assert evaluated(scheme(form="min-max", base=0.2), taxed(3, 3)).scores.score.tolist() == [10000, 10000]


@pytest.mark.parametrize("name", scheme_names())
def test_every_scheme_cites_its_sources_and_says_what_is_unverified(name: str) -> None:
    found = read_scheme(name)
    assert found.sources
    assert found.unverified
    assert all(u.en and u.zh for u in found.unverified)
    assert all(sum(w.weight for w in r.indicators) == pytest.approx(100) for r in found.lists)
    assert {c.figure for c in found.consequences} <= set(figures())


def test_a_scheme_is_changed_without_code(root: object) -> None:
    path = "src/cordwainer/assessment/data/schemes/huangyan-2022.toml"
    text = (root / path).read_text(encoding="utf-8").replace("weight = 30", "weight = 60")  # type: ignore[operator]
    assert scheme_of(text.encode(), "mine.toml").lists[0].indicators[0].weight == 60


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("weight = 100", "weight = -1", "tax_mu"),
        ('indicator = "tax_mu"', 'indicator = "tax_moo"', "indicator"),
        ("at = [0.2, 0.8, 0.95]", "at = [0.8, 0.2, 0.95]", "cut"),
        ('missing = "unknown"', 'missing = "zero"', "missing"),
    ],
)
def test_faults_of_a_scheme_are_told_with_their_place(before: str, after: str, place: str) -> None:
    with pytest.raises(DataErrors) as error:
        scheme(LIST.replace(before, after))
    assert all(p.file == "test.toml" for p in error.value.problems)
    assert any(place in (p.column or "") for p in error.value.problems)


def test_what_is_no_scheme_is_refused() -> None:
    with pytest.raises(UserError, match="not-toml"):
        scheme_of(b"scheme = ", "x.toml")
    with pytest.raises(UserError, match="unknown-scheme"):
        read_scheme("nowhere-1999")
