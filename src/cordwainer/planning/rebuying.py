"""Purchases of a plan, where those of materials whose need has not changed are the same as the last time."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cordwainer.planning.buying import bill, buy_one
from cordwainer.planning.limits import OfferPeriods
from cordwainer.planning.problem import Ints


@dataclass(frozen=True)
class Bought:
    """Purchases: quantity (milli units) by row of the offers, and by material what was bought for which need.

    ``offers`` are those that it was bought from.
    """

    quantity: dict[int, int] = field(default_factory=dict)
    offers: OfferPeriods | None = None
    of: dict[int, tuple[bytes, dict[int, int]]] = field(default_factory=dict)

    def bill(self, offers: OfferPeriods) -> int:
        """Return what all purchases cost, fen."""
        return bill(offers, self.quantity)


def buy_again(known: Bought, offers: OfferPeriods, arriving: Ints, need: Ints) -> Bought:
    """Return the cheapest purchases for a need (as `buying.buy`), of which those that are known are not sought again."""
    by_material: dict[int, list[int]] = {}
    for i, m in enumerate(offers.material.tolist()):
        by_material.setdefault(m, []).append(i)
    short = -((-np.cumsum(need, axis=1)) // 1000) - np.cumsum(arriving, axis=1)
    same = known.offers is offers
    of: dict[int, tuple[bytes, dict[int, int]]] = {}
    quantity: dict[int, int] = {}
    for m in np.flatnonzero((short > 0).any(axis=1)).tolist():
        row = np.maximum(short[m], 0).tobytes()
        before = known.of.get(m) if same else None
        found = (
            before[1] if before is not None and before[0] == row else buy_one(offers, by_material.get(m, []), short[m])
        )
        of[m] = (row, found)
        quantity |= found
    return Bought(quantity, offers, of)
