"""Run benchmark cases: ``python -m benchmarks [names] [--size S|M|L] [--gap FOLDER]``."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.registry import SIZES, Case, Run, find_cases
from benchmarks.report import Measured, keep, show


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line.

    Parameters
    ----------
    argv
        Arguments without the program's name; None for those of this process.

    Returns
    -------
    argparse.Namespace
        names, size, gap, repeats, strict, list.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Run benchmark cases.")
    parser.add_argument("names", nargs="*", help="cases to run (default: all that can run)")
    parser.add_argument("--size", choices=SIZES, action="append", help="only this size; may be repeated")
    parser.add_argument("--gap", default=os.environ.get("GAP"), help="folder of generalised-assignment instances")
    parser.add_argument("--repeats", type=int, default=5, help="repetitions of short measurements (default 5)")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a target is missed")
    parser.add_argument("--list", action="store_true", help="list the cases and stop")
    return parser.parse_args(argv)


def chosen(cases: dict[str, Case], names: Sequence[str], options: dict[str, str]) -> list[Case]:
    """Return the cases to run.

    Parameters
    ----------
    cases
        All cases by name.
    names
        Those asked for; empty for all that can run with the options given.
    options
        Options of the command line.

    Returns
    -------
    list of Case
        In the order asked for.

    Raises
    ------
    SystemExit
        When a name is unknown or an option is missing for a named case.
    """
    for name in names:
        if name not in cases:
            raise SystemExit(f"unknown case {name!r}; known: {', '.join(cases)}")
        if missing := [need for need in cases[name].needs if need not in options]:
            raise SystemExit(f"case {name!r} needs --{' --'.join(missing)}")
    if names:
        return [cases[name] for name in names]
    return [case for case in cases.values() if all(need in options for need in case.needs)]


def measure(cases: Sequence[Case], sizes: Sequence[str] | None, run: Run) -> Iterator[Measured]:
    """Run the cases one after the other.

    Parameters
    ----------
    cases
        What to run.
    sizes
        Sizes asked for; None for all that a case knows.
    run
        Settings; its size is replaced.

    Yields
    ------
    Measured
        Case name, size and row, as soon as it is measured.
    """
    for case in cases:
        for size in case.sizes or ("-",):
            if size != "-" and sizes and size not in sizes:
                continue
            print(f"{case.name} {size} …", file=sys.stderr, flush=True)
            for row in case.measure(Run(size, run.repeats, run.options)):
                yield case.name, size, row


def main(argv: Sequence[str] | None = None) -> int:
    """Run what the command line asks for.

    Parameters
    ----------
    argv
        Arguments without the program's name; None for those of this process.

    Returns
    -------
    int
        Exit code: 1 with ``--strict`` when a target is missed, else 0.
    """
    asked = arguments(argv)
    cases = find_cases()
    if asked.list:
        for case in cases.values():
            needs = " ".join(f"--{need}" for need in case.needs)
            print(f"{case.name:24} {' '.join(case.sizes)} {needs}".rstrip())
        return 0
    options = {"gap": asked.gap} if asked.gap else {}
    run = Run("-", asked.repeats, options)
    measured = list(measure(chosen(cases, asked.names, options), asked.size, run))
    show(measured)
    print(f"kept in {keep(measured, Path(__file__).parent / 'results')}")
    return 1 if asked.strict and any(row.ok is False for _, _, row in measured) else 0


if __name__ == "__main__":
    sys.exit(main())
