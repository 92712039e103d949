"""Solve linear and mixed-integer models with HiGHS, and believe only what the model itself confirms."""

from __future__ import annotations

import dataclasses
import threading

import highspy
import numpy as np

from cordwainer.solvers import verify
from cordwainer.solvers.belief import Claim, believed_lp, believed_mip
from cordwainer.solvers.model import LinearModel
from cordwainer.solvers.solution import Cancel, Limits, Solution, Status
from cordwainer.solvers.watch import watch

_STATUS = {
    highspy.HighsModelStatus.kOptimal: Status.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: Status.UNBOUNDED,
    highspy.HighsModelStatus.kTimeLimit: Status.LIMIT,
    highspy.HighsModelStatus.kInterrupt: Status.LIMIT,
    highspy.HighsModelStatus.kSolutionLimit: Status.LIMIT,
    highspy.HighsModelStatus.kHighsInterrupt: Status.LIMIT,
}


def solve_lp(model: LinearModel, limits: Limits | None = None, cancel: Cancel | None = None) -> Solution:
    """Solve a model without regard to whole numbers.

    An optimum is believed only if its point obeys every row and its row prices prove that nothing is better.
    That a model is infeasible or unbounded is taken on the solver's word.

    Parameters
    ----------
    model
        What to solve; flags of whole-number columns are left aside.
    limits
        How long to try.
    cancel
        Asked now and then; returns True to stop.
    """
    asked = limits or Limits()
    relaxed = dataclasses.replace(model, integral=None)
    return believed_lp(relaxed, watch(lambda stop: claim(relaxed, asked, stop), asked, cancel))


def solve_mip(model: LinearModel, limits: Limits | None = None, cancel: Cancel | None = None) -> Solution:
    """Solve a model with its whole-number columns.

    An optimum is believed only if its point obeys every row with its whole numbers made exactly whole.
    The bound is taken on the solver's word, and so is that a model is infeasible or unbounded.

    Parameters
    ----------
    model
        What to solve; without a whole-number column as by `solve_lp`.
    limits
        How long to try, and the gap that is near enough.
    cancel
        Asked now and then; returns True to stop.
    """
    if model.integral is None or not model.integral.any():
        return solve_lp(model, limits, cancel)
    asked = limits or Limits()
    run = watch(lambda stop: claim(model, asked, stop), asked, cancel)
    short = Limits(seconds=max(1.0, run.seconds), threads=asked.threads, patience_s=asked.patience_s)
    return believed_mip(model, run, asked, lambda fixed: solve_lp(fixed, short, cancel))


def claim(model: LinearModel, limits: Limits, stop: threading.Event) -> Claim:
    """Return what HiGHS says of a model.

    Parameters
    ----------
    model
        What to solve.
    limits
        Time, gap and threads.
    stop
        HiGHS ends soon after this is set.
    """
    if not model.columns:
        held = verify.rows_hold(model, model.costs)
        return Claim(
            Status.OPTIMAL if held else Status.INFEASIBLE, "", model.offset, None, model.costs, np.zeros(model.rows)
        )
    highs = highspy.Highs()
    options = {
        "output_flag": False,
        "presolve": "off" if _is_mixed(model) else "choose",
        "threads": limits.threads,
        "mip_rel_gap": limits.gap,
        "allow_unbounded_or_infeasible": False,
        "time_limit": np.inf if limits.seconds is None else limits.seconds,
    }
    if limits.nodes is not None:
        options["mip_max_nodes"] = limits.nodes
    for name, value in options.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            return Claim(Status.FAILED, f"{name} may not be {value}")

    def heed(event: highspy.highs.HighsCallbackEvent) -> None:
        if stop.is_set():
            event.interrupt()

    for callback in (highs.cbSimplexInterrupt, highs.cbIpmInterrupt, highs.cbMipInterrupt):
        callback.subscribe(heed)
    if _passed(highs, model) == highspy.HighsStatus.kError:
        return Claim(Status.FAILED, "model refused")
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        return _which(model, limits, stop)
    solution, info = highs.getSolution(), highs.getInfo()
    return Claim(
        _STATUS.get(status, Status.FAILED),
        highs.modelStatusToString(status),
        info.objective_function_value,
        None if model.integral is None else info.mip_dual_bound,
        solution.col_value if solution.value_valid else None,
        solution.row_dual if solution.dual_valid else None,
    )


def _is_mixed(model: LinearModel) -> bool:
    """Return whether some columns are whole numbers and some are not.

    HiGHS 1.14 calls points of such models optimal that are not, unless presolve is off: its rule for singleton columns
    reckons with a row's activity of before (HiGHS issues 3043 and 3094, mended in 1.15 by 2961).
    """
    return model.integral is not None and bool(model.integral.any()) and not bool(model.integral.all())


def _which(model: LinearModel, limits: Limits, stop: threading.Event) -> Claim:
    """Say of a model that is infeasible or unbounded which of the two: without costs nothing is unbounded."""
    free = claim(dataclasses.replace(model, costs=np.zeros(model.columns)), limits, stop)
    if free.status is Status.OPTIMAL:
        return Claim(Status.UNBOUNDED, "Unbounded")
    return dataclasses.replace(free, values=None, objective=None, best_bound=None, row_duals=None)


def _passed(highs: highspy.Highs, model: LinearModel) -> highspy.HighsStatus:
    """Hand the model to HiGHS."""
    sense = highspy.ObjSense.kMaximize if model.maximise else highspy.ObjSense.kMinimize
    integral = np.zeros(model.columns, np.int32) if model.integral is None else model.integral.astype(np.int32)
    return highs.passModel(
        model.columns,
        model.rows,
        len(model.values),
        int(highspy.MatrixFormat.kColwise),
        int(sense),
        model.offset,
        model.costs,
        model.column_lower,
        model.column_upper,
        model.row_lower,
        model.row_upper,
        model.starts,
        model.indices,
        model.values,
        integral,
    )
