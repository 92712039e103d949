"""An evaluation: the units of a cluster, scored and graded by a scheme, in one value and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from cordwainer.assessment.consequences import charge_fen
from cordwainer.assessment.facts import Facts, facts
from cordwainer.assessment.grading import grade_name, grades
from cordwainer.assessment.results import OUTCOMES, Grades, Scores
from cordwainer.assessment.scheme import Scheme
from cordwainer.assessment.scoring import scores
from cordwainer.assessment.steps import StepUp, step_up
from cordwainer.cluster import Cluster
from cordwainer.core import Text, UserError


@dataclass(frozen=True)
class Evaluation:
    """Scores and grades of all units and years under a scheme."""

    scheme: Scheme
    facts: Facts
    scores: Scores
    grades: Grades

    def row(self, unit: str, year: int) -> int:
        """Return the row of a unit in a year.

        Raises
        ------
        UserError
            If there is no such unit or year.
        """
        if year not in self.facts.years:
            raise _no_year(year, self.facts.years)
        if unit not in self.facts.unit:
            merged = self.facts.members.filter(firm=unit, year=year)["unit"]
            if not merged.is_empty():
                return self.row(merged[0], year)
            raise UserError(
                "unknown-unit",
                Text(
                    f'"{unit}" is not graded: no firm, group or parcel has this id.', f"没有编号为“{unit}”的评价单元。"
                ),
                Text("Look it up in table firm, group_member or parcel.", "请在“企业”“集团成员”或“地块”表中查找。"),
            )
        row = self.facts.unit.index(unit) * len(self.facts.years) + self.facts.years.index(year)
        merged = self.facts.members.filter(firm=unit, year=year)["unit"]
        return self.row(merged[0], year) if not self.facts.alive[row] and not merged.is_empty() else row

    def grade(self, row: int) -> str | None:
        """Return the grade of a row; None where it has none."""
        return grade_name(self.scheme, int(self.grades.cut_list[row]), int(self.grades.grade[row]))

    def step_up(self, row: int) -> StepUp | None:
        """Return what a row needs for one grade up."""
        return step_up(self.scheme, self.facts, self.scores, self.grades, row)

    def charge_fen(self, row: int, grade: str | None) -> int | None:
        """Return fen a year that a grade costs a row (less than 0: saves); None where unknown."""
        return charge_fen(self.scheme, self.facts, row, grade)

    def frame(self, year: int) -> pl.DataFrame:
        """Return the units of a year, one row each: unit, kind, list, industry, score, grade, outcome, rank, of, disputed, fen.

        Raises
        ------
        UserError
            If the year is not among those evaluated.
        """
        if year not in self.facts.years:
            raise _no_year(year, self.facts.years)
        rows = np.flatnonzero(self.facts.alive & (self.facts.year == self.facts.years.index(year)))
        power, known = 10**self.scheme.decimals, self.scores.known
        lists, kinds = [r.name for r in self.scheme.lists], [i.name for i in self.scheme.industries] or ["all"]
        table = [
            {
                "unit": self.facts.unit[r // len(self.facts.years)],
                "kind": self.facts.kind[r // len(self.facts.years)],
                "list": lists[self.scores.list_of[r]] if self.scores.list_of[r] >= 0 else None,
                "industry": kinds[self.facts.industry[r]] if self.facts.industry[r] >= 0 else None,
                "score": int(self.scores.score[r]) / power if known[r] else None,
                "grade": self.grade(r),
                "outcome": OUTCOMES[self.grades.outcome[r]],
                "rank": int(self.grades.rank[r]) or None,
                "of": int(self.grades.of[r]) or None,
                "disputed": bool(self.facts.disputed[r]),
                "fen": self.charge_fen(r, self.grade(r)) if self.grades.grade[r] >= 0 else None,
            }
            for r in rows.tolist()
        ]
        return pl.DataFrame(table, schema=FRAME)


FRAME = {
    "unit": pl.String,
    "kind": pl.String,
    "list": pl.String,
    "industry": pl.String,
    "score": pl.Float64,
    "grade": pl.String,
    "outcome": pl.String,
    "rank": pl.Int64,
    "of": pl.Int64,
    "disputed": pl.Boolean,
    "fen": pl.Int64,
}


def _no_year(year: int, known: Sequence[int]) -> UserError:
    return UserError(
        "unknown-year",
        Text(f"There are no figures of {year}.", f"没有 {year} 年的指标数据。"),
        Text(f"Choose a year from {known[0]} to {known[-1]}.", f"请选择 {known[0]} 至 {known[-1]} 年。"),
    )


def years_of(cluster: Cluster) -> list[int]:
    """Return the years of the figures, from the first to the last.

    Raises
    ------
    UserError
        If the cluster has no official figures.
    """
    years = cluster["figure"]["year"]
    if years.is_empty():
        raise UserError(
            "no-figures",
            Text("The cluster has no official figures.", "集群中没有官方指标数据。"),
            Text("Fill in table figure.", "请填写“统计指标”表（figure）。"),
        )
    return list(range(int(years.min()), int(years.max()) + 1))  # type: ignore[arg-type]


def evaluate(cluster: Cluster, scheme: Scheme, years: Sequence[int] | None = None) -> Evaluation:
    """Return scores and grades of a cluster under a scheme; without ``years`` of all that it has figures of."""
    given = facts(cluster, scheme, list(years) if years is not None else years_of(cluster))
    return evaluated(scheme, given)


def evaluated(scheme: Scheme, given: Facts) -> Evaluation:
    """Return scores and grades of facts under a scheme."""
    found = scores(scheme, given)
    return Evaluation(scheme, given, found, grades(scheme, given, found))
