"""The jobs that try a file and that bring it in: what they find and what they bring is kept together or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from django.db import transaction

from cordwainer.core import DataErrors, Problem, Text, UserError
from cordwainer.exchange import Likeness, Trial, Upload, folded_name, read_upload, respelt, tried
from cordwainer.hub.access.reach import Reach, reach
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.audit.chain import hold
from cordwainer.hub.jobs.queue import finish, tell
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.imports import BRINGING, BROUGHT, CHECKED, REFUSED, WAITING, Batch, Spelling
from cordwainer.hub.models.jobs import Job
from cordwainer.hub.store.versions import cluster_at, commit, head

_FREE_TRIALS = 3
"""Trials of a file that is brought in before others have to wait for one."""
MOST_TOLD = 2000
"""Problems that are kept for the page; all of them are counted."""
COMES_ABOUT = "happened"
"""Family of tables of what came about here: promises, handovers, payments; no file brings them in."""
_PLANNER = Viewer("planner")
_READING = Text("Reading the file", "正在读取文件")
_TRYING = Text("Trying every row on the data", "正在逐行检查")
_WRITING = Text("Writing", "正在写入")


class Stopped(Exception):
    """Somebody asked that the job be stopped."""


@dataclass(frozen=True)
class _Found:
    """A trial of tables on a version, firms that are to be asked about, and what was said about others."""

    version: int
    upload: Upload
    trial: Trial
    likes: list[Likeness]
    said: list[tuple[str, str, bool]]


def upload_of(name: str, content: bytes, mends: list[Any]) -> Upload:
    """Return the tables of a file as mended.

    Raises
    ------
    UserError
        If it cannot be read.
    """
    return read_upload(name, bytes(content)).mended({(table, row, col): text for table, row, col, text in mends})


def _asked(upload: Upload, version: int) -> tuple[Upload, list[Likeness], list[tuple[str, str, bool]]]:
    """Return an upload with firms as people said, the firms that are to be asked about, and what was said."""
    raw = upload.tables.get("firm")
    if raw is None or "firm" not in raw.frame.columns:
        return upload, [], []
    known = {f: (en, zh) for f, en, zh in cluster_at(version)["firm"].select("firm", "name_en", "name_zh").iter_rows()}
    there = {firm: tuple(n for n in both if n) for firm, both in known.items()}
    names = [c for c in ("name_en", "name_zh") if c in raw.frame.columns]
    sent = {
        row["firm"]: tuple(row[n] for n in names if row[n])
        for row in raw.frame.select("firm", *names).iter_rows(named=True)
        if row["firm"]
    }
    answers = {(s.spelling, s.firm): s.same for s in Spelling.objects.all()}
    likes, said, same = [], list[tuple[str, str, bool]](), dict[str, str]()
    for like in respelt(sent, there):
        answer = answers.get((folded_name(like.name)[:200], like.known))
        if answer is None:
            likes.append(like)
            continue
        said.append((like.name, like.known, answer))
        if answer:
            same[like.firm] = same.get(like.known, like.known)
    return upload.renamed(same), likes, said


def _barred(upload: Upload) -> Upload:
    """Return an upload without what the desk may not enter, and a problem for each table and column of that."""
    problems, tables = list(upload.problems), dict(upload.tables)
    for name, raw in upload.tables.items():
        shut = [c for c in raw.spec.columns if c.purpose == "official" or reach(_PLANNER, c) is not Reach.ALL]
        if raw.spec.family == COMES_ABOUT or any(c.key for c in shut):
            problems.append(_not_ours(raw.place.file, raw.place.sheet, raw.spec.label))
            del tables[name]
            continue
        named = [c for c in shut if c.name in raw.frame.columns]
        problems += [_not_ours(raw.place.file, raw.place.sheet, c.label, c.name) for c in named]
        tables[name] = replace(raw, frame=raw.frame.drop(c.name for c in named))
    return replace(upload, tables=MappingProxyType(tables), problems=tuple(problems))


def _not_ours(file: str, sheet: str | None, what: Text, column: str | None = None) -> Problem:
    return Problem(
        "not-the-planners",
        Text("“{what}” is not entered by a file here.", "“{what}”不能在这里用文件录入。").format(what=what),
        Text("Leave it out; the rest can go in.", "请去掉；其余内容可以导入。"),
        file=file,
        sheet=sheet,
        column=column,
    )


def _step(job: Job, said: Text, share: float) -> None:
    """Tell how far the job is.

    Raises
    ------
    Stopped
        If it is to go no further.
    """
    if not tell(job, {"en": said.en, "zh": said.zh, "share": share}):
        raise Stopped


def _tried(job: Job, batch: Batch) -> _Found:
    _step(job, _READING, 0.05)
    upload = _barred(upload_of(batch.name, batch.content, batch.mends))
    version = head()
    upload, likes, said = _asked(upload, version)
    _step(job, _TRYING, 0.35)
    return _Found(version, upload, tried(upload, cluster_at(version)), likes, said)


def run_check(job: Job) -> None:
    """Try a file on the cluster as it is, and keep what was found; nothing of it goes in."""
    batch = Batch.objects.get(pk=job.settings["batch"])
    try:
        found = _tried(job, batch)
    except UserError as error:
        _end(job, batch, REFUSED, {"en": error.say("en"), "zh": error.say("zh")})
        return
    except Stopped:
        finish(job, "cancelled", {})
        return
    _step(job, _WRITING, 0.9)
    trial = found.trial
    told = {
        "counts": trial.counts.rows(),
        "total": trial.total,
        "fits": trial.fits,
        "likes": [_like(each) for each in found.likes],
        "said": found.said,
        "notes": [[n.sheet or n.file, n.message.en, n.message.zh] for n in trial.notes[:MOST_TOLD]],
        "problems": _told(found.upload, trial.problems[:MOST_TOLD]),
    }
    _end(job, batch, CHECKED, told)


def _like(each: Likeness) -> dict[str, object]:
    return {name: getattr(each, name) for name in ("firm", "name", "known", "known_name", "like")}


def _told(upload: Upload, problems: Sequence[Problem]) -> list[dict[str, object]]:
    """Return problems for the page, each with the table in which it can be mended (empty: only by sending the file again)."""
    tables = {(raw.place.file, raw.place.sheet): (name, set(raw.rows)) for name, raw in upload.tables.items()}
    told = list[dict[str, object]]()
    for p in problems:
        table, rows = tables.get((p.file or "", p.sheet), ("", set()))
        told.append(
            {
                "table": table if p.row in rows and p.column else "",
                "file": p.file,
                "sheet": p.sheet,
                "row": p.row,
                "column": p.column,
                "value": p.value,
                "rule": p.rule,
                "en": [p.message.en, p.remedy.en],
                "zh": [p.message.zh, p.remedy.zh],
            }
        )
    return told


def _end(job: Job, batch: Batch, state: str, told: dict[str, object]) -> None:
    """Keep what was found, unless the file was dropped meanwhile or is another job's by now."""
    with transaction.atomic():
        Batch.objects.filter(pk=batch.pk, state=WAITING, job=job.pk).update(state=state, told=told)
        finish(job, "done", {"batch": batch.pk})


def run_bring(job: Job) -> None:
    """Bring a file in: it is tried anew on the cluster as it is by now, and goes in whole or not at all.

    The trial runs before anything is locked; where the data moved on meanwhile it runs again, and in the end with everybody
    else waiting: where people write all the time it would else never be done.
    """
    batch = Batch.objects.get(pk=job.settings["batch"])
    try:
        for _ in range(_FREE_TRIALS):
            if _brought(job, _tried(job, batch)):
                return
            batch = Batch.objects.get(pk=batch.pk)
        with transaction.atomic():
            hold()
            _brought(job, _tried(job, batch))
    except Stopped:
        finish(job, "cancelled", {})


def _brought(job: Job, found: _Found) -> bool:
    """Bring in what was tried, and return whether that is settled; not so where the data moved on since."""
    _step(job, _WRITING, 0.6)
    with transaction.atomic():
        hold()
        batch = Batch.objects.select_for_update().get(pk=job.settings["batch"])
        if batch.state != BRINGING or batch.job != job.pk:
            finish(job, "done", {"batch": batch.pk})
            return True
        if head() != found.version:
            return False
        trial = found.trial
        if found.likes or not trial.fits or (trial.total and not job.settings["good_only"]):
            _moved(job, batch)
            return True
        account = Account.objects.filter(pk=batch.account).first()
        try:
            change = commit(account, "import", batch.name, trial.frames)
        except DataErrors:
            _moved(job, batch)
            return True
        batch.state, batch.change, batch.content, batch.mends = BROUGHT, change.pk if change else None, b"", []
        batch.told = {"counts": trial.counts.rows()}
        batch.save()
        finish(job, "done", {"batch": batch.pk})
        return True


def _moved(job: Job, batch: Batch) -> None:
    """Show the file again: the data changed since it was tried, and it fits no longer."""
    batch.state, batch.told = CHECKED, {**batch.told, "fits": False, "moved": True}
    batch.save()
    finish(job, "done", {"batch": batch.pk})
