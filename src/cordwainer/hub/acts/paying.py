"""Payments on statements: entered once, never more than is due, taken back by an entry of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from cordwainer.core import Text, UserError
from cordwainer.hub.audit.chain import Fact, append, hold
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.floor import Due, Payment
from cordwainer.hub.web.visit import day_of


@dataclass(frozen=True)
class Between:
    """A statement: who pays whom (empty: the desk) for which month, in which currency."""

    payer: str
    payee: str
    month: date
    currency: str

    @property
    def name(self) -> str:
        """Its id: month, payer, payee, and the currency where it is not the yuan."""
        parts = [f"{self.month:%Y-%m}", self.payer or "desk", self.payee or "desk"]
        return ".".join(parts if self.currency == "CNY" else [*parts, self.currency])

    @property
    def after(self) -> date:
        """First day of the following month."""
        year, month = divmod(12 * self.month.year + self.month.month, 12)
        return date(year, month + 1, 1)

    def dues(self) -> list[Due]:
        """Return its lines, the oldest first."""
        rows = Due.objects.filter(payer=self.payer, payee=self.payee, currency=self.currency)
        return list(rows.filter(date__gte=self.month, date__lt=self.after).order_by("date", "pk"))

    def payments(self) -> list[Payment]:
        """Return what was paid on it."""
        rows = Payment.objects.filter(payer=self.payer, payee=self.payee, currency=self.currency, month=self.month)
        return list(rows.order_by("date", "pk"))


@transaction.atomic
def pay(account: Account, between: Between, amount: int, day: date, note: str, key: str, now: datetime) -> Payment:
    """Enter money that was paid on a statement (below zero: take an entry back). The same form counts once.

    Raises
    ------
    UserError
        If there is no such statement for the account, or the amount cannot be meant.
    """
    hold()
    lines = between.dues()
    own = account.role == "planner" or (account.firm and account.firm in (between.payer, between.payee))
    if not lines or not own:
        raise UserError(
            "no-such-statement",
            Text("There is no such statement.", "没有这张对账单。"),
            Text("Look at the list of statements.", "请查看对账单列表。"),
        )
    before = Payment.objects.filter(account=account.pk, key=key).first()
    if before is not None:
        return before
    paid = sum(p.amount for p in between.payments())
    known = [x.amount for x in lines if x.amount is not None]
    most = None if len(known) < len(lines) else sum(known) - paid
    if amount == 0 or abs(amount) > 10**12 or paid + amount < 0 or (most is not None and amount > most):
        left = "" if most is None else f"{most / 100:.2f}"
        raise UserError(
            "bad-payment",
            Text(f"The amount cannot be meant; {left or 'unknown'} is open.", f"金额有误；未付 {left or '未知'}。"),
            Text("Enter what is over on another month's statement.", "多付部分请记入其他月份的对账单。"),
        )
    if day > day_of(now):
        raise UserError(
            "in-future",
            Text("The day has not come yet.", "日期不能晚于今天。"),
            Text("Correct the day.", "请更正日期。"),
        )
    made = Payment.objects.create(
        key=key,
        payer=between.payer,
        payee=between.payee,
        month=between.month,
        currency=between.currency,
        date=day,
        amount=amount,
        note=note[:200],
        account=account.pk,
        at=now,
    )
    append(account.login, [Fact("paid", "statement", between.name, new=f"{amount} {day}")])
    return made
