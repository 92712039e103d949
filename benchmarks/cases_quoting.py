"""How fast quotes are against a planned sample, and how they stand beside a full replan and the rule of the office."""

from collections.abc import Iterable
from statistics import mean, median

from benchmarks.quoting_run import Beside, beside, office, prepared, quantile, quoted, replanned, searched, wrong
from benchmarks.registry import Row, Run, case

SECONDS = {"S": 20.0, "M": 60.0, "L": 200.0}
"""Time to plan, by size, s."""
REQUESTS = {"S": 15, "M": 230, "L": 1000}
EXACT = {"S": 20, "M": 5, "L": 1}
"""Offers that the referee computes anew."""
REPLANNED, FREE = 10, 3
"""Requests of S for which the plan is made anew around all other lots, and those for which all is free."""
TRIES, SEARCHED = 100, 100
"""Fills of the long search, and requests for which it is made."""


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
        Time of the live state and of a quote, quotes a second, exactness, and the other ways side by side.
    """
    found = prepared(run.size, SECONDS[run.size], REQUESTS[run.size])
    large = run.size == "L"
    yield Row("live state ready", "s", found.ready_s, at_most=3.0 if large else None, note="reading included")
    got = quoted(found)
    for name, seconds in (("a quote", got.seconds), ("a quote of a repeat, with a fourth aim", got.repeats)):
        if seconds:
            ms = [1000 * s for s in seconds]
            least = 5.0 if large and seconds is got.seconds else None
            note = f"of {len(ms)}"
            yield Row(f"{name}, median", "ms", quantile(ms, 0.5), at_most=least, low=min(ms), high=max(ms), note=note)
            yield Row(f"{name}, 99th percentile", "ms", quantile(ms, 0.99), at_most=20.0 if least else None)
    yield Row("quotes a second and core", "1/s", got.per_second, at_least=200.0 if large else None)
    fit = sum(bool(o) for o in got.offers)
    yield Row("requests that fit", "%", 100 * fit / len(got.offers), note=f"of {len(got.offers)}")
    yield Row("offers a request that fits", "offers", sum(map(len, got.offers)) / max(1, fit))
    yield Row(
        "offers that do not add what they promise", "offers", wrong(found, got.offers, EXACT[run.size]), at_most=0
    )
    yield from rows_beside("office rule", beside(got.offers, office(found)))
    long = searched(found, TRIES, SEARCHED)
    yield from rows_beside(f"search of {TRIES} fills", beside(got.offers[: len(long)], long))
    if run.size == "S":
        for name, count, stays in (
            ("replan around all other lots", REPLANNED, True),
            ("replan from nothing", FREE, False),
        ):
            yield from rows_beside(name, beside(*replanned(found, count, all_else_stays=stays)))


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
        Requests it finds a way for, on the same lines, as good as the quote or worse, and what a pair earns more by it.
    """
    yield Row(
        f"{name}: requests placed", "requests", other.found, note=f"{other.both} of them among {other.quoted} quoted"
    )
    if not other.both:
        return
    yield Row(f"{name}: on the same lines", "%", 100 * other.same / other.both)
    yield Row(f"{name}: no better than the quote", "%", 100 * other.as_good / other.both)
    more = other.more_fen_pair
    yield Row(
        f"{name}: a pair earns more by", "fen", mean(more), low=min(more), high=max(more), note="mean; negative: less"
    )
    yield Row(f"{name}: a pair earns more by, median", "fen", median(more))
