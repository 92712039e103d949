"""Measure how long something takes and how much memory a command needs."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.registry import Row


@dataclass(frozen=True)
class Timing:
    """Repeated times of one action, in seconds.

    Parameters
    ----------
    cold
        The first run, with whatever it loads and compiles.
    median, low, high
        Of the runs after it.
    """

    cold: float
    median: float
    low: float
    high: float

    def row(self, figure: str, at_most: float | None = None, note: str = "") -> Row:
        """Return the timing as a row of the table.

        Parameters
        ----------
        figure
            What was timed.
        at_most
            Target for the median, in seconds.
        note
            Remark beside it.

        Returns
        -------
        Row
            In seconds.
        """
        return Row(figure, "s", self.median, at_most=at_most, cold=self.cold, low=self.low, high=self.high, note=note)


def time_it(action: Callable[[], object], repeats: int = 5) -> Timing:
    """Run an action once cold and then repeatedly.

    Parameters
    ----------
    action
        What to time; its result is dropped.
    repeats
        Number of runs after the cold one (at least 1).

    Returns
    -------
    Timing
        Wall-clock seconds.

    Raises
    ------
    ValueError
        When `repeats` is below 1.
    """
    if repeats < 1:
        raise ValueError("repeats must be at least 1")
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    cold, *warm = times
    return Timing(cold, statistics.median(warm), min(warm), max(warm))


@dataclass(frozen=True)
class CommandCost:
    """What one command took.

    Parameters
    ----------
    seconds
        Wall-clock time.
    peak_mib
        Largest resident memory of its process or of one of its children, in MiB.
    output
        What it printed.
    """

    seconds: float
    peak_mib: float
    output: str


_LAUNCHER = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
with open(sys.argv[1], "w", encoding="ascii") as told:
    told.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code if code >= 0 else 128 - code)
"""
# A process counts what its parent held when it was started, so that a small one must stand between.


def run_command(command: Sequence[str]) -> CommandCost:
    """Run a command to its end and measure it.

    Parameters
    ----------
    command
        Program and arguments.

    Returns
    -------
    CommandCost
        Time, memory and output.

    Raises
    ------
    RuntimeError
        When the command fails; the message holds its output.
    """
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "peak"
        start = time.perf_counter()
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(told), *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - start
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
        return CommandCost(seconds, int(told.read_text(encoding="ascii")) / 1024, done.stdout)
