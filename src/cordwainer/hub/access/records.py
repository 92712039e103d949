"""Records of the hub itself (runs, pay, replies, published loads, consents), each read for a viewer by its own rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from cordwainer.assessment import trade_section
from cordwainer.cluster import dictionary
from cordwainer.exchange import Section
from cordwainer.hub.access.reach import Reach, reach
from cordwainer.hub.access.upgrades import KINDS as OFFICE_JOBS
from cordwainer.hub.access.viewer import OFFICES, Viewer
from cordwainer.hub.audit.chain import entries_of
from cordwainer.hub.jobs.homes import KIND, homes_of
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.changes import Change
from cordwainer.hub.models.consent import Consent
from cordwainer.hub.models.desk import Option
from cordwainer.hub.models.jobs import Job
from cordwainer.hub.models.runs import Aggregate, Median, Pay, Reason, Reply, Run
from cordwainer.hub.store.plans import plan_of, published
from cordwainer.hub.store.versions import OFFICIAL, cluster_at
from cordwainer.hub.web.visit import day_of
from cordwainer.planning import Explanation, explain_line, explain_order


def runs(viewer: Viewer) -> list[Run]:
    """Return the runs that the viewer may open, the latest first: the planner all, firms the published one."""
    if viewer.role == "planner":
        return list(Run.objects.order_by("-pk"))
    found = published() if viewer.is_firm else None
    return [found] if found else []


def reasons(viewer: Viewer, run: Run) -> pl.DataFrame:
    """Return order, reason_en and reason_zh of a run: for the planner alone, as reasons tell of other firms."""
    found = Reason.objects.filter(run=run).values_list("order", "en", "zh") if viewer.role == "planner" else []
    schema = {"order": pl.String, "reason_en": pl.String, "reason_zh": pl.String}
    return pl.DataFrame(list(found), schema=schema, orient="row")


def told_of_order(viewer: Viewer, run: Run, order: str) -> Explanation | None:
    """Return why an order of a run is as it is: for the planner alone. Limits count that only the offices may read."""
    return explain_order(cluster_at(run.version), plan_of(run.pk), order) if viewer.role == "planner" else None


def told_of_line(viewer: Viewer, run: Run, line: str) -> Explanation | None:
    """Return why a line is loaded as it is in a run: for the planner alone."""
    return explain_line(cluster_at(run.version), plan_of(run.pk), line) if viewer.role == "planner" else None


def told_of_losses(viewer: Viewer, run: Run) -> Section | None:
    """Return what is lost in a run if a node fails: for the planner alone. Limits count that only the offices may read."""
    if viewer.role != "planner":
        return None
    return trade_section(cluster_at(run.version), plan_of(run.pk), "resilience")


def pay(viewer: Viewer) -> pl.DataFrame:
    """Return lot, stage, firm and fen as worked out when each lot went out: the planner's all, a firm's own."""
    found = Pay.objects.all()
    if viewer.role != "planner":
        found = found.filter(firm=viewer.firm) if viewer.is_firm else found.none()
    schema = {"lot": pl.String, "stage": pl.String, "firm": pl.String, "fen": pl.Int64}
    rows = pl.DataFrame(list(found.order_by("pk").values_list(*schema)), schema=schema, orient="row")
    return rows.unique(["lot", "stage"], keep="last", maintain_order=True)


def went_out(viewer: Viewer, lot: str) -> date | None:
    """Return the day on which a lot went out: with a published plan, or ordered at the desk; None where the viewer has no part in it."""
    found = Pay.objects.filter(lot=lot)
    if viewer.role != "planner":
        found = found.filter(firm=viewer.firm) if viewer.is_firm else found.none()
    first = found.select_related("run").order_by("pk").first()
    if first is None:
        return None
    ordered = Option.objects.filter(offer=lot.rpartition("-")[0], status="accepted").first()
    moment = ordered.since if ordered else first.run.published_at
    return day_of(moment) if moment else None


def replies(viewer: Viewer) -> pl.DataFrame:
    """Return lot, firm, answer and reason of what makers said to lots on offer: the planner's all, a firm's own."""
    found = Reply.objects.all()
    if viewer.role != "planner":
        found = found.filter(firm=viewer.firm) if viewer.is_firm else found.none()
    schema = dict.fromkeys(("lot", "firm", "answer", "reason"), pl.String)
    return pl.DataFrame(list(found.order_by("pk").values_list(*schema)), schema=schema, orient="row")


def places(viewer: Viewer, run: Run) -> pl.DataFrame:
    """Return stage, district, start_date, used and price_mfen as published, to whoever is signed in."""
    found = Aggregate.objects.filter(run=run) if viewer.is_member else Aggregate.objects.none()
    schema: dict[str, Any] = {"stage": pl.String, "district": pl.String, "start_date": pl.Date}
    schema |= {"used": pl.Float64, "price_mfen": pl.Float64}
    return pl.DataFrame(list(found.order_by("pk").values_list(*schema)), schema=schema, orient="row")


def medians(viewer: Viewer, run: Run) -> pl.DataFrame:
    """Return stage, number and median of the firms' numbers as published (null: too few firms), to makers and the planner."""
    found = Median.objects.filter(run=run) if viewer.role in ("maker", "planner") else Median.objects.none()
    schema: dict[str, Any] = {"stage": pl.String, "number": pl.String, "value": pl.Float64}
    rows = pl.DataFrame(list(found.order_by("pk").values_list(*schema)), schema=schema, orient="row")
    return rows.rename({"value": "median"})


def consents(viewer: Viewer, day: date) -> list[Consent]:
    """Return consents in force on a day: a firm those it gave, an office those that it was given."""
    found = Consent.objects.filter(given_on__lte=day, revoked_on=None).order_by("firm", "role", "family")
    if viewer.is_firm:
        return list(found.filter(firm=viewer.firm))
    return list(found.filter(role=viewer.role)) if viewer.role in OFFICES else []


def jobs(viewer: Viewer) -> list[Job]:
    """Return the latest jobs but those of the offices, for the planner."""
    found = Job.objects.exclude(kind__in=OFFICE_JOBS).order_by("-pk")[:20]
    return list(found) if viewer.role == "planner" else []


def homes(viewer: Viewer, run: Run) -> pl.DataFrame | None:
    """Return what would bring each order made outside home, as last worked out for a run, for the planner; None: not yet."""
    if viewer.role != "planner":
        return None
    done = Job.objects.filter(kind=KIND, status="done", settings__number=run.pk).order_by("-pk").first()
    return None if done is None else homes_of(done)


_LATEST = 100


@dataclass(frozen=True)
class Told:
    """A change as the planner reads of it: number, time, who (empty: at the machine), kind and note."""

    pk: int
    at: datetime
    who: str
    kind: str
    note: str


def changes(viewer: Viewer) -> list[Told]:
    """Return the latest changes of the data, for the planner; of official data it is not told."""
    if viewer.role != "planner":
        return []
    names = dict(Account.objects.values_list("pk", "name"))
    return [
        Told(c.pk, c.at, names.get(c.account or 0, ""), c.kind, c.note)
        for c in Change.objects.exclude(kind__in=OFFICIAL).order_by("-pk")[:_LATEST]
    ]


def fields_of(viewer: Viewer, change: int) -> pl.DataFrame:
    """Return what a change did to each field that the viewer may read: names in both languages, before and after.

    Empty where the change was too large to be told field by field.
    """
    schema = dict.fromkeys(("row", "table_en", "table_zh", "column_en", "column_zh", "old", "new"), pl.String)
    tables = dictionary.tables()
    rows = []
    for entry in entries_of(change) if viewer.role == "planner" else ():
        spec = tables[entry.table]
        column = spec.column(entry.column)
        if reach(viewer, column) is Reach.ALL:
            names = (spec.label.en, spec.label.zh, column.label.en, column.label.zh)
            rows.append((entry.row, *names, entry.old, entry.new))
    return pl.DataFrame(rows, schema=schema, orient="row")
