"""What an offer must buy besides what the plan buys, and what that costs to the fen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cordwainer.core import ceil_div
from cordwainer.planning import OfferPeriods, cost_fen
from cordwainer.quoting.kernels import buy_more
from cordwainer.quoting.lines import Ints
from cordwainer.quoting.live import Live

_PLENTY = 2**60


@dataclass(frozen=True)
class Shelf:
    """The purchases that can be made, as flat arrays; ``rows`` by material, brackets from ``ptr`` by row."""

    rows: tuple[Ints, ...]
    usable: Ints
    least: Ints
    step: Ints
    most: Ints
    ptr: Ints
    start: Ints
    price: Ints
    whole: Ints


def shelf_of(live: Live) -> Shelf:
    """Return the purchases of a live state that can still be made."""
    offers: OfferPeriods = live.ground.offers
    by: list[list[int]] = [[] for _ in live.ground.materials]
    for i, m in enumerate(offers.material):
        if live.open_[i]:
            by[m].append(i)
    brackets = [b for each in offers.breaks for b in each]
    return Shelf(
        rows=tuple(np.array(x, np.int64) for x in by),
        usable=offers.usable.astype(np.int64),
        least=offers.minimum,
        step=offers.multiple,
        most=np.minimum(offers.most, _PLENTY),
        ptr=np.cumsum([0, *(len(b) for b in offers.breaks)]).astype(np.int64),
        start=np.array([b[0] for b in brackets], np.int64),
        price=np.array([b[1] for b in brackets], np.int64),
        whole=offers.whole.astype(np.int64),
    )


@dataclass(frozen=True)
class Bought:
    """Purchases on top of those of the base: quantity (milli) by row of the offers, and what they add to the bill in fen."""

    more: dict[int, int]
    fen: int


def more_purchases(live: Live, shelf: Shelf, materials: Ints, need: Ints) -> Bought | None:
    """Return what must be bought for ``need`` (materials x T, micro units), None where it cannot be had in time.

    What held offers take of the common stock beyond their own purchases is left to them; nothing relies on what they buy.
    """
    more: dict[int, int] = {}
    short = -((live.slack[materials] - live.taken[materials] - np.cumsum(need, axis=1)) // 1000)
    for i in np.flatnonzero(short.max(axis=1, initial=0) > 0):
        rows = shelf.rows[materials[i]]
        extra = np.zeros(len(rows), np.int64)
        if not buy_more(
            rows,
            shelf.usable,
            shelf.least,
            shelf.step,
            shelf.most - live.held_bought,
            shelf.ptr,
            shelf.start,
            shelf.price,
            shelf.whole,
            live.bought,
            short[i],
            extra,
        ):
            return None
        more |= {int(rows[k]): int(extra[k]) for k in np.flatnonzero(extra)}
    return Bought(more, bill_of(live, more))


def bill_of(live: Live, more: dict[int, int]) -> int:
    """Return what purchases add to the bill of the base in fen, each purchase rounded up as the plan model says."""
    offers, total = live.ground.offers, 0
    for row, quantity in more.items():
        had = int(live.bought[row])
        total += cost_fen(offers, row, had + quantity) - (cost_fen(offers, row, had) if had else 0)
    return total


def value_of(live: Live, materials: Ints, need: Ints) -> int:
    """Return what a need is worth at the usual prices of its materials, in fen, rounded up."""
    price = live.unit_price[materials]
    if float((need.astype(np.float64) * price).sum()) < _PLENTY:
        return ceil_div(int((need * price).sum()), 10**9)
    return ceil_div(sum(int(n) * int(p) for n, p in zip(need.ravel(), price.ravel(), strict=True)), 10**9)
