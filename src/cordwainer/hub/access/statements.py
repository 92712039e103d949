"""Monthly statements as payer, payee and the planner read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cordwainer.cluster import PAYMENT_MARK_DAYS, oldest_unpaid
from cordwainer.hub.access.floor import READERS_OF, gate
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.acts.paying import Between
from cordwainer.hub.models.floor import Due, Payment


@dataclass(frozen=True)
class Line:
    """A line of a statement: what made it due (work, order, claim), for which pairs; amount in hundredths, None: unknown."""

    kind: str
    ref: str
    on: date
    due: date | None
    order: str
    lot: str
    stages: tuple[str, ...]
    pairs: int
    amount: int | None


@dataclass(frozen=True)
class Paid:
    """Money paid on a statement, in hundredths; below zero: an entry taken back."""

    number: int
    on: date
    amount: int
    note: str


@dataclass(frozen=True)
class Statement:
    """A monthly statement between two firms (empty: the desk) on a day, in hundredths of its currency; None: unknown.

    Parameters
    ----------
    amount, paid, open
        Sum of its lines, what was paid, what is left.
    due
        Day by which the last line with a term is due; None where no term says so.
    days
        Days since delivery of the oldest line that is not paid; None where all is paid or amounts are unknown.
    mark
        Day on which that line is 60 days old.
    """

    between: Between
    lines: tuple[Line, ...]
    payments: tuple[Paid, ...]
    amount: int | None
    paid: int
    open: int | None
    due: date | None
    oldest: date | None
    days: int | None
    mark: date | None

    @property
    def name(self) -> str:
        """Its id."""
        return self.between.name

    @property
    def state(self) -> str:
        """How it stands: paid, over the mark, overdue, open, or unknown."""
        if self.open is None:
            return "unknown"
        if self.open <= 0:
            return "paid"
        if self.days is not None and self.days > PAYMENT_MARK_DAYS:
            return "over60"
        return "open"

    def is_overdue(self, day: date) -> bool:
        """Whether a line with a term is past its day and not all is paid."""
        return bool(self.open) and any(x.due is not None and x.due < day for x in self.lines)


def statements(viewer: Viewer, day: date) -> list[Statement]:
    """Return the statements of which the viewer is payer or payee, the planner's all; the latest month first.

    Parameters
    ----------
    viewer
        Who reads.
    day
        The day on which days outstanding are counted.
    """
    shown = set(gate(viewer).rows("statement")["statement"]) if viewer.role in READERS_OF else set()
    found: dict[Between, list[Due]] = {}
    for d in Due.objects.order_by("date", "pk"):
        between = Between(d.payer, d.payee, d.date.replace(day=1), d.currency)
        if between.name in shown:
            found.setdefault(between, []).append(d)
    paid: dict[Between, list[Paid]] = {}
    for p in Payment.objects.order_by("date", "pk"):
        between = Between(p.payer, p.payee, p.month, p.currency)
        paid.setdefault(between, []).append(Paid(p.pk, p.date, p.amount, p.note))
    made = [_statement(b, lines, paid.get(b, []), day) for b, lines in found.items()]
    return sorted(made, key=lambda s: (-s.between.month.toordinal(), s.name))


def statement(viewer: Viewer, name: str, day: date) -> Statement | None:
    """Return one statement by its id that the viewer may read."""
    return next((s for s in statements(viewer, day) if s.name == name), None)


def _statement(between: Between, dues: list[Due], paid: list[Paid], day: date) -> Statement:
    names = ("kind", "ref", "due", "order", "lot", "pairs", "amount")
    lines = tuple(Line(on=d.date, stages=tuple(d.stages.split()), **{n: getattr(d, n) for n in names}) for d in dues)
    amounts = [x.amount for x in lines]
    known = [a for a in amounts if a is not None]
    whole = sum(known) if len(known) == len(amounts) else None
    got = sum(p.amount for p in paid)
    oldest = None if whole is None else oldest_unpaid([(x.on, x.amount or 0) for x in lines], got)
    known_terms = [x.due for x in lines if x.due is not None]
    return Statement(
        between=between,
        lines=lines,
        payments=tuple(paid),
        amount=whole,
        paid=got,
        open=None if whole is None else whole - got,
        due=None if len(known_terms) < len(lines) else max(known_terms),
        oldest=oldest,
        days=None if oldest is None else (day - oldest).days,
        mark=None if oldest is None else oldest + timedelta(days=PAYMENT_MARK_DAYS),
    )
