"""The log counts what is on disk only, and an id of an offer is given once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cordwainer.core import UserError
from cordwainer.quoting.journal import Journal
from tests.unit.quoting import desk
from tests.unit.quoting.test_desk import NOON, offered, opened


def test_a_write_that_fails_does_not_count() -> None:
    log = Journal(Path("/dev/full"))
    with log.locked():
        for _ in range(2):
            with pytest.raises(UserError):
                log.append({"kind": "any"}, durable=True)
    assert log.count == 0


def test_an_id_is_given_once(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    entry = offered(at)
    event = {"at": NOON.isoformat(), "kind": "offered", "buyer": "any", "outward": False, "ask_by": NOON.isoformat()}
    with pytest.raises(UserError, match="offer-twice"):
        at.book.apply({**event, "offers": [entry.offer.record()]})
    assert at.book.entries[entry.offer.offer] == entry


def test_every_outward_request_counts(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    request = desk.asks(1)[0]
    at.quote(request, NOON, outward=True, keep=False)
    with pytest.raises(UserError, match="no-such-term"):
        at.quote(replace(request, payment_term="none"), NOON, outward=True)
    assert at.book.rates.within_an_hour(request.buyer, NOON) == 2
