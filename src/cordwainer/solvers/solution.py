"""How long a solver may try, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from cordwainer.core import Text, UserError
from cordwainer.solvers.model import Floats

Cancel = Callable[[], bool]
"""Asked about twenty times a second, in the caller's thread; returns True to stop."""


class Status(Enum):
    """What came of a model."""

    OPTIMAL = "optimal"
    """The best there is, within the gap that was asked for."""
    LIMIT = "limit"
    """Time was up or the caller stopped; the best point and bound so far, where there are any."""
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    FAILED = "failed"
    """No answer, or none that holds when it is checked."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a solver may try.

    Parameters
    ----------
    seconds
        Time after which it stops, s; None: no limit.
    gap
        Distance of objective and bound at which a mixed-integer model counts as solved, as a share of the objective.
    threads
        Threads it may use (count).
    patience_s
        How long it may go on after it was told to stop, before it is given up, s.
    nodes
        Nodes of the search tree of a mixed-integer model after which it stops, wherever the clock stands; None: no limit (count).

    Raises
    ------
    UserError
        When one of them is negative or no number, or there is no thread.
    """

    seconds: float | None = None
    gap: float = 0.0
    threads: int = 1
    patience_s: float = 20.0
    nodes: int | None = None

    def __post_init__(self) -> None:
        given = (0.0 if self.seconds is None else self.seconds, self.gap, self.patience_s)
        if (
            any(math.isnan(x) or x < 0 for x in given)
            or self.threads < 1
            or (self.nodes is not None and self.nodes < 1)
        ):
            raise UserError(
                "solver-limits",
                Text(f"These limits say nothing: {self}.", f"求解限制无效：{self}。"),
                Text(
                    "Give times and gap of 0 or more and at least one thread and node.",
                    "时间和差距不得为负，线程和节点数至少为 1。",
                ),
            )


@dataclass(frozen=True, eq=False, slots=True)
class Solution:
    """What came of a model.

    Parameters
    ----------
    status
        See `Status`.
    message
        Why, where the status does not say it all; None otherwise.
    objective
        Value of ``values``; None without them.
    best_bound
        No point is worth more than this (when minimising: less); None where nothing is known. Of a linear model it is
        worked out from ``row_duals``, of a mixed-integer model it is what the solver says.
    values
        A point that obeys bounds and whole numbers exactly and rows within `cordwainer.solvers.verify.TOLERANCE`;
        shape (columns,).
    row_duals
        What the objective gains by one more unit on a row's binding side, of a linear model solved to the end; shape
        (rows,).
    seconds
        Time it took, s.
    """

    status: Status
    message: Text | None
    objective: float | None
    best_bound: float | None
    values: Floats | None
    row_duals: Floats | None
    seconds: float
