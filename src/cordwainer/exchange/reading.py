"""Read a cluster or a plan from CSV, Excel or Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polars as pl

from cordwainer.cluster import Cluster, Plan, dictionary
from cordwainer.core import Problem
from cordwainer.exchange.assemble import judged
from cordwainer.exchange.sources import gather


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


def read_tables(path: Path) -> ReadResult:
    """Return the cluster whose tables stand at a path.

    Raises
    ------
    ReadErrors
        With every problem; nothing is kept.
    UserError
        If a file is missing or cannot be read at all.
    """
    specs = dictionary.cluster_tables()
    work = gather(path, specs)
    frames = judged(work, specs)
    return ReadResult(Cluster(MappingProxyType(frames)), work.counts([]), tuple(work.notes))


def read_plan(path: Path) -> PlanResult:
    """Return the plan whose tables stand at a path.

    Raises
    ------
    ReadErrors
        With every problem; nothing is kept.
    UserError
        If a file is missing or cannot be read at all.
    """
    specs = dictionary.plan_tables()
    work = gather(path, specs)
    frames = judged(work, specs)
    return PlanResult(Plan(MappingProxyType(frames)), work.counts([]), tuple(work.notes))
