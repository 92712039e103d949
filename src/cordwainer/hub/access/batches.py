"""Files that were sent to be brought in, as the planner reads them; nobody else does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cordwainer.cluster import dictionary
from cordwainer.core import Problem, Text
from cordwainer.exchange import Upload
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.jobs.importing import upload_of
from cordwainer.hub.jobs.queue import OPEN
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.changes import Change
from cordwainer.hub.models.imports import BRINGING, BROUGHT, WAITING, Batch
from cordwainer.hub.models.jobs import Job

_LATEST = 100


@dataclass(frozen=True)
class Mendable:
    """A problem as the page shows it: where it is, what it says, and the table in which it can be mended (empty: nowhere)."""

    table: str
    place: Text
    row: int | None
    column: str
    column_label: Text
    value: str
    message: Text
    remedy: Text


@dataclass(frozen=True)
class Sent:
    """A file with how it stands: ``stuck`` where its job ended without result, ``undone`` where it was taken back."""

    batch: Batch
    who: str
    job: Job | None
    undone: bool

    @property
    def state(self) -> str:
        """How it stands: as kept, or stuck or undone."""
        if self.batch.state in (WAITING, BRINGING) and not self.is_worked_on:
            return "stuck"
        return "undone" if self.undone else str(self.batch.state)

    @property
    def is_worked_on(self) -> bool:
        """Whether a job is at it or will be."""
        return self.batch.state in (WAITING, BRINGING) and self.job is not None and self.job.status in OPEN

    @property
    def counts(self) -> list[tuple[Text, str, int, int, int]]:
        """Label of each table, where it stands in the file, rows in, good and bad ones."""
        tables = dictionary.tables()
        return [
            (tables[t].label, sheet or file, came, good, bad)
            for t, file, sheet, came, good, bad in self.batch.told.get("counts", ())
        ]

    @property
    def good(self) -> int:
        """Rows that can go in."""
        return sum(good for *_, good, _ in self.counts)

    @property
    def problems(self) -> list[Mendable]:
        """What is wrong, the first some thousand."""
        return [_mendable(p, self.batch.name) for p in self.batch.told.get("problems", ())]


def _mendable(p: dict[str, Any], name: str) -> Mendable:
    spec = dictionary.tables().get(p["table"])
    label = next((c.label for c in spec.columns if c.name == p["column"]), None) if spec else None
    column = p["column"] or ""
    plain = p["sheet"] or p["file"] or name
    return Mendable(
        table=p["table"],
        place=spec.label if spec else Text(plain, plain),
        row=p["row"],
        column=column,
        column_label=label or Text(column, column),
        value=p["value"] or "",
        message=Text(p["en"][0], p["zh"][0]),
        remedy=Text(p["en"][1], p["zh"][1]),
    )


def sent_files(viewer: Viewer) -> list[Sent]:
    """Return the files that were sent last, for the planner; without what they hold."""
    if viewer.role != "planner":
        return []
    return list(_with_all(list(Batch.objects.defer("content", "mends", "told").order_by("-pk")[:_LATEST])))


def sent_file(viewer: Viewer, number: int) -> Sent | None:
    """Return one file, for the planner."""
    if viewer.role != "planner":
        return None
    return next(_with_all(list(Batch.objects.defer("content").filter(pk=number))), None)


def _with_all(batches: list[Batch]) -> Iterator[Sent]:
    names = dict(Account.objects.filter(pk__in={b.account for b in batches}).values_list("pk", "name"))
    jobs = Job.objects.in_bulk([b.job for b in batches if b.job is not None])
    notes = [f"undo of {b.change}" for b in batches if b.change is not None]
    undone = set(Change.objects.filter(kind="undo", note__in=notes).values_list("note", flat=True))
    for b in batches:
        taken_back = b.state == BROUGHT and f"undo of {b.change}" in undone
        yield Sent(b, names.get(b.account, ""), jobs.get(b.job), taken_back)


def with_problems(viewer: Viewer, number: int) -> tuple[str, Upload, list[Problem]] | None:
    """Return name, tables and problems of a file that is still kept, for the planner to take home."""
    found = Batch.objects.filter(pk=number).first() if viewer.role == "planner" else None
    if found is None or not found.content or "problems" not in found.told:
        return None
    problems = [
        Problem(
            p["rule"],
            Text(p["en"][0], p["zh"][0]),
            Text(p["en"][1], p["zh"][1]),
            file=p["file"],
            sheet=p["sheet"],
            row=p["row"],
            column=p["column"],
            value=p["value"],
        )
        for p in found.told["problems"]
    ]
    return found.name, upload_of(found.name, found.content, found.mends), problems
