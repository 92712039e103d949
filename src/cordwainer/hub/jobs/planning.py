"""The job that plans the cluster: plan, certificate, reasons, all kept together or not at all."""

from __future__ import annotations

import polars as pl
from django.db import transaction

from cordwainer.cluster import Plan
from cordwainer.hub.jobs.queue import finish, tell
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.jobs import Job
from cordwainer.hub.models.runs import Reason, Run
from cordwainer.hub.store.plans import keep_plan
from cordwainer.hub.store.versions import cluster_at, head
from cordwainer.planning import Progress, Settings, explain_orders, plan
from cordwainer.referee import judge

LONGEST_S = 1800


def run_plan(job: Job) -> None:
    """Plan the cluster as it is when the job begins, for so many seconds, and keep the run.

    Stopped early, it keeps the best plan so far: that is what a planner who stops a search wants.
    """
    version = job.progress.get("version") or head()
    cluster = cluster_at(version)
    seconds = min(LONGEST_S, max(1, int(job.settings.get("seconds", 60))))

    def listen(progress: Progress) -> bool:
        return tell(job, _told(progress, version, seconds))

    tell(job, {"version": version, "seconds": seconds})
    settings = Settings(seed=int(job.settings.get("seed", 1)), time_s=float(seconds))
    made = plan(cluster, settings, listen)
    certified = judge(cluster, made).certified
    reasons = explain_orders(cluster, made)
    with transaction.atomic():
        run = keep_run(
            Account.objects.filter(pk=job.account).first(), version, made, certified=certified, reasons=reasons
        )
        finish(job, "done", {"run": run.pk})


def keep_run(
    account: Account | None, version: int, made: Plan, *, certified: bool | None, reasons: pl.DataFrame
) -> Run:
    """Keep a plan with the reasons of its orders."""
    run = keep_plan(account, version, made, certified=certified, note="")
    rows = reasons.select("order", "reason_en", "reason_zh").iter_rows()
    Reason.objects.bulk_create(Reason(run=run, order=o, en=en, zh=zh) for o, en, zh in rows)
    return run


def _told(progress: Progress, version: int, seconds: int) -> dict[str, object]:
    return {
        "version": version,
        "seconds": seconds,
        "elapsed": round(progress.elapsed_s, 1),
        "en": progress.phase.en,
        "zh": progress.phase.zh,
        "contribution_fen": progress.contribution_fen,
        "bound_fen": progress.bound_fen,
        "net_gap": progress.net_gap,
        "solver_faults": len(progress.faults),
    }
