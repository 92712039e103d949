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
    np.add.at(earned, *_lots_earned(problem, state))
    placed = state.lot_pairs.sum(axis=1)
    o, t = np.nonzero(state.out_work)
    n = state.out_work[o, t].astype(np.int64)
    np.add.at(placed, o, n)
    value = net.out_value[state.out_option[o]]
    paid = (value != 0) | problem.buyer_inside[o]
    each = n * (value // 1000) - up(n * problem.late_fen_week[o] * problem.late_days[o, t], 7)
    np.add.at(earned, o[paid], each[paid])
    for i in np.flatnonzero(problem.committed & (placed < net.pairs)).tolist():
        dropped = problem.broken_fen * (int(net.pairs[i]) - int(placed[i]))
        earned[i] -= ceil_div(dropped.numerator, dropped.denominator)
    over = np.maximum(0, frozen.load + loads(problem, rows) - problem.facts.regular)
    overtime = up(over * net.surcharge[:, None], 60_000_000)
    return Money(earned, overtime, int(earned.sum()) - int(overtime.sum()) - purchases_fen)


def _lots_earned(problem: Problem, state: State) -> tuple[Ints, Ints]:
    """Return order and revenue less transfers of every lot, in fen."""
    net = problem.net
    o, k = np.nonzero(state.lot_pairs)
    pairs, earned = state.lot_pairs[o, k], state.lot_pairs[o, k] * net.price[o]
    jobs = np.diff(net.job_ptr)[o]
    for own in range(state.lot_cand.shape[2]):
        following = np.where(own < jobs, net.job_next[np.minimum(net.job_ptr[o] + own, len(net.job_next) - 1)], -1)
        at = np.flatnonzero(following >= 0)
        if not len(at):
            continue
        lot = state.lot_cand[o[at], k[at]]
        here, there = lot[:, own], lot[np.arange(len(at)), following[at]]
        a, b = net.line_district[net.cand_line[here]], net.line_district[net.cand_line[there]]
        earned[at] -= pairs[at] * np.maximum(0, net.move_price[a, b])
        earned[at] -= carbon_fen(pairs[at] * problem.move_carbon_milli[a, b], problem.carbon_price)
    return o, earned
