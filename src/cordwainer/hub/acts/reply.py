"""A maker answers its part of a lot on offer: yes or no."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db import transaction
from django.utils import timezone

from cordwainer.core import Text, UserError
from cordwainer.hub.access.ownership import Ownership
from cordwainer.hub.audit.chain import Fact, append, hold
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.desk import Counter
from cordwainer.hub.models.runs import Reply, Run
from cordwainer.hub.store.versions import commit, live

ANSWERS = ("accept", "decline")
_GONE = Text("This offer is no longer open.", "该报价已关闭。")
_LOOK = Text("Look at the offers that are open now.", "请查看目前有效的报价。")


def answer(account: Account, run: Run, lot: str, said: str, reason: str, today: date) -> str:
    """Write down what the account's own firm says; see `answer_for`."""
    return answer_for(account, account.firm, run, lot, said, reason, today)


@transaction.atomic
def answer_for(account: Account, firm: str, run: Run, lot: str, said: str, reason: str, today: date) -> str:
    """Write down what a maker says, and return what becomes of the lot: offered, accepted or declined.

    One no ends the lot; it is accepted once every maker of it has said yes. The same answer again changes nothing.

    Raises
    ------
    UserError
        If there is no such offer for the firm, it is over, or was answered otherwise.
    """
    if said not in ANSWERS:
        raise UserError("unknown-answer", Text("Say yes or no.", "请选择接受或不接。"), _LOOK)
    hold()
    cluster = live()
    owners = Ownership(cluster.frames).owners("line")
    makers = cluster["promise_line"].filter(lot=lot).join(owners, left_on="line", right_on="key")["firm"].unique()
    row = cluster["promise"].filter(lot=lot)
    if firm not in makers or row.is_empty():
        raise UserError("unknown-offer", Text("There is no such offer.", "没有这个报价。"), _LOOK)
    before = Reply.objects.filter(run=run, lot=lot, firm=firm).first()
    status: str = row["status"].item()
    if before is not None and before.answer == said:
        return status
    if before is not None or status != "offered" or (row["until"].item() or today) < today:
        raise UserError("offer-over", _GONE, _LOOK)
    Reply.objects.create(
        run=run, lot=lot, firm=firm, answer=said, reason=reason[:500], account=account.pk, at=timezone.now()
    )
    Counter.objects.filter(firm=firm, lot=lot, run=run.pk, status="open").update(status="withdrawn")
    append(account.login, [Fact("reply", "promise", lot, firm, new=said)])
    yes = Reply.objects.filter(run=run, lot=lot, answer="accept").values_list("firm", flat=True)
    after = "declined" if said == "decline" else "accepted" if set(makers) <= set(yes) else status
    if after != status:
        new = pl.when(pl.col("lot") == lot).then(pl.lit(after)).otherwise("status").alias("status")
        commit(account, "reply", f"{lot}: {after}", {"promise": cluster["promise"].with_columns(new)})
    return after
