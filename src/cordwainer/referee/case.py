"""A plan before the referee: its decisions, the cluster's facts, and what follows from both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.referee.bound import Bound, bound
from cordwainer.referee.clock import Clock
from cordwainer.referee.contribution import Contribution, contribution
from cordwainer.referee.decisions import Decisions, Lot, read_decisions
from cordwainer.referee.derived import derived
from cordwainer.referee.eligibility import Eligibility
from cordwainer.referee.facts import Facts
from cordwainer.referee.parts import parts
from cordwainer.referee.usage import Usage, usage


@dataclass(frozen=True, slots=True)
class Fault:
    """One breach of a rule: where, and by how much (in the unit of the rule; None where there is no amount)."""

    table: str
    id: str
    period: int | None = None
    by: int | None = None
    note: str = ""


class Case:
    """A cluster and a plan of it; whatever is derived is computed when first asked for.

    Parameters
    ----------
    cluster, plan
        The plan's periods must be without gaps, and all that it names must exist.
    """

    def __init__(self, cluster: Cluster, plan: Plan) -> None:
        self.cluster, self.plan = cluster, plan
        self.clock = Clock(plan.periods)
        self.facts = Facts(cluster, self.clock)
        self.permits = Eligibility(self.facts)
        self.decisions: Decisions = read_decisions(cluster, plan, self.clock)

    @cached_property
    def used(self) -> Usage:
        """Use of all lots of the plan."""
        return usage(self.facts, self.decisions.lots.values())

    @cached_property
    def frozen(self) -> Usage:
        """Use of the cluster's frozen lots."""
        return usage(self.facts, self.decisions.frozen.values())

    @cached_property
    def money(self) -> Contribution:
        """Contribution, cell by cell."""
        return contribution(self.facts, self.decisions, self.used)

    @cached_property
    def bound(self) -> Bound:
        """Bound at the plan's prices."""
        return bound(self.facts, self.permits, self.decisions, self.frozen)

    @cached_property
    def derived(self) -> dict[str, pl.DataFrame]:
        """Derived tables."""
        found = parts(self.facts, self.decisions, self.bound, self.money.total, self.used, self.frozen)
        return derived(self.facts, self.decisions, self.money, self.used, found)

    def stages(self) -> Iterator[tuple[Lot, str, str]]:
        """Yield lot, stage and line of all lots that are not frozen, for the stages of their routings."""
        for lot in self.decisions.free:
            for stage in self.facts.orders[lot.order].style.stages:
                if stage in lot.lines:
                    yield lot, stage, lot.lines[stage]
