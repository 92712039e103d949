"""Runs of grading in the database: what stands now, and the data that a revision is graded from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import polars as pl

from cordwainer.assessment import Answer, Run, sealed, unsealed
from cordwainer.cluster import Cluster, polars_schema
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.gradings import GradingAnswer, GradingCorrection, GradingRevision, GradingRun

_SAID = tuple(f.name for f in fields(Answer))
_KEY = ["unit", "year", "indicator"]


@dataclass(frozen=True)
class Standing:
    """A run as it stands: its row, what it says with all answers, and the rows of these, in the same order."""

    row: GradingRun
    run: Run
    answers: tuple[GradingAnswer, ...]


@lru_cache(maxsize=16)
def _said(revision: int) -> Run:
    found = GradingRevision.objects.get(pk=revision)
    return unsealed(found.record, f"{found.run_id}.{found.revision}")


def standing(row: GradingRun) -> Standing:
    """Return a run as it stands.

    Raises
    ------
    UserError
        If what was frozen was changed since.
    """
    latest = GradingRevision.objects.filter(run=row).order_by("-revision").values_list("pk", flat=True)[0]
    answers = tuple(GradingAnswer.objects.filter(run=row).order_by("pk"))
    said = tuple(Answer(**{name: getattr(a, name) for name in _SAID}) for a in answers)
    signed = {"status": row.status, "signed_by": row.signed_by or None, "signed_on": row.signed_on}
    return Standing(row, replace(_said(latest), answers=said, **signed), answers)


def revisions(row: GradingRun) -> list[Run]:
    """Return what each revision of a run said, the first one first."""
    found = GradingRevision.objects.filter(run=row).order_by("revision").values_list("pk", flat=True)
    return [_said(pk) for pk in found]


def keep_revision(account: Account, row: GradingRun, run: Run) -> None:
    """Write what a revision says."""
    record = sealed(replace(run, answers=()))
    GradingRevision.objects.create(run=row, revision=run.revision, account=account.pk, record=record)


def keep_answers(account: Account, now: Standing, wanted: Iterable[Answer], why: str = "") -> None:
    """Bring the rows of answers to what they should be: those taken back go, decisions are written, new ones come."""
    left = list(wanted)
    for row, said in zip(now.answers, now.run.answers, strict=True):
        same = next((a for a in left if replace(a, decision=said.decision) == said), None)
        if same is None:
            row.delete()
            continue
        left.remove(same)
        if same.decision != said.decision:
            row.decision, row.why = same.decision, why
            row.save()
    for answer in left:
        GradingAnswer.objects.create(run=now.row, account=account.pk, **{n: getattr(answer, n) for n in _SAID})


def corrected(frozen: Cluster, row: GradingRun) -> Cluster:
    """Return the data that the latest revision of a run is graded from: as they were frozen, with what was corrected since."""
    made = [
        {"unit": c.unit, "year": row.year, "indicator": c.figure, "value": c.new, "source": c.source}
        | {"status": "corrected", "date": c.day}
        for c in GradingCorrection.objects.filter(run=row).order_by("pk")
    ]
    return frozen if not made else Cluster({**frozen.frames, "figure": in_place(frozen["figure"], made)})


def in_place(table: pl.DataFrame, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Return table figure with some rows, of which the last of a key holds, in place of those of the same key."""
    new = pl.DataFrame(rows, schema=polars_schema("figure")).unique(_KEY, keep="last", maintain_order=True)
    return pl.concat([table.join(new, on=_KEY, how="anti"), new])


def forget_gradings() -> None:
    """Forget what was read."""
    _said.cache_clear()
