"""What a planner may set, what a plan reports while it is made, and what it says at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from cordwainer.cluster import Plan
from cordwainer.core import Period, Text


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a plan.

    Parameters
    ----------
    first_date
        First day; None: the Monday on or before the first date on which an order may start.
    periods
        Number of weekly periods; None: up to the last date an order may use, at most 53.
    calendar
        The periods themselves, of any length, instead of ``first_date`` and ``periods``.
    freeze_date
        Lots on offer whose work starts before this day stay, as accepted ones always do.
    seed
        Seed of the search.
    gap
        Net gap at which to stop, as a share.
    time_s
        Seconds after which to stop; None: no limit.
    work
        Steps of improvement after which to stop; None: no limit. With ``work`` and without ``time_s`` a plan is
        reproduced byte by byte.
    threads
        Threads of the pricing; the plan does not depend on it.
    buffer
        Share of the minutes of every line that the search leaves free; the bound is that of all minutes.
    """

    first_date: date | None = None
    periods: int | None = None
    calendar: tuple[Period, ...] | None = None
    freeze_date: date | None = None
    seed: int = 1
    gap: float = 0.0
    time_s: float | None = 60.0
    work: int | None = None
    threads: int = 2
    buffer: float = 0.0


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the planning stands: money in fen, gap as a share (None while unknown).

    ``so_far`` makes the best plan so far with all its tables, as long as the listener has not returned; None while there
    is none. ``faults`` say what solvers did wrong so far: what they were asked about stays as it was, and bound and plan hold.
    """

    elapsed_s: float
    work: int
    phase: Text
    contribution_fen: int | None
    bound_fen: int | None
    net_gap: float | None
    so_far: Callable[[], Plan] | None = None
    faults: tuple[Text, ...] = ()


Listener = Callable[[Progress], bool]
"""Called now and then; returns False to stop with the best plan so far."""
