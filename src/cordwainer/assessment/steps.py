"""One grade up: the score that is needed, the change of each indicator that would do alone, the cheapest mix of changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cordwainer.assessment.definitions import Effort, efforts, indicators
from cordwainer.assessment.facts import Facts
from cordwainer.assessment.grading import counts
from cordwainer.assessment.results import GRADED, OWN, Grades, Scores
from cordwainer.assessment.scheme import Scheme, Weighed

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Change:
    """An indicator and what it would have to be for one grade up, all else equal; ``factor`` is needed over now."""

    indicator: str
    now: float
    needed: float
    factor: float


@dataclass(frozen=True, slots=True)
class Move:
    """So much more of a figure, and what that costs the firm in fen."""

    figure: str
    more: float
    cost_fen: int


@dataclass(frozen=True, slots=True)
class StepUp:
    """What one grade up needs.

    ``target``: score, whole units of the last decimal. ``lacking``: points. ``changes``: smallest first; an indicator whose cap
    is in the way is not among them. ``mix``: cheapest first; empty where the moves with a known cost do not suffice.
    """

    grade: str
    target: int
    lacking: float
    changes: tuple[Change, ...]
    mix: tuple[Move, ...]

    @property
    def cost_fen(self) -> int | None:
        """Cost of the mix; None where there is none."""
        return sum(m.cost_fen for m in self.mix) if self.mix else None


def step_up(
    scheme: Scheme,
    given: Facts,
    found: Scores,
    graded: Grades,
    row: int,
    costs: Mapping[str, Effort] | None = None,
) -> StepUp | None:
    """Return what a row needs for one grade up while all others stand as they are; None where it has the best or none.

    Parameters
    ----------
    scheme, given, found, graded
        An evaluation.
    row
        Row of the facts.
    costs
        What a unit more of a figure costs; without it those that are shipped.
    """
    target = target_score(scheme, found, graded, row)
    if target is None:
        return None
    roster = scheme.lists[found.list_of[row]]
    lacking = (target - 0.5) / 10**scheme.decimals - float(found.total[row])
    changes = [_single(scheme, w, given, found, row, lacking) for w in roster.indicators]
    kept = sorted((c for c in changes if c is not None), key=lambda c: abs(c.factor - 1))
    mix = cheapest_mix(scheme, given, found, row, lacking, efforts() if costs is None else costs)
    return StepUp(roster.cut.grades[int(graded.grade[row]) - 1], target, lacking, tuple(kept), mix)


def target_score(scheme: Scheme, found: Scores, graded: Grades, row: int) -> int | None:
    """Return the least score with which the row would be one grade up; None where there is no such score."""
    grade = int(graded.grade[row])
    if graded.outcome[row] != GRADED or grade < 1:
        return None
    cut = scheme.lists[found.list_of[row]].cut
    if cut.by == "score":
        least: int = round(cut.at[grade - 1] * 10**scheme.decimals)
        return least
    most = int(counts(cut, graded.of[row : row + 1])[grade - 1, 0])
    if most == 0:
        return None
    peers = found.score[(graded.group == graded.group[row]) & (graded.rank > 0)]
    at_cut = int(np.sort(peers)[-most])
    return at_cut if scheme.ties == "better" else at_cut + 1


def _peers(given: Facts, found: Scores, row: int) -> Ints:
    return np.flatnonzero((found.list_of == found.list_of[row]) & (given.year == row % len(given.years)))


def _range(weighed: Weighed, scheme: Scheme, given: Facts, found: Scores, row: int) -> tuple[float, float]:
    values = found.measured[scheme.indicators.index(weighed.indicator), _peers(given, found, row)]
    return float(np.nanmin(values)), float(np.nanmax(values))


def _single(scheme: Scheme, weighed: Weighed, given: Facts, found: Scores, row: int, lacking: float) -> Change | None:
    """Return the change of one indicator that makes up for what is lacking; None where a cap or a gap is in the way."""
    k = scheme.indicators.index(weighed.indicator)
    now, points = float(found.measured[k, row]), float(found.points[k, row]) + lacking
    if found.origin[k, row] != OWN or np.isnan(now) or now == 0:
        return None
    if weighed.cap is not None and points > weighed.cap * weighed.weight:
        return None
    share, better = points / weighed.weight, indicators()[weighed.indicator].high_is_better
    if scheme.form == "benchmark":
        benchmark = weighed.benchmark or 1.0
        needed = benchmark * share if better else benchmark / share
    else:
        low, high = _range(weighed, scheme, given, found, row)
        place = (share - scheme.base) / (1 - scheme.base)
        if place > 1 or high <= low:
            return None
        needed = low + place * (high - low) if better else high - place * (high - low)
    return Change(weighed.indicator, now, needed, needed / now)


def cheapest_mix(
    scheme: Scheme, given: Facts, found: Scores, row: int, lacking: float, costs: Mapping[str, Effort]
) -> tuple[Move, ...]:
    """Return the cheapest rises of figures that together bring the points that are lacking.

    A figure may lift several indicators; each yuan of it brings points in proportion until a cap, so that points are a
    concave, piecewise linear function of what is spent on each figure, and buying the cheapest points first is optimal.
    Figures by which another indicator of the list is divided are left alone, and indicators below their floor do not count.
    """
    pieces = []
    for figure, parts in _levers(scheme, given, found, row).items():
        if figure not in costs:
            continue
        begin, slope = 0.0, sum(s for s, _ in parts)
        for rate, end in sorted(parts, key=lambda p: p[1]):
            if end > begin and slope > 0:
                pieces.append((costs[figure].yuan_per_unit / slope, figure, slope, end - begin))
            begin, slope = max(begin, end), slope - rate
    spent: dict[str, float] = {}
    for _, figure, slope, width in sorted(pieces):
        take = min(width, lacking / slope)
        spent[figure] = spent.get(figure, 0.0) + take
        lacking -= take * slope
        if lacking <= 1e-12:
            return tuple(
                Move(f, more, int(np.ceil(more * costs[f].yuan_per_unit * 100 - 1e-6))) for f, more in spent.items()
            )
    return ()


def _levers(scheme: Scheme, given: Facts, found: Scores, row: int) -> dict[str, list[tuple[float, float]]]:
    """Return, by figure, points a unit in each indicator that it lifts, and the units until that one's cap."""
    roster = scheme.lists[found.list_of[row]]
    divided = {indicators()[w.indicator].below for w in roster.indicators}
    levers: dict[str, list[tuple[float, float]]] = {}
    for weighed in roster.indicators:
        what, k = indicators()[weighed.indicator], scheme.indicators.index(weighed.indicator)
        below = float(given.value(what.below)[row]) if what.below else 1.0
        points, own = float(found.points[k, row]), found.origin[k, row] == OWN
        at_floor = weighed.floor is not None and points <= weighed.floor * weighed.weight
        if not what.high_is_better or what.above in divided or not below > 0 or not own or at_floor:
            continue
        most = np.inf if weighed.cap is None else weighed.cap * weighed.weight
        if scheme.form == "benchmark":
            slope = weighed.weight / (weighed.benchmark or 1.0) * what.scale / below
        else:
            low, high = _range(weighed, scheme, given, found, row)
            most = min(most, weighed.weight)
            slope = weighed.weight * (1 - scheme.base) / (high - low) * what.scale / below if high > low else 0.0
        if slope > 0:
            levers.setdefault(what.above, []).append((slope, (most - points) / slope))
    return levers
