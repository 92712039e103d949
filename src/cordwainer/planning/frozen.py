"""Promised lots that the plan may not touch: what they use, as constants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster
from cordwainer.core import Period
from cordwainer.planning.problem import Ints


@dataclass(frozen=True)
class Frozen:
    """Frozen lots and what they use.

    ``lots`` have columns lot, order, pairs; ``lines`` lot, stage, line; ``work`` lot, stage, period, pairs. ``load`` is
    L x T in 1/1000 minute, ``need`` material x T in micro units; the dictionaries hold use by row name and period.
    """

    lots: pl.DataFrame
    lines: pl.DataFrame
    work: pl.DataFrame
    pairs: dict[str, int]
    load: Ints
    need: Ints
    skill: dict[tuple[tuple[str, str], int], int] = field(default_factory=dict)
    tool: dict[tuple[str, int], int] = field(default_factory=dict)
    cap: dict[str, int] = field(default_factory=dict)
    money_fen: int = 0

    def skill_use(self, ids: Sequence[tuple[str, str]], shape: tuple[int, ...]) -> Ints:
        """Return minutes used of each skill row, rows x T."""
        return _fill(self.skill, ids, shape)

    def tool_use(self, ids: Sequence[str], shape: tuple[int, ...]) -> Ints:
        """Return use of each tool row, rows x T."""
        return _fill(self.tool, ids, shape)

    def cap_use(self, ids: Sequence[str]) -> Ints:
        """Return use of each cap in milli units."""
        return np.array([self.cap.get(c, 0) for c in ids], np.int64)


def _fill(use: dict, ids: Sequence, shape: tuple[int, ...]) -> Ints:  # type: ignore[type-arg]
    table = np.zeros(shape, np.int64)
    for i, name in enumerate(ids):
        for t in range(shape[1]):
            table[i, t] = use.get((name, t), 0)
    return table


def frozen_rows(
    cluster: Cluster, periods: Sequence[Period], freeze_date: date | None
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return lots, lines and work of the promises that stand: accepted, or begun before the freeze date and not given back."""
    number = pl.DataFrame(
        {"start_date": [p.start for p in periods], "period": range(len(periods))},
        schema={"start_date": pl.Date, "period": pl.Int64},
    )
    work = cluster["promise_work"].join(number, on="start_date", how="left")
    begun = work.filter(pl.col("start_date") < freeze_date) if freeze_date else work.clear()
    standing = (pl.col("status") == "accepted") | (
        (pl.col("status") == "offered") & pl.col("lot").is_in(begun["lot"].implode())
    )
    lots = cluster["promise"].filter(standing).select("lot", "order", "pairs")
    keep = lots.select("lot")
    return (
        lots,
        cluster["promise_line"].join(keep, on="lot", how="semi").select("lot", "stage", "line"),
        work.join(keep, on="lot", how="semi").select("lot", "stage", "period", "pairs"),
    )


def nothing_frozen(cluster: Cluster, periods: Sequence[Period], freeze_date: date | None = None) -> Frozen:
    """Return the frozen lots of the cluster with nothing used yet (`measure` fills in what they use)."""
    lots, lines, work = frozen_rows(cluster, periods, freeze_date)
    pairs = dict(lots.group_by("order").agg(pl.col("pairs").sum()).iter_rows())
    shape = (cluster["line"].height, len(periods))
    return Frozen(
        lots,
        lines,
        work,
        pairs,
        np.zeros(shape, np.int64),
        np.zeros((cluster["material"].height, len(periods)), np.int64),
    )
