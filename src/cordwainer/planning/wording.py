"""Words of explanations: money, hours, days and lists in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cordwainer.core import Period, Text


@dataclass(frozen=True)
class Explanation:
    """Why something is as it is: one sentence or two, the limits behind it with their prices, and what would change it."""

    why: Text
    limits: tuple[Text, ...] = ()
    remedy: Text | None = None

    @property
    def summary(self) -> Text:
        """The whole as running text."""
        dearest = [Text(f"Scarcest: {x.en}.", f"最紧缺：{x.zh}。") for x in self.limits[:1]]
        return joined([self.why, *dearest, *([self.remedy] if self.remedy else [])])

    def after(self, head: Text) -> Explanation:
        """Return the explanation with a sentence before it."""
        return Explanation(joined([head, self.why]), self.limits, self.remedy)


def joined(sentences: Sequence[Text]) -> Text:
    """Return sentences as running text."""
    return Text(" ".join(s.en for s in sentences), "".join(s.zh for s in sentences))


def listed(parts: Sequence[Text], most: int = 3) -> Text:
    """Return a list in words, at most so many of it."""
    shown, more = parts[:most], len(parts) - most
    if more > 0:
        return Text(
            ", ".join(p.en for p in shown) + f" and {more:,} more",
            "、".join(p.zh for p in shown) + f"等共 {len(parts):,} 项",
        )
    en = [p.en for p in shown]
    return Text(
        " and ".join([", ".join(en[:-1]), en[-1]]) if len(en) > 1 else "".join(en), "、".join(p.zh for p in shown)
    )


def yuan(mfen: int) -> str:
    """Return 1/1000 fen in yuan."""
    return f"{mfen / 100_000:,.2f}"


def hours(mmin: int) -> str:
    """Return 1/1000 minutes in hours; what is more than nothing is never shown as nothing."""
    return f"{max(0.1, mmin / 60_000) if mmin > 0 else 0:,.1f}"


def span(periods: Sequence[Period], first: int, last: int) -> Text:
    """Return the days of a run of periods."""
    a, b = periods[first].start, periods[last].end
    return Text(f"from {a} to {b}", f"{a} 至 {b}")
