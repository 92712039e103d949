"""Backward capacity: rules with clause and date, the firms that they find, the evidence, and what takes a firm off the list."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl

from cordwainer.assessment.definitions import figures
from cordwainer.assessment.evaluation import Evaluation
from cordwainer.assessment.facts import Facts, facts_of
from cordwainer.assessment.results import EXEMPT
from cordwainer.assessment.scheme import Condition, Units
from cordwainer.cluster import Cluster
from cordwainer.core import LANGUAGES, Text, Verdict, digits

_APART = Units("apart", "apart", "apart")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of backward capacity; ``lowest_grade_years`` > 0 looks at grades instead of figures."""

    name: str
    title: Text
    roles: tuple[str, ...]
    districts: tuple[str, ...]
    since: int
    when: tuple[Condition, ...]
    lowest_grade_years: int
    clause: Text
    source: str
    verified: bool
    remedy: Text


@dataclass(frozen=True, slots=True)
class Finding:
    """A firm under a rule: ``fail`` is backward; ``unknown`` where a figure that decides is not known."""

    firm: str
    rule: Rule
    verdict: Verdict
    evidence: Text
    off_the_list: Text


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules that are shipped."""
    text = (files("cordwainer.assessment") / "data" / "backward.toml").read_text(encoding="utf-8")
    return tuple(_rule(entry) for entry in tomllib.loads(text)["rule"])


def _rule(entry: Mapping[str, Any]) -> Rule:
    def words(key: str) -> Text:
        return Text(entry[key]["en"], entry[key]["zh"])

    return Rule(
        name=entry["rule"],
        title=words("title"),
        roles=tuple(entry.get("roles", ())),
        districts=tuple(entry.get("districts", ())),
        since=entry["since"],
        when=tuple(Condition(c["figure"], c.get("at_least"), c.get("below")) for c in entry.get("when", ())),
        lowest_grade_years=entry.get("lowest_grade_years", 0),
        clause=words("clause"),
        source=entry["source"],
        verified=entry["verified"],
        remedy=words("remedy"),
    )


def backward(cluster: Cluster, year: int, graded: Evaluation | None = None) -> list[Finding]:
    """Return, by rule, the firms that a rule finds backward in a year, or of which it cannot tell.

    Parameters
    ----------
    cluster
        Its firms, roles, districts and figures.
    year
        Year of the figures; rules that hold from a later year are left out.
    graded
        Evaluation for the rule of the lowest grade; without it that rule is left out.
    """
    given = facts_of(cluster, _APART, [], [year])
    roles = dict(cluster["firm_role"].group_by("firm").agg("role").iter_rows())
    district = dict(cluster["firm"].select("firm", "district").iter_rows())
    found: list[Finding] = []
    for rule in (r for r in rules() if r.since <= year):
        if rule.lowest_grade_years:
            found += _by_grade(rule, graded, year) if graded else []
            continue
        for row, firm in enumerate(given.unit):
            ours = not rule.roles or set(rule.roles) & set(roles.get(firm, ()))
            here = not rule.districts or district[firm] in rule.districts
            if given.alive[row] and ours and here:
                finding = _by_figures(rule, given, row, firm)
                found += [finding] if finding.verdict != Verdict.PASS else []
    return found


def _by_figures(rule: Rule, given: Facts, row: int, firm: str) -> Finding:
    values = [float(given.value(c.figure)[row]) for c in rule.when]
    told = [_holds(c, v) for c, v in zip(rule.when, values, strict=True)]
    verdict = Verdict.PASS if False in told else Verdict.UNKNOWN if None in told else Verdict.FAIL
    evidence = [_said(c.figure, v) for c, v in zip(rule.when, values, strict=True)]
    return Finding(firm, rule, verdict, _joined(evidence), _joined([_off(c) for c in rule.when], Text(" or ", "，或")))


def _holds(condition: Condition, value: float) -> bool | None:
    if np.isnan(value):
        return None
    least, below = condition.at_least, condition.below
    return (least is None or value >= least) and (below is None or value < below)


def _said(figure: str, value: float) -> Text:
    kind = figures()[figure]
    unit = Text("", "") if np.isnan(value) or kind.is_flag else _spaced(kind.unit)
    return Text("{what}: {number}{unit}", "{what}：{number}{unit}").format(
        what=kind.label, number=kind.said(value), unit=unit
    )


def _off(condition: Condition) -> Text:
    """Say what the figure would have to be."""
    kind, least = figures()[condition.figure], condition.at_least
    if kind.is_flag:
        return Text("{what}: {n}", "{what}：{n}").format(what=kind.label, n=kind.said(1 if least is None else 0))
    edge = {"what": kind.label, "unit": _spaced(kind.unit)}
    if least is not None:
        return Text("{what} below {n}{unit}", "{what}低于 {n}{unit}").format(n=digits(least), **edge)
    return Text("{what} at least {n}{unit}", "{what}不低于 {n}{unit}").format(n=digits(condition.below or 0), **edge)


def _spaced(unit: Text) -> Text:
    return Text(f" {unit.en}" if unit.en else "", f" {unit.zh}" if unit.zh else "")


def _joined(parts: list[Text], between: Text | None = None) -> Text:
    gap = between or Text("; ", "；")
    return Text(gap.en.join(p.en for p in parts), gap.zh.join(p.zh for p in parts))


def _by_grade(rule: Rule, graded: Evaluation, year: int) -> list[Finding]:
    """Return units with the lowest grade in so many years up to this one; unknown where one of them has no grade."""
    years = [y for y in graded.facts.years if year - rule.lowest_grade_years < y <= year]
    if len(years) < rule.lowest_grade_years:
        return []
    found = []
    for unit in graded.facts.unit:
        rows = [graded.row(unit, y) for y in years]
        if graded.facts.unit[rows[-1] // len(graded.facts.years)] != unit or not graded.facts.alive[rows].all():
            continue
        low = [_lowest(graded, r) for r in rows]
        if False in low or (None in low and True not in low):
            continue
        verdict = Verdict.UNKNOWN if None in low else Verdict.FAIL
        said = [f"{y}: {graded.grade(r) or '?'}" for y, r in zip(years, rows, strict=True)]
        off = Text("another grade in {y}", "{y} 年脱离最低档").format(y=year + 1)
        found.append(Finding(unit, rule, verdict, Text("; ".join(said), "；".join(said)), off))
    return found


def _lowest(graded: Evaluation, row: int) -> bool | None:
    """Whether a row has the lowest grade of its list; None where it is not known, false where it is exempt."""
    if graded.grades.outcome[row] == EXEMPT:
        return False
    grade = graded.grade(row)
    return None if grade is None else grade == graded.scheme.lists[graded.grades.cut_list[row]].cut.grades[-1]


def backward_frame(cluster: Cluster, found: list[Finding]) -> pl.DataFrame:
    """Return findings as a table, with district: one row for a firm and rule, those found first."""
    district = dict(cluster["firm"].select("firm", "district").iter_rows())
    table = [
        {
            "firm": f.firm,
            "district": district.get(f.firm),
            "rule": f.rule.name,
            "verdict": f.verdict.value,
            "verified": f.rule.verified,
            **{f"{k}_{lang}": t.in_(lang) for k, t in _texts(f).items() for lang in LANGUAGES},
            "source": f.rule.source,
        }
        for f in sorted(found, key=lambda f: (f.verdict != Verdict.FAIL, f.rule.name, f.firm))
    ]
    columns = ["firm", "district", "rule", "verdict"]
    texts = [f"{k}_{lang}" for k in ("title", "evidence", "clause", "off", "remedy") for lang in ("en", "zh")]
    schema = {**dict.fromkeys(columns, pl.String), "verified": pl.Boolean, **dict.fromkeys(texts, pl.String)}
    return pl.DataFrame(table, schema={**schema, "source": pl.String})


def _texts(finding: Finding) -> dict[str, Text]:
    return {
        "title": finding.rule.title,
        "evidence": finding.evidence,
        "clause": finding.rule.clause,
        "off": finding.off_the_list,
        "remedy": finding.rule.remedy,
    }
