"""The small town at work: some lots are accepted, so that they can be finished, handed over and paid."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from cordwainer.hub.acts.handing import Found, give, receive
from cordwainer.hub.models import Account, Claim, Document, Handover
from cordwainer.hub.store.files import PHOTOS, keep
from cordwainer.hub.store.versions import commit, live
from tests.unit.hub.worlds import Town

ACCEPTED = ("O000-1", "O005-1", "O009-1")
NOW = datetime(2026, 3, 10, 4, tzinfo=UTC)


def accept_lots(lots: tuple[str, ...] = ACCEPTED) -> None:
    """Let the makers of some lots have said yes."""
    status = pl.when(pl.col("lot").is_in(lots)).then(pl.lit("accepted")).otherwise("status").alias("status")
    commit(None, "reply", "accepted", {"promise": live()["promise"].with_columns(status)})


def account_of(firm: str, role: str = "maker") -> Account:
    """Return an account that acts for a firm."""
    made, _ = Account.objects.get_or_create(
        login=f"of {firm}", defaults={"name": firm, "role": role, "firm": firm, "language": "en"}
    )
    return made


def of_firm(town: Town, firm: str, role: str = "maker") -> Town:
    """Return the town with the account of another firm in a role."""
    return Town(town.run, {**town.accounts, role: account_of(firm, role)})


PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
LEFT = {"O000-1": ("F00", "F01"), "O001-1": ("F01", "F02"), "O005-1": ("F05", "F06")}
"""Lots that are at work, each with who gives its uppers to whom: the maker's own, a partner's, a competitor's."""


def leave_floor() -> None:
    """Leave a handover with photo and claim in a lot of the maker, of a partner and of a competitor, and a document each."""
    accept_lots(tuple(LEFT))
    for lot, (giver, receiver) in LEFT.items():
        by = account_of(giver)
        photo = keep(by, "p.png", PNG + giver.encode(), NOW, PHOTOS)
        h = give(by, lot, "closing", [("-", 100, 1, 0)], "k", NOW, photo=photo)
        receive(account_of(receiver), h.pk, Found([("-", 90, 1, 9)], fen=5000), "r", NOW)
        Document.objects.create(
            order=lot[:4], file=photo, firm=giver, readers="desk", account=by.pk, at=NOW, milestone="test"
        )


NUMBERED = {
    "handover": "handover",
    "claim": "claim",
    "floor-file": "floor-file",
    "paper-delivery": "handover",
    "pdf-delivery": "handover",
}
"""Routes that name by a number what was left, and what they name."""


def left_of(kind: str) -> list[int]:
    """Return the numbers of what was left: handover, claim or floor-file, of the maker, a partner, a competitor, and nobody's."""
    handed = list(Handover.objects.order_by("pk"))
    found = {
        "handover": [h.pk for h in handed],
        "claim": list(Claim.objects.order_by("pk").values_list("pk", flat=True)),
        "floor-file": [h.given_photo_id for h in handed],
    }[kind]
    return [*found[:3], 10**9]
