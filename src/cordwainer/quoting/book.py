"""What became of every offer: offered, held until, accepted, released or expired; and how makers answered.

The book is what its events say, read in order; it knows nothing of capacity.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from cordwainer.core import Text, UserError
from cordwainer.quoting.journal import Event
from cordwainer.quoting.offers import Offer
from cordwainer.quoting.rates import HOUR, Rates

Status = Literal["offered", "held", "accepted", "released", "expired"]
LIVE: tuple[Status, ...] = ("offered", "held")
FEW_ANSWERS = 5
"""Answers below which a maker's record says nothing yet."""
SELDOM = 4
"""A maker who takes fewer than one in so many is not proposed where he must be asked."""
Stand = tuple[str, str]
"""Hash of a cluster and of the plan of it on which offers stand."""


@dataclass(frozen=True)
class Entry:
    """An offer and what became of it.

    Parameters
    ----------
    offer, status
        The offer as it was last agreed on, and what it is.
    offered, since
        When it was made, and when it came to its status.
    until, ask_by
        End of a hold; the moment by which makers that are asked must answer.
    agreed
        Makers that said yes to it.
    why, what
        Why it went, as a code, and whom or what that is about.
    outward
        Whether the brand itself asked.
    over
        Of an accepted offer for which the plan has no room: what there is not enough of. It takes no room then.
    """

    offer: Offer
    status: Status
    offered: datetime
    since: datetime
    until: datetime | None = None
    ask_by: datetime | None = None
    agreed: frozenset[str] = frozenset()
    why: str = ""
    what: str = ""
    outward: bool = False
    over: tuple[str, ...] = ()

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Makers that have not agreed yet."""
        return tuple(f for f in self.offer.ask if f not in self.agreed)

    @property
    def firm(self) -> bool:
        """Whether every maker agreed, in advance or by an answer, and price and permits rest on nothing unknown."""
        return not self.waits_for and not self.offer.rests_on


@dataclass(frozen=True)
class Answers:
    """How often a maker was asked and said yes, no or nothing in time, and the hours that answers took in all."""

    yes: int = 0
    no: int = 0
    silent: int = 0
    hours: float = 0.0

    @property
    def asked(self) -> int:
        """How often it was asked."""
        return self.yes + self.no + self.silent

    @property
    def likely(self) -> float:
        """Share of yes to expect: what was answered so far, and one of each to begin with."""
        return (self.yes + 1) / (self.asked + 2)

    @property
    def shy(self) -> bool:
        """Whether the maker was asked often enough, and seldom said yes."""
        return self.asked >= FEW_ANSWERS and SELDOM * self.yes < self.asked


@dataclass
class Book:
    """Entries by offer, answers by maker, how often brands asked; the plan that all stands on and those it stood on before."""

    entries: dict[str, Entry] = field(default_factory=dict)
    answers: dict[str, Answers] = field(default_factory=dict)
    rates: Rates = field(default_factory=Rates)
    stand: Stand | None = None
    left: set[Stand] = field(default_factory=set)
    quoted: int = 0
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
            return self._offered(event, at)
        if event["kind"] == "planned":
            return self._planned(event, at)
        before = self.entries[event["offer"]]
        after = self._after(before, event, at)
        self.entries[event["offer"]] = after
        return [(before, after)]

    def _offered(self, event: Event, at: datetime) -> list[tuple[Entry | None, Entry]]:
        if event["outward"]:
            self.rates.note(event["buyer"], event["shoe"], at)
        by = _moment(event["ask_by"])
        made = [Entry(Offer.of(r), "offered", at, at, outward=event["outward"]) for r in event["offers"]]
        for entry in made:
            self._new(entry.offer.offer)
        self.quoted += 1
        self.entries |= {e.offer.offer: replace(e, ask_by=by if e.offer.ask else None) for e in made}
        return [(None, self.entries[e.offer.offer]) for e in made]

    def _planned(self, event: Event, at: datetime) -> list[tuple[Entry | None, Entry]]:
        """Take in that all offers stand on a plan from now on: some moved, some lapsed, some without room."""
        if self.stand is not None:
            self.left.add(self.stand)
        self.stand = (event["cluster"], event["plan"])
        self.left.discard(self.stand)
        changed: list[tuple[Entry | None, Entry]] = []
        for name, said in event["offers"].items():
            before = self.entries[name]
            after = self._replanned(before, said, at)
            self.entries[name] = after
            changed.append((before, after))
        return changed

    def _replanned(self, entry: Entry, said: Event, at: datetime) -> Entry:
        if "lapsed" in said:
            return replace(entry, status="expired", since=at, until=None, why=str(said["lapsed"]))
        return self._moved(entry, said)

    def _moved(self, entry: Entry, said: Event) -> Entry:
        """Return an entry with another record, other makers to ask, or with what it lacks room for."""
        over = tuple(said.get("over", ()))
        if "record" not in said:
            return replace(entry, over=over)
        offer = Offer.of(said["record"])
        stays = offer.lots == entry.offer.lots
        by = _moment(said.get("ask_by")) if entry.status in LIVE else None  # what is accepted does not lapse
        agreed = entry.agreed if stays else frozenset[str]()
        return replace(entry, offer=offer, agreed=agreed, over=over, ask_by=by or (entry.ask_by if offer.ask else None))

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
                return replace(before, status="held", since=at, until=datetime.fromisoformat(event["until"]))
            case "accepted":
                offer = Offer.of(event["record"])
                return replace(before, status="accepted", since=at, until=None, ask_by=None, offer=offer)
            case "answered":
                self._answered(event["firm"], at - before.offered, yes=event["yes"])
                return replace(before, agreed=before.agreed | {event["firm"]}) if event["yes"] else before
            case "moved":
                return self._moved(before, event)
            case "expired":
                if event["why"] == "unanswered":
                    for firm in before.waits_for:
                        a = self.answers.get(firm, Answers())
                        self.answers[firm] = replace(a, silent=a.silent + 1)
                return replace(before, status="expired", since=at, until=None, why=event["why"])
            case _:
                return replace(
                    before, status="released", since=at, until=None, why=event["why"], what=event["what"], over=()
                )

    def _answered(self, firm: str, took: timedelta, *, yes: bool) -> None:
        a = self.answers.get(firm, Answers())
        self.answers[firm] = replace(a, yes=a.yes + yes, no=a.no + (not yes), hours=a.hours + took / HOUR)

    def due(self, now: datetime) -> list[tuple[str, str]]:
        """Return the offers that are over by now, and why: the hold has ended, or makers did not answer in time."""
        found = []
        for name, e in self.entries.items():
            if e.status == "held" and e.until and e.until <= now:
                found.append((name, "hold-over"))
            elif e.status in LIVE and e.waits_for and e.ask_by and e.ask_by <= now:
                found.append((name, "unanswered"))
        return found

    def held_by(self, buyer: str) -> int:
        """Return how many offers are held for a buyer."""
        return sum(e.status == "held" and e.offer.request.buyer == buyer for e in self.entries.values())

    def shy(self) -> frozenset[str]:
        """Return the makers that seldom say yes."""
        return frozenset(f for f, a in self.answers.items() if a.shy)

    def likely(self, firms: tuple[str, ...]) -> float:
        """Return the share to expect of all these makers saying yes."""
        share = 1.0
        for firm in firms:
            share *= self.answers.get(firm, Answers()).likely
        return share

    def by_status(self, *statuses: Status) -> dict[str, Entry]:
        """Return the entries of some statuses, in the order in which they came to them."""
        found = sorted(self.entries.items(), key=lambda x: x[1].since)
        return {name: e for name, e in found if e.status in statuses}


def _moment(text: object) -> datetime | None:
    return None if text is None else datetime.fromisoformat(str(text))
