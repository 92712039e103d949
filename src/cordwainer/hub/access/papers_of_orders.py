"""Documents of orders and photos of handovers, each to whoever may read it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from cordwainer.hub.access.handings import handovers
from cordwainer.hub.access.progress import orders
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.models.floor import Document, StoredFile
from cordwainer.hub.store.files import content_of
from cordwainer.hub.store.floor import leads_now


@dataclass(frozen=True)
class Paper:
    """A document of an order: whose it is ("" the desk's), of which milestone, who may read it, and the number of its file."""

    order: str
    milestone: str
    firm: str
    readers: str
    note: str
    name: str
    size: int
    file: int
    at: datetime


def documents(viewer: Viewer, order: str) -> list[Paper]:
    """Return the documents of an order that the viewer may read."""
    if order not in orders(viewer):
        return []
    near = viewer.role in ("planner", "buyer") or leads_now().get(order) == viewer.firm
    found = []
    for d in Document.objects.filter(order=order).select_related("file").order_by("pk"):
        may = {"desk": viewer.role == "planner", "buyer": near, "all": True}[d.readers]
        if may or (viewer.firm and d.firm == viewer.firm):
            names = ("order", "milestone", "firm", "readers", "note", "at")
            values = {n: getattr(d, n) for n in names}
            found.append(Paper(name=d.file.name, size=d.file.size, file=d.file_id, **values))
    named = viewer.role == "planner"
    return [p if named or p.firm in ("", viewer.firm) else replace(p, firm="?") for p in found]


def content(viewer: Viewer, number: int) -> tuple[str, str, bytes] | None:
    """Return name, kind and content of a file that the viewer may read."""
    found = file(viewer, number)
    return None if found is None else (found.name, found.kind, content_of(found))


def file(viewer: Viewer, number: int) -> StoredFile | None:
    """Return a file that the viewer may read: a photo of one of its handovers, or a document of one of its orders."""
    if any(number in (h.given_photo, h.received_photo) for h in handovers(viewer)):
        return StoredFile.objects.get(pk=number)
    for order in Document.objects.filter(file=number).values_list("order", flat=True).distinct():
        if any(p.file == number for p in documents(viewer, order)):
            return StoredFile.objects.get(pk=number)
    return None
