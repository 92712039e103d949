"""Grading as one would do it by hand, one unit after another, in fractions: slow, and made without the room's own arithmetic."""

from fractions import Fraction
from math import floor, isnan

from cordwainer.assessment import Facts, Scheme
from cordwainer.assessment.definitions import indicators
from cordwainer.assessment.scheme import Condition, Weighed


def number(value: float) -> Fraction | None:
    """Return the decimal number of a float; None for nan."""
    return None if isnan(value) else Fraction(repr(float(value)))


class Oracle:
    """Scores and grades of facts with one list index per row; the row of unit u in year t is u * T + t."""

    def __init__(self, scheme: Scheme, facts: Facts) -> None:
        self.scheme, self.facts, self.span = scheme, facts, len(facts.years)

    def figure(self, name: str, row: int) -> Fraction | None:
        """Return a figure of a row; None where unknown."""
        return number(float(self.facts.value(name)[row]))

    def on_list(self, row: int) -> int | None:
        """First list all of whose conditions hold; None where one cannot say or there is none."""
        for k, roster in enumerate(self.scheme.lists):
            told = [self._holds(c, row) for c in roster.when]
            either = [self._holds(c, row) for c in roster.any_of]
            if False in told or (either and all(e is False for e in either)):
                continue
            if None in told or (either and True not in either):
                return None
            return k
        return None

    def _holds(self, condition: Condition, row: int) -> bool | None:
        value = self.figure(condition.figure, row)
        if value is None:
            return None
        least, below = condition.at_least, condition.below
        return (least is None or value >= Fraction(repr(least))) and (below is None or value < Fraction(repr(below)))

    def ratio(self, name: str, row: int) -> Fraction | None:
        """Return an indicator of a row; None where unknown."""
        what = indicators()[name]
        above = self.figure(what.above, row)
        below = self.figure(what.below, row) if what.below else Fraction(1)
        if above is None or below is None or below <= 0:
            return None
        return above * Fraction(repr(what.scale)) / below

    def own(self, weighed: Weighed, row: int) -> Fraction | None:
        """Return the value that counts, of the year before where the scheme says so."""
        value = self.ratio(weighed.indicator, row)
        if value is None and weighed.missing == "last-year" and row % self.span:
            return self.ratio(weighed.indicator, row - 1)
        return value

    def points(self, weighed: Weighed, row: int, peers: list[int]) -> Fraction | None:
        """Return the points of an indicator; None where unknown."""
        known = {p: v for p in peers if (v := self.own(weighed, p)) is not None}
        if row in known:
            return self._of(weighed, known[row], list(known.values()))
        if weighed.missing != "mean" or not known:
            return None
        return sum((self._of(weighed, v, list(known.values())) for v in known.values()), Fraction(0)) / len(known)

    def _of(self, w: Weighed, value: Fraction, known: list[Fraction]) -> Fraction:
        weight = Fraction(repr(w.weight))
        high = indicators()[w.indicator].high_is_better
        if self.scheme.form == "benchmark":
            mark = Fraction(repr(w.benchmark or 1.0))
            points = weight * (value / mark if high else mark / value if value > 0 else Fraction(10**12))
        else:
            least, most, base = min(known), max(known), Fraction(repr(self.scheme.base))
            way = Fraction(1) if least == most else (value - least if high else most - value) / (most - least)
            points = weight * (base + (1 - base) * way)
        if w.floor is not None:
            points = max(points, weight * Fraction(repr(w.floor)))
        if w.cap is not None:
            points = min(points, weight * Fraction(repr(w.cap)))
        return points

    def adjusted(self, roster: str, row: int) -> Fraction | None:
        """Return what is added and taken off; None where unknown."""
        total = Fraction(0)
        for adjust in self.scheme.adjusts:
            if roster not in adjust.lists:
                continue
            value = self.figure(adjust.figure, row)
            if value is None and adjust.missing == "unknown":
                return None
            for k in range(floor(value or 0)):
                total += Fraction(repr(adjust.each[min(k, len(adjust.each) - 1)]))
        return total

    def score(self, row: int) -> int | None:
        """Score in units of the last decimal, a half rounded up."""
        k = self.on_list(row)
        if k is None:
            return None
        peers = [r for r in range(self.facts.rows) if r % self.span == row % self.span and self.on_list(r) == k]
        parts = [self.points(w, row, peers) for w in self.scheme.lists[k].indicators]
        parts.append(self.adjusted(self.scheme.lists[k].name, row))
        if None in parts:
            return None
        total = sum((p for p in parts if p is not None), Fraction(0))
        return floor(total * Fraction(10) ** self.scheme.decimals + Fraction(1, 2))

    def apart(self, row: int) -> str | None:
        """The grade that a veto forces; "exempt"; or None."""
        for exempt in self.scheme.exempts:
            if self._holds(exempt.condition, row):
                return "exempt"
        for veto in self.scheme.vetoes:
            value = self.figure(veto.figure, row)
            if value is not None and value >= Fraction(repr(veto.at_least)):
                return veto.grade
        return None

    def grades(self) -> list[str | None]:
        """Grade of every row; None where it has none."""
        rows = range(self.facts.rows)
        lists, scores, apart = (
            [self.on_list(r) for r in rows],
            [self.score(r) for r in rows],
            [self.apart(r) for r in rows],
        )
        unsure = [any(self.figure(v.figure, r) is None for v in self.scheme.vetoes) and apart[r] is None for r in rows]
        found: list[str | None] = []
        for r in rows:
            k, score = lists[r], scores[r]
            if k is None or apart[r] == "exempt":
                found.append(None)
            elif apart[r] is not None:
                found.append(apart[r])
            elif score is None or unsure[r]:
                found.append(None)
            else:
                group = [
                    s
                    for p in rows
                    if (s := scores[p]) is not None
                    and (lists[p], self.facts.industry[p], p % self.span) == (k, self.facts.industry[r], r % self.span)
                    and apart[p] is None
                    and not unsure[p]
                ]
                found.append(self._grade(k, score, group))
        return found

    def _grade(self, k: int, score: int, group: list[int]) -> str:
        cut = self.scheme.lists[k].cut
        better, equal = sum(s > score for s in group), sum(s == score for s in group)
        rank = better + (1 if self.scheme.ties == "better" else equal)
        for grade, at in zip(cut.grades, cut.at, strict=False):
            if cut.by == "share" and rank <= floor(Fraction(repr(at)) * len(group) + Fraction(1, 2)):
                return grade
            if cut.by == "score" and score >= Fraction(repr(at)) * 10**self.scheme.decimals:
                return grade
        return cut.grades[-1]
