"""What a measure, a subsidy rule and an assumption are: figures with their source, effects, where they apply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from cordwainer.core import Text

Kind = Literal[
    "automation",
    "lean",
    "capacity",
    "merger",
    "energy",
    "clean",
    "shared",
    "digital",
    "certificate",
    "skill",
    "construction",
    "category",
    "design",
    "material",
]
KINDS: tuple[str, ...] = get_args(Kind)
PER = ("firm", "line", "person")
LINE_EFFECTS = ("efficiency", "capacity", "minutes", "defect", "flow", "smallest_lot", "tier", "makes")
FIRM_EFFECTS = ("certificate", "skill")
ORDER_EFFECTS = ("material", "loss", "premium")
EFFECTS = (*LINE_EFFECTS, *FIRM_EFFECTS, *ORDER_EFFECTS, "figure")


@dataclass(frozen=True, slots=True)
class Number:
    """A figure with its unit, what it is counted ``per`` (blank: once), source, year, and whether it was read there."""

    value: float
    unit: str
    source: str
    year: int
    verified: bool
    per: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a measure changes, and by how much; which of the names count depends on the kind.

    ``flow`` and ``standard`` and ``figure`` name rows; ``old`` and ``new`` a material and what replaces it; ``materials`` kinds of
    material; ``construction`` what a line learns to make (``any``: all that its stage does for the constructions it makes);
    ``channel`` how orders are sold afterwards.
    """

    kind: str
    size: Number
    flow: str = ""
    standard: str = ""
    figure: str = ""
    old: str = ""
    new: str = ""
    construction: str = ""
    channel: str = ""
    materials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A step that a firm may take.

    ``roles``, ``stages``, ``makes``, ``least_people``, ``most_people`` and ``least_lines`` say where it applies; ``needs`` what must
    come first, ``excludes`` what it cannot stand beside. ``capital`` in yuan, ``running`` in yuan a year, ``lead`` in days,
    ``life`` in years.
    """

    name: str
    kind: str
    title: Text
    says: Text
    roles: tuple[str, ...]
    stages: tuple[str, ...]
    makes: tuple[str, ...]
    least_people: int
    most_people: int
    least_lines: int
    needs: tuple[str, ...]
    excludes: tuple[str, ...]
    capital: Number
    running: Number
    lead: Number
    life: Number
    effects: tuple[Effect, ...]

    @property
    def of_orders(self) -> bool:
        """Whether it changes the styles that a firm owns, and not its lines."""
        return any(e.kind in ORDER_EFFECTS for e in self.effects)

    def cost_fen(self, number: Number, firm_lines: int, people: int) -> int:
        """Return capital or running cost for a firm with so many lines that change and so many people, fen."""
        units = {"firm": 1, "line": firm_lines, "person": people}.get(number.per, 1)
        return round(100 * number.value * units)


@dataclass(frozen=True, slots=True)
class Subsidy:
    """A rule by which a part of an investment is paid back; amounts in yuan, times in months after acceptance.

    ``most_local_share``: in a year no more than this share of the firm's tax of the year before.
    """

    name: str
    title: Text
    kinds: tuple[str, ...]
    excluded_grades: tuple[str, ...]
    window_from: date
    window_to: date
    rate: Number
    least_investment: Number
    most_project: Number
    most_firm_year: Number
    most_local_share: Number
    paid_months: Number
    late_months: Number


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a valuation assumes beside plan and measures."""

    wage_yuan_hour: Number
    electricity_yuan_kwh: Number
    discount_rate: Number


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a phase-out assumes: what leaks to other places, what a lost job counts, and how many people a merger takes along."""

    leak_share_low: Number
    leak_share_high: Number
    leak_flow_low: Number
    leak_flow_high: Number
    job_yuan_year: Number
    merge_people: Number
    merge_growth: Number
    merge_yuan_person: Number


@dataclass(frozen=True)
class Catalogue:
    """Measures, subsidies and assumptions by name, in the order of their files."""

    measures: dict[str, Measure]
    subsidies: dict[str, Subsidy]
    assumptions: Assumptions
    leaving: Leaving
