"""What a plan earns: the cells of docs/concepts/plan-model.md, section 6, in fen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cordwainer.core import ceil_div
from cordwainer.planning.bound import up
from cordwainer.planning.carbon import carbon_fen
from cordwainer.planning.problem import Ints, Problem, Rows, Small
from cordwainer.planning.rows import loads
from cordwainer.planning.state import State


@dataclass(frozen=True)
class Money:
    """Money in fen: what each order earns by itself (O), overtime by line and period, and the sum with purchases."""

    orders: Ints
    overtime: Ints
    contribution: int


def row_costs(problem: Problem, rows: Rows) -> Ints:
    """Return labour, piece price, carbon and lateness of each row of work, in fen."""
    net = problem.net
    cells = up(rows.pairs * rows.minutes * net.ask[rows.line], 60_000_000)
    cells += rows.piece * rows.pairs
    cells += carbon_fen(rows.pairs * rows.carbon, problem.carbon_price)
    days = problem.late_days[rows.order, rows.period].astype(np.int64)
    late = up(rows.pairs * problem.late_fen_week[rows.order] * days, 7)
    cells += np.where(net.job_next[rows.job] < 0, late, 0)
    return cells


def lot_earnings(problem: Problem, o: int, pairs: int, lines: Ints | Small) -> int:
    """Return revenue less transfers of a lot in fen; ``lines`` are its lines, stages in routing order."""
    net, j0 = problem.net, int(problem.net.job_ptr[o])
    where = net.line_district[lines]
    earned = pairs * int(net.price[o])
    for own, following in enumerate(net.job_next[j0 : j0 + len(lines)].tolist()):
        if following >= 0:
            a, b = int(where[own]), int(where[following])
            earned -= pairs * max(0, int(net.move_price[a, b]))
            carbon = np.array([pairs * int(problem.move_carbon_milli[a, b])], np.int64)
            earned -= int(carbon_fen(carbon, problem.carbon_price)[0])
    return earned


def money(problem: Problem, state: State, rows: Rows, purchases_fen: int) -> Money:
    """Return contribution by order and in all, frozen lots included; ``rows`` are the work that is not frozen."""
    net, frozen = problem.net, problem.frozen
    earned = frozen.earned.copy()
    np.subtract.at(earned, rows.order, row_costs(problem, rows))
    for o in range(len(net.pairs)):
        j0, j1 = net.job_ptr[o], net.job_ptr[o + 1]
        placed = 0
        for k in range(state.lots[o]):
            pairs = int(state.lot_pairs[o, k])
            placed += pairs
            earned[o] += lot_earnings(problem, o, pairs, net.cand_line[state.lot_cand[o, k, : j1 - j0]])
        option = int(state.out_option[o])
        if option >= 0:
            value = int(net.out_value[option])
            for t in np.flatnonzero(state.out_work[o]):
                n = int(state.out_work[o, t])
                placed += n
                if value != 0 or problem.buyer_inside[o]:
                    earned[o] += n * (value // 1000)
                    earned[o] -= ceil_div(n * int(problem.late_fen_week[o]) * int(problem.late_days[o, t]), 7)
        if problem.committed[o]:
            dropped = problem.broken_fen * (int(net.pairs[o]) - placed)
            earned[o] -= ceil_div(dropped.numerator, dropped.denominator)
    over = np.maximum(0, frozen.load + loads(problem, rows) - problem.facts.regular)
    overtime = up(over * net.surcharge[:, None], 60_000_000)
    return Money(earned, overtime, int(earned.sum()) - int(overtime.sum()) - purchases_fen)
