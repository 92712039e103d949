"""The worked numbers of docs/algorithms/quoting.md are those that the desk gives."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.quoting import Desk, Offer, Request, open_desk
from tests.golden import worked

NAME = "overtime_at_the_edge"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def case() -> tuple[Cluster, Plan]:
    """Return one worker, one week, and a plan that makes nothing."""
    cluster = worked.cluster(NAME)
    accepts = cluster["line_statement"].with_columns(mode=pl.lit("accept"), accept_pairs=pl.lit(1000, pl.Int64))
    approved = worked.parsed("policy", "name,key,value,verified\nsample_days,-,0,no")
    cluster = cluster.replace(line_statement=accepts, policy=pl.concat([cluster["policy"], approved], how="diagonal"))
    outcomes = worked.parsed("outcome", "order,outcome\nA,declined\nB,declined")
    periods = worked.table(worked.HERE / NAME / "plan_period.csv")
    return cluster, worked.claimed(cluster, worked.undecided(cluster, periods, {"outcome": outcomes}))


def ask(pairs: int, **more: object) -> Request:
    """Return a request for a style whose sample is approved already."""
    return Request.of({"request": "R", "buyer": "B1", "style": "P", "pairs": pairs, "tax_included": False, **more})


def only(desk: Desk, request: Request) -> Offer:
    """Return the only offer of a request."""
    (entry,) = desk.quote(request, NOON).entries
    return entry.offer


def test_first_and_second_request(tmp_path: Path, root: Path) -> None:
    desk = open_desk(*case(), tmp_path / "log")
    first = only(desk, ask(300))
    assert dict(first.items) == {"labour": 150_000, "overtime": 3_000, "margin": 18_360, "rounding": 8_640}
    assert (first.price, first.net_fen, first.contribution_fen) == (600, 600, 27_000)
    assert first.firm
    assert desk.accept(first.offer, NOON).done
    second = only(desk, ask(60))
    assert dict(second.items) == {"labour": 30_000, "overtime": 15_000, "margin": 5_400, "rounding": 600}
    assert (second.price, second.contribution_fen) == (850, 6_000)
    near = desk.quote(ask(61), NOON).nearest
    assert near is not None
    assert [(x.kind, x.id, x.pairs) for x in near.limits] == [("line", "lasting", 60)]
    assert near.ways == ()  # room for less than a hundred pairs is not read off an answer
    page = (root / "docs" / "algorithms" / "quoting.md").read_text(encoding="utf-8")
    for number in ("150,000", "18,360", "8,640", "27,000", "15,000", "5,400", "6,000"):
        assert number in page


def test_price_with_tax_credit_and_currency(tmp_path: Path, root: Path) -> None:
    cluster, plan = case()
    terms = worked.parsed("payment_term", "term,deposit_share,balance_days,counted_from\nT60,0.3,60,month_end")
    rates = worked.parsed("policy", "name,key,value,verified\nfx,USD,7.1,no\nterm_fen_pair,FOB,150,no")
    cluster = cluster.replace(payment_term=terms, policy=pl.concat([cluster["policy"], rates], how="diagonal"))
    plan = Plan.build({**plan.frames, "plan": plan["plan"].with_columns(cluster_hash=pl.lit(cluster.hash))})
    desk = open_desk(cluster, plan, tmp_path / "log")
    offer = only(desk, ask(300, currency="USD", price_term="FOB", payment_term="T60", tax_included=True))
    items = dict(offer.items)
    # (1 - 0.3) x (60 + 30) days x 6 % / 365 = 0.0103561...; 216,360 x that / (1 - that) = 2,264.1, rounded up
    assert items["carriage"] == 45_000
    assert items["credit"] == 2_265
    assert items["tax"] == 28_422
    assert (offer.price, offer.request.currency) == (120, "USD")
    assert sum(items.values()) == 120 * 300 * 71 // 10
    page = (root / "docs" / "algorithms" / "quoting.md").read_text(encoding="utf-8")
    for number in ("45,000", "2,265", "28,422", "1.20"):
        assert number in page
