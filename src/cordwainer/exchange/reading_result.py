"""What reading a cluster or a plan returns."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Problem


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
        What was assumed or noticed and does no harm, in the form of problems.
    """

    cluster: Cluster
    counts: pl.DataFrame
    notes: tuple[Problem, ...]


@dataclass(frozen=True)
class PlanResult:
    """A plan with what was noticed on the way; the fields are those of `ReadResult`."""

    plan: Plan
    counts: pl.DataFrame
    notes: tuple[Problem, ...]
