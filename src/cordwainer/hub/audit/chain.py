"""Append to the audit: each entry carries the digest of itself and of all before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from cordwainer.hub.models.changes import AuditEntry, Head

GENESIS = "0" * 64
FIELDS = ("seq", "at", "account", "action", "table", "row", "column", "old", "new")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was done: to which table, row and column, from which value to which."""

    action: str
    table: str = ""
    row: str = ""
    column: str = ""
    old: str | None = None
    new: str | None = None


def digest_of(before: str, entry: AuditEntry) -> str:
    """Return the digest of an entry, given that of the one before it."""
    said = json.dumps([getattr(entry, name) for name in FIELDS], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{before}\n{said}".encode()).hexdigest()


def hold() -> Head:
    """Return the head of the audit, held until the transaction ends, so that whoever writes does so one after another."""
    Head.objects.get_or_create(pk=1, defaults={"digest": GENESIS})
    return Head.objects.select_for_update().get(pk=1)


def append(account: str, facts: Iterable[Fact]) -> None:
    """Add facts to the audit, in the transaction of what they tell of.

    Parameters
    ----------
    account
        Sign-in name of whoever did it; empty for the operator at the machine.
    facts
        What was done.
    """
    with transaction.atomic():
        head = hold()
        at = datetime.now(UTC).isoformat(timespec="microseconds")
        entries = []
        for fact in facts:
            head.seq += 1
            entry = AuditEntry(
                seq=head.seq,
                at=at,
                account=account,
                action=fact.action,
                table=fact.table,
                row=fact.row,
                column=fact.column,
                old=fact.old,
                new=fact.new,
            )
            entry.digest = head.digest = digest_of(head.digest, entry)
            entries.append(entry)
        AuditEntry.objects.bulk_create(entries, batch_size=500)
        head.save()


def entries_of(change: int) -> list[AuditEntry]:
    """Return the entries that tell of a change field by field: those between its first and the next of another sort."""
    begin = AuditEntry.objects.filter(action="rows", row=str(change)).order_by("seq").first()
    if begin is None:
        return []
    found = []
    for entry in AuditEntry.objects.filter(seq__gte=begin.seq).order_by("seq").iterator():
        if entry.action == "field":
            found.append(entry)
        elif entry.action != "rows" or entry.row != str(change):
            break
    return found
