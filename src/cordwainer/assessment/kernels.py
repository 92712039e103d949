"""The compiled part of the look-alikes: exact nearest neighbours of styles by mixed attributes."""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]
Bits = npt.NDArray[np.uint64]


@nb.njit(cache=True, nogil=True)
def ones(x: int) -> int:
    """Return how many of the 64 bits of a number are set."""
    x -= (x >> np.uint64(1)) & np.uint64(0x5555555555555555)
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@nb.njit(cache=True, nogil=True)
def outlines_apart(one: Bits, turned: Bits, two: Bits) -> float:
    """Return 1 less the share of cells that two outlines fill together among those that one of them fills, the better way round."""
    both, either, both_turned, either_turned = 0, 0, 0, 0
    for w in range(two.size):
        both += ones(one[w] & two[w])
        either += ones(one[w] | two[w])
        both_turned += ones(turned[w] & two[w])
        either_turned += ones(turned[w] | two[w])
    if either == 0 or either_turned == 0:
        return 1.0
    return 1.0 - max(both / either, both_turned / either_turned)


@nb.njit(cache=True, nogil=True)
def nearest(
    codes: Codes,
    weights: Floats,
    numbers: Floats,
    number_weights: Floats,
    outlines: Bits,
    turned: Bits,
    outline_weight: float,
    name: Codes,
    begin: int,
    end: int,
    k: int,
) -> tuple[Codes, Floats]:
    """Return the k nearest other styles of the styles from ``begin`` to ``end``, nearest first, equal ones by name.

    Styles must stand in order of their attributes: each is compared with its neighbours first and then further and further away,
    so that the nearest are known early and all others are left after one or two attributes.

    Parameters
    ----------
    codes
        Styles x categorical attributes; -1 where unknown.
    weights, number_weights
        Weight of each attribute.
    numbers
        Styles x numeric attributes over their range; nan where unknown.
    outlines, turned
        Styles x words of bits: the outline of each, and the same pointing the other way; without a bit where there is no picture.
    outline_weight
        Weight of outlines; 0: there is none.
    name
        Number by which a style is known; what is returned, and what decides between equals.

    Returns
    -------
    tuple
        Names and distances (1 - similarity), (end - begin) x k.
    """
    n, C, M = codes.shape[0], codes.shape[1], numbers.shape[1]
    whole = weights.sum() + number_weights.sum() + outline_weight
    pictured = np.zeros(n, np.bool_)
    if outline_weight > 0:
        for i in range(n):
            pictured[i] = outlines[i].any()
    found = np.full((end - begin, k), -1, np.int32)
    far = np.full((end - begin, k), 2.0)
    for i in range(begin, end):
        row, dist = found[i - begin], far[i - begin]
        for step in range(2, 2 * max(i, n - 1 - i) + 2):
            j = i + step // 2 if step % 2 == 0 else i - step // 2
            if j < 0 or j >= n:
                continue
            # Apart over all weights is the least that the distance can be: what is unknown only makes the divisor smaller.
            limit = dist[k - 1] * whole
            apart, shared = 0.0, 0.0
            for c in range(C):
                a, b = codes[i, c], codes[j, c]
                if a >= 0 and b >= 0:
                    shared += weights[c]
                    if a != b:
                        apart += weights[c]
                        if apart > limit:
                            break
            if apart > limit:
                continue
            for m in range(M):
                gap = abs(numbers[i, m] - numbers[j, m])
                if gap == gap:  # not nan
                    shared += number_weights[m]
                    apart += number_weights[m] * gap
            if pictured[i] and pictured[j]:
                if apart > limit:
                    continue
                shared += outline_weight
                apart += outline_weight * outlines_apart(outlines[i], turned[i], outlines[j])
            d = apart / shared if shared > 0 else 1.0
            mine = name[j]
            if d < dist[k - 1] or (d == dist[k - 1] and mine < row[k - 1]):
                at = k - 1
                while at > 0 and (dist[at - 1] > d or (dist[at - 1] == d and row[at - 1] > mine)):
                    dist[at], row[at] = dist[at - 1], row[at - 1]
                    at -= 1
                dist[at], row[at] = d, mine
    return found, far
