"""Check the audit from its first entry to its last, and the rows of every change against it.

The hub may go on working meanwhile: what is added after the check began is no fault.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from cordwainer.cluster import dictionary
from cordwainer.core import Text
from cordwainer.hub.audit.chain import GENESIS, digest_of
from cordwainer.hub.models.changes import AuditEntry, Head
from cordwainer.hub.store.digests import rows_digest
from cordwainer.hub.store.frames import change_numbers, read
from cordwainer.hub.store.versions import head


def faults() -> Iterator[Text]:
    """Yield what does not fit: entries altered, missing or reordered, and rows altered behind the audit's back."""
    latest = head()
    yield from _chain(Head.objects.filter(pk=1).first())
    yield from _rows(latest)


def _chain(end: Head | None) -> Iterator[Text]:
    """Yield what does not fit in the chain, which is at least as long as its end said when the check began."""
    before, last = GENESIS, 0
    at_end = GENESIS
    for entry in AuditEntry.objects.order_by("seq").iterator():
        if entry.seq != last + 1:
            yield Text(
                f"Entries {last + 1} to {entry.seq - 1} are missing.", f"缺少第 {last + 1} 至 {entry.seq - 1} 条。"
            )
        if digest_of(before, entry) != entry.digest:
            yield Text(f"Entry {entry.seq} was altered.", f"第 {entry.seq} 条被改动。")
        before, last = entry.digest, entry.seq
        if end is not None and end.seq == last:
            at_end = before
    if end is not None and (last < end.seq or at_end != end.digest):
        yield Text("Entries are missing at the end.", "末尾缺少记录。")


def _rows(latest: int) -> Iterator[Text]:
    """Yield the tables whose rows are not those that the audit tells of, up to a version."""
    told = {
        (int(entry.row), entry.table): (entry.old, entry.new)
        for entry in AuditEntry.objects.filter(action="rows").iterator()
        if entry.row.isdecimal() and int(entry.row) <= latest
    }
    for table in dictionary.cluster_tables():
        numbers = {number for number in change_numbers(table.name) if number <= latest}
        for number in sorted(numbers | {change for change, name in told if name == table.name}):
            ended, come = read(table.name, Q(until=number)), read(table.name, Q(since=number))
            if told.get((number, table.name)) != (rows_digest(table.name, ended), rows_digest(table.name, come)):
                yield Text(
                    f"Rows of table {table.name} that change {number} brought or ended were altered.",
                    f"第 {number} 次改动的“{table.label.zh}”记录被改动。",
                )
