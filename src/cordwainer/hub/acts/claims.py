"""Claims: the giver answers, the receiver takes a proposal or drops its claim, the desk settles; each ends once."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from cordwainer.core import Text, UserError
from cordwainer.hub.acts.handing import GONE, dues, may_act, open_claim
from cordwainer.hub.audit.chain import Fact, append, hold
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.floor import Claim, ClaimWord, Due, Handover
from cordwainer.hub.store.floor import counted, links_now
from cordwainer.hub.web.visit import day_of

_LOOK = Text("Look at the claim again.", "请重新查看索赔单。")
OVER = UserError("claim-over", Text("This claim is settled.", "该索赔已了结。"), _LOOK)


@transaction.atomic
def claim(
    account: Account, number: int, key: str, pairs: int, fen: int | None, until: date | None, said: str, now: datetime
) -> Claim:
    """Claim for pairs of a handover that was confirmed, as for faults found later. The same form claims once.

    Raises
    ------
    UserError
        If the handover is not the firm's to claim for, or has not so many pairs.
    """
    hold()
    h = Handover.objects.filter(pk=number).first()
    if h is None or h.received is None or not may_act(account, h.receiver):
        raise GONE
    before = Claim.objects.filter(handover=h, key=key).first()
    if before is not None:
        return before
    most = sum(int(c[1]) + int(c[2]) for c in h.received)
    if not 0 < pairs <= most:
        raise UserError(
            "bad-pairs",
            Text(f"Between 1 and {most} pairs can be claimed for.", f"索赔双数应在 1 至 {most} 之间。"),
            Text("Correct the pairs.", "请更正双数。"),
        )
    return open_claim(account, h, key, pairs, fen, until, now, said, short=False)


@transaction.atomic
def answer(account: Account, number: int, word: str, pairs: int, fen: int | None, said: str, now: datetime) -> Claim:
    """Write down what a side says to a claim; what was said last said again changes nothing.

    The giver accepts, refuses or proposes (pairs that it is paid for after all, and money); the receiver agrees to the last
    proposal or drops the claim; the desk settles.

    Raises
    ------
    UserError
        If the word is not that side's to say now, or its numbers cannot be meant.
    """
    hold()
    c = Claim.objects.select_for_update().select_related("handover").filter(pk=number).first()
    if c is None:
        raise GONE
    firm = _speaker(account, c.handover, word)
    last = ClaimWord.objects.filter(claim=c).order_by("pk").last()
    now_said = (
        word,
        pairs if word in ("proposed", "settled") else None,
        fen if word in ("proposed", "settled") else None,
    )
    if last is not None and (last.word, last.pairs, last.fen) == now_said:
        return c
    if c.status == "settled":
        raise OVER
    if word in ("accepted", "refused", "proposed") and c.status not in ("open", "refused"):
        raise UserError("answered", Text("It was answered before.", "此前已答复。"), _LOOK)
    if word in ("proposed", "settled"):
        _refuse(c, pairs, fen, word)
    proposal = ClaimWord.objects.filter(claim=c, word="proposed").order_by("pk").last()
    if word == "agreed" and proposal is None:
        raise UserError("no-proposal", Text("Nothing was proposed yet.", "对方尚未提出方案。"), _LOOK)
    ClaimWord.objects.create(
        claim=c, firm=firm, word=word, pairs=now_said[1], fen=now_said[2], said=said[:500], account=account.pk, at=now
    )
    append(account.login, [Fact(f"claim {word}", "claim", str(c.pk), new=f"{now_said[1]} pairs {now_said[2]} fen")])
    _follow(c, word, pairs, fen, proposal, now)
    return c


def _follow(c: Claim, word: str, pairs: int, fen: int | None, proposal: ClaimWord | None, now: datetime) -> None:
    """Let a claim be what follows from a word."""
    match word:
        case "accepted" if c.fen is not None:
            _settle(c, 0, c.fen, now)
        case "accepted" | "refused":
            c.status = word
            c.save()
        case "proposed":
            c.status = "open"
            c.save()
        case "agreed" if proposal is not None:
            _settle(c, proposal.pairs or 0, proposal.fen or 0, now)
        case "dropped":
            _settle(c, c.pairs if c.short else 0, 0, now)
        case _:
            _settle(c, pairs, fen or 0, now)


def _speaker(account: Account, h: Handover, word: str) -> str:
    """Return for which firm an account says a word (empty: the desk); raise where it is not its to say."""
    sides = {"accepted": h.giver, "refused": h.giver, "proposed": h.giver, "agreed": h.receiver, "dropped": h.receiver}
    if word == "settled" and account.role == "planner":
        return ""
    if word not in sides or not may_act(account, sides[word]):
        raise GONE
    return sides[word]


def _refuse(c: Claim, pairs: int, fen: int | None, word: str) -> None:
    most = c.pairs if c.short else 0
    if not 0 <= pairs <= most or fen is None or not 0 <= fen <= 10**12:
        raise UserError(
            "bad-settlement",
            Text(
                f"Say money of 0 or more, and between 0 and {most} pairs to be paid for.",
                f"请填写金额（不得为负）和照付双数（0 至 {most}）。",
            ),
            Text("Correct the numbers.", "请更正数字。"),
        )
    if word == "proposed" and c.status == "accepted":
        raise UserError("answered", Text("It was accepted before.", "此前已接受。"), _LOOK)


def _settle(c: Claim, pairs: int, fen: int, now: datetime) -> None:
    """End a claim: pairs that are paid for after all count as handed over, money goes from giver to receiver."""
    h, day = c.handover, day_of(now)
    before = counted(h.lot, h.stage)
    c.status, c.settled_pairs, c.settled_fen, c.settled_on = "settled", pairs, fen, day
    c.save()
    link = links_now().get((h.lot, h.stage))
    dues(f"C{c.pk}", h, link if link and link.giver == h.giver else None, before, pairs, day)
    if fen:
        Due.objects.create(
            kind="claim",
            ref=f"C{c.pk}",
            payer=h.giver,
            payee=h.receiver,
            date=day,
            currency="CNY",
            amount=fen,
            order=h.order,
            lot=h.lot,
            stages=h.stage,
            pairs=c.pairs,
        )
