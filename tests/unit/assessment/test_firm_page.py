"""The page of a firm: its own numbers, others only as groups of at least five, strongest and weakest, what it costs."""

import numpy as np
import pytest

from cordwainer.assessment import evaluate, evaluated, firm_page, read_scheme
from cordwainer.cluster import Cluster
from cordwainer.core import UserError
from tests.unit.assessment.cases import scheme, table, taxed


def test_quartiles_of_the_others_to_two_digits_and_the_share_that_does_worse() -> None:
    page = firm_page(evaluated(scheme(), taxed(5, 1.234, 2.345, 3.456, 4.567, 9.876)), "U0", 2025)
    number = page.numbers[0]
    assert (number.low, number.middle, number.high) == (2.3, 3.5, 4.6)
    assert number.ahead_of == pytest.approx(0.8)
    assert page.grade == "B"
    assert page.up is not None


def test_nothing_of_others_is_told_below_five_of_them() -> None:
    page = firm_page(evaluated(scheme(), taxed(5, 1, 2, 9, 7)), "U0", 2025)
    assert page.numbers[0].low is None
    assert page.numbers[0].ahead_of is None
    assert (page.up, page.rank, page.strongest) == (None, None, ())
    assert page.score == 50


def test_small_industry_groups_are_compared_within_the_whole_list() -> None:
    given = table({"tax_yuan": [k * 1e4 for k in range(8)], "land_mu": [1.0] * 8}, industry=[1, 1, 0, 0, 0, 0, 0, 0])
    made = evaluated(scheme(), given)
    assert firm_page(made, "U1", 2025).numbers[0].middle == pytest.approx(4.0)


def test_strongest_and_weakest_do_not_overlap(middle: Cluster) -> None:
    made = evaluate(middle, read_scheme("huangyan-2022"))
    for unit in made.frame(2025)["unit"].to_list()[:60]:
        page = firm_page(made, unit, 2025)
        strong, weak = ({n.indicator for n in side} for side in (page.strongest, page.weakest))
        assert not strong & weak
        assert len(strong) - len(weak) in (0, 1)
        told = sum(n.ahead_of is not None for n in page.numbers)
        assert (len(strong), len(weak)) == (3, 3) or len(strong) + len(weak) == told < 6
        assert len(page.history) == 10
        assert page.record()["unit"] == page.unit


def test_numbers_that_do_not_count_stand_in_where_a_scheme_reads_few(middle: Cluster) -> None:
    """Below scale Huangyan reads two numbers; the others are told without points, and each as one that does not count."""
    made = evaluate(middle, read_scheme("huangyan-2022"), [2025])
    pages = [firm_page(made, u, 2025) for u in made.frame(2025).filter(list="below", outcome="graded")["unit"][:20]]
    assert any(len(p.strongest) == len(p.weakest) == 3 for p in pages)
    for page in pages:
        counted = {n.indicator for n in page.numbers if n.counted}
        assert counted == {"tax_mu", "tax_kwh"}
        assert all(n.points is None and n.ahead_of is not None for n in page.numbers if not n.counted)


def test_what_a_better_grade_saves(middle: Cluster) -> None:
    made = evaluate(middle, read_scheme("ruian-like"), [2024, 2025])
    frame = made.frame(2025)
    unit = frame.filter(grade="C", outcome="graded")["unit"][0]
    page = firm_page(made, unit, 2025)
    assert page.up is not None
    assert page.up.grade == "B"
    assert page.fen is None or page.fen_up is None or page.fen_up <= page.fen
    assert {t.en for t, _ in page.consequences} == {"water, 15 per cent"}


def test_a_member_leads_to_the_unit_it_is_graded_in(middle: Cluster) -> None:
    made = evaluate(middle, read_scheme("wenling-parks-2022"), [2024, 2025])
    unit, firm = made.facts.members.filter(year=2025).select("unit", "firm").row(0)
    assert firm_page(made, firm, 2025).unit == unit
    with pytest.raises(UserError, match="unknown-unit"):
        firm_page(made, "nobody", 2025)
    assert np.isfinite(made.scores.total[made.scores.known]).all()
