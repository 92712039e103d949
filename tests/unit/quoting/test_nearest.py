"""Where nothing fits, the answer names what is tightest and what would fit; what it names does fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from cordwainer.cluster import Cluster, Plan
from cordwainer.quoting import Nearest, Quoter, Request, live_of
from cordwainer.quoting.nearest import nearest, tightest
from tests.unit.quoting import desk


def plain(quoter: Quoter) -> Request:
    """Return a first order that fits."""
    return next(r for r in desk.asks(40) if not r.repeat_of and not r.approval_needed and quoter.quote(r))


def told(quoter: Quoter, request: Request) -> Nearest:
    """Return what is said of a request that nothing fits; every way that is named leads to an offer."""
    assert quoter.quote(request) == []
    found = nearest(quoter, request)
    assert found.limits
    assert [x.pairs for x in found.limits] == sorted(x.pairs for x in found.limits)
    for way in found.ways:
        asked = way.offer.request
        assert sum(lot.pairs for lot in way.offer.lots) == asked.pairs
        assert quoter.quote(replace(asked, request="again"))
    return found


def test_too_many_pairs() -> None:
    quoter = desk.quoter()
    request = plain(quoter)
    one, other = sorted(quoter.asking.meant.run(quoter.asking.recipe(request).category, None))[:2]
    sizes = {one: 400_000, other: 500_000}
    found = told(quoter, replace(request, sizes=sizes, pairs=900_000))
    (way,) = [w for w in found.ways if w.wish == "fewer"]
    asked = way.offer.request
    assert sum(asked.sizes.values()) == asked.pairs == int(way.what)
    assert asked.pairs % 100 == 0
    assert abs(asked.sizes[one] * 5 - asked.sizes[other] * 4) <= 9
    assert all(x.pairs < 900_000 for x in found.limits)


def test_too_soon() -> None:
    quoter = desk.quoter()
    request = replace(plain(quoter), by=quoter.live.today + timedelta(days=1))
    found = told(quoter, request)
    assert found.limits[0].kind == "date"
    (way,) = [w for w in found.ways if w.wish == "later"]
    assert request.by is not None
    assert way.offer.ready > request.by


def test_a_certificate_that_nobody_holds() -> None:
    quoter = desk.quoter()
    found = told(quoter, replace(plain(quoter), standards=(("unheard of", None),)))
    assert (found.limits[0].kind, found.limits[0].id) == ("nobody", "finishing")
    assert ("standard", "unheard of") in {(w.wish, w.what) for w in found.ways}


def test_sites_that_are_not_approved() -> None:
    quoter = desk.quoter()
    cluster = desk.planned()[0]
    stranger = next(f for f in cluster["firm"]["firm"] if f not in set(cluster["buyer_approval"]["buyer"]))
    found = told(quoter, replace(plain(quoter), buyer=stranger, approval_needed=True))
    assert found.limits[0].kind == "nobody"
    assert "approval" in {w.wish for w in found.ways}


def test_makers_that_do_not_do_it() -> None:
    quoter = desk.quoter()
    cluster = desk.planned()[0]
    supplier = cluster["firm_role"].filter(role="supplier")["firm"][0]
    found = told(quoter, replace(plain(quoter), named=(supplier,)))
    assert ("named", supplier) in {(w.wish, w.what) for w in found.ways}


@pytest.mark.parametrize("kind", ["material", "cap", "tool", "line"])
def test_what_is_used_up_is_named(kind: str) -> None:
    case: tuple[Cluster, Plan] = desk.planned()
    live = live_of(*case)
    quoter = Quoter(live)
    request = plain(quoter)
    if kind == "tool":
        request = next(r for r in desk.asks(60) if len(quoter.asking.asked(live, r).net.job_tool_row))
    room = {
        "material": live.room.material,
        "cap": live.room.cap,
        "tool": live.room.tool,
        "line": live.room.line,
    }[kind]
    np.minimum(room, 0, out=room)
    found = nearest(quoter, request)
    assert quoter.quote(request) == []
    assert kind in {x.kind for x in found.limits}
    assert found.limits[0].pairs == 0


def test_people_with_a_skill_are_counted() -> None:
    quoter = desk.quoter()
    live = quoter.live
    request = next(r for r in desk.asks(60) if any(quoter.asking.recipe(r).skill))
    asked = quoter.asking.asked(live, request)
    np.minimum(live.room.skill, 0, out=live.room.skill)
    s = next(i for i, k in enumerate(asked.recipe.skill) if k is not None)
    rows = live.ground.limits.skill_row[live.ground.lines.firm[asked.stages[s].line], asked.net.sj_skill[s]]
    free = live.room.line[asked.stages[s].line][rows < 0][:, asked.first : asked.last + 1]
    pairs = np.maximum(0, free) // asked.stages[s].m[rows < 0][:, None]
    told_of = tightest(quoter, replace(asked, request=replace(request, pairs=10**6, sizes={})))
    assert ("skill", asked.recipe.skill[s], int(pairs.sum())) in {(x.kind, x.id, x.pairs) for x in told_of}
