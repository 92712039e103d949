"""Progress of lots, days of milestones, documents of orders: each entry once, told in the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl
from django.db import transaction
from django.db.models import Sum

from cordwainer.cluster import dictionary
from cordwainer.core import Text, UserError
from cordwainer.hub.access.ownership import Ownership
from cordwainer.hub.acts.handing import may_act
from cordwainer.hub.audit.chain import Fact, append, hold
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.floor import Document, MilestoneDay, Progress
from cordwainer.hub.store.files import DOCUMENTS, keep
from cordwainer.hub.store.floor import leads_now
from cordwainer.hub.store.versions import live
from cordwainer.hub.web.visit import day_of

READERS = ("desk", "buyer", "all")
"""Who reads a document beside whoever put it there and the desk: nobody, the buyer and the lead firm, or every maker too."""
MOST_DOCUMENTS = 100
_LOOK = Text("Look at the page again.", "请重新查看页面。")


@dataclass(frozen=True)
class Done:
    """Pairs that were finished: good, seconds, sent back; below zero where an earlier entry is corrected."""

    pairs: int
    seconds: int = 0
    rework: int = 0


def maker_of(lot: str, stage: str) -> tuple[str, int] | None:
    """Return who does a stage of an accepted lot, and the lot's pairs; None where nobody does."""
    cluster = live()
    row = cluster["promise_line"].filter(lot=lot, stage=stage)
    promise = cluster["promise"].filter(lot=lot, status="accepted")
    if row.is_empty() or promise.is_empty():
        return None
    firm = Ownership(cluster.frames).owners("line").filter(key=row["line"].item())["firm"].item()
    return firm, promise["pairs"].item()


@transaction.atomic
def report(account: Account, lot: str, stage: str, day: date, done: Done, key: str, now: datetime) -> Progress:
    """Write down what a maker finished of a stage of a lot on a day. The same form sent again counts once.

    Raises
    ------
    UserError
        If it is not the firm's work, the day has not come, or the lot has not so many pairs.
    """
    hold()
    found = maker_of(lot, stage)
    if found is None or not may_act(account, found[0]):
        raise UserError("not-your-work", Text("This is not work of yours.", "这不是贵厂的活。"), _LOOK)
    firm, most = found
    before = Progress.objects.filter(firm=firm, key=key).first()
    if before is not None:
        return before
    so_far = Progress.objects.filter(lot=lot, stage=stage).aggregate(
        pairs=Sum("pairs"), seconds=Sum("seconds"), rework=Sum("rework")
    )
    sums = [(so_far[n] or 0) + getattr(done, n) for n in ("pairs", "seconds", "rework")]
    if day > day_of(now) or min(sums) < 0 or sums[0] > most or max(sums) > 10_000_000:
        raise UserError(
            "bad-progress",
            Text(
                f"Of {most} pairs {so_far['pairs'] or 0} were finished before; this does not fit.",
                f"该批 {most} 双，此前已完成 {so_far['pairs'] or 0} 双，所填不符。",
            ),
            Text("Correct pairs or day.", "请更正双数或日期。"),
        )
    if not any((done.pairs, done.seconds, done.rework)):
        raise UserError("nothing", Text("No pairs are given.", "没有填写双数。"), Text("Fill them in.", "请填写。"))
    made = Progress.objects.create(
        key=key,
        firm=firm,
        lot=lot,
        stage=stage,
        date=day,
        pairs=done.pairs,
        seconds=done.seconds,
        rework=done.rework,
        account=account.pk,
        at=now,
    )
    said = f"{day} {done.pairs}/{done.seconds}/{done.rework}"
    append(account.login, [Fact("finished", "progress", lot, stage, new=said)])
    return made


def _buyer_of(order: str) -> str:
    cluster = live()
    rows = cluster["order"].filter(order=order).join(cluster["purchase_order"].select("po", "buyer"), on="po")
    return rows["buyer"].item() if rows.height else ""


def may_mark(account: Account, order: str, milestone: str) -> bool:
    """Return whether an account may say that a milestone was done: the desk any, the lead firm all but the deposit."""
    leads = bool(account.firm) and leads_now().get(order) == account.firm
    return account.role == "planner" or (leads and milestone != "deposit")


@transaction.atomic
def mark(
    account: Account, order: str, milestone: str, *, due: date | None, done: date | None, now: datetime
) -> MilestoneDay:
    """Set the days of a milestone: the desk both, the lead firm when it was done. What stands already is not set again.

    Raises
    ------
    UserError
        If the milestone is not the account's to set, or the day has not come.
    """
    hold()
    known = live()["order"].filter(order=order).height and milestone in dictionary.choices()["milestone"]
    if not known or not may_mark(account, order, milestone):
        raise UserError("not-your-milestone", Text("This is not yours to set.", "该节点不由您填写。"), _LOOK)
    if done is not None and done > day_of(now):
        raise UserError("in-future", Text("The day has not come yet.", "日期不能晚于今天。"), _LOOK)
    before = MilestoneDay.objects.filter(order=order, milestone=milestone).order_by("pk").last()
    row = live()["order_milestone"].filter(order=order, kind=milestone)
    first_due = row["due"].item() if row.height else None
    stands = before.due if before is not None else first_due
    if account.role != "planner":
        due = stands
    if before is not None and (before.due, before.done) == (due, done):
        return before
    made = MilestoneDay.objects.create(
        order=order, milestone=milestone, due=due, done=done, firm=account.firm, account=account.pk, at=now
    )
    old = f"{stands} {before.done if before else None}"
    append(account.login, [Fact("milestone", "order_milestone", order, milestone, old=old, new=f"{due} {done}")])
    return made


@transaction.atomic
def add_document(
    account: Account, order: str, milestone: str, name: str, content: bytes, readers: str, note: str, now: datetime
) -> Document:
    """Put a document to an order; the same one again is put there once.

    Raises
    ------
    UserError
        If the file is not of the kinds that may be, or there are too many.
    """
    hold()
    milestones = ("", *dictionary.choices()["milestone"])
    if readers not in READERS or milestone not in milestones or live()["order"].filter(order=order).is_empty():
        raise UserError("bad-document", Text("The form cannot be meant.", "表单内容有误。"), _LOOK)
    file = keep(account, name, content, now, DOCUMENTS)
    before = Document.objects.filter(order=order, file=file, firm=account.firm).first()
    if before is not None:
        return before
    if Document.objects.filter(order=order, firm=account.firm).count() >= MOST_DOCUMENTS:
        raise UserError(
            "too-many-documents", Text("This order has too many documents.", "该订单的文件已达上限。"), _LOOK
        )
    made = Document.objects.create(
        order=order,
        milestone=milestone,
        file=file,
        firm=account.firm,
        readers=readers,
        note=note[:200],
        account=account.pk,
        at=now,
    )
    append(account.login, [Fact("document", "document", order, milestone, new=f"{file.name} {file.digest} {readers}")])
    return made


def makers_of(order: str) -> frozenset[str]:
    """Return the firms with a part in an accepted lot of an order."""
    cluster = live()
    lots = cluster["promise"].filter(order=order, status="accepted")
    owners = Ownership(cluster.frames).owners("line").rename({"key": "line"})
    rows = cluster["promise_line"].join(lots, on="lot", how="semi").join(owners, on="line")
    return frozenset(rows["firm"])


def works_on(account: Account, order: str) -> bool:
    """Return whether an account has to do with an order: the desk, its buyer, or a maker of it."""
    firm = account.firm
    return account.role == "planner" or bool(firm and (firm == _buyer_of(order) or firm in makers_of(order)))


def planned_by(day: date) -> pl.DataFrame:
    """Return lot, stage and pairs of accepted lots that the plan has finished before a day, period by period.

    The work of a period counts as finished once the next work of that stage, or a week, has begun.
    """
    cluster = live()
    mine = cluster["promise"].filter(status="accepted").select("lot", "order")
    work = cluster["promise_work"].join(mine, on="lot")
    return (
        work.filter(pl.col("start_date").dt.offset_by("7d") <= day).group_by("lot", "stage").agg(pl.col("pairs").sum())
    )
