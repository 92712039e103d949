"""What the desk answers: offers or what stands in the way; an offer accepted, or why not."""

from __future__ import annotations

from dataclasses import dataclass

from cordwainer.core import Verdict
from cordwainer.quoting.book import Entry
from cordwainer.quoting.nearest import Nearest
from cordwainer.quoting.request import Request


@dataclass(frozen=True)
class Answer:
    """What a request was answered: offers, or what stands in the way and the nearest thing that would fit."""

    request: Request
    entries: tuple[Entry, ...]
    nearest: Nearest | None

    @property
    def verdict(self) -> Verdict:
        """Whether it can be made: unknown where price or permits rest on what is not known, or papers have no end."""
        if self.entries:
            return Verdict.PASS if any(not e.offer.rests_on for e in self.entries) else Verdict.UNKNOWN
        return Verdict.UNKNOWN if self.nearest is not None and self.nearest.unknown else Verdict.FAIL


@dataclass(frozen=True)
class Accepted:
    """An offer as it was accepted, or why not, with a fresh answer to the same request."""

    entry: Entry
    fresh: Answer | None

    @property
    def done(self) -> bool:
        """Whether it was accepted."""
        return self.entry.status == "accepted"
