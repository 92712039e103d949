"""What stands on a paper, in both languages: the one source of its page and of its PDF."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cordwainer.core import Language, Text
from cordwainer.exchange.papers.square import square_svg
from cordwainer.exchange.papers.typesetter import typeset
from cordwainer.exchange.report import View
from cordwainer.exchange.report.view import written


@dataclass(frozen=True)
class Party:
    """A firm on a paper: as what it stands there, its name and id."""

    role: Text
    name: Text
    firm: str


@dataclass(frozen=True)
class PaperTable:
    """A table on a paper; ``totals`` holds, by column, what stands in the row below."""

    view: View
    totals: Mapping[str, object] = field(default_factory=dict)

    def heads(self, language: Language) -> list[dict[str, Any]]:
        """Return label of each column, whether it holds numbers, and whether it takes the room that is left."""
        return [
            {"label": c.label.in_(language), "number": c.is_number, "wide": c.kind in ("both", "text")}
            for c in self.view.columns
        ]

    def rows(self, language: Language) -> list[tuple[str, ...]]:
        """Return the cells as they are written."""
        return list(self.view.cells(language))

    def foot(self, language: Language) -> list[str]:
        """Return the row of totals; empty where there is none."""
        if not self.totals:
            return []
        total = Text("Total", "合计").in_(language)
        found = [
            written(self.totals[c.name], c.kind, language) if c.name in self.totals else "" for c in self.view.columns
        ]
        return [found[0] or total, *found[1:]]


@dataclass(frozen=True)
class Paper:
    """A paper: kind (name of its template), title and number, its day, the firms on it, facts, tables, notes and who signs.

    ``address`` is where its page stands; empty where it has none, then the paper bears no square code.
    """

    kind: str
    title: Text
    number: str
    day: date | None
    parties: tuple[Party, ...]
    facts: tuple[tuple[Text, Text], ...]
    tables: tuple[PaperTable, ...]
    sums: tuple[tuple[Text, Text], ...] = ()
    notes: tuple[Text, ...] = ()
    signs: tuple[Text, ...] = ()
    address: str = ""

    @property
    def square(self) -> str:
        """The square code as SVG; empty where there is none."""
        return square_svg(self.address) if self.address else ""

    def told(self, language: Language) -> dict[str, Any]:
        """Return all that stands on the paper in a language, as plain values."""
        return {
            "language": language,
            "title": self.title.in_(language),
            "number": self.number,
            "day": self.day.isoformat() if self.day else "",
            "parties": [
                {"role": p.role.in_(language), "name": p.name.in_(language), "firm": p.firm} for p in self.parties
            ],
            "facts": [[a.in_(language), b.in_(language)] for a, b in self.facts],
            "tables": [
                {
                    "title": t.view.title.in_(language),
                    "heads": t.heads(language),
                    "rows": t.rows(language),
                    "foot": t.foot(language),
                }
                for t in self.tables
            ],
            "sums": [[a.in_(language), b.in_(language)] for a, b in self.sums],
            "notes": [n.in_(language) for n in self.notes],
            "signs": [s.in_(language) for s in self.signs],
            "square": self.square,
            "address": self.address,
        }

    def pdf(self, language: Language) -> bytes:
        """Return the paper as PDF."""
        return typeset(self.kind, self.told(language), self.day)
