"""The loop: price, place, improve; ends on gap, time, work or a word from outside, always with the best plan so far."""

from __future__ import annotations

import math
import time
from datetime import date, timedelta

import numpy as np

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Period, Text, weeks
from cordwainer.planning import limits
from cordwainer.planning.buffer import keep_free
from cordwainer.planning.build import build
from cordwainer.planning.buying import bill, buy
from cordwainer.planning.cooling import Cooling
from cordwainer.planning.descent import Market
from cordwainer.planning.filling import place_all
from cordwainer.planning.groups import batches, neighbourhood
from cordwainer.planning.guide import Guide
from cordwainer.planning.money import money
from cordwainer.planning.params import Listener, Progress, Settings
from cordwainer.planning.parts import order_earnings
from cordwainer.planning.placing import SECONDS, SIDE_BY_SIDE, Placer
from cordwainer.planning.prices import Pricer
from cordwainer.planning.pricing import Prices, scratch
from cordwainer.planning.problem import Floats, Ints, Problem, index_of
from cordwainer.planning.reserve import Reserve
from cordwainer.planning.result import bound_fen, finish, without_lots
from cordwainer.planning.rows import needs, work_rows
from cordwainer.planning.single import single
from cordwainer.planning.state import State, new_state

MOST_WEEKS = 53
PRICING = Text("pricing", "定价")
PLACING = Text("placing orders", "排单")
IMPROVING = Text("improving", "优化")
CHUNK_S = 0.5
PRICING_SHARE = 0.35
"""Share of the time that the first prices may take."""
FIRST_SHARE = 0.9
"""Share of the time at which prices and first plan end: what no group has placed by then is placed one by one."""
BOUND_SHARE = 0.15
"""Share of the time after the first plan that the bound may take."""
FEW_ORDERS = 400
"""Up to so many orders groups are worked out one after the other: side by side they would want the same lines."""
BATCH = 28
"""Orders of which the first plan is made together."""
LIKELY = 0.5
"""Share of an order that the prices make from which room is kept for it in the first plan."""
SIZES = (36, 36, 36, 48, 64)
"""Orders that are placed anew together, sweep by sweep over all orders: more find more, but take longer than in proportion."""
SINGLE_BATCH, SINGLE_SIZES = 400, (30,)
"""The same where every order is one lot: whole numbers over many orders at once leave little to improve, and few at a time do that."""


def plan_periods(cluster: Cluster, settings: Settings) -> tuple[Period, ...]:
    """Return the periods of a plan: as set, else weeks from the first start to the last date that an order may use."""
    if settings.calendar is not None:
        return settings.calendar
    orders = cluster["order"]
    first = settings.first_date
    if first is None:
        days = [d for d in (*orders["earliest_date"], *orders["due_date"]) if d is not None]
        first = min(days)
        first -= timedelta(days=first.weekday())
    count = settings.periods
    if count is None:
        last: date = max(d for d in (*orders["latest_date"], *orders["due_date"]) if d is not None)
        count = min(MOST_WEEKS, max(1, math.ceil(((last - first).days + 1) / 7)))
    return weeks(first, count)


def plan(cluster: Cluster, settings: Settings | None = None, listener: Listener | None = None) -> Plan:
    """Return a plan of the cluster with its bound.

    Raises
    ------
    DataErrors
        If a capped or priced flow has an unknown coefficient.
    UserError
        If promised lots that stand need more of a material than can be had in time.
    """
    chosen = settings or Settings()
    run = Run(cluster, chosen, listener)
    run.price(settle=True)
    run.place()
    while run.goes_on():
        if run.bound_is_due():
            run.price()
        run.improve()
    return run.result()


class Run:
    """One planning: prices first, then a plan along them; then both get better in turns."""

    def __init__(self, cluster: Cluster, settings: Settings, listener: Listener | None) -> None:
        self.began = time.monotonic()
        self.cluster, self.settings, self.listener = cluster, settings, listener
        periods = plan_periods(cluster, settings)
        self.problem: Problem = build(cluster, periods, settings.freeze_date)
        materials = index_of(self.problem.materials)
        self.offers = limits.offer_periods(cluster, materials, periods)
        self.arriving = limits.stock_by_period(cluster, materials, periods)
        self.pricer = Pricer(self.problem, self.offers, self.arriving, settings.threads)
        net = self.problem.net
        free = self.arriving - self.problem.frozen.need // 1000
        self.market = Market(net, self.pricer.points, free, settings.threads)
        self.cooling = Cooling(self.market, self.pricer)
        self.state: State = new_state(net, self.problem.most_lots, self.pricer.unit_price.copy())
        keep_free(net, self.state, settings.buffer)
        self.scratch = scratch(net)
        self.guide = Guide(net, self.cooling, settings.seed)
        self.placer = Placer(net, self.state, self.guide, self.problem.most_lots, settings.threads)
        alone = single(net)
        self.batch = SINGLE_BATCH if alone else BATCH
        self.sizes: tuple[int, ...] = SINGLE_SIZES if alone else SIZES
        self.side = SIDE_BY_SIDE if len(net.pairs) > FEW_ORDERS else 1
        self.zero = without_lots(self.problem, self.arriving)
        self.first_s = (self.began, 0.0)
        self.work, self.swept, self.stopped = 0, 0, False
        self.contribution: int | None = None
        self.rng = np.random.default_rng(settings.seed)

    def price(self, *, settle: bool = False) -> None:
        """Lower the bound: until the prices have settled, or for a while."""
        limit = self.settings.time_s
        longest = math.inf if limit is None else self.began + PRICING_SHARE * limit
        stop = time.monotonic() + CHUNK_S
        begun = self.cooling.stages
        while not self.stopped:
            self.cooling.advance(1 if self.cooling.step_s > CHUNK_S else 10)
            if not self.tell(PRICING):
                return
            if settle:
                if time.monotonic() > longest:
                    self.cooling.finish()
                    return
                if self.cooling.settled:
                    return
            elif self.settings.work is not None or self.cooling.stages != begun or time.monotonic() > stop:
                return

    def bound_is_due(self) -> bool:
        """Return whether the bound can fall and has had less than its share of the time since the first plan."""
        if self.cooling.exhausted:
            return False
        if self.settings.work is not None:
            return True
        return self.cooling.seconds - self.first_s[1] < BOUND_SHARE * (time.monotonic() - self.first_s[0])

    def place(self) -> None:
        """Place all orders for the first time.

        Room is kept for all that are likely to be made, as the prices would have them; group by group they are placed in theirs and
        what is free. What is left is placed one order after another, those that earn most a pair first.
        """
        net, limit = self.problem.net, self.settings.time_s
        self.cooling.hold()
        self.state.unit_price[:] = self.pricer.marginal()
        answer = self.guide.ask(net, np.arange(len(net.pairs)))
        reserve = Reserve(net, self.state, answer, LIKELY)
        groups = batches(net, answer, np.flatnonzero(reserve.likely), self.batch)
        for i in range(0, len(groups), self.side):
            self.placer.place(groups[i : i + self.side], self.levels(), reserve, self.seconds())
            if not self.tell(PLACING) or (limit is not None and time.monotonic() > self.began + FIRST_SHARE * limit):
                break
        reserve.give_back(np.arange(len(net.pairs)))
        self.fill(np.argsort(-self.pricer.worth(), kind="stable"))
        self.evaluate()
        self.first_s = (time.monotonic(), self.cooling.seconds)

    def fill(self, orders: Ints) -> None:
        """Place what is not in the plan wherever it earns, first at the prices, then at less and less of them."""
        for prices in self.levels():
            place_all(self.problem.net, prices, self.scratch, self.state, orders)

    def levels(self) -> list[Prices]:
        """Return the prices, half of their scarcity, and none of it; materials cost what one more unit does."""
        return self.pricer.levels(self.state.unit_price)

    def improve(self) -> None:
        """Place orders that share lines anew, all of a group together, for a while."""
        net, stop = self.problem.net, time.monotonic() + CHUNK_S
        worth, regret = self.pricer.worth(), self.regret()
        while not self.stopped:
            busy, groups = np.zeros(len(net.pairs), np.bool_), []
            size = self.sizes[min(len(self.sizes) - 1, self.swept // max(1, len(net.pairs)))]
            for _ in range(self.side):
                orders = neighbourhood(net, self.state, size, worth, regret, busy, self.rng)
                busy[orders] = True
                groups.append(orders)
                self.swept += len(orders)
            self.work += 1
            self.placer.place([g for g in groups if len(g)], self.levels(), seconds=self.seconds())
            if not self.tell(IMPROVING) or self.settings.work is not None or time.monotonic() > stop:
                break
        self.evaluate()
        self.tell(IMPROVING)

    def regret(self) -> Floats:
        """Return what each order earns less than it could at the prices, 1/1000 fen."""
        rows = work_rows(self.problem, self.state)
        earned = order_earnings(self.problem, self.state, rows, self.pricer.prices)
        return (self.pricer.terms.orders - earned).astype(np.float64)

    def evaluate(self, *, quick: bool = True) -> None:
        """Work out the exact contribution of the plan so far, with purchases that are the cheapest (if not ``quick``)."""
        rows = work_rows(self.problem, self.state)
        self.bought = buy(self.offers, self.arriving, self.problem.frozen.need + needs(self.problem, rows), quick=quick)
        self.contribution = money(self.problem, self.state, rows, bill(self.offers, self.bought)).contribution

    def goes_on(self) -> bool:
        """Return whether neither gap, time, work nor a word from outside ends the planning."""
        s, gap = self.settings, self.gap()
        if self.stopped or (gap is not None and gap <= s.gap):
            return False
        if s.work is not None and self.work >= s.work:
            return False
        return s.time_s is None or time.monotonic() - self.began < s.time_s

    def seconds(self) -> float:
        """Return how long groups may take, s."""
        limit = self.settings.time_s
        return SECONDS if limit is None else max(0.0, self.began + limit - time.monotonic())

    def gap(self) -> float | None:
        """Return the net gap as a share."""
        if self.contribution is None:
            return None
        bound = bound_fen(self.problem, self.pricer)
        return (bound - self.contribution) / max(bound - self.zero, 100)

    def tell(self, phase: Text) -> bool:
        """Report progress; return whether to go on."""
        if self.listener is not None:
            bound = bound_fen(self.problem, self.pricer)
            elapsed = time.monotonic() - self.began
            so_far = None if self.contribution is None else self.so_far
            faults = tuple(self.placer.faults.told)
            if not self.listener(
                Progress(elapsed, self.work, phase, self.contribution, bound, self.gap(), so_far, faults)
            ):
                self.stopped = True
        if self.settings.time_s is not None and time.monotonic() - self.began > self.settings.time_s:
            return False
        return not self.stopped

    def so_far(self) -> Plan:
        """Return the plan so far as tables; the search goes on as if it had not been asked."""
        kept = self.bought, self.contribution
        made = self.result()
        self.bought, self.contribution = kept
        return made

    def result(self) -> Plan:
        """Return the plan as tables."""
        self.evaluate(quick=False)
        s = self.settings
        head: dict[str, object] = {
            "freeze_date": s.freeze_date,
            "seed": s.seed,
            "work": self.work,
            "settings": f"gap={s.gap} time_s={s.time_s} work={s.work}",
            **self.placer.faults.head(),
        }
        return finish(self.cluster, self.problem, self.state, self.pricer, self.offers, self.bought, head)
