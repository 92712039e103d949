"""A grading scheme: what it weighs, cuts, adds, takes off, forbids and charges; all of it data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cordwainer.core import Text

Form = Literal["benchmark", "min-max"]
Missing = Literal["unknown", "mean", "last-year"]
"""Without it the score is unknown; the mean score of the list stands in; the value of the year before stands in."""
Ties = Literal["better", "worse"]
"""Equal scores at a cut all get the better grade, or all get the worse one."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A figure that must be at least so much, and below so much; unknown where the figure is."""

    figure: str
    at_least: float | None = None
    below: float | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """An indicator in a list: ``weight`` in points; ``cap`` and ``floor`` as multiples of the weight."""

    indicator: str
    weight: float
    benchmark: float | None
    cap: float | None
    floor: float | None
    missing: Missing


@dataclass(frozen=True, slots=True)
class Cut:
    """Grades, best first; ``at`` has one entry less: shares of the group from the top, or least scores."""

    by: Literal["share", "score"]
    grades: tuple[str, ...]
    at: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """A list of the scheme: who is on it (all of ``when`` and one of ``any_of``), what is weighed, where it is cut."""

    name: str
    title: Text
    when: tuple[Condition, ...]
    any_of: tuple[Condition, ...]
    indicators: tuple[Weighed, ...]
    cut: Cut


@dataclass(frozen=True, slots=True)
class Adjust:
    """Points for the first, second ... unit of a figure; the last entry holds for all that follow."""

    lists: tuple[str, ...]
    figure: str
    each: tuple[float, ...]
    missing: Literal["unknown", "none"]
    title: Text


@dataclass(frozen=True, slots=True)
class Veto:
    """A grade that a figure forces, whatever the score."""

    figure: str
    at_least: float
    grade: str
    title: Text


@dataclass(frozen=True, slots=True)
class Exempt:
    """Who is not graded, and as what grade it is treated."""

    condition: Condition
    treated_as: str
    title: Text


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry group: firms with one of the roles; a firm belongs to the first group of the scheme that fits."""

    name: str
    title: Text
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consequence:
    """Yuan a unit of a figure and year for firms of some grades; more is a cost, less a relief."""

    grades: tuple[str, ...]
    figure: str
    yuan: float
    title: Text


@dataclass(frozen=True, slots=True)
class Source:
    """Where a scheme comes from, what was taken from it, and whether that was read there."""

    at: str
    says: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Units:
    """Who is graded as one.

    ``groups``: firms of a group are merged, or stand apart. ``two_groups``: a firm in two groups stands apart from both, or
    belongs to the first by id. ``tenants`` of a firm's parcel stand apart, are merged with it, or inherit its grade.
    """

    groups: Literal["merge", "apart"]
    two_groups: Literal["apart", "first"]
    tenants: Literal["apart", "merge", "inherit"]


@dataclass(frozen=True, slots=True)
class Scheme:
    """A grading scheme; ``fingerprint`` is the SHA-256 of its file."""

    name: str
    version: str
    fingerprint: str
    title: Text
    form: Form
    base: float
    decimals: int
    ties: Ties
    days_to_object: int
    sources: tuple[Source, ...]
    unverified: tuple[Text, ...]
    units: Units
    industries: tuple[Industry, ...]
    lists: tuple[Roster, ...]
    adjusts: tuple[Adjust, ...]
    vetoes: tuple[Veto, ...]
    exempts: tuple[Exempt, ...]
    consequences: tuple[Consequence, ...]

    @property
    def indicators(self) -> tuple[str, ...]:
        """Every indicator that it weighs, in order, each once."""
        return tuple(dict.fromkeys(w.indicator for r in self.lists for w in r.indicators))
