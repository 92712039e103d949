"""Measure how long something takes and how much memory a command needs."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603
    if process.stdout is None:
        raise RuntimeError("the command has no output pipe")
    with process.stdout as pipe:
        output = pipe.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{output}")
    return CommandCost(seconds, usage.ru_maxrss / 1024, output)
