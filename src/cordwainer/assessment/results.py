"""What scoring and grading return, one entry for each row of the facts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
NO_LIST, UNSURE = -1, -2
OWN, MEAN, LAST_YEAR = 0, 1, 2
"""Where the points of an indicator come from."""
GRADED, INHERITED, VETOED, EXEMPT, UNKNOWN, UNLISTED, ABSENT = range(7)
"""Why a row has its grade: by its score, its landlord's, a veto; or not graded: exempt, a figure is unknown, on no list, not there."""
OUTCOMES = ("graded", "inherited", "vetoed", "exempt", "unknown", "unlisted", "absent")


@dataclass(frozen=True)
class Scores:
    """Scores of the R rows of facts under a scheme; K indicators in the order of the scheme.

    ``list_of``: index of the list, `NO_LIST`, or `UNSURE` where a figure that decides is unknown. ``measured`` and ``points``:
    K x R, nan where unknown or not on the list. ``origin``: K x R. ``added``: points of each adjustment, A x R.
    ``total``: points before rounding; ``score``: whole units of the last decimal; both hold where ``known``.
    """

    list_of: Ints
    measured: Floats
    points: Floats
    origin: npt.NDArray[np.int8]
    added: Floats
    total: Floats
    score: Ints
    known: Bools


@dataclass(frozen=True)
class Grades:
    """Grades of the R rows.

    ``grade``: index into the grades of the row's list, -1 where there is none; ``outcome``: index into `OUTCOMES`. ``group``:
    number of the group within which it was cut (list, industry, year); ``rank`` in it from 1, 0 where not ranked; ``of``: units
    ranked there. ``veto`` and ``exempt``: index of the rule, else -1. ``cut_list``: list whose grades are meant.
    """

    grade: Ints
    outcome: Ints
    group: Ints
    rank: Ints
    of: Ints
    veto: Ints
    exempt: Ints
    cut_list: Ints
