"""Make small generalised-assignment instances by the published recipes, and solve them to proven optimality.

With m agents, n jobs, weights a[i,j], costs c[i,j], capacities b[i], and U[x, y] a uniform draw:

- a: a whole from U[5, 25], c whole from U[10, 50], b = 0.6 · (n ÷ m) · 15 + 0.4 · R, where R is the heaviest load of an
  agent when every job goes to its cheapest agent. (Martello & Toth 1981, An algorithm for the generalized assignment
  problem, Operational Research '81, pp. 589-603; 15 is the mean weight.)
- b: as a, with b at 70 % of that. (The same.)
- c: a and c as in a, b[i] = 0.8 · Σ_j a[i,j] ÷ m. (Cattrysse, Salomon & Van Wassenhove 1994, European Journal of
  Operational Research 72, pp. 167-174.)
- d: a whole from U[1, 100], c = 111 − a + a whole from U[−10, 10], b as in c: what is cheap is heavy. (Martello & Toth
  1981; Chu & Beasley 1997, Computers & Operations Research 24, pp. 17-23, took a to d for minimisation.)
- e: a = 1 − 10 · ln U(0, 1], c = 1000 ÷ a − 10 · U[0, 1], b as in c. (Laguna, Kelly, González-Velarde & Glover 1995,
  European Journal of Operational Research 82, pp. 176-189; Yagiura, Ibaraki & Glover 2004, INFORMS Journal on
  Computing 16, pp. 133-151.)

What is not whole is cut off to whole numbers; costs are at least 1. A draw that allows no assignment is drawn anew.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from benchmarks.gap import Instance
from cordwainer.solvers import Limits, LinearModel, Solution, Status, solve_mip

Kind = Literal["a", "b", "c", "d", "e"]
KINDS: tuple[Kind, ...] = ("a", "b", "c", "d", "e")
Whole = npt.NDArray[np.int64]

SOLVE_S = 60.0
"""Seconds that an optimum may take; the small sizes meant here take one."""


def make(kind: Kind, agents: int, jobs: int, seed: int) -> Instance:
    """Make an instance and prove its optimum.

    Parameters
    ----------
    kind
        Recipe.
    agents, jobs
        Size.
    seed
        Of the draws.

    Returns
    -------
    Instance
        With its optimum, which is also the best known.

    Raises
    ------
    RuntimeError
        When the optimum is not proven in time.
    """
    rng = np.random.default_rng([KINDS.index(kind), agents, jobs, seed])
    while True:
        costs, weights = _draw(kind, agents, jobs, rng)
        capacities = _capacities(kind, costs, weights)
        solved = optimum(costs, weights, capacities)
        if solved.status is Status.OPTIMAL and solved.objective is not None:
            least = round(solved.objective)
            return Instance(f"{kind}-{agents}x{jobs}-{seed}", costs, weights, capacities, least, least)
        if solved.status is not Status.INFEASIBLE:
            raise RuntimeError(f"no proven optimum of {kind} {agents} x {jobs}: {solved.status} {solved.message}")


def optimum(costs: Whole, weights: Whole, capacities: Whole) -> Solution:
    """Assign every job to one agent at least cost, as a mixed-integer model.

    Columns x[i,j] ∈ {0, 1}, agent by agent. Rows: (1) Σ_i x[i,j] = 1 for every job; (2) Σ_j w[i,j] x[i,j] ≤ b[i].

    Parameters
    ----------
    costs, weights
        Shape (agents, jobs).
    capacities
        Shape (agents,).

    Returns
    -------
    Solution
        With a gap below one unit of cost, so that an optimum is one.
    """
    agents, jobs = costs.shape
    size = agents * jobs
    agent, job = np.divmod(np.arange(size, dtype=np.int32), np.int32(jobs))
    model = LinearModel(
        costs=costs.ravel().astype(np.float64),
        column_lower=np.zeros(size),
        column_upper=np.ones(size),
        row_lower=np.r_[np.ones(jobs), np.full(agents, -np.inf)],
        row_upper=np.r_[np.ones(jobs), capacities.astype(np.float64)],
        starts=np.arange(0, 2 * size + 1, 2, dtype=np.int32),
        indices=np.column_stack([job, jobs + agent]).ravel().astype(np.int32),
        values=np.column_stack([np.ones(size), weights.ravel()]).ravel(),
        integral=np.ones(size, dtype=bool),
    )
    return solve_mip(model, Limits(seconds=SOLVE_S))


def _draw(kind: Kind, agents: int, jobs: int, rng: np.random.Generator) -> tuple[Whole, Whole]:
    """Return costs and weights."""
    shape = (agents, jobs)
    if kind == "d":
        weights = rng.integers(1, 100, shape, endpoint=True)
        costs = 111 - weights + rng.integers(-10, 10, shape, endpoint=True)
    elif kind == "e":
        weights = (1 - 10 * np.log(1 - rng.random(shape))).astype(np.int64)
        costs = np.floor(1000 / weights - 10 * rng.random(shape)).astype(np.int64)
    else:
        weights = rng.integers(5, 25, shape, endpoint=True)
        costs = rng.integers(10, 50, shape, endpoint=True)
    return np.maximum(1, costs), weights


def _capacities(kind: Kind, costs: Whole, weights: Whole) -> Whole:
    """Return what every agent can carry."""
    agents, jobs = costs.shape
    if kind not in ("a", "b"):
        mean: npt.NDArray[np.float64] = weights.sum(axis=1) / agents
        return np.floor(0.8 * mean).astype(np.int64)
    cheapest = costs.argmin(axis=0)
    heaviest = float(np.bincount(cheapest, weights=weights[cheapest, np.arange(jobs)], minlength=agents).max())
    capacity = 0.6 * (jobs / agents) * 15 + 0.4 * heaviest
    return np.full(agents, int(capacity if kind == "a" else 0.7 * capacity), dtype=np.int64)
