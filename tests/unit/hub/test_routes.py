"""Every address, every role, and whose the thing is that the address names: each with the answer it must have."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cordwainer.hub.models import Batch, Change, Enquiry, GradingRun
from tests.unit.hub.floor_world import NUMBERED, leave_floor, left_of
from tests.unit.hub.worlds import OPTIONS, ROLES, Town

TABLE = Path(__file__).with_name("routes.csv")
RELATIONS = ("own", "partner", "competitor", "nobody")
ALL_ROLES = ("public", *ROLES)
NAMED = {
    "lot": ("O000-1", "O001-1", "O005-1", "none"),
    "line": ("L00cu", "L01cu", "L05cu", "none"),
    "po": ("P1", "P1", "P1", "none"),
    "order": ("O000", "O001", "O005", "none"),
    "firm": ("F00", "F01", "F05", "none"),
    "table": ("line", "line", "line", "none"),
    "name": ("orders", "orders", "orders", "none"),
    "offer": (*OPTIONS, "none"),
    "part": ("look-alikes", "chain", "people", "none"),
    "unit": ("F00", "F01", "F05", "none"),
    "token": ("none", "none", "none", "none"),
    "sheet": ("late", "handovers", "statements", "none"),
    "statement": ("2026-03.desk.F00", "2026-03.desk.F01", "2026-03.desk.F05", "none"),
    "number": (1, 1, 1, 10**9),
}
"""What an address names: the maker's own, a partner's, a competitor's, nobody's."""


def pages() -> list[URLPattern]:
    """Return the patterns of all pages."""
    api, found = "api", get_resolver().url_patterns
    assert [p.namespace for p in found if isinstance(p, URLResolver)] == [api]
    return [p for p in found if isinstance(p, URLPattern)]


def routes() -> Iterator[tuple[str, str]]:
    """Yield method and name of every route; those of the API have a table of their own."""
    for pattern in pages():
        for method in pattern.callback.methods:
            yield method, pattern.name


def _run() -> GradingRun:
    """Return the run that was frozen first."""
    return GradingRun.objects.earliest("pk")


def addresses(name: str, town: Town) -> list[str]:
    """Return the address of a route for each relation; one for all where it names nothing."""
    pattern = next(p for p in pages() if p.name == name)
    named = list(pattern.pattern.converters)
    if not named:
        return [reverse(name)] * len(RELATIONS)
    if name in NUMBERED:
        return [reverse(name, args=[v]) for v in left_of(NUMBERED[name])]
    number = _number(name, town)
    if name in ("enquiry", "desk-enquiry"):
        own, *others = Enquiry.objects.order_by("pk").values_list("pk", flat=True)
        return [reverse(name, args=[v]) for v in (own, *others, 10**9)]
    if name == "office-run-unit":
        return [reverse(name, args=[_run().pk, unit]) for unit in NAMED["unit"]]
    if name in ("office-run", "own-figures"):
        number = _run().pk
    if len(named) > 1:
        return [reverse(name, args=of) for of in zip(*(NAMED[n] for n in named), strict=True)]
    numbers = (number, number, number, 10**9)
    return [reverse(name, args=[v]) for v in (numbers if named[0] == "number" else NAMED[named[0]])]


def _number(name: str, town: Town) -> int:
    """Return the number of what an address names."""
    if name.startswith("import"):
        return int(Batch.objects.get().pk)
    return int(Change.objects.order_by("pk")[0].pk) if name == "change" else int(town.run.pk)


def expected() -> dict[tuple[str, str, str], tuple[str, ...]]:
    """Return the answers that the table asks for by method, route and role."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(r["method"], r["route"], r["role"]): tuple(r[x] for x in RELATIONS) for r in csv.DictReader(file)}


def test_the_table_has_every_route_and_role_and_no_other() -> None:
    assert set(expected()) == {(method, name, role) for method, name in routes() for role in ALL_ROLES}


@pytest.mark.parametrize("role", ALL_ROLES)
def test_answers_are_those_of_the_table(graded_town: Town, role: str) -> None:
    table, wrong = expected(), []
    leave_floor()
    for method, name in routes():
        named = addresses(name, graded_town)
        told = {
            address: graded_town.client(role).generic(method, address).status_code for address in dict.fromkeys(named)
        }
        for address, relation, answer in zip(named, RELATIONS, table[method, name, role], strict=True):
            if str(told[address]) != answer:
                wrong.append(f"{method} {name} {role} {relation}: {told[address]} instead of {answer}")
    assert wrong == []


def test_wrong_methods_are_refused(graded_town: Town) -> None:
    leave_floor()
    for method, name in routes():
        if method == "GET":
            assert graded_town.client("planner").delete(addresses(name, graded_town)[0]).status_code in (404, 405), name
