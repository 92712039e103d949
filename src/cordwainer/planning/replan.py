"""Plan again after something changed: what still stands is kept, the rest is placed anew, and all that moves is told.

Lots of the older plan that still are feasible are the start; its prices are the first prices, and give a bound at once, for which only
orders are priced again whose terms changed. Then groups of orders around what changed are placed anew, as in the engine.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Period, Text
from cordwainer.planning import limits
from cordwainer.planning.buffer import keep_free
from cordwainer.planning.build import build
from cordwainer.planning.cooling import usual_price
from cordwainer.planning.descent import Market
from cordwainer.planning.filling import fill_order, place_all
from cordwainer.planning.freezing import frozen_before
from cordwainer.planning.groups import neighbourhood
from cordwainer.planning.memo import Memo
from cordwainer.planning.money import money
from cordwainer.planning.moved import MovePlacer, NearGuide
from cordwainer.planning.moves import Looks, looks_of, moves
from cordwainer.planning.params import Listener, Progress
from cordwainer.planning.placing import SECONDS
from cordwainer.planning.pricing import Prices, scratch
from cordwainer.planning.problem import Flags, Ints, Net, Problem, index_of
from cordwainer.planning.rebuying import Bought, buy_again
from cordwainer.planning.result import bound_fen, finish, without_lots
from cordwainer.planning.resume import Resumed, resume, same_periods
from cordwainer.planning.rows import needs, work_rows
from cordwainer.planning.standing import plan_prices
from cordwainer.planning.state import State, new_state
from cordwainer.planning.warm import Valued, WarmPricer, lowered

REPLANNING = Text("replanning", "重排")
GROUP = 16
"""Orders that are placed anew together."""
ROOMIER, LIFTED = 3.0, 10.0
"""How much likelier than an order that waits for a place one is drawn that is on a line with more hours, and one that was lifted."""
MOST_WAITING = 60
"""Orders without a place that are tried one by one: those that would earn most."""


@dataclass(frozen=True, slots=True)
class ReplanSettings:
    """Settings of a replan.

    Parameters
    ----------
    calendar
        Periods of the new plan; None: those of the old one.
    freeze_date
        Lots of the old plan whose work starts before this day stay as they are; None: only accepted ones stay.
    move_fen
        What the search reckons for each order that stood and is moved, fen; it steers the search and is no money of the plan.
    work
        Steps of improvement after which to stop; None: no limit.
    time_s
        Seconds after which to stop; None: no limit.
    price_steps
        Steps by which the prices are improved at the end; 0: those of the old plan stay, which costs hardly any time.
    gap, seed, threads, buffer
        As in `Settings`; lots that stand may lie in the buffer.
    """

    calendar: tuple[Period, ...] | None = None
    freeze_date: date | None = None
    move_fen: int = 10_000
    work: int | None = 4
    time_s: float | None = None
    price_steps: int = 0
    gap: float = 0.0
    seed: int = 1
    threads: int = 2
    buffer: float = 0.0


@dataclass(frozen=True)
class Base:
    """A plan and what is remembered of it, so that the next replan need not work it out again.

    ``valued`` may be None: then all orders are priced once; so may ``looks`` (see `moves`).
    """

    cluster: Cluster
    plan: Plan
    valued: Valued | None
    bought: Bought
    memo: Memo
    looks: Looks | None = None


@dataclass(frozen=True)
class Replanned:
    """A new plan of a changed cluster.

    ``cluster`` is the one that the plan is of: it holds promises for lots that were frozen. ``moves`` has a row for every order
    that changed (see `moves`). ``kept`` and ``lifted`` count lots of the old plan. ``moved`` orders that stood were moved by
    the search, at ``move_fen`` each. ``priced`` orders were priced again for the first bound. ``base`` is for the next replan.
    """

    cluster: Cluster
    plan: Plan
    moves: pl.DataFrame
    kept: int
    lifted: int
    moved: int
    move_fen: int
    priced: int
    base: Base


def remember(cluster: Cluster, plan: Plan, threads: int = 2) -> Base:
    """Return a plan with all that a quick replan needs, worked out once."""
    memo = Memo()
    problem = build(cluster, plan.periods, plan.head["freeze_date"], memo)
    offers, arriving = _supplies(cluster, problem, memo)
    pricer = WarmPricer(problem, offers, arriving, threads, plan_prices(problem, plan), None, memo)
    return Base(cluster, plan, pricer.known(), Bought(), memo, looks_of(plan))


def replan(
    base: Base | tuple[Cluster, Plan],
    cluster: Cluster,
    settings: ReplanSettings | None = None,
    listener: Listener | None = None,
) -> Replanned:
    """Return a plan of changed tables that begins with an older plan.

    Parameters
    ----------
    base
        The older plan with what is remembered of it, or its cluster and the plan alone.
    cluster
        The tables as they are now.

    Raises
    ------
    DataErrors
        If a capped or priced flow has an unknown coefficient.
    UserError
        If promised lots that stand need more of a material than can be had in time.
    """
    known = base if isinstance(base, Base) else Base(*base, None, Bought(), Memo())
    run = Rerun(known, cluster, settings or ReplanSettings(), listener)
    run.complete()
    while run.goes_on():
        run.improve()
    run.reprice()
    return run.result()


def _supplies(cluster: Cluster, problem: Problem, memo: Memo) -> tuple[limits.OfferPeriods, Ints]:
    materials = index_of(problem.materials)
    offers = memo.call(limits.offer_periods, cluster, materials, problem.periods)
    return offers, memo.call(limits.stock_by_period, cluster, materials, problem.periods)


class Rerun:
    """One replan: the old lots that stand, the orders that were lifted, then groups around them."""

    def __init__(
        self,
        base: Base,
        cluster: Cluster,
        settings: ReplanSettings,
        listener: Listener | None,
        let_go: frozenset[str] = frozenset(),
    ) -> None:
        self.began = time.monotonic()
        self.base, self.settings, self.listener = base, settings, listener
        self.freeze_date = settings.freeze_date or base.plan.head["freeze_date"]
        self.lost: frozenset[str] = frozenset()
        if settings.freeze_date is not None:
            frozen = frozen_before(cluster, base.plan, settings.freeze_date)
            cluster, self.lost = frozen.cluster, frozen.lost
        self.cluster = cluster
        periods = settings.calendar or base.plan.periods
        self.problem = build(cluster, periods, self.freeze_date, base.memo)
        self.offers, self.arriving = _supplies(cluster, self.problem, base.memo)
        net = self.problem.net
        start = shifted_prices(self.problem, base.plan)
        self.pricer = WarmPricer(
            self.problem, self.offers, self.arriving, settings.threads, start, base.valued, base.memo
        )
        self.state: State = new_state(net, self.problem.most_lots, self.pricer.marginal())
        worth = self.pricer.terms.orders // np.maximum(1, net.pairs) - net.theta
        self.resumed: Resumed = resume(self.problem, base.plan, self.state, worth, let_go)
        keep_free(net, self.state, settings.buffer)
        self.scratch = scratch(net)
        guide = NearGuide(net, self.pricer.point, usual_price(net), settings.seed)
        self.placer = MovePlacer(net, self.state, guide, self.problem.most_lots, settings.threads)
        self.placer.begin(1000 * settings.move_fen, self.resumed.left > 0)
        self.zero = without_lots(self.problem, self.arriving)
        self.rng = np.random.default_rng(settings.seed)
        self.work, self.stopped, self.lowered = 0, False, 0.0
        self.drawn: list[tuple[tuple[str, ...], ...]] = []
        self.roomier = roomier(self.problem, base.plan)
        self.waiting = self._waiting()

    def _waiting(self) -> Ints:
        """Return orders that lost a place, then others without one that would earn, those that earn most first."""
        net, worth = self.problem.net, self.pricer.worth()
        lost = np.flatnonzero(self.resumed.left > 0)
        made = (self.state.lots > 0) | (self.state.out_option >= 0)
        others = np.flatnonzero(~made & (self.resumed.left == 0) & (net.pairs > 0) & (worth > 0))
        rank = [part[np.argsort(-worth[part] * net.pairs[part], kind="stable")] for part in (lost, others)]
        return np.concatenate([rank[0], rank[1][:MOST_WAITING]])

    def complete(self) -> None:
        """Place what was lifted, and what is new or had no place, wherever it earns."""
        net, left = self.problem.net, self.resumed.left
        levels = self.levels()
        lost = self.waiting[left[self.waiting] > 0]
        for o in lost.tolist():
            fill_order(net, levels[0], self.scratch, self.state, o, 0, int(left[o]))
        for prices in levels:
            place_all(net, prices, self.scratch, self.state, self.waiting)
        self.tell()

    def improve(self, chosen: Sequence[Sequence[str]] | None = None) -> None:
        """Place a few groups of orders anew, first of all around what changed; or those ``chosen``, as far as they are there."""
        groups = self._groups() if chosen is None else [self._numbers(ids) for ids in chosen]
        self.drawn.append(tuple(tuple(self.problem.orders[o] for o in g.tolist()) for g in groups))
        self.work += 1
        self.placer.place([g for g in groups if len(g)], self.levels(), seconds=self._seconds())
        self.tell()

    def _numbers(self, ids: Sequence[str]) -> Ints:
        number = index_of(self.problem.orders)
        return np.sort(np.array([number[i] for i in ids if i in number], np.int64))

    def _groups(self) -> list[Ints]:
        """Draw two groups of orders."""
        net = self.problem.net
        worth, regret = self.pricer.worth(), np.zeros(len(net.pairs))
        regret[self.waiting] = 1.0
        regret[on_lines(net, self.state, self.roomier)] = ROOMIER
        regret[np.flatnonzero(self.resumed.left > 0)] = LIFTED
        busy, groups = np.zeros(len(net.pairs), np.bool_), []
        for _ in range(2):
            orders = neighbourhood(net, self.state, GROUP, worth, regret, busy, self.rng)
            busy[orders] = True
            groups.append(orders)
        return groups

    def reprice(self) -> None:
        """Lower the bound where that was asked for."""
        if self.settings.price_steps and not self.stopped:
            free = self.arriving - self.problem.frozen.need // 1000
            market = Market(self.problem.net, self.pricer.points, free, self.settings.threads)
            self.lowered = lowered(self.pricer, market, usual_price(self.problem.net), self.settings.price_steps)

    def levels(self) -> list[Prices]:
        """Return the prices, half of their scarcity, and none of it; materials cost what one more unit does."""
        return self.pricer.levels(self.state.unit_price)

    def goes_on(self) -> bool:
        """Return whether neither work, time, gap nor a word from outside ends the search."""
        s = self.settings
        if self.stopped or (s.work is not None and self.work >= s.work):
            return False
        if s.gap > 0:
            bound = bound_fen(self.problem, self.pricer)
            if (bound - self.contribution()) / max(bound - self.zero, 100) <= s.gap:
                return False
        return s.time_s is None or time.monotonic() - self.began < s.time_s

    def _seconds(self) -> float:
        limit = self.settings.time_s
        return SECONDS if limit is None else max(0.0, self.began + limit - time.monotonic())

    def contribution(self) -> int:
        """Return the exact contribution of the plan so far, fen."""
        rows = work_rows(self.problem, self.state)
        self.bought = buy_again(
            self.base.bought, self.offers, self.arriving, self.problem.frozen.need + needs(self.problem, rows)
        )
        return money(self.problem, self.state, rows, self.bought.bill(self.offers)).contribution

    def tell(self) -> None:
        """Report progress."""
        if self.listener is None:
            return
        bound, found = bound_fen(self.problem, self.pricer), self.contribution()
        gap = (bound - found) / max(bound - self.zero, 100)
        elapsed = time.monotonic() - self.began
        faults = tuple(self.placer.faults.told)
        if not self.listener(Progress(elapsed, self.work, REPLANNING, found, bound, gap, self.plan, faults)):
            self.stopped = True

    def plan(self) -> Plan:
        """Return the plan so far as tables."""
        self.contribution()
        s = self.settings
        head: dict[str, object] = {
            "freeze_date": self.freeze_date,
            "seed": s.seed,
            "work": self.work,
            "settings": f"replan move_fen={s.move_fen} time_s={s.time_s} work={s.work}",
            **self.placer.faults.head(),
        }
        return finish(self.cluster, self.problem, self.state, self.pricer, self.offers, self.bought.quantity, head)

    def result(self) -> Replanned:
        """Return the plan, what moved and why, and what is remembered."""
        made = self.plan()
        lifted = self.resumed.lots.filter(pl.col("why") != 0).height
        now, then = looks_of(made), self.base.looks or looks_of(self.base.plan)
        lost = self.base.plan["lot"].filter(pl.col("lot").is_in(list(self.lost)))
        told = moves(then, now, self.resumed.lots, lost)
        base = Base(self.cluster, made, self.pricer.known(), self.bought, self.base.memo, now)
        return Replanned(
            cluster=self.cluster,
            plan=made,
            moves=told,
            kept=self.resumed.lots.height - lifted,
            lifted=lifted,
            moved=self.placer.moved(),
            move_fen=self.settings.move_fen,
            priced=self.pricer.asked,
            base=base,
        )


def roomier(problem: Problem, plan: Plan) -> Flags:
    """Return which lines are new or have more minutes in some period than they had in an older plan."""
    now = same_periods(plan.periods, problem.periods)
    lines = pl.DataFrame({"line": list(problem.facts.lines), "l": np.arange(len(problem.facts.lines))})
    rows = plan["line_period"].join(lines, on="line", maintain_order="left")
    line, period = rows["l"].to_numpy(), now[rows["period"].to_numpy()]
    count = len(problem.periods)
    had: Ints = np.zeros((len(problem.facts.lines), count), np.int64)
    had[:, np.setdiff1d(np.arange(count), now)] = problem.facts.most.max(initial=0)
    here = period >= 0
    had[line[here], period[here]] = rows["most_mmin"].to_numpy()[here]
    more: Flags = np.asarray(problem.facts.most > had)
    return np.asarray(more.any(axis=1))


def on_lines(net: Net, state: State, lines: Flags) -> Ints:
    """Return the orders with a lot on one of the lines."""
    if not lines.any():
        return np.zeros(0, np.int64)
    mine: Flags = (state.lot_cand >= 0) & lines[net.cand_line[state.lot_cand]]
    return np.flatnonzero(mine.any(axis=(1, 2)))


def shifted_prices(problem: Problem, plan: Plan) -> Prices:
    """Return the prices of an older plan at the periods of a problem; what is new has none."""
    now = same_periods(plan.periods, problem.periods)
    number = pl.DataFrame({"period": np.arange(len(now)), "now": now}).cast(
        {"period": plan["price"].schema["period"], "now": plan["price"].schema["period"]}
    )
    rows = (
        plan["price"]
        .join(number, on="period", how="left", maintain_order="left")
        .with_columns(now=pl.when(pl.col("kind") == "cap").then("period").otherwise("now"))
        .filter(pl.col("now") >= 0)
        .with_columns(period=pl.col("now"))
        .drop("now")
    )
    prices = plan_prices(problem, Plan({**plan.frames, "price": rows}))
    falling = np.maximum.accumulate(prices.material[:, ::-1], axis=1)[:, ::-1]
    return prices._replace(material=np.ascontiguousarray(falling))
