"""Two worlds that differ only in a firm's secrets look the same, byte for byte, to every other firm and to the public."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from itertools import product
from typing import Any
from zipfile import ZipFile

import polars as pl
import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cordwainer.cluster import Cluster
from cordwainer.hub.pages import world
from tests.unit.hub.figures import graded_cluster, publish_graded
from tests.unit.hub.floor_world import NUMBERED, leave_floor, left_of
from tests.unit.hub.test_routes import pages
from tests.unit.hub.worlds import COMPETITOR, OPTIONS, PARTNER, with_rows

VALUES: dict[str, list[Any]] = {
    "lot": ["O000-1", "O001-1", "O005-1", "none"],
    "line": ["L00cu", "L01cu", "L05cu", "none"],
    "po": ["P1", "none"],
    "order": ["O000", "O005", "none"],
    "firm": ["F00", PARTNER, COMPETITOR, "none"],
    "table": ["line_statement", "worker_skill", "stock", "line_booked", "order", "none"],
    "name": ["orders", "places", "prices", "none"],
    "offer": [*OPTIONS, "none"],
    "number": [1, 99],
    "part": ["look-alikes", "chain", "people", "resilience", "none"],
    "unit": ["F00", PARTNER, COMPETITOR, "none"],
    "token": ["forged"],
    "sheet": ["late", "progress", "handovers", "claims", "statements", "none"],
    "statement": ["2026-03.desk.F00", f"2026-03.desk.{PARTNER}", f"2026-03.desk.{COMPETITOR}", "none"],
}
"""Values of what addresses name: the viewer's own, a partner's, a competitor's, nobody's."""
ALL_ROLES = ("maker", "buyer", "supplier", "inspector", "officer", "public")
_CHANGING = re.compile(rb'name="(?:csrfmiddlewaretoken|key)" value="[^"]*"')


def values(name: str, converter: object) -> list[Any]:
    """Return the values of a name that fit its converter."""
    whole = type(converter).__name__ == "IntConverter"
    return [v for v in VALUES[name] if isinstance(v, int) == whole]


def addresses() -> Iterator[str]:
    """Yield every address of the hub, with each of the values it may name."""
    for pattern in pages():
        converters = pattern.pattern.converters
        if not converters:
            yield reverse(pattern.name)
        if pattern.name in NUMBERED:
            yield from (reverse(pattern.name, args=[v]) for v in left_of(NUMBERED[pattern.name]))
            continue
        for named in product(*(values(name, c) for name, c in converters.items())) if converters else ():
            yield reverse(pattern.name, args=named)


def seen(client: Client) -> dict[str, tuple[int, bytes]]:
    """Return status and content of every address: what is drawn anew each time is taken out."""
    found = {}
    for address in addresses():
        answer = client.get(address)
        content = answer.content
        if content.startswith(b"PK"):
            with ZipFile(BytesIO(content)) as book:
                content = b"".join(book.read(n) for n in sorted(book.namelist()) if not n.startswith("docProps"))
        found[address] = (answer.status_code, _CHANGING.sub(b"", content))
    return found


def other(firm: str) -> Cluster:
    """Return the town's cluster with every secret of one maker another: asks, people, hours, skills, stock, bookings."""
    cluster = graded_cluster()
    number = firm[1:]
    mine = pl.col("line").str.starts_with(f"L{number}")

    def changed(column: str, by: float) -> pl.Expr:
        kind = cluster["line_statement"].schema[column]
        return pl.when(mine).then((pl.col(column) * by).cast(kind)).otherwise(column).alias(column)

    statements = cluster["line_statement"].with_columns(
        changed("people", 3), changed("fen_pair", 2), changed("pairs_day", 2), changed("hours_day", 0.5)
    )
    lines = cluster["line"].with_columns(pl.when(mine).then(5).otherwise("tier").alias("tier"))
    return with_rows(
        cluster.replace(line_statement=statements, line=lines),
        worker_skill=[{"firm": firm, "skill": "welt", "workers": 3}],
        stock=[{"holder": firm, "material": "cow-black", "usable_from": date(2026, 3, 2), "quantity": 5.0}],
        line_booked=[
            {"line": f"L{number}cu", "date_from": date(2026, 3, 2), "date_to": date(2026, 3, 8), "minutes": 600}
        ],
        tool=[{"tool": "t", "kind": "last", "code": "L1", "sets": 2, "pairs_day": 50, "owner": firm}],
    )


def world_seen(
    cluster: Cluster, language: str, roles: tuple[str, ...] = ALL_ROLES
) -> dict[str, dict[str, tuple[int, bytes]]]:
    """Return what each role sees in a world with its plan, offers and published means the same."""
    with transaction.atomic():
        town = publish_graded(date(2026, 3, 1), cluster)
        leave_floor()
        found = {role: seen(town.client(role, language)) for role in roles}
        transaction.set_rollback(True)
    world.forget()
    return found


@pytest.fixture(scope="module")
def plain(database: None) -> dict[str, dict[str, tuple[int, bytes]]]:
    """Return what each role sees in the world as it is, in English."""
    return world_seen(graded_cluster(), "en")


def unlike(one: dict[str, tuple[int, bytes]], two: dict[str, tuple[int, bytes]]) -> set[str]:
    """Return the addresses that look different."""
    assert one.keys() == two.keys()
    return {address for address, answer in one.items() if answer != two[address]}


def test_secrets_of_a_partner_show_nowhere(plain: dict[str, dict[str, tuple[int, bytes]]]) -> None:
    assert any(status == 200 and b"O000-1" in content for status, content in plain["maker"].values())
    changed = world_seen(other(PARTNER), "en")
    assert {role: unlike(plain[role], changed[role]) for role in ALL_ROLES} == {role: set() for role in ALL_ROLES}


def test_secrets_of_a_competitor_show_nowhere_in_chinese_either(database: None) -> None:
    here, there = world_seen(graded_cluster(), "zh"), world_seen(other(COMPETITOR), "zh")
    assert {role: unlike(here[role], there[role]) for role in ALL_ROLES} == {role: set() for role in ALL_ROLES}


def test_secrets_do_show_to_their_owner(plain: dict[str, dict[str, tuple[int, bytes]]]) -> None:
    changed = unlike(plain["maker"], world_seen(other("F00"), "en", ("maker",))["maker"])
    assert {"/firm/", "/firm/data/", "/firm/weeks/", "/firm/line/L00cu/"} <= changed
