"""How fast a city is graded, look-alikes are found among 20,000 styles, and all nodes of a cluster are shaken."""

import resource
import sys
import time
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.registry import Row, Run, case
from benchmarks.timing import time_it
from cordwainer.assessment import (
    Shock,
    evaluate,
    evaluated,
    facts,
    neighbours,
    read_scheme,
    resilience,
    styles_of,
    years_of,
)
from cordwainer.assessment.silhouettes import SIDE, packed
from cordwainer.cluster import Cluster, SampleSize, sample
from cordwainer.planning import Settings, ValueSettings, plan
from cordwainer.tasks import Listener, ProcessExecutor, Progress

SEED = 1
CITY = 8358
"""Firms: as many as the census of 2023 counts in leather and shoes."""
STYLES = 20_000
SCHEMES = ("huangyan-2022", "wenling-parks-2022", "ruian-like", "min-max")


_IDS = {
    "firm": ("firm",),
    "firm_role": ("firm",),
    "site": ("site", "firm", "parcel"),
    "parcel": ("parcel", "holder"),
    "group_member": ("group", "firm"),
    "figure": ("unit",),
}
"""Tables that grading reads, with their ids."""


def city() -> Cluster:
    """Return a cluster of as many firms as the city has: two samples side by side, with few orders."""
    halves = [sample(SampleSize(CITY // 2, 200, 12), seed) for seed in (SEED, SEED + 1)]
    frames = dict(halves[0].frames)
    for table, ids in _IDS.items():
        other = halves[1][table].with_columns((pl.lit("X") + pl.col(c)).alias(c) for c in ids)
        frames[table] = pl.concat([frames[table], other])
    return Cluster(frames)


@case("grading")
def measure_grading(run: Run) -> Iterable[Row]:
    """Yield the time to grade a city over ten years by each scheme: from tables, and from arrays."""
    cluster = city()
    years = years_of(cluster)
    for name in SCHEMES:
        scheme = read_scheme(name)
        given = facts(cluster, scheme, years)
        note = f"{len(given.unit):,} units, {len(years)} years"
        yield time_it(lambda s=scheme: evaluate(cluster, s, years), run.repeats).row(f"{name}: from tables", 0.5, note)  # type: ignore[misc]
        yield time_it(lambda s=scheme, g=given: evaluated(s, g), run.repeats).row(f"{name}: from arrays")  # type: ignore[misc]


def drawn_outlines(rng: np.random.Generator) -> list[npt.NDArray[np.uint64]]:
    """Return an outline for each of the styles: what lies below a wavy line, another one for each style."""
    x = np.linspace(0, 2 * np.pi, SIDE)
    high, turn = rng.normal(0, 4, (STYLES, 3, 1)), rng.uniform(0, 2 * np.pi, (STYLES, 3, 1))
    heights = 16 + (high * np.sin(np.array([[1], [2], [3]]) * x + turn)).sum(axis=1)
    return [packed(np.arange(SIDE)[::-1, None] < height) for height in heights]


@case("look-alikes")
def measure_lookalikes(run: Run) -> Iterable[Row]:
    """Yield the time to find the eight nearest of each of 20,000 styles, and the memory that it takes."""
    drawn = sample("L", SEED)["style"]
    rng = np.random.default_rng(SEED)
    at = np.resize(np.arange(drawn.height), STYLES)
    frame = drawn[at.tolist()].with_columns(
        pl.Series(c, drawn[c].gather(rng.permutation(at)))
        for c in ("last", "sole", "upper_material", "colour", "closure")
    )
    frame = frame.with_columns(style=pl.format("Y{}", pl.int_range(STYLES)))
    plain = styles_of(frame)
    for workers in (1, 2):
        taken = time_it(lambda w=workers: neighbours(plain, workers=w), min(3, run.repeats))  # type: ignore[misc]
        yield taken.row(f"20,000 styles, {workers} threads", 10.0)
    pictured = styles_of(frame, outlines=dict(zip(frame["style"], drawn_outlines(rng), strict=True)))
    for workers in (1, 2):
        taken = time_it(lambda w=workers: neighbours(pictured, workers=w), min(3, run.repeats))  # type: ignore[misc]
        yield taken.row(f"the same with outlines, {workers} threads", 10.0)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Row(
        "peak of the whole process", "MiB", peak, at_most=2048, note="with the sample L, imports and compiled code"
    )


@case("resilience", sizes=("S", "M"))
def measure_resilience(run: Run) -> Iterable[Row]:
    """Yield the time to shake all nodes of a planned sample: by prices, and the 50 worst certified with two processes."""
    cluster = sample(run.size, SEED)
    made = plan(cluster, Settings(time_s=60.0 if run.size == "M" else 10.0))
    told = _told_every(20.0)
    values = ValueSettings(work=3, pairs=3, price_steps=80, threads=1)  # as the command has them
    for worst, most in ((0, None), (50, 900.0 if run.size == "M" else None)):
        began, spent = time.monotonic(), _processor_s()
        with ProcessExecutor(2, hasty=True) as executor:
            found = resilience(cluster, made, Shock(), worst, values, executor, told)
        took = time.monotonic() - began
        note = f"{found.frame.height} events; {_processor_s() - spent:,.0f} s of processor; gap of the plan {made.net_gap:.1%}"
        yield Row(f"{found.certified} certified, the rest by prices", "s", took, at_most=most, note=note)


def _told_every(seconds: float) -> Listener:
    """Return a listener that writes how far the work is every so many seconds."""
    at = 0.0

    def listen(progress: Progress) -> bool:
        nonlocal at
        if not at <= progress.elapsed_s < at + seconds:
            at = progress.elapsed_s
            print(f"  {at:5.0f} s  {progress.done}/{progress.total} events", file=sys.stderr, flush=True)
        return True

    return listen


def _processor_s() -> float:
    """Return the processor seconds of this process and of those that it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)
