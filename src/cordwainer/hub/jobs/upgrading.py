"""The jobs of the offices: a programme under a budget with the next step of every firm, and a phase-out; of the plan that is published."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from cordwainer.cluster import Cluster
from cordwainer.core import Text, UserError
from cordwainer.hub.jobs.queue import finish
from cordwainer.hub.models.jobs import Job
from cordwainer.hub.store.kept_views import record_of
from cordwainer.hub.store.plans import plan_of, published
from cordwainer.hub.store.versions import cluster_at
from cordwainer.planning import Base, remember
from cordwainer.upgrading import (
    PhaseOutSettings,
    RaiseSettings,
    Rules,
    Target,
    catalogue,
    grades_and_tax,
    market,
    opportunities,
    phase_out,
    phase_out_tables,
    programme_tables,
    raise_cluster,
    steps_of_firms,
    there_is,
)

SCHEME = "huangyan-2022"


def _published() -> tuple[int, Cluster, Base]:
    """Return the run that is published, its cluster, and what is remembered of its plan.

    Raises
    ------
    UserError
        If none is.
    """
    run = published()
    if run is None:
        raise UserError(
            "no-plan",
            Text("No plan is published.", "尚未发布计划。"),
            Text("Ask the planner to publish one.", "请计划员发布计划。"),
        )
    cluster = cluster_at(run.version)
    return run.pk, cluster, remember(cluster, plan_of(run.pk))


def _done(job: Job, result: dict[str, Any]) -> None:
    with transaction.atomic():
        cancelled = Job.objects.filter(pk=job.pk, cancel=True).exists()
        finish(job, "cancelled" if cancelled else "done", {} if cancelled else result)


def run_programme(job: Job) -> None:
    """Work out a programme for a budget over years, and the next step of every firm."""
    run, cluster, base = _published()
    known, asked = catalogue(), job.settings
    grades, tax = grades_and_tax(cluster, SCHEME)
    table = opportunities([market(cluster, base.plan, None, base)], known, grades, tax)
    district = {f: d for f, d in cluster["firm"].select("firm", "district").iter_rows() if d is not None}
    rules = Rules(100 * int(asked["budget"]), years=int(asked.get("years", 1)))
    settings = RaiseSettings(rounds=2, work=int(asked.get("work", 2)))
    made = raise_cluster(base, known, table, district, rules, str(asked.get("goal", "npv")), settings)
    tables = [record_of(v) for v in programme_tables(made, known, cluster)]
    steps = steps_of_firms(cluster, known, table, grades)
    _done(job, {"of_run": run, "certified": made.certified, "gap": made.gap, "tables": tables, "steps": steps})


def run_phase_out(job: Job) -> None:
    """Work out a phase-out for a share of lines, land or a flow."""
    run, cluster, base = _published()
    known, asked = catalogue(), job.settings
    kind = str(asked["target"])
    amount = float(asked["share"]) * there_is(cluster, base.plan, kind, SCHEME)
    settings = PhaseOutSettings(work=int(asked.get("work", 2)), rounds=4, tries=4)
    made = phase_out(base, known, Target(kind, amount), SCHEME, settings)
    tables = [record_of(v) for v in phase_out_tables(made, known)]
    _done(job, {"of_run": run, "certified": made.certified, "gap": made.gap, "tables": tables, "steps": {}})
