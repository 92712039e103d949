"""The cluster and plan that a visit sees, each view worked out once for a run."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

import polars as pl
from django.http import Http404

from cordwainer.assessment import trade_section
from cordwainer.cluster import Cluster, Plan
from cordwainer.exchange import Figure, Section, Share, View, figures_of, load_view, outcome_shares, plan_view
from cordwainer.hub.access import assessed, records
from cordwainer.hub.access.gate import Gate
from cordwainer.hub.access.second import second_lock
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.models.runs import Run
from cordwainer.hub.store.plans import plan_of, published
from cordwainer.hub.store.versions import cluster_at, forget_versions, head, made_at

_PLANNER = Viewer("planner")


@lru_cache(maxsize=4)
def _planned(run_no: int, version: int) -> tuple[Cluster, Plan]:
    gate = Gate(_PLANNER, cluster_at(version), plan_of(run_no))
    plan = gate.plan
    if plan is None:
        raise Http404
    return gate.cluster, plan


def planned(run: Run) -> tuple[Cluster, Plan]:
    """Return the cluster and the plan of a run as the planner may see them."""
    return _planned(run.pk, run.version)


@lru_cache(maxsize=64)
def _view(run_no: int, version: int, name: str) -> View:
    cluster, plan = _planned(run_no, version)
    reasons = records.reasons(_PLANNER, Run.objects.get(pk=run_no)) if name == "unmet" else None
    return plan_view(cluster, plan, name, reasons)


def view(run: Run, name: str) -> View:
    """Return a view of a run, for the planner."""
    return _view(run.pk, run.version, name)


@lru_cache(maxsize=64)
def _load(run_no: int, version: int, district: str | None) -> View:
    return load_view(*_planned(run_no, version), district)


def load(run: Run, district: str | None) -> View:
    """Return load by stage and week of a run, of one district where it is given, for the planner."""
    return _load(run.pk, run.version, district)


@lru_cache(maxsize=8)
def _figures(run_no: int, version: int) -> tuple[dict[str, tuple[Figure, ...]], list[Share]]:
    world = _planned(run_no, version)
    return figures_of(*world), outcome_shares(*world)


def figures(run: Run) -> tuple[dict[str, tuple[Figure, ...]], list[Share]]:
    """Return key figures of a run and what becomes of its pairs, for the planner."""
    return _figures(run.pk, run.version)


@lru_cache(maxsize=8)
def _part(run_no: int, version: int, part: str) -> Section:
    if part == "resilience":
        found = records.told_of_losses(_PLANNER, Run.objects.get(pk=run_no))
        if found is None:
            raise Http404
        return found
    return trade_section(*_planned(run_no, version), part)


def part(run: Run, name: str) -> Section:
    """Return a part of the assessment of a run that stands on what firms enter for trade, for the planner."""
    return _part(run.pk, run.version, name)


def run_asked(request: Any) -> Run | None:  # noqa: ANN401 (Django carries no types)
    """Return the run that the address names, else the latest; None where there is none.

    Raises
    ------
    Http404
        If the address names none that the visit may open.
    """
    found = records.runs(request.visit.viewer)
    asked = request.GET.get("run", "")
    if not asked:
        return found[0] if found else None
    return run_numbered(request, asked)


def run_numbered(request: Any, number: str) -> Run:  # noqa: ANN401
    """Return a run by its number.

    Raises
    ------
    Http404
        If there is none that the visit may open.
    """
    for run in records.runs(request.visit.viewer):
        if str(run.pk) == number:
            return run
    raise Http404


def gate_of(request: Any) -> Gate:  # noqa: ANN401
    """Return the gate of a visit before the cluster as it is now and the plan that is published."""
    run, version = published(), head()
    return _gate(request.visit.viewer, version, made_at(version), run.pk if run else 0)


@lru_cache(maxsize=64)
def _gate(viewer: Viewer, version: int, at: datetime | None, run_no: int) -> Gate:  # noqa: ARG001 (tells versions apart)
    plan = plan_of(run_no) if run_no else None
    return Gate(viewer, cluster_at(version), plan, second_lock(viewer, version, run_no))


def named(frame: pl.DataFrame, key: str, language: str) -> dict[str, str]:
    """Return the name of each row by its key; the other language stands in, or the key itself."""
    first, other = (f"name_{w}" for w in (("zh", "en") if language == "zh" else ("en", "zh")))
    return dict(frame.select(key, pl.coalesce(first, other, key)).iter_rows())


def forget() -> None:
    """Forget everything that was worked out: for when the database itself is put in place of another."""
    forget_versions()
    for cache in (plan_of, _planned, _view, _load, _figures, _part, _gate):
        cache.cache_clear()
    assessed.forget()
