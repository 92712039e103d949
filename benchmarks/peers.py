"""How a plan goes into the whole model and comes out of it, and the model in floating point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.whole_model import FREE, SCALE, Whole
from cordwainer.planning.problem import Floats, Ints, Problem
from cordwainer.planning.state import State, new_state
from cordwainer.solvers import LinearModel

FEN = SCALE * 1000
"""Units of the model's objective to a fen."""
YUAN = 100 * FEN


@dataclass(frozen=True)
class Found:
    """What a peer found: values of the columns (None: no plan), and what it says no plan exceeds, in units of the objective."""

    values: Ints | None
    bound: float | None


@dataclass(frozen=True)
class Start:
    """Values of some columns, as a plan has them."""

    columns: Ints
    values: Ints


def linear(whole: Whole) -> tuple[LinearModel, Floats]:
    """Return the model in floating point, each row divided by its largest entry, money in yuan; and the unit of each column."""
    b = whole.built
    unit = np.concatenate(b.units).astype(np.float64)
    row, column, value = (np.concatenate(part) for part in zip(*b.entries, strict=True))
    rank = np.lexsort((row, column))
    row, column, value = row[rank], column[rank], value[rank] * unit[column[rank]]
    largest = np.ones(b.rows)
    np.maximum.at(largest, row, np.abs(value))
    lower, upper = (np.concatenate(x).astype(np.float64) for x in (b.row_lower, b.row_upper))
    lower[lower <= -FREE], upper[upper >= FREE] = -np.inf, np.inf
    model = LinearModel(
        costs=np.concatenate(b.costs) * unit / YUAN,
        column_lower=np.zeros(b.columns),
        column_upper=np.concatenate(b.upper) / unit,
        row_lower=lower / largest,
        row_upper=upper / largest,
        starts=np.searchsorted(column, np.arange(b.columns + 1)).astype(np.int32),
        indices=row.astype(np.int32),
        values=value / largest[row],
        integral=unit == 1,
        maximise=True,
        offset=whole.constant / YUAN,
    )
    return model, unit


def into(whole: Whole, problem: Problem, state: State) -> Start:
    """Return the values of the columns that say what a plan decides: orders, lots, lines, work, outside pairs."""
    net, columns, values = problem.net, list[Any](), list[Any]()

    def set_(column: npt.NDArray[np.int64] | int, value: npt.NDArray[Any] | int) -> None:
        c, v = np.broadcast_arrays(column, value)
        columns.append(np.atleast_1d(c).ravel())
        values.append(np.atleast_1d(v).ravel())

    for o in np.flatnonzero(whole.made >= 0).tolist():
        made = state.lots[o] > 0 or state.out_option[o] >= 0
        set_(int(whole.made[o]), int(made))
        rank = np.argsort(-state.lot_pairs[o, : state.lots[o]], kind="stable").tolist()
        for i, lot in enumerate(whole.lots[o]):
            k = rank[i] if i < len(rank) else -1
            set_(lot.used, int(k >= 0))
            set_(lot.pairs, int(state.lot_pairs[o, k]) if k >= 0 else 0)
            for own, (lines, works) in enumerate(zip(lot.lines, lot.work, strict=True)):
                first = net.cand_ptr[net.job_list[net.job_ptr[o] + own]]
                at = int(state.lot_cand[o, k, own] - first) if k >= 0 else -1
                set_(lines, (np.arange(len(lines)) == at).astype(np.int64))
                done = np.zeros(works.shape, np.int64)
                if at >= 0:
                    done[at] = state.work[o, k, own]
                set_(works[works >= 0], done[works >= 0])
        for i, away in enumerate(whole.away[o]):
            mine = state.out_option[o] == net.out_ptr[o] + i
            set_(away.chosen, int(mine))
            set_(away.pairs[away.pairs >= 0], (state.out_work[o] if mine else 0 * state.out_work[o])[away.pairs >= 0])
    return Start(np.concatenate(columns), np.concatenate(values))


def out_of(whole: Whole, problem: Problem, values: Ints, unit_price: Ints) -> State:
    """Return the plan that values of the columns say; lots of an order with the same lines become one."""
    net = problem.net
    state = new_state(net, problem.most_lots, unit_price)
    for o in np.flatnonzero(whole.made >= 0).tolist():
        places: dict[tuple[int, ...], int] = {}
        for lot in whole.lots[o]:
            if values[lot.pairs] <= 0:
                continue
            firsts = net.cand_ptr[net.job_list[net.job_ptr[o] : net.job_ptr[o + 1]]].tolist()
            at = [int(np.argmax(values[lines])) for lines in lot.lines]
            cands = tuple(f + i for f, i in zip(firsts, at, strict=True))
            k = places.setdefault(cands, len(places))
            state.lot_cand[o, k, : len(cands)] = cands
            state.lot_pairs[o, k] += values[lot.pairs]
            for own, (i, works) in enumerate(zip(at, lot.work, strict=True)):
                state.work[o, k, own] += np.where(works[i] >= 0, values[works[i]], 0).astype(np.int32)
        state.lots[o] = len(places)
        for i, away in enumerate(whole.away[o]):
            if values[away.chosen] > 0 and values[away.pairs[away.pairs >= 0]].sum() > 0:
                state.out_option[o] = net.out_ptr[o] + i
                state.out_work[o] = np.where(away.pairs >= 0, values[away.pairs], 0)
    return state
