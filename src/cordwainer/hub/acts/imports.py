"""Bring files in: send, try, mend, say which firms are the same, bring in, drop."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from cordwainer.core import Text, UserError
from cordwainer.exchange import folded_name
from cordwainer.hub.audit.chain import Fact, append, hold
from cordwainer.hub.jobs.queue import OPEN, ask
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.imports import BRINGING, BROUGHT, CHECKED, DROPPED, REFUSED, WAITING, Batch, Spelling
from cordwainer.hub.models.jobs import Job
from cordwainer.hub.store.versions import undo

_LONGEST_CELL = 2000
_LONGEST_NAME = 200


@transaction.atomic
def receive(account: Account, name: str, content: bytes) -> Batch:
    """Keep a file that was sent, and ask for its trial."""
    batch = Batch(account=account.pk, name=name[-_LONGEST_NAME:], at=timezone.now(), content=content)
    batch.save()
    append(account.login, [Fact("file", "batch", str(batch.pk), new=batch.name)])
    return _ask(account, batch, "check", WAITING)


def _ask(account: Account, batch: Batch, kind: str, state: str, **settings: bool) -> Batch:
    batch.job = ask(account, kind, {"batch": batch.pk, **settings}).pk
    batch.state = state
    batch.save()
    return batch


def _open(number: int, *states: str) -> Batch:
    """Return a file, held until the transaction ends.

    Raises
    ------
    UserError
        If it is not in one of these states.
    """
    hold()
    batch = Batch.objects.select_for_update().filter(pk=number, state__in=states).first()
    if batch is None:
        raise UserError(
            "batch-not-open",
            Text("This file is being worked on, or is settled.", "该文件正在处理，或已处理完毕。"),
            Text("Open its page again to see how it stands.", "请重新打开页面查看状态。"),
        )
    return batch


@transaction.atomic
def mend(account: Account, number: int, cells: Mapping[tuple[str, int, str], str]) -> None:
    """Put other texts in place of cells (table, row, column), and ask for a new trial.

    Raises
    ------
    UserError
        If the file is not open, or a text is too long.
    """
    if any(len(text) > _LONGEST_CELL for text in cells.values()):
        raise UserError("long-cell", Text("A text is too long.", "内容过长。"), Text("Shorten it.", "请缩短。"))
    batch = _open(number, CHECKED)
    kept = {(t, r, c): v for t, r, c, v in batch.mends} | dict(cells)
    batch.mends = [[*place, text] for place, text in kept.items()]
    append(account.login, [Fact("mend", "batch", str(number), new=str(len(cells)))])
    _ask(account, batch, "check", WAITING)


@transaction.atomic
def say_same(account: Account, number: int, answers: Mapping[tuple[str, str], bool]) -> None:
    """Remember whether names as spelt in a file mean certain firms, and ask for a new trial.

    Parameters
    ----------
    account, number
        Who says so, of which file.
    answers
        By name and id of the firm: whether they are the same.

    Raises
    ------
    UserError
        If the file is not open, or asks no such thing.
    """
    batch = _open(number, CHECKED)
    asked = {(like["name"], like["known"]) for like in batch.told.get("likes", ())}
    if not answers or not set(answers) <= asked:
        raise UserError(
            "not-asked", Text("That is not asked here.", "这里没有这个问题。"), Text("Go back.", "请返回。")
        )
    for (name, firm), same in answers.items():
        said = {"same": same, "account": account.pk, "at": timezone.now()}
        Spelling.objects.update_or_create(spelling=folded_name(name)[:_LONGEST_NAME], firm=firm, defaults=said)
        append(account.login, [Fact("spelling", "firm", firm, name, new="same" if same else "another")])
    _ask(account, batch, "check", WAITING)


@transaction.atomic
def ask_again(account: Account, number: int) -> None:
    """Forget what was said about the firms of a file, and ask for a new trial."""
    batch = _open(number, CHECKED)
    for name, firm, _ in batch.told.get("said", ()):
        Spelling.objects.filter(spelling=folded_name(name)[:_LONGEST_NAME], firm=firm).delete()
        append(account.login, [Fact("spelling", "firm", firm, name, new="to be asked")])
    _ask(account, batch, "check", WAITING)


@transaction.atomic
def bring(account: Account, number: int, *, good_only: bool) -> None:
    """Ask that a file be brought in: all of it, or only its good rows.

    Raises
    ------
    UserError
        If it is not open, firms are still in question, or it does not fit.
    """
    batch = _open(number, CHECKED)
    told = batch.told
    if told["likes"]:
        raise UserError(
            "firms-in-question",
            Text("Firms of this file may be there already.", "文件中有企业可能已存在。"),
            Text("Say first which are the same.", "请先确认是否为同一企业。"),
        )
    if not told["fits"] or (told["total"] and not good_only):
        raise UserError(
            "problems-left",
            Text("There are problems left.", "还有问题未解决。"),
            Text("Mend them, or bring in the good rows only.", "请先改正，或只导入正确的行。"),
        )
    _ask(account, batch, "bring", BRINGING, good_only=good_only)


@transaction.atomic
def try_again(account: Account, number: int) -> None:
    """Try a file anew: one that was tried on older data, or whose job ended without result.

    Raises
    ------
    UserError
        If it is being worked on, or is settled.
    """
    batch = _open(number, WAITING, BRINGING, CHECKED)
    if Job.objects.filter(pk=batch.job, status__in=OPEN).exists():
        raise UserError(
            "batch-in-work",
            Text("This file is being worked on.", "该文件正在处理。"),
            Text("Wait a moment.", "请稍候。"),
        )
    _ask(account, batch, "check", WAITING)


@transaction.atomic
def drop(account: Account, number: int) -> None:
    """Throw a file away; a job that is at it finds it gone.

    Raises
    ------
    UserError
        If it is settled.
    """
    batch = _open(number, WAITING, CHECKED, BRINGING, REFUSED)
    batch.state, batch.content, batch.mends, batch.told = DROPPED, b"", [], {}
    batch.save()
    append(account.login, [Fact("drop", "batch", str(number))])


@transaction.atomic
def take_back(account: Account, number: int) -> None:
    """Take back what a file brought in.

    Raises
    ------
    UserError
        If it brought nothing in, or a later change stands on it.
    """
    batch = _open(number, BROUGHT)
    if batch.change is None:
        raise UserError(
            "nothing-brought",
            Text("This file changed nothing.", "该文件没有带来改动。"),
            Text("There is nothing to take back.", "无需撤销。"),
        )
    undo(account, batch.change)
