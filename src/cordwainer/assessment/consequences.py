"""What a grade costs or saves a unit in a year: electricity, water, land; whole fen."""

from __future__ import annotations

import numpy as np

from cordwainer.assessment.facts import Facts
from cordwainer.assessment.scheme import Consequence, Scheme
from cordwainer.core import Text, floor_div, scaled

_FIGURE_DECIMALS, _YUAN_DECIMALS = 4, 4


def charged(scheme: Scheme, given: Facts, row: int, grade: str | None) -> list[tuple[Text, int | None]]:
    """Return every consequence of a grade for a row with its fen a year (less than 0: a relief); None where unknown."""
    return [(c.title, _fen(c, given, row)) for c in scheme.consequences if grade in c.grades]


def charge_fen(scheme: Scheme, given: Facts, row: int, grade: str | None) -> int | None:
    """Return the sum of the consequences of a grade, fen a year; None where one of them is unknown."""
    each = [fen for _, fen in charged(scheme, given, row, grade)]
    known = [fen for fen in each if fen is not None]
    return sum(known) if len(known) == len(each) else None


def _fen(rule: Consequence, given: Facts, row: int) -> int | None:
    """Figure x yuan a unit in fen, half a fen rounded up."""
    value = float(given.value(rule.figure)[row])
    if np.isnan(value):
        return None
    cut: int = 10 ** (_FIGURE_DECIMALS + _YUAN_DECIMALS - 2)
    product = scaled(round(value, _FIGURE_DECIMALS), _FIGURE_DECIMALS) * scaled(rule.yuan, _YUAN_DECIMALS)
    return floor_div(2 * product + cut, 2 * cut)
