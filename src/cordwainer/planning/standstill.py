"""What it costs if something stands still, without planning again: at the plan's prices, and when the plan is carried out as it is.

Prices: the bound of the cluster less that of the cluster in which lines have no hours and offers are closed for some periods, both
exact at the plan's prices. Only orders whose best path is cut are priced again. Prices fit the plan before, so that they say too little of
a heavy loss and never too much.

Carried out: the dispatch of `worlds`, with the same lots on the same lines, put off where they do not fit.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from cordwainer.cluster import Cluster, Plan
from cordwainer.planning import limits
from cordwainer.planning.bound import purchase_points, terms
from cordwainer.planning.build import build
from cordwainer.planning.largest import largest_needs
from cordwainer.planning.memo import Memo
from cordwainer.planning.pricing import Room, price_orders, scratch
from cordwainer.planning.problem import Flags, Floats, Ints, Small, index_of
from cordwainer.planning.standing import plan_prices
from cordwainer.planning.stress import AFTER, last_on_time, longer_reach, longer_room, tasks_of
from cordwainer.planning.worlds import carry_out, latest


@dataclass(frozen=True, slots=True)
class Carried:
    """How the plan fares if something stands still.

    ``late`` orders become late, or later than they are undisturbed. ``survives`` is the number of periods that it may stand still
    before the first order does, None where none does as long as the plan. ``recovers`` counts periods after the standstill until the last
    order that was put off is made; None where some are not made within the plan and eight periods.
    """

    late: int
    survives: int | None
    recovers: int | None


class Standstill:
    """A plan, ready to be asked what it costs if something stands still."""

    def __init__(self, cluster: Cluster, plan: Plan) -> None:
        memo = Memo()
        problem = self.problem = build(cluster, plan.periods, plan.head["freeze_date"], memo)
        net, materials = problem.net, index_of(problem.materials)
        self.offers = limits.offer_periods(cluster, materials, problem.periods)
        self.arriving = limits.stock_by_period(cluster, materials, problem.periods)
        self.points = purchase_points(self.offers, largest_needs(net, problem.frozen.need))
        self.prices, self._scratch = plan_prices(problem, plan), scratch(net)
        count, jobs = len(net.pairs), len(net.job_list)
        self._cand, self._when = np.zeros(jobs, np.int64), np.zeros(jobs, np.int32)
        self._kind, self.best = np.zeros(count, np.int32), np.zeros(count, np.int64)
        self._price(net.most, net.regular, range(count), self.best, self._kind, self._cand, self._when)
        self.terms = terms(problem, self.prices, self.best, self.points, self.arriving)
        self.line_at, self.order_at = index_of(problem.facts.lines), index_of(problem.orders)
        self._job_line = np.where(np.repeat(self._kind, np.diff(net.job_ptr)) == 1, net.cand_line[self._cand], -1)
        self.tasks, self.steps = tasks_of(problem, plan)
        self.T = len(problem.periods) + AFTER
        self.room, self.reach = longer_room(problem, self.T), longer_reach(problem, self.T)
        self._bought = self._purchases(plan)
        self.due = last_on_time(problem)
        self.calm = self._ends(self.room, self._goods(np.zeros(len(self.offers.offer), np.bool_), 0))

    def shut(self, lines: Collection[str], suppliers: Collection[str]) -> tuple[Flags, Flags]:
        """Return which lines (L) and offer-periods (rows of `OfferPeriods`) lines and suppliers are."""
        which = np.zeros(len(self.line_at), np.bool_)
        which[[self.line_at[x] for x in lines if x in self.line_at]] = True
        table = self.problem.cluster["supplier_offer"]
        theirs = set(table.filter(table["supplier"].is_in(list(suppliers)))["offer"])
        return which, np.array([o in theirs for o in self.offers.offer], np.bool_)

    def by_prices(self, lines: Flags, offers: Flags, first: int, count: int) -> int:
        """Return what the bound loses at the plan's prices if lines and offers are shut for ``count`` periods, fen."""
        net, window = self.problem.net, slice(first, first + count)
        most, regular = net.most.copy(), net.regular.copy()
        most[lines, window], regular[lines, window] = 0, 0
        cut = (self._job_line >= 0) & lines[self._job_line] & (self._when >= first) & (self._when < first + count)
        orders = np.flatnonzero(np.logical_or.reduceat(cut, net.job_ptr[:-1])) if len(cut) else np.zeros(0, np.int64)
        best, kind = self.best.copy(), self._kind.copy()
        self._price(most, regular, orders.tolist(), best, kind, self._cand.copy(), self._when.copy())
        lost = int((net.pairs * (self.best - best)).sum()) + int(self.terms.line[lines, window].sum())
        closed = offers & (self.offers.period >= first) & (self.offers.period < first + count)
        return (lost + int(self.terms.purchase[closed].sum())) // 1000

    def without_orders(self, orders: Collection[str]) -> int:
        """Return what the bound loses at the plan's prices if orders fall away, fen."""
        at = [self.order_at[o] for o in orders if o in self.order_at]
        return int((self.problem.net.pairs[at] * self.best[at]).sum()) // 1000

    def paid_less(self, orders: Collection[str], share: float) -> int:
        """Return what the bound loses at the plan's prices if orders pay a share less a pair, fen."""
        net = self.problem.net
        at = np.array([self.order_at[o] for o in orders if o in self.order_at], np.int64)
        less = np.ceil(1000 * net.price[at] * share).astype(np.int64)
        spare = np.maximum(0, self.best[at] - net.theta[at])
        return int((net.pairs[at] * np.minimum(less, spare)).sum()) // 1000

    def carried(self, lines: Flags, offers: Flags, first: int, count: int) -> Carried:
        """Return how the plan fares if lines and offers are shut for ``count`` periods and nothing is planned again."""
        ends = self._after(lines, offers, first, count)
        later = ends > self.calm
        back, last = first + count - 1, int(ends[later].max(initial=0))
        recovers = 0 if not later.any() else None if last >= self.T else max(0, last - back)
        survives = None
        for k in range(1, len(self.problem.periods) - first + 1):
            if self._late(self._after(lines, offers, first, k)).any():
                survives = k - 1
                break
        return Carried(int(self._late(ends).sum()), survives, recovers)

    def _late(self, ends: Ints) -> Flags:
        return ends > np.maximum(self.calm, self.due)

    def _after(self, lines: Flags, offers: Flags, first: int, count: int) -> Ints:
        room = self.room.copy()
        room[lines, first : first + count] = 0
        closed = offers & (self.offers.period >= first) & (self.offers.period < first + count)
        return self._ends(room, self._goods(closed, first + count))

    def _ends(self, room: Floats, goods: Floats) -> Ints:
        done = np.zeros((len(self.tasks.pairs), self.T), np.int32)
        carry_out(self.tasks, self.steps, np.ones(len(self.problem.net.job_list)), room, goods, self.reach, done)
        return latest(self.tasks, done, len(self.problem.orders))

    def _purchases(self, plan: Plan) -> Floats:
        """Return what the plan buys by row of `OfferPeriods`, micro units."""
        at = {(name, int(w)): i for i, (name, w) in enumerate(zip(self.offers.offer, self.offers.period, strict=True))}
        bought = np.zeros(len(self.offers.offer))
        for name, w, milli in plan["purchase"].select("offer", "period", "quantity_milli").iter_rows():
            if (name, w) in at:
                bought[at[name, w]] += 1000.0 * milli
        return bought

    def _goods(self, closed: Flags, again: int) -> Floats:
        """Return what comes in each period, M x T, micro units; what was to be ordered of closed offers is from ``again`` on."""
        offers = self.offers
        found = np.zeros((len(self.problem.materials), self.T))
        found[:, : self.arriving.shape[1]] = 1000.0 * self.arriving
        when = offers.usable + np.where(closed, again - offers.period, 0)
        here = when < self.T
        np.add.at(found, (offers.material[here], when[here]), self._bought[here])
        return found

    def _price(
        self, most: Ints, regular: Ints, orders: Collection[int], best: Ints, kind: Small, cand: Ints, when: Small
    ) -> None:
        """Price some orders over lines with so many minutes; what is found is filled in."""
        net = self.problem.net._replace(most=most, regular=regular)
        room = Room(most, regular, net.supply, net.cap_amount, net.skill_limit, net.tool_limit)
        for o in orders:
            price_orders(net, self.prices, self._scratch, room, o, o + 1, cand, when, kind, best)
