"""Versions of the cluster: a change is checked as a whole, written as a whole, and can be undone as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from weakref import WeakValueDictionary

import polars as pl
from django.db import transaction
from django.db.models import Max, Q

from cordwainer.cluster import Cluster, dictionary
from cordwainer.core import Text, UserError
from cordwainer.hub.audit.chain import Fact, append, hold
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.changes import Change
from cordwainer.hub.store.digests import rows_digest
from cordwainer.hub.store.frames import ROW_NO, add, end, read

OFFICIAL = ("objection", "correction", "signing")
"""Kinds of change of official data alone, of which the planner is not told."""
SETTLED = ("publish", "reply", "admit", "order", *OFFICIAL)
"""Kinds of change on which others have acted already, or may have: they are not undone."""
Stamp = tuple[int, datetime | None]
"""A version and when it was made."""
FIELD_BY_FIELD = 400
"""Rows up to which a change is told field by field; larger ones are told by the fingerprints of their rows alone."""


@dataclass(frozen=True)
class Difference:
    """What a change does to one table: rows that come, rows that end, and the latter's numbers in the database."""

    table: str
    come: pl.DataFrame
    ended: pl.DataFrame

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return self.come.is_empty() and self.ended.is_empty()


def head() -> int:
    """Return the version that holds now; 0 where there is no data yet."""
    return Change.objects.aggregate(last=Max("id"))["last"] or 0


def holding(version: int) -> Q:
    """Return the condition that rows hold in a version."""
    return Q(since__lte=version) & (Q(until=None) | Q(until__gt=version))


def cluster_at(version: int) -> Cluster:
    """Return the cluster of a version, which never changes."""
    return _cluster(version, made_at(version))


def made_at(version: int) -> datetime | None:
    """Return when a version was made; None for that without data.

    It tells a change that was rolled back, and was read meanwhile, from the one that got its number afterwards.
    """
    return Change.objects.filter(pk=version).values_list("at", flat=True).first()


def stamp() -> Stamp:
    """Return the version that holds now and when it was made: what is worked out from it is kept under both, see `made_at`."""
    return Change.objects.order_by("-pk").values_list("pk", "at").first() or (0, None)


@lru_cache(maxsize=4)
def _cluster(version: int, at: datetime | None) -> Cluster:
    """Read a version. Tables that are the same in one read before are taken over: after a change of one table, one is read."""
    known = max((k for k in _READ if k[0] < version), default=None)
    before = _READ.get(known) if known and made_at(known[0]) == known[1] else None
    changed = _changed_between(known[0], version) if known and before else None
    frames = {
        t.name: before.frames[t.name]
        if before is not None and changed is not None and t.name not in changed
        else read(t.name, holding(version))
        for t in dictionary.cluster_tables()
    }
    _READ[version, at] = found = Cluster(frames)
    return found


_READ: WeakValueDictionary[tuple[int, datetime | None], Cluster] = WeakValueDictionary()
"""Versions read before that somebody still holds."""


def _changed_between(older: int, newer: int) -> set[str] | None:
    """Return the tables that changes after a version up to another changed; None where one does not tell."""
    told = Change.objects.filter(pk__gt=older, pk__lte=newer).values_list("tables", flat=True)
    return None if None in told else {table for tables in told for table in tables}


def forget_versions() -> None:
    """Forget the versions that were read: for when the database itself is put in place of another."""
    _cluster.cache_clear()
    _READ.clear()


def live() -> Cluster:
    """Return the cluster as it is now."""
    return _cluster(*stamp())


@transaction.atomic
def commit(account: Account | None, kind: str, note: str, frames: Mapping[str, pl.DataFrame]) -> Change | None:
    """Put tables in place of those that hold now, and return the change; None where nothing differs.

    Parameters
    ----------
    account
        Who does it; None for the operator at the machine.
    kind, note
        What sort of change, and what people will read of it.
    frames
        Whole tables by name; those not given stay.

    Raises
    ------
    DataErrors
        If the cluster would break a rule; nothing is then changed.
    """
    hold()
    checked = live().replace(**frames)
    found = [_difference(name, checked[name]) for name in frames]
    differences = [d for d in found if not d.is_empty]
    if not differences:
        return None
    change = Change.objects.create(
        at=datetime.now(UTC),
        account=account.pk if account else None,
        kind=kind,
        note=note,
        tables=[d.table for d in differences],
    )
    for d in differences:
        end(d.table, d.ended[ROW_NO].to_list(), change.pk)
        add(d.table, d.come, since=change.pk)
    append(account.login if account else "", _facts(change, differences))
    return change


def _difference(table: str, wanted: pl.DataFrame) -> Difference:
    there = read(table, Q(until=None), numbered=True)
    columns = wanted.columns
    return Difference(
        table=table,
        come=wanted.join(there, on=columns, how="anti", nulls_equal=True),
        ended=there.join(wanted, on=columns, how="anti", nulls_equal=True),
    )


def _facts(change: Change, differences: list[Difference]) -> Iterator[Fact]:
    yield Fact(change.kind, row=str(change.pk), new=change.note)
    small = sum(d.come.height + d.ended.height for d in differences) <= FIELD_BY_FIELD
    for d in differences:
        yield Fact(
            "rows",
            d.table,
            row=str(change.pk),
            old=rows_digest(d.table, d.ended),
            new=rows_digest(d.table, d.come),
        )
        if small:
            yield from _fields(d)


def _fields(d: Difference) -> Iterator[Fact]:
    """Yield every field that changes, by the key of its row."""
    spec = dictionary.tables()[d.table]
    old = {tuple(str(r[k]) for k in spec.key): r for r in d.ended.iter_rows(named=True)}
    new = {tuple(str(r[k]) for k in spec.key): r for r in d.come.iter_rows(named=True)}
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key, {}), new.get(key, {})
        for column in spec.columns:
            a, b = before.get(column.name), after.get(column.name)
            if a != b:
                yield Fact("field", d.table, "|".join(key), column.name, _said(a), _said(b))


def _said(value: object) -> str | None:
    return None if value is None else str(value)


@transaction.atomic
def undo(account: Account | None, change_no: int) -> Change | None:
    """Take a change back: its rows end and those that it ended hold again, as a change of its own.

    Raises
    ------
    UserError
        If a later change stands on one of its rows, or others have acted on it.
    DataErrors
        If the cluster would then break a rule.
    """
    if Change.objects.filter(pk=change_no, kind__in=SETTLED).exists():
        raise UserError(
            "settled",
            Text(
                f"Change {change_no} cannot be undone: others have acted on it.",
                f"改动 {change_no} 无法撤销：其他人已据此行动。",
            ),
            Text("Release the offers, or enter what is right now.", "请作废派单，或录入现在的实际情况。"),
        )
    frames = {}
    for table in dictionary.cluster_tables():
        came = read(table.name, Q(since=change_no), numbered=True)
        ended = read(table.name, Q(until=change_no))
        if came.is_empty() and ended.is_empty():
            continue
        holds = read(table.name, Q(until=None), numbered=True)
        if not set(came[ROW_NO]) <= set(holds[ROW_NO]):
            raise _stands_on(change_no, table)
        rest = holds.filter(~pl.col(ROW_NO).is_in(came[ROW_NO].to_list())).drop(ROW_NO)
        if rest.join(ended, on=list(table.key), how="semi").height:
            raise _stands_on(change_no, table)
        frames[table.name] = pl.concat([rest, ended])
    return commit(account, "undo", f"undo of {change_no}", frames)


def _stands_on(change_no: int, table: dictionary.Table) -> UserError:
    return UserError(
        "later-change",
        Text(
            f"Change {change_no} cannot be undone: rows of {table.label.en.lower()} were changed again since.",
            f"改动 {change_no} 无法撤销：“{table.label.zh}”的记录后来又改过。",
        ),
        Text("Undo the later change first, or change the rows by hand.", "请先撤销后来的改动，或手工修改。"),
    )
