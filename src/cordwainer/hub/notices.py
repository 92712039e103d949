"""Notices: found from what stands in the tables, kept, and sent by the worker; a way that fails is tried again a few times."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import polars as pl
from django.conf import settings
from django.db import transaction

from cordwainer.core import Text
from cordwainer.hub.access.ownership import Ownership
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.desk import Part
from cordwainer.hub.models.jobs import Job
from cordwainer.hub.models.notices import Notice
from cordwainer.hub.models.runs import Reply
from cordwainer.hub.signin.delivery import NotDelivered
from cordwainer.hub.signin.reaching import deliver
from cordwainer.hub.store.plans import published
from cordwainer.hub.store.versions import live
from cordwainer.hub.web.texts import text
from cordwainer.hub.web.visit import day_of

MOST_TRIES = 5
_FIRST_PAUSE = timedelta(minutes=1)
_FRESH = timedelta(days=1)
_AT_ONCE = 20
_log = logging.getLogger(__name__)


def find(now: datetime) -> int:
    """Write down what is to be told and has not been, and return how many notices that makes."""
    made = 0
    for account, kind, about, values in (*_offers(now), *_asked(now), *_jobs(now)):
        with transaction.atomic():
            _, new = Notice.objects.get_or_create(
                account=account,
                kind=kind,
                about=about[:100],
                defaults={"values": values, "made_at": now, "due_at": now},
            )
        made += new
    return made


Told = tuple[Account, str, str, dict[str, object]]


def _makers() -> dict[str, list[Account]]:
    found: dict[str, list[Account]] = {}
    for account in Account.objects.filter(role="maker", active=True):
        found.setdefault(account.firm, []).append(account)
    return found


def _offers(now: datetime) -> Iterator[Told]:
    """Yield one notice to each maker for the lots of the published run on which its answer is awaited."""
    run = published()
    if run is None or run.published_at < now - _FRESH:
        return
    cluster, accounts = live(), _makers()
    owners = Ownership(cluster.frames).owners("line").rename({"key": "line"})
    open_lots = cluster["promise"].filter(status="offered").filter(pl.col("until") >= day_of(now))
    rows = cluster["promise_line"].join(open_lots, on="lot").join(owners, on="line").select("firm", "lot", "until")
    said = set(Reply.objects.filter(run=run).values_list("firm", "lot"))
    for (firm,), part in rows.unique().sort("firm", "lot").group_by("firm", maintain_order=True):
        lots = [lot for lot in part["lot"] if (firm, lot) not in said]
        for account in accounts.get(str(firm), ()) if lots else ():
            yield account, "offers", f"run {run.pk}", {"n": len(lots), "day": str(part["until"].min())}


def _asked(now: datetime) -> Iterator[Told]:
    """Yield a notice to each maker for every option that waits for its answer."""
    accounts = _makers()
    waiting = Part.objects.select_related("option").filter(answer="", option__ask_by__gt=now)
    for part in waiting.filter(option__status__in=("offered", "held")).order_by("pk"):
        values: dict[str, object] = {"day": str(day_of(part.option.ask_by))}
        for account in accounts.get(part.firm, ()):
            yield account, "asked", part.option.offer, values


def _jobs(now: datetime) -> Iterator[Told]:
    """Yield a notice to whoever asked for a job that ended."""
    ended = Job.objects.filter(status__in=("done", "failed"), ended_at__gt=now - _FRESH).exclude(account=None)
    accounts = Account.objects.in_bulk(list(ended.values_list("account", flat=True)))
    for job in ended.order_by("pk"):
        if (account := accounts.get(job.account)) is not None:
            yield account, "job", f"job {job.pk}", {"job": job.pk, "status": job.status}


def said(notice: Notice) -> str:
    """Return the text of a notice in the language of its account, with the address of the hub where that is known."""
    values = {**notice.values}
    if "status" in values:
        values["status"] = text(f"job_{values['status']}")
    told: Text = text(f"notice_{notice.kind}", **values)
    address = f"\n{settings.ADDRESS}" if settings.ADDRESS else ""
    return told.in_("en" if notice.account.language == "en" else "zh") + address


def send_due(now: datetime) -> int:
    """Send what is due, and return how many got through; what did not is tried again later, five times at most.

    A notice is marked before it is sent: a worker that is killed in between loses one notice rather than sending it again and again.
    """
    sent = 0
    for notice in (
        Notice.objects.select_related("account").filter(sent_at=None, due_at__lte=now).order_by("pk")[:_AT_ONCE]
    ):
        taken = Notice.objects.filter(pk=notice.pk, sent_at=None, tries=notice.tries)
        if not taken.update(sent_at=now, tries=notice.tries + 1):
            continue
        try:
            deliver(notice.account, said(notice))
        except NotDelivered as error:
            _log.warning("notice %s: %s", notice.pk, error)
            over = notice.tries + 1 >= MOST_TRIES
            pause = _FIRST_PAUSE * 4**notice.tries
            Notice.objects.filter(pk=notice.pk).update(
                sent_at=now if over else None, due_at=now + pause, fault=str(error)[:200]
            )
        else:
            sent += 1
            Notice.objects.filter(pk=notice.pk).update(fault="")
    return sent
