"""The programme with the plan in the loop: predict, choose, plan again, correct, choose anew.

Measures are reckoned one by one at the prices of the plan before; together they compete for the same orders, and prices fall. So the cluster
with all that was chosen is planned again. At the prices of that plan every measure is worth another amount, mostly less: the mean of both
ends stands for what it brings among the others (the trapezium under a price that falls), scaled so that the chosen ones sum to what
planning again showed. With that the choice is made anew. The best that was planned counts, never the best that was reckoned.

As contribution is concave in what lines can do, the reckoning at the prices before says at least what any programme brings: the bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text, UserError
from cordwainer.planning import Base, ReplanSettings, replan
from cordwainer.referee import judge
from cordwainer.upgrading.goals import COLUMN, GOALS, Standings, standings, with_goals
from cordwainer.upgrading.market import market
from cordwainer.upgrading.measure import Catalogue
from cordwainer.upgrading.opportunities import opportunities
from cordwainer.upgrading.programme import Programme, Rules, by_payback, choose, equal_share
from cordwainer.upgrading.proving import carried_out
from cordwainer.upgrading.tangents import market_of_plan

_LEAST_SHARE = 0.05
_KG = 1000


@dataclass(frozen=True, slots=True)
class RaiseSettings:
    """``rounds`` of choosing and planning again; steps of ``work`` of every replan, ``seed`` and ``threads``."""

    rounds: int = 3
    work: int = 3
    seed: int = 1
    threads: int = 2


@dataclass(frozen=True)
class Raised:
    """A programme planned again: what it was reckoned to bring of the goal, and what it brings.

    ``said`` and ``brings`` are in fen of a year (present value: fen; carbon: g a year; jobs: places; local share: pairs a year reckoned, share
    brought). ``standings`` are those of its plan.
    """

    programme: Programme
    said: float
    brings: float
    contribution_gain_fen: float
    standings: Standings
    cluster: Cluster
    plan: Plan


@dataclass(frozen=True)
class RaisedCluster:
    """The programme found, the ways of offices at the same budget, the plan before, and what each round said and brought.

    ``bound`` is what no programme brings more than, by the prices before; ``certified`` whether the referee found nothing wrong
    with the plans before and after.
    """

    goal: str
    before: Standings
    before_plan: Plan
    best: Raised
    by_payback: Raised
    equal_share: Raised
    course: tuple[tuple[float, float], ...]
    bound: float
    certified: bool
    table: pl.DataFrame

    @property
    def gap(self) -> float:
        """By how much the programme may fall short of the best, share of the bound."""
        return max(0.0, self.bound - self.best.brings) / max(1.0, abs(self.bound))


class Loop:
    """Carries programmes out and plans them again from one plan."""

    def __init__(self, base: Base, known: Catalogue, goal: str, settings: RaiseSettings) -> None:
        if goal not in GOALS:
            raise UserError(
                "no-such-goal",
                Text(f"There is no goal {goal}.", f"没有目标 {goal}。"),
                Text(f"Use one of: {', '.join(GOALS)}.", f"可选：{'、'.join(GOALS)}。"),
            )
        self.base, self.known, self.goal, self.settings = base, known, goal, settings
        self.year = 365 / sum(p.days for p in base.plan.periods)
        self.before_plan = self._replanned(base.cluster)
        self.before = standings(base.cluster, self.before_plan)

    def _replanned(self, cluster: Cluster) -> Plan:
        s = self.settings
        again = ReplanSettings(move_fen=0, work=s.work, seed=s.seed, threads=s.threads)
        return replan(self.base, cluster, again).plan

    def raised(self, one: Programme) -> Raised:
        """Return a programme planned again."""
        after = carried_out(self.base.cluster, self.known, one, self.base.plan.periods[0].start)
        plan = self._replanned(after)
        now = standings(after, plan)
        gain = self.year * (now.contribution - self.before.contribution)
        column = COLUMN[self.goal]
        said = float(one.rows[column].sum()) if column in one.rows.columns else 0.0
        return Raised(one, said, self._brings(one, now, gain), gain, now, after, plan)

    def _brings(self, one: Programme, now: Standings, gain: float) -> float:
        """Return what a programme brings of the goal, in the unit of the goal's column."""
        match self.goal:
            case "contribution":
                return gain
            case "value_added":
                return self.year * (now.value_added - self.before.value_added)
            case "carbon":
                return self.year * (self.before.carbon - now.carbon)
            case "jobs":
                return now.jobs - self.before.jobs
            case "local_share":
                return now.local_share - self.before.local_share
        told = float(one.rows["cluster_fen"].sum())
        share = gain / told if told else 1.0
        return float((one.rows["npv_fen"] - one.rows["cluster_fen"] * life_factor(one.rows) * (1 - share)).sum())


def life_factor(rows: pl.DataFrame) -> pl.Series:
    """Return what a fen a year is worth today over the life of each measure."""
    yearly = (rows["cluster_fen"] + rows["firm_fen"]).cast(pl.Float64)
    return ((rows["npv_fen"] + rows["capital_fen"]) / yearly).fill_nan(0.0).replace([float("inf"), -float("inf")], 0.0)


def raise_cluster(
    base: Base,
    known: Catalogue,
    table: pl.DataFrame,
    district: Mapping[str, str],
    rules: Rules,
    goal: str = "npv",
    settings: RaiseSettings | None = None,
) -> RaisedCluster:
    """Return the programme that lifts a goal most, as planned again, beside shortest payback first and an equal share.

    Parameters
    ----------
    table
        Opportunities of the plan (`opportunities`).

    Raises
    ------
    UserError
        If there is no such goal, no budget, no measure, or the limits of fairness cannot be kept; the nearest that can is told.
    """
    s = settings or RaiseSettings()
    loop = Loop(base, known, goal, s)
    column = COLUMN[goal]
    now = with_goals(market(base.cluster, base.plan, None, base), known, table, (goal,))
    estimate, found, course, bound = now, list[Raised](), list[tuple[float, float]](), 0.0
    for k in range(s.rounds):
        one = choose(estimate, known, district, rules, column)
        if k == 0:
            bound = float(one.bound_fen)
        if any(_same(one, r.programme) for r in found):
            break
        made = loop.raised(one)
        found.append(made)
        course.append((made.said, made.brings))
        estimate = corrected(loop, now, made)
    best = max(found, key=lambda r: r.brings)
    ways = [loop.raised(w(now, known, rules.budget_fen, column)) for w in (by_payback, equal_share)]
    certified = judge(base.cluster, loop.before_plan).certified and judge(best.cluster, best.plan).certified
    if goal in ("local_share", "jobs"):
        bound = best.brings  # what is reckoned of these counts one firm's lines alone: it is no bound
    return RaisedCluster(
        goal=goal,
        before=loop.before,
        before_plan=loop.before_plan,
        best=best,
        by_payback=ways[0],
        equal_share=ways[1],
        course=tuple(course),
        bound=max(bound, best.brings),
        certified=certified,
        table=now,
    )


def _same(a: Programme, b: Programme) -> bool:
    keys = ["firm", "measure"]
    return a.rows.select(keys).sort(keys).equals(b.rows.select(keys).sort(keys))


def corrected(loop: Loop, table: pl.DataFrame, made: Raised) -> pl.DataFrame:
    """Return the estimates corrected by a plan made again.

    Each measure counts the mean of its worth before and after, in proportion to what the chosen ones really bring.
    """
    at = market_of_plan(loop.base, made.plan)
    then = opportunities([at], loop.known).select("firm", "measure", then="cluster_fen")
    mean = table.join(then, on=["firm", "measure"], how="left", maintain_order="left").with_columns(
        mean=(pl.col("cluster_fen") + pl.col("then").fill_null(pl.col("cluster_fen"))) / 2
    )
    chosen = mean.join(made.programme.rows, on=["firm", "measure"], how="semi")
    told = float(chosen["mean"].sum())
    scale = max(_LEAST_SHARE, made.contribution_gain_fen / told) if told > 0 else 1.0
    mine = pl.struct("firm", "measure").is_in(
        made.programme.rows.select(pl.struct("firm", "measure")).to_series().implode()
    )
    fixed = mean.with_columns(
        fixed=(pl.col("mean") * pl.when(mine).then(scale).otherwise(min(1.0, scale))).round(0).cast(pl.Int64)
    )
    factor = life_factor(fixed)
    lower = fixed["fixed"] - fixed["cluster_fen"]
    changes = {"cluster_fen": fixed["fixed"], "npv_fen": (fixed["npv_fen"] + lower * factor).round(0).cast(pl.Int64)}
    if "value_added_fen" in fixed.columns:
        changes["value_added_fen"] = fixed["value_added_fen"] + lower
    return fixed.with_columns(**changes).drop("then", "mean", "fixed")


@dataclass(frozen=True)
class FrontierPoint:
    """A programme for a weight between two goals (0: the first alone, 1: the second alone), planned again."""

    weight: float
    raised: Raised


def frontier(
    base: Base,
    known: Catalogue,
    table: pl.DataFrame,
    district: Mapping[str, str],
    rules: Rules,
    goals: tuple[str, str],
    points: int = 5,
    settings: RaiseSettings | None = None,
) -> list[FrontierPoint]:
    """Return programmes from the best for one goal to the best for another, each planned again.

    Each goal counts in proportion to the most that is reckoned to be had of it under the budget.
    """
    s = settings or RaiseSettings()
    loops = [Loop(base, known, g, s) for g in goals]
    now = with_goals(market(base.cluster, base.plan, None, base), known, table, goals)
    most = [max(1.0, float(choose(now, known, district, rules, COLUMN[g]).worth_fen)) for g in goals]
    found: list[FrontierPoint] = []
    for k in range(points):
        weight = k / max(1, points - 1)
        both = zip((1 - weight, weight), most, goals, strict=True)
        mixed = pl.sum_horizontal((share / top) * pl.col(COLUMN[g]) for share, top, g in both)
        one = choose(
            now.with_columns(mixed_fen=(1e9 * mixed).round(0).cast(pl.Int64)), known, district, rules, "mixed_fen"
        )
        same: Sequence[FrontierPoint] = [p for p in found if _same(p.raised.programme, one)]
        found.append(FrontierPoint(weight, same[0].raised if same else loops[0].raised(one)))
    return found
