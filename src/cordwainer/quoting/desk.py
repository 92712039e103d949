"""The quoting desk: quotes against the live plan, holds, accepts and lets go, with every step in a log first.

Every step runs under the lock of the log: read what others wrote, let holds that are over expire, check, write, take in.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cordwainer.cluster import Cluster
from cordwainer.core import Text, UserError
from cordwainer.quoting import refusals
from cordwainer.quoting.answers import Accepted, Answer
from cordwainer.quoting.book import LIVE, Book, Entry, Stand, Status
from cordwainer.quoting.carrying import moved
from cordwainer.quoting.journal import Event, Journal
from cordwainer.quoting.live import Live, SparseUse
from cordwainer.quoting.nearest import nearest
from cordwainer.quoting.offers import Offer
from cordwainer.quoting.pricing import outward_rule
from cordwainer.quoting.quoting import Quoter
from cordwainer.quoting.request import OUTWARD_RULES, Request
from cordwainer.quoting.standing import Standing
from cordwainer.quoting.tables import cluster_of


class Desk:
    """One desk of many on the same log and plan; safe for threads, and beside other processes.

    ``changed`` are the offers that opening it on a new plan moved, left without room or let lapse.
    """

    def __init__(self, live: Live, journal: Journal, book: Book, stand: Stand) -> None:
        self.live, self.journal, self.book, self.stand = live, journal, book, stand
        self.quoter = Quoter(live)
        self.standing = Standing(self.quoter, frozenset())
        self.changed: tuple[Entry, ...] = ()

    def take_all(self, counted: frozenset[str]) -> list[tuple[SparseUse, bool]]:
        """Take the room of all offers but those that the plan counts; return what was taken, of the base or not."""
        taken = []
        for name, entry in self.book.entries.items():
            part = part_of(entry)
            if part is not None and name not in counted:
                use = self.standing.must_use(entry.offer)
                self.live.take(use, 1, base=part == "base")
                taken.append((use, part == "base"))
        return taken

    def quote(self, request: Request, now: datetime, *, outward: bool = False, keep: bool = True) -> Answer:
        """Answer a request; ``keep`` writes its offers down so that they can be held and accepted.

        ``outward`` requests come from the brand itself: only so many are answered, and their price is the list price or the going
        rate, whatever rule they name. Offers that would cost the plan more than they bring are not shown to it.

        Raises
        ------
        UserError
            If the brand asked too often, or the request cannot be understood.
        """
        with self.journal.locked():
            now = self._catch_up(now)
            if outward:
                self._not_too_often(request, now)
            return self._answer(request, now, outward=outward, keep=keep)

    def _answer(
        self,
        request: Request,
        now: datetime,
        *,
        outward: bool,
        keep: bool = True,
        declined: frozenset[str] = frozenset(),
    ) -> Answer:
        self.quoter.shy = self.book.shy() | declined
        event = {"kind": "offered", "buyer": request.buyer, "outward": outward, "asked": request.digest()}
        event |= {"shoe": request.shoe, "ask_by": moment(self.ask_by(now)), "offers": []}
        try:
            if outward:
                request = replace(request, rule=outward_rule(self.live.ground, self.quoter.asking.recipe(request)))
            offers = [o for o in self.quoter.quote(request) if not outward or o.contribution_fen >= 0]
            found = None if offers else nearest(self.quoter, request)
            if outward and found is not None:
                found = replace(found, ways=tuple(w for w in found.ways if w.offer.contribution_fen >= 0))
        except UserError:
            if outward:  # an error tells something too, so it counts as asked
                self.write(now, event, durable=False)
            raise
        if not keep:
            if outward:
                self.write(now, event, durable=False)
            by = self.ask_by(now)
            made = (Entry(o, "offered", now, now, ask_by=by if o.ask else None, outward=outward) for o in offers)
            return Answer(request, tuple(made), found)
        offers = [o.named(f"Q{self.book.quoted + 1:06}-{k}") for k, o in enumerate(offers, 1)]
        self.write(now, {**event, "offers": [o.record() for o in offers]}, durable=False)
        return Answer(request, tuple(self.book.entries[o.offer] for o in offers), found)

    def hold(self, name: str, now: datetime, hours: float | None = None, *, brand: str | None = None) -> Entry:
        """Hold the room of an offer for some hours; ``brand`` is the one that asks for it, None: the planner.

        Raises
        ------
        UserError
            If it is not on offer, its room is gone, or too much is held for that brand.
        """
        with self.journal.locked():
            now = self._catch_up(now)
            entry = self._entry(name, "offered", brand=brand)
            of = entry.offer.request.buyer
            most = int(self.live.ground.policies.of("quote_most_holds"))
            if self.book.held_by(of) >= most:
                raise refusals.too_many_holds(of, most)
            if not self.standing.fits(entry.offer):
                raise refusals.room_gone(name)
            span = float(self.live.ground.policies.of("quote_hold_hours")) if hours is None else hours
            self.write(now, {"kind": "held", "offer": name, "until": moment(now + timedelta(hours=span))})
            return self.book.entries[name]

    def accept(self, name: str, now: datetime, *, brand: str | None = None) -> Accepted:
        """Accept an offer if room, price, worth and its makers' word still stand, else let it go and answer afresh.

        Raises
        ------
        UserError
            If it is neither on offer nor held, a maker has still to be asked, or price or permits rest on what is not known.
        """
        with self.journal.locked():
            now = self._catch_up(now)
            entry = self._entry(name, *LIVE, brand=brand)
            if entry.offer.rests_on:
                raise refusals.rests_on_unknown(entry)
            found = self.standing.renewed(entry)
            if isinstance(found, Offer):
                if found.ask != entry.offer.ask:  # a maker said otherwise since
                    record = replace(entry.offer, ask=found.ask).record()
                    by = moment(self.ask_by(now))
                    self.write(now, {"kind": "moved", "offer": name, "record": record, "ask_by": by})
                    entry = self.book.entries[name]
                if entry.waits_for:
                    raise refusals.makers_unanswered(entry, outward=brand is not None)
                self.write(now, {"kind": "accepted", "offer": name, "record": found.record()})
                return Accepted(self.book.entries[name], None)
            self.write(now, {"kind": "released", "offer": name, "why": found, "what": ""})
            return Accepted(self.book.entries[name], self._answer(entry.offer.request, now, outward=entry.outward))

    def release(self, name: str, now: datetime, why: str = "", *, brand: str | None = None) -> Entry:
        """Let an offer go; of an accepted one the order is cancelled, which is for the planner to do.

        Raises
        ------
        UserError
            If it has gone already, or other offers count on goods that it bought.
        """
        with self.journal.locked():
            now = self._catch_up(now)
            kinds: tuple[Status, ...] = (*LIVE, "accepted") if brand is None else LIVE
            entry = self._entry(name, *kinds, brand=brand)
            if part_of(entry) == "base" and self.live.relied_on(self.standing.must_use(entry.offer)):
                raise refusals.goods_relied_on(name)
            self.write(now, {"kind": "released", "offer": name, "why": "by-hand", "what": why})
            return self.book.entries[name]

    def answer(self, name: str, firm: str, now: datetime, *, yes: bool) -> Accepted:
        """Write down a maker's answer; on a no the offer is let go, and its request answered without that maker.

        What was accepted and moved by a new plan is not let go: it is placed anew without that maker, or has no room.

        Raises
        ------
        UserError
            If the offer does not wait for that maker, or its deadline has passed.
        """
        with self.journal.locked():
            now = self._catch_up(now)
            entry = self._entry(name, *LIVE, "accepted")
            if firm not in entry.waits_for:
                raise refusals.not_asked(name, firm)
            self.write(now, {"kind": "answered", "offer": name, "firm": firm, "yes": yes})
            if yes:
                return Accepted(self.book.entries[name], None)
            if entry.status == "accepted":
                self._move(entry, firm, now)
                return Accepted(self.book.entries[name], None)
            self.write(now, {"kind": "released", "offer": name, "why": "declined", "what": firm})
            request = entry.offer.request
            if entry.outward:  # a barred maker would be named to the brand
                fresh = self._answer(request, now, outward=True, declined=frozenset({firm}))
                return Accepted(self.book.entries[name], fresh)
            without = replace(request, barred=tuple(sorted({*request.barred, firm})))
            return Accepted(self.book.entries[name], self._answer(without, now, outward=False))

    def renegotiate(self, name: str, request: Request, now: datetime) -> Answer:
        """Answer an offer's request on terms that a maker named, against what is free now; the offer then goes.

        ``request`` is that of the offer with what the maker agreed to. Where nothing comes of it the offer stays as it is, and the
        answer holds no offers.

        Raises
        ------
        UserError
            If the offer was ordered already, or there is none.
        """
        with self.journal.locked():
            now = self._catch_up(now)
            entry = self._entry(name, *LIVE, "released", "expired")
            use = self.standing.must_use(entry.offer) if entry.status == "held" else None
            if use is not None:  # what it holds itself is free for what takes its place
                self.live.take(use, -1, base=False)
            try:
                found = self._answer(request, now, outward=entry.outward)
            finally:
                if use is not None:
                    self.live.take(use, 1, base=False)
            if found.entries and entry.status in LIVE:
                self.write(now, {"kind": "released", "offer": name, "why": "countered", "what": ""})
            return found

    def _move(self, entry: Entry, firm: str, now: datetime) -> None:
        """Place an accepted offer anew without a maker that declined."""
        name = entry.offer.offer
        if part_of(entry) == "base":
            use = self.standing.must_use(entry.offer)
            self.live.take(use, -1, base=True)
            said, _ = moved(self.standing, entry.offer, frozenset({firm}))
            self.live.take(use, 1, base=True)
        else:
            said, _ = moved(self.standing, entry.offer, frozenset({firm}))
        self.write(now, {"kind": "moved", "offer": name, **said})

    def entries(self, now: datetime, brand: str | None = None) -> list[Entry]:
        """Return all offers with what became of them by now, or those that a brand may see."""
        with self.journal.locked():
            self._catch_up(now)
            return [e for e in self.book.entries.values() if brand is None or shown_to(brand, e)]

    def cluster(self, *, held: bool = False) -> Cluster:
        """Return the cluster with what was accepted as orders and promises, and (for planning) what is ``held`` too.

        Orders of offers that were let go since are taken out of it; an accepted offer without room is an open order.
        """
        kinds: tuple[Status, ...] = ("accepted", "held") if held else ("accepted",)
        wanted = self.book.by_status(*kinds)
        gone = frozenset(self.book.entries) - set(wanted)
        over = frozenset(name for name, e in wanted.items() if e.over)
        return cluster_of(self.live.ground.cluster, [e.offer for e in wanted.values()], gone=gone, open_=over)

    def _catch_up(self, now: datetime) -> datetime:
        """Read what others wrote, let what is over expire; return now, or the last moment written if that is later."""
        for event in self.journal.unread():
            self._apply(event)
        if self.book.stand != self.stand:
            raise refusals.log_moved_on()
        now = max(now, self.book.latest or now)
        for name, why in self.book.due(now):
            self.write(now, {"kind": "expired", "offer": name, "why": why})
        return now

    def write(self, now: datetime, event: dict[str, Any], *, durable: bool = True, take_in: bool = True) -> None:
        """Write an event down, and take in what it changes."""
        whole = {"at": moment(now), **event}
        self.journal.append(whole, durable=durable)
        self._apply(whole, take_in=take_in)

    def _apply(self, event: Event, *, take_in: bool = True) -> None:
        for before, after in self.book.apply(event):
            if take_in and self.book.stand == self.stand:
                self._take_in(before, after)

    def _take_in(self, before: Entry | None, after: Entry) -> None:
        """Change the live state from one status of an offer to the next; a new one takes no room."""
        was, now = None if before is None else part_of(before), part_of(after)
        if before is None or (was == now and before.offer.lots == after.offer.lots):
            return
        if was is not None:
            self.live.take(self.standing.must_use(before.offer), -1, base=was == "base")
        if after.offer.offer in self.standing.in_plan:
            self.standing.in_plan -= {after.offer.offer}  # what it is now, the plan does not hold
        if now is not None:
            self.live.take(self.standing.must_use(after.offer), 1, base=now == "base")

    def _entry(self, name: str, *statuses: Status, brand: str | None = None) -> Entry:
        entry = self.book.entries.get(name)
        if entry is None or not (brand is None or shown_to(brand, entry)):
            raise refusals.no_such_offer(name)
        if entry.status not in statuses:
            raise refusals.offer_gone(entry)
        return entry

    def ask_by(self, now: datetime) -> datetime:
        """Return the moment by which makers that are asked now must answer."""
        return now + timedelta(hours=float(self.live.ground.policies.of("quote_answer_hours")))

    def _not_too_often(self, request: Request, now: datetime) -> None:
        policies, rates, buyer = self.live.ground.policies, self.book.rates, request.buyer
        most = int(policies.of("quote_limit_hour"))
        if rates.within_an_hour(buyer, now) >= most:
            hour = Text("an hour", "一小时")
            raise refusals.too_many_requests(buyer, most, hour)
        most = int(policies.of("quote_limit_shoe_day"))
        if rates.within_a_day(buyer, request.shoe, now) >= most:
            day = Text("a day for the same shoe", "一天内对同一鞋款")
            raise refusals.too_many_requests(buyer, most, day)


def shown_to(brand: str, entry: Entry) -> bool:
    """Return whether a brand may see an offer: its own, at a price that rests on no maker's ask."""
    request = entry.offer.request
    return request.buyer == brand and request.rule in OUTWARD_RULES


def part_of(entry: Entry) -> str | None:
    """Return what an offer takes room of: the base, what is held, or nothing."""
    if entry.status == "accepted":
        return None if entry.over else "base"
    return "held" if entry.status == "held" else None


def moment(at: datetime) -> str:
    """Return a moment as it is written in the log."""
    return at.isoformat(timespec="microseconds")
