"""What a change is worth: the best contribution after it less that before, as an interval.

Neither of the two is known. Three figures stand for their difference: the bound at the old prices (first order: it can only say too
much of a gain), the bounds once both are improved by the same steps, and the contributions of pairs of replans that begin with the same
plan, seed and work. The interval holds what the last two say; where it holds 0, the change is too small to tell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text
from cordwainer.planning.replan import Base, ReplanSettings, Rerun, remember
from cordwainer.planning.result import bound_fen
from cordwainer.tasks import Executor, Listener

STUDENT = (math.inf, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
"""Student's t at 95 per cent, two-sided, by degrees of freedom from 0 (any table, such as Fisher and Yates 1963, table III)."""
NORMAL = 1.96
RESOLVED = 1e-5
"""Share of a bound within which it is never taken to be known."""
BATCH = 3
"""Changes that a worker values one after the other, so that what the plan needs is worked out once for them."""


@dataclass(frozen=True, slots=True)
class ValueSettings:
    """Settings of a valuation.

    Parameters
    ----------
    work
        Steps of improvement of every replan.
    pairs
        Pairs of replans, each with a seed of its own; with one alone their spread is unknown.
    price_steps
        Steps by which the prices of both sides are improved.
    seed
        First seed.
    threads
        Threads of one replan.
    """

    work: int = 4
    pairs: int = 3
    price_steps: int = 80
    seed: int = 1
    threads: int = 2


@dataclass(frozen=True)
class Side:
    """One side of the comparison, in fen: contributions by seed, bound at the old prices, bound re-solved, and within what."""

    contributions: tuple[int, ...]
    first_bound: int
    bound: int
    within: int


@dataclass(frozen=True)
class Value:
    """What a change is worth, in fen.

    ``first_order`` is the difference of the bounds at the old prices, ``bounds`` that of the bounds re-solved, known within ``within``;
    ``replans`` those of the pairs of replans. ``low`` and ``high`` hold what bounds and replans say, replans with 95 per cent;
    ``least`` and ``most`` are certain: no plan of either side can be worse than the one found, nor better than its bound.
    """

    first_order: int
    bounds: int
    within: int
    replans: tuple[int, ...]
    low: int
    high: int
    least: int
    most: int

    @property
    def too_small(self) -> bool:
        """Whether the interval holds 0, so that not even the sign can be told."""
        return self.low <= 0 <= self.high

    @property
    def told(self) -> Text:
        """The result in words."""
        words = {"low": f"{self.low / 100:+,.2f}", "high": f"{self.high / 100:+,.2f}"}
        if self.too_small:
            return Text(
                "Too small to tell: between {low} and {high} yuan.", "影响太小，无法判断：在 {low} 与 {high} 元之间。"
            ).format(**words)
        return Text("Worth between {low} and {high} yuan.", "价值在 {low} 与 {high} 元之间。").format(**words)


def side(base: Base, cluster: Cluster, settings: ValueSettings) -> Side:
    """Return what replans of a cluster reach from a plan, and its bound."""
    found, first, last, within = [], 0, 0, 0
    for i in range(settings.pairs):
        steps = settings.price_steps if i == 0 else 0
        chosen = ReplanSettings(
            move_fen=0, work=settings.work, price_steps=steps, seed=settings.seed + i, threads=settings.threads
        )
        run = Rerun(base, cluster, chosen, None)
        if i == 0:
            first = bound_fen(run.problem, run.pricer)
        run.complete()
        while run.goes_on():
            run.improve()
        found.append(run.contribution())
        run.reprice()
        if i == 0:
            last = bound_fen(run.problem, run.pricer)
            within = math.ceil(max(RESOLVED, run.lowered) * abs(last))
    return Side(tuple(found), first, last, within)


def value(before: Side, after: Side) -> Value:
    """Return what lies between two sides."""
    bounds, within = after.bound - before.bound, after.within + before.within
    replans = tuple(b - a for a, b in zip(before.contributions, after.contributions, strict=True))
    middle, half = spread(replans)
    low, high = min(bounds - within, middle - half), max(bounds + within, middle + half)
    least, most = max(after.contributions) - before.bound, after.bound - max(before.contributions)
    return Value(
        first_order=after.first_bound - before.first_bound,
        bounds=bounds,
        within=within,
        replans=replans,
        low=math.floor(min(max(low, least), most)),
        high=math.ceil(max(min(high, most), least)),
        least=least,
        most=most,
    )


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Return the mean of values and half the width of its interval at 95 per cent; infinite for one value."""
    n = len(values)
    t = STUDENT[n - 1] if n <= len(STUDENT) else NORMAL
    deviation = float(np.std(values, ddof=1)) if n > 1 else 1.0
    return float(np.mean(values)), (t * deviation / math.sqrt(n) if deviation else 0.0)


def value_of_change(base: Base, changed: Cluster, settings: ValueSettings | None = None) -> Value:
    """Return what a change of a planned cluster is worth.

    Parameters
    ----------
    base
        The plan before, with its prices.
    changed
        The cluster after the change.
    """
    chosen = settings or ValueSettings()
    return value(side(base, base.cluster, chosen), side(base, changed, chosen))


def values_of_changes(
    base: Base,
    changes: Sequence[Cluster],
    settings: ValueSettings | None = None,
    executor: Executor | None = None,
    listener: Listener | None = None,
) -> list[Value]:
    """Return what each of many changes is worth; the side before them is worked out once, the others each for itself.

    With an ``executor`` (`cordwainer.tasks`) several at a time: the result does not depend on it. The plan must have its cluster's
    tables at hand, which are sent to every worker; of each change only the tables that differ are. The ``listener`` hears how many of
    the batches are done, and may stop them.

    Raises
    ------
    Cancelled
        If the listener stopped the work.
    """
    chosen = settings or ValueSettings()
    items = [{}, *({n: f for n, f in c.frames.items() if f is not base.cluster[n]} for c in changes)]
    batches = [items[i : i + BATCH] for i in range(0, len(items), BATCH)]
    if executor is None:
        found = [[side(base, Cluster({**base.cluster.frames, **i}), chosen) for i in batch] for batch in batches]
    else:
        plan = {name: base.plan[name] for name in base.plan.frames}
        found = executor.map(partial(_sides, dict(base.cluster.frames), plan, chosen), batches, listener)
    before, *after = chain.from_iterable(found)
    return [value(before, one) for one in after]


def _sides(
    frames: dict[str, pl.DataFrame],
    plan: dict[str, pl.DataFrame],
    settings: ValueSettings,
    changes: Sequence[dict[str, pl.DataFrame]],
) -> list[Side]:
    """Return some sides, from tables alone: what a worker process is given. What the plan needs is worked out once for all of them."""
    base = remember(Cluster(frames), Plan(plan), settings.threads)
    return [side(base, Cluster({**frames, **changed}), settings) for changed in changes]
