"""The linear relaxation of a whole problem solved to the end: paths are added over all lines until none would earn more.

Descent comes near the lowest bound fast and then stays some tenths of a per cent above it; this goes on to the end, and takes minutes
where there are thousands of orders. Material counts at what one more unit of it costs, so that the model is linear.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text, UserError
from cordwainer.planning.build import build
from cordwainer.planning.limits import offer_periods, stock_by_period
from cordwainer.planning.master import Master
from cordwainer.planning.memo import Memo
from cordwainer.planning.prices import between
from cordwainer.planning.pricing import Prices, scratch
from cordwainer.planning.problem import Ints, Problem, Small, index_of
from cordwainer.planning.standing import plan_prices
from cordwainer.planning.warm import WarmPricer
from cordwainer.solvers import Start

MOST_ROUNDS = 80
WHOLE = 1e-6
SECONDS = 3600.0
YUAN_IN_MFEN = 100_000


@dataclass(frozen=True)
class Routes:
    """Paths in terms of the cluster: order, lines and periods by stage (-1 beyond the last); they outlive a change of the tables."""

    order: Ints
    line: Ints
    period: Small


@dataclass(frozen=True)
class Relaxed:
    """The relaxation solved: its ``value`` in yuan but for a constant, prices, the exact bound at them in 1/1000 fen, paths.

    ``pairs`` of every path; ``rounds`` of pricing, after the last of which nothing earned more where ``done``.
    """

    problem: Problem
    value: float
    prices: Prices
    bound: int
    routes: Routes
    pairs: Ints
    rounds: int
    done: bool


def relaxed(
    cluster: Cluster,
    plan: Plan,
    memo: Memo,
    start: Prices | None = None,
    known: Routes | None = None,
    unit_price: Ints | None = None,
    most_rounds: int = MOST_ROUNDS,
) -> Relaxed:
    """Return the linear relaxation of a cluster over the periods of a plan.

    Parameters
    ----------
    memo
        What earlier problems left.
    start
        Prices to begin with; None: those of the plan.
    known
        Paths to begin with, of this cluster or one that differs little.
    unit_price
        What one more unit of each material costs, M x T, 1/1000 fen; None: as the plan has it. Give the same to both sides of a
        comparison.

    Raises
    ------
    UserError
        If the solver gives no answer.
    """
    problem = build(cluster, plan.periods, plan.head["freeze_date"], memo)
    materials = index_of(problem.materials)
    offers = memo.call(offer_periods, cluster, materials, problem.periods)
    arriving = memo.call(stock_by_period, cluster, materials, problem.periods)
    first = plan_prices(problem, plan) if start is None else start
    pricer = WarmPricer(problem, offers, arriving, 1, first, None, memo)
    buying = pricer.marginal() if unit_price is None else unit_price
    master = Master(problem.net, buying, scratch(problem.net), SECONDS)
    if known is not None:
        master.add(*_candidates(problem, known))
    for prices in pricer.levels(buying):
        master.price_all(prices, None)
    grown, rounds, done = master.solve(Start.AFTER_COLUMNS), 0, False
    while grown is not None and rounds < most_rounds:
        prices = master.prices(grown)
        used = np.flatnonzero(master.pairs(grown) > WHOLE)
        new = master.price_routes(prices, grown, used) + master.price_all(prices, grown)
        new += master.price_all(between(prices, first), grown)
        if not new:
            done = True
            break
        grown, rounds = master.solve(Start.AFTER_COLUMNS), rounds + 1
    if grown is None:
        raise UserError(
            "no-relaxation",
            Text("The solver gave no answer.", "求解器没有给出结果。"),
            Text("Plan the cluster longer, and try again.", "请延长排产时间后重试。"),
        )
    prices, net = master.prices(grown), problem.net
    value = grown.objective + float((net.theta * net.pairs).sum()) / YUAN_IN_MFEN
    bound = pricer.evaluate(prices).total()
    pairs = np.rint(master.pairs(grown)).astype(np.int64)
    return Relaxed(problem, value, prices, bound, _routes(problem, master), pairs, rounds, done)


def _routes(problem: Problem, master: Master) -> Routes:
    """Return the paths of a master by lines."""
    jobs = np.diff(problem.net.job_ptr)[master.order]
    there = np.arange(master.cand.shape[1]) < jobs[:, None]
    line = np.where(there, problem.net.cand_line[np.where(there, master.cand, 0)], -1)
    return Routes(master.order, line.astype(np.int64), master.period.copy())


def _candidates(problem: Problem, known: Routes) -> tuple[Ints, Ints, Small]:
    """Return the paths whose lines may still do all stages in their periods, by candidates."""
    net = problem.net
    cand = np.zeros(known.line.shape, np.int64)
    good = np.ones(len(known.order), np.bool_)
    for i, o in enumerate(known.order.tolist()):
        j0, j1 = int(net.job_ptr[o]), int(net.job_ptr[o + 1])
        for j in range(j0, j1):
            c0, c1 = int(net.cand_ptr[net.job_list[j]]), int(net.cand_ptr[net.job_list[j] + 1])
            at = c0 + int(np.searchsorted(net.cand_line[c0:c1], known.line[i, j - j0]))
            t = int(known.period[i, j - j0])
            may = at < c1 and net.cand_line[at] == known.line[i, j - j0]
            if not (may and net.masks[net.cand_mask[at], t] and net.most[net.cand_line[at], t] > 0):
                good[i] = False
                break
            cand[i, j - j0] = at
    return known.order[good], cand[good], known.period[good]
