"""Opportunities: every firm and measure that applies, subsidies by their rules, none first that stands only with one."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from cordwainer.cli import run
from cordwainer.cluster import Cluster, Plan, SampleSize, sample
from cordwainer.core import UserError
from cordwainer.exchange import write_cluster, write_plan
from cordwainer.planning import Settings, ValueSettings, plan, relaxed, remember
from cordwainer.upgrading import (
    Market,
    apply,
    calibration_sections,
    catalogue,
    checked,
    grades_and_tax,
    lines_of,
    market,
    opportunities,
    returns,
    support,
)

KNOWN = catalogue()
MACHINE = KNOWN.measures["closing-computer"]
DAY = date(2026, 3, 2)
FIRM = "F030"
"""A firm of the sample for which a measure pays."""


def test_a_subsidy_needs_size_grade_window_and_known_tax() -> None:
    rules, much = KNOWN.subsidies.values(), 50_000_000
    given = support(rules, MACHINE, much, DAY, "A", 10**9)
    assert (given.subsidy, given.fen) == ("machines", 6_000_000)
    assert support(rules, MACHINE, much, DAY, "A", 1_000_000).fen == 1_000_000
    assert support(rules, MACHINE, 10**10, DAY, "A", 10**12).fen == 100_000_000
    for capital, day, grade, tax in (
        (29_999_999, DAY, "A", 10**9),
        (much, date(2028, 1, 1), "A", 10**9),
        (much, DAY, "D", 10**9),
        (much, DAY, None, 10**9),
        (much, DAY, "A", None),
    ):
        assert support(rules, MACHINE, capital, day, grade, tax).fen == 0


def test_payback_and_present_value_by_hand() -> None:
    measure = replace(
        MACHINE,
        lead=replace(MACHINE.lead, value=365),
        life=replace(MACHINE.life, value=4),
    )
    bare = returns(measure, 1000, 500, 0.0)
    assert (bare.payback_years, bare.npv_fen) == (3.0, 1000)
    with_it = returns(measure, 1000, 500, 0.0, 250, 6)
    assert (with_it.payback_years, with_it.npv_fen) == (2.5, 1250)
    late = returns(measure, 1000, 500, 0.0, 250, 24)
    assert (late.payback_years, late.npv_fen) == (3.0, 1250)
    assert returns(measure, 1000, 100, 0.0).payback_years is None
    discounted = returns(measure, 1000, 500, 0.1).npv_fen
    by_days = -1000 + sum(500 / 365 / 1.1 ** (1 + d / 365) for d in range(4 * 365))
    assert discounted == pytest.approx(by_days, abs=2)


def test_every_firm_and_measure_that_applies_is_there_once(small: Cluster, made: Plan, planned: Market) -> None:
    found = opportunities([planned, planned], KNOWN, *grades_and_tax(small, "huangyan-2022"))
    assert not found.select("firm", "measure").is_duplicated().any()
    day = made.periods[0].start
    for name in ("closing-computer", "sa8000"):
        wanted = lines_of(KNOWN.measures[name], small, day)["firm"].unique().sort().to_list()
        assert found.filter(measure=name)["firm"].sort().to_list() == wanted
    assert (found["low_fen"] == found["cluster_fen"]).all()
    assert (found["high_fen"] == found["cluster_fen"]).all()
    alone = opportunities([planned], KNOWN, firm=FIRM).drop("support_fen", "^npv_.*$", "^payback_.*$")
    assert alone.sort("measure").equals(found.filter(firm=FIRM).select(alone.columns).sort("measure"))
    stands = found["stands"].to_list()
    assert stands == sorted(stands, reverse=True)
    assert any(stands)
    assert not all(stands)
    assert (found.filter("stands")["npv_fen"] > 0).all()
    assert (found["support_fen"] > 0).any()
    assert (found["npv_with_fen"] >= found["npv_late_fen"]).all()
    assert (found["npv_late_fen"] >= found["npv_fen"]).all()


@pytest.fixture(scope="module")
def sixteen() -> tuple[Cluster, Plan]:
    """Return a sample of sixteen firms and a quick plan of it, whose relaxation is soon solved."""
    cluster = sample(SampleSize(16, 40, 6), 1)
    return cluster, plan(cluster, Settings(work=1, time_s=None))


def test_estimates_are_not_below_what_the_relaxation_solved_anew_says(sixteen: tuple[Cluster, Plan]) -> None:
    cluster, made = sixteen
    at = market(cluster, made)
    table = opportunities([at], KNOWN).filter(measure="closing-computer").sort("cluster_fen", descending=True).head(3)
    before = relaxed(cluster, made, at.memo)
    assert before.done
    settled = market(cluster, made, before.prices)
    exact = dict(
        opportunities([settled], KNOWN).filter(measure="closing-computer").select("firm", "cluster_fen").iter_rows()
    )
    said, true = [], []
    for firm in table["firm"]:
        changed = apply(MACHINE, firm, cluster, made.periods[0].start)
        after = relaxed(changed, made, at.memo, start=before.prices, known=before.routes)
        said.append(exact[firm] / at.year / 100)
        true.append(after.value - before.value)
        assert said[-1] >= 0.9 * true[-1] - 50  # the prices of all else stand, which can only say too much
    assert sum(true) > 0
    assert sum(said) <= 2.5 * sum(true)  # one firm of sixteen is much: prices fall, and the estimate does not see it


def test_estimates_stand_beside_the_truth_and_are_corrected_by_it(sixteen: tuple[Cluster, Plan]) -> None:
    base = remember(*sixteen, threads=1)
    table = opportunities([market(*sixteen, base=base)], KNOWN)
    quick = ValueSettings(work=0, pairs=2, price_steps=10, threads=1)
    found, view, corrected = checked(base, KNOWN, table, 3, quick)
    rows = found.rows
    assert rows.height == view.frame.height == 3
    assert rows["said_fen"].to_list() == sorted(rows["said_fen"], reverse=True)
    assert rows.filter(pl.col("low_fen") > pl.col("high_fen")).is_empty()
    assert rows["too_small"].to_list() == [r["low_fen"] <= 0 <= r["high_fen"] for r in rows.to_dicts()]
    truth = {(r["firm"], r["measure"]): r["solved_fen"] for r in rows.to_dicts()}
    for r in corrected.to_dicts():
        if (r["firm"], r["measure"]) in truth:
            assert r["cluster_fen"] == truth[r["firm"], r["measure"]]
    assert corrected.height == table.height
    told = calibration_sections(found, view)[0]
    assert len(told.bars) == 6
    assert told.note is not None
    assert "误差中位数" in told.note.zh


def test_the_command_writes_a_table_and_refuses_plans_of_other_data(
    small: Cluster, made: Plan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_cluster(small, tmp_path / "c", "csv")
    write_plan(made, tmp_path / "p", "csv")
    out = tmp_path / "o.csv"
    given = ["opportunities", str(tmp_path / "c"), str(tmp_path / "p"), "--out", str(out), "--lang", "zh"]
    assert run(given) == 0
    assert "升级机会" in capsys.readouterr().out
    assert "净现值" in out.read_text(encoding="utf-8-sig").splitlines()[0]
    assert run(["next-step", str(tmp_path / "c"), str(tmp_path / "p"), FIRM, "--lang", "zh"]) == 0
    assert "个月回本" in capsys.readouterr().out
    given_programme = [
        "programme",
        *given[1:3],
        "--budget",
        "2000000",
        "--work",
        "0",
        "--rounds",
        "1",
        "--most-district",
        "0.6",
    ]
    assert run([*given_programme, "--least-small", "0.05", "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "Chosen: costs" in told
    assert "Where to grow" in told
    assert "Equal share to all: costs" in told
    given_phase = ["phase-out", *given[1:3], "--target", "solvent", "--share", "0.02", "--work", "0", "--rounds", "1"]
    assert run([*given_phase, "--tries", "0", "--out", str(tmp_path / "g.csv"), "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    assert "已通过重新排产与核验" in told
    assert "低档优先" in told
    assert run(["phase-out", *given[1:3]]) == 2
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "measures.toml").write_text("", encoding="utf-8")
    assert run([*given, "--measures", str(tmp_path / "m")]) == 2


def test_a_firm_that_has_a_measure_is_not_offered_it_again(small: Cluster, made: Plan) -> None:
    day = made.periods[0].start
    firm = lines_of(KNOWN.measures["sa8000"], small, day)["firm"][0]
    after = apply(KNOWN.measures["sa8000"], firm, small, day)
    with pytest.raises(UserError):
        apply(KNOWN.measures["sa8000"], firm, after, day)
