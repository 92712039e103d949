"""Under whose name the database is read: with PostgreSQL each row asks for it (store/row_security.py); SQLite knows no such thing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

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
    told = ",".join(sorted(f"{firm}:{family}" for firm, family in consents))
    with transaction.atomic():
        before = _set((role, firm, told, str(version), str(run)))
        yield
        _set(before)


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
