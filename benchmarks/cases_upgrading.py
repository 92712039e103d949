"""How fast all opportunities of a planned sample are valued, and how near the estimates come to the relaxation solved anew."""

from collections.abc import Iterable

import numpy as np

from benchmarks.planning_run import SEED
from benchmarks.registry import Row, Run, case
from benchmarks.timing import time_it
from cordwainer.cluster import sample
from cordwainer.planning import Settings, plan, relaxed
from cordwainer.upgrading import apply, catalogue, market, opportunities

SECONDS = {"S": 10.0, "M": 60.0, "L": 300.0}
"""Time to plan, by size, s."""
MOST_S = {"M": 60.0, "L": 300.0}
BEST = 50
"""Opportunities that are checked."""


@case("opportunities", sizes=("S", "M", "L"))
def measure_opportunities(run: Run) -> Iterable[Row]:
    """Yield the time that all opportunities take after a plan, and their number."""
    cluster, known = sample(run.size, SEED), catalogue()
    made = plan(cluster, Settings(time_s=SECONDS[run.size]))
    taken = time_it(lambda: opportunities([market(cluster, made)], known), min(3, run.repeats))
    yield taken.row("all opportunities after a plan", MOST_S.get(run.size))
    yield Row("opportunities", "rows", opportunities([market(cluster, made)], known).height)


@case("opportunities-checked", sizes=("S",))
def measure_checked(run: Run) -> Iterable[Row]:
    """Yield how the best-ranked estimates stand beside the relaxation solved anew, on both sides of each change.

    Measures of lines alone: for those of orders the price of what changed would be another one.
    """
    cluster, known = sample(run.size, SEED), catalogue()
    made = plan(cluster, Settings(time_s=SECONDS[run.size]))
    at = market(cluster, made)
    table = opportunities([at], known).sort("cluster_fen", "firm", "measure", descending=[True, False, False])
    lines = [r for r in table.iter_rows(named=True) if not known.measures[r["measure"]].of_orders][:BEST]
    before = relaxed(cluster, made, at.memo)
    said, true = [], []
    for row in lines:
        changed = apply(known.measures[row["measure"]], row["firm"], cluster, made.periods[0].start)
        after = relaxed(changed, made, at.memo, start=before.prices, known=before.routes)
        said.append(row["cluster_fen"] / at.year / 100)
        true.append(after.value - before.value)
    rank = [np.argsort(np.argsort(x)) for x in (said, true)]
    error = np.abs(np.array(said) - true) / np.maximum(1.0, np.abs(true))
    yield Row("rank correlation with the relaxation", "", float(np.corrcoef(rank[0], rank[1])[0, 1]), at_least=0.8)
    yield Row("median error", "%", 100 * float(np.median(error)), at_most=25, note=f"of {len(lines)}")
