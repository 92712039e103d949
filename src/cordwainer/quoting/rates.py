"""How often each brand asked of late, in all and for the same shoe: the log of requests that come from outside."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Rates:
    """Moments of requests by brand (the last hour) and by brand and shoe (the last day)."""

    brands: dict[str, deque[datetime]] = field(default_factory=dict)
    shoes: dict[tuple[str, str], deque[datetime]] = field(default_factory=dict)

    def note(self, buyer: str, shoe: str, at: datetime) -> None:
        """Take down a request."""
        self.brands.setdefault(buyer, deque()).append(at)
        self.shoes.setdefault((buyer, shoe), deque()).append(at)

    def within_an_hour(self, buyer: str, now: datetime) -> int:
        """Return how often a brand asked in the last hour."""
        return _since(self.brands.get(buyer), now - HOUR)

    def within_a_day(self, buyer: str, shoe: str, now: datetime) -> int:
        """Return how often a brand asked for a shoe in the last day."""
        return _since(self.shoes.get((buyer, shoe)), now - DAY)


def _since(times: deque[datetime] | None, start: datetime) -> int:
    if times is None:
        return 0
    while times and times[0] <= start:
        times.popleft()
    return len(times)
