"""How fast the sample is made, how it stands beside the published figures, and how hard it is to plan."""

from collections.abc import Iterable, Mapping

from benchmarks.office import office_rule, with_many_lines
from benchmarks.registry import Row, Run, case
from benchmarks.timing import time_it
from cordwainer.cluster import sample, sample_comparison, sample_hardness
from cordwainer.planning import Settings, plan

SEED = 1
SECONDS = {"S": 30.0, "M": 180.0, "L": 900.0}
MADE_IN = {"S": 1.0, "M": 3.0, "L": 20.0}
ELIGIBLE = {"M": 20.0, "L": 150.0}
MANY = 50
LEAST = {"orders_above_line_week": 0.3, "line_weeks_priced": 0.25, "orders_across_districts": 0.3}
LEAST_TOO = {"materials_binding": 0.1, "caps_binding": 3.0}
MOST = {"orders_one_maker": 0.2, "value_breaks_out_of_reach": 0.2}


@case("sample", sizes=("S", "M", "L"))
def measure_sample(run: Run) -> Iterable[Row]:
    """Yield the time to make a sample, its distance from the published figures, and its hardness from tables."""
    yield time_it(lambda: sample(run.size, SEED), run.repeats).row("made in", at_most=MADE_IN[run.size])
    cluster = sample(run.size, SEED)
    if run.size == "L":
        for row in sample_comparison(cluster).iter_rows(named=True):
            yield Row(
                f"off the published: {row['label_en']}", "share", abs(row["difference"]), at_most=row["tolerance"]
            )
    yield from rows_of_hardness(sample_hardness(cluster), run.size)


@case("hardness", sizes=("S", "M", "L"))
def measure_hardness(run: Run) -> Iterable[Row]:
    """Yield what a plan shows of the sample's hardness, beside the office rule and lines without end."""
    cluster = sample(run.size, SEED)
    settings = Settings(time_s=SECONDS[run.size])
    best = plan(cluster, settings)
    worth = int(best["plan"]["contribution_fen"].item())
    known = sample_hardness(cluster)
    shown = {k: v for k, v in sample_hardness(cluster, best).items() if k not in known}
    yield from rows_of_hardness(shown, run.size)
    free = plan(with_many_lines(cluster, MANY), settings)
    more = int(free["plan"]["contribution_fen"].item()) / worth - 1
    yield Row("contribution with lines without end, above the plan", "share", more, at_least=0.15)
    office = 1 - office_rule(cluster, settings) / worth
    yield Row("office rule, below the plan", "share", office, at_least=0.1)


def rows_of_hardness(found: Mapping[str, float], size: str) -> Iterable[Row]:
    """Yield each measure of hardness with the target that it must reach.

    Parameters
    ----------
    found
        Measures by name, as of `sample_hardness`.
    size
        S, M or L; eligible lines have targets for M and L only.

    Yields
    ------
    Row
        One for each measure.
    """
    least = LEAST | LEAST_TOO | ({"eligible_lines_median": ELIGIBLE[size]} if size in ELIGIBLE else {})
    for name, value in found.items():
        unit = "lines" if name == "eligible_lines_median" else "caps" if name == "caps_binding" else "share"
        yield Row(name.replace("_", " "), unit, value, at_least=least.get(name), at_most=MOST.get(name))
