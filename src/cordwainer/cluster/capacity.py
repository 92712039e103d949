"""What lines can do: minutes offered, efficiency and ask, computed from statements as owners give them.

Definitions and roundings: docs/concepts/plan-model.md, section 3. All results are exact integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import polars as pl

from cordwainer.cluster.cluster import Cluster
from cordwainer.core import Period, ceil_div, exact, scaled

Ints = npt.NDArray[np.int64]

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class LineFacts:
    """Facts of L lines over T periods, in the order of ``lines``.

    Attributes
    ----------
    lines
        Line ids, L.
    offered, booked, regular, most
        Minutes of work, L x T, in 1/1000 worker-minute.
    worker
        Minutes of one worker with overtime, L x T, in 1/1000 minute (for skills).
    ask, surcharge
        1/1000 fen per worker-hour, L: at regular time, and on top for overtime.
    stale
        Whether the statement was past its last day on the first day of the plan, L.
    """

    lines: tuple[str, ...]
    offered: Ints
    booked: Ints
    regular: Ints
    most: Ints
    worker: Ints
    ask: Ints
    surcharge: Ints
    stale: npt.NDArray[np.bool_]


def statements_in_force(cluster: Cluster, first_date: date) -> pl.DataFrame:
    """Return one statement for each line: the latest not after ``first_date``, else the earliest after it."""
    table = cluster["line_statement"].with_columns(later=pl.col("valid_from") > first_date)
    past = table.filter(~pl.col("later")).sort("valid_from").unique("line", keep="last")
    future = table.filter("later").sort("valid_from").unique("line", keep="first")
    chosen = pl.concat([past, future.join(past, on="line", how="anti")])
    return cluster["line"].select("line", "site", "stage").join(chosen, on="line", how="left", maintain_order="left")


def working_days(exceptions: dict[date, Fraction], days_week: Fraction, period: Period, from_day: date) -> Fraction:
    """Return the sum of working shares of the dates of a period, from a day on."""
    total = Fraction(0)
    for k in range(period.days):
        day = period.start + k * _DAY
        if day >= from_day:
            base = min(Fraction(1), max(Fraction(0), days_week - day.weekday()))
            total += exceptions.get(day, base)
    return total


def calendars(cluster: Cluster) -> dict[str | None, dict[date, Fraction]]:
    """Return the exceptions of each calendar: date to working share. None stands for no calendar."""
    found: dict[str | None, dict[date, Fraction]] = {None: {}}
    for row in cluster["calendar"].iter_rows(named=True):
        found.setdefault(row["calendar"], {})[row["date"]] = exact(row["working_share"], 2)
    return found


def line_facts(cluster: Cluster, periods: Sequence[Period]) -> LineFacts:
    """Return the facts of every line of the cluster over the periods of a plan."""
    first = periods[0].start
    stale_share = exact(cluster.policy("stale_share"), 6)
    vat = exact(cluster.policy("vat_share"), 6)
    exceptions = calendars(cluster)
    site_calendar = dict(cluster["site"].select("site", "calendar").iter_rows())
    rows = statements_in_force(cluster, first).to_dicts()
    shape = (len(rows), len(periods))
    offered, worker, most = (np.zeros(shape, np.int64) for _ in range(3))
    ask, surcharge = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    stale = np.zeros(len(rows), np.bool_)
    days_of: dict[tuple[str | None, float, date], list[Fraction]] = {}
    for i, row in enumerate(rows):
        calendar, begins = site_calendar[row["site"]], max(first, row["valid_from"])
        key = (calendar, row["days_week"], begins)
        if key not in days_of:
            week = exact(row["days_week"], 1)
            days_of[key] = [working_days(exceptions.get(calendar, {}), week, p, begins) for p in periods]
        hours, share = exact(row["hours_day"], 1), exact(row["share_offered"], 4)
        stale[i] = row["valid_until"] is not None and row["valid_until"] < first
        each = 60_000 * hours * share * (stale_share if stale[i] else 1)
        more = 1 + exact(row["overtime_share"], 4)
        for t, days in enumerate(days_of[key]):
            offered[i, t] = int(each * days * row["people"])
            most[i, t] = int(offered[i, t] * more)
            worker[i, t] = int(each * days * more)
        price = Fraction(1000 * row["fen_pair"] * row["pairs_day"]) / (row["people"] * hours)
        price /= 1 + vat if row["invoice"] == "vat" else 1
        ask[i] = ceil_div(price.numerator, price.denominator)
        extra = Fraction(scaled(row["overtime_premium"], 4), 10_000) * int(ask[i])
        surcharge[i] = ceil_div(extra.numerator, extra.denominator)
    index = {row["line"]: i for i, row in enumerate(rows)}
    booked = booked_minutes(cluster, index, periods)
    return LineFacts(
        lines=tuple(index),
        offered=offered,
        booked=booked,
        regular=np.maximum(0, offered - booked),
        most=np.where(offered == 0, 0, np.maximum(0, most - booked)),
        worker=worker,
        ask=ask,
        surcharge=surcharge,
        stale=stale,
    )


def booked_minutes(cluster: Cluster, index: dict[str, int], periods: Sequence[Period]) -> Ints:
    """Return minutes already taken, lines x periods, in 1/1000 minute, each booking spread evenly over its days."""
    booked = np.zeros((len(index), len(periods)), np.int64)
    for row in cluster["line_booked"].iter_rows(named=True):
        days = (row["date_to"] - row["date_from"]).days + 1
        for t, period in enumerate(periods):
            overlap = (min(row["date_to"], period.end) - max(row["date_from"], period.start)).days + 1
            if overlap > 0:
                booked[index[row["line"]], t] += ceil_div(1000 * row["minutes"] * overlap, days)
    return booked


def stated_efficiencies(cluster: Cluster, first_date: date) -> pl.DataFrame:
    """Return line and ``stated``, the efficiency in 1/10,000 that its statement implies; null where that has no minutes.

    Pairs a day x standard minutes of its reference shoe / minutes worked a day, rounded half up to 4 decimals.
    """
    template = cluster["routing_template"].select(
        "stage",
        "minutes_per_pair",
        reference_construction="construction",
        reference_category="category",
    )
    centi = (pl.col("minutes_per_pair") * 100).round(0).cast(pl.Int64)
    tenth_hours = (pl.col("hours_day") * 10).round(0).cast(pl.Int64)
    # pairs_day * (centi / 100) / (people * (tenth_hours / 10) * 60) * 10,000, rounded half up
    top = pl.col("pairs_day") * centi * 10_000 * 10 * 2
    bottom = pl.col("people") * tenth_hours * 60 * 100
    return (
        statements_in_force(cluster, first_date)
        .join(template, on=["stage", "reference_construction", "reference_category"], how="left", maintain_order="left")
        .select("line", stated=((top + bottom) // (2 * bottom)).clip(lower_bound=1))
    )


def efficiencies(cluster: Cluster, first_date: date) -> pl.DataFrame:
    """Return efficiency in 1/10,000 for every row of ``line_makes``: its own, else that of the statement.

    Columns: line, construction, category, extra_fen_pair, efficiency_e4.
    """
    own = (pl.col("efficiency") * 10_000).round(0).cast(pl.Int64)
    return (
        cluster["line_makes"]
        .join(stated_efficiencies(cluster, first_date), on="line", how="left", maintain_order="left")
        .select("line", "construction", "category", "extra_fen_pair", efficiency_e4=pl.coalesce(own, "stated"))
    )
