"""Read a cluster or a plan from CSV, Excel or Parquet."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from cordwainer.cluster import Cluster, Plan, dictionary
from cordwainer.exchange.assemble import judged
from cordwainer.exchange.own import holds_own, read_own_tables
from cordwainer.exchange.reading_result import PlanResult, ReadResult
from cordwainer.exchange.sources import format_of, gather
from cordwainer.exchange.workbook_in import Workbook


def read_cluster(path: Path) -> ReadResult:
    """Return the cluster that stands at a path; a workbook of your own cluster is recognised by its sheets.

    Raises
    ------
    ReadErrors
        With every problem; nothing is kept.
    UserError
        If a file is missing or cannot be read at all.
    """
    if format_of(path) == "excel" and holds_own(Workbook(path)):
        return read_own_tables(path)
    specs = dictionary.cluster_tables()
    work = gather(path, specs)
    frames = judged(work, specs)
    return ReadResult(Cluster(MappingProxyType(frames)), work.counts(), tuple(work.notes))


def read_own(path: Path) -> Cluster:
    """Return the cluster that a workbook of your own cluster stands for; errors are those of `read_cluster`."""
    return read_own_tables(path).cluster


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
    return PlanResult(Plan(MappingProxyType(frames)), work.counts(), tuple(work.notes))
