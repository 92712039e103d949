"""Bring the tables of the hub to what the log of offers says: options and their parts, and orders of what was accepted.

The log is written first. Whatever a process that was killed left undone, the next step does; doing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cordwainer.cluster import Cluster
from cordwainer.hub.audit.chain import hold
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.desk import Enquiry, Option, Part
from cordwainer.hub.models.runs import Pay, Run
from cordwainer.hub.store.desk import desk_of, out
from cordwainer.hub.store.versions import commit, live
from cordwainer.hub.store.viewing import whole
from cordwainer.hub.web.visit import day_of
from cordwainer.quoting import Desk, Entry, Offer, brand_entry, cluster_of, lot_names, pay_of, planner_entry

_OF_ORDERS = (
    "style",
    "purchase_order",
    "order",
    "order_size",
    "order_requirement",
    "order_maker",
    "order_milestone",
    "promise",
    "promise_line",
    "promise_work",
)


@dataclass(frozen=True)
class Open:
    """The desk as it is open: on which run, at which moment."""

    run: Run
    desk: Desk
    now: datetime


def opened(now: datetime) -> Open:
    """Open the desk on the plan that is published, and settle what was left undone."""
    run = out()
    found = Open(run, desk_of(run, day_of(now), now), now)
    with whole():
        settle(None, found)
    return found


@transaction.atomic
def settle(account: Account | None, at: Open) -> None:
    """Write down what the log says and the tables do not."""
    hold()
    entries = at.desk.entries(at.now)
    known = {o.offer: o for o in Option.objects.prefetch_related("part_set")}
    for entry in entries:
        option = known.get(entry.offer.offer)
        if option is None or _differs(option, entry):
            _write(at, entry, option)
    _orders(account, at, entries)


def enquiry_of(request: str) -> int:
    """Return the number of the enquiry that a request of the log has as its id, E and the number; 0 for others."""
    number = request.removeprefix("E")
    return int(number) if number.isdecimal() else 0


def _differs(option: Option, entry: Entry) -> bool:
    said = (option.status, option.since, option.until, option.ask_by if entry.waits_for else None)
    agreed = {part.firm for part in option.part_set.all() if part.answer == "yes"}
    lots = [{"pairs": x.pairs, "lines": dict(x.lines)} for x in entry.offer.lots]
    written = [{k: x[k] for k in ("pairs", "lines")} for x in option.record["lots"]]
    now = (entry.status, entry.since, entry.until, entry.ask_by if entry.waits_for else None)
    return said != now or agreed != set(entry.agreed) or lots != written


def _write(at: Open, entry: Entry, option: Option | None) -> None:
    enquiry = Enquiry.objects.filter(pk=enquiry_of(entry.offer.request.request)).first()
    if enquiry is None:
        return  # asked at the machine, not in the hub
    option = option or Option(offer=entry.offer.offer, enquiry=enquiry)
    option.status, option.since, option.until = entry.status, entry.since, entry.until
    option.ask_by = entry.ask_by if entry.waits_for else None
    option.face = _plain(brand_entry(at.desk, entry))
    option.record = _plain(planner_entry(at.desk, entry))
    option.why = {"why": entry.why, "what": entry.what}
    option.save()
    _parts(at, entry, option)


def _plain(values: dict[str, object]) -> dict[str, object]:
    """Return values with days and moments as text."""
    return {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in values.items()}


def _parts(at: Open, entry: Entry, option: Option) -> None:
    rows = pay_of(at.desk, entry.offer)
    if rows.is_empty():
        return
    Part.objects.filter(option=option).exclude(firm__in=rows["firm"].unique().to_list()).delete()
    for (firm,), part in rows.group_by("firm", maintain_order=True):
        stages = [
            [r["stage"], r["line"], r["pairs"], r["start"].isoformat(), r["end"].isoformat(), r["fen"]]
            for r in part.iter_rows(named=True)
            if r["pairs"]
        ]
        found = Part.objects.filter(option=option, firm=firm).first() or Part(option=option, firm=str(firm))
        found.stages = stages
        found.answer = _answer(entry, str(firm), found.answer)
        found.save()


def _answer(entry: Entry, firm: str, before: str) -> str:
    """Return what a maker said: a no ends the offer, and silence does."""
    if firm in entry.agreed:
        return "yes"
    if firm not in entry.offer.ask:
        return "agreed"
    if entry.why == "declined" and entry.what == firm:
        return "no"
    if entry.why == "unanswered":
        return "silent"
    return before if before == "no" else ""


def _orders(account: Account | None, at: Open, entries: Iterable[Entry]) -> None:
    """Enter what was accepted as orders with accepted lots, and take out the orders of what was let go since."""
    cluster, mine = live(), {o.offer for o in Option.objects.filter(status="accepted")}
    accepted = [e.offer for e in entries if e.status == "accepted" and not e.over and e.offer.offer in mine]
    there = set(cluster["order"]["order"])
    new = [o for o in accepted if o.offer not in there or _lots_differ(cluster, o)]
    ended = [e for e in entries if e.status in ("released", "expired") and e.offer.offer in there]
    gone = frozenset(e.offer.offer for e in ended)
    if not new and not gone:
        return
    changed = cluster_of(cluster, new, gone=gone)
    note = ", ".join([*(o.offer for o in new), *(f"−{name}" for name in sorted(gone))])
    commit(account, "order", note, {t: changed[t] for t in _OF_ORDERS})
    for offer in new:
        rows = pay_of(at.desk, offer)
        Pay.objects.bulk_create(
            Pay(run=at.run, **r) for r in rows.select("lot", "stage", "firm", "fen").iter_rows(named=True)
        )


def _lots_differ(cluster: Cluster, offer: Offer) -> bool:
    """Say whether an order that was accepted has not the lots of its offer, as after a new plan or a maker's no."""
    mine = cluster["promise"].filter(order=offer.offer, status="accepted")
    lines = cluster["promise_line"].join(mine, on="lot", how="semi")
    wanted = {
        (name, s, x) for name, lot in zip(lot_names(offer), offer.lots, strict=True) for s, x in lot.lines.items()
    }
    return set(lines.select("lot", "stage", "line").iter_rows()) != wanted
