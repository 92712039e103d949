"""Who may make what, and when: tier, kind, named and barred makers, approvals, certificates (plan model, rule 4)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cordwainer.referee.facts import Facts
from cordwainer.referee.orders import Order

Span = tuple[date, date]
Days = tuple[bool, ...]


class Eligibility:
    """Permissions, remembered as one truth value for each period.

    Parameters
    ----------
    facts
        Facts of the cluster.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.implies: dict[str, set[str]] = {}
        for standard, implied in facts.cluster["standard_implies"].select("standard", "implied").iter_rows():
            self.implies.setdefault(standard, set()).add(implied)
        self.held: dict[tuple[str, str], list[tuple[str | None, Span]]] = {}
        for r in facts.cluster["certificate"].iter_rows(named=True):
            if r["valid_from"] is not None and r["valid_to"] is not None:
                for standard in self.all_implied(r["standard"]):
                    spans = self.held.setdefault((r["firm"], standard), [])
                    spans.append((r["stage"], (r["valid_from"], r["valid_to"])))
        self.approved: dict[tuple[str, str, str], list[Span]] = {}
        for r in facts.cluster["buyer_approval"].iter_rows(named=True):
            if r["valid_to"] is not None:
                key = (r["buyer"], r["site"], r["stage"])
                self.approved.setdefault(key, []).append((r["valid_from"], r["valid_to"]))
        self._certified: dict[tuple[str, str, str], Days] = {}
        self._approved: dict[tuple[str, str, str], Days] = {}
        self._never: Days = (False,) * len(facts.clock)

    def all_implied(self, standard: str) -> set[str]:
        """Return a standard and all that it implies, directly or through others."""
        found, open_ = {standard}, [standard]
        while open_:
            for other in self.implies.get(open_.pop(), set()) - found:
                found.add(other)
                open_.append(other)
        return found

    def _covered(self, spans: Iterable[Span]) -> Days:
        """Return, for each period, whether every one of its days lies in one of the spans."""
        known = list(spans)
        return tuple(
            all(any(start <= d <= end for start, end in known) for d in dates) for dates in self.facts.clock.dates
        )

    def certified(self, firm: str, standard: str, stage: str) -> Days:
        """Return in which periods a firm holds a standard for a stage on every day."""
        held = self.held.get((firm, standard))
        if held is None:
            return self._never
        key = (firm, standard, stage)
        if key not in self._certified:
            self._certified[key] = self._covered(span for of, span in held if of in (None, stage))
        return self._certified[key]

    def approval(self, buyer: str, site: str, stage: str) -> Days:
        """Return in which periods a buyer approves a site for a stage on every day."""
        key = (buyer, site, stage)
        spans = self.approved.get(key)
        if spans is None:
            return self._never
        if key not in self._approved:
            self._approved[key] = self._covered(spans)
        return self._approved[key]

    def wanted(self, order: Order, stage: str, firm: str) -> bool:
        """Return whether a firm is not barred and, for the last stage, among the named ones."""
        last = stage == order.style.last_stage
        return firm not in order.barred and not (last and order.named and firm not in order.named)
