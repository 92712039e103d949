"""The quoting desk on the plan that is published: its log is the truth, its live state is made from plan and log."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from threading import Lock

from django.conf import settings

from cordwainer.core import Text, UserError
from cordwainer.hub.models.runs import Run
from cordwainer.hub.store.plans import plan_of, published
from cordwainer.hub.store.versions import cluster_at
from cordwainer.quoting import Desk, open_desk

_OPENING = Lock()
_DESKS: dict[tuple[int, int, date, Path], Desk] = {}
"""The one desk that is open in this process; whoever asks for another plan or day closes it."""


def desk_of(run: Run, day: date, now: datetime) -> Desk:
    """Return the desk on a run; opening it on another plan than before carries all offers over."""
    plan = plan_of(run.pk)
    from_day = day if plan.first_date <= day <= plan.periods[-1].end else plan.first_date
    key = (run.pk, run.version, from_day, settings.OFFERS_LOG)
    with _OPENING:
        try:
            if key in _DESKS:
                _DESKS[key].entries(now)
                return _DESKS[key]
        except UserError as error:
            if error.code != "log-moved-on":
                raise
        _DESKS.clear()
        _DESKS[key] = open_desk(cluster_at(run.version), plan, settings.OFFERS_LOG, from_day, now)
        return _DESKS[key]


def forget_desks() -> None:
    """Close the desk that is open: the next one is made from plan and log."""
    _DESKS.clear()


def out() -> Run:
    """Return the run that is published.

    Raises
    ------
    UserError
        If there is none: nothing can be quoted then.
    """
    run = published()
    if run is None:
        raise UserError(
            "no-plan",
            Text("No plan is published yet, so nothing can be quoted.", "尚未发布计划，暂时无法报价。"),
            Text("Ask again once the planning desk has published one.", "请等排产中心发布计划后再询价。"),
        )
    return run
