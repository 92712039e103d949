"""The cheapest purchases of one material that cover its need in time, by dynamic programming over what has been bought so far.

Quantities are whole units of the greatest common divisor of all minima and multiples. With f[s] the least cost of having bought s
units, capped at all that is ever needed, the purchases are gone through in the order in which their goods can be used:

    f'[s] = least of f[s] and, over the allowed quantities q of the purchase, f[s - q] + cost(q)

and once all that can be used before a period have had their turn, states below the need of before that period are struck out. The
cost is linear in each bracket, so the least over q is that of a window that slides over s. What this leaves open is the rounding
of each purchase to whole fen. Where there are too many states, quantities go in larger steps: then nothing is proven.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import gcd, lcm

import numba as nb
import numpy as np

from cordwainer.core import ceil_div
from cordwainer.planning.bound import allowed, cost_milli
from cordwainer.planning.limits import PLENTY, OfferPeriods
from cordwainer.planning.problem import Ints, Small

NEVER = 2**62


@dataclass(frozen=True)
class Piece:
    """Allowed quantities of a purchase in one bracket: ``low`` + k x ``step``, k up to ``steps``, in milli units.

    ``cost`` is that of the lowest, ``more`` that of a step (milli unit x 1/1000 fen per unit).
    """

    low: int
    step: int
    steps: int
    cost: int
    more: int


def cheapest(offers: OfferPeriods, rows: list[int], short: Ints, cells: int) -> tuple[dict[int, int], bool] | None:
    """Return the quantity (milli units) of each purchase, and whether it is proven that no others cost less before rounding.

    Parameters
    ----------
    rows
        Rows of ``offers`` that bring the material.
    short
        What must have been bought by each period, T, milli units; may fall.
    cells
        Most states times brackets; where there would be more, quantities go in larger steps.

    Returns
    -------
    tuple or None
        None where the numbers do not fit 64 bits, or no purchases cover the need.
    """
    kept = _worth_a_look(offers, rows)
    top = int(short.max())
    dearest = max((price for i in kept for _, price in offers.breaks[i]), default=0)
    if not kept or 4 * (top + sum(int(offers.minimum[i] + offers.multiple[i]) for i in kept)) * dearest >= NEVER:
        return None
    fine = gcd(*(int(x) for i in kept for x in (offers.minimum[i], offers.multiple[i])))
    brackets = sum(len(offers.breaks[i]) for i in kept)
    coarse = ceil_div(brackets * ceil_div(top, fine), cells)
    unit = fine if coarse == 1 else _round_unit(offers, kept, fine, fine * coarse)
    pieces = [_pieces(offers, i, top, unit) for i in kept]
    due = _due(offers, kept, short, unit)
    ptr = np.cumsum([0, *map(len, pieces)]).astype(np.int64)
    flat = np.array(
        [(p.low // unit, p.step // unit, p.steps, p.cost, p.more) for each in pieces for p in each], np.int64
    ).reshape(-1, 5)
    chosen, source = np.zeros((len(kept), int(due[-1]) + 1), np.int32), np.zeros(len(kept), np.int64)
    if not _fill(ptr, flat, due, chosen, source):
        return None
    return _walk_back(kept, pieces, unit, chosen, source), unit == fine


def _round_unit(offers: OfferPeriods, kept: list[int], fine: int, least: int) -> int:
    """Return a unit of at least ``least`` in which minima and capacities are whole where they are round numbers.

    What is bought is counted in whole units, the rest of a purchase is lost: at full capacity that could make need unmet.
    """
    marks = [int(offers.minimum[i]) for i in kept] + [int(offers.most[i]) for i in kept if offers.most[i] < PLENTY]
    natural = gcd(*marks) or fine
    if natural < least:
        return natural * ceil_div(least, natural)
    parts = natural // least
    cuts = (k for k in range(parts, max(0, parts - 1000), -1) if natural % k == 0 and natural // k % fine == 0)
    return next((natural // k for k in cuts), least)


def _worth_a_look(offers: OfferPeriods, rows: list[int]) -> list[int]:
    """Return rows in the order of use; of an offer without limit one purchase does what several would, at no more cost.

    That holds where two allowed quantities add up to one, and more never costs more a unit.
    """
    kept: list[int] = []
    seen: set[str] = set()
    for i in sorted(rows, key=lambda i: (int(offers.usable[i]), i)):
        prices = [price for _, price in offers.breaks[i]]
        falling = all(a >= b for a, b in pairwise(prices))
        alone = offers.most[i] >= PLENTY and falling and offers.minimum[i] % offers.multiple[i] == 0
        if not (alone and offers.offer[i] in seen):
            kept.append(i)
        if alone:
            seen.add(offers.offer[i])
    return kept


def _pieces(offers: OfferPeriods, i: int, top: int, unit: int) -> list[Piece]:
    """Return the quantities of a purchase up to the first that covers all, bracket by bracket; the last of each is among them."""
    found, breaks = [], offers.breaks[i]
    step = lcm(int(offers.multiple[i]), unit)
    for k, (start, price) in enumerate(breaks):
        low = allowed(offers, i, max(start, 1), above=True)
        end = breaks[k + 1][0] - 1 if k + 1 < len(breaks) else None
        if low is None or (end is not None and low > end):
            continue
        enough = allowed(offers, i, max(top, low), above=True) or int(offers.most[i])
        high = allowed(offers, i, enough if end is None else min(end, enough), above=False)
        if high is None:
            continue
        steps = (high - low) // step
        found.append(Piece(low, step, steps, cost_milli(offers, i, low), price * step))
        if low + steps * step < high:
            found.append(Piece(high, step, 0, cost_milli(offers, i, high), 0))
    return found


def _due(offers: OfferPeriods, kept: list[int], short: Ints, unit: int) -> Ints:
    """Return the units that must have been bought once a row (and all before it) had its turn."""
    until = [int(offers.usable[i]) for i in kept[1:]] + [len(short)]
    most = np.maximum.accumulate(np.maximum(short, 0))
    return np.array([ceil_div(int(most[t - 1]) if t else 0, unit) for t in until], np.int64)


@nb.njit(cache=True, nogil=True)
def _fill(ptr: Ints, pieces: Ints, due: Ints, chosen: Small, source: Ints) -> bool:
    """Fill ``chosen`` (row x units: 1 + steps x pieces of the row + piece, 0: nothing) and ``source``; return whether all is covered.

    ``pieces`` are low, step, steps, cost, more with low and step in units. The last state stands for all that covers everything;
    ``source`` is the state from which a row reaches it.
    """
    rows, cap = len(due), due[-1]
    value, old = np.full(cap + 1, NEVER), np.full(cap + 1, NEVER)
    value[0] = 0
    queue = np.zeros(cap + 2, np.int64)
    for row in range(rows):
        old[:] = value
        count = ptr[row + 1] - ptr[row]
        for k in range(count):
            low, step, steps, cost, more = pieces[ptr[row] + k]
            for residue in range(min(step, max(0, cap - low))):
                head, tail, x, at = 0, 0, 0, residue
                while at + low < cap:
                    if old[at] < NEVER:
                        while (
                            tail > head
                            and old[at] - x * more <= old[residue + queue[tail - 1] * step] - queue[tail - 1] * more
                        ):
                            tail -= 1
                        queue[tail] = x
                        tail += 1
                    while tail > head and queue[head] < x - steps:
                        head += 1
                    if tail > head:
                        total = old[residue + queue[head] * step] + cost + (x - queue[head]) * more
                        if total < value[at + low]:
                            value[at + low] = total
                            chosen[row, at + low] = 1 + (x - queue[head]) * count + k
                    x += 1
                    at += step
            for at in range(cap):
                take = max(0, -((low + at - cap) // step))
                if old[at] < NEVER and take <= steps and old[at] + cost + take * more < value[cap]:
                    value[cap] = old[at] + cost + take * more
                    chosen[row, cap] = 1 + take * count + k
                    source[row] = at
        value[: due[row]] = NEVER
    return bool(value[cap] < NEVER)


def _walk_back(kept: list[int], pieces: list[list[Piece]], unit: int, chosen: Small, source: Ints) -> dict[int, int]:
    """Return the quantities that lead to the last state."""
    quantity: dict[int, int] = {}
    last = state = chosen.shape[1] - 1
    for row in range(len(kept) - 1, -1, -1):
        code = int(chosen[row, state])
        if code:
            steps, k = divmod(code - 1, len(pieces[row]))
            piece = pieces[row][k]
            quantity[kept[row]] = piece.low + steps * piece.step
            state = int(source[row]) if state == last else state - quantity[kept[row]] // unit
    return quantity
