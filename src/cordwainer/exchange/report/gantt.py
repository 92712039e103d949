"""The Gantt chart: the largest lots of the busiest makers, from first to last day of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil

import polars as pl

from cordwainer.core import Text
from cordwainer.exchange.report.joined import Joined

MAKERS, LOTS = 12, 8


@dataclass(frozen=True, slots=True)
class GanttBar:
    """A lot at a maker: begin and width in per cent of all weeks, lane, style (late or not), label, and what is said."""

    left: float
    width: float
    lane: int
    style: str
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class GanttRow:
    """A maker: its name, its lots, and how many lanes they need."""

    name: Text
    lanes: int
    bars: tuple[GanttBar, ...]


@dataclass(frozen=True, slots=True)
class Gantt:
    """The whole chart over so many weeks; ``marks`` are first days with their place in per cent."""

    weeks: int
    rows: tuple[GanttRow, ...]
    marks: tuple[tuple[float, str], ...]


def lanes(spans: list[tuple[int, int]]) -> list[int]:
    """Return a lane for each span (first, last; ascending by first) so that spans of one lane do not overlap."""
    free_from: list[int] = []
    chosen = []
    for first, last in spans:
        lane = next((k for k, free in enumerate(free_from) if free <= first), len(free_from))
        if lane == len(free_from):
            free_from.append(0)
        free_from[lane] = last + 1
        chosen.append(lane)
    return chosen


def chosen_lots(j: Joined) -> pl.DataFrame:
    """Return the largest lots of the busiest makers: firm, lot, order, pairs, stages, first and last period."""
    busiest = (
        j.line_weeks.group_by("firm")
        .agg(load=pl.col("load_mmin").sum())
        .filter(pl.col("load") > 0)
        .sort("load", "firm", descending=[True, False])
        .head(MAKERS)
        .with_row_index("rank")
    )
    lots = (
        j.work.group_by("firm", "lot", "order")
        .agg(
            first=pl.col("period").min(),
            last=pl.col("period").max(),
            start_date=pl.col("start_date").min(),
            end_date=pl.col("end_date").max(),
            stages=pl.col("stage").n_unique(),
        )
        .join(j.plan["lot"].select("lot", "pairs"), on="lot")
    )
    late = j.orders.select("order", late=pl.col("late_days").fill_null(0) > 0)
    return (
        busiest.join(lots, on="firm")
        .sort("rank", pl.col("pairs") * -1, "lot")
        .group_by("rank", maintain_order=True)
        .head(LOTS)
        .join(late, on="order", how="left")
        .join(j.firms, on="firm", how="left")
        .sort("rank", "first", "last", "lot")
    )


def gantt(j: Joined) -> Gantt:
    """Return the chart."""
    starts: list[date] = j.periods["start_date"].to_list()
    step = 100 / max(1, len(starts))
    rows = []
    for _, frame in chosen_lots(j).group_by("rank", maintain_order=True):
        found = frame.to_dicts()
        lane_of = lanes([(r["first"], r["last"]) for r in found])
        bars = tuple(
            GanttBar(
                left=r["first"] * step,
                width=(r["last"] - r["first"] + 1) * step,
                lane=lane,
                style="late" if r["late"] else "load",
                label=r["order"],
                title=f"{r['order']}: {r['pairs']:,}, {r['start_date']} – {r['end_date']}",
            )
            for r, lane in zip(found, lane_of, strict=True)
        )
        rows.append(GanttRow(Text(found[0]["firm_en"], found[0]["firm_zh"]), max(lane_of) + 1, bars))
    every = max(1, ceil(len(starts) / 13))
    marks = tuple((k * step, f"{d:%m-%d}") for k, d in enumerate(starts) if k % every == 0)
    return Gantt(len(starts), tuple(rows), marks)
