"""Benchmarks of the hub: pages while twenty people are there, first paint, and a large import."""

import os
import shutil
import statistics
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from benchmarks.hub_run import Times, bring_in, crowd, first_paint, found, percentile, warm
from benchmarks.hub_server import Served
from benchmarks.registry import Row, Run, case

CROWD_S = 60.0
ROWS = 50_000
MEDIAN_S, SLOWEST_S, PAINT_S, IMPORT_S = 0.3, 1.0, 0.5, 20.0
_PAINTED = ("/plan/", "/plan/orders/", "/plan/load/")


@case("hub", sizes=("S", "M"))
def hub(run: Run) -> Iterable[Row]:
    """Measure what people wait for: a cluster of a size, planned, served by the program itself."""
    folder = os.environ.get("CORDWAINER_BENCH_HUB")
    if folder:  # a folder that is kept: founded by the first run, used again by later ones
        Path(folder).mkdir(parents=True, exist_ok=True)
        yield from _measured(run, Path(folder))
        return
    with TemporaryDirectory() as made:
        yield from _measured(run, Path(made))


def _measured(run: Run, folder: Path) -> Iterator[Row]:
    told = found(folder, run.size)
    served = Served(folder)
    served.start()
    try:
        cold = warm(served, told)
        times = crowd(served, told, CROWD_S)
        yield from rows_of(cold, times, told["orders"])
        planner = next(p["session"] for p in told["people"] if p["role"] == "planner")
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        if chromium:
            for path, seconds in first_paint(served, planner, list(_PAINTED), chromium).items():
                yield Row(
                    f"first paint of {path}",
                    "s",
                    seconds,
                    at_most=PAINT_S,
                    note="Chromium, 1280 × 800, nobody else there",
                )
        tried, brought, problems = bring_in(served, planner, orders_file(ROWS))
        note = f"{problems:,} problems listed"
        yield Row(f"import of {ROWS:,} rows: problems listed", "s", tried, at_most=IMPORT_S, note=note)
        yield Row(f"import of {ROWS:,} rows: good rows in", "s", brought)
    finally:
        served.stop()


def rows_of(cold: Times, times: Times, orders: int) -> Iterator[Row]:
    """Return the rows of all pages together and of each kind."""
    everything = times.all()
    note = f"{len(everything):,} pages in {CROWD_S:g} s, 20 people, {orders:,} orders; {len(times.wrong)} not answered with 200"
    for wrong in sorted(set(times.wrong)):
        print(wrong, file=sys.stderr)
    yield Row("all pages, median", "s", statistics.median(everything), at_most=MEDIAN_S, note=note)
    yield Row("all pages, 99th percentile", "s", percentile(everything, 0.99), at_most=SLOWEST_S)
    for kind, taken in sorted(times.by_page.items()):
        first = cold.by_page.get(kind)
        yield Row(
            kind,
            "s",
            statistics.median(taken),
            cold=max(first) if first else None,
            low=min(taken),
            high=percentile(taken, 0.99),
            note=f"{len(taken)} times; spread: fastest to 99th percentile",
        )


def orders_file(count: int) -> bytes:
    """Return a file of new orders of the sample, one in a hundred of them with a number of pairs that is none."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        lines = ["order,po,style,pairs,price,due_date"]
        lines += [f"N{k:06},PO,STYLE,{'many' if k % 100 == 0 else 100 + k % 900},120,2027-06-30" for k in range(count)]
        archive.writestr("order.csv", "\n".join(lines) + "\n")
    return packed.getvalue()
