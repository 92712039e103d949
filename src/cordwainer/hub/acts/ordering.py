"""The order desk: a brand asks, holds, orders and lets go; makers say yes or no; the planner lets go. Each step once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cordwainer.core import DataErrors, Text, UserError
from cordwainer.hub.acts.settling import Open, opened, settle
from cordwainer.hub.audit.chain import Fact, append, hold
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.desk import Counter, Enquiry, Option, Part
from cordwainer.quoting import Answer, Request, nearest_texts, requests_of

_GONE = UserError(
    "no-such-option",
    Text("There is no such option any more.", "该方案已不存在。"),
    Text("Look at the options that there are now.", "请查看当前方案。"),
)


def request_of(firm: str, form: Mapping[str, str], number: int) -> Request:
    """Return what a form of a brand asks for.

    Raises
    ------
    DataErrors
        If it cannot be understood.
    """
    row = {name: said.strip() for name, said in form.items() if said.strip()}
    found = requests_of([{**row, "buyer": firm, "request": f"E{number}"}], "enquiry")
    if found.problems:
        raise DataErrors(found.problems)
    return found.rows[0][1]


def ask(account: Account, form: Mapping[str, str], key: str, now: datetime) -> Enquiry:
    """Ask for options, and keep them with the enquiry. The same form sent again asks nothing again.

    Raises
    ------
    UserError
        If the brand asked too often, or no plan is published.
    DataErrors
        If the form cannot be understood.
    """
    at = opened(now)
    request_of(account.firm, form, 0)
    with transaction.atomic():
        hold()
        before = Enquiry.objects.filter(account=account.pk, key=key).first()
        if before is not None:
            return before
        made = Enquiry.objects.create(
            key=key, account=account.pk, firm=account.firm, at=now, request={}, verdict="unknown"
        )
        request = request_of(account.firm, form, made.pk)
        answered = at.desk.quote(request, now, outward=True)
        _keep(made, request, answered)
        append(account.login, [Fact("enquiry", "enquiry", str(made.pk), new=f"{request.shoe} {request.pairs}")])
        settle(account, at)
        return made


def _keep(enquiry: Enquiry, request: Request, answered: Answer) -> None:
    """Write what was answered into an enquiry."""
    enquiry.request, enquiry.verdict = request.record(), answered.verdict.value
    near = answered.nearest
    if near is None:
        enquiry.told, enquiry.ways = {}, []
    else:
        sides = {"brand": True, "planner": False}
        enquiry.told = {side: [[x.en, x.zh] for x in nearest_texts(near, brand=brand)] for side, brand in sides.items()}
        enquiry.ways = [
            {"wish": w.wish, "pairs": w.offer.request.pairs, "by": w.offer.ready.isoformat()}
            for w in near.ways
            if w.wish in ("fewer", "later")
        ]
    enquiry.save()


def held(account: Account, offer: str, now: datetime) -> None:
    """Hold an option for the account's firm; one that it holds already stays so."""
    if _of(offer).status_at(now) != "held":
        _step(account, offer, "held", now, lambda at: at.desk.hold(offer, now, brand=account.firm))


def ordered(account: Account, offer: str, now: datetime) -> bool:
    """Order an option, and return whether that came about; where its room is gone, fresh options stand beside it."""
    if _of(offer).status == "accepted":
        return True
    _step(account, offer, "ordered", now, lambda at: at.desk.accept(offer, now, brand=account.firm))
    return bool(_of(offer).status == "accepted")


def let_go(account: Account, offer: str, now: datetime, why: str = "") -> None:
    """Let an option go: a brand those that it has not ordered, the planner any."""
    brand = account.firm or None
    if _of(offer).status not in ("released", "expired"):
        _step(account, offer, "let go", now, lambda at: at.desk.release(offer, now, why, brand=brand))


def said(account: Account, firm: str, offer: str, now: datetime, *, yes: bool, reason: str = "") -> None:
    """Write down what a maker says to its part of an option; the same answer again changes nothing.

    Raises
    ------
    UserError
        If the option is over, or the maker answered otherwise before.
    """
    part = Part.objects.filter(option__offer=offer, firm=firm).first()
    if part is None:
        raise _GONE
    if part.answer == ("yes" if yes else "no"):
        return
    _step(account, offer, "said yes" if yes else "said no", now, lambda at: at.desk.answer(offer, firm, now, yes=yes))
    Counter.objects.filter(firm=firm, option=part.option_id, status="open").update(status="withdrawn")
    Part.objects.filter(pk=part.pk).update(reason=reason[:500], account=account.pk, at=now)


def _of(offer: str) -> Option:
    found = Option.objects.filter(offer=offer).first()
    if found is None:
        raise _GONE
    return found


def _step(account: Account, offer: str, what: str, now: datetime, step: Callable[[Open], Any]) -> None:
    """Do a step at the desk, and settle what follows from it, in one transaction after the log."""
    at = opened(now)
    with transaction.atomic():
        hold()
        step(at)
        append(account.login, [Fact(what, "option", offer)])
        settle(account, at)
