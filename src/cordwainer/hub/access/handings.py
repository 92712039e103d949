"""Handovers and claims as their two sides and the planner read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cordwainer.hub.access.floor import READERS_OF, gate
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.models.floor import Claim, ClaimWord, Handover
from cordwainer.hub.store.floor import UNSIZED


@dataclass(frozen=True)
class Count:
    """Pairs of a size: good, seconds, missing; size ``-`` where sizes were not told."""

    size: str
    good: int
    seconds: int
    missing: int


@dataclass(frozen=True)
class Handing:
    """A handover as giver, receiver and planner read it; ``received`` is None until the receiver confirmed.

    ``claims`` are its claims' numbers; photos are numbers of files.
    """

    number: int
    lot: str
    order: str
    stage: str
    giver: str
    receiver: str
    lot_pairs: int
    on: date
    given: tuple[Count, ...]
    given_at: datetime
    given_note: str
    given_photo: int | None
    received: tuple[Count, ...] | None
    received_on: date | None
    received_note: str
    received_photo: int | None
    claims: tuple[int, ...]

    @property
    def name(self) -> str:
        """Its id in the dictionary's tables."""
        return f"H{self.number}"

    @property
    def good(self) -> int:
        """Good pairs: as received, else as given."""
        return sum(c.good for c in (self.given if self.received is None else self.received))

    @property
    def state(self) -> str:
        """How it stands: waiting for the receiver, confirmed, or confirmed with a difference."""
        if self.received is None:
            return "waiting"
        return "confirmed" if self.good == sum(c.good for c in self.given) else "differs"

    @property
    def sizes(self) -> tuple[str, ...]:
        """Sizes that either side told."""
        return tuple(dict.fromkeys(c.size for c in (*self.given, *(self.received or ()))))


def handovers(viewer: Viewer) -> list[Handing]:
    """Return the handovers that the viewer gives or receives, the planner's all; the latest first, without withdrawn ones."""
    shown = set(gate(viewer).rows("handover")["handover"]) if viewer.role in READERS_OF else set()
    rows = [h for h in Handover.objects.filter(withdrawn_at=None).order_by("-pk") if f"H{h.pk}" in shown]
    claims: dict[int, list[int]] = {}
    for number, h in Claim.objects.order_by("pk").values_list("pk", "handover"):
        claims.setdefault(h, []).append(number)
    return [_handing(h, tuple(claims.get(h.pk, ()))) for h in rows]


def handover(viewer: Viewer, number: int) -> Handing | None:
    """Return one handover that the viewer may read."""
    return next((h for h in handovers(viewer) if h.number == number), None)


def _handing(h: Handover, claims: tuple[int, ...]) -> Handing:
    names = (
        "lot",
        "order",
        "stage",
        "giver",
        "receiver",
        "given_at",
        "given_note",
        "received_on",
        "received_note",
    )
    return Handing(
        number=h.pk,
        lot_pairs=h.pairs,
        on=h.date,
        given=tuple(Count(*c) for c in h.given),
        given_photo=h.given_photo_id,
        received=None if h.received is None else tuple(Count(*c) for c in h.received),
        received_photo=h.received_photo_id,
        claims=claims,
        **{n: getattr(h, n) for n in names},
    )


@dataclass(frozen=True)
class Word:
    """What was said to a claim, by a firm (empty: the desk)."""

    firm: str
    word: str
    pairs: int | None
    fen: int | None
    said: str
    at: datetime


@dataclass(frozen=True)
class Claimed:
    """A claim as its two sides and the planner read it; ``is_late``: open past the day for the answer."""

    number: int
    handover: int
    lot: str
    stage: str
    giver: str
    receiver: str
    short: bool
    pairs: int
    fen: int | None
    until: date
    status: str
    settled_pairs: int | None
    settled_fen: int | None
    words: tuple[Word, ...]

    def is_late(self, day: date) -> bool:
        """Whether the answer is overdue."""
        return self.status == "open" and self.until < day and self.words[-1].word == "opened"

    @property
    def proposal(self) -> Word | None:
        """What the giver proposed last, while that stands."""
        return self.words[-1] if self.status == "open" and self.words[-1].word == "proposed" else None


def claims(viewer: Viewer) -> list[Claimed]:
    """Return the claims between the viewer and another firm, the planner's all; the latest first."""
    shown = set(gate(viewer).rows("claim")["claim"]) if viewer.role in READERS_OF else set()
    words: dict[int, list[Word]] = {}
    for w in ClaimWord.objects.order_by("pk"):
        words.setdefault(w.claim_id, []).append(Word(w.firm, w.word, w.pairs, w.fen, w.said, w.at))
    return [
        Claimed(
            number=c.pk,
            handover=c.handover_id,
            words=tuple(words[c.pk]),
            **{n: getattr(c.handover, n) for n in ("lot", "stage", "giver", "receiver")},
            **{n: getattr(c, n) for n in ("short", "pairs", "fen", "until", "status", "settled_pairs", "settled_fen")},
        )
        for c in Claim.objects.select_related("handover").order_by("-pk")
        if f"C{c.pk}" in shown
    ]


def claim(viewer: Viewer, number: int) -> Claimed | None:
    """Return one claim that the viewer may read."""
    return next((c for c in claims(viewer) if c.number == number), None)


def unsized(counts: tuple[Count, ...]) -> bool:
    """Return whether counts tell no sizes."""
    return all(c.size == UNSIZED for c in counts)
