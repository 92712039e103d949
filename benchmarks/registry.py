"""Keep the named cases, find them in the files ``cases_*.py``, and say what a case returns."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

SIZES = ("S", "M", "L")


@dataclass(frozen=True)
class Run:
    """What a case is asked to measure.

    Parameters
    ----------
    size
        One of `SIZES`, or ``-`` for a case that has no size.
    repeats
        How often a short measurement is taken (count, at least 1).
    options
        Free settings of the command line, such as ``gap`` (a folder).
    """

    size: str
    repeats: int = 5
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One measured figure.

    Parameters
    ----------
    figure
        What was measured, in words.
    unit
        Its unit (s, MiB, %, fen, …).
    measured
        The value; None when it could not be measured, which never counts as reached.
    at_most, at_least
        The target; at most one of them is given.
    cold
        The first measurement, shown apart, in the same unit.
    low, high
        Smallest and largest of the repeated measurements, in the same unit.
    note
        What the reader must know beside the figure.

    Raises
    ------
    ValueError
        When both targets are given.
    """

    figure: str
    unit: str
    measured: float | None
    at_most: float | None = None
    at_least: float | None = None
    cold: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.at_most is not None and self.at_least is not None:
            raise ValueError(f"{self.figure}: a figure has one target, at_most or at_least")

    @property
    def ok(self) -> bool | None:
        """Whether the target is reached; None where there is no target."""
        if self.at_most is None and self.at_least is None:
            return None
        if self.measured is None:
            return False
        if self.at_most is not None:
            return self.measured <= self.at_most
        return self.at_least is not None and self.measured >= self.at_least

    @property
    def target(self) -> str:
        """The target as it is read: ``≤ 20``, ``≥ 0.25`` or nothing."""
        if self.at_most is not None:
            return f"≤ {self.at_most:g}"
        return f"≥ {self.at_least:g}" if self.at_least is not None else ""


Measure = Callable[[Run], Iterable[Row]]


@dataclass(frozen=True)
class Case:
    """A named benchmark.

    Parameters
    ----------
    name
        Short name, as given on the command line.
    sizes
        The sizes it knows; empty when it has none.
    needs
        Options without which it is left out unless it is asked for by name.
    measure
        The function that measures.
    """

    name: str
    sizes: tuple[str, ...]
    needs: tuple[str, ...]
    measure: Measure


_CASES: dict[str, Case] = {}


def case(name: str, sizes: Sequence[str] = (), needs: Sequence[str] = ()) -> Callable[[Measure], Measure]:
    """Register the decorated function as a case.

    Parameters
    ----------
    name
        Short name; each name once.
    sizes
        Which of `SIZES` the case knows; empty when it has none.
    needs
        Options it cannot do without.

    Returns
    -------
    callable
        The decorator; it returns the function unchanged.

    Raises
    ------
    ValueError
        When the name is taken or a size is unknown.
    """
    unknown = [size for size in sizes if size not in SIZES]
    if name in _CASES or unknown:
        raise ValueError(f"case {name!r}: " + (f"unknown sizes {unknown}" if unknown else "the name is taken"))

    def register(measure: Measure) -> Measure:
        _CASES[name] = Case(name, tuple(sizes), tuple(needs), measure)
        return measure

    return register


def find_cases() -> dict[str, Case]:
    """Import every ``cases_*.py`` beside this file and return the cases by name.

    Returns
    -------
    dict of str to Case
        In the order of the files' and cases' names.
    """
    package = importlib.import_module("benchmarks")
    for module in pkgutil.iter_modules(package.__path__):
        if module.name.startswith("cases_"):
            importlib.import_module(f"benchmarks.{module.name}")
    return dict(sorted(_CASES.items()))
