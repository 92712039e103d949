"""Enquiries, options and makers' parts, each read for a viewer by its own rule.

A brand reads its own enquiries and the brand's face of their options; a maker its own part of options and nothing of their
price; the planner all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cordwainer.core import Text
from cordwainer.exchange import View
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.acts.settling import opened
from cordwainer.hub.models.desk import Enquiry, Option, Part
from cordwainer.hub.store.versions import live
from cordwainer.quoting import best_text, brand_texts, offer_texts, offer_views, status_text, why_text

_LATEST = 200


@dataclass(frozen=True)
class Asked:
    """An enquiry as its brand reads it; ``told`` and ``ways`` say why nothing fits and what would."""

    number: int
    firm: str
    at: datetime
    request: dict[str, Any]
    verdict: str
    told: tuple[Text, ...]
    ways: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Choice:
    """An option as its brand reads it."""

    offer: str
    status: str
    said: Text
    why: Text | None
    best: Text
    until: datetime | None
    answer_by: datetime | None
    face: dict[str, Any]
    notes: tuple[Text, ...]


@dataclass(frozen=True)
class MyPart:
    """A maker's part of an option (``kind``: construction and category of the shoe); ``open`` while it may still answer."""

    offer: str
    enquiry: int
    firm: str
    stages: tuple[dict[str, Any], ...]
    pairs: int
    fen: int
    kind: tuple[str, str]
    answer: str
    reason: str
    status: str
    answer_by: datetime | None

    @property
    def open(self) -> bool:
        """Whether an answer is waited for."""
        return self.answer == "" and self.status in ("offered", "held", "accepted")


def enquiries(viewer: Viewer) -> list[Asked]:
    """Return the latest enquiries: a brand's own, the planner's all."""
    found = Enquiry.objects.order_by("-pk")
    if viewer.role != "planner":
        found = found.filter(firm=viewer.firm) if viewer.role == "buyer" else found.none()
    return [_asked(viewer, e) for e in found[:_LATEST]]


def enquiry(viewer: Viewer, number: int) -> Asked | None:
    """Return one enquiry that the viewer may read."""
    return next((e for e in enquiries(viewer) if e.number == number), None)


def _asked(viewer: Viewer, e: Enquiry) -> Asked:
    side = "planner" if viewer.role == "planner" else "brand"
    told = tuple(Text(en, zh) for en, zh in e.told.get(side, ()))
    return Asked(e.pk, e.firm, e.at, e.request, e.verdict, told, tuple(e.ways))


def choices(viewer: Viewer, number: int, now: datetime) -> list[Choice]:
    """Return the options of an enquiry, with the brand's face, for its brand and the planner."""
    if enquiry(viewer, number) is None:
        return []
    return [_choice(o, now) for o in Option.objects.filter(enquiry=number).order_by("pk")]


def choice(viewer: Viewer, offer: str, now: datetime) -> Choice | None:
    """Return one option, for the planner."""
    found = Option.objects.filter(offer=offer).first() if viewer.role == "planner" else None
    return None if found is None else _choice(found, now)


def _choice(o: Option, now: datetime) -> Choice:
    status = o.status_at(now)
    why = o.why.get("why", "")
    return Choice(
        offer=o.offer,
        status=status,
        said=status_text(status),
        why=why_text(why, "", outward=True) if why else None,
        best=best_text(o.face["best"]),
        until=o.until,
        answer_by=o.ask_by,
        face=o.face,
        notes=tuple(brand_texts(o.face)),
    )


def counts(viewer: Viewer, now: datetime) -> dict[int, dict[str, int]]:
    """Return how many options of each enquiry are in which status, for the enquiries that the viewer may read."""
    found: dict[int, dict[str, int]] = {}
    for o in Option.objects.filter(enquiry__in=[e.number for e in enquiries(viewer)]):
        one = found.setdefault(o.enquiry_id, {})
        one[o.status_at(now)] = one.get(o.status_at(now), 0) + 1
    return found


def parts(viewer: Viewer, now: datetime, offer: str = "") -> list[MyPart]:
    """Return makers' parts of options, the latest first: a maker's own, the planner's all; those of one option where it is given."""
    found = Part.objects.select_related("option", "option__enquiry").exclude(answer="agreed").order_by("-pk")
    if viewer.role != "planner":
        found = found.filter(firm=viewer.firm) if viewer.role == "maker" else found.none()
    if offer:
        found = found.filter(option__offer=offer)
    return [_part(p, now) for p in found[:_LATEST]]


def _part(p: Part, now: datetime) -> MyPart:
    names = ("stage", "line", "pairs", "start", "end", "fen")
    stages = tuple(dict(zip(names, row, strict=True)) for row in p.stages)
    o = p.option
    by_stage: dict[str, int] = {}
    for s in stages:
        by_stage[s["stage"]] = by_stage.get(s["stage"], 0) + s["pairs"]
    return MyPart(
        offer=o.offer,
        enquiry=o.enquiry_id,
        firm=p.firm,
        stages=stages,
        pairs=max(by_stage.values(), default=0),
        fen=sum(s["fen"] for s in stages),
        kind=_kind(o.enquiry.request),
        answer=p.answer,
        reason=p.reason,
        status=o.status_at(now),
        answer_by=o.ask_by,
    )


def _kind(request: dict[str, Any]) -> tuple[str, str]:
    """Return construction and category of what was asked: all that a maker who is asked is told of the shoe."""
    if "style" not in request:
        return request["construction"], request["category"]
    row = live()["style"].filter(style=request["style"])
    return row["construction"].item(), row["category"].item()


def built_up(viewer: Viewer, offer: str, now: datetime) -> tuple[Sequence[View], Sequence[Text]]:
    """Return all of an option for the planner: build-up, work, purchases, moves as tables, and what to know besides in words."""
    if viewer.role != "planner":
        return (), ()
    at = opened(now)
    entry = next((e for e in at.desk.entries(now) if e.offer.offer == offer), None)
    return ((), ()) if entry is None else (tuple(offer_views(at.desk, entry)), tuple(offer_texts(entry)))
