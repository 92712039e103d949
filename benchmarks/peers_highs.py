"""The whole model solved by HiGHS as it comes."""

from __future__ import annotations

import highspy
import numpy as np

from benchmarks.peers import YUAN, Found, Start, linear
from benchmarks.whole_model import Whole


def solve(whole: Whole, seconds: float, threads: int, start: Start | None) -> Found:
    """Solve the model with HiGHS, for so many seconds, from a start where one is given."""
    model, _ = linear(whole)
    solver = highspy.Highs()
    for name, wanted in (("output_flag", False), ("time_limit", seconds), ("threads", threads), ("mip_rel_gap", 0.0)):
        solver.setOptionValue(name, wanted)
    integral = model.integral if model.integral is not None else np.zeros(model.columns, np.bool_)
    solver.passModel(
        model.columns,
        model.rows,
        len(model.values),
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMaximize),
        model.offset,
        model.costs,
        model.column_lower,
        model.column_upper,
        model.row_lower,
        model.row_upper,
        model.starts,
        model.indices,
        model.values,
        integral.astype(np.int32),
    )
    if start is not None:
        solver.setSolution(len(start.columns), start.columns.astype(np.int32), start.values.astype(np.float64))
    solver.run()
    info, solution = solver.getInfo(), solver.getSolution()
    values = None
    if solution.value_valid and np.isfinite(info.objective_function_value):
        values = np.rint(np.array(solution.col_value) * np.concatenate(whole.built.units)).astype(np.int64)
    bound = info.mip_dual_bound
    return Found(values, float(bound) * YUAN if np.isfinite(bound) else None)
