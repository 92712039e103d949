"""Periods of a plan and the questions asked of them: windows, lateness, when a thing can be used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cached_property

from cordwainer.core import Period

DAY = timedelta(days=1)


class Clock:
    """The T periods of a plan.

    Parameters
    ----------
    periods
        Periods without gaps, in order.
    """

    def __init__(self, periods: Sequence[Period]) -> None:
        self.periods = tuple(periods)
        self.starts = tuple(p.start for p in self.periods)
        self.ends = tuple(p.end for p in self.periods)
        self.first = self.starts[0]
        self._before: dict[int, tuple[int, ...]] = {}

    def __len__(self) -> int:
        """Return T."""
        return len(self.periods)

    @cached_property
    def dates(self) -> tuple[tuple[date, ...], ...]:
        """Dates of each period."""
        return tuple(tuple(p.start + k * DAY for k in range(p.days)) for p in self.periods)

    def first_starting(self, day: date | None) -> int | None:
        """Return the first period that starts on or after a day (blank: period 0), or None."""
        if day is None:
            return 0
        return next((t for t, start in enumerate(self.starts) if start >= day), None)

    def last_starting(self, day: date | None) -> int | None:
        """Return the last period that starts on or before a day (blank: the last period), or None."""
        if day is None:
            return len(self) - 1
        return next((t for t in reversed(range(len(self))) if self.starts[t] <= day), None)

    def window(self, earliest: date | None, latest: date | None) -> range:
        """Return the periods in which an order may be worked on; empty where it has no window."""
        first, last = self.first_starting(earliest), self.last_starting(latest)
        return range(0) if first is None or last is None else range(first, last + 1)

    def holding(self, day: date) -> int | None:
        """Return the period that holds a day, or None."""
        return next((t for t, p in enumerate(self.periods) if p.start <= day <= p.end), None)

    def late_days(self, due: date) -> tuple[int, ...]:
        """Return, for each period, the days by which pairs finished in it are late."""
        if due > self.ends[-1]:
            return (0,) * len(self)
        held = self.holding(due)
        end_of_due = self.first - DAY if held is None else self.ends[held]
        return tuple(max(0, (end - end_of_due).days) for end in self.ends)

    def last_before(self, t: int, lag_days: int) -> int:
        """Return the last period whose pairs reach another firm by the start of ``t``; -1: none.

        A lag of 0 days means within the same period.
        """
        if lag_days not in self._before:
            lag = (1 + lag_days) * DAY
            arrivals = [end + lag for end in self.ends]
            self._before[lag_days] = tuple(
                max((u for u, day in enumerate(arrivals) if day <= start), default=-1) for start in self.starts
            )
        return t if lag_days == 0 else self._before[lag_days][t]
