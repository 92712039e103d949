"""Grades from scores: cut within list, industry group and year; vetoes, exemptions, ties, inherited grades."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cordwainer.assessment.facts import Facts
from cordwainer.assessment.results import (
    ABSENT,
    EXEMPT,
    GRADED,
    INHERITED,
    UNKNOWN,
    UNLISTED,
    UNSURE,
    VETOED,
    Grades,
    Scores,
)
from cordwainer.assessment.scheme import Cut, Scheme
from cordwainer.assessment.scoring import holds

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def grades(scheme: Scheme, given: Facts, found: Scores) -> Grades:
    """Return the grade of every unit and year.

    Exempt and vetoed units are set apart before the cut: they do not count in the shares of the others.
    """
    listed = found.list_of >= 0
    exempt, veto = _exempt(scheme, given, listed), _veto(scheme, given, listed)
    # Where a register of a veto is not kept at all nothing can be said; `_veto` marks that with -2.
    cut = listed & (exempt == -1) & (veto == -1) & found.known
    kinds = int(given.industry.max(initial=0)) + 1
    group = (found.list_of * kinds + given.industry) * len(given.years) + given.year
    cut &= given.industry >= 0
    rank, of = ranks(found.score, group, cut, worse=scheme.ties == "worse")
    grade = np.full(given.rows, -1, np.int64)
    for k, roster in enumerate(scheme.lists):
        rows = np.flatnonzero(cut & (found.list_of == k))
        grade[rows] = _cut(roster.cut, scheme.decimals, found.score[rows], rank[rows], of[rows])
        for v, rule in enumerate(scheme.vetoes):
            if rule.grade in roster.cut.grades:
                grade[(veto == v) & (found.list_of == k)] = roster.cut.grades.index(rule.grade)
    outcome = np.full(given.rows, UNKNOWN, np.int64)
    outcome[~listed & (found.list_of != UNSURE)] = UNLISTED
    outcome[listed & (given.industry < 0)] = UNLISTED
    outcome[cut] = GRADED
    outcome[veto >= 0] = VETOED
    outcome[exempt >= 0] = EXEMPT
    grade[exempt >= 0] = -1
    outcome[~given.alive] = ABSENT
    return _inherited(given, Grades(grade, outcome, group, rank, of, veto, exempt, found.list_of))


def _exempt(scheme: Scheme, given: Facts, listed: Bools) -> Ints:
    """Return the first exemption that holds for certain; -1 where none does."""
    found = np.full(given.rows, -1, np.int64)
    for k in range(len(scheme.exempts) - 1, -1, -1):
        found[listed & (holds(scheme.exempts[k].condition, given) == 1)] = k
    return found


def _veto(scheme: Scheme, given: Facts, listed: Bools) -> Ints:
    """Return the first veto that applies; -1 where none does, -2 where the figure is unknown."""
    found = np.full(given.rows, -1, np.int64)
    for k in range(len(scheme.vetoes) - 1, -1, -1):
        value = given.value(scheme.vetoes[k].figure)
        found[listed & np.isnan(value) & (found == -1)] = -2
        found[listed & (value >= scheme.vetoes[k].at_least)] = k
    return found


def ranks(score: Ints, group: Ints, who: Bools, *, worse: bool = False) -> tuple[Ints, Ints]:
    """Return rank from the top within the group, and how many are ranked there; 0 for rows that are not in it.

    Equal scores share the better rank: one more than there are better ones. With ``worse`` they share the worse one: as many as
    there are equal or better ones.
    """
    rank, of = np.zeros(score.size, np.int64), np.zeros(score.size, np.int64)
    rows = np.flatnonzero(who)
    if not rows.size:
        return rank, of
    order = rows[np.lexsort((-score[rows], group[rows]))]
    g, s = group[order], score[order]
    place = np.arange(order.size)
    new_group = np.concatenate([[True], g[1:] != g[:-1]])
    start = np.maximum.accumulate(np.where(new_group, place, 0))
    end = np.concatenate([np.flatnonzero(new_group)[1:], [order.size]])[np.cumsum(new_group) - 1]
    new_score = new_group | np.concatenate([[True], s[1:] != s[:-1]])
    if worse:
        last = np.concatenate([np.flatnonzero(new_score)[1:], [order.size]])[np.cumsum(new_score) - 1]
        rank[order] = last - start
    else:
        rank[order] = np.maximum.accumulate(np.where(new_score, place, 0)) - start + 1
    of[order] = end - start
    return rank, of


def counts(cut: Cut, of: Ints) -> Ints:
    """Return how many of the group at most stand in each grade but the last or a better one: shares of it, half rounded up."""
    return np.asarray(np.floor(np.multiply.outer(np.array(cut.at), of) + 0.5 + 1e-9), np.int64)


def _cut(cut: Cut, decimals: int, score: Ints, rank: Ints, of: Ints) -> Ints:
    if cut.by == "share":
        return np.asarray((rank[None, :] > counts(cut, of)).sum(axis=0), np.int64)
    least = np.rint(np.array(cut.at) * 10**decimals).astype(np.int64)
    return np.asarray((score[None, :] < least[:, None]).sum(axis=0), np.int64)


def _inherited(given: Facts, own: Grades) -> Grades:
    """Return the grades in which tenants have that of their landlord, whatever their own; none where he has none."""
    rows = np.flatnonzero((given.inherits >= 0) & given.alive)
    lord = given.inherits[rows]
    grade, outcome, cut_list = own.grade.copy(), own.outcome.copy(), own.cut_list.copy()
    grade[rows], cut_list[rows] = own.grade[lord], own.cut_list[lord]
    outcome[rows] = np.where(own.grade[lord] >= 0, INHERITED, own.outcome[lord])
    return Grades(grade, outcome, own.group, own.rank, own.of, own.veto, own.exempt, cut_list)


def grade_name(scheme: Scheme, list_index: int, grade: int) -> str | None:
    """Return a grade as people write it; None where there is none."""
    return scheme.lists[list_index].cut.grades[grade] if grade >= 0 else None
