"""Periods: the days and weeks in which a plan thinks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """A run of whole days, the last one included."""

    start: date
    days: int

    @property
    def end(self) -> date:
        """Last day of the period."""
        return self.start + timedelta(days=self.days - 1)


def weeks(first: date, count: int) -> tuple[Period, ...]:
    """Return ``count`` weekly periods from ``first``.

    The first is cut short so that the others run Monday to Sunday.

    Raises
    ------
    ValueError
        If ``count`` is below 1.
    """
    if count < 1:
        raise ValueError("a plan needs at least one period")
    lead = 7 - first.weekday()
    rest = (Period(first + timedelta(days=lead + 7 * k), 7) for k in range(count - 1))
    return (Period(first, lead), *rest)


def periods_covering(periods: Sequence[Period], day: date) -> int | None:
    """Return the index of the period that holds ``day``, or None."""
    for index, period in enumerate(periods):
        if period.start <= day <= period.end:
            return index
    return None
