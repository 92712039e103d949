"""The plan as a market: its prices, what each order earns at them, and what a line is worth to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cordwainer.cluster import Cluster, Plan
from cordwainer.planning import Base, Memo, Prices, Problem, build, plan_prices, remember, value_of_pairs
from cordwainer.upgrading.arrays import Flags, Floats, Ints
from cordwainer.upgrading.kernels import around, fill, gains

MOST_PLACES = 12_000_000
"""Places of orders on lines that are looked at at once, so that memory stays small."""


@dataclass(frozen=True)
class Market:
    """A plan with its prices.

    ``best`` is what a pair of each order earns at the prices, in the best way there is, 1/1000 fen; ``before`` and ``after`` what
    the stages before and after a job cost (J x D x T). ``groups`` numbers, by line, the firm and stage that it belongs to.
    """

    cluster: Cluster
    plan: Plan
    problem: Problem
    prices: Prices
    best: Ints
    before: Floats
    after: Floats
    memo: Memo
    groups: Ints

    @property
    def year(self) -> float:
        """How many plans make a year: days of a year over days of the plan."""
        return 365 / sum(p.days for p in self.problem.periods)

    def changed(self, cluster: Cluster) -> Problem:
        """Return the problem of a changed cluster over the same periods."""
        return build(cluster, self.plan.periods, self.plan.head["freeze_date"], self.memo)


def market(cluster: Cluster, plan: Plan, prices: Prices | None = None, base: Base | None = None) -> Market:
    """Return the market of a plan at its prices, or at others of the same cluster."""
    known = base or remember(cluster, plan)
    problem = build(cluster, plan.periods, plan.head["freeze_date"], known.memo)
    at = plan_prices(problem, plan) if prices is None else prices
    valued = known.valued if prices is None else None
    best = value_of_pairs(problem.net, at) if valued is None else valued.best
    shape = (len(problem.net.job_list), len(problem.districts), len(problem.periods))
    before, after = np.empty(shape), np.empty(shape)
    around(problem.net, at, before, after)
    return Market(cluster, plan, problem, at, best, before, after, known.memo, _groups(cluster, problem))


def _groups(cluster: Cluster, problem: Problem) -> Ints:
    """Return a number for the firm and stage of every line."""
    stage = np.unique(cluster["line"]["stage"].to_numpy(), return_inverse=True)[1]
    return np.asarray(problem.net.line_firm.astype(np.int64) * (int(stage.max(initial=0)) + 1) + stage, np.int64)


@dataclass(frozen=True)
class Worth:
    """What lines are worth to the cluster at fixed prices of all else: 1/1000 fen over the plan by line, and minutes used in 1/1000."""

    value: Floats
    used: Floats


def worth_of_lines(at: Market, problem: Problem, wanted: Flags) -> Worth:
    """Return what wanted lines are worth, with what they can do in ``problem``, if every order may choose them.

    The lines of a firm that do one stage are looked at together, as they share the pairs of an order, and each such group alone: the
    prices of all else stand, and orders go to it in the order of what they gain a minute.
    """
    net, group = problem.net, at.groups
    found = Worth(np.zeros(len(net.most)), np.zeros(len(net.most)))
    parts = [np.unique(group[wanted])]
    none = np.zeros(0, np.int64)
    while parts:
        part = parts.pop()
        mask = wanted & np.isin(group, part)
        count = gains(net, at.prices, at.before, at.after, at.best, mask, none, none, none, none, np.zeros(0))
        if count > MOST_PLACES and len(part) > 1:
            parts += [part[: len(part) // 2], part[len(part) // 2 :]]
            continue
        line, order, period, minutes = (np.empty(count, np.int64) for _ in range(4))
        gain = np.empty(count)
        gains(net, at.prices, at.before, at.after, at.best, mask, line, order, period, minutes, gain)
        rank = np.lexsort((line, order, period, -gain / np.maximum(1, minutes), group[line]))
        places = (line[rank], order[rank], period[rank], minutes[rank], gain[rank])
        fill(net, group, *places, found.value, found.used)
    return found
