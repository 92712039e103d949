"""Turn what a solver claims into a solution, and say that it failed where the claim does not hold."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cordwainer.core import Text
from cordwainer.solvers import verify
from cordwainer.solvers.model import Floats, LinearModel
from cordwainer.solvers.solution import Limits, Solution, Status
from cordwainer.solvers.watch import Watched


@dataclass(frozen=True, eq=False)
class Claim:
    """What a solver says, not yet believed: numbers may be missing, too few or no numbers at all.

    Parameters
    ----------
    status
        What it says came of the model.
    word
        The same in its own words.
    objective, best_bound
        Value of its point, and what it says that no point exceeds.
    values, row_duals
        Its point, and the prices of the rows.
    """

    status: Status
    word: str
    objective: object = None
    best_bound: object = None
    values: object = None
    row_duals: object = None


OFF_ROWS = Text("The solver's point breaks a row or a bound.", "求解器给出的点不满足约束。")
NOT_WHOLE = Text(
    "The solver's point breaks a row once its whole numbers are whole.", "整数取整后，求解器给出的点不满足约束。"
)
OTHER_WORTH = Text("The solver's point is not worth what it says.", "求解器给出的目标值与其解不符。")
NOT_PROVEN = Text("The solver's prices do not prove its optimum.", "求解器的对偶值不能证明最优。")
WRONG_BOUND = Text("The solver's bound does not fit its point.", "求解器的界与其解不符。")
STOPPED = Text("Stopped by the caller.", "已被调用方停止。")


def believed_lp(model: LinearModel, run: Watched[Claim]) -> Solution:
    """Return what can be believed of a claim about a linear model.

    Parameters
    ----------
    model
        Without whole-number columns.
    run
        The claim and how it came about.
    """
    claim = run.answer
    if claim is None or claim.status not in (Status.OPTIMAL, Status.LIMIT):
        return without_point(run)
    point = _holding(model, claim.values)
    duals = verify.prices(model, claim.row_duals)
    bound, slack = (math.nan, 0.0) if duals is None else verify.bound_from_prices(model, duals)
    if not math.isfinite(bound):
        duals = None
    if claim.status is Status.OPTIMAL:
        if point is None:
            return _failed(run, OFF_ROWS)
        worth, off = verify.objective(model, point)
        if not _near(claim.objective, worth, off):
            return _failed(run, OTHER_WORTH)
        if not _near(bound, worth, off + slack):
            return _failed(run, NOT_PROVEN)
    return _solution(model, run, claim.status, point, bound, duals)


def believed_mip(
    model: LinearModel, run: Watched[Claim], limits: Limits, mend: Callable[[LinearModel], Solution]
) -> Solution:
    """Return what can be believed of a claim about a model with whole-number columns.

    Parameters
    ----------
    model
        With at least one whole-number column.
    run
        The claim and how it came about.
    limits
        Holds the gap at which the solver may call its point optimal.
    mend
        Solves a linear model; used where whole numbers that were only nearly whole carried a row.
    """
    claim = run.answer
    if claim is None or claim.status not in (Status.OPTIMAL, Status.LIMIT):
        return without_point(run)
    point = _holding(model, claim.values)
    if point is None:
        point = _mended(model, claim.values, mend)
    bound = _number(claim.best_bound)
    if claim.status is Status.OPTIMAL and point is None:
        return _failed(run, OFF_ROWS if verify.settled(model, claim.values) is None else NOT_WHOLE)
    if point is not None:
        worth, off = verify.objective(model, point)
        ahead = (worth - bound) * (-1 if model.maximise else 1)
        if math.isnan(bound) or ahead < -off:
            return _failed(run, WRONG_BOUND)
        if claim.status is Status.OPTIMAL and ahead > off + limits.gap * abs(worth):
            return _failed(run, WRONG_BOUND)
    return _solution(model, run, claim.status, point, bound, None)


def without_point(run: Watched[Claim]) -> Solution:
    """Return a solution that holds no point: infeasible, unbounded or failed."""
    if run.answer is None:
        return Solution(Status.FAILED, run.fault, None, None, None, None, run.seconds)
    if run.answer.status in (Status.INFEASIBLE, Status.UNBOUNDED):
        return Solution(run.answer.status, None, None, None, None, None, run.seconds)
    word = run.answer.word
    return _failed(run, Text(f"The solver says: {word}.", f"求解器报告：{word}。"))


def _failed(run: Watched[Claim], why: Text) -> Solution:
    return Solution(Status.FAILED, why, None, None, None, None, run.seconds)


def _solution(
    model: LinearModel, run: Watched[Claim], status: Status, point: Floats | None, bound: float, duals: Floats | None
) -> Solution:
    worth = None if point is None else verify.objective(model, point)[0]
    known = bound if math.isfinite(bound) else None
    message = STOPPED if status is Status.LIMIT and run.cancelled else None
    return Solution(status, message, worth, known, point, duals, run.seconds)


def _holding(model: LinearModel, values: object) -> Floats | None:
    """Return the point where it obeys bounds, whole numbers and rows."""
    point = verify.settled(model, values)
    return point if point is not None and verify.rows_hold(model, point) else None


def _mended(model: LinearModel, values: object, mend: Callable[[LinearModel], Solution]) -> Floats | None:
    """Return a point with the claim's whole numbers, made whole, and the best of all other columns.

    A solver takes 0.000001 for 0, and in a row x ≤ 10⁶ y that is worth a unit of x.
    """
    point = verify.settled(model, values)
    if point is None or model.integral is None or model.integral.all():
        return None
    fixed = dataclasses.replace(
        model,
        column_lower=np.where(model.integral, point, model.column_lower),
        column_upper=np.where(model.integral, point, model.column_upper),
        integral=None,
    )
    found = mend(fixed).values
    return None if found is None else _holding(model, found)


def _number(given: object) -> float:
    """Return a number as it is, and anything else as no number."""
    return float(given) if isinstance(given, int | float | np.number) else math.nan


def _near(given: object, wanted: float, off: float) -> bool:
    return abs(_number(given) - wanted) <= off
