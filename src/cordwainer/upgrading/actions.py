"""What may be done to lines that are to go: retired, merged into another one, or converted; and the cluster in which it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, line_facts
from cordwainer.core import Period
from cordwainer.planning import standing_still
from cordwainer.upgrading.effects import apply_all
from cordwainer.upgrading.measure import Catalogue
from cordwainer.upgrading.who import lines_of, owners_of

Way = Literal["retire", "merge", "convert"]
_MILLI = 1000


@dataclass(frozen=True, slots=True)
class Action:
    """What may be done to a line, or by a measure to lines or styles of a firm.

    Parameters
    ----------
    lines
        Lines that stop (retire, merge) or change (convert; none where a measure changes styles).
    day
        First day without the line; for a measure the first day of the plan.
    into
        Line that takes on ``moved`` of the people.
    measure
        Measure by which it is converted.
    people
        Who lose their place.
    cost_fen
        Capital spread over its life and running cost, fen a year.
    """

    way: Way
    firm: str
    lines: tuple[str, ...]
    day: date
    into: str = ""
    moved: int = 0
    measure: str = ""
    people: int = 0
    cost_fen: int = 0

    @property
    def stops(self) -> bool:
        """Whether its lines are there no more afterwards."""
        return self.way != "convert"


def phased_out(cluster: Cluster, known: Catalogue, actions: Sequence[Action], periods: Sequence[Period]) -> Cluster:
    """Return the cluster in which lines stop from their day on, others have taken on their people, and measures are in force.

    Parameters
    ----------
    periods
        Periods of the plan, in which lines that stop have no hours.
    """
    day = periods[0].start
    for name in dict.fromkeys(a.measure for a in actions if a.measure):
        measure = known.measures[name]
        firms = [a.firm for a in actions if a.measure == name]
        found = owners_of(measure, cluster) if measure.of_orders else lines_of(measure, cluster, day)
        cluster = apply_all(measure, found.filter(pl.col("firm").is_in(firms)), cluster, day)
    for action in actions:
        if action.way == "merge":
            cluster = _grown(cluster, action, periods)
    for first in sorted({a.day for a in actions if a.stops}):
        gone = [line for a in actions if a.stops and a.day == first for line in a.lines]
        weeks = [p for p in periods if p.start >= first]
        if weeks:
            cluster = standing_still(cluster, gone, (), weeks)
    return cluster


def _grown(cluster: Cluster, action: Action, periods: Sequence[Period]) -> Cluster:
    """Return the cluster in which a line has more people; what they could do before their day is booked, so that it is not offered."""
    before = line_facts(cluster, periods)
    mine = pl.col("line") == action.into
    table = cluster["line_statement"]
    people = pl.col("people") + action.moved
    pairs = (pl.col("pairs_day") * people / pl.col("people")).round(0).clip(lower_bound=1).cast(pl.Int64)
    grown = table.with_columns(
        people=pl.when(mine).then(people).otherwise("people"),
        pairs_day=pl.when(mine).then(pairs).otherwise("pairs_day"),
    )
    after = cluster.replace(line_statement=grown)
    at = before.lines.index(action.into)
    more = line_facts(after, periods).offered[at] - before.offered[at]
    early = [t for t, p in enumerate(periods) if p.start < action.day and more[t] > 0]
    if not early:
        return after
    booked = after["line_booked"]
    rows = pl.DataFrame(
        {
            "line": [action.into] * len(early),
            "date_from": [periods[t].start for t in early],
            "date_to": [periods[t].end for t in early],
            "minutes": [int(-(-more[t] // _MILLI)) for t in early],
        }
    )
    both = pl.concat([booked, rows.select(booked.columns).cast(dict(booked.schema))])  # type: ignore[arg-type]
    keys = [c for c in booked.columns if c != "minutes"]
    return after.replace(line_booked=both.group_by(keys, maintain_order=True).agg(pl.col("minutes").sum()))


def days_open(cluster: Cluster, periods: Sequence[Period]) -> dict[str, int]:
    """Return, by line with accepted promises, the first period after the last work of them: what was promised is kept."""
    kept = cluster["promise"].filter(pl.col("status") == "accepted").select("lot")
    work = (
        cluster["promise_work"]
        .join(kept, on="lot", how="semi")
        .join(cluster["promise_line"], on=["lot", "stage"])
        .group_by("line")
        .agg(last=pl.col("start_date").max())
    )
    starts = np.array([p.start for p in periods], "datetime64[D]")
    return {line: int(np.searchsorted(starts, np.datetime64(last), side="right")) for line, last in work.iter_rows()}
