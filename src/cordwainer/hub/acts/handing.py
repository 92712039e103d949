"""Handovers: the giver says what it gave, the receiver what it found; what was found good makes money due, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
from django.db import transaction

from cordwainer.cluster import Link, due_day, part_pay
from cordwainer.core import Text, UserError
from cordwainer.hub.audit.chain import Fact, append, hold
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.floor import DESK, Claim, ClaimWord, Due, Handover, StoredFile
from cordwainer.hub.store.files import PHOTOS, keep
from cordwainer.hub.store.floor import counted, good, links_now, pay_of_link, spoken_for
from cordwainer.hub.store.versions import live
from cordwainer.hub.web.visit import day_of

DAYS_TO_ANSWER = 3
MOST = 10_000_000
Counts = Sequence[tuple[str, int, int, int]]
"""Size, good, seconds and missing."""
_LOOK = Text("Look at the page again.", "请重新查看页面。")
Photo = StoredFile
GONE = UserError("no-such-handover", Text("There is no such handover.", "没有这次交接。"), _LOOK)


@dataclass(frozen=True)
class Found:
    """What a receiver found: counts by size (None: as given), money it claims for what differs, and the day for the answer."""

    counts: Counts | None = None
    fen: int | None = None
    until: date | None = None
    note: str = ""
    photo: StoredFile | None = None


def may_act(account: Account, firm: str) -> bool:
    """Return whether an account may act for a firm: its own, or the planner who writes down what was said by phone."""
    return bool(account.role == "planner" or (account.firm == firm and firm))


def keep_photo(account: Account, name: str, content: bytes, now: datetime) -> Photo:
    """Keep a photo of what is handed over."""
    return keep(account, name, content, now, PHOTOS)


@transaction.atomic
def give(
    account: Account,
    lot: str,
    stage: str,
    counts: Counts,
    key: str,
    now: datetime,
    note: str = "",
    photo: StoredFile | None = None,
    day: date | None = None,
) -> Handover:
    """Write down that pairs of a lot were given to whoever works on them next. The same form sent again counts once.

    Raises
    ------
    UserError
        If the lot is not the firm's to give, or has not so many pairs left.
    """
    hold()
    link = links_now().get((lot, stage))
    if link is None or not may_act(account, link.giver):
        raise UserError("not-yours-to-give", Text("This is not yours to hand over.", "这批货不由您交出。"), _LOOK)
    before = Handover.objects.filter(giver=link.giver, key=key).first()
    if before is not None:
        return before
    _refuse(counts)
    on = day or day_of(now)
    if on > day_of(now):
        raise UserError("in-future", Text("The day has not come yet.", "日期不能晚于今天。"), _LOOK)
    left = link.pairs - spoken_for(lot, stage)
    if sum(c[1] for c in counts) > left:
        raise UserError(
            "more-than-left",
            Text(f"Only {left} pairs of this lot are left to hand over.", f"该批次只剩 {left} 双可交。"),
            Text("Correct the pairs, or withdraw a handover that was not right.", "请更正双数，或撤回有误的交接。"),
        )
    made = Handover.objects.create(
        key=key,
        giver=link.giver,
        receiver=link.receiver,
        lot=lot,
        order=link.order,
        stage=stage,
        pairs=link.pairs,
        date=on,
        given=[list(c) for c in counts],
        given_by=account.pk,
        given_at=now,
        given_note=note[:200],
        given_photo=photo,
    )
    append(account.login, [Fact("handed over", "handover", str(made.pk), stage, new=f"{lot} {_said(counts)}")])
    return made


def _said(counts: Counts) -> str:
    return " ".join(f"{size}:{a}/{b}/{c}" for size, a, b, c in counts)


def _refuse(counts: Counts) -> None:
    sizes = [c[0] for c in counts]
    whole = sum(sum(c[1:]) for c in counts)
    if not 0 < whole <= MOST or any(n < 0 for c in counts for n in c[1:]) or len(set(sizes)) < len(sizes):
        raise UserError(
            "bad-counts",
            Text("The pairs by size cannot be meant.", "各码双数填写有误。"),
            Text("Fill in pairs of 0 or more, at least one in all.", "双数不得为负，合计至少 1 双。"),
        )


@transaction.atomic
def withdraw(account: Account, number: int, now: datetime) -> None:
    """Take a handover back that was not right, as long as the receiver has not confirmed it; again changes nothing."""
    hold()
    found = Handover.objects.select_for_update().filter(pk=number).first()
    if found is None or not may_act(account, found.giver):
        raise GONE
    if found.withdrawn_at is not None:
        return
    if found.received is not None:
        raise UserError(
            "already-confirmed",
            Text("The receiver has confirmed it.", "收方已确认。"),
            Text("Settle a difference by a claim.", "如有差异请走索赔。"),
        )
    found.withdrawn_at = now
    found.save()
    append(account.login, [Fact("withdrew", "handover", str(number))])


@transaction.atomic
def receive(account: Account, number: int, found: Found, key: str, now: datetime) -> Handover:
    """Confirm a handover with what was found; what differs opens a claim, what is good makes money due. Again changes nothing.

    Raises
    ------
    UserError
        If it is not the firm's to confirm, was withdrawn, was confirmed otherwise, or holds more pairs than the lot.
    """
    hold()
    h = Handover.objects.select_for_update().filter(pk=number).first()
    if h is None or not may_act(account, h.receiver):
        raise GONE
    if h.withdrawn_at is not None:
        raise UserError("withdrawn", Text("The giver took this handover back.", "交方已撤回这次交接。"), _LOOK)
    counts = [(str(c[0]), int(c[1]), int(c[2]), int(c[3])) for c in h.given] if found.counts is None else found.counts
    if h.received is not None:
        if [list(c) for c in counts] == h.received:
            return h
        raise UserError(
            "already-confirmed",
            Text("It was confirmed before, with other counts.", "此前已按其他数量确认。"),
            Text("Open a claim for what differs.", "如有差异请提出索赔。"),
        )
    _refuse(counts)
    link, before, today = _link_of(h), counted(h.lot, h.stage), day_of(now)
    others = spoken_for(h.lot, h.stage) - good(h.given)
    n, short = sum(c[1] for c in counts), _short(h, counts)
    if n + short > h.pairs - others:
        raise UserError(
            "more-than-left",
            Text(f"The lot has only {h.pairs - others} pairs left.", f"该批次只剩 {h.pairs - others} 双。"),
            Text("Correct the pairs.", "请更正双数。"),
        )
    h.received, h.received_on, h.received_by, h.received_at = [list(c) for c in counts], today, account.pk, now
    h.received_note, h.received_photo = found.note[:200], found.photo
    h.save()
    append(account.login, [Fact("received", "handover", str(number), h.stage, new=f"{h.lot} {_said(counts)}")])
    dues(f"H{h.pk}", h, link, before, n, today)
    if short:
        open_claim(account, h, key, short, found.fen, found.until, now, found.note, short=True)
    return h


def _short(h: Handover, counts: Counts) -> int:
    """Return the pairs that were given as good and not found so, size by size."""
    was = {str(c[0]): int(c[1]) for c in h.given}
    now = {c[0]: c[1] for c in counts}
    if set(was) != set(now):  # one side told sizes, the other not: only sums compare
        return max(0, sum(was.values()) - sum(now.values()))
    return sum(max(0, was[size] - now[size]) for size in was)


def _link_of(h: Handover) -> Link | None:
    """Return the link of a handover; None where the lot was taken away since, so that its pay is not known."""
    link = links_now().get((h.lot, h.stage))
    return link if link is not None and (link.giver, link.receiver) == (h.giver, h.receiver) else None


def dues(ref: str, h: Handover, link: Link | None, before: int, n: int, day: date) -> None:
    """Write down what pairs found good make due: the work to its maker; of what goes to the buyer, the order's price to the desk."""
    if n == 0:
        return
    covers = link.covers if link else (h.stage,)
    common = {"ref": ref, "date": day, "order": h.order, "lot": h.lot, "pairs": n, "stages": " ".join(covers)}
    whole = pay_of_link(link) if link else None
    fen = part_pay(whole, h.pairs, before, before + n)
    Due.objects.create(kind="work", payer=DESK, payee=h.giver, currency="CNY", amount=fen, **common)
    row = live()["order"].filter(order=h.order).join(live()["purchase_order"], on="po")
    buyer = row["buyer"].item() if row.height else None
    if buyer != h.receiver or (link is not None and not link.is_last):
        return
    term = live()["payment_term"].filter(pl.col("term").is_in(row["payment_term"].drop_nulls().to_list()))
    days, since = (term["balance_days"].item(), term["counted_from"].item()) if term.height else (None, None)
    whole = int(row["price"].item()) * h.pairs
    Due.objects.create(
        kind="order",
        payer=h.receiver,
        payee=DESK,
        currency=row["currency"].item(),
        amount=part_pay(whole, h.pairs, before, before + n),
        due=due_day(day, days, since),
        **common,
    )


def open_claim(
    account: Account,
    h: Handover,
    key: str,
    pairs: int,
    fen: int | None,
    until: date | None,
    now: datetime,
    said: str,
    *,
    short: bool,
) -> Claim:
    """Open a claim of the receiver, in the transaction of whoever calls."""
    by = until or day_of(now) + timedelta(days=DAYS_TO_ANSWER)
    if by < day_of(now) or (fen is not None and not 0 <= fen <= 10**12):
        raise UserError(
            "bad-claim",
            Text("Money or day of the claim cannot be meant.", "索赔金额或答复期限填写有误。"),
            Text("Name money of 0 or more, and a day from today on.", "金额不得为负，期限不得早于今天。"),
        )
    made = Claim.objects.create(
        handover=h, key=key, short=short, pairs=pairs, fen=fen, until=by, account=account.pk, at=now
    )
    word = {"firm": h.receiver, "word": "opened", "pairs": pairs, "fen": fen, "said": said[:500]}
    ClaimWord.objects.create(claim=made, account=account.pk, at=now, **word)
    append(account.login, [Fact("claimed", "claim", str(made.pk), str(h.pk), new=f"{pairs} pairs {fen} fen by {by}")])
    return made
