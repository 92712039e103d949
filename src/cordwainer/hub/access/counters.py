"""Counter-offers as each side reads them: the maker its own, the desk all, a brand only other pairs and days at the same price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.acts.countering import request_of
from cordwainer.hub.models.desk import Counter, Part

_LATEST = 200


@dataclass(frozen=True)
class Named:
    """A counter-offer as its maker and the desk read it: ``terms`` are (stage, line, fen a pair)."""

    number: int
    firm: str
    offer: str
    lot: str
    pairs: int
    terms: tuple[tuple[str, str, int], ...]
    start: date | None
    end: date | None
    dearer: bool
    reason: str
    until: datetime
    status: str
    became: tuple[str, ...]

    @property
    def open(self) -> bool:
        """Whether it can be taken."""
        return self.status == "open"


@dataclass(frozen=True)
class Outward:
    """A counter-offer as the brand reads it: pairs of its order then, and by how many days later; never whose, never a price."""

    number: int
    offer: str
    pairs: int
    later: int
    until: datetime


def counters(viewer: Viewer, now: datetime) -> list[Named]:
    """Return counter-offers, the latest first: the maker's own, all for the desk."""
    found = Counter.objects.select_related("option").order_by("-pk")
    if viewer.role != "planner":
        found = found.filter(firm=viewer.firm) if viewer.role == "maker" else found.none()
    names = ("firm", "lot", "pairs", "start", "end", "dearer", "reason", "until")
    return [
        Named(
            number=c.pk,
            offer=c.option.offer if c.option else "",
            terms=tuple((s, x, fen) for s, x, fen in c.terms),
            status=c.status_at(now),
            became=tuple(c.became),
            **{n: getattr(c, n) for n in names},
        )
        for c in found[:_LATEST]
    ]


def outward(viewer: Viewer, enquiry: int, now: datetime) -> list[Outward]:
    """Return what a brand may read of open counter-offers to options of its enquiry."""
    if viewer.role != "buyer":
        return []
    found = Counter.objects.select_related("option", "option__enquiry").filter(
        option__enquiry=enquiry, option__enquiry__firm=viewer.firm, status="open", until__gt=now, dearer=False
    )
    return [Outward(c.pk, c.option.offer, request_of(c).pairs, _later(c), c.until) for c in found.order_by("pk")]


def _later(c: Counter) -> int:
    if c.end is None:
        return 0
    part = Part.objects.get(option=c.option, firm=c.firm)
    return max(0, (c.end - max(date.fromisoformat(s[4]) for s in part.stages)).days)
