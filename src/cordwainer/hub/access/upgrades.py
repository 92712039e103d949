"""What of programmes and phase-outs a viewer may see: offices sums of at least five firms, a firm its own next step, others nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from cordwainer.cluster import Cluster
from cordwainer.core import Language
from cordwainer.exchange import View
from cordwainer.hub.access.viewer import OFFICES, Viewer
from cordwainer.hub.models.jobs import Job
from cordwainer.hub.store.kept_views import view_of
from cordwainer.hub.web.visit import day_of
from cordwainer.upgrading import catalogue, next_step_of, next_step_pdf

KINDS = ("programme", "phase-out")
"""Kinds of job whose results the offices see, and the planner does not: official figures stand behind them."""
_LATEST = 20


@dataclass(frozen=True)
class Upgrade:
    """A job with what it was asked, and its tables once it is done."""

    number: int
    status: str
    asked: dict[str, Any]
    made_at: Any
    certified: bool | None
    gap: float | None
    tables: tuple[View, ...]
    wrong: dict[str, str]


def of_kind(viewer: Viewer, kind: str) -> list[Upgrade]:
    """Return the latest jobs of a kind, the newest first: for offices."""
    if viewer.role not in OFFICES or kind not in KINDS:
        return []
    return [_upgrade(j) for j in Job.objects.filter(kind=kind).order_by("-pk")[:_LATEST]]


def _upgrade(job: Job) -> Upgrade:
    found = job.result
    return Upgrade(
        job.pk,
        job.status,
        job.settings,
        job.made_at,
        found.get("certified"),
        found.get("gap"),
        tuple(view_of(r) for r in found.get("tables", [])),
        {k: found[k] for k in ("en", "zh") if k in found},
    )


def table(viewer: Viewer, number: int, name: str) -> View | None:
    """Return a table of a job: for offices."""
    for kind in KINDS:
        for found in of_kind(viewer, kind):
            if found.number == number:
                return next((v for v in found.tables if v.name == name), None)
    return None


def own_step(viewer: Viewer) -> dict[str, Any] | None:
    """Return the next step of the viewer's own firm as last worked out; None for others, and where there is none."""
    found = _own(viewer)
    return found[0] if found else None


def own_step_pdf(viewer: Viewer, cluster: Cluster, language: Language) -> bytes | None:
    """Return the same as one page; ``cluster`` gives the name of the firm."""
    found = _own(viewer)
    if found is None or not (found[0]["steps"] or found[0]["nearest"]):
        return None
    step, day = found
    return next_step_pdf(cluster, next_step_of(viewer.firm, step, catalogue()), (step["grade"], None), day, language)


def _own(viewer: Viewer) -> tuple[dict[str, Any], date] | None:
    """Return what was worked out last for the viewer's firm, and the day on which that was asked for."""
    if not viewer.is_firm:
        return None
    job = Job.objects.filter(kind="programme", status="done").order_by("-pk").first()
    step = job.result.get("steps", {}).get(viewer.firm) if job else None
    return (step, day_of(job.made_at)) if step else None
