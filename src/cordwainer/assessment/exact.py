"""Scores in fractions: the same points without rounding, for the few that lie at a half of the last decimal."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import numpy as np
import numpy.typing as npt

from cordwainer.assessment.definitions import indicators
from cordwainer.assessment.facts import Facts
from cordwainer.assessment.results import Scores
from cordwainer.assessment.scheme import Scheme, Weighed

Ints = npt.NDArray[np.int64]


def fraction(value: float) -> Fraction:
    """Return the decimal number that a float was read from."""
    return Fraction(repr(float(value)))


def exact_rounded(scheme: Scheme, given: Facts, found: Scores, rows: Ints) -> Ints:
    """Return the scores of some rows, rounded half up at the last decimal, from exact totals."""
    power = 10**scheme.decimals
    return np.array([floor(exact_total(scheme, given, found, int(r)) * power + Fraction(1, 2)) for r in rows], np.int64)


def exact_total(scheme: Scheme, given: Facts, found: Scores, row: int) -> Fraction:
    """Return the exact points of one row whose score is known."""
    roster = scheme.lists[found.list_of[row]]
    peers = np.flatnonzero((found.list_of == found.list_of[row]) & (given.year == row % len(given.years)))
    total = sum((fraction(p) for p in found.added[:, row]), Fraction(0))
    for weighed in roster.indicators:
        total += _indicator(scheme, weighed, given, peers, row)
    return total


def _indicator(scheme: Scheme, weighed: Weighed, given: Facts, peers: Ints, row: int) -> Fraction:
    mine = _value(weighed, given, row)
    known = (
        [v for v in (_value(weighed, given, int(p)) for p in peers) if v is not None] if _of_peers(scheme, mine) else []
    )
    if mine is None:
        return sum((_points(scheme, weighed, v, known) for v in known), Fraction(0)) / len(known)
    return _points(scheme, weighed, mine, known)


def _of_peers(scheme: Scheme, mine: Fraction | None) -> bool:
    return mine is None or scheme.form == "min-max"


def _value(weighed: Weighed, given: Facts, row: int) -> Fraction | None:
    """Value of the indicator, of the year before where the scheme says so; None where unknown."""
    value = _ratio(weighed.indicator, given, row)
    if value is None and weighed.missing == "last-year" and row % len(given.years):
        value = _ratio(weighed.indicator, given, row - 1)
    return value


def _ratio(name: str, given: Facts, row: int) -> Fraction | None:
    what = indicators()[name]
    above = given.value(what.above)[row]
    below = given.value(what.below)[row] if what.below else 1.0
    if np.isnan(above) or not below > 0:
        return None
    return fraction(above) * fraction(what.scale) / fraction(below)


def _points(scheme: Scheme, weighed: Weighed, value: Fraction, known: list[Fraction]) -> Fraction:
    weight, better = fraction(weighed.weight), indicators()[weighed.indicator].high_is_better
    if scheme.form == "benchmark":
        benchmark = fraction(weighed.benchmark or 1.0)
        if not better and value <= 0:
            return weight * fraction(weighed.cap or 0.0)
        points = weight * value / benchmark if better else weight * benchmark / value
    else:
        low, high, base = min(known), max(known), fraction(scheme.base)
        place = (value - low) / (high - low) if high > low else Fraction(1)
        place = 1 - place if not better and high > low else place
        points = weight * (base + (1 - base) * place)
    if weighed.floor is not None:
        points = max(points, fraction(weighed.floor) * weight)
    return points if weighed.cap is None else min(points, fraction(weighed.cap) * weight)
