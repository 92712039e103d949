"""A linear model that grows by rows and columns and is solved again from where it stood: the master of a column generation.

Nothing it says is a certificate: its values lead a search that counts in integers, its row prices a bound that is worked out anew.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

from cordwainer.core import Text
from cordwainer.solvers.belief import OFF_ROWS, OTHER_WORTH
from cordwainer.solvers.model import Flags, Floats, LinearModel
from cordwainer.solvers.solution import Limits
from cordwainer.solvers.watch import watch

PATIENCE_S = 1.0
"""How long a solver may go on after its time, s."""
OFF = 1e-3
"""How far values may be off their bounds, and their worth off the objective, as a share: a hundred times the tolerances below."""
NO_NUMBERS = Text("The solver returned no numbers, or too few.", "求解器未返回数值，或数值不全。")
Numbers = npt.NDArray[np.integer[Any]]

_OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "solver": "simplex",
    # near enough for a search that counts again in integers, and a third faster
    "primal_feasibility_tolerance": 1e-5,
    "dual_feasibility_tolerance": 1e-4,
}
_STATUS = highspy.HighsModelStatus
_NO_OPTIMUM = (_STATUS.kTimeLimit, _STATUS.kInfeasible, _STATUS.kUnbounded, _STATUS.kUnboundedOrInfeasible)


class Start(IntEnum):
    """From what side the last basis is still good: HiGHS's number of the simplex method that goes on from there."""

    AFTER_BOUNDS = 1
    AFTER_COLUMNS = 4


@dataclass(frozen=True, eq=False, slots=True)
class Grown:
    """Values of the columns (columns,), what the objective gains by one more unit of each row (rows,), and the objective."""

    values: Floats
    row_duals: Floats
    objective: float


class GrowingModel:
    """Maximise costs · x with row_lower ≤ A x ≤ row_upper and x in its bounds; rows and columns are added as it goes.

    Parameters
    ----------
    seconds
        Time for all solves together, s; after that there is no answer any more.
    """

    def __init__(self, seconds: float = 60.0) -> None:
        self._highs = highspy.Highs()
        self.until = time.monotonic() + seconds
        self.rows = self.columns = 0
        self.fault: Text | None = None
        self._costs = self._lower = self._upper = np.zeros(0)
        for name, value in _OPTIONS.items():
            self._highs.setOptionValue(name, value)
        self._highs.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def add_rows(self, lower: Floats, upper: Floats) -> int:
        """Add rows without entries; return the number of the first."""
        first, count = self.rows, len(lower)
        if count:
            nothing = np.zeros(0, np.int32)
            self._highs.addRows(count, lower, upper, 0, np.zeros(count, np.int32), nothing, np.zeros(0))
            self.rows += count
        return first

    def add_columns(
        self, costs: Floats, lower: Floats, upper: Floats, starts: Numbers, indices: Numbers, values: Floats
    ) -> int:
        """Add columns by their entries (as in `LinearModel`); return the number of the first."""
        first, count = self.columns, len(costs)
        if count:
            begins = np.ascontiguousarray(starts[:-1], np.int32)
            self._highs.addCols(count, costs, lower, upper, len(values), begins, indices.astype(np.int32), values)
            self.columns += count
            self._costs = np.concatenate([self._costs, costs])
            self._lower, self._upper = np.concatenate([self._lower, lower]), np.concatenate([self._upper, upper])
        return first

    def bound(self, columns: Numbers, lower: Floats, upper: Floats) -> None:
        """Give columns other bounds."""
        if len(columns):
            self._highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)
            self._lower[columns], self._upper[columns] = lower, upper

    def cost(self, columns: Numbers, costs: Floats) -> None:
        """Give columns other costs."""
        if len(columns):
            self._highs.changeColsCost(len(columns), columns.astype(np.int32), costs)
            self._costs[columns] = costs

    def entry(self, rows: Numbers, columns: Numbers, values: Floats) -> None:
        """Give entries of the matrix other values."""
        for row, column, value in zip(rows.tolist(), columns.tolist(), values.tolist(), strict=True):
            self._highs.changeCoeff(row, column, value)

    def whole(self, integral: Flags) -> LinearModel:
        """Return the programme as it stands as a model of its own, in which some columns (columns,) must be whole numbers."""
        self._highs.ensureColwise()
        lp = self._highs.getLp()
        matrix = lp.a_matrix_
        return LinearModel(
            costs=self._costs,
            column_lower=self._lower,
            column_upper=self._upper,
            row_lower=np.array(lp.row_lower_),
            row_upper=np.array(lp.row_upper_),
            starts=np.array(matrix.start_, np.int32),
            indices=np.array(matrix.index_, np.int32),
            values=np.array(matrix.value_),
            integral=integral,
            maximise=True,
        )

    def drop(self, columns: Numbers) -> None:
        """Take columns out; those behind them move up. What is left of the last basis is where the next solve begins."""
        if not len(columns):
            return
        stays = np.ones(self.columns, np.bool_)
        stays[columns] = False
        last, basis = self._highs.getBasis(), highspy.HighsBasis()
        self._highs.deleteCols(len(columns), columns.astype(np.int32))
        self.columns -= len(columns)
        self._costs, self._lower, self._upper = self._costs[stays], self._lower[stays], self._upper[stays]
        if last.valid:
            status = last.col_status
            basis.col_status = [status[i] for i in np.flatnonzero(stays)]
            basis.row_status = last.row_status
            basis.valid = basis.alien = True  # a column of the basis may be among those dropped
            self._highs.setBasis(basis)

    def solve(self, start: Start) -> Grown | None:
        """Solve from the last basis; None when there is no optimum or it was not found.

        A solver that breaks off, does not come back in time or returns what cannot be is not asked again: its state is not to be
        trusted. ``fault`` says what was wrong.
        """
        left = self.until - time.monotonic()
        if left <= 0 or self.fault is not None:
            return None
        watched = watch(lambda _: (self._solved(start, left),), Limits(left, patience_s=PATIENCE_S), None)
        found = watched.fault if watched.answer is None else watched.answer[0]
        if isinstance(found, Text):
            self.fault = found
            return None
        return found

    def _solved(self, start: Start, left: float) -> Grown | Text | None:
        """Return the optimum, what is wrong with it, or None where there is none or time was up."""
        self._highs.setOptionValue("simplex_strategy", int(start))
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + left)  # the solver's clock runs on
        self._highs.run()
        status = self._highs.getModelStatus()
        if status in _NO_OPTIMUM:
            return None
        if status != _STATUS.kOptimal:
            word = self._highs.modelStatusToString(status)
            return Text(f"The solver says: {word}.", f"求解器报告：{word}。")
        solution = self._highs.getSolution()
        values, duals = np.array(solution.col_value), np.array(solution.row_dual)
        if values.shape != (self.columns,) or duals.shape != (self.rows,):
            return NO_NUMBERS
        if not (np.isfinite(values).all() and np.isfinite(duals).all()):
            return NO_NUMBERS
        objective = self._highs.getInfo().objective_function_value
        return self._doubted(values, objective) or Grown(values, duals, objective)

    def _doubted(self, values: Floats, objective: float) -> Text | None:
        """Return what cannot be in values and their worth; None where nothing shows."""
        touch = OFF * (1 + np.abs(values))
        if ((values < self._lower - touch) | (values > self._upper + touch)).any():
            return OFF_ROWS
        terms = self._costs * values
        near = abs(float(terms.sum()) - objective) <= OFF * (1 + float(np.abs(terms).sum()))
        return None if near else OTHER_WORTH
