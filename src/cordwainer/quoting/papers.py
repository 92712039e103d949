"""Who may do what and when: certificates of firms and approvals of sites as periods, worked out as they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np

from cordwainer.cluster import Cluster
from cordwainer.core import Period
from cordwainer.quoting.ground import Ground
from cordwainer.quoting.lines import Flags, numbered

_Span = tuple[date | None, date | None]
_NEVER = date.max - timedelta(days=1)


class Papers:
    """Certificates and approvals of a cluster over the periods of a plan; ``lenient`` ones hold where their end is not known."""

    def __init__(self, ground: Ground, *, lenient: bool = False) -> None:
        self._ground, self._lenient = ground, lenient
        self._firm, self._site = numbered(ground.firms), numbered(ground.sites)
        self._known: dict[tuple[str, str, str], Flags] = {}
        self._held: dict[tuple[str, str | None], list[tuple[str, _Span]]] = {}
        implies = implied(ground.cluster)
        columns = ("firm", "standard", "stage", "valid_from", "valid_to")
        for firm, standard, stage, start, end in ground.cluster["certificate"].select(columns).iter_rows():
            for covers in implies.get(standard, {standard}):
                self._held.setdefault((covers, stage), []).append((firm, (start, end)))
        self._approved: dict[tuple[str, str], list[tuple[str, _Span]]] = {}
        columns = ("buyer", "site", "stage", "valid_from", "valid_to")
        for buyer, site, stage, start, end in ground.cluster["buyer_approval"].select(columns).iter_rows():
            self._approved.setdefault((buyer, stage), []).append((site, (start, end)))

    def certified(self, standard: str, stage: str) -> Flags:
        """Return, firm x T, whether a firm holds a standard for a stage on every day of a period."""
        key = ("certificate", standard, stage)
        if key not in self._known:
            rows = [*self._held.get((standard, None), ()), *self._held.get((standard, stage), ())]
            self._known[key] = self._table(rows, self._firm)
        return self._known[key]

    def approved(self, buyer: str, stage: str) -> Flags:
        """Return, site x T, whether a buyer's approval of a site for a stage holds on every day of a period."""
        key = ("approval", buyer, stage)
        if key not in self._known:
            self._known[key] = self._table(self._approved.get((buyer, stage), []), self._site)
        return self._known[key]

    def _table(self, rows: Iterable[tuple[str, _Span]], number: dict[str, int]) -> Flags:
        spans: dict[int, list[_Span]] = {}
        for name, span in rows:
            spans.setdefault(number[name], []).append(span)
        table = np.zeros((len(number), len(self._ground.periods)), np.bool_)
        seen: dict[tuple[_Span, ...], list[bool]] = {}
        for i, each in spans.items():
            key = tuple(each)
            if key not in seen:
                seen[key] = covered(self._ground.periods, [self._ends(span) for span in each])
            table[i] = seen[key]
        return table

    def _ends(self, span: _Span) -> _Span:
        a, b = span
        return (a or date.min, b or _NEVER) if self._lenient else span


def covered(periods: Sequence[Period], spans: Sequence[_Span]) -> list[bool]:
    """Return, for each period, whether every one of its days lies in one of the spans; an open end covers nothing."""
    known = sorted((a, b) for a, b in spans if a is not None and b is not None)
    found = []
    for period in periods:
        day = period.start
        for a, b in known:
            if a <= day <= b:
                day = b + timedelta(days=1)
        found.append(day > period.end)
    return found


def implied(cluster: Cluster) -> dict[str, set[str]]:
    """Return all that each standard stands for, itself included; standards that imply nothing are left out."""
    direct: dict[str, set[str]] = {}
    for standard, other in cluster["standard_implies"].select("standard", "implied").iter_rows():
        direct.setdefault(standard, set()).add(other)
    closed: dict[str, set[str]] = {}
    for standard in direct:
        seen, todo = {standard}, [standard]
        while todo:
            for further in direct.get(todo.pop(), set()) - seen:
                seen.add(further)
                todo.append(further)
        closed[standard] = seen
    return closed
