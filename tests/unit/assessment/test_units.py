"""Who is graded as one: groups, parcels with tenants, parks; what is computed of them; runs and what becomes of them."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from cordwainer.assessment import (
    Run,
    confirm,
    correct,
    decide,
    evaluate,
    evaluated,
    facts_of,
    freeze,
    object_to,
    read_run,
    read_scheme,
    sign,
    step_up,
    write_run,
)
from cordwainer.assessment.consequences import charge_fen, charged
from cordwainer.assessment.scheme import Units
from cordwainer.cluster import Cluster, complete_frames, dictionary, reference_tables
from cordwainer.core import UserError
from tests.unit.assessment.cases import LIST, scheme, table, taxed

YEARS = [2024, 2025]


def cluster(figures: list[tuple[str, int, str, float | None]]) -> Cluster:
    """Return five firms: A holds P1 with tenants B and C; A and D are group G1; D and E are G2; E stands in a park."""
    frames: dict[str, list[dict[str, Any]]] = {
        "firm": [{"firm": f, "district": "lucheng", "founded": 2000} for f in "ABCDE"],
        "firm_role": [{"firm": f, "role": "maker"} for f in "ABCDE"],
        "site": [
            {"site": f"S{f}", "firm": f, "district": "lucheng", "parcel": p}
            for f, p in zip("ABCDE", ["P1", "P1", "P1", None, "P2"], strict=True)
        ],
        "parcel": [
            {"parcel": "P1", "district": "lucheng", "holder": "A", "granted": date(2023, 5, 1)},
            {"parcel": "P2", "district": "lucheng"},
        ],
        "group_member": [
            {"group": g, "firm": f, "valid_from": day}
            for g, f, day in (("G1", "A", None), ("G1", "D", None), ("G2", "D", date(2025, 3, 1)), ("G2", "E", None))
        ],
        "figure": [{"unit": u, "year": y, "indicator": i, "value": v, "status": "confirmed"} for u, y, i, v in figures],
    }
    made = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in frames.items()}
    return Cluster(complete_frames({**reference_tables(), **made}, dictionary.cluster_tables()))


TAXES = [(f, y, "tax_yuan", 1000.0 * (k + 1)) for k, f in enumerate("ABCDE") for y in YEARS]
LAND = [("P1", y, "land_mu", 8.0) for y in YEARS] + [("D", 2025, "land_mu", 3.0), ("E", 2025, "land_mu", 1.0)]


def value(units: Units, figure: str, unit: str, year: int, figures: list[Any] | None = None) -> float | None:
    """Return a figure of a unit; None where unknown."""
    found = facts_of(cluster(figures or [*TAXES, *LAND]), units, [], YEARS)
    x = found.value(figure)[found.unit.index(unit) * 2 + YEARS.index(year)]
    return None if np.isnan(x) else float(x)


def test_firms_by_themselves() -> None:
    apart = Units("apart", "apart", "apart")
    assert value(apart, "land_mu", "A", 2025) == 8
    assert value(apart, "land_mu", "B", 2025) is None
    assert value(apart, "land_mu", "E", 2025) == 1
    assert value(apart, "tenants", "A", 2025) == 2
    assert value(apart, "land_years", "A", 2025) == 2
    assert value(apart, "age_years", "E", 2025) == 25


def test_a_parcel_is_merged_with_its_tenants_and_its_land_counts_once() -> None:
    merged = Units("apart", "apart", "merge")
    assert value(merged, "tax_yuan", "P1", 2025) == 6000
    assert value(merged, "land_mu", "P1", 2025) == 8
    assert value(merged, "tenants", "P1", 2025) == 0
    assert value(merged, "tax_yuan", "E", 2025) == 5000


def test_what_is_unknown_of_one_member_is_unknown_of_the_unit() -> None:
    less = [t for t in TAXES if t[:2] != ("C", 2025)]
    merged = Units("apart", "apart", "merge")
    assert value(merged, "tax_yuan", "P1", 2025, [*less, *LAND]) is None
    assert value(merged, "tax_yuan", "P1", 2024, [*less, *LAND]) == 6000
    assert value(merged, "accidents", "P1", 2025, [*TAXES, ("B", 2025, "accidents", 1.0)]) == 1


def test_a_firm_in_two_groups_stands_apart_or_counts_in_the_first() -> None:
    first, apart = Units("merge", "first", "apart"), Units("merge", "apart", "apart")
    assert value(first, "tax_yuan", "G1", 2025) == 5000
    assert value(first, "tax_yuan", "G2", 2025) == 5000
    assert value(apart, "tax_yuan", "G1", 2025) == 1000
    assert value(apart, "tax_yuan", "D", 2025) == 4000
    # Before March 2025 D was in G1 only.
    assert value(apart, "tax_yuan", "G1", 2024) == 5000


def test_a_figure_given_for_the_group_itself_stands_in_place_of_the_sum() -> None:
    own = [*TAXES, ("G1", 2025, "tax_yuan", 9000.0)]
    assert value(Units("merge", "first", "apart"), "tax_yuan", "G1", 2025, own) == 9000


def test_tenants_inherit_the_grade_of_their_landlord() -> None:
    text = scheme(LIST.replace("benchmark = 10", "benchmark = 0.01"))
    inherit = type(text)(
        **{**{f: getattr(text, f) for f in text.__slots__}, "units": Units("apart", "apart", "inherit")}
    )
    given = facts_of(cluster([*TAXES, *LAND]), inherit.units, [], [2025])
    made = evaluated(inherit, given)
    assert made.grade(made.row("B", 2025)) == made.grade(made.row("A", 2025)) is not None


def test_consequences_are_whole_fen_and_unknown_where_the_figure_is() -> None:
    ruian = read_scheme("ruian-like")
    given = table({"power_kwh": [123_456.7, 1e5], "water_m3": [1000.1, None]})
    # 123456.7 * 0.15 = 18518.505 yuan; 1000.1 * 1.35 = 1350.135 yuan
    assert [fen for _, fen in charged(ruian, given, 0, "C-")] == [1_851_851, 135_014]
    assert charge_fen(ruian, given, 0, "C-") == 1_986_865
    assert charge_fen(ruian, given, 1, "C-") is None
    assert charge_fen(ruian, given, 0, None) == 0


def test_one_grade_up_by_hand() -> None:
    # Ten firms: two are A, from 80 points on. The third has 70: 0.995 (a half of a cent less) on 10^4 yuan a mu more.
    given = taxed(9, 8, 7, 6, 5, 4, 3, 2, 1, 0.5)
    made = evaluated(scheme(), given)
    up = step_up(made.scheme, given, made.scores, made.grades, 2)
    assert up is not None
    assert (up.grade, up.target) == ("A", 8000)
    assert up.changes[0].needed == pytest.approx(7.9995)
    assert [(m.figure, m.cost_fen) for m in up.mix] == [("tax_yuan", 999_500)]
    assert step_up(made.scheme, given, made.scores, made.grades, 0) is None


@pytest.fixture
def run() -> Run:
    data = cluster([*TAXES, *LAND])
    return freeze("R1", data, evaluate(data, scheme(LIST), [2025]), 2025, date(2026, 3, 2))


def test_a_run_is_trial_until_it_is_signed_and_keeps_its_seal(run: Run, tmp_path: Path) -> None:
    assert run.status == "trial"
    write_run(run, tmp_path / "run.json")
    assert read_run(tmp_path / "run.json") == run
    text = (tmp_path / "run.json").read_text(encoding="utf-8")
    (tmp_path / "run.json").write_text(text.replace('"trial"', '"signed"'), encoding="utf-8")
    with pytest.raises(UserError, match="run-changed"):
        read_run(tmp_path / "run.json")
    with pytest.raises(UserError, match="days-not-over"):
        sign(run, "officer", date(2026, 3, 9))
    assert sign(run, "officer", date(2026, 3, 10)).status == "signed"


def test_firms_answer_within_the_days(run: Run) -> None:
    said = confirm(run, "A", date(2026, 3, 9))
    assert [a.unit for a in said.answers] == ["A"]
    with pytest.raises(UserError, match="too-late"):
        confirm(run, "A", date(2026, 3, 10))
    with pytest.raises(UserError, match="unknown-figure"):
        object_to(run, "A", "patents", date(2026, 3, 3))
    with pytest.raises(UserError, match="unknown-unit"):
        confirm(run, "Z", date(2026, 3, 3))


def test_no_run_is_signed_over_an_open_objection(run: Run) -> None:
    against = object_to(run, "A", "land_mu", date(2026, 3, 3), claimed=6.0, reason="a road was taken off")
    with pytest.raises(UserError, match="objections-open"):
        sign(against, "officer", date(2026, 4, 1))
    settled = decide(against, "A", "land_mu", upheld=False)
    assert sign(settled, "officer", date(2026, 4, 1)).status == "signed"
    with pytest.raises(UserError, match="no-objection"):
        decide(settled, "A", "land_mu", upheld=True)


def test_a_correction_lists_every_grade_that_changed_and_why() -> None:
    figures = [(f, 2025, "tax_yuan", 1000.0 * (k + 1)) for k, f in enumerate("ABCDE")]
    land = [(f, 2025, "land_mu", 1.0) for f in "ABCDE"]
    data = cluster([*figures, *land])
    made = freeze("R1", data, evaluate(data, scheme(LIST), [2025]), 2025, date(2026, 3, 2))
    against = object_to(made, "E", "tax_yuan", date(2026, 3, 3), claimed=100.0)
    mended = cluster([*figures[:4], ("E", 2025, "tax_yuan", 100.0), *land])
    after = correct(against, mended, evaluate(mended, scheme(LIST), [2025]), date(2026, 3, 5))
    told = {c.unit: (c.before, c.after, c.why, c.figures) for c in after.changes}
    was = {u["unit"]: u["grade"] for u in made.units}
    now = {u["unit"]: u["grade"] for u in after.units}
    assert {u for u in was if was[u] != now[u]} == set(told)
    assert told["E"] == ("A", "C", "own", (("tax_yuan", 5000.0, 100.0),))
    assert told["D"][2:] == ("others", ())
    assert after.revision == 2
    assert not after.open_objections
    with pytest.raises(UserError, match="other-scheme"):
        correct(against, mended, evaluate(mended, scheme(LIST, ties="worse"), [2025]), date(2026, 3, 5))


def test_firms_of_a_merged_unit_answer_for_themselves() -> None:
    data = cluster([*TAXES, *LAND])
    text = scheme(LIST)
    merged = type(text)(**{**{f: getattr(text, f) for f in text.__slots__}, "units": Units("apart", "apart", "merge")})
    made = freeze("R1", data, evaluate(data, merged, [2025]), 2025, date(2026, 3, 2))
    assert made.members == {"P1": ("A", "B", "C")}
    assert made.unit("B")["unit"] == "P1"
    said = made
    for firm in "ABDE":
        said = confirm(said, firm, date(2026, 3, 3))
    with pytest.raises(UserError, match="days-not-over"):
        sign(said, "officer", date(2026, 3, 4))
    assert sign(confirm(said, "C", date(2026, 3, 4)), "officer", date(2026, 3, 4)).status == "signed"


def test_what_is_said_again_changes_nothing_or_stands_in_place_of_what_was_said(run: Run) -> None:
    day = date(2026, 3, 3)
    said = confirm(run, "A", day)
    assert confirm(said, "A", date(2026, 3, 4)) == said
    first = object_to(said, "A", "land_mu", day, claimed=6.0)
    with pytest.raises(UserError, match="objection-open"):
        confirm(first, "A", day)
    second = object_to(first, "A", "land_mu", day, claimed=7.0)
    assert [(a.figure, a.claimed) for a in second.answers] == [("land_mu", 7.0)]


def test_a_correction_lets_confirmations_of_others_stand() -> None:
    data = cluster([*TAXES, *LAND])
    made = freeze("R1", data, evaluate(data, scheme(LIST), [2025]), 2025, date(2026, 3, 2))
    for firm in "DE":
        made = confirm(made, firm, date(2026, 3, 3))
    mended = cluster([*TAXES[:-1], ("E", 2025, "tax_yuan", 1.0), *LAND])
    after = correct(made, mended, evaluate(mended, scheme(LIST), [2025]), date(2026, 3, 5))
    assert [a.unit for a in after.answers] == ["D"]


def test_objections_that_stand_open_are_frozen_with_the_run() -> None:
    filed = date(2026, 2, 20)
    rows = [
        {"objection": f"Q{k}", "unit": unit, "year": year, "indicator": figure, "filed": filed, "decision": decision}
        for k, (unit, year, figure, decision) in enumerate(
            (
                ("A", 2025, "land_mu", "open"),
                ("B", 2024, "tax_yuan", "open"),
                ("B", 2025, "patents", "open"),
                ("C", 2025, "tax_yuan", "refused"),
                ("Z", 2025, "tax_yuan", "open"),
            )
        )
    ]
    base = cluster([*TAXES, *LAND])
    table = pl.concat([base["objection"], pl.DataFrame(rows)], how="diagonal_relaxed")
    data = Cluster({**base.frames, "objection": table})
    made = freeze("R1", data, evaluate(data, scheme(LIST), [2025]), 2025, date(2026, 3, 2))
    assert [(a.unit, a.figure, a.day) for a in made.open_objections] == [("A", "land_mu", filed)]
