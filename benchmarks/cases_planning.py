"""How near a plan comes to its bound, how fast, with how much memory, and how long the referee needs to certify it."""

import json
import sys
from collections.abc import Iterable, Iterator

from benchmarks.planning_run import Planned
from benchmarks.registry import Row, Run, case
from benchmarks.timing import run_command

SECONDS = {"S": 20.0, "M": 180.0, "L": 1200.0}
"""Time to plan, by size, s."""

GOALS = {"S": ((10.0, 0.005),), "M": ((60.0, 0.01),), "L": ((300.0, 0.02), (600.0, 0.01))}
"""Net gap (share) wanted after so many seconds, by size."""

MEMORY = {"M": 2048.0, "L": 6144.0}
"""Memory the planning may need, by size, MiB."""

JUDGED_IN = {"L": 60.0}
"""Time the referee may take, by size, s."""


@case("planning", sizes=("S", "M", "L"))
def measure_planning(run: Run) -> Iterable[Row]:
    """Plan the sample of a size in a process of its own and yield what it came to."""
    command = [sys.executable, "-m", "benchmarks.planning_run", run.size, str(SECONDS[run.size])]
    found = json.loads(run_command(command).output.splitlines()[-1])
    yield from rows_of_planning(Planned(**found), run.size)


def rows_of_planning(found: Planned, size: str) -> Iterator[Row]:
    """Yield the figures of a planning with their targets.

    Parameters
    ----------
    found
        What the planning came to.
    size
        S, M or L.

    Yields
    ------
    Row
        Contribution, bound, net gap at the goals' times and at the end, seconds, memory, and the referee's verdict.
    """
    goals = GOALS[size]
    yield Row("contribution", "yuan", found.contribution_fen / 100, note=f"{found.contribution_fen} fen")
    yield Row("bound", "yuan", found.bound_fen / 100, note=f"{found.bound_fen} fen")
    for seconds, share in goals:
        gap = found.after(seconds)
        yield Row(f"net gap after {seconds:g} s", "%", None if gap is None else 100 * gap, at_most=100 * share)
    yield Row("net gap", "%", 100 * found.net_gap, at_most=100 * min(share for _, share in goals))
    yield Row("planned in", "s", found.seconds, note=f"told to stop after {SECONDS[size]:g} s")
    yield Row("peak memory", "MiB", found.peak_mib, at_most=MEMORY.get(size), note="of the process, before judging")
    yield Row("breaches found by the referee", "rows", found.violations, at_most=0)
    yield Row("judged in", "s", found.judged_s, at_most=JUDGED_IN.get(size))
