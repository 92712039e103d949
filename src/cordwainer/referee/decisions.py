"""The decisions of a plan, and the frozen lots of its cluster, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate

import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.referee.clock import Clock


@dataclass(frozen=True)
class Lot:
    """A lot: its line by stage, and its pairs by stage and period."""

    id: str
    order: str
    pairs: int
    lines: dict[str, str] = field(default_factory=dict)
    work: dict[str, dict[int, int]] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[str, int, int]]:
        """Yield stage, period and pairs of its work."""
        for stage, by_period in self.work.items():
            for t, pairs in by_period.items():
                yield stage, t, pairs

    def done(self, stage: str, periods: int) -> list[int]:
        """Return pairs worked up to and with each period."""
        pairs = [0] * periods
        for t, n in self.work.get(stage, {}).items():
            if 0 <= t < periods:
                pairs[t] = n
        return list(accumulate(pairs))


@dataclass(frozen=True)
class Decisions:
    """What a plan decides, with its prices.

    ``purchases`` maps (offer, period) to 1/1000 unit; ``outside`` is (order, maker, period, pairs);
    ``prices`` maps kind, then (id, period) to 1/1000 fen.
    """

    lots: dict[str, Lot]
    purchases: dict[tuple[str, int], int]
    outside: list[tuple[str, str, int, int]]
    outcomes: dict[str, str]
    prices: dict[str, dict[tuple[str, int], int]]
    frozen: dict[str, Lot]
    outside_of: dict[str, int] = field(default_factory=dict)
    outside_periods: dict[str, set[int]] = field(default_factory=dict)
    lots_of: dict[str, list[Lot]] = field(default_factory=dict)
    frozen_pairs: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for order, _, t, pairs in self.outside:
            self.outside_periods.setdefault(order, set()).add(t)
            self.outside_of[order] = self.outside_of.get(order, 0) + pairs
        for lot in self.lots.values():
            self.lots_of.setdefault(lot.order, []).append(lot)
        for lot in self.frozen.values():
            self.frozen_pairs[lot.order] = self.frozen_pairs.get(lot.order, 0) + lot.pairs

    @property
    def free(self) -> list[Lot]:
        """Lots that are not frozen."""
        return [lot for lot in self.lots.values() if lot.id not in self.frozen]

    def in_lots(self, order: str) -> int:
        """Return pairs of an order in lots."""
        return sum(lot.pairs for lot in self.lots_of.get(order, ()))

    def price(self, kind: str, of: str, t: int) -> int:
        """Return a price; a missing row is 0."""
        return self.prices.get(kind, {}).get((of, t), 0)


def read_decisions(cluster: Cluster, plan: Plan, clock: Clock) -> Decisions:
    """Return the decisions of a plan, with the frozen lots of its cluster."""
    prices: dict[str, dict[tuple[str, int], int]] = {}
    for kind, of, t, mfen in plan["price"].select("kind", "id", "period", "mfen").iter_rows():
        prices.setdefault(kind, {})[of, t] = mfen
    purchase, outside = plan["purchase"], plan["outside_order"]
    return Decisions(
        lots=_lots(plan["lot"], plan["lot_line"], plan["work"].select("lot", "stage", "period", "pairs").iter_rows()),
        purchases={(o, t): q for o, t, q in purchase.select("offer", "period", "quantity_milli").iter_rows()},
        outside=list(outside.select("order", "maker", "period", "pairs").sort("order", "maker", "period").iter_rows()),
        outcomes=dict(plan["outcome"].select("order", "outcome").iter_rows()),
        prices=prices,
        frozen=frozen_lots(cluster, clock, plan.head["freeze_date"]),
    )


def _lots(lots: pl.DataFrame, lines: pl.DataFrame, work: Iterable[tuple[str, str, int | None, int]]) -> dict[str, Lot]:
    """Return lots by id; work of no period is left out, work of the same period added up."""
    found = {lot: Lot(lot, order, pairs) for lot, order, pairs in lots.select("lot", "order", "pairs").iter_rows()}
    for lot, stage, line in lines.select("lot", "stage", "line").iter_rows():
        if lot in found:
            found[lot].lines[stage] = line
    for lot, stage, t, pairs in work:
        if lot in found and t is not None:
            by_period = found[lot].work.setdefault(stage, {})
            by_period[t] = by_period.get(t, 0) + pairs
    return found


def frozen_lots(cluster: Cluster, clock: Clock, freeze: date | None) -> dict[str, Lot]:
    """Return the promised lots that stand in every plan, with their work in the periods of the clock."""
    promise, work = cluster["promise"], cluster["promise_work"]
    begun = work.filter(pl.col("start_date") < freeze)["lot"] if freeze is not None else work["lot"].clear()
    stands = promise.filter(
        (pl.col("status") == "accepted") | ((pl.col("status") == "offered") & pl.col("lot").is_in(begun.implode()))
    )
    rows = (
        (lot, stage, clock.holding(day), pairs)
        for lot, stage, day, pairs in work.select("lot", "stage", "start_date", "pairs").iter_rows()
    )
    return _lots(stands, cluster["promise_line"], rows)
