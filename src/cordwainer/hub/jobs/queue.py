"""The queue of jobs: ask, take with a lease, tell how far it is, end. A worker that lost its lease can write nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from cordwainer.hub.audit.chain import Fact, append
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.jobs import Job

LEASE = timedelta(seconds=60)
MOST_TRIES = 3
_BEAT_S = 15.0
OPEN = ("waiting", "running")


class LeaseLost(Exception):
    """The job is no longer this worker's: its lease ran out and another took it, or it was ended."""


@transaction.atomic
def ask(account: Account | None, kind: str, settings: dict[str, Any]) -> Job:
    """Put a job into the queue."""
    job = Job.objects.create(
        kind=kind, settings=settings, account=account.pk if account else None, made_at=timezone.now()
    )
    append(account.login if account else "", [Fact("job", "job", str(job.pk), new=kind)])
    return job


@transaction.atomic
def take() -> Job | None:
    """Take the oldest job that waits or whose worker was lost, with a lease and a new token; None where there is none.

    A job that was begun too often is ended as failed.
    """
    now = timezone.now()
    free = Q(status="waiting") | Q(status="running", lease_until__lt=now)
    for job in Job.objects.select_for_update().filter(free).order_by("pk"):
        if job.cancel:
            _close(job, "cancelled", {})
        elif job.tries >= MOST_TRIES:
            _close(job, "failed", {"en": "Its workers were lost.", "zh": "处理进程多次中断。"})
        else:
            job.status, job.begun_at, job.lease_until = "running", job.begun_at or now, now + LEASE
            job.token += 1
            job.tries += 1
            job.save()
            return job
    return None


def _close(job: Job, status: str, result: dict[str, Any]) -> None:
    job.status, job.result, job.ended_at, job.lease_until = status, result, timezone.now(), None
    job.save()


def _held(job: Job) -> Any:  # noqa: ANN401 (Django carries no types)
    return Job.objects.filter(pk=job.pk, token=job.token, status="running")


def tell(job: Job, progress: dict[str, Any]) -> bool:
    """Keep how far a job is, renew its lease, and return whether it is to go on.

    Raises
    ------
    LeaseLost
        If the job is no longer this worker's.
    """
    if not _held(job).update(progress=progress, lease_until=timezone.now() + LEASE):
        raise LeaseLost
    return not Job.objects.filter(pk=job.pk, cancel=True).exists()


@contextmanager
def beating(job: Job) -> Iterator[None]:
    """Renew the lease of a job while this lasts, also when nothing is told for long."""
    over = Event()

    def beat() -> None:
        while not over.wait(_BEAT_S):
            with suppress(OperationalError, InterfaceError):  # out of reach: the next beat may come in time
                _held(job).update(lease_until=timezone.now() + LEASE)
            connection.close()

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@transaction.atomic
def finish(job: Job, status: str, result: dict[str, Any]) -> None:
    """End a job, in the transaction of what it brings.

    Raises
    ------
    LeaseLost
        If the job is no longer this worker's; what it brings is then not kept.
    """
    ended = {"status": status, "result": result, "ended_at": timezone.now(), "lease_until": None}
    if not _held(job).update(**ended):
        raise LeaseLost
    append("", [Fact("job", "job", str(job.pk), old="running", new=status)])


@transaction.atomic
def cancel(account: Account, number: int) -> None:
    """Ask that a job be stopped; one that nobody has begun ends at once."""
    job = Job.objects.select_for_update().filter(pk=number, status__in=OPEN).first()
    if job is None or job.cancel:
        return
    job.cancel = True
    job.save()
    if job.status == "waiting":
        _close(job, "cancelled", {})
    append(account.login, [Fact("cancel", "job", str(number))])
