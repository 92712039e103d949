"""What lines offer, computed by the referee itself: minutes, efficiency, ask (plan model, section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from cordwainer.cluster import Cluster
from cordwainer.core import ceil_div, exact, round_half_up, scaled
from cordwainer.referee.clock import Clock

Kind = tuple[str, str]
"""Construction and category of a shoe."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A line with what follows from its statement.

    ``regular``, ``most`` and ``worker`` (minutes of one worker with overtime) are in 1/1000 minute by period;
    ``ask`` and ``surcharge`` in 1/1000 fen per worker-hour; ``defect`` and the efficiencies in 1/10,000.
    ``makes`` gives (efficiency, extra fen per pair) by kind of shoe, ``fallback`` the statement's efficiency.
    """

    id: str
    site: str
    firm: str
    district: str
    stage: str
    tier: int
    smallest: int
    defect: int
    ask: int
    surcharge: int
    regular: tuple[int, ...]
    most: tuple[int, ...]
    worker: tuple[int, ...]
    makes: dict[Kind, tuple[int, int]]
    fallback: int

    def efficiency(self, kind: Kind) -> int:
        """Return the efficiency in 1/10,000 for a kind of shoe."""
        return self.makes[kind][0] if kind in self.makes else self.fallback

    def piece_price(self, kind: Kind) -> int:
        """Return the piece price in fen per pair for a kind of shoe."""
        return self.makes[kind][1] if kind in self.makes else 0


class WorkingDays:
    """Sums of working shares by period, remembered by calendar, days a week and first day."""

    def __init__(self, cluster: Cluster, clock: Clock) -> None:
        self.clock = clock
        self.exceptions: dict[str, dict[date, Fraction]] = {}
        for row in cluster["calendar"].iter_rows(named=True):
            self.exceptions.setdefault(row["calendar"], {})[row["date"]] = exact(row["working_share"], 2)
        self.known: dict[tuple[str | None, float, date], tuple[Fraction, ...]] = {}

    def of(self, calendar: str | None, days_week: float, begins: date) -> tuple[Fraction, ...]:
        """Return the working days in each period from ``begins`` on."""
        key = (calendar, days_week, max(begins, self.clock.first))
        if key not in self.known:
            special = self.exceptions.get(calendar, {}) if calendar is not None else {}
            week = exact(days_week, 1)
            normal = [min(Fraction(1), max(Fraction(0), week - k)) for k in range(7)]
            self.known[key] = tuple(
                sum((special.get(d, normal[d.weekday()]) for d in dates if d >= begins), Fraction(0))
                for dates in self.clock.dates
            )
        return self.known[key]


def in_force(cluster: Cluster, first: date) -> dict[str, Row]:
    """Return the statement in force of every line: the latest not after ``first``, else the earliest after."""
    chosen: dict[str, Row] = {}
    for row in cluster["line_statement"].sort("valid_from").iter_rows(named=True):
        if row["valid_from"] <= first or row["line"] not in chosen:
            chosen[row["line"]] = row
    return chosen


def booked(cluster: Cluster, clock: Clock) -> dict[str, list[int]]:
    """Return minutes already taken, in 1/1000 minute, by line and period."""
    taken: dict[str, list[int]] = {}
    for row in cluster["line_booked"].iter_rows(named=True):
        minutes = taken.setdefault(row["line"], [0] * len(clock))
        days = (row["date_to"] - row["date_from"]).days + 1
        for t, (start, end) in enumerate(zip(clock.starts, clock.ends, strict=True)):
            shared = (min(end, row["date_to"]) - max(start, row["date_from"])).days + 1
            if shared > 0:
                minutes[t] += ceil_div(1000 * row["minutes"] * shared, days)
    return taken


def ceil_of(value: Fraction) -> int:
    """Return a fraction rounded up."""
    return ceil_div(value.numerator, value.denominator)


def _ask(statement: Row, vat: Fraction) -> int:
    net = 1 + vat if statement["invoice"] == "vat" else Fraction(1)
    hours = statement["people"] * exact(statement["hours_day"], 1)
    return ceil_of(Fraction(1000 * statement["fen_pair"] * statement["pairs_day"]) / hours / net)


def _stated_efficiency(statement: Row, minutes: Fraction | None) -> int:
    """Return the efficiency that a statement implies, in 1/10,000; 1 where its reference shoe has no minutes."""
    if minutes is None:
        return 10_000
    worked = statement["people"] * exact(statement["hours_day"], 1) * 60
    return max(1, int(10_000 * round_half_up(statement["pairs_day"] * minutes / worked, 4)))


def read_lines(cluster: Cluster, clock: Clock) -> dict[str, Line]:
    """Return all lines by id, with their minutes over the periods of the clock."""
    vat, stale_share = exact(cluster.policy("vat_share"), 6), exact(cluster.policy("stale_share"), 6)
    sites = {r["site"]: r for r in cluster["site"].iter_rows(named=True)}
    template = {
        (r["construction"], r["category"], r["stage"]): exact(r["minutes_per_pair"], 2)
        for r in cluster["routing_template"].iter_rows(named=True)
    }
    makes: dict[str, list[Row]] = {}
    for row in cluster["line_makes"].iter_rows(named=True):
        makes.setdefault(row["line"], []).append(row)
    days, taken, statements = WorkingDays(cluster, clock), booked(cluster, clock), in_force(cluster, clock.first)
    found: dict[str, Line] = {}
    for row in cluster["line"].iter_rows(named=True):
        line, site, said = row["line"], sites[row["site"]], statements[row["line"]]
        reference = (said["reference_construction"], said["reference_category"], row["stage"])
        fallback = _stated_efficiency(said, template.get(reference))
        stale = said["valid_until"] is not None and said["valid_until"] < clock.first
        worked = days.of(site["calendar"], said["days_week"], said["valid_from"])
        regular, most, worker = _minutes(said, stale_share if stale else Fraction(1), worked, taken.get(line))
        ask = _ask(said, vat)
        found[line] = Line(
            id=line,
            site=row["site"],
            firm=site["firm"],
            district=site["district"],
            stage=row["stage"],
            tier=row["tier"],
            smallest=row["smallest_lot_pairs"],
            defect=scaled(row["defect_share"], 4),
            ask=ask,
            surcharge=ceil_of(ask * exact(said["overtime_premium"], 4)),
            regular=regular,
            most=most,
            worker=worker,
            makes={
                (r["construction"], r["category"]): (
                    fallback if r["efficiency"] is None else scaled(r["efficiency"], 4),
                    r["extra_fen_pair"],
                )
                for r in makes.get(line, [])
            },
            fallback=fallback,
        )
    return found


def _minutes(
    said: Row, stale: Fraction, worked: tuple[Fraction, ...], taken: list[int] | None
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return regular and most minutes of a line, and those of one worker, in 1/1000 minute by period, rounded down."""
    one = 60_000 * exact(said["hours_day"], 1) * exact(said["share_offered"], 4) * stale
    more = 1 + exact(said["overtime_share"], 4)

    def in_days(share: Fraction) -> list[int]:
        top, bottom = share.numerator, share.denominator
        return [top * d.numerator // (bottom * d.denominator) for d in worked]

    offered = in_days(one * said["people"])
    gone = taken or [0] * len(worked)
    regular = tuple(max(0, o - b) for o, b in zip(offered, gone, strict=True))
    longest = [o * more.numerator // more.denominator for o in offered]
    most = tuple(max(0, o - b) for o, b in zip(longest, gone, strict=True))
    return regular, most, tuple(in_days(one * more))
