"""Backward capacity: what a rule finds, what it cannot tell, what would take a firm off; Shuitou as it was."""

from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cordwainer.assessment import backward_view, evaluate, rule_view
from cordwainer.assessment.backward import Finding, backward, backward_frame, rules
from cordwainer.assessment.definitions import figures, rows
from cordwainer.cluster import Cluster, complete_frames, dictionary, reference_tables
from cordwainer.core import Verdict
from tests.unit.assessment.cases import LIST, scheme
from tests.unit.assessment.shuitou import drums_by_firm, shuitou


def tannery(told: dict[str, float], year: int = 2025, district: str = "pingyang") -> list[Finding]:
    """Return what is found of one tannery with some figures."""
    values: list[dict[str, Any]] = [{"unit": "T", "year": year, "indicator": k, "value": v} for k, v in told.items()]
    frames = {
        "firm": pl.DataFrame({"firm": ["T"], "district": [district]}),
        "firm_role": pl.DataFrame({"firm": ["T"], "role": ["tannery"]}),
        "figure": pl.DataFrame(values, schema_overrides={"value": pl.Float64}),
    }
    cluster = Cluster(complete_frames({**reference_tables(), **frames}, dictionary.cluster_tables()))
    return backward(cluster, year)


def by_rule(found: list[Finding]) -> dict[str, Verdict]:
    return {f.rule.name: f.verdict for f in found}


GOOD = {"hides_year": 320_000.0, "small_drums": 0.0, "raw_chrome": 0.0, "cod_mg_l": 90.0, "effluent_treated": 1.0}


def test_a_good_tannery_is_not_on_the_list() -> None:
    assert tannery(GOOD) == []


@pytest.mark.parametrize(
    ("figure", "value", "found"),
    [
        ("hides_year", 49_999.0, {"tannery-below-scale", "tannery-below-100000"}),
        ("hides_year", 50_000.0, {"tannery-below-100000"}),
        ("small_drums", 1.0, {"small-drums"}),
        ("raw_chrome", 1.0, {"raw-chrome"}),
    ],
)
def test_each_rule_finds_what_it_is_for(figure: str, value: float, found: set[str]) -> None:
    assert by_rule(tannery({**GOOD, figure: value})) == dict.fromkeys(found, Verdict.FAIL)


def test_both_conditions_must_hold_and_one_known_to_fail_settles_it() -> None:
    assert by_rule(tannery({**GOOD, "cod_mg_l": 400.0})) == {}
    assert by_rule(tannery({**GOOD, "cod_mg_l": 400.0, "effluent_treated": 0.0})) == {
        "effluent-untreated": Verdict.FAIL
    }
    less = {k: v for k, v in GOOD.items() if k != "effluent_treated"}
    assert by_rule(tannery(less)) == {}
    assert by_rule(tannery({**less, "cod_mg_l": 400.0})) == {"effluent-untreated": Verdict.UNKNOWN}


def test_rules_hold_where_and_since_when_they_say() -> None:
    assert by_rule(tannery({**GOOD, "raw_chrome": 1.0}, district="lucheng")) == {}
    assert by_rule(tannery({**GOOD, "raw_chrome": 1.0}, year=2012)) == {}
    assert by_rule(tannery({**GOOD, "small_drums": 3.0}, year=2011)) == {}


def test_evidence_clause_and_what_takes_it_off_are_told_in_both_languages() -> None:
    found = tannery({**GOOD, "hides_year": 40_000.0})[0]
    assert found.evidence.en == "Hides a year: 40,000 hides"
    assert found.evidence.zh == "年投皮量：40,000 张"
    assert found.off_the_list.en in ("Hides a year at least 50,000 hides", "Hides a year at least 100,000 hides")
    for rule in rules():
        assert all(t.en and t.zh for t in (rule.title, rule.clause, rule.remedy))
        assert rule.source
        assert {c.figure for c in rule.when} <= set(figures())


def test_lowest_grade_two_years_running() -> None:
    names = [f"F{k}" for k in range(5)]
    tax = {2024: [1, 9, 8, 7, 2], 2025: [1, 9, 8, 2, 7]}
    told = [
        {"unit": f, "year": y, "indicator": i, "value": v}
        for y, values in tax.items()
        for f, x in zip(names, values, strict=True)
        for i, v in (("tax_yuan", x * 1e4), ("land_mu", 1.0))
    ]
    frames = {"firm": pl.DataFrame({"firm": names, "district": "lucheng"}), "figure": pl.DataFrame(told)}
    cluster = Cluster(complete_frames({**reference_tables(), **frames}, dictionary.cluster_tables()))
    graded = evaluate(cluster, scheme(LIST.replace("0.95]", "0.6]").replace("[0.2, 0.8,", "[0.2, 0.4,")), [2024, 2025])
    found = backward(cluster, 2025, graded)
    assert {f.firm for f in found} == {"F0"}
    assert found[0].evidence.en == "2024: D; 2025: D"
    assert backward_frame(cluster, found)["district"].to_list() == ["lucheng"]


def test_every_rule_is_counted_and_says_its_clause_once(middle: Cluster) -> None:
    found = backward(middle, 2025, evaluate(middle, scheme(), [2024, 2025]))
    frame = backward_frame(middle, found)
    table = rule_view(frame).frame
    assert table["title_en"].to_list() == [r.title.en for r in rules()]
    assert (table["fail"].sum(), table["unknown"].sum()) == tuple(
        sum(f.verdict == v for f in found) for v in (Verdict.FAIL, Verdict.UNKNOWN)
    )
    brief, whole = (backward_view(middle, frame, whole=w) for w in (False, True))
    assert {c.name for c in whole.columns} - {c.name for c in brief.columns} == {"clause", "remedy", "verified"}
    assert not frame["evidence_en"].str.contains("treated: [01]").any()


def flagged(year: int, at: int) -> Counter[str]:
    """Count findings among the tanneries of a year under the rules of another one."""
    cluster = shuitou(year)
    moved = cluster["figure"].with_columns(year=pl.lit(at, pl.Int64))
    later = Cluster({**cluster.frames, "figure": moved})
    return Counter(f.rule.name for f in backward(later, at) if f.verdict == Verdict.FAIL)


def test_shuitou_at_its_peak_and_after(root: Path) -> None:
    assert flagged(2003, 2003) == {"effluent-untreated": 1270}
    today = flagged(2003, 2025)
    assert today["effluent-untreated"] == today["raw-chrome"] == 1270
    counted = {year: flagged(year, 2025)["tannery-below-scale"] for year in (2003, 2006, 2013)}
    assert flagged(2006, 2006) == {}
    assert flagged(2013, 2013)["raw-chrome"] == 8
    page = (root / "docs" / "algorithms" / "assessment.md").read_text(encoding="utf-8")
    for year, firms in ((2003, 1270), (2006, 39), (2013, 8)):
        assert f"| {year} | {firms:,} |" in page
        assert f"{counted[year]:,} of {firms:,}" in page


def test_drums_sum_to_what_was_published() -> None:
    for told in rows("shuitou"):
        drums = drums_by_firm(int(told["firms"]), int(told["drums"]))
        assert sum(drums) == int(told["drums"])
        assert min(drums) >= 1
