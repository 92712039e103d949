"""The yardsticks of the benchmark quote in the same room by the same rules, and the benchmark yields what it promises."""

from __future__ import annotations

from benchmarks.cases_quoting import rows_beside
from benchmarks.quoting_run import Beside, Case, beside, booked, lots_in, request_for, standing
from cordwainer.quoting import cluster_with, office_offer, plan_with, searched_offer
from cordwainer.referee import judge
from tests.unit.quoting import desk


def test_office_and_search_make_offers_that_the_referee_certifies() -> None:
    cluster, plan = desk.planned()
    quoter = desk.quoter()
    requests = desk.asks(8)
    for name, found in (
        ("office", [office_offer(quoter, r) for r in requests]),
        ("search", [searched_offer(quoter, r, 4, 1) for r in requests]),
    ):
        offers = [o for o in found if o is not None]
        assert offers, name
        for offer in offers[:3]:
            with_it = cluster_with(cluster, [offer])
            made = plan_with(with_it, plan, [offer])
            assert judge(with_it, made).certified
            assert made.head["contribution_fen"] - plan.head["contribution_fen"] == offer.contribution_fen


def test_a_longer_search_takes_no_more_from_the_plan() -> None:
    quoter = desk.quoter()
    seen = 0
    for request in desk.asks(8):
        short, long = (searched_offer(quoter, request, n, 1) for n in (1, 6))
        if short is not None and long is not None:
            assert long.costs["labour"] > 0
            taken = [sum(o.costs[k] for k in _BOOKED) for o in (short, long)]
            assert taken[1] <= taken[0]
            seen += 1
    assert seen


_BOOKED = ("labour", "overtime", "piece", "transfer", "carbon", "purchase")


def test_comparison_counts() -> None:
    quoter = desk.quoter()
    offers = [quoter.quote(r) for r in desk.asks(6)]
    same = [min(mine, key=booked) if mine else None for mine in offers]
    found = beside(offers, list(same))
    fit = sum(bool(o) for o in offers)
    assert found == Beside(fit, fit, fit, fit, fit, [0.0] * fit)
    rows = {r.figure: r for r in rows_beside("other", found)}
    assert rows["other: on the same lines"].measured == 100
    assert rows["other: a pair earns more by"].measured == 0
    assert next(iter(rows_beside("none", beside(offers, [None] * len(offers))))).measured == 0


def test_standing_orders_are_planned_around_and_a_replan_places_a_request() -> None:
    cluster, plan = desk.planned()
    order = next(
        o for o in plan["lot"]["order"].unique().sort() if plan["outcome"].filter(order=o)["outcome"][0] == "placed"
    )
    without = frozenset(plan["lot"].filter(order=order)["lot"])
    row = cluster["order"].join(cluster["purchase_order"], on="po").filter(order=order).row(0, named=True)
    case = Case(cluster, plan, without, [request_for(row, {})], 0.0)
    around = standing(case)
    assert order not in around["order"]["order"].to_list()
    assert set(around["promise"]["lot"]) <= set(plan["lot"]["lot"]) - without
    assert around["promise"].height > 100
    assert lots_in(plan, order)[0].lines


def test_requests_are_like_the_orders() -> None:
    cluster = desk.planned()[0]
    row = cluster["order"].join(cluster["purchase_order"], on="po").row(0, named=True)
    request = request_for(row, {row["repeat_of"]: (row["style"], row["buyer"])})
    assert request.repeat_of == row["repeat_of"]
    assert request_for(row, {}).repeat_of is None
    assert (request.request, request.buyer, request.pairs) == (row["order"], row["buyer"], row["pairs"])
