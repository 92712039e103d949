"""Runs of grading, each read for a viewer by its own rule: offices all of it, a firm its own figures and its grade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from cordwainer.assessment import Answer, Change, Run, Scheme, change_view, figures, run_count_view, run_view, scheme_of
from cordwainer.core import UserError
from cordwainer.exchange import View
from cordwainer.hub.access.gate import Gate
from cordwainer.hub.access.viewer import OFFICES, Viewer
from cordwainer.hub.models.gradings import GradingCorrection, GradingRun
from cordwainer.hub.store.frames import read
from cordwainer.hub.store.gradings import Standing, revisions, standing
from cordwainer.hub.store.tables import field_name
from cordwainer.hub.store.versions import holding, live

_LATEST = 12


@dataclass(frozen=True)
class Objection:
    """An objection, with the value that it is against, and what the office said to it."""

    answer: Answer
    value: float | None
    why: str


@dataclass(frozen=True)
class Opened:
    """A run as an office reads it."""

    number: int
    scheme: Scheme
    run: Run
    objections: tuple[Objection, ...]

    @property
    def confirmed(self) -> int:
        """Firms that confirmed their figures."""
        return len({a.unit for a in self.run.answers if a.figure is None})


@dataclass(frozen=True)
class OwnFigure:
    """A figure of a firm as a run reads it; ``status`` counts what was said since; ``stored``: it may be objected to."""

    name: str
    value: float | None
    source: str
    status: str
    date: date | None
    said: Objection | None
    stored: bool


@dataclass(frozen=True)
class OwnRun:
    """A run as one of its firms reads it: ``alone`` where the firm is not merged with others, so that the score is its own."""

    number: int
    scheme: Scheme
    year: int
    status: str
    last_day: date
    signed_by: str | None
    signed_on: date | None
    alone: bool
    kind: str
    outcome: str
    grade: str | None
    score: float | None
    open: bool
    confirmed: bool
    figures: tuple[OwnFigure, ...]
    changes: tuple[Change, ...]

    @property
    def waiting(self) -> bool:
        """Whether the office still decides on one of its objections."""
        return any(f.said is not None and f.said.answer.decision == "open" for f in self.figures)


def runs(viewer: Viewer) -> list[Opened]:
    """Return the latest runs, for the offices."""
    found = GradingRun.objects.order_by("-pk")[:_LATEST] if viewer.role in OFFICES else []
    return [_opened(row) for row in found]


def opened(viewer: Viewer, number: int) -> Opened | None:
    """Return a run, for the offices."""
    row = GradingRun.objects.filter(pk=number).first() if viewer.role in OFFICES else None
    return None if row is None else _opened(row)


def _opened(row: GradingRun) -> Opened:
    now = standing(row)
    return Opened(row.pk, _scheme(row), now.run, tuple(_objections(now)))


def _scheme(row: GradingRun) -> Scheme:
    return scheme_of(row.scheme_file.encode("utf-8"), f"{row.scheme}.toml")


def _objections(now: Standing) -> list[Objection]:
    said = [
        (row, answer) for row, answer in zip(now.answers, now.run.answers, strict=True) if answer.figure is not None
    ]
    values = {unit: {f.name: f.value for f in _figures(now, unit)} for unit in {a.unit for _, a in said}}
    return [Objection(answer, values[answer.unit][str(answer.figure)], row.why) for row, answer in said]


def views(viewer: Viewer, number: int) -> tuple[View, View] | None:
    """Return the units of a run, and how many have which grade, for the offices."""
    found = opened(viewer, number)
    if found is None:
        return None
    cluster = Gate(viewer, live()).cluster
    return run_view(cluster, found.scheme, found.run), run_count_view(found.scheme, found.run)


def corrections(viewer: Viewer, number: int) -> list[tuple[GradingCorrection, View]]:
    """Return what was corrected in a run, with the grades that each correction changed, the latest first: for the offices."""
    row = GradingRun.objects.filter(pk=number).first() if viewer.role in OFFICES else None
    if row is None:
        return []
    said = revisions(row)
    return [(c, change_view(said[c.revision - 1])) for c in GradingCorrection.objects.filter(run=row).order_by("-pk")]


def unit(viewer: Viewer, number: int, name: str) -> tuple[Opened, dict[str, tuple[OwnFigure, ...]]] | None:
    """Return a unit of a run: the figures of each of its firms, and of itself where it is more than one; for the offices."""
    row = GradingRun.objects.filter(pk=number).first() if viewer.role in OFFICES else None
    if row is None:
        return None
    now = standing(row)
    try:
        at = str(now.run.unit(name)["unit"])
    except UserError:
        return None
    firms = (at, *now.run.members.get(at, ()))
    return _opened(row), {firm: _figures(now, firm) for firm in firms}


def mine(viewer: Viewer, day: date, *, trial: bool = False) -> list[OwnRun]:
    """Return the latest runs in which the viewer's firm is graded; with ``trial`` those that are not signed."""
    found = GradingRun.objects.filter(**({"status": "trial"} if trial else {})).order_by("-pk")
    rows = found[:_LATEST] if viewer.is_firm else []
    return [r for row in rows if (r := _mine(row, viewer.firm, day)) is not None]


def my_run(viewer: Viewer, number: int, day: date) -> OwnRun | None:
    """Return a run in which the viewer's firm is graded."""
    row = GradingRun.objects.filter(pk=number).first() if viewer.is_firm else None
    return None if row is None else _mine(row, viewer.firm, day)


def _mine(row: GradingRun, firm: str, day: date) -> OwnRun | None:
    now = standing(row)
    try:
        record = now.run.unit(firm)
    except UserError:
        return None
    alone = record["unit"] == firm
    last = now.run.changes if now.run.revision > 1 else ()
    return OwnRun(
        number=row.pk,
        scheme=_scheme(row),
        year=row.year,
        status=row.status,
        last_day=now.run.last_day,
        signed_by=row.signed_by or None,
        signed_on=row.signed_on,
        alone=alone,
        kind=record["kind"],
        outcome=record["outcome"],
        grade=record["grade"],
        score=record["score"] if alone else None,
        open=row.status == "trial" and day <= now.run.last_day,
        confirmed=any(a.unit == firm and a.figure is None for a in now.run.answers),
        figures=_figures(now, firm),
        changes=tuple(c for c in last if c.unit == record["unit"]),
    )


def _figures(now: Standing, firm: str) -> tuple[OwnFigure, ...]:
    """Return the figures of a firm that a run reads: of one that is merged with others those of its own alone."""
    of = Q(**{field_name("unit"): firm, field_name("year"): now.row.year})
    rows = {r["indicator"]: r for r in read("figure", holding(now.row.version) & of).iter_rows(named=True)}
    for c in GradingCorrection.objects.filter(run=now.row, unit=firm).order_by("pk"):
        rows[c.figure] = {"value": c.new, "source": c.source, "status": "corrected", "date": c.day}
    unit = str(now.run.unit(firm)["unit"])
    return tuple(_figure(now, firm, name, rows.get(name), merged=unit != firm) for name in now.run.figures[unit])


def _figure(now: Standing, firm: str, name: str, row: dict[str, Any] | None, *, merged: bool) -> OwnFigure:
    """Return a figure with its state; ``row`` is that of table figure, where there is one."""
    kind = figures()[name].merge
    value = now.run.figures[firm][name] if not merged else row["value"] if row else 0.0 if kind == "register" else None
    status, day = (row["status"], row["date"]) if row else ("", None)
    said = None
    for kept, answer in zip(now.answers, now.run.answers, strict=True):
        if answer.unit == firm and answer.figure == name:
            said = Objection(answer, value, kept.why)
            if answer.decision == "open":
                status, day = "objected", answer.day
        elif answer.unit == firm and answer.figure is None and row and status == "drawn":
            status, day = "confirmed", answer.day
    source = (row["source"] or "") if row else ""
    return OwnFigure(name, value, source, status, day, said, stored=kind != "computed")
