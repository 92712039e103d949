"""Where every order is one lot, orders are packed whole: as well as a mixed-integer programme of the instance does it."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.gap import FEN_PER_COST
from benchmarks.gap_cluster import FIRST_DATE, assignment, to_cluster
from benchmarks.gap_recipes import KINDS, Kind, make
from cordwainer.planning import Settings, plan

AGENTS, JOBS = 3, 15
NEAR = 0.01


@pytest.mark.parametrize("kind", KINDS)
def test_generated_assignments_are_planned_near_their_optimum_and_the_bound_is_never_above(kind: Kind) -> None:
    for seed in range(2):
        instance = make(kind, AGENTS, JOBS, seed)
        least = instance.optimum
        made = plan(to_cluster(instance), Settings(first_date=FIRST_DATE, periods=1, work=3, time_s=None))
        placed = assignment(instance, made)
        cost = sum(int(instance.costs[agent, job]) for job, agent in enumerate(placed) if agent is not None)
        load = np.bincount(
            [a for a in placed if a is not None],
            weights=[instance.weights[a, j] for j, a in enumerate(placed) if a is not None],
            minlength=AGENTS,
        )
        assert None not in placed
        assert (load <= instance.capacities).all()
        assert least is not None
        assert least <= cost <= (1 + NEAR) * least
        assert -made.head["bound_fen"] <= least * FEN_PER_COST
