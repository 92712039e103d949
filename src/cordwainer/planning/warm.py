"""Prices that begin where those of an older plan ended: only orders whose terms changed are priced again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numba as nb
import numpy as np

from cordwainer.planning.active import YUAN
from cordwainer.planning.bound import Points, Terms, purchase_points, terms
from cordwainer.planning.descent import Descent, Market
from cordwainer.planning.fingerprint import Marks, fingerprints, without_room
from cordwainer.planning.largest import largest_needs
from cordwainer.planning.limits import OfferPeriods
from cordwainer.planning.memo import Memo
from cordwainer.planning.prices import Pricer, unit_prices
from cordwainer.planning.pricing import Prices, Room, price_orders, scratch
from cordwainer.planning.problem import Flags, Ints, Net, Problem, Small, index_of
from cordwainer.planning.smooth import Point

COLD = 4e-4
"""Temperature of the descent from old prices, as a share of the price of a usual pair."""
LEAST_SHARE = 1e-3
MOST_ENTRIES = 1_500_000
LEAST_LINES = 8


@dataclass(frozen=True)
class Valued:
    """Best value of a pair of each order at some prices, and all that it depends on.

    ``marks`` and ``best`` (1/1000 fen) by order; ``line`` and ``period`` (orders x stages) the best path, line -1 where there is none;
    ``open_`` (L x T) says which of ``lines`` had minutes.
    """

    marks: Marks
    best: Ints
    line: Ints
    period: Small
    lines: tuple[str, ...]
    open_: Flags


class WarmPricer(Pricer):
    """Prices and bound of a problem, begun at given prices; what ``known`` says of orders that have not changed is believed.

    ``asked`` orders were priced at the beginning.
    """

    def __init__(
        self,
        problem: Problem,
        offers: OfferPeriods,
        arriving: Ints,
        threads: int,
        start: Prices,
        known: Valued | None,
        memo: Memo,
    ) -> None:
        self.problem, self.offers, self.arriving, self.threads = problem, offers, arriving, threads
        net = problem.net
        terms_only = without_room(net)
        self.largest = memo.plain(largest_needs, terms_only, problem.frozen.need)
        marks = memo.plain(fingerprints, problem.firms, problem.districts, terms_only, start)
        self.points: Points = memo.plain(purchase_points, offers, self.largest)
        self.unit_price = unit_prices(self.points, net.supply.shape)
        self._scratch = [scratch(net) for _ in range(max(1, threads))]
        self.prices, self.point, self._valued_at = start, as_point(start), start
        self.valued, self.asked = self._start(start, marks, known)
        self.terms: Terms = terms(problem, start, self.valued.best, self.points, arriving)
        self.bound = self.terms.total()

    def _start(self, prices: Prices, marks: Marks, known: Valued | None) -> tuple[Valued, int]:
        """Return what is known of all orders at the prices, and how many had to be priced."""
        net = self.problem.net
        count, stages = len(net.pairs), int(np.diff(net.job_ptr).max(initial=1))
        best, line = np.zeros(count, np.int64), np.full((count, stages), -1, np.int64)
        period = np.zeros((count, stages), np.int32)
        fresh = np.ones(count, np.bool_)
        if known is not None and len(known.marks) and known.line.shape[1] == stages:
            fresh = self._recalled(known, marks, best, line, period)
        self._price(prices, np.flatnonzero(fresh), best, line, period)
        valued = Valued(marks, best, line, period, self.problem.facts.lines, net.most > 0)
        return valued, int(fresh.sum())

    def _recalled(self, known: Valued, marks: Marks, best: Ints, line: Ints, period: Small) -> Flags:
        """Fill in what is known of orders that have not changed; return those that must be priced.

        A line that is shut matters to an order only where its best path used it, one that opens to all that may use it.
        """
        net, lines = self.problem.net, self.problem.facts.lines
        rank = np.argsort(known.marks, kind="stable")
        at = rank[np.minimum(np.searchsorted(known.marks[rank], marks), len(rank) - 1)]
        same = known.marks[at] == marks
        if known.open_.shape[1] != net.most.shape[1]:
            return np.ones(len(marks), np.bool_)
        number = index_of(lines)
        now = np.array([number.get(name, -1) for name in known.lines], np.int64)
        old = np.zeros(net.most.shape, np.bool_)
        old[now[now >= 0]] = known.open_[now >= 0]
        open_ = net.most > 0
        path, when = known.line[at], known.period[at]
        path = np.where(path >= 0, now[path], -1)
        used = path >= 0
        closed = (used & ~open_[path, when]).any(axis=1) | ((known.line[at] >= 0) & ~used).any(axis=1)
        opened = _may_use(net, np.asarray((open_ & ~old).any(axis=1)))
        fresh: Flags = ~same | closed | opened
        keep = ~fresh
        best[keep], line[keep], period[keep] = known.best[at[keep]], path[keep], when[keep]
        return fresh

    def _price(self, prices: Prices, which: Ints, best: Ints, line: Ints, period: Small) -> None:
        """Price some orders over all lines."""
        net = self.problem.net
        empty = Room(net.most, net.regular, net.supply, net.cap_amount, net.skill_limit, net.tool_limit)
        jobs, count = len(net.job_list), len(net.pairs)
        cand, when, kind = np.zeros(jobs, np.int64), np.zeros(jobs, np.int32), np.zeros(count, np.int32)
        parts = [part for part in np.array_split(which, len(self._scratch)) if len(part)]

        def work(i: int) -> None:
            for run in np.split(parts[i], np.flatnonzero(np.diff(parts[i]) > 1) + 1):
                first, last = int(run[0]), int(run[-1])
                price_orders(net, prices, self._scratch[i], empty, first, last + 1, cand, when, kind, best)

        with ThreadPoolExecutor(len(self._scratch)) as pool:
            list(pool.map(work, range(len(parts))))
        for o in which[kind[which] == 1].tolist():
            a, b = int(net.job_ptr[o]), int(net.job_ptr[o + 1])
            line[o, : b - a] = net.cand_line[cand[a:b]]
            period[o, : b - a] = when[a:b]

    def known(self) -> Valued | None:
        """Return what is known of all orders at the prices; None where the prices have changed since they were asked."""
        return self.valued if self.prices is self._valued_at else None


@nb.njit(cache=True)
def _may_use(net: Net, opened: Flags) -> Flags:
    """Return which orders have a candidate among lines."""
    lists = np.zeros(len(net.cand_ptr) - 1, np.bool_)
    for i in range(len(lists)):
        for c in range(net.cand_ptr[i], net.cand_ptr[i + 1]):
            lists[i] = lists[i] or opened[net.cand_line[c]]
    found = np.zeros(len(net.pairs), np.bool_)
    for o in range(len(found)):
        for j in range(net.job_ptr[o], net.job_ptr[o + 1]):
            found[o] = found[o] or lists[net.job_list[j]]
    return found


def as_point(prices: Prices) -> Point:
    """Return whole prices in yuan."""
    p = prices
    return Point(*[np.asarray(x * YUAN, np.float64) for x in (p.line, p.material, p.cap, p.skill, p.tool, p.outside)])


def lowered(pricer: Pricer, market: Market, unit: float, steps: int) -> float:
    """Go down the smoothed bound from the prices so far; return by how much of the bound the second half of the steps lowered it.

    Parameters
    ----------
    unit
        What is at stake with a usual pair, yuan.
    """
    net, tau = market.net, COLD * unit
    most = max(LEAST_LINES, MOST_ENTRIES // max(1, len(net.job_list)))
    market.shortlist(market.ask_all(pricer.point, tau, LEAST_SHARE, most))
    descent = Descent(market, pricer.point, tau)
    for _ in range(steps // 2):
        descent.step()
    pricer.offer(descent.x)
    before = pricer.bound
    for _ in range(steps - steps // 2):
        descent.step()
    pricer.offer(descent.x)
    return (before - pricer.bound) / max(1.0, abs(float(pricer.bound)))
