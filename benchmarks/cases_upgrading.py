"""How fast all opportunities of a planned sample are valued, and how near the estimates come to the relaxation solved anew."""

import time
from collections.abc import Iterable

import numpy as np

from benchmarks.planning_run import SEED
from benchmarks.registry import Row, Run, case
from benchmarks.timing import time_it
from cordwainer.cluster import sample
from cordwainer.planning import Settings, plan, relaxed, remember
from cordwainer.upgrading import (
    PhaseOutSettings,
    RaiseSettings,
    Rules,
    Target,
    apply,
    catalogue,
    market,
    opportunities,
    phase_out,
    raise_cluster,
    there_is,
)

SECONDS = {"S": 10.0, "M": 60.0, "L": 300.0}
"""Time to plan, by size, s."""
MOST_S = {"M": 60.0, "L": 300.0}
BEST = 50
"""Opportunities that are checked."""
SEEDS = (1, 2, 3, 4, 5)
"""Samples S on which ways are compared."""
WORK = 2
"""Steps of every replan."""
FEN = 100
BUDGET_FEN = {"S": 200_000_000, "M": 1_000_000_000}
TARGETS = (("lines", 0.5), ("land", 0.2), ("solvent", 0.15))
SCHEME = "huangyan-2022"


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


@case("programme", sizes=("S", "M"))
def measure_programme(run: Run) -> Iterable[Row]:
    """Yield what a programme brings beside shortest payback first and an equal share, each planned again, and how long it takes."""
    for seed in SEEDS if run.size == "S" else (SEED,):
        cluster, known = sample(run.size, seed), catalogue()
        base = remember(cluster, plan(cluster, Settings(time_s=SECONDS[run.size])))
        district = {f: d for f, d in cluster["firm"].select("firm", "district").iter_rows() if d is not None}
        began = time.perf_counter()
        table = opportunities([market(cluster, base.plan, base=base)], known)
        settings = RaiseSettings(rounds=2, work=WORK)
        made = raise_cluster(base, known, table, district, Rules(BUDGET_FEN[run.size]), "contribution", settings)
        took = time.perf_counter() - began
        note = f"seed {seed}, payback first {made.by_payback.brings / FEN:,.0f}, equal share {made.equal_share.brings / FEN:,.0f}"
        best = max(made.by_payback.brings, made.equal_share.brings)
        yield Row("programme brings a year", "yuan", made.best.brings / FEN, at_least=best / FEN, note=note)
        yield Row("its gap to the bound", "%", 100 * made.gap, note=f"certified: {made.certified}")
        yield Row("programme, opportunities included", "s", took, at_most=900.0 if run.size == "M" else None)


@case("phase-out", sizes=("S", "M"))
def measure_phase_out(run: Run) -> Iterable[Row]:
    """Yield what a phase-out is worth beside the lowest grade first at the same target, each planned again, and how long it takes."""
    for seed in SEEDS if run.size == "S" else (SEED,):
        cluster, known = sample(run.size, seed), catalogue()
        base = remember(cluster, plan(cluster, Settings(time_s=SECONDS[run.size])))
        for kind, share in TARGETS:
            there = there_is(cluster, base.plan, kind, SCHEME)
            began = time.perf_counter()
            settings = PhaseOutSettings(work=WORK, rounds=3, tries=3)
            made = phase_out(base, known, Target(kind, share * there), SCHEME, settings)
            took, low = time.perf_counter() - began, made.lowest_first
            told = f"seed {seed}, {100 * share:.0f} % of {kind}; contribution {made.before.contribution_fen / FEN:,.0f} before"
            least = None if low is None else low.contribution_fen / FEN
            yield Row("contribution after", "yuan", made.best.contribution_fen / FEN, at_least=least, note=told)
            most = None if low is None else low.jobs_lost
            yield Row("jobs lost", "", made.best.jobs_lost, at_most=most, note=f"certified: {made.certified}")
            yield Row("phase-out", "s", took)
