"""What became of every offer: offered, held until, accepted, released or expired; and how makers answered.

The book is what its events say, read in order; it knows nothing of capacity.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from cordwainer.core import Text, UserError
from cordwainer.quoting.journal import Event
from cordwainer.quoting.offers import Offer

Status = Literal["offered", "held", "accepted", "released", "expired"]
LIVE: tuple[Status, ...] = ("offered", "held")
HOUR = timedelta(hours=1)
FEW_ANSWERS = 5
"""Answers below which a maker's record says nothing yet."""
SELDOM = 4
"""A maker who takes fewer than one in so many is not proposed where he must be asked."""


@dataclass(frozen=True)
class Entry:
    """An offer and what became of it; ``until`` is the end of a hold, ``agreed`` are makers that said yes to it."""

    offer: Offer
    status: Status
    offered: datetime
    until: datetime | None = None
    agreed: frozenset[str] = frozenset()
    why: str = ""

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Makers that have not agreed yet."""
        return tuple(f for f in self.offer.ask if f not in self.agreed)

    @property
    def firm(self) -> bool:
        """Whether every maker agreed, in advance or by an answer."""
        return not self.waits_for


@dataclass(frozen=True)
class Answers:
    """How often a maker was asked and said yes or no, and the hours it took in all."""

    yes: int = 0
    no: int = 0
    hours: float = 0.0

    @property
    def likely(self) -> float:
        """Share of yes to expect: what was answered so far, and one of each to begin with."""
        return (self.yes + 1) / (self.yes + self.no + 2)

    @property
    def shy(self) -> bool:
        """Whether the maker answered often enough, and seldom yes."""
        told = self.yes + self.no
        return told >= FEW_ANSWERS and SELDOM * self.yes < told


@dataclass
class Book:
    """Entries by offer, answers by maker, the moments at which each brand asked in the last hour."""

    entries: dict[str, Entry] = field(default_factory=dict)
    answers: dict[str, Answers] = field(default_factory=dict)
    asked: dict[str, deque[datetime]] = field(default_factory=dict)
    latest: datetime | None = None

    def apply(self, event: Event) -> list[tuple[Entry | None, Entry]]:
        """Take in an event; return the entries that it changed, before and after.

        Raises
        ------
        UserError
            If it offers under an id that is taken.
        """
        at = datetime.fromisoformat(event["at"])
        self.latest = at
        if event["kind"] == "offered":
            if event["outward"]:
                self.asked.setdefault(event["buyer"], deque()).append(at)
            made = [Entry(Offer.of(r), "offered", at) for r in event["offers"]]
            for entry in made:
                self._new(entry.offer.offer)
            self.entries |= {e.offer.offer: e for e in made}
            return [(None, e) for e in made]
        before = self.entries[event["offer"]]
        after = self._after(before, event, at)
        self.entries[event["offer"]] = after
        return [(before, after)]

    def _new(self, name: str) -> None:
        if name in self.entries:
            raise UserError(
                "offer-twice",
                Text(f"The log holds offer {name} already.", f"日志中已有报价 {name}。"),
                Text("Put back a copy of the log from before.", "请恢复此前的日志备份。"),
            )

    def _after(self, before: Entry, event: Event, at: datetime) -> Entry:
        match event["kind"]:
            case "held":
                return replace(before, status="held", until=datetime.fromisoformat(event["until"]))
            case "accepted":
                return replace(before, status="accepted", until=None, offer=Offer.of(event["record"]))
            case "answered":
                self._answered(event["firm"], at - before.offered, yes=event["yes"])
                return replace(before, agreed=before.agreed | {event["firm"]}) if event["yes"] else before
            case "expired":
                return replace(before, status="expired", until=None)
            case _:
                return replace(before, status="released", until=None, why=event["why"])

    def _answered(self, firm: str, took: timedelta, *, yes: bool) -> None:
        a = self.answers.get(firm, Answers())
        self.answers[firm] = Answers(a.yes + yes, a.no + (not yes), a.hours + took / HOUR)

    def due(self, now: datetime) -> list[str]:
        """Return the offers whose hold has ended by now."""
        return [name for name, e in self.entries.items() if e.status == "held" and e.until and e.until <= now]

    def asked_within_an_hour(self, buyer: str, now: datetime) -> int:
        """Return how often a brand asked in the last hour."""
        times = self.asked.get(buyer, deque())
        while times and times[0] <= now - HOUR:
            times.popleft()
        return len(times)

    def shy(self) -> frozenset[str]:
        """Return the makers that seldom say yes."""
        return frozenset(f for f, a in self.answers.items() if a.shy)

    def likely(self, firms: tuple[str, ...]) -> float:
        """Return the share to expect of all these makers saying yes."""
        share = 1.0
        for firm in firms:
            share *= self.answers.get(firm, Answers()).likely
        return share

    def by_status(self, status: Status) -> Mapping[str, Entry]:
        """Return the entries of a status, in the order in which they were offered."""
        return {name: e for name, e in self.entries.items() if e.status == status}
