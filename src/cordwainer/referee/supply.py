"""Material that can be had: stock, what is on its way, offers and what they cost (plan model, rules 7 and 8)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from cordwainer.cluster import Cluster
from cordwainer.core import ceil_div, scaled
from cordwainer.referee.clock import DAY, Clock


@dataclass(frozen=True)
class Offer:
    """A supplier's offer; quantities in 1/1000 unit, prices in 1/1000 fen per unit.

    ``usable`` gives, by period of ordering, the first period in which the material counts (None: never).
    ``limit`` gives the most by period (None: no limit); ``open`` whether the offer holds on the period's first day.
    """

    id: str
    material: str
    minimum: int
    multiple: int
    brackets: tuple[tuple[int, int], ...]
    by_part: bool
    usable: tuple[int | None, ...]
    limit: tuple[int | None, ...]
    open: tuple[bool, ...]

    def cost(self, quantity: int) -> int:
        """Return the exact cost in 1/1,000,000 fen."""
        froms = [f for f, _ in self.brackets]
        reached = bisect_right(froms, quantity) - 1
        if not self.by_part:
            return quantity * self.brackets[reached][1]
        ends = [*froms[1 : reached + 1], quantity]
        return sum((end - start) * price for (start, price), end in zip(self.brackets, ends, strict=False))

    def cost_fen(self, quantity: int) -> int:
        """Return the cost in fen, rounded up."""
        return ceil_div(self.cost(quantity), 1_000_000)

    def allows(self, quantity: int, t: int) -> bool:
        """Return whether a quantity may be ordered in a period, dates of the offer aside."""
        most = self.limit[t]
        steps, rest = divmod(quantity - self.minimum, self.multiple)
        return steps >= 0 and rest == 0 and (most is None or quantity <= most)

    def corners(self, t: int, useful: int) -> Iterator[int]:
        """Yield the allowed quantities among which the best one lies, when more than ``useful`` is worth no more."""
        most = self.limit[t]
        for k, (start, _) in enumerate(self.brackets):
            end = self.brackets[k + 1][0] - 1 if k + 1 < len(self.brackets) else None
            top = min((x for x in (end, most) if x is not None), default=None)
            low = self._at_least(max(start, 1))
            tries = [low, self._at_least(max(useful, start, 1)), self._at_most(useful)]
            if top is not None:
                tries.append(self._at_most(top))
            yield from (q for q in tries if q is not None and low <= q and (top is None or q <= top))

    def _at_least(self, quantity: int) -> int:
        return self.minimum + max(0, ceil_div(quantity - self.minimum, self.multiple)) * self.multiple

    def _at_most(self, quantity: int) -> int | None:
        if quantity < self.minimum:
            return None
        return self.minimum + (quantity - self.minimum) // self.multiple * self.multiple


def read_offers(cluster: Cluster, clock: Clock) -> dict[str, Offer]:
    """Return all offers by id."""
    brackets: dict[str, list[tuple[int, int]]] = {}
    for row in cluster["price_break"].iter_rows(named=True):
        brackets.setdefault(row["offer"], []).append((scaled(row["from_quantity"], 3), scaled(row["price"], 3)))
    found = {}
    for row in cluster["supplier_offer"].iter_rows(named=True):
        week = None if row["capacity_week"] is None else scaled(row["capacity_week"], 3)
        lead = row["lead_days"] * DAY
        found[row["offer"]] = Offer(
            id=row["offer"],
            material=row["material"],
            minimum=scaled(row["minimum"], 3),
            multiple=scaled(row["multiple"], 3),
            brackets=tuple(sorted(brackets[row["offer"]])),
            by_part=row["break_kind"] == "part",
            usable=tuple(clock.first_starting(start + lead) for start in clock.starts),
            limit=tuple(None if week is None else week * p.days // 7 for p in clock.periods),
            open=tuple(_within(start, row) for start in clock.starts),
        )
    return found


def _within(day: date, row: dict[str, Any]) -> bool:
    after: bool = row["valid_from"] is None or row["valid_from"] <= day
    return after and (row["valid_to"] is None or day <= row["valid_to"])


def read_stock(cluster: Cluster, clock: Clock) -> dict[str, list[int]]:
    """Return stock and inbound that first count in each period, in 1/1000 unit, by material."""
    found: dict[str, list[int]] = {m: [0] * len(clock) for m in cluster["material"]["material"]}
    for table in ("stock", "inbound"):
        for material, day, quantity in cluster[table].select("material", "usable_from", "quantity").iter_rows():
            t = clock.first_starting(day)
            if t is not None:
                found[material][t] += scaled(quantity, 3)
    return found
