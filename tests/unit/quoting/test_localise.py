"""Bring it home: what is said of an order made outside is true when it is placed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.quoting import BY, CAUSES, Offer, Quoter, cluster_with, homes_view, live_of, localise, plan_with, summed
from cordwainer.quoting.localise import cheapest, request_of
from tests.unit.quoting import desk
from tests.unit.quoting.test_live import arrays_of


def test_rows_are_the_orders_made_outside() -> None:
    cluster, plan = desk.planned()
    homes = localise(Quoter(live_of(cluster, plan)))
    assert homes.height > 5
    inside = plan["order_plan"].select("order", "pairs_in_lots")
    away = (
        cluster["order"]
        .join(inside, on="order")
        .join(plan["outcome"], on="order")
        .filter(
            pl.col("pairs") > pl.col("pairs_in_lots"),
            pl.col("made_at").is_not_null() | pl.col("outcome").is_in(["outside", "mixed"]),
        )
    )
    assert homes["order"].sort().to_list() == away["order"].sort().to_list()
    assert dict(homes.select("order", "pairs").iter_rows()) == {
        o: n - done for o, n, done in away.select("order", "pairs", "pairs_in_lots").iter_rows()
    }
    assert set(homes["cause"]) <= set(CAUSES)
    assert set(homes["cause"]) & {"price", "none"}


def test_needed_price_and_worth_are_those_of_the_offer() -> None:
    cluster, plan = desk.planned()
    quoter = Quoter(live_of(cluster, plan))
    homes = localise(quoter)
    orders = {r["order"]: r for r in cluster["order"].join(cluster["purchase_order"], on="po").iter_rows(named=True)}
    seen = 0
    for home in homes.filter(pl.col("cause").is_in(["none", "price"])).iter_rows(named=True):
        row = orders[home["order"]] | {"away": home["pairs"]}
        standards = cluster["order_requirement"].filter(order=home["order"]).select("standard", "stage").rows()
        makers = cluster["order_maker"].filter(order=home["order"]).select("firm", "rule").rows()
        found = cheapest(quoter, request_of(row, standards, makers))
        assert found is not None
        offer = quoter.offered(found, "home")
        assert home["ready"] == offer.ready <= home["due"]
        # At the price now, less nothing it earns outside, it is worth what the referee says it adds.
        named = replace(offer.named("HOME"), price=row["price"])
        made = plan_with(cluster_with(cluster, [named]), plan, [named])
        added = made.head["contribution_fen"] - plan.head["contribution_fen"]
        if home["outcome"] != "outside":
            assert home["worth_fen"] == added
        assert (home["cause"] == "price") == (home["needed_fen"] > home["price_fen"])
        seen += 1
    assert seen


def away(count: int) -> tuple[Cluster, Plan]:
    """Return the sample with a plan from which some of the orders that it makes were taken out, as if made outside."""
    cluster, plan = desk.planned()
    names = (
        plan["outcome"].filter(outcome="placed").join(plan["lot"], on="order", how="semi")["order"].sort().head(count)
    )
    maker = cluster["outside_maker"]["maker"][0]
    gone = pl.col("order").is_in(names.implode())
    order = cluster["order"].with_columns(made_at=pl.when(gone).then(pl.lit(maker)).otherwise("made_at"))
    cluster = cluster.replace(order=order)
    lots = plan["lot"].filter(gone)["lot"].implode()
    left = {t: plan[t].filter(~pl.col("lot").is_in(lots)) for t in ("lot", "lot_line", "work")}
    outcome = plan["outcome"].with_columns(
        outcome=pl.when(gone).then(pl.lit("declined")).otherwise("outcome").cast(plan["outcome"].schema["outcome"])
    )
    return cluster, plan_with(cluster, Plan.build({**plan.frames, **left, "outcome": outcome}), [])


def test_orders_brought_home_together_add_up_to_what_the_referee_says() -> None:
    cluster, plan = away(12)
    quoter = Quoter(live_of(cluster, plan))
    before = arrays_of(quoter.live)
    homes = localise(quoter)
    assert all(np.array_equal(a, b) for a, b in zip(before, arrays_of(quoter.live), strict=True))
    assert homes.filter(pl.col("worth_fen") <= 0)["together_fen"].sum() == 0
    assert (
        homes["together_fen"] != homes["worth_fen"].clip(lower_bound=0)
    ).any()  # some take what others would have had
    orders = {r["order"]: r for r in cluster["order"].join(cluster["purchase_order"], on="po").iter_rows(named=True)}
    offers: list[Offer] = []
    owed = 0
    ranked = homes.filter(
        pl.col("worth_fen") > 0, pl.col("outcome") != "outside", pl.col("cause").is_in(["none", "price"])
    )
    for home in ranked.sort("worth_fen", "order", descending=[True, False]).head(4).iter_rows(named=True):
        row = orders[home["order"]] | {"away": home["pairs"]}
        standards = cluster["order_requirement"].filter(order=home["order"]).select("standard", "stage").rows()
        makers = cluster["order_maker"].filter(order=home["order"]).select("firm", "rule").rows()
        found = cheapest(quoter, request_of(row, standards, makers))
        if found is not None and home["together_fen"]:
            quoter.live.take(found.use, 1, base=True)
            offers.append(replace(quoter.offered(found, "home").named(f"HOME-{len(offers)}"), price=row["price"]))
            owed += home["together_fen"]
    assert len(offers) > 1
    made = plan_with(cluster_with(cluster, offers), plan, offers)
    assert made.head["contribution_fen"] - plan.head["contribution_fen"] == owed


def test_sums_add_up() -> None:
    homes = localise(desk.quoter())
    for by in BY:
        table = summed(homes, by)
        assert table["pairs"].sum() == homes["pairs"].sum()
        assert table["orders"].sum() == homes.height
        assert table["alone_fen"].sum() == homes["worth_fen"].fill_null(0).clip(lower_bound=0).sum()
        assert table["together_fen"].sum() == homes["together_fen"].sum()
        view = homes_view(homes, by)
        assert view.frame.height == table.height
        assert all(len(row) == len(view.columns) for row in view.cells("zh"))
