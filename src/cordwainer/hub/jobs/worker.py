"""A worker: takes one job after another until it is told to stop."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from cordwainer.core import CordwainerError
from cordwainer.hub.jobs.homes import KIND, run_homes
from cordwainer.hub.jobs.importing import run_bring, run_check
from cordwainer.hub.jobs.planning import run_plan
from cordwainer.hub.jobs.queue import LeaseLost, beating, finish, take
from cordwainer.hub.jobs.upgrading import run_phase_out, run_programme
from cordwainer.hub.models.jobs import Job
from cordwainer.hub.notices import find, send_due

KINDS: Mapping[str, Callable[[Job], None]] = MappingProxyType(
    {
        "plan": run_plan,
        "check": run_check,
        "bring": run_bring,
        "programme": run_programme,
        "phase-out": run_phase_out,
        KIND: run_homes,
    }
)
_PAUSE_S = 1.0
_TELL_EVERY_S = 15.0
_OUTAGE_PAUSE_S = 3.0
_log = logging.getLogger(__name__)


def do(job: Job) -> None:
    """Do one job; an error ends it with its message, and a lease that was lost leaves it to whoever has it now.

    What nobody foresaw ends the worker: its lease runs out, and another tries again, a few times at most.
    """
    try:
        with beating(job):
            KINDS[job.kind](job)
    except LeaseLost:
        _log.warning("job %s was taken over", job.pk)
    except CordwainerError as error:
        finish(job, "failed", {"en": error.say("en"), "zh": error.say("zh")})


def work(*, until_idle: bool = False) -> None:
    """Do jobs as they come. While the database is out of reach it waits: a job in its hands goes on once its lease ran out.

    Parameters
    ----------
    until_idle
        Return when nothing waits any more, instead of waiting for more.
    """
    stopped: list[int] = []
    if not until_idle:
        signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    told = [0.0]
    while not stopped:
        try:
            if _one_step(told, until_idle=until_idle):
                return
        except (OperationalError, InterfaceError) as error:
            if until_idle:
                raise
            _log.warning("the database is out of reach: %s", error)
            connection.close()
            time.sleep(_OUTAGE_PAUSE_S)


def _one_step(told: list[float], *, until_idle: bool) -> bool:
    """Do a job, or tell people and wait where there is none; return whether the worker may go home."""
    job = take()
    if job is not None:
        do(job)
        return False
    if until_idle:
        return True
    if time.monotonic() > told[0]:
        tell_people()
        told[0] = time.monotonic() + _TELL_EVERY_S
    close_old_connections()
    time.sleep(_PAUSE_S)
    return False


def tell_people() -> None:
    """Find what is to be told and send what is due."""
    now = datetime.now(UTC)
    find(now)
    send_due(now)
