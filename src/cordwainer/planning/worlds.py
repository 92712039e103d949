"""A plan carried out in a world that is not as planned: week by week, the same lots on the same lines, put off when it does not fit.

In each period every line takes up the work planned for it up to then, in the sequence of planned period and due date, as far as its
minutes, the pairs of the stages before and the materials that have come allow. Nothing is begun before its planned period.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from cordwainer.planning.problem import Flags, Floats, Ints, Small


class Tasks(NamedTuple):
    """Work of a plan: rows of one lot, stage and period; earlier stages first, then planned period, then due date.

    Attributes
    ----------
    step, order, line, planned, pairs, minutes
        Per row: lot-stage, order, line, period, pairs, minutes a pair (1/1000).
    last
        Whether the row is of a last stage.
    before_ptr, before, lag
        Lot-stages before each lot-stage, and the code of the lag to it (-1: none, as within one firm).
    need_ptr, material, need
        Materials of each lot-stage, micro units a pair.
    guess
        Number by which rows share the error of their minutes (one order and stage).
    """

    step: Ints
    order: Ints
    line: Ints
    planned: Ints
    pairs: Ints
    minutes: Floats
    last: Flags
    before_ptr: Ints
    before: Ints
    lag: Ints
    need_ptr: Ints
    material: Ints
    need: Floats
    guess: Ints


@nb.njit(cache=True, nogil=True)
def carry_out(
    tasks: Tasks, steps: int, factor: Floats, room: Floats, arriving: Floats, reach: Small, done: Small
) -> None:
    """Carry out the work of a plan in one world.

    Parameters
    ----------
    factor
        True minutes over planned minutes, by ``guess``.
    room
        Minutes of lines that are there, L x periods (1/1000); more periods than the plan has, for what is put off.
    arriving
        Materials that come in each period, M x periods, micro units.
    reach
        Last period whose work has arrived at the start of a period, by lag code x periods.
    done
        Filled in: pairs of each row that are made in each period, rows x periods.
    """
    T = room.shape[1]
    made = np.zeros((steps, T + 1), np.int64)
    left = tasks.pairs.copy()
    stock = np.zeros(arriving.shape[0])
    for t in range(T):
        stock += arriving[:, t]
        if t > 0:
            made[:, t] = made[:, t - 1]
        free = room[:, t].copy()
        for i in range(len(left)):
            if left[i] == 0 or tasks.planned[i] > t:
                continue
            s = tasks.step[i]
            n = left[i]
            for b in range(tasks.before_ptr[s], tasks.before_ptr[s + 1]):
                u = t if tasks.lag[b] < 0 else reach[tasks.lag[b], t]
                there = made[tasks.before[b], u] if u >= 0 else 0
                n = min(n, there - made[s, t])
            minutes = tasks.minutes[i] * factor[tasks.guess[i]]
            if n * minutes > free[tasks.line[i]]:
                n = np.int64(free[tasks.line[i]] / minutes)
            for k in range(tasks.need_ptr[s], tasks.need_ptr[s + 1]):
                if n * tasks.need[k] > stock[tasks.material[k]] + 0.5:
                    n = np.int64((stock[tasks.material[k]] + 0.5) / tasks.need[k])
            if n <= 0:
                continue
            left[i] -= n
            made[s, t] += n
            done[i, t] += n
            free[tasks.line[i]] -= n * minutes
            for k in range(tasks.need_ptr[s], tasks.need_ptr[s + 1]):
                stock[tasks.material[k]] -= n * tasks.need[k]


@nb.njit(cache=True, nogil=True)
def latest(tasks: Tasks, done: Small, orders: int) -> Ints:
    """Return the period in which the last pair of each order is made; the number of periods where some never is, -1 without work."""
    T = done.shape[1]
    found = np.full(orders, -1, np.int64)
    for i in range(len(tasks.pairs)):
        if not tasks.last[i]:
            continue
        o, total = tasks.order[i], np.int64(0)
        for t in range(T):
            if done[i, t] > 0:
                total += done[i, t]
                found[o] = max(found[o], t)
        if total < tasks.pairs[i]:
            found[o] = T
    return found
