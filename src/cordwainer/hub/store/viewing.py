"""Under whose name the database is read: with PostgreSQL each row asks for it (access/row_security.py); SQLite knows no such thing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection, transaction

WHOLE = "whole"
"""Who reads and writes all rows: planning, checking, the audit, and the gate before it decides."""
SETTINGS = ("hub.role", "hub.firm", "hub.consents", "hub.version", "hub.run")


def locks_rows() -> bool:
    """Say whether the database itself guards its rows."""
    return bool(connection.vendor == "postgresql")


@contextmanager
def reading_as(
    role: str, firm: str = "", consents: frozenset[tuple[str, str]] = frozenset(), version: int = 0, run: int = 0
) -> Iterator[None]:
    """Let the database show what a viewer may read, of a version and a run, as long as this lasts."""
    with transaction.atomic():
        before = _set((role, firm, _told(consents), str(version), str(run)))
        yield
        _set(before)


@contextmanager
def unnamed_afterwards() -> Iterator[None]:
    """Let a visit carry a name (`name_reader`) as long as this lasts at most."""
    try:
        yield
    finally:
        if locks_rows() and connection.connection is not None:
            with suppress(DatabaseError):  # a connection that broke keeps no name
                _name("", "", "")


def name_reader(role: str, firm: str, consents: frozenset[tuple[str, str]]) -> None:
    """Let whatever is read from now on, until `unnamed_afterwards` ends, be read under a viewer's name."""
    if locks_rows():
        _name(role, firm, _told(consents))


def _name(role: str, firm: str, consents: str) -> None:
    with connection.cursor() as cursor:
        told = ", ".join(f"set_config('{s}', %s, false)" for s in SETTINGS[:3])
        cursor.execute(f"SELECT {told}", (role, firm, consents))


def _told(consents: frozenset[tuple[str, str]]) -> str:
    return ",".join(sorted(f"{firm}:{family}" for firm, family in consents))


@contextmanager
def whole() -> Iterator[None]:
    """Read and write all rows as long as this lasts."""
    if not locks_rows():
        yield
        return
    with reading_as(WHOLE):
        yield


def _set(values: tuple[str, ...]) -> tuple[str, ...]:
    """Set whose name stands, until the transaction ends, and return whose stood before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"coalesce(current_setting('{s}', true), '')" for s in SETTINGS))
        before: tuple[str, ...] = cursor.fetchone()
        cursor.execute("SELECT " + ", ".join(f"set_config('{s}', %s, true)" for s in SETTINGS), values)
    return before
