"""Linear and mixed-integer optimisation: a model in, a solution out that was checked and not merely claimed."""

from cordwainer.solvers.growing import GrowingModel, Grown, Start
from cordwainer.solvers.highs import solve_lp, solve_mip
from cordwainer.solvers.model import LinearModel, ModelError
from cordwainer.solvers.solution import Cancel, Limits, Solution, Status

__all__ = [
    "Cancel",
    "GrowingModel",
    "Grown",
    "Limits",
    "LinearModel",
    "ModelError",
    "Solution",
    "Start",
    "Status",
    "solve_lp",
    "solve_mip",
]
