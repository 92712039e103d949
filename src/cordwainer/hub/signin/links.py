"""Signed links that open one offer for one maker, without anything else of it."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing

_SALT = "cordwainer.offer"
LASTS = timedelta(days=7)


def token(account: int, run: int, lot: str) -> str:
    """Return the token of a link to a lot on offer."""
    return signing.dumps([account, run, lot], salt=_SALT)


def opened(said: str) -> tuple[int, int, str] | None:
    """Return account, run and lot of a token; None where it is false or too old."""
    try:
        account, run, lot = signing.loads(said, salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return int(account), int(run), str(lot)
