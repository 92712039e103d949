"""The loop: price, place, improve; ends on gap, time, work or a word from outside, always with the best plan so far."""

from __future__ import annotations

import math
import time
from datetime import date, timedelta

import numpy as np

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Period, Text, weeks
from cordwainer.planning import limits
from cordwainer.planning.build import build
from cordwainer.planning.buying import bill, buy
from cordwainer.planning.cooling import Cooling
from cordwainer.planning.descent import Market
from cordwainer.planning.diving import dive
from cordwainer.planning.money import money
from cordwainer.planning.params import Listener, Progress, Settings
from cordwainer.planning.prices import Pricer
from cordwainer.planning.pricing import Prices, scratch
from cordwainer.planning.problem import Ints, Problem, index_of
from cordwainer.planning.result import bound_fen, finish, without_lots
from cordwainer.planning.rows import needs, work_rows
from cordwainer.planning.search import choose, improve, place_all, sow
from cordwainer.planning.state import State, lift, new_shelf, new_state, put_back, total

MOST_WEEKS = 53
PRICING = Text("pricing", "定价")
PLACING = Text("placing orders", "排单")
IMPROVING = Text("improving", "优化")
CHUNK_S = 0.5
FIRST_COOL = 0.0004
"""Temperature at which the first plan is made, as a share of the usual price."""
PRICING_SHARE, DIVING_SHARE = 0.4, 0.35
"""Shares of the time that the first prices and the first plan may take."""
DIVES = 75
DIVE_STEPS = 40
AROUND = 16
"""Orders of one neighbourhood: half of them in the plan, half not."""


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
    run = _Run(cluster, chosen, listener)
    run.price(until=FIRST_COOL)
    run.place()
    while run.goes_on():
        run.price()
        run.rework()
        run.improve()
    return run.result()


class _Run:
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
        self.rest = Market(net, self.pricer.points, free, settings.threads)
        self.state: State = new_state(net, self.problem.most_lots, self.pricer.unit_price)
        self.scratch = scratch(net)
        self.shelf = new_shelf(self.state, 2 * AROUND + 1)
        self.zero = without_lots(self.problem, self.arriving)
        self.work, self.stopped = 0, False
        self.contribution: int | None = None
        self.rounds = 50
        sow(settings.seed)
        self.rng = np.random.default_rng(settings.seed)

    def price(self, until: float | None = None) -> None:
        """Lower the bound: down to a temperature (share of the usual price), or for a while."""
        limit = self.settings.time_s
        longest = math.inf if limit is None else self.began + PRICING_SHARE * limit
        stop = time.monotonic() + CHUNK_S
        begun = self.cooling.stages
        while not self.stopped:
            self.cooling.advance(1 if self.cooling.step_s > CHUNK_S else 10)
            if not self.tell(PRICING):
                return
            if until is not None:
                if time.monotonic() > longest:
                    self.cooling.finish()
                    return
                if self.cooling.reached(until) or self.cooling.coldest:
                    return
            elif self.settings.work is not None or self.cooling.stages != begun or time.monotonic() > stop:
                return

    def place(self) -> None:
        """Place all orders for the first time, those that earn most a pair first."""
        worth = self.pricer.worth()
        orders = np.argsort(-worth, kind="stable")
        times, steps = DIVES, DIVE_STEPS
        if self.settings.time_s is not None:
            # an average step of the dive sees half of the orders
            room = DIVING_SHARE * self.settings.time_s / (0.5 * self.cooling.step_s * DIVES * DIVE_STEPS + 1e-9)
            if room < 1:
                times, steps = max(6, int(DIVES * room**0.5)), max(6, int(DIVE_STEPS * room**0.5))
        self.rest.shortlist(self.cooling.marks)
        self.dive(orders, max(1, len(orders) // times), steps)
        self.fill(orders)
        self.evaluate()

    def dive(self, orders: Ints, few: int, steps: int = DIVE_STEPS) -> None:
        """Place orders along smoothed flows."""
        dive(
            self.problem.net,
            self.rest,
            self.state,
            self.scratch,
            orders,
            self.cooling.point,
            self.cooling.no_colder(FIRST_COOL),
            steps=steps,
            few=few,
            goes_on=lambda: self.tell(PLACING),
        )

    def fill(self, orders: Ints) -> None:
        """Place what is not in the plan wherever it earns, first at the prices, then at less and less of them."""
        for prices in self.levels():
            place_all(self.problem.net, prices, self.scratch, self.state, orders)

    def levels(self) -> list[Prices]:
        """Return the prices, half of their scarcity, and none of it."""
        return [self.prices(share) for share in (1.0, 0.5, 0.0)]

    def prices(self, share: float) -> Prices:
        """Return the prices at a share of their scarcity; materials keep what they cost."""
        p = self.pricer.prices
        scarce = p.material - self.pricer.unit_price
        parts = [np.rint(x * share).astype(np.int64) for x in (p.line, scarce, p.cap, p.skill, p.tool, p.outside)]
        return Prices(parts[0], self.pricer.unit_price + parts[1], *parts[2:])

    def rework(self) -> None:
        """Take orders that share lines out of the plan, and others in, along flows of their own; keep what is better."""
        net, stop = self.problem.net, time.monotonic() + CHUNK_S
        worth = self.pricer.worth()
        while not self.stopped:
            chosen = np.zeros(2 * AROUND + 1, np.int64)
            count = choose(net, self.state, AROUND, chosen)
            orders = chosen[:count][np.argsort(-worth[chosen[:count]], kind="stable")]
            before = total(self.state)
            lift(net, self.state, orders, self.shelf)
            self.dive(orders, max(1, count // 8))
            self.fill(orders)
            if total(self.state) < before:
                put_back(net, self.state, orders, self.shelf)
            self.work += 1
            if not self.tell(IMPROVING) or self.settings.work is not None or time.monotonic() > stop:
                break
        self.evaluate()

    def improve(self) -> None:
        """Improve the plan by small steps for a while."""
        if self.stopped:
            return
        net = self.problem.net
        worth = self.pricer.worth()
        begun = time.monotonic()
        improve(net, self.levels(), self.scratch, self.state, self.shelf, worth, self.rng, self.rounds, 8)
        self.work += self.rounds
        if self.settings.work is None:
            spent = max(1e-3, time.monotonic() - begun)
            self.rounds = int(min(5000, max(5, self.rounds * CHUNK_S / spent)))
        self.evaluate()
        self.tell(IMPROVING)

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
            if not self.listener(Progress(elapsed, self.work, phase, self.contribution, bound, self.gap())):
                self.stopped = True
        if self.settings.time_s is not None and time.monotonic() - self.began > self.settings.time_s:
            return False
        return not self.stopped

    def result(self) -> Plan:
        """Return the plan as tables."""
        self.evaluate(quick=False)
        s = self.settings
        head: dict[str, object] = {
            "freeze_date": s.freeze_date,
            "seed": s.seed,
            "work": self.work,
            "settings": f"gap={s.gap} time_s={s.time_s} work={s.work}",
        }
        return finish(self.cluster, self.problem, self.state, self.pricer, self.offers, self.bought, head)
