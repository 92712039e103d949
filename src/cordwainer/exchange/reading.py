"""Read a cluster or a plan from CSV, Excel or Parquet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import polars as pl

from cordwainer.cluster import Cluster, Plan, dictionary, marks, unplannable
from cordwainer.cluster.dictionary import Table
from cordwainer.core import Text, UserError
from cordwainer.exchange.assemble import Assembled, judged
from cordwainer.exchange.own import headed, holds_own, read_own_tables
from cordwainer.exchange.reading_result import Mark, PlanResult, ReadResult
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
    return _read(path)[0]


def check_cluster(path: Path) -> ReadResult:
    """Return the cluster that stands at a path if it can also be planned, and mark what is unknown in it.

    Raises
    ------
    ReadErrors
        As `read_cluster`, and with what would stop planning though the cluster can be read.
    UserError
        As `read_cluster`.
    """
    result, work = _read(path)
    work.take(unplannable(result.cluster.frames))
    if work.problems:
        raise work.refuse()
    found = marks(result.cluster.frames)
    if work.sheet_of:
        # What the three sheets of your own cluster do not ask for is among the assumptions that are noted.
        found = [each for each in found if each.table.name in work.sheet_of]
    told = tuple(Mark(tuple(headed(work.placed(p)) for p in each.problems()), each.rows.height) for each in found)
    return replace(result, marks=told)


def _read(path: Path) -> tuple[ReadResult, Assembled]:
    if format_of(path) == "excel" and holds_own(Workbook(path)):
        return read_own_tables(path)
    specs = dictionary.cluster_tables()
    work = gather(path, specs)
    frames = _judged(path, work, specs, "plan")
    return ReadResult(Cluster(MappingProxyType(frames)), work.counts(), tuple(work.notes)), work


def _judged(path: Path, work: Assembled, specs: tuple[Table, ...], other: str) -> dict[str, pl.DataFrame]:
    """Return the checked tables; where there is none, but only tables of the ``other`` kind, say so."""
    if not work.raws and not work.problems and any(note.rule == "other-kind" for note in work.notes):
        raise _not_what_was_asked(path, "cluster" if other == "plan" else "plan", other)
    return judged(work, specs)


def _not_what_was_asked(path: Path, wanted: str, found: str | None) -> UserError:
    words = {"cluster": Text("a cluster", "集群数据"), "plan": Text("a plan", "计划")}
    want, held = words[wanted], words.get(found or "")
    but = Text(f" but {held.en}", f"，而是{held.zh}") if held else Text("", "")
    return UserError(
        f"no-{wanted}",
        Text(f"{path} does not hold {want.en}{but.en}.", f"{path} 中不是{want.zh}{but.zh}。"),
        Text(
            "Give the cluster first and then the plan that was made of it.",
            "请先写集群数据的路径，再写由它排出的计划的路径。",
        ),
    )


def read_own(path: Path) -> Cluster:
    """Return the cluster that a workbook of your own cluster stands for; errors are those of `read_cluster`."""
    return read_own_tables(path)[0].cluster


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
    frames = _judged(path, work, specs, "cluster")
    if not work.raws.keys() >= {"plan", "plan_period"} or frames["plan"].height != 1:
        raise _not_what_was_asked(path, "plan", None)
    return PlanResult(Plan(MappingProxyType(frames)), work.counts(), tuple(work.notes))
