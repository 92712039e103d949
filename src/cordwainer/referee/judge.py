"""The referee: from a cluster and a plan alone, what is broken, what the plan is worth, and what it could be worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.referee.case import Case, Fault
from cordwainer.referee.feasibility import GATES, MESSAGES, RULES

VIOLATION = pl.Schema(
    {
        "rule": pl.String(),
        "table": pl.String(),
        "id": pl.String(),
        "period": pl.Int64(),
        "by_how_much": pl.Int64(),
        "message_en": pl.String(),
        "message_zh": pl.String(),
    }
)
MOST_SHOWN = 2**63 - 1


@dataclass(frozen=True)
class Recomputed:
    """What follows from a plan's decisions: money in fen, and the derived tables."""

    contribution_fen: int
    bound_fen: int
    without_lots_fen: int
    derived: Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Judgement:
    """The verdict on a plan.

    ``violations`` has a row for every breach (rule, table, id, period, by_how_much, message_en, message_zh).
    ``recomputed`` is None where the plan could not be read against the cluster.
    """

    violations: pl.DataFrame
    recomputed: Recomputed | None

    @property
    def certified(self) -> bool:
        """Whether nothing is broken: the plan can be carried out and all that it says is true."""
        return self.violations.is_empty()


def recompute(cluster: Cluster, plan: Plan) -> Recomputed:
    """Return money, bound and derived tables from the decisions and prices of a plan; its claims are not read.

    Raises
    ------
    UserError
        If a capped or priced flow has no coefficient.
    """
    return _recomputed(Case(cluster, plan))


def _recomputed(case: Case) -> Recomputed:
    return Recomputed(case.money.total, case.bound.total, case.bound.without_lots, case.derived)


def judge(cluster: Cluster, plan: Plan) -> Judgement:
    """Return the verdict on a plan of a cluster: every rule checked, every figure computed anew, no tolerance.

    Raises
    ------
    UserError
        If a capped or priced flow has no coefficient.
    """
    gates = {name: list(gate(cluster, plan)) for name, gate in GATES.items()}
    if any(gates.values()):
        return Judgement(_table(gates), None)
    case = Case(cluster, plan)
    found = {name: list(rule(case)) for name, rule in RULES.items()}
    return Judgement(_table(found), _recomputed(case))


def _table(found: Mapping[str, Iterable[Fault]]) -> pl.DataFrame:
    rows = []
    for rule, faults in found.items():
        for f in faults:
            text = MESSAGES[rule].format(id=f.id, period=f.period, by=f.by, note=f.note)
            amount = None if f.by is None else max(-MOST_SHOWN, min(f.by, MOST_SHOWN))
            rows.append((rule, f.table, f.id, f.period, amount, text.en, text.zh))
    return pl.DataFrame(rows, schema=VIOLATION, orient="row")
