"""What reading a cluster or a plan returns."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Problem


@dataclass(frozen=True)
class Mark:
    """What one rule marks as unknown or assumed: the first rows in the form of problems, and how many there are."""

    problems: tuple[Problem, ...]
    total: int


@dataclass(frozen=True)
class ReadResult:
    """A cluster with what was noticed on the way.

    Attributes
    ----------
    cluster
        The checked cluster.
    counts
        For each table that was found: table, file, sheet, rows_in, accepted, rejected (0).
    notes
        What was assumed or noticed while reading and does no harm, in the form of problems.
    marks
        What is unknown or assumed in the tables and does no harm; `check_cluster` looks for it.
    """

    cluster: Cluster
    counts: pl.DataFrame
    notes: tuple[Problem, ...]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class PlanResult:
    """A plan with what was noticed on the way; the fields are those of `ReadResult`."""

    plan: Plan
    counts: pl.DataFrame
    notes: tuple[Problem, ...]
