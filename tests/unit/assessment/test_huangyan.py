"""Huangyan's formulas of 2022 on the example of docs/algorithms/assessment.md, worked there by hand."""

from pathlib import Path

import numpy as np
import pytest

from cordwainer.assessment import Evaluation, evaluated, read_scheme
from tests.unit.assessment.cases import table

NAMES = ("tax_mu", "va_mu", "va_energy", "va_emission", "va_worker", "rd_share")
ABOVE: dict[str, list[float | None]] = {
    "tax_yuan": [3_600_000, 900_000, 2_000_000],
    "land_mu": [20, 10, 16],
    "value_added_yuan": [24_000_000, 8_100_000, 15_000_000],
    "energy_tce": [900, 400, 600],
    "pollutants_t": [0.5, 0.2, None],
    "staff": [240, 90, 150],
    "rd_yuan": [1_500_000, 0, 1_000_000],
    "revenue_yuan": [60_000_000, 25_000_000, 50_000_000],
    "power_kwh": [2_600_000, 1_000_000, 1_900_000],
    "tenants": [0, 0, 0],
}


@pytest.fixture(scope="module")
def above() -> Evaluation:
    return evaluated(read_scheme("huangyan-2022"), table(ABOVE))


def test_points_of_the_first_firm_are_those_worked_by_hand(above: Evaluation) -> None:
    # 18/24.097*30, 120/136.16*20, 2.66667/2.694*20, 4800/4929.81*10, 10/18.14*10, 0.025/0.0302*10
    wanted = [22.41, 17.63, 19.80, 9.74, 5.51, 8.28]
    points = dict(zip(above.scheme.indicators, above.scores.points[:, 0], strict=True))
    assert [round(points[n], 2) for n in NAMES] == wanted
    assert above.scores.score[0] == 8336  # 83.36 from the parts before rounding, not 83.37 from the rounded ones


def test_missing_emission_gets_the_mean_of_the_scores_of_the_others(above: Evaluation) -> None:
    k = above.scheme.indicators.index("va_emission")
    assert above.scores.points[k, 2] == pytest.approx(above.scores.points[k, :2].mean())
    assert above.scores.score[2] == 6900


def test_no_research_is_zero_points_and_not_unknown(above: Evaluation) -> None:
    assert above.scores.points[above.scheme.indicators.index("rd_share"), 1] == 0
    assert above.scores.score[1] == 5131


def test_below_scale() -> None:
    below: dict[str, list[float | None]] = {
        "tax_yuan": [120_000],
        "land_mu": [1.5],
        "power_kwh": [300_000],
        "revenue_yuan": [4_800_000],
        "tenants": [0],
    }
    found = evaluated(read_scheme("huangyan-2022"), table(below))
    # 8/11.5932*50 + 0.4/0.2352*50
    assert found.scores.score[0] == 11954


def test_nothing_is_capped_where_no_cap_is_stated() -> None:
    rich = {k: [v[0]] for k, v in ABOVE.items()}
    rich["tax_yuan"] = [360_000_000]
    found = evaluated(read_scheme("huangyan-2022"), table(rich))
    assert found.scores.points[0, 0] == pytest.approx(30 * 1800 / 24.097)


def test_the_page_shows_these_numbers(root: Path) -> None:
    page = (root / "docs" / "algorithms" / "assessment.md").read_text(encoding="utf-8")
    for number in ("22.41", "17.63", "19.80", "9.74", "5.51", "8.28", "83.36", "69.00", "51.31", "119.54"):
        assert number in page, number


def test_points_do_not_depend_on_who_else_is_there_unless_something_is_missing(above: Evaluation) -> None:
    alone = evaluated(read_scheme("huangyan-2022"), table({k: [v[1]] for k, v in ABOVE.items()}))
    np.testing.assert_array_equal(alone.scores.score, above.scores.score[1:2])
