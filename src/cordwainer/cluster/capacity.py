"""What lines can do: minutes offered, efficiency and ask, computed from statements as owners give them.

Definitions and roundings: docs/concepts/plan-model.md, section 3. All results are exact integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from cordwainer.cluster.cluster import Cluster
from cordwainer.cluster.whole import Ints, Whole, places, product, whole
from cordwainer.core import Period, exact, scaled

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


def working_days(cluster: Cluster, rows: pl.DataFrame, periods: Sequence[Period]) -> Ints:
    """Return the working shares of the days of each period, summed, rows x T, in 1/100.

    ``rows`` give calendar, days_week and the day ``begins``, before which nothing is worked.
    """
    start, end = periods[0].start, max(p.end for p in periods)
    days = np.arange(np.datetime64(start, "D"), np.datetime64(end + _DAY, "D"))
    weekday = (days.astype(np.int64) + 3) % 7  # day 0 was a Thursday
    exceptions = {
        key: (part["date"].to_numpy(), whole(part["working_share"], 2))
        for (key,), part in cluster["calendar"].filter(pl.col("date").is_between(start, end)).group_by("calendar")
    }
    kinds = (
        rows.select("calendar", "days_week", "begins").with_row_index("row").group_by("calendar", "days_week", "begins")
    )
    begin = np.array([(p.start - start).days for p in periods])
    after = begin + [p.days for p in periods]
    found = np.zeros((len(rows), len(periods)), np.int64)
    for (calendar, days_week, begins), part in kinds:
        share = np.clip(10 * scaled(days_week, 1) - 100 * weekday, 0, 100)
        if calendar in exceptions:
            dates, given = exceptions[calendar]
            share[(dates - days[0]).astype(np.int64)] = given
        total = np.concatenate([[0], np.cumsum(np.where(days >= np.datetime64(begins, "D"), share, 0))])
        found[part["row"].to_numpy()] = total[after] - total[begin]
    return found


def line_facts(cluster: Cluster, periods: Sequence[Period]) -> LineFacts:
    """Return the facts of every line of the cluster over the periods of a plan."""
    first = periods[0].start
    rows = (
        statements_in_force(cluster, first)
        .join(cluster["site"].select("site", "calendar"), on="site", how="left", maintain_order="left")
        .with_columns(begins=pl.max_horizontal("valid_from", pl.lit(first)))
    )
    stale = (rows["valid_until"] < first).fill_null(value=False).to_numpy(writable=True)
    stale_share = exact(cluster.policy("stale_share"), 6)
    days = working_days(cluster, rows, periods)
    people, tenth_hours = rows["people"].to_numpy(), whole(rows["hours_day"], 1)
    more_e4 = 10_000 + whole(rows["overtime_share"], 4)
    # 1/1000 minute of a worker's day = 60,000 x hours x share offered (x stale share); with days in 1/100, over ``under``
    each = product(6000 * tenth_hours, whole(rows["share_offered"], 4), np.where(stale, stale_share.numerator, 1))
    under = 10**6 * np.where(stale, stale_share.denominator, 1)
    offered = (product(each[:, None], days, people[:, None]) // under[:, None]).astype(np.int64)
    most = offered * more_e4[:, None] // 10_000
    worker = product(each[:, None], days, more_e4[:, None]) // (10_000 * under[:, None])
    booked = booked_minutes(cluster, rows["line"], periods)
    ask = _asks(cluster, rows)
    return LineFacts(
        lines=tuple(rows["line"]),
        offered=offered,
        booked=booked,
        regular=np.maximum(0, offered - booked),
        most=np.where(offered == 0, 0, np.maximum(0, most - booked)),
        worker=worker.astype(np.int64),
        ask=ask,
        surcharge=_up(product(whole(rows["overtime_premium"], 4), ask), 10_000),
        stale=stale,
    )


def _asks(cluster: Cluster, rows: pl.DataFrame) -> Ints:
    """Return what a worker-hour costs by statement, without recoverable tax, in 1/1000 fen, rounded up."""
    with_vat = 1 + exact(cluster.policy("vat_share"), 6)
    taxed = (rows["invoice"] == "vat").to_numpy()
    top = product(
        rows["fen_pair"].to_numpy(), rows["pairs_day"].to_numpy(), 10_000 * np.where(taxed, with_vat.denominator, 1)
    )
    tenth_hours = product(rows["people"].to_numpy(), whole(rows["hours_day"], 1))
    return _up(top, product(tenth_hours, np.where(taxed, with_vat.numerator, 1)))


def _up(top: Whole, bottom: Whole | int) -> Ints:
    return (-(-top // bottom)).astype(np.int64)


def booked_minutes(cluster: Cluster, lines: pl.Series, periods: Sequence[Period]) -> Ints:
    """Return minutes already taken, lines x periods, in 1/1000 minute, each booking spread evenly over its days."""
    rows = cluster["line_booked"]
    begins, ends = rows["date_from"].to_numpy()[:, None], rows["date_to"].to_numpy()[:, None]
    last = np.minimum(ends, np.array([p.end for p in periods], "datetime64[D]"))
    overlap = (last - np.maximum(begins, np.array([p.start for p in periods], "datetime64[D]"))).astype(np.int64) + 1
    days = (ends - begins).astype(np.int64) + 1
    booked = np.zeros((len(lines), len(periods)), np.int64)
    taken = _up(1000 * rows["minutes"].to_numpy()[:, None] * np.maximum(0, overlap), days)
    np.add.at(booked, places(rows["line"], lines), taken)
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
