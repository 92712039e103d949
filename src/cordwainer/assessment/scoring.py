"""Points of a scheme: which list a unit is on, its indicators, their points, what is added and taken off."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cordwainer.assessment.definitions import indicators
from cordwainer.assessment.exact import exact_rounded
from cordwainer.assessment.facts import Facts
from cordwainer.assessment.results import LAST_YEAR, MEAN, NO_LIST, UNSURE, Scores
from cordwainer.assessment.scheme import Adjust, Condition, Roster, Scheme, Weighed

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def scores(scheme: Scheme, given: Facts) -> Scores:
    """Return the scores of every unit and year."""
    names = scheme.indicators
    list_of = lists_of(scheme, given)
    measured = np.array([measure(name, given) for name in names])
    points, origin = np.full(measured.shape, np.nan), np.zeros(measured.shape, np.int8)
    total, known = np.zeros(given.rows), np.zeros(given.rows, np.bool_)
    added = np.array([adjustment(a, scheme, given, list_of) for a in scheme.adjusts]).reshape(-1, given.rows)
    for k, roster in enumerate(scheme.lists):
        rows = np.flatnonzero(list_of == k)
        for weighed in roster.indicators:
            i = names.index(weighed.indicator)
            points[i, rows], origin[i, rows] = _points(scheme, weighed, measured[i], given, rows)
        used = [names.index(w.indicator) for w in roster.indicators]
        total[rows] = points[used][:, rows].sum(axis=0) + added[:, rows].sum(axis=0)
        known[rows] = ~np.isnan(total[rows])
    total = np.where(known, total, np.nan)
    halves = np.nan_to_num(total) * 10**scheme.decimals
    score = np.floor(halves + 0.5).astype(np.int64)
    found = Scores(list_of, measured, points, origin, added, total, score, known)
    near = np.flatnonzero(known & (np.abs(halves - np.floor(halves) - 0.5) < 1e-6))
    score[near] = exact_rounded(scheme, given, found, near)
    return found


def holds(condition: Condition, given: Facts) -> Floats:
    """Return 1 where a condition holds, 0 where not, nan where that is unknown."""
    value = given.value(condition.figure)
    true = np.ones(given.rows, np.bool_)
    if condition.at_least is not None:
        true &= value >= condition.at_least
    if condition.below is not None:
        true &= value < condition.below
    return np.where(np.isnan(value), np.nan, true.astype(np.float64))


def lists_of(scheme: Scheme, given: Facts) -> Ints:
    """Return the first list on which a unit is for certain; `UNSURE` where an earlier one may be it."""
    found = np.full(given.rows, NO_LIST, np.int64)
    open_ = given.alive.copy()
    for k, roster in enumerate(scheme.lists):
        on = _on(roster, given)
        found[open_ & (on == 1)] = k
        found[open_ & np.isnan(on)] = UNSURE
        open_ &= on == 0
    return found


def _on(roster: Roster, given: Facts) -> Floats:
    """All of ``when`` (least of them) and one of ``any_of`` (most of them); unknown unless the known ones decide."""
    every = [holds(c, given) for c in roster.when]
    some = [holds(c, given) for c in roster.any_of]
    sure = np.all([e == 1 for e in every], axis=0) if every else np.ones(given.rows, np.bool_)
    never = np.any([e == 0 for e in every], axis=0) if every else np.zeros(given.rows, np.bool_)
    if some:
        sure &= np.any([s == 1 for s in some], axis=0)
        never |= np.all([s == 0 for s in some], axis=0)
    return np.where(sure, 1.0, np.where(never, 0.0, np.nan))


def measure(name: str, given: Facts) -> Floats:
    """Return an indicator of every row; unknown where a figure is, or where it would be over nothing."""
    what = indicators()[name]
    above = given.value(what.above) * what.scale
    if not what.below:
        return above
    below = given.value(what.below)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)


def adjustment(adjust: Adjust, scheme: Scheme, given: Facts, list_of: Ints) -> Floats:
    """Return the points that are added or taken off; nan where the figure is unknown and that matters."""
    value = given.value(adjust.figure)
    if adjust.missing == "none":
        value = np.nan_to_num(value)
    count = np.floor(np.nan_to_num(value)).astype(np.int64)
    steps = np.concatenate([[0.0], np.cumsum(adjust.each)])
    inside = np.minimum(count, len(adjust.each))
    points = steps[np.maximum(inside, 0)] + np.maximum(count - len(adjust.each), 0) * adjust.each[-1]
    on = np.isin(list_of, [k for k, r in enumerate(scheme.lists) if r.name in adjust.lists])
    return np.where(on, np.where(np.isnan(value), np.nan, points), 0.0)


def _points(
    scheme: Scheme, weighed: Weighed, measured: Floats, given: Facts, rows: Ints
) -> tuple[Floats, npt.NDArray[np.int8]]:
    """Return points and their origin for the rows of one list."""
    year = rows % len(given.years)
    value, origin = measured[rows], np.zeros(rows.size, np.int8)
    if weighed.missing == "last-year":
        before = np.where(year > 0, measured[np.maximum(rows - 1, 0)], np.nan)
        take = np.isnan(value) & ~np.isnan(before)
        value, origin = np.where(take, before, value), np.where(take, LAST_YEAR, origin).astype(np.int8)
    points = limited(weighed, raw_points(scheme, weighed, value, *ranges(value, year, len(given.years))))
    if weighed.missing == "mean":
        there = ~np.isnan(points)
        count = np.bincount(year[there], minlength=len(given.years))
        total = np.bincount(year[there], weights=points[there], minlength=len(given.years))
        mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
        origin = np.where(there, origin, MEAN).astype(np.int8)
        points = np.where(there, points, mean[year])
    return points, origin


def ranges(value: Floats, year: Ints, years: int) -> tuple[Floats, Floats]:
    """Return least and most known value of the row's year, for every row."""
    there = ~np.isnan(value)
    low, high = np.full(years, np.inf), np.full(years, -np.inf)
    np.minimum.at(low, year[there], value[there])
    np.maximum.at(high, year[there], value[there])
    return low[year], high[year]


def raw_points(scheme: Scheme, weighed: Weighed, value: Floats, low: Floats, high: Floats) -> Floats:
    """Return points before cap and floor: weight x value / benchmark, or base and the place between least and most."""
    better = indicators()[weighed.indicator].high_is_better
    with np.errstate(divide="ignore", invalid="ignore"):
        if scheme.form == "benchmark":
            benchmark = weighed.benchmark or 1.0
            # Nothing at all of what is better low is the best there is: the cap holds.
            ratio = value / benchmark if better else np.where(value <= 0, np.inf, benchmark / value)
        else:
            place = np.where(high > low, (value - low) / (high - low), 1.0)
            place = place if better else np.where(high > low, 1 - place, 1.0)
            ratio = np.where(np.isnan(value), np.nan, scheme.base + (1 - scheme.base) * place)
        return weighed.weight * ratio


def limited(weighed: Weighed, points: Floats) -> Floats:
    """Return points within floor and cap, which are multiples of the weight."""
    low = -np.inf if weighed.floor is None else weighed.floor * weighed.weight
    high = np.inf if weighed.cap is None else weighed.cap * weighed.weight
    return np.clip(points, low, high)


def roster_names(scheme: Scheme, list_of: Ints) -> Sequence[str | None]:
    """Return the name of the list of each row; None where there is none."""
    return [scheme.lists[k].name if k >= 0 else None for k in list_of.tolist()]
