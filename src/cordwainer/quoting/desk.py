"""The quoting desk: quotes against the live plan, holds, accepts and lets go, with every step in a log first.

Every step runs under the lock of the log: read what others wrote, let holds that are over expire, check, write, take in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text, UserError
from cordwainer.quoting.book import LIVE, Book, Entry
from cordwainer.quoting.journal import Event, Journal
from cordwainer.quoting.live import Live, SparseUse, live_of
from cordwainer.quoting.nearest import Nearest, nearest
from cordwainer.quoting.offers import Offer, lots_on
from cordwainer.quoting.pricing import net_price, terms_of
from cordwainer.quoting.proposal import propose, use_of
from cordwainer.quoting.quoting import Quoter
from cordwainer.quoting.request import Request
from cordwainer.quoting.tables import cluster_with, lot_names


@dataclass(frozen=True)
class Answer:
    """What a request was answered: offers, or what stands in the way and the nearest thing that would fit."""

    request: Request
    entries: tuple[Entry, ...]
    nearest: Nearest | None


@dataclass(frozen=True)
class Accepted:
    """An offer as it was accepted, or why not, with a fresh answer to the same request."""

    entry: Entry
    fresh: Answer | None

    @property
    def done(self) -> bool:
        """Whether it was accepted."""
        return self.entry.status == "accepted"


class Desk:
    """One desk of many on the same log; safe for threads, and beside other processes."""

    def __init__(self, live: Live, journal: Journal, book: Book, in_plan: frozenset[str]) -> None:
        self.live, self.journal, self.book = live, journal, book
        self.quoter = Quoter(live)
        self._in_plan = in_plan
        for entry in book.entries.values():
            self._take_in(None, entry)

    @staticmethod
    def open(cluster: Cluster, plan: Plan, log: Path | None, today: date | None = None) -> Desk:
        """Return a desk on a plan and a log (None: nothing is kept); offers in the plan that are not accepted do not count.

        Raises
        ------
        UserError
            If the log is damaged, or names lines or periods that the plan does not have.
        """
        journal, book = Journal(log), Book()
        with journal.locked():
            for event in journal.unread():
                book.apply(event)
            lots = set(plan["lot"]["lot"])
            names = {name: lot_names(e.offer) for name, e in book.entries.items()}
            inside = frozenset(name for name, each in names.items() if each and lots.issuperset(each))
            loose = frozenset(x for name in inside if book.entries[name].status != "accepted" for x in names[name])
            return Desk(live_of(cluster, plan, today, without=loose), journal, book, inside)

    def quote(self, request: Request, now: datetime, *, outward: bool = False, keep: bool = True) -> Answer:
        """Answer a request; ``keep`` writes its offers down so that they can be held and accepted.

        ``outward`` requests come from the brand itself: only so many are answered an hour.

        Raises
        ------
        UserError
            If the brand asked too often, or the request cannot be understood.
        """
        with self.journal.locked():
            now = self._catch_up(now)
            if outward:
                self._not_too_often(request.buyer, now)
            self.quoter.shy = self.book.shy()
            event = {"kind": "offered", "buyer": request.buyer, "outward": outward, "asked": request.digest()}
            try:
                offers = self.quoter.quote(request)
                found = None if offers else nearest(self.quoter, request)
            except UserError:
                if outward:  # an error tells something too, so it counts as asked
                    self._write(now, {**event, "offers": []}, durable=False)
                raise
            if not keep:
                if outward:
                    self._write(now, {**event, "offers": []}, durable=False)
                return Answer(request, tuple(Entry(o, "offered", now) for o in offers), found)
            number = self.journal.count + 1
            offers = [o.named(f"Q{number:06}-{k}") for k, o in enumerate(offers, 1)]
            self._write(now, {**event, "offers": [o.record() for o in offers]}, durable=False)
            return Answer(request, tuple(self.book.entries[o.offer] for o in offers), found)

    def hold(self, name: str, now: datetime, hours: float | None = None) -> Entry:
        """Hold the room of an offer for some hours.

        Raises
        ------
        UserError
            If it is not on offer, or its room is gone.
        """
        with self.journal.locked():
            now = self._catch_up(now)
            entry = self._entry(name, "offered")
            if not self._stands(entry.offer):
                raise UserError(
                    "room-gone",
                    Text(f"What {name} needs was taken meanwhile.", f"{name} 所需的产能或材料已被占用。"),
                    Text("Ask for a fresh quote.", "请重新询价。"),
                )
            span = float(self.live.ground.policies.of("quote_hold_hours")) if hours is None else hours
            until = now + timedelta(hours=span)
            self._write(now, {"kind": "held", "offer": name, "until": _moment(until)})
            return self.book.entries[name]

    def accept(self, name: str, now: datetime) -> Accepted:
        """Accept an offer if its room is still there, else let it go and answer its request afresh.

        Raises
        ------
        UserError
            If it is neither on offer nor held, or a maker has still to be asked.
        """
        with self.journal.locked():
            now = self._catch_up(now)
            entry = self._entry(name, *LIVE)
            if not entry.firm:
                raise UserError(
                    "makers-unanswered",
                    Text(
                        f"{name} is indicative: {', '.join(entry.waits_for)} must agree first.",
                        f"{name} 为意向报价：需先由 {'、'.join(entry.waits_for)} 同意。",
                    ),
                    Text("Write down their answers with `cordwainer answer`.", "请用 cordwainer answer 记录其答复。"),
                )
            found = self._again(entry)
            if found is None:
                self._write(now, {"kind": "released", "offer": name, "why": "room gone"})
                return Accepted(self.book.entries[name], self.quote(entry.offer.request, now))
            self._write(now, {"kind": "accepted", "offer": name, "record": found.record()})
            return Accepted(self.book.entries[name], None)

    def release(self, name: str, now: datetime, why: str = "") -> Entry:
        """Let an offer go; of an accepted one the order is cancelled.

        Raises
        ------
        UserError
            If it has gone already, or other offers count on goods that it bought.
        """
        with self.journal.locked():
            now = self._catch_up(now)
            entry = self._entry(name, *LIVE, "accepted")
            if entry.status == "accepted" and self.live.relied_on(self._use(entry.offer)):
                raise UserError(
                    "goods-relied-on",
                    Text(
                        f"Other offers use what was left over of the goods bought for {name}.",
                        f"其他报价已用到为 {name} 采购的余料。",
                    ),
                    Text(
                        "Release those offers first, or plan anew with them and without it.",
                        "请先撤销这些报价，或去掉该单、连同这些报价重新排产。",
                    ),
                )
            self._write(now, {"kind": "released", "offer": name, "why": why})
            return self.book.entries[name]

    def answer(self, name: str, firm: str, now: datetime, *, yes: bool) -> Accepted:
        """Write down a maker's answer; on a no the offer is let go, and its request answered without that maker.

        Raises
        ------
        UserError
            If the offer does not wait for that maker.
        """
        with self.journal.locked():
            now = self._catch_up(now)
            entry = self._entry(name, *LIVE)
            if firm not in entry.waits_for:
                raise UserError(
                    "not-asked",
                    Text(f"{name} does not wait for {firm}.", f"{name} 不需要 {firm} 答复。"),
                    Text("`cordwainer offers` shows who is asked.", "用 cordwainer offers 查看待答复的厂家。"),
                )
            self._write(now, {"kind": "answered", "offer": name, "firm": firm, "yes": yes})
            if yes:
                return Accepted(self.book.entries[name], None)
            self._write(now, {"kind": "released", "offer": name, "why": f"{firm} declined"})
            request = entry.offer.request
            without = replace(request, barred=tuple(sorted({*request.barred, firm})))
            return Accepted(self.book.entries[name], self.quote(without, now))

    def entries(self, now: datetime) -> list[Entry]:
        """Return all offers with what became of them by now."""
        with self.journal.locked():
            self._catch_up(now)
            return list(self.book.entries.values())

    def cluster(self, *, held: bool = False) -> Cluster:
        """Return the cluster with what was accepted as orders and promises, and (for planning) what is ``held`` too."""
        kinds = ("accepted", "held") if held else ("accepted",)
        offers = [e.offer for e in self.book.entries.values() if e.status in kinds]
        return cluster_with(self.live.ground.cluster, offers)

    def _catch_up(self, now: datetime) -> datetime:
        """Read what others wrote, let what is over expire; return now, or the last moment written if that is later."""
        for event in self.journal.unread():
            self._apply(event)
        now = max(now, self.book.latest or now)
        for name in self.book.due(now):
            self._write(now, {"kind": "expired", "offer": name})
        return now

    def _write(self, now: datetime, event: dict[str, Any], *, durable: bool = True) -> None:
        whole = {"at": _moment(now), **event}
        self.journal.append(whole, durable=durable)
        self._apply(whole)

    def _apply(self, event: Event) -> None:
        for before, after in self.book.apply(event):
            self._take_in(before, after)

    def _take_in(self, before: Entry | None, after: Entry) -> None:
        """Change the live state from one status of an offer to the next."""
        was, now = before.status if before else "offered", after.status
        if was == now and before is not None:
            return
        if before is not None and was in ("held", "accepted"):
            self.live.take(self._use(before.offer), -1, base=was == "accepted")
        counted = before is None and after.offer.offer in self._in_plan
        if now == "held" or (now == "accepted" and not counted):
            self.live.take(self._use(after.offer), 1, base=now == "accepted")

    def _use(self, offer: Offer) -> SparseUse:
        """Return what an offer uses; purchases of one that the plan holds are the plan's own."""
        plain = replace(offer.request, standards=(), named=(), barred=(), approval_needed=False)
        asked = self.quoter.asking.asked(self.live, plain)
        lots, offers = lots_on(self.live, asked, offer), self.live.ground.offers
        row = {
            (o, self.live.ground.periods[t].start): i
            for i, (o, t) in enumerate(zip(offers.offer, offers.period, strict=True))
        }
        bought = (
            {} if offer.offer in self._in_plan else {row[o, day]: q for o, day, q in offer.purchases if (o, day) in row}
        )
        use = None if lots is None else use_of(self.live, asked, lots, bought)
        if use is None:
            raise UserError(
                "log-of-another-cluster",
                Text(
                    f"{offer.offer} stands on lines or weeks that the plan does not have.",
                    f"{offer.offer} 所用的产线或周次不在该计划中。",
                ),
                Text("Name the cluster and plan that the log belongs to.", "请给出该日志所属的集群与计划。"),
            )
        return use

    def _stands(self, offer: Offer) -> bool:
        return offer.start >= self.live.today and self.live.fits(self._use(offer))

    def _again(self, entry: Entry) -> Offer | None:
        """Return an offer with purchases and worth as of now, None where it cannot be made any more."""
        offer, held = entry.offer, entry.status == "held"
        if offer.start < self.live.today:
            return None
        use = self._use(offer)
        if held:
            self.live.take(use, -1, base=False)
        asked = self.quoter.asking.asked(self.live, offer.request)
        lots = lots_on(self.live, asked, offer)
        found = None if lots is None else propose(self.live, self.quoter.shelf, asked, lots)
        if found is not None and not self.live.fits(found.use):
            found = None
        if held:
            self.live.take(use, 1, base=False)
        if found is None:
            return None
        g = self.live.ground
        net = net_price(terms_of(g, offer.request), offer.price)
        bought = tuple(
            (g.offers.offer[i], g.periods[g.offers.period[i]].start, q) for i, q in sorted(found.use.bought.items())
        )
        return replace(offer, purchases=bought, contribution_fen=found.contribution(net))

    def _entry(self, name: str, *statuses: str) -> Entry:
        entry = self.book.entries.get(name)
        if entry is None:
            raise UserError(
                "no-such-offer",
                Text(f"There is no offer {name}.", f"没有报价 {name}。"),
                Text("`cordwainer offers` lists them.", "用 cordwainer offers 查看报价清单。"),
            )
        if entry.status not in statuses:
            raise UserError(
                "offer-gone",
                Text(f"{name} is {entry.status}.", f"{name} 的状态为 {entry.status}。"),
                Text("Ask for a fresh quote.", "请重新询价。"),
            )
        return entry

    def _not_too_often(self, buyer: str, now: datetime) -> None:
        most = int(self.live.ground.policies.of("quote_limit_hour"))
        if self.book.asked_within_an_hour(buyer, now) >= most:
            raise UserError(
                "too-many-requests",
                Text(f"{buyer} asked {most} times within an hour.", f"{buyer} 一小时内已询价 {most} 次。"),
                Text("Ask again later.", "请稍后再询价。"),
            )


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
