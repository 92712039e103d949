"""Plan a special cluster on several seeds in a process of its own: ``python -m benchmarks.variants_run named S 10 1 2 3``."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict

from benchmarks.planning_run import Planned, measured, warm_up
from benchmarks.registry import SIZES
from benchmarks.variants import VARIANTS, special


def planned_seeds(name: str, size: str, seconds: float, seeds: Sequence[int]) -> list[Planned]:
    """Plan and judge a special cluster of each seed.

    Parameters
    ----------
    name
        One of `VARIANTS`, or ``plain``.
    size
        S, M or L.
    seconds
        Time for each plan, s.
    seeds
        Of the clusters.

    Returns
    -------
    list of Planned
        In the order of the seeds.
    """
    warm_up()
    return [measured(special(name, size, seed), seconds) for seed in seeds]


def main(argv: Sequence[str] | None = None) -> None:
    """Print what each planning came to, as a JSON list in the last line.

    Parameters
    ----------
    argv
        Arguments without the program's name.
    """
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("name", choices=("plain", *VARIANTS))
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("seconds", type=float)
    parser.add_argument("seeds", type=int, nargs="+")
    asked = parser.parse_args(argv)
    print(json.dumps([asdict(p) for p in planned_seeds(asked.name, asked.size, asked.seconds, asked.seeds)]))


if __name__ == "__main__":
    main()
