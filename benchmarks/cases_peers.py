"""The engine beside the office rule and two solvers on the whole model: same cluster, same referee, same time, one table."""

import json
import sys
from collections.abc import Iterable, Iterator

from benchmarks.peers_run import METHODS, NO_MEMORY, Reached
from benchmarks.registry import Row, Run, case
from benchmarks.timing import run_command

SECONDS = {"small": 60.0, "S": 60.0}
"""Time for each method, by cluster, s; a solver's time to be told its model is not counted."""
NAMES = {
    "engine": "engine",
    "office": "office rule",
    "highs": "HiGHS",
    "highs-from-plan": "HiGHS from our first plan",
    "cp-sat": "CP-SAT",
    "cp-sat-from-plan": "CP-SAT from our first plan",
}


def beside(size: str) -> Iterator[Row]:
    """Plan a cluster with every method, each in a process of its own, and yield what each came to.

    Parameters
    ----------
    size
        S, or ``small``.

    Yields
    ------
    Row
        As of `rows_of_method`.
    """
    seconds = SECONDS[size]
    for method in METHODS:
        command = [sys.executable, "-m", "benchmarks.peers_run", method, size, str(seconds)]
        found = None
        try:
            found = Reached(**json.loads(run_command(command).output.splitlines()[-1]))
        except RuntimeError as error:
            if f"ended with {NO_MEMORY}:" not in str(error):
                raise
        yield from rows_of_method(NAMES[method], found)


def rows_of_method(name: str, found: Reached | None) -> Iterator[Row]:
    """Yield the figures of one method.

    Parameters
    ----------
    name
        As it is shown.
    found
        What it came to; None where its model does not fit into the memory that it may have.

    Yields
    ------
    Row
        Contribution, bound, net gap, time, memory, breaches; a figure that there is none of is unknown.
    """
    if found is None:
        yield Row(f"{name}: contribution", "yuan", None, note="its model does not build in 8 GiB")
        return
    z, b = found.contribution_fen, found.bound_fen
    note = "" if z is not None else "no plan in that time"
    yield Row(f"{name}: contribution", "yuan", None if z is None else z / 100, note=note)
    proven = "proven" if name == "engine" else "on its word"
    yield Row(f"{name}: bound", "yuan", None if b is None else b / 100, note="" if b is None else proven)
    gap = None if z is None or b is None else 100 * (b - z) / max(b - found.without_lots_fen, 100)
    yield Row(f"{name}: net gap", "%", gap)
    model = f"and {found.built_s:.0f} s to build {found.note}" if found.note else ""
    yield Row(f"{name}: planned in", "s", found.seconds, note=model)
    yield Row(f"{name}: peak memory", "MiB", found.peak_mib)
    yield Row(f"{name}: breaches found by the referee", "rows", found.violations, at_most=0)


@case("peers", sizes=("S",))
def measure_peers(run: Run) -> Iterable[Row]:
    """Yield every method on the sample."""
    return beside(run.size)


@case("peers-small")
def measure_small(run: Run) -> Iterable[Row]:
    """Yield every method on a cluster of 20 firms, 24 orders and 8 weeks."""
    del run
    return beside("small")
