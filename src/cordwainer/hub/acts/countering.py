"""Counter-offers: a maker names other terms; desk or brand takes them, checked against what is free then, or refuses.

A counter binds its maker until it ends. What a maker asks in it is read by the desk alone: a brand is told of other pairs or
later days, where the price stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import polars as pl
from django.db import transaction

from cordwainer.core import Text, UserError
from cordwainer.hub.acts.reply import answer_for
from cordwainer.hub.acts.settling import opened, settle
from cordwainer.hub.audit.chain import Fact, append, hold
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.desk import Counter, Part
from cordwainer.hub.models.runs import Pay, Run
from cordwainer.hub.store.versions import live
from cordwainer.hub.web.visit import day_of
from cordwainer.quoting import Agreed, Request

MOST_DAYS = 14
GONE = UserError(
    "no-such-counter",
    Text("This counter-offer is no longer open.", "该还价已失效。"),
    Text("Look at what is open now.", "请查看当前有效的内容。"),
)


@dataclass(frozen=True)
class Terms:
    """What a maker names: fen a pair by (stage, line), the most pairs, between which days (None: as asked), for how many days."""

    fen: Mapping[tuple[str, str], int]
    pairs: int
    start: date | None = None
    end: date | None = None
    days: int = 2
    reason: str = ""


@dataclass(frozen=True)
class _Asked:
    """What a maker was asked: fen by (stage, line) a pair, pairs, first and last day."""

    fen: Mapping[tuple[str, str], float]
    pairs: int
    start: date
    end: date


def _refuse(terms: Terms, asked: _Asked) -> None:
    start, end = terms.start or asked.start, terms.end or asked.end
    wrong = set(terms.fen) != set(asked.fen) or any(not 0 < f <= 10_000_000 for f in terms.fen.values())
    wrong |= not 0 < terms.pairs <= asked.pairs or not 1 <= terms.days <= MOST_DAYS or end < start
    if wrong:
        raise UserError(
            "bad-counter",
            Text(
                f"Name a price for each stage, 1 to {asked.pairs} pairs, days in order, open for 1 to {MOST_DAYS} days.",
                f"请填写各道工价、1 至 {asked.pairs} 双、先后正确的日期，有效期 1 至 {MOST_DAYS} 天。",
            ),
            Text("Go back and correct the terms.", "请返回更正。"),
        )
    same = terms.pairs == asked.pairs and (start, end) == (asked.start, asked.end)
    if same and not _dearer(terms, asked) and not any(terms.fen[k] < round(asked.fen[k]) for k in asked.fen):
        raise UserError(
            "no-difference",
            Text("These are the terms that you were asked for.", "所填条件与询单相同。"),
            Text("Accept instead, or change pairs, price or days.", "可直接接单，或修改双数、工价、日期。"),
        )


def _dearer(terms: Terms, asked: _Asked) -> bool:
    return any(terms.fen[k] > round(asked.fen[k]) for k in asked.fen)


def _part_asked(part: Part) -> _Asked:
    fen = {(s[0], s[1]): s[5] / s[2] for s in part.stages}
    pairs: dict[str, int] = {}
    for s in part.stages:
        pairs[s[0]] = pairs.get(s[0], 0) + s[2]
    days = [date.fromisoformat(x) for s in part.stages for x in (s[3], s[4])]
    return _Asked(fen, max(pairs.values()), min(days), max(days))


@transaction.atomic
def counter(account: Account, firm: str, offer: str, terms: Terms, key: str, now: datetime) -> Counter:
    """Name other terms for a maker's part of an option; they take the place of any named before. The same form counts once.

    Raises
    ------
    UserError
        If the maker is not asked any more, or the terms cannot be meant.
    """
    hold()
    part = Part.objects.select_related("option").filter(option__offer=offer, firm=firm).first()
    before = Counter.objects.filter(firm=firm, key=key).first()
    if before is not None:
        return before
    if part is None or part.answer or part.option.status_at(now) not in ("offered", "held"):
        raise GONE
    asked = _part_asked(part)
    _refuse(terms, asked)
    Counter.objects.filter(firm=firm, option=part.option, status="open").update(status="withdrawn")
    made = _made(account, firm, terms, asked, key, now)
    made.option = part.option
    made.save()
    append(account.login, [Fact("countered", "option", offer, firm, new=_said(made))])
    return made


def _made(account: Account, firm: str, terms: Terms, asked: _Asked, key: str, now: datetime) -> Counter:
    return Counter(
        key=key,
        firm=firm,
        pairs=terms.pairs,
        terms=[[s, x, fen] for (s, x), fen in terms.fen.items()],
        start=terms.start if terms.start and terms.start > asked.start else None,
        end=terms.end if terms.end and terms.end != asked.end else None,
        dearer=_dearer(terms, asked),
        reason=terms.reason[:500],
        until=now + timedelta(days=terms.days),
        account=account.pk,
        at=now,
    )


def _said(c: Counter) -> str:
    return f"{c.pairs} pairs {c.terms} {c.start} {c.end} until {c.until.isoformat(timespec='minutes')}"


@transaction.atomic
def counter_lot(account: Account, run: Run, lot: str, terms: Terms, key: str, now: datetime) -> Counter:
    """Name other terms for the maker's part of a lot on offer of the published plan."""
    hold()
    firm = account.firm
    before = Counter.objects.filter(firm=firm, key=key).first()
    if before is not None:
        return before
    asked = lot_asked(run, lot, firm, day_of(now))
    if asked is None:
        raise GONE
    _refuse(terms, asked)
    Counter.objects.filter(firm=firm, lot=lot, run=run.pk, status="open").update(status="withdrawn")
    made = _made(account, firm, terms, asked, key, now)
    made.lot, made.run = lot, run.pk
    made.save()
    append(account.login, [Fact("countered", "promise", lot, firm, new=_said(made))])
    return made


def lot_asked(run: Run, lot: str, firm: str, day: date) -> _Asked | None:
    """Return what a maker is asked for of a lot on offer; None where it is not any more, or its pay is not known."""
    cluster = live()
    promise = cluster["promise"].filter(lot=lot, status="offered").filter(pl.col("until") >= day)
    pay = dict(Pay.objects.filter(run=run, lot=lot, firm=firm).values_list("stage", "fen"))
    lines = {s: x for s, x in cluster["promise_line"].filter(lot=lot).select("stage", "line").iter_rows() if s in pay}
    days = cluster["promise_work"].filter(lot=lot).filter(pl.col("stage").is_in(list(lines)))["start_date"].to_list()
    if promise.is_empty() or not days:
        return None
    pairs = promise["pairs"].item()
    last = max(days) + timedelta(days=6)
    return _Asked({(s, lines[s]): fen / pairs for s, fen in pay.items()}, pairs, min(days), last)


@transaction.atomic
def take(account: Account, number: int, now: datetime) -> Counter:
    """Take a counter-offer: what comes of it is worked out anew against what is free now, as options of the same enquiry.

    Of a lot of the published plan, a price is agreed and counts as the maker's yes; with other pairs or days the lot is let go, for
    the next plan.

    Raises
    ------
    UserError
        If it is over, not for the account to take, or nothing comes of its terms any more.
    """
    at = opened(now) if Counter.objects.filter(pk=number).exclude(option=None).exists() else None
    hold()
    c = Counter.objects.select_related("option", "option__enquiry").filter(pk=number).first()
    if c is None or not may_decide(account, c):
        raise GONE
    if c.status == "taken":
        return c
    if c.status_at(now) != "open":
        raise GONE
    if at is None:
        _take_lot(account, c, now)
    else:
        known = set(c.option.enquiry.option_set.values_list("offer", flat=True))
        found = at.desk.renegotiate(c.option.offer, request_of(c), now)
        if not found.entries:
            raise UserError(
                "nothing-comes-of-it",
                Text("Nothing comes of these terms with what is free now.", "按此条件，目前的产能已无可行方案。"),
                Text(
                    "The option stays as it is; refuse the terms, or wait.", "原方案保持不变；可拒绝该还价或稍后再试。"
                ),
            )
        settle(account, at)
        c.became = sorted(set(c.option.enquiry.option_set.values_list("offer", flat=True)) - known)
    _decide(account, c, "taken", now)
    return c


def request_of(c: Counter) -> Request:
    """Return what an option's brand asked for, on the terms of a counter-offer."""
    request = Request.of(c.option.record["request"])
    part = Part.objects.get(option=c.option, firm=c.firm)
    asked = _part_asked(part)
    fewer = asked.pairs - c.pairs
    if fewer:
        request = request.with_pairs(max(1, request.pairs - fewer))
    later = (c.end - asked.end).days if c.end is not None else 0
    if request.by is not None and later > 0:
        request = replace(request, by=request.by + timedelta(days=later))
    start, end = (None if x is None else x.isoformat() for x in (c.start, c.end))
    mine = {line for _, line, _ in c.terms}
    kept = tuple(x for x in request.agreed if x.line not in mine)
    return replace(request, agreed=(*kept, *(Agreed(line, fen, c.pairs, start, end) for _, line, fen in c.terms)))


def may_decide(account: Account, c: Counter) -> bool:
    """Return whether a counter-offer is for an account to take or refuse: the desk any, a brand where the price stays."""
    if account.role == "planner":
        return True
    mine = c.option is not None and account.role == "buyer" and c.option.enquiry.firm == account.firm
    return bool(mine and not c.dearer)


def _take_lot(account: Account, c: Counter, now: datetime) -> None:
    run = Run.objects.get(pk=c.run)
    asked = lot_asked(run, c.lot, c.firm, day_of(now))
    if asked is None:
        raise GONE
    if c.pairs == asked.pairs and c.start is None and c.end is None:
        for stage, _, fen in c.terms:
            Pay.objects.create(run=run, lot=c.lot, stage=stage, firm=c.firm, fen=fen * c.pairs)
        answer_for(account, c.firm, run, c.lot, "accept", "", day_of(now))
        return
    answer_for(account, c.firm, run, c.lot, "decline", c.reason, day_of(now))


@transaction.atomic
def refuse(account: Account, number: int, now: datetime) -> Counter:
    """Refuse a counter-offer: what was asked stands as it was; again changes nothing."""
    hold()
    c = Counter.objects.select_related("option", "option__enquiry").filter(pk=number).first()
    if c is None or not may_decide(account, c) or c.status not in ("open", "refused"):
        raise GONE
    if c.status == "open":
        _decide(account, c, "refused", now)
    return c


def _decide(account: Account, c: Counter, status: str, now: datetime) -> None:
    c.status, c.decided_by, c.decided_at = status, account.pk, now
    c.save()
    about = c.option.offer if c.option else c.lot
    append(account.login, [Fact(f"counter {status}", "counter", str(c.pk), c.firm, new=f"{about} {c.became}")])
