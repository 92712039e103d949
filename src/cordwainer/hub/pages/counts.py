"""Pairs by size and photos as forms of handovers give them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cordwainer.hub.acts.handing import Counts, Photo, keep_photo
from cordwainer.hub.pages.countering import unreadable
from cordwainer.hub.web.sent import file_of


def counts_of(form: Any) -> Counts:  # noqa: ANN401 (Django carries no types)
    """Return size, good, seconds and missing of each size that a form names; sizes without any pairs are left out.

    Raises
    ------
    UserError
        If a number cannot be read.
    """
    columns = [form.getlist(n) for n in ("size", "good", "seconds", "missing")]
    try:
        rows = [(size, *(int(n or 0) for n in numbers)) for size, *numbers in zip(*columns, strict=True)]
    except (ValueError, OverflowError) as error:
        raise unreadable() from error
    return [(str(size)[:16], a, b, c) for size, a, b, c in rows if a or b or c]


def photo_of(request: Any, now: datetime) -> Photo | None:  # noqa: ANN401
    """Return the photo that a form sent, kept; None where it sent none."""
    if not request.FILES.get("photo"):
        return None
    name, content = file_of(request, "photo")
    return keep_photo(request.visit.account, name, content, now)
