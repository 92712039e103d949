"""Two worlds that differ only in what a maker asks and has: brands and other makers get the same answers, byte for byte."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from django.conf import settings
from django.db import transaction

from cordwainer.cluster import Cluster
from cordwainer.hub.models import Option
from cordwainer.hub.pages import world
from cordwainer.hub.store.desk import forget_desks
from tests.unit.hub.desk_world import Clock, desk_cluster, found_desk
from tests.unit.hub.worlds import with_rows

_DRAWN = re.compile(rb'name="(?:csrfmiddlewaretoken|key)" value="[^"]*"')
ASKED = (
    {"style": "Y1", "pairs": "300"},
    {"style": "Y1", "pairs": "many"},
    {"construction": "goodyear", "category": "boot", "tier": "4", "pairs": "200"},
)


def dearer(firm: str) -> Cluster:
    """Return the town of the desk with a maker that asks a tenth more and has leather and skills of its own.

    Whether the plan would lose by an offer, and so by the nearest thing that would fit, is the one bit of decision 8: what
    nothing fits is not asked here.
    """
    cluster = desk_cluster()
    mine = pl.col("line").str.starts_with(f"L{firm[1:]}")
    asks = pl.when(mine).then(pl.col("fen_pair") * 11 // 10).otherwise("fen_pair").alias("fen_pair")
    return with_rows(
        cluster.replace(line_statement=cluster["line_statement"].with_columns(asks)),
        worker_skill=[{"firm": firm, "skill": "welt", "workers": 3}],
        stock=[{"holder": firm, "material": "cow-black", "usable_from": date(2026, 3, 2), "quantity": 5.0}],
    )


def answers(cluster: Cluster, log: Path) -> list[tuple[int, bytes]]:
    """Return what the brand and the maker that is asked read, with the steps from enquiry to order between."""
    settings.OFFERS_LOG = log
    forget_desks()
    with transaction.atomic():
        town = found_desk(date(2026, 3, 1), cluster)
        brand, maker = town.client("buyer"), town.client("maker", "zh")
        found = []
        for k, form in enumerate(ASKED):
            sent = brand.post("/firm/enquiries/new/", {**form, "key": str(k)})
            found.append((sent.status_code, sent.content))
            if sent.status_code == 302:
                found.append((0, brand.get(sent.url).content))
        offer = Option.objects.order_by("pk")[0].offer
        address = f"/firm/asked/{offer}/"
        found += [(0, maker.get(address).content), (maker.post(address, {"answer": "yes"}).status_code, b"")]
        page = f"/firm/enquiries/{Option.objects.get(offer=offer).enquiry_id}/"
        for step in ("hold", "order", "order", "release"):
            done = brand.post(page, {"offer": offer, "step": step})
            found += [(done.status_code, done.content), (0, brand.get(page).content)]
        found += [
            (0, brand.get(a).content) for a in ("/firm/", "/firm/enquiries/", "/firm/data/", "/firm/enquiries/new/")
        ]
        found += [(0, maker.get(a).content) for a in ("/firm/", "/firm/offers/", "/firm/money/", address)]
        transaction.set_rollback(True)
    forget_desks()
    world.forget()
    return [(status, _DRAWN.sub(b"", content)) for status, content in found]


def test_what_a_maker_asks_and_has_changes_no_answer_to_others(
    database: None, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "OFFERS_LOG", tmp_path / "none")
    here = answers(desk_cluster(), tmp_path / "here.log")
    there = answers(dearer("F07"), tmp_path / "there.log")
    assert [k for k, (a, b) in enumerate(zip(here, there, strict=True)) if a != b] == []
    assert [status for status, _ in here].count(302) >= 6
