"""Published assignment instances, planned as clusters: cost beside the best known, bound beside the proven optimum."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.gap import FEN_PER_COST, Instance, read_folder
from benchmarks.gap_cluster import FIRST_DATE, assignment, judge_plan, to_cluster
from benchmarks.gap_recipes import make
from benchmarks.registry import Row, Run, case
from cordwainer.cluster import Plan
from cordwainer.planning import Settings, plan

SECONDS = 60.0
"""Time to plan an instance, s."""

NEAR_ENOUGH = 1e-4
"""Net gap (share) at which planning an instance ends early."""


@case("gap", needs=("gap",))
def measure_gap(run: Run) -> Iterable[Row]:
    """Plan every instance of the folder and yield its figures."""
    instances = read_folder(Path(run.options["gap"]))
    plan(to_cluster(make("a", 2, 4, 1)), Settings(first_date=FIRST_DATE, periods=1, work=1, time_s=None))  # compiles
    for instance in instances:
        cluster = to_cluster(instance)
        began = time.perf_counter()
        made = plan(cluster, Settings(first_date=FIRST_DATE, periods=1, time_s=SECONDS, gap=NEAR_ENOUGH))
        yield from rows_of_instance(instance, made, time.perf_counter() - began)


def rows_of_instance(instance: Instance, made: Plan, seconds: float) -> Iterator[Row]:
    """Yield the figures of one planned instance.

    Parameters
    ----------
    instance
        The instance.
    made
        A plan of its cluster.
    seconds
        Time the plan took, s.

    Yields
    ------
    Row
        Cost, best known, bound, proven optimum, seconds; then the rows of `judge_plan` with their targets.
    """
    assigned = assignment(instance, made)
    placed = [(agent, job) for job, agent in enumerate(assigned) if agent is not None]
    cost = sum(int(instance.costs[agent, job]) for agent, job in placed)
    left_out = len(assigned) - len(placed)
    note = f"of {len(placed)} jobs; {left_out} left out" if left_out else ""
    yield Row(f"{instance.name}: cost", "cost", cost, note=note)
    if instance.best is not None:
        yield Row(f"{instance.name}: best known", "cost", instance.best)
    yield Row(f"{instance.name}: bound", "cost", -int(made.head["bound_fen"]) / FEN_PER_COST)
    if instance.optimum is not None:
        yield Row(f"{instance.name}: proven optimum", "cost", instance.optimum)
    yield Row(f"{instance.name}: planned in", "s", seconds)
    yield from judge_plan(instance, made)
