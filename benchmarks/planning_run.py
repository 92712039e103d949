"""Plan one sample in a process of its own, so that its memory is its own: ``python -m benchmarks.planning_run S 20``."""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cordwainer.cluster import Cluster, sample
from cordwainer.planning import Progress, Settings, plan
from cordwainer.referee import judge

SEED = 1


@dataclass(frozen=True)
class Planned:
    """What one planning came to.

    Parameters
    ----------
    contribution_fen, bound_fen, without_lots_fen
        Z, B and Z0 of the plan, as the plan says, fen.
    seconds
        Time the planning took, s.
    peak_mib
        Largest memory of the process by the end of the planning, MiB.
    violations
        What the referee found (count).
    judged_s
        Time the referee took, s.
    course
        Seconds and net gap (share) each time the planning told of a smaller one.
    """

    contribution_fen: int
    bound_fen: int
    without_lots_fen: int
    seconds: float
    peak_mib: float
    violations: int
    judged_s: float
    course: list[tuple[float, float]] = field(default_factory=list)

    @property
    def net_gap(self) -> float:
        """(B − Z) ÷ (B − Z0), the latter at least one yuan; share."""
        return (self.bound_fen - self.contribution_fen) / max(self.bound_fen - self.without_lots_fen, 100)

    def after(self, seconds: float) -> float | None:
        """Return the net gap (share) after so many seconds; None where none was told by then."""
        return min((gap for second, gap in self.course if second <= seconds), default=None)


def planned(size: str, seconds: float) -> Planned:
    """Plan and judge the sample of a size.

    Parameters
    ----------
    size
        S, M or L.
    seconds
        Time to plan, s.

    Returns
    -------
    Planned
        What it came to; compiling and making the sample are not counted.
    """
    warm_up()
    return measured(sample(size, SEED), seconds)


def warm_up() -> None:
    """Plan and judge the smallest sample, so that all that is compiled is compiled."""
    small = sample("S", SEED)
    judge(small, plan(small, Settings(work=1, time_s=None)))


def measured(cluster: Cluster, seconds: float) -> Planned:
    """Plan and judge a cluster.

    Parameters
    ----------
    cluster
        What to plan.
    seconds
        Time to plan, s.

    Returns
    -------
    Planned
        What it came to; its memory is the largest that this process has had, of all that it planned.
    """
    course = list[tuple[float, float]]()

    def hear(progress: Progress) -> bool:
        if progress.net_gap is not None and (not course or progress.net_gap < course[-1][1]):
            course.append((progress.elapsed_s, progress.net_gap))
        return True

    began = time.perf_counter()
    made = plan(cluster, Settings(time_s=seconds), hear)
    took = time.perf_counter() - began
    peak = peak_mib()
    began = time.perf_counter()
    violations = judge(cluster, made).violations.height
    judged = time.perf_counter() - began
    contribution, bound, zero = (int(made.head[f"{name}_fen"]) for name in ("contribution", "bound", "without_lots"))
    return Planned(contribution, bound, zero, took, peak, violations, judged, course)


def peak_mib() -> float:
    """Return the largest memory that this program has had so far, MiB.

    The kernel's account of the process (``ru_maxrss``) would also count what its parent held when it started this one.
    """
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    return int(status["VmHWM"].split()[0]) / 1024


def main(argv: Sequence[str] | None = None) -> None:
    """Print what a planning came to, as JSON in the last line.

    Parameters
    ----------
    argv
        Arguments without the program's name.
    """
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("size", choices=("S", "M", "L"))
    parser.add_argument("seconds", type=float)
    asked = parser.parse_args(argv)
    print(json.dumps(asdict(planned(asked.size, asked.seconds))))


if __name__ == "__main__":
    main()
