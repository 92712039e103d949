"""One page for a firm's owner: its grade, its numbers beside like firms without names, what it costs, what lifts it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cordwainer.assessment.consequences import charged
from cordwainer.assessment.definitions import indicators
from cordwainer.assessment.evaluation import Evaluation
from cordwainer.assessment.results import OUTCOMES
from cordwainer.assessment.scoring import measure
from cordwainer.assessment.steps import StepUp
from cordwainer.core import Text

LEAST = 5
"""Like firms, besides the firm itself, without which nothing is told of them."""
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Number:
    """An indicator of the firm beside like firms: quartiles to two digits, and the share of them that do worse; None where untold.

    ``counted``: whether it is part of the score.
    """

    indicator: str
    value: float | None
    points: float | None
    low: float | None
    middle: float | None
    high: float | None
    ahead_of: float | None
    counted: bool = True


@dataclass(frozen=True)
class FirmPage:
    """What a firm may read: its own figures, and of others only groups of at least five.

    ``numbers``: those of the score, and where these are fewer than six all others that can be compared; of them the three strongest and the
    three weakest, none of which is both. ``fen`` and ``fen_up``: what its grade costs it a year (less than 0: saves), now and one grade up. ``history``: year and grade.
    """

    unit: str
    year: int
    scheme: str
    outcome: str
    why: Text | None
    grade: str | None
    score: float | None
    rank: int | None
    of: int | None
    numbers: tuple[Number, ...]
    strongest: tuple[Number, ...]
    weakest: tuple[Number, ...]
    consequences: tuple[tuple[Text, int | None], ...]
    fen: int | None
    fen_up: int | None
    up: StepUp | None
    history: tuple[tuple[int, str | None], ...]

    def record(self) -> dict[str, Any]:
        """Return the page as plain values."""
        up = self.up
        return {
            "unit": self.unit,
            "year": self.year,
            "scheme": self.scheme,
            "outcome": self.outcome,
            "grade": self.grade,
            "score": self.score,
            "rank": self.rank,
            "of": self.of,
            "numbers": [{s: getattr(n, s) for s in Number.__slots__} for n in self.numbers],
            "strongest": [n.indicator for n in self.strongest],
            "weakest": [n.indicator for n in self.weakest],
            "fen": self.fen,
            "fen_one_grade_up": self.fen_up,
            "one_grade_up": None
            if up is None
            else {
                "grade": up.grade,
                "lacking": up.lacking,
                "changes": [{s: getattr(c, s) for s in c.__slots__} for c in up.changes],
                "mix": [{s: getattr(m, s) for s in m.__slots__} for m in up.mix],
                "cost_fen": up.cost_fen,
            },
            "history": [{"year": y, "grade": g} for y, g in self.history],
        }


def firm_page(made: Evaluation, unit: str, year: int) -> FirmPage:
    """Return the page of a firm, or of the unit that it is part of; errors are those of `Evaluation.row`."""
    row = made.row(unit, year)
    like = _like(made, row)
    numbers = _numbers(made, row, like)
    placed = sorted((n for n in numbers if n.ahead_of is not None), key=lambda n: -(n.ahead_of or 0.0))
    weak = min(_TOLD, len(placed) // 2)
    # Where others could be read off, what one grade up needs is not told either: it is another's score.
    up = made.step_up(row) if like.size >= LEAST else None
    grade = made.grade(row)
    grades = made.grades
    span = len(made.facts.years)
    graded = bool(grades.rank[row] > 0 and grades.of[row] > LEAST)
    return FirmPage(
        unit=made.facts.unit[row // span],
        year=year,
        scheme=made.scheme.name,
        outcome=OUTCOMES[grades.outcome[row]],
        why=_why(made, row),
        grade=grade,
        score=int(made.scores.score[row]) / 10**made.scheme.decimals if made.scores.known[row] else None,
        rank=int(grades.rank[row]) if graded else None,
        of=int(grades.of[row]) if graded else None,
        numbers=numbers,
        strongest=tuple(placed[: min(_TOLD, len(placed) - weak)]),
        weakest=tuple(placed[::-1][:weak]),
        consequences=tuple(charged(made.scheme, made.facts, row, grade)),
        fen=made.charge_fen(row, grade) if grade else None,
        fen_up=made.charge_fen(row, up.grade) if up else None,
        up=up,
        history=tuple((y, made.grade(made.row(unit, y))) for y in made.facts.years),
    )


def shared(page: FirmPage) -> FirmPage:
    """Return what a firm may read of the page of a unit that it is merged into: the grade; sums with others would tell of these."""
    return replace(
        page,
        score=None,
        rank=None,
        of=None,
        numbers=(),
        strongest=(),
        weakest=(),
        consequences=(),
        fen=None,
        fen_up=None,
        up=None,
    )


def _weighed(made: Evaluation, row: int) -> list[int]:
    k = int(made.scores.list_of[row])
    names = made.scheme.indicators
    return [names.index(w.indicator) for w in made.scheme.lists[k].indicators] if k >= 0 else []


def _like(made: Evaluation, row: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the other units of list, industry group and year; of the whole list where there are fewer than five."""
    same = (made.scores.list_of == made.scores.list_of[row]) & (made.scores.list_of >= 0) & made.facts.alive
    same &= made.facts.year == row % len(made.facts.years)
    same[row] = False
    near = np.flatnonzero(same & (made.facts.industry == made.facts.industry[row]))
    return near if near.size >= LEAST else np.flatnonzero(same)


def _numbers(made: Evaluation, row: int, like: np.ndarray[Any, np.dtype[np.int64]]) -> tuple[Number, ...]:
    """Return the numbers of the score; where they are too few for strong and weak ones, also others that can be compared."""
    weighed, names = _weighed(made, row), made.scheme.indicators
    own = [_number(names[k], made.scores.measured[k], made.scores.points[k, row], row, like) for k in weighed]
    if len(own) >= 2 * _TOLD:
        return tuple(own)
    counted = {n.indicator for n in own}
    others = (_number(n, measure(n, made.facts), None, row, like) for n in indicators() if n not in counted)
    return (*own, *(n for n in others if n.ahead_of is not None))


def _number(
    name: str,
    measured: np.ndarray[Any, np.dtype[np.float64]],
    points: float | None,
    row: int,
    like: np.ndarray[Any, np.dtype[np.int64]],
) -> Number:
    mine = float(measured[row])
    others = measured[like]
    others = others[~np.isnan(others)]
    value = None if np.isnan(mine) else mine
    own = None if points is None or np.isnan(points) else float(points)
    counted = points is not None
    if others.size < LEAST:
        return Number(name, value, own, None, None, None, None, counted)
    low, middle, high = (_two_digits(float(q)) for q in np.quantile(others, [0.25, 0.5, 0.75]))
    worse = others < mine if indicators()[name].high_is_better else others > mine
    ahead = None if value is None else float(np.mean(worse))
    return Number(name, value, own, low, middle, high, ahead, counted)


def _two_digits(value: float) -> float:
    """Return a number to two digits, so that a quartile is not the figure of one firm."""
    return float(f"{value:.2g}")


def _why(made: Evaluation, row: int) -> Text | None:
    """Return the veto or exemption that applies."""
    veto, exempt = int(made.grades.veto[row]), int(made.grades.exempt[row])
    if exempt >= 0:
        rule = made.scheme.exempts[exempt]
        return Text("{t}; treated as {g}", "{t}；按 {g} 档对待").format(t=rule.title, g=rule.treated_as)
    return made.scheme.vetoes[veto].title if veto >= 0 else None
