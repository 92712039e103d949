"""Resilience: nodes, sales at risk by a slow oracle, losses by prices as the bound says, intervals that hold the true loss of tiny clusters."""

from __future__ import annotations

import polars as pl
import pytest

from cordwainer.assessment import Exposure, Node, Shock, changed, dependence, nodes, resilience, resilience_view
from cordwainer.assessment.demand import net_prices
from cordwainer.assessment.nodes import KINDS
from cordwainer.cluster import Cluster, Plan
from cordwainer.core import UserError, weeks
from cordwainer.planning import (
    Settings,
    Standstill,
    ValueSettings,
    effective,
    plan,
    remember,
    standing_still,
    value_of_change,
    without_orders,
)
from cordwainer.tasks import Progress, ThreadExecutor
from tests.golden import ruled
from tests.golden.test_rules import best_plan
from tests.hurried import hurried_cluster, hurried_plan
from tests.properties import promises
from tests.small_plan import FIRST, small_cluster, small_plan

QUICK = ValueSettings(work=0, pairs=2, price_steps=0, threads=1)


@pytest.fixture(scope="module")
def made() -> tuple[Cluster, Plan]:
    """Return a small cluster and a plan of it, made in a hurry."""
    return hurried_cluster(), hurried_plan()


def test_nodes_have_their_lines_suppliers_and_orders() -> None:
    found = {(n.kind, n.id): n for n in nodes(small_cluster())}
    assert found["firm", "F03"].lines == tuple(f"L03{s}" for s in ("cl", "cu", "fi", "la", "so"))
    assert found["supplier", "S1"] == Node("supplier", "S1", (), ("S1",))
    lucheng = found["district", "lucheng"]
    assert (len(lucheng.lines), lucheng.suppliers) == (10, ("S1",))  # F00 and F05 have five lines each
    assert len(found["buyer", "B1"].orders) == 20
    assert found["buyer", "B1"].events == ("stop", "late", "never")
    assert ("firm", "B1") not in found


def test_losses_by_prices_are_those_of_the_bound(made: tuple[Cluster, Plan]) -> None:
    """The bound of the changed tables, with all priced anew, says the same: for lines, suppliers and districts to the fen."""
    cluster, planned = made
    still, base, shock = Standstill(*made), remember(*made), Shock(weeks=3, first=1)
    every = nodes(cluster)
    for node in [n for k in KINDS for n in [n for n in every if n.kind == k][:3]]:
        after = changed(cluster, planned, node, "stop", shock)
        truth = -value_of_change(base, after, ValueSettings(work=0, pairs=1, price_steps=0, threads=1)).first_order
        if node.orders:
            gone = set(cluster["order"]["order"]) - set(after["order"]["order"])
            assert still.without_orders(gone) <= truth + 1  # without them less material is wanted at most
        else:
            found = still.by_prices(*still.shut(node.lines, node.suppliers), 1, 3)
            assert found >= 0
            assert abs(found - truth) <= 1


@pytest.mark.parametrize("name", ["capacity", "purchase-offer", "precedence"])
def test_certain_losses_hold_the_true_one_of_tiny_clusters(name: str) -> None:
    """What is lost for certain, by all plans of a tiny cluster before and after."""
    cluster = _of_two_buyers(ruled.read(name).cluster)
    before = best_plan(cluster)
    assert before is not None
    planned = plan(cluster, Settings(calendar=weeks(promises.MONDAY, 2), work=4, time_s=None, threads=1))
    by_key = {(n.kind, n.id): n for n in nodes(cluster)}
    found = resilience(cluster, planned, Shock(weeks=1), 99, QUICK).frame
    assert found.height == sum(len(n.events) for n in by_key.values())
    sure = found.drop_nulls("low_fen").filter(pl.col("event") != "late")
    assert {"firm", "district", "buyer"} == set(sure["kind"])
    for row in sure.iter_rows(named=True):
        lost = before - _best_after(cluster, planned, by_key[row["kind"], row["node"]], row["event"])
        assert row["least_fen"] <= lost <= row["most_fen"]
        assert row["least_fen"] <= row["low_fen"] <= row["high_fen"] <= row["most_fen"]


def _of_two_buyers(cluster: Cluster) -> Cluster:
    """Return a tiny cluster whose second order another buyer wrote, like the first in all else."""
    paper = cluster["purchase_order"].head(1).with_columns(po=pl.lit("P2"), buyer=pl.lit("F2"))
    po = pl.when(order="B").then(pl.lit("P2")).otherwise("po")
    return cluster.replace(
        purchase_order=pl.concat([cluster["purchase_order"], paper]), order=cluster["order"].with_columns(po=po)
    )


def _best_after(cluster: Cluster, planned: Plan, node: Node, event: str) -> int:
    """Return the best contribution of all plans after an event; who pays nothing and was promised nothing is not there."""
    after = changed(cluster, planned, node, event, Shock(weeks=1))
    gone = pl.col("order").is_in(after["order"]["order"].implode()).not_()
    if after["order"].height < cluster["order"].height:
        price, committed = pl.when(gone).then(1).otherwise("price"), pl.col("committed") & ~gone
        after = cluster.replace(order=cluster["order"].with_columns(price=price, committed=committed))
    best = best_plan(after)
    assert best is not None
    return best


def _sales_through(cluster: Cluster, planned: Plan, node: Node, first: int, count: int) -> float:
    """Return the sales that pass through a node, row by row."""
    then, total = range(first, first + count), 0.0
    lines = {(lot, stage): line for lot, stage, line in planned["lot_line"].iter_rows()}
    lots = {lot: (order, pairs) for lot, order, pairs in planned["lot"].iter_rows()}
    bill = effective(cluster, "bill_of_material", "bill_template").filter(pl.col("supplied_by") != "buyer").to_dicts()
    style = dict(cluster["order"].select("order", "style").iter_rows())
    made: dict[str, int] = {}
    for order, pairs in lots.values():
        made[order] = made.get(order, 0) + pairs
    offers = {r["offer"]: r for r in cluster["supplier_offer"].to_dicts()}
    bought: dict[str, float] = {}
    for offer, period, milli in planned["purchase"].iter_rows():
        if offers[offer]["supplier"] in node.suppliers and period in then:
            bought[offers[offer]["material"]] = bought.get(offers[offer]["material"], 0) + milli / 1000
    need: dict[str, float] = {}
    for order, pairs in made.items():
        for row in bill:
            if row["style"] == style[order]:
                each = row["quantity_per_pair"] * (1 + row["loss_share"])
                need[row["material"]] = need.get(row["material"], 0) + pairs * each
    for order, yuan in net_prices(cluster).select("order", "yuan").iter_rows():
        if order not in made:
            continue
        there = 0
        for lot in (name for name, (of, _) in lots.items() if of == order):
            stages: dict[str, int] = {}
            for of, stage, period, pairs in planned["work"].iter_rows():
                if of == lot and period in then and lines[lot, stage] in node.lines:
                    stages[stage] = stages.get(stage, 0) + pairs
            there += max(stages.values(), default=0)
        used = {row["material"] for row in bill if row["style"] == style[order]}
        part = max((bought.get(m, 0) / need[m] for m in used), default=0)
        total += yuan * made[order] * max(there / made[order], min(1.0, part))
    return total


def test_sales_at_risk_are_those_of_the_oracle(made: tuple[Cluster, Plan]) -> None:
    found = Exposure(*made)
    some = [n for n in nodes(made[0]) if not n.orders]
    for node in [
        *some[:4],
        *[n for n in some if n.kind == "supplier"][:3],
        *[n for n in some if n.kind == "district"][:2],
    ]:
        assert found.through(node, 1, 3) == pytest.approx(_sales_through(*made, node, 1, 3))


def test_standing_still_by_hand() -> None:
    """Maker 1 lasts order O000 in week 1 and finishes it in week 2, in which it is due; all else that it does is due later.

    If it stands still for two weeks, it lasts and finishes in week 2: in time. After three it is done in week 3: a week late, which is
    the first week after the standstill.
    """
    cluster = small_cluster()
    stock = cluster["material"].select(holder=pl.lit("F00"), material="material", usable_from=pl.lit(FIRST))
    cluster = cluster.replace(stock=stock.with_columns(quantity=pl.lit(1e9)).select(cluster["stock"].columns))
    still = Standstill(cluster, small_plan())
    shut = still.shut([f"L01{s}" for s in ("cu", "cl", "so", "la", "fi")], [])
    two, three = still.carried(*shut, 0, 2), still.carried(*shut, 0, 3)
    assert (two.late, two.survives, two.recovers) == (0, 2, 0)
    assert (three.late, three.survives, three.recovers) == (1, 2, 1)
    assert still.carried(*still.shut([], ["S1"]), 0, 8).survives is None
    everything = still.carried(*still.shut(cluster["line"]["line"], []), 0, 8)
    assert everything.late == 17 - 3  # three of the seventeen are due in the last week: no lateness in the plan
    assert everything.recovers is not None


def test_without_material_nothing_recovers(made: tuple[Cluster, Plan]) -> None:
    """A supplier that stops as long as the plan delivers nothing within it: late are orders that need what was bought of it."""
    still, bought = Standstill(*made), made[1]["purchase"].join(made[0]["supplier_offer"], on="offer")
    supplier = bought.group_by("supplier").len().sort("len", "supplier")["supplier"][-1]
    T = len(made[1].periods)
    whole, week = (still.carried(*still.shut([], [supplier]), 0, k) for k in (T, 1))
    assert whole.late >= week.late
    assert whole.late > 0
    assert whole.survives is not None
    assert still.carried(*still.shut([], [supplier]), 0, max(1, whole.survives)).late == 0 or whole.survives == 0


def test_promises_of_standing_lines_are_let_go_and_offers_open_again() -> None:
    cluster, window = hurried_cluster(), weeks(FIRST, 3)[1:]
    offer = cluster["supplier_offer"].row(0, named=True)
    after = standing_still(cluster, [cluster["line"]["line"][0]], [offer["supplier"]], window)
    cut = after["supplier_offer"].filter(pl.col("offer").str.starts_with(offer["offer"])).sort("offer")
    assert cut["offer"].to_list() == [offer["offer"], f"{offer['offer']}~after"]
    assert (window[0].start - cut["valid_to"][0]).days == 1
    assert (cut["valid_from"][1] - window[-1].end).days == 1
    prices = after["price_break"].filter(offer=f"{offer['offer']}~after")
    assert prices.height == cluster["price_break"].filter(offer=offer["offer"]).height
    assert after["promise"].equals(cluster["promise"])
    order = cluster["order"]["order"][0]
    assert order not in without_orders(cluster, [order])["order"]["order"]


def test_the_worst_come_first_and_a_word_stops_the_rest(made: tuple[Cluster, Plan]) -> None:
    heard: list[Progress] = []

    def listen(progress: Progress) -> bool:
        heard.append(progress)
        return True

    with ThreadExecutor(1) as executor:
        whole = resilience(*made, Shock(weeks=3), 4, QUICK, executor, listen)
    assert (whole.certified, whole.wanted) == (4, 4)
    table = whole.frame
    sure = table.drop_nulls("low_fen")
    assert sure.equals(table.head(4))
    assert (sure["low_fen"] + sure["high_fen"]).is_sorted(descending=True)
    assert table.tail(-4)["prices_fen"].is_sorted(descending=True)
    assert heard[-1].done == heard[-1].total == table.height + 4
    stopped = resilience(*made, Shock(weeks=3), 4, QUICK, None, lambda p: p.done < table.height)
    assert (stopped.certified, stopped.wanted, stopped.frame.height) == (0, 4, table.height)
    early = resilience(*made, Shock(weeks=3), 4, QUICK, None, lambda p: p.done < 5)
    assert early.frame.height == 5
    english, chinese = (next(resilience_view(made[0], whole).cells(lang)) for lang in ("en", "zh"))
    assert english != chinese


def test_a_standstill_beyond_the_plan_is_refused(made: tuple[Cluster, Plan]) -> None:
    with pytest.raises(UserError, match="beyond-plan"):
        resilience(*made, Shock(weeks=99), 0)


def test_dependence_sums_to_the_sales_of_the_last_stage(made: tuple[Cluster, Plan]) -> None:
    firms, districts = dependence(*made, "firm"), dependence(*made, "district")
    assert firms["yuan"].sum() == pytest.approx(Exposure(*made).total)
    assert districts["yuan"].sum() == pytest.approx(firms["yuan"].sum())
    for table in (firms, districts):
        assert table["buyer_share"].is_between(0, 1 + 1e-9).all()
        assert table["market_share"].ge(table["buyer_share"] * 0).all()
        assert table["buyer_share"].is_sorted(descending=True)
    one = dependence(small_cluster(), small_plan(), "firm")
    assert set(one["buyer"]) == {"B1"}
    assert set(one["buyer_share"]) == {1.0}
