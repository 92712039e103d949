"""Plans in the database: one run for each, its tables beside those of all others."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from django.db import transaction
from django.db.models import Q

from cordwainer.cluster import Plan, dictionary
from cordwainer.core import Text, UserError
from cordwainer.hub.audit.chain import Fact, append
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.runs import Run
from cordwainer.hub.store.frames import add, read
from cordwainer.hub.store.versions import cluster_at


@transaction.atomic
def keep_plan(account: Account | None, version: int, plan: Plan, *, certified: bool | None, note: str) -> Run:
    """Write a plan, made of a version of the cluster, and return its run.

    Raises
    ------
    UserError
        If it was made of other data.
    """
    fingerprint = plan.head["cluster_hash"]
    if fingerprint != cluster_at(version).hash:
        raise UserError(
            "plan-of-other-data",
            Text("The plan was not made of these data.", "该计划不是依据这些数据排出的。"),
            Text("Plan anew.", "请重新排产。"),
        )
    run = Run.objects.create(
        version=version, made_at=datetime.now(UTC), note=note, cluster_hash=fingerprint, certified=certified
    )
    for table in dictionary.plan_tables():
        add(table.name, plan[table.name], run=run.pk)
    append(account.login if account else "", [Fact("plan", "run", str(run.pk), new=f"{fingerprint} {certified}")])
    return run


@lru_cache(maxsize=4)
def plan_of(run_no: int) -> Plan:
    """Return the plan of a run, which never changes."""
    return Plan({t.name: read(t.name, Q(run=run_no)) for t in dictionary.plan_tables()})


def published() -> Run | None:
    """Return the run that makers and buyers see: the one published last."""
    return Run.objects.exclude(published_at=None).order_by("-published_at", "-pk").first()
