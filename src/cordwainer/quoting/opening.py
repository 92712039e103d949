"""A desk opened on a plan and a log: offers that stood on another plan are carried over before anything else."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

from cordwainer.cluster import Cluster, Plan
from cordwainer.quoting import refusals
from cordwainer.quoting.book import Book
from cordwainer.quoting.carrying import carried, refuse_another_cluster
from cordwainer.quoting.desk import Desk, moment
from cordwainer.quoting.journal import Journal
from cordwainer.quoting.live import SparseUse
from cordwainer.quoting.standing import Held, as_planned, held_in
from cordwainer.quoting.starting import live_of


def open_desk(
    cluster: Cluster,
    plan: Plan,
    log: Path | None,
    today: date | None = None,
    now: datetime | None = None,
    *,
    back: bool = False,
) -> Desk:
    """Return a desk on a plan and a log (None: nothing is kept).

    Where the log stood on another plan, its offers are carried to this one, and that is written down. Offers in the plan
    that are not accepted do not count. ``now`` is when that happens: by default when the log was last written to.

    Raises
    ------
    UserError
        If the log is damaged or belongs to another cluster, or has left this plan for a newer one (``back`` returns to it).
    """
    journal, book = Journal(log), Book()
    with journal.locked():
        for event in journal.unread():
            book.apply(event)
        stand = (cluster.hash, plan.hash)
        if stand in book.left and not back:
            raise refusals.plan_left()
        held = held_in(plan, book)
        inside = _inside(plan, book, held, fresh=book.stand != stand)
        counted = frozenset(name for name in inside if book.entries[name].status == "accepted")
        loose = frozenset(lot for name, lots in held.lots.items() if name not in counted for lot in lots)
        desk = Desk(live_of(cluster, plan, today, without=loose), journal, book, stand)
        desk.standing.in_plan = inside
        _begin(desk, plan, held, counted, now or book.latest or datetime.combine(desk.live.today, time.min, UTC))
    return desk


def _begin(desk: Desk, plan: Plan, held: Held, counted: frozenset[str], now: datetime) -> None:
    """Take in all that takes room; first carry the offers to the plan where they stood on another one, or do not fit."""
    book, live = desk.book, desk.live
    taken: list[tuple[SparseUse, bool]] = []
    own = set(live.over())  # promised lots of the plan may use more than there is
    if book.stand == desk.stand:
        taken = desk.take_all(counted)
        if set(live.over()) <= own:
            return
    for use, base in reversed(taken):
        live.take(use, -1, base=base)
    refuse_another_cluster(desk.standing, book)
    now = max(now, book.latest or now)
    for name, why in book.due(now):
        desk.write(now, {"kind": "expired", "offer": name, "why": why}, take_in=False)
    said = carried(desk.standing, book, plan, held, moment(desk.ask_by(now)))
    cluster, of = desk.stand
    desk.write(now, {"kind": "planned", "cluster": cluster, "plan": of, "offers": said}, take_in=False)
    desk.changed = tuple(book.entries[name] for name in said)
    desk.take_all(counted)


def _inside(plan: Plan, book: Book, held: Held, *, fresh: bool) -> frozenset[str]:
    """Return the accepted and held offers whose lots a plan has; on a ``fresh`` one it may have other lots of what was accepted."""
    return frozenset(
        name
        for name, e in book.by_status("accepted", "held").items()
        if name in held.placed and ((fresh and e.status == "accepted") or as_planned(e.offer, held.placed[name], plan))
    )
