"""How long the tables of a cluster take to become the arrays that planning computes on."""

from collections.abc import Iterable

from benchmarks.registry import Row, Run, case
from benchmarks.timing import time_it
from cordwainer.cluster import sample
from cordwainer.planning import Settings, limits, plan_periods
from cordwainer.planning.bound import purchase_points
from cordwainer.planning.build import build
from cordwainer.planning.largest import largest_needs
from cordwainer.planning.problem import index_of

BUILT_IN = {"L": 5.0}
"""Seconds that the arrays may take, by size."""


@case("build", sizes=("S", "M", "L"))
def measure_build(run: Run) -> Iterable[Row]:
    """Measure building the problem, and what else a plan needs before its first prices."""
    assert run.size in ("S", "M", "L")
    cluster = sample(run.size, 1)
    periods = plan_periods(cluster, Settings())
    problem = build(cluster, periods, None)
    net, materials = problem.net, index_of(problem.materials)
    note = f"{len(net.cand_line):,} candidates in {len(net.cand_ptr) - 1:,} lists for {len(net.job_list):,} jobs"
    yield time_it(lambda: build(cluster, periods, None), run.repeats).row("build", BUILT_IN.get(run.size), note)
    offers = limits.offer_periods(cluster, materials, periods)
    yield time_it(lambda: limits.offer_periods(cluster, materials, periods), run.repeats).row("offers")
    largest = largest_needs(net, problem.frozen.need)
    yield time_it(lambda: largest_needs(net, problem.frozen.need), run.repeats).row("largest needs")
    yield time_it(lambda: purchase_points(offers, largest), run.repeats).row("turning points of purchases")
