"""The whole model solved by CP-SAT as it comes."""

from __future__ import annotations

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.peers import Found, Start
from benchmarks.whole_model import FREE, Whole


def solve(whole: Whole, seconds: float, threads: int, start: Start | None) -> Found:
    """Solve the model with CP-SAT, for so many seconds, from a start where one is given."""
    b, model = whole.built, cp_model.CpModel()
    upper = np.concatenate(b.upper).tolist()
    columns = [model.new_int_var(0, most, "") for most in upper]
    row, column, value = (np.concatenate(part) for part in zip(*b.entries, strict=True))
    rank = np.argsort(row, kind="stable")
    row, column, value = row[rank], column[rank].tolist(), value[rank].tolist()
    ends = np.searchsorted(row, np.arange(b.rows + 1)).tolist()
    least, most = np.concatenate(b.row_lower).tolist(), np.concatenate(b.row_upper).tolist()
    for r in range(b.rows):
        at = slice(ends[r], ends[r + 1])
        if at.start < at.stop:
            sum_ = cp_model.LinearExpr.weighted_sum([columns[c] for c in column[at]], value[at])
            model.add_linear_constraint(sum_, max(least[r], -FREE), min(most[r], FREE))
    model.maximize(cp_model.LinearExpr.weighted_sum(columns, np.concatenate(b.costs).tolist()))
    if start is not None:
        for c, v in zip(start.columns.tolist(), start.values.tolist(), strict=True):
            model.add_hint(columns[c], v)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, threads
    status = solver.solve(model)
    if status == cp_model.MODEL_INVALID:
        raise RuntimeError(f"CP-SAT refuses the model: {model.validate()[:200]}")
    some = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    values = np.array([solver.value(c) for c in columns], np.int64) if some else None
    # without a plan it says 0 for its bound, which is none
    return Found(values, solver.best_objective_bound + whole.constant if some else None)
