"""What a change is worth: the best contribution after it less that before, as an interval.

Neither of the two is known. Three figures stand for their difference: the bound at the old prices (first order: it can only say too
much of a gain), the bounds once both are improved by the same steps, and the contributions of pairs of replans that begin with the same
plan and go the same course: the same lots let go, the same orders placed anew in the same sequence. What the search wins or loses by itself so
falls out of their difference. The interval holds what the last two say; where it holds 0, the change is too small to tell.
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
from cordwainer.planning import kept
from cordwainer.planning.replan import Base, ReplanSettings, Rerun, remember
from cordwainer.planning.result import bound_fen
from cordwainer.tasks import Cancelled, Executor, Listener

STUDENT = (math.inf, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
"""Student's t at 95 per cent, two-sided, by degrees of freedom from 0 (any table, such as Fisher and Yates 1963, table III)."""
NORMAL = 1.96
RESOLVED = 1e-5
"""Share of a bound within which it is never taken to be known."""
BATCH = 3
"""Changes that a worker values one after the other, so that what the plan needs is worked out once for them; fewer near the end, so that
no worker has three left while the others have none."""


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

    work: int = 3
    pairs: int = 4
    price_steps: int = 80
    seed: int = 1
    threads: int = 2


@dataclass(frozen=True)
class Bounds:
    """Bounds of one side, fen: at the old prices, half-way through the descent, and at its end."""

    first: int
    halfway: int
    last: int


@dataclass(frozen=True)
class Course:
    """What a replan did: the lots that it let go though their orders are there, and groups of orders placed anew, step by step."""

    let_go: frozenset[str]
    steps: tuple[tuple[tuple[str, ...], ...], ...]


@dataclass(frozen=True)
class Change:
    """What was found of one change: the bounds after it, and what replans of both sides reached, fen, a pair for each seed."""

    bounds: Bounds
    before: tuple[int, ...]
    after: tuple[int, ...]


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


def bounds_of(base: Base, cluster: Cluster, settings: ValueSettings) -> Bounds:
    """Return the bounds of a cluster from a plan's prices on."""
    run = _run(base, cluster, settings, settings.seed, settings.price_steps)
    first = bound_fen(run.problem, run.pricer)
    run.reprice()
    last = bound_fen(run.problem, run.pricer)
    return Bounds(first, last + round(run.lowered * abs(last)), last)


def reached(
    base: Base, cluster: Cluster, settings: ValueSettings, seed: int, course: Course | None = None
) -> tuple[int, Course]:
    """Return what a replan of a cluster reaches from a plan, fen, and its course.

    Parameters
    ----------
    course
        That of another replan, to be followed as far as orders and lots are there; None: as the search goes.
    """
    run = _run(base, cluster, settings, seed, 0, frozenset() if course is None else course.let_go)
    run.complete()
    while run.goes_on():
        run.improve(None if course is None else course.steps[run.work])
    lots = run.resumed.lots.filter(~pl.col("why").is_in([kept.KEPT, kept.NO_ORDER]))
    return run.contribution(), Course(frozenset(lots["lot"]), tuple(run.drawn))


def _run(
    base: Base,
    cluster: Cluster,
    settings: ValueSettings,
    seed: int,
    price_steps: int,
    let_go: frozenset[str] = frozenset(),
) -> Rerun:
    chosen = ReplanSettings(
        move_fen=0, work=settings.work, price_steps=price_steps, seed=seed, threads=settings.threads
    )
    return Rerun(base, cluster, chosen, None, let_go)


def change(base: Base, changed: Cluster, settings: ValueSettings) -> Change:
    """Return what is found of a change: bounds after it, and pairs of replans that go the same course."""
    # One side after the other: what was worked out of its tables is remembered until others are asked for.
    seeds = range(settings.seed, settings.seed + settings.pairs)
    after = [reached(base, changed, settings, seed) for seed in seeds]
    bounds = bounds_of(base, changed, settings)
    before = [
        reached(base, base.cluster, settings, seed, course)[0] for seed, (_, course) in zip(seeds, after, strict=True)
    ]
    return Change(bounds, tuple(before), tuple(found for found, _ in after))


def value(before: Bounds, found: Change) -> Value:
    """Return what lies between two sides, of which ``before`` are the bounds without the change."""
    after = found.bounds
    bounds = after.last - before.last
    moved = abs(bounds - (after.halfway - before.halfway))
    within = moved + math.ceil(RESOLVED * (abs(before.last) + abs(after.last)))
    pairs = tuple(b - a for a, b in zip(found.before, found.after, strict=True))
    middle, half = spread(pairs)
    low, high = min(bounds - within, middle - half), max(bounds + within, middle + half)
    least, most = max(found.after) - before.last, after.last - max(found.before)
    return Value(
        first_order=after.first - before.first,
        bounds=bounds,
        within=within,
        replans=pairs,
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
    return value(bounds_of(base, base.cluster, chosen), change(base, changed, chosen))


def values_of_changes(
    base: Base,
    changes: Sequence[Cluster],
    settings: ValueSettings | None = None,
    executor: Executor | None = None,
    listener: Listener | None = None,
) -> list[Value]:
    """Return what each of many changes is worth; the bounds before them are worked out once, each change for itself.

    With an ``executor`` (`cordwainer.tasks`) several at a time: the result does not depend on it. The plan must have its cluster's
    tables at hand, which are sent to every worker; of each change only the tables that differ are. The ``listener`` hears how many of
    the batches are done, and may stop them.

    Raises
    ------
    Cancelled
        If the listener stopped the work; its ``results`` are the values of changes that were done, by position.
    """
    chosen = settings or ValueSettings()
    before = bounds_of(base, base.cluster, chosen)
    if executor is None:
        return [value(before, change(base, changed, chosen)) for changed in changes]
    items = [{n: f for n, f in c.frames.items() if f is not base.cluster[n]} for c in changes]
    ends = _batches(len(items))
    batches = [items[begin:end] for begin, end in ends]
    plan = {name: base.plan[name] for name in base.plan.frames}
    try:
        found = executor.map(partial(_changes, dict(base.cluster.frames), plan, chosen), batches, listener)
    except Cancelled as stopped:
        done = ((ends[k][0], made) for k, made in stopped.results.items())
        stopped.results = {begin + i: value(before, one) for begin, made in done for i, one in enumerate(made)}
        raise
    return [value(before, one) for one in chain.from_iterable(found)]


def _batches(count: int) -> list[tuple[int, int]]:
    """Return begin and end of each batch of so many changes."""
    found, begin = list[tuple[int, int]](), 0
    while begin < count:
        size = max(1, min(BATCH, (count - begin) // (2 * BATCH)))
        found.append((begin, begin + size))
        begin += size
    return found


def _changes(
    frames: dict[str, pl.DataFrame],
    plan: dict[str, pl.DataFrame],
    settings: ValueSettings,
    changes: Sequence[dict[str, pl.DataFrame]],
) -> list[Change]:
    """Return what is found of some changes, from tables alone: what a worker process is given.

    What the plan needs is worked out once for all of them.
    """
    base = remember(Cluster(frames), Plan(plan), settings.threads)
    return [change(base, Cluster({**frames, **changed}), settings) for changed in changes]
