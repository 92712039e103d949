"""Does a plan hold: many seeded worlds in which minutes, hands and leather are not as planned, and how many orders stay on time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text
from cordwainer.planning import limits
from cordwainer.planning.build import build
from cordwainer.planning.problem import Flags, Floats, Ints, Problem, Rows, Small, index_of
from cordwainer.planning.standing import planned_rows
from cordwainer.planning.value import spread
from cordwainer.planning.worlds import Tasks, carry_out, latest

AFTER = 8
"""Periods after the plan in which what was put off may still be made, with the hours of the plan's last ones."""


@dataclass(frozen=True, slots=True)
class Worlds:
    """What is not as planned.

    Parameters
    ----------
    count
        Number of worlds.
    minutes
        True minutes of each order and stage lie evenly between the planned ones less and more this share.
    absence
        Mean share of a line's minutes that is absent in a period; it lies evenly between nothing and twice this.
    standstill
        Probability that a line does not work at all in a period.
    late
        Probability that a delivery (a purchase, or goods already under way) is late.
    late_periods
        Periods by which it is late at most, evenly from one on.
    seed
        Seed of the first world; the others follow from it.
    """

    count: int = 200
    minutes: float = 0.4
    absence: float = 0.05
    standstill: float = 0.01
    late: float = 0.15
    late_periods: int = 2
    seed: int = 1


@dataclass(frozen=True)
class Stress:
    """How a plan holds.

    ``shares`` are orders on time over orders with lots, by world; ``mean`` their mean, ``low`` and ``high`` its interval at 95 per
    cent. ``planned`` is that share as planned, ``still`` the share when nothing is other than planned (the dispatch alone).
    ``orders`` has order, on_time (share of worlds) and days_late (mean), the shakiest first. ``net_gap`` is that of the plan.
    """

    shares: Floats
    mean: float
    low: float
    high: float
    planned: float
    still: float
    orders: pl.DataFrame
    net_gap: float

    @property
    def told(self) -> Text:
        """The result in words."""
        return Text(
            "{mean} % of the orders are on time (95 %: {low} to {high} %), over {n} worlds; {planned} % as planned; net gap {gap} %.",
            "{n} 个情景中按时的订单占 {mean} %（95 % 区间 {low} 至 {high} %）；计划本身为 {planned} %；净差距 {gap} %。",
        ).format(
            mean=f"{100 * self.mean:.1f}",
            low=f"{100 * self.low:.1f}",
            high=f"{100 * self.high:.1f}",
            n=len(self.shares),
            planned=f"{100 * self.planned:.1f}",
            gap=f"{100 * self.net_gap:.2f}",
        )


def stress(cluster: Cluster, plan: Plan, worlds: Worlds | None = None) -> Stress:
    """Return how a plan holds in many worlds."""
    chosen = worlds or Worlds()
    problem = build(cluster, plan.periods, plan.head["freeze_date"])
    tasks, steps = tasks_of(problem, plan)
    due = last_on_time(problem)
    made = np.unique(tasks.order)
    calm = _Supplies.of(problem, plan)
    T = len(problem.periods) + AFTER
    reach = longer_reach(problem, T)
    on_time, days = np.zeros((chosen.count, len(problem.orders)), np.bool_), np.zeros(len(problem.orders))
    ends = _ends(problem, T)

    def ready(factor: Floats, room: Floats, arriving: Floats) -> Ints:
        done = np.zeros((len(tasks.pairs), T), np.int32)
        carry_out(tasks, steps, factor, room, arriving, reach, done)
        return latest(tasks, done, len(problem.orders))

    guesses = int(tasks.guess.max(initial=-1)) + 1
    room = longer_room(problem, T)
    still = ready(np.ones(guesses), room, calm.arriving(T, None, chosen))
    for w in range(chosen.count):
        rng = np.random.default_rng([chosen.seed, w])
        factor = rng.uniform(1 - chosen.minutes, 1 + chosen.minutes, guesses)
        there = 1 - rng.uniform(0, 2 * chosen.absence, room.shape)
        there *= rng.uniform(size=room.shape) >= chosen.standstill
        end = ready(factor, room * there, calm.arriving(T, rng, chosen))
        on_time[w] = end <= due
        days += np.maximum(0, ends[end + 1] - ends[np.minimum(due, T) + 1])
    planned = plan["order_plan"].filter(pl.col("pairs_in_lots") > 0)["late_days"].fill_null(0)
    shares = on_time[:, made].mean(axis=1) if len(made) else np.ones(chosen.count)
    mean, half = spread(shares.tolist())
    told = pl.DataFrame(
        {
            "order": [problem.orders[o] for o in made],
            "on_time": on_time[:, made].mean(axis=0),
            "days_late": days[made] / max(1, chosen.count),
        }
    ).sort("on_time", "order")
    return Stress(
        shares=shares,
        mean=mean,
        low=max(0.0, mean - half),
        high=min(1.0, mean + half),
        planned=int((planned == 0).sum()) / len(planned) if len(planned) else 1.0,
        still=float((still <= due)[made].mean()) if len(made) else 1.0,
        orders=told,
        net_gap=plan.net_gap,
    )


def tasks_of(problem: Problem, plan: Plan) -> tuple[Tasks, int]:
    """Return the work of a plan as tasks, frozen lots included, and the number of lot-stages."""
    net, free, frozen = problem.net, planned_rows(problem, plan), problem.frozen.rows
    base = plan["lot"].height
    rows = Rows(*[np.concatenate([a, b]) for a, b in zip(vars(free).values(), vars(frozen).values(), strict=True)])
    lot = np.concatenate([free.lot, base + frozen.lot])
    key, step = np.unique(lot * (len(net.job_list) + 1) + rows.job, return_inverse=True)
    job, of = key % (len(net.job_list) + 1), key // (len(net.job_list) + 1)
    order = np.searchsorted(net.job_ptr, job, side="right") - 1
    line = np.zeros(len(key), np.int64)
    line[step] = rows.line
    depth = _depths(problem)
    due = problem.late_days[rows.order].argmax(axis=1)
    rank = np.lexsort((rows.order, due, rows.period, depth[rows.job]))
    ptr, before, lag = _before(problem, job, of, order, line)
    need_ptr, material, need = _needs(problem, job, line)
    return (
        Tasks(
            step=step[rank].astype(np.int64),
            order=rows.order[rank],
            line=rows.line[rank],
            planned=rows.period[rank],
            pairs=rows.pairs[rank],
            minutes=np.maximum(1, rows.minutes[rank]).astype(np.float64),
            last=net.job_next[rows.job[rank]] < 0,
            before_ptr=ptr,
            before=before,
            lag=lag,
            need_ptr=need_ptr,
            material=material,
            need=need,
            guess=rows.job[rank],
        ),
        len(key),
    )


def _depths(problem: Problem) -> Ints:
    """Return how many stages come before each job at most."""
    net = problem.net
    depth = np.zeros(len(net.job_list), np.int64)
    begin = np.repeat(net.job_ptr[:-1], np.diff(net.job_ptr))
    for _ in range(int(np.diff(net.job_ptr).max(initial=1))):
        has = np.flatnonzero(net.job_next >= 0)
        np.maximum.at(depth, begin[has] + net.job_next[has], depth[has] + 1)
    return depth


def _before(problem: Problem, job: Ints, lot: Ints, order: Ints, line: Ints) -> tuple[Ints, Ints, Ints]:
    """Return pointers, lot-stages before each lot-stage, and the code of the lag (-1: none)."""
    net = problem.net
    number = {(int(a), int(b)): i for i, (a, b) in enumerate(zip(lot, job, strict=True))}
    found: list[list[tuple[int, int]]] = [[] for _ in job]
    for i, (a, j, o) in enumerate(zip(lot.tolist(), job.tolist(), order.tolist(), strict=True)):
        if net.job_next[j] >= 0:
            after = number.get((a, int(net.job_ptr[o] + net.job_next[j])))
            if after is not None:
                here, there = line[i], line[after]
                code = int(net.move_lag[net.line_district[here], net.line_district[there]])
                found[after].append((i, -1 if net.line_firm[here] == net.line_firm[there] else code))
    ptr = np.concatenate([[0], np.cumsum([len(f) for f in found])]).astype(np.int64)
    flat = np.array([x for f in found for x in f], np.int64).reshape(-1, 2)
    return ptr, np.ascontiguousarray(flat[:, 0]), np.ascontiguousarray(flat[:, 1])


def _needs(problem: Problem, job: Ints, line: Ints) -> tuple[Ints, Ints, Floats]:
    """Return pointers, materials and needs a pair of each lot-stage."""
    net = problem.net
    sj = net.job_sj[job]
    count = (net.sj_need_ptr[sj + 1] - net.sj_need_ptr[sj]).astype(np.int64)
    ptr = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    who = np.repeat(np.arange(len(job)), count)
    k = net.sj_need_ptr[sj[who]] + np.arange(len(who)) - ptr[who]
    return ptr, net.sj_need_material[k].astype(np.int64), net.sj_need[k, net.line_defect[line[who]]].astype(np.float64)


def last_on_time(problem: Problem) -> Ints:
    """Return the last period of each order that is on time; beyond the plan where nothing is ever late in it."""
    late = problem.late_days > 0
    return np.where(late.any(axis=1), late.argmax(axis=1) - 1, len(problem.periods) + AFTER)


def _ends(problem: Problem, T: int) -> Ints:
    """Return the day on which each period ends, counted from the first day of the plan; the day before it comes first.

    Periods after the plan are as long as its last one; work that is never made counts as made one period after them.
    """
    days = [p.days for p in problem.periods]
    days += [days[-1]] * (T + 1 - len(days))
    return np.concatenate([[0], np.cumsum(days)]).astype(np.int64)


def longer_reach(problem: Problem, T: int) -> Small:
    """Return arrivals by lag code, with as many periods after the plan as are needed, each as the last one of the plan."""
    reach, periods = problem.net.reach, problem.net.reach.shape[1]
    more = reach[:, -1:] + np.arange(1, T - periods + 1)
    return np.concatenate([reach, more.astype(np.int32)], axis=1).astype(np.int32)


def longer_room(problem: Problem, T: int) -> Floats:
    """Return all minutes of lines, frozen lots not taken off, and after the plan those of its last periods on average."""
    most = problem.facts.most.astype(np.float64)
    tail = most[:, -min(4, most.shape[1]) :].mean(axis=1, keepdims=True)
    return np.concatenate([most, np.repeat(tail, T - most.shape[1], axis=1)], axis=1)


@dataclass(frozen=True)
class _Supplies:
    """Deliveries: material, first usable period and quantity (micro units); ``ready`` ones are there from the beginning."""

    material: Ints
    usable: Ints
    quantity: Floats
    ready: Flags
    materials: int

    @staticmethod
    def of(problem: Problem, plan: Plan) -> _Supplies:
        materials = index_of(problem.materials)
        offers = limits.offer_periods(problem.cluster, materials, problem.periods)
        at = {(name, int(w)): i for i, (name, w) in enumerate(zip(offers.offer, offers.period, strict=True))}
        rows = [
            (int(offers.material[i]), int(offers.usable[i]), 1000.0 * q, False)
            for name, w, q in plan["purchase"].select("offer", "period", "quantity_milli").iter_rows()
            if (i := at.get((name, w))) is not None
        ]
        stock = limits.stock_by_period(problem.cluster, materials, problem.periods)
        rows += [(int(m), int(t), 1000.0 * stock[m, t], bool(t == 0)) for m, t in zip(*np.nonzero(stock), strict=True)]
        columns = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
        return _Supplies(
            np.array(columns[0], np.int64),
            np.array(columns[1], np.int64),
            np.array(columns[2], np.float64),
            np.array(columns[3], np.bool_),
            len(materials),
        )

    def arriving(self, T: int, rng: np.random.Generator | None, worlds: Worlds) -> Floats:
        """Return what comes in each period, M x T; without ``rng`` all of it in time."""
        when = self.usable.copy()
        if rng is not None:
            late = (rng.uniform(size=len(when)) < worlds.late) & ~self.ready
            when += np.where(late, rng.integers(1, max(1, worlds.late_periods) + 1, len(when)), 0)
        found = np.zeros((self.materials, T))
        here = when < T
        np.add.at(found, (self.material[here], when[here]), self.quantity[here])
        return found
