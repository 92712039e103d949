"""Bring it home: what is said of an order made outside is true when it is placed."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from cordwainer.quoting import BY, CAUSES, Quoter, cluster_with, homes_view, live_of, localise, plan_with, summed
from cordwainer.quoting.localise import _request
from cordwainer.quoting.nearest import first_offer
from tests.unit.quoting import desk


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
        offer = first_offer(quoter, _request(row, standards, makers), soon=False)
        assert offer is not None
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


def test_sums_add_up() -> None:
    homes = localise(desk.quoter())
    for by in BY:
        table = summed(homes, by)
        assert table["pairs"].sum() == homes["pairs"].sum()
        assert table["orders"].sum() == homes.height
        assert table["worth_fen"].sum() == homes["worth_fen"].fill_null(0).clip(lower_bound=0).sum()
        view = homes_view(homes, by)
        assert view.frame.height == table.height
        assert all(len(row) == len(view.columns) for row in view.cells("zh"))
