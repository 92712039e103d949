"""How near plans of the sample and of special clusters come to their bounds on seeds 1 to 5; each cluster is a case of its own."""

import json
import statistics
import sys
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.planning_run import Planned
from benchmarks.registry import Row, Run, case
from benchmarks.timing import run_command

SEEDS = (1, 2, 3, 4, 5)
SECONDS = {"S": 10.0, "M": 60.0}
"""Time to plan each cluster, by size, s."""
GOALS = {"S": 0.005, "M": 0.01}
"""Net gap (share) wanted by then, by size."""
NAMED = 0.02
"""The same where half of the orders name their maker."""


def measured(name: str, run: Run) -> Iterator[Row]:
    """Plan a cluster of all seeds in a process of its own and yield the figures.

    Parameters
    ----------
    name
        One of `benchmarks.variants.VARIANTS`, or ``plain``.
    run
        Holds the size.

    Yields
    ------
    Row
        As of `rows_of_seeds`.
    """
    seconds = SECONDS[run.size]
    command = [sys.executable, "-m", "benchmarks.variants_run", name, run.size, str(seconds), *map(str, SEEDS)]
    found = json.loads(run_command(command).output.splitlines()[-1])
    goal = NAMED if name == "named" else GOALS[run.size]
    yield from rows_of_seeds([Planned(**p) for p in found], SEEDS, goal)


def rows_of_seeds(found: Sequence[Planned], seeds: Sequence[int], goal: float) -> Iterator[Row]:
    """Yield the net gap of each seed and their median with its spread.

    Parameters
    ----------
    found
        What the planning of each seed came to; at least one.
    seeds
        Their seeds.
    goal
        Net gap wanted, share.

    Yields
    ------
    Row
        Net gaps in per cent, the longest time, and what the referee found.
    """
    gaps = [100 * p.net_gap for p in found]
    for seed, gap, p in zip(seeds, gaps, found, strict=True):
        money = f"{p.contribution_fen / 100:,.0f} of at most {p.bound_fen / 100:,.0f} yuan"
        yield Row(f"net gap, seed {seed}", "%", gap, at_most=100 * goal, note=money)
    middle = statistics.median(gaps)
    yield Row("net gap, median", "%", middle, at_most=100 * goal, low=min(gaps), high=max(gaps))
    yield Row("planned in, longest", "s", max(p.seconds for p in found))
    yield Row("breaches found by the referee", "rows", sum(p.violations for p in found), at_most=0)


@case("seeds", sizes=("S", "M"))
def measure_plain(run: Run) -> Iterable[Row]:
    """Yield the figures of the sample as it is."""
    return measured("plain", run)


@case("bottleneck", sizes=("S", "M"))
def measure_bottleneck(run: Run) -> Iterable[Row]:
    """Yield the figures where one stage has half of its hours and the others twice as many."""
    return measured("bottleneck", run)


@case("loose", sizes=("S", "M"))
def measure_loose(run: Run) -> Iterable[Row]:
    """Yield the figures where every line has twice as many people."""
    return measured("loose", run)


@case("solvent", sizes=("S", "M"))
def measure_solvent(run: Run) -> Iterable[Row]:
    """Yield the figures where solvent caps are half as large."""
    return measured("solvent", run)


@case("named", sizes=("S", "M"))
def measure_named(run: Run) -> Iterable[Row]:
    """Yield the figures where half of the orders name their maker."""
    return measured("named", run)
