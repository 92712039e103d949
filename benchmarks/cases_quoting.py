"""How fast quotes are against a planned sample, and how they stand beside a full replan and the rule of the office."""

from collections.abc import Iterable

from benchmarks.quoting_run import Beside, beside, office, prepared, quantile, quoted, replanned, wrong
from benchmarks.registry import Row, Run, case

SECONDS = {"S": 20.0, "M": 60.0, "L": 300.0}
"""Time to plan, by size, s."""
REQUESTS = {"S": 15, "M": 230, "L": 1000}
EXACT = {"S": 20, "M": 5, "L": 1}
"""Offers that the referee computes anew."""
REPLANNED_S = 10.0
"""Time of a full replan of S, s."""


@case("quoting", sizes=("S", "M", "L"))
def measure_quoting(run: Run) -> Iterable[Row]:
    """Yield how fast and how good quotes are.

    Parameters
    ----------
    run
        The size.

    Yields
    ------
    Row
        Time of the live state and of a quote, quotes a second, exactness, and the two other ways side by side.
    """
    found = prepared(run.size, SECONDS[run.size], REQUESTS[run.size])
    large = run.size == "L"
    yield Row("live state ready", "s", found.ready_s, at_most=3.0 if large else None, note="reading included")
    got = quoted(found)
    ms = [1000 * s for s in got.seconds]
    yield Row("a quote, median", "ms", quantile(ms, 0.5), at_most=5.0 if large else None, low=min(ms), high=max(ms))
    yield Row("a quote, 99th percentile", "ms", quantile(ms, 0.99), at_most=20.0 if large else None)
    yield Row("quotes a second and core", "1/s", got.per_second, at_least=200.0 if large else None)
    fit = sum(bool(o) for o in got.offers)
    yield Row("requests that fit", "%", 100 * fit / len(got.offers), note=f"of {len(got.offers)}")
    yield Row("offers a request that fits", "offers", sum(map(len, got.offers)) / max(1, fit))
    yield Row(
        "offers that do not add what they promise", "offers", wrong(found, got.offers, EXACT[run.size]), at_most=0
    )
    yield from rows_beside("office rule", beside(got.offers, *office(found, got.offers)))
    if run.size == "S":
        truth = replanned(found, got.offers, REPLANNED_S)
        yield from rows_beside("full replan", beside(got.offers, [None] * len(truth), truth))


def rows_beside(name: str, other: Beside) -> Iterable[Row]:
    """Yield how another way stands beside the quotes.

    Parameters
    ----------
    name
        What the way is called.
    other
        What it found.

    Yields
    ------
    Row
        Requests it finds a way for, with the same lines, and what a pair earns more by it.
    """
    yield Row(f"{name}: requests placed", "requests", other.found)
    yield Row(f"{name}: on the same lines", "requests", other.same)
    yield Row(f"{name}: a pair earns more by", "fen", other.better_fen_pair, note="median; negative: less")
