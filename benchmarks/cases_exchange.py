"""Benchmarks of reading, checking and writing clusters."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.registry import Row, Run, case
from benchmarks.timing import time_it
from cordwainer.cluster import check, dictionary, sample
from cordwainer.exchange import FORMATS, Format, read_cluster, write_cluster
from cordwainer.exchange.sources import gather

TARGETS: dict[str, dict[Format, float]] = {"L": {"parquet": 1.0, "csv": 3.0}}
"""Seconds that reading may take at most."""

CHECK_TARGETS = {"L": 3.0}


@case("exchange", sizes=("S", "M", "L"))
def exchange(run: Run) -> Iterable[Row]:
    """Measure reading into typed tables, checking, reading with checks, and writing, in each format."""
    assert run.size in ("S", "M", "L")
    cluster = sample(run.size, 1)
    rows = sum(frame.height for frame in cluster.frames.values())
    specs = dictionary.cluster_tables()
    yield time_it(lambda: check(cluster.frames), run.repeats).row(
        "check", CHECK_TARGETS.get(run.size), f"{rows:,} rows in all tables"
    )
    with TemporaryDirectory() as folder:
        for form in FORMATS:
            path = Path(folder) / ("cluster.xlsx" if form == "excel" else form)
            repeats = 1 if form == "excel" and run.size == "L" else run.repeats
            written = time_it(lambda p=path, f=form: write_cluster(cluster, p, f), 1)  # type: ignore[misc]
            yield written.row(f"write {form}")
            target = TARGETS.get(run.size, {}).get(form)
            yield time_it(lambda p=path: gather(p, specs), repeats).row(f"read {form}", target)  # type: ignore[misc]
            assert read_cluster(path).cluster.hash == cluster.hash
            whole = time_it(lambda p=path: read_cluster(p), repeats)  # type: ignore[misc]
            yield whole.row(f"read and check {form}")
