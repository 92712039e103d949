"""Quotes on random tiny clusters: certified and exact whatever is asked, and for one pair as good as trying everything."""

from __future__ import annotations

from datetime import date
from itertools import product
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cordwainer.cluster import Cluster, Plan
from cordwainer.quoting import Offer, OfferLot, Quoter, Request, cluster_with, live_of, plan_with
from cordwainer.referee import judge
from tests.properties import tiny
from tests.unit.quoting import desk

STARTS = (date(2026, 3, 2), date(2026, 3, 9))
Purchases = tuple[tuple[date, int], ...]


def ask(rng: Random, pairs: int) -> Request:
    """Return a request for the only style of the tiny clusters."""
    return Request(
        request="R",
        buyer=rng.choice(["B1", "C1"]),
        style="Q",
        pairs=pairs,
        sizes=rng.choice([{}, {"40": pairs}, {"41": pairs}]),
        by=rng.choice([None, date(2026, 3, 8), date(2026, 3, 15)]),
        tax_included=rng.choice([True, False]),
        rule=rng.choice(["cost-plus", "opportunity"]),
        most_makers=rng.choice([0, 1]),
    )


def added(cluster: Cluster, plan: Plan, offer: Offer) -> int | None:
    """Return what an offer as an open order adds to a plan, None where the referee finds fault with it."""
    with_it = cluster_with(cluster, [offer], promised=False)
    made = plan_with(with_it, plan, [offer])
    if not judge(with_it, made).certified:
        return None
    worth: int = made.head["contribution_fen"] - plan.head["contribution_fen"]
    return worth


@settings(max_examples=25)
@given(st.integers(0, 10**9))
def test_every_offer_is_certified_and_exact(seed: int) -> None:
    cluster, plan = desk.tiny_case(seed)
    rng = Random(seed)  # noqa: S311
    quoter = Quoter(live_of(cluster, plan))
    for pairs in (1, 2, rng.randint(3, 9)):
        for offer in quoter.quote(ask(rng, pairs)):
            assert sum(lot.pairs for lot in offer.lots) == pairs
            assert added(cluster, plan, offer) == offer.contribution_fen


def bare(request: Request, price: int, lines: tuple[str, ...], weeks: tuple[date, ...], more: Purchases) -> Offer:
    """Return an offer of one pair on two lines in two weeks."""
    stages = ("closing", "lasting")
    lot = OfferLot(1, dict(zip(stages, lines, strict=True)), tuple(zip(stages, weeks, (1, 1), strict=True)))
    return Offer(
        offer="W",
        request=request,
        best=(),
        price=price,
        net_fen=0,
        items=(),
        costs={},
        contribution_fen=0,
        one_off=(),
        lots=(lot,),
        purchases=tuple(("X", week, q) for week, q in more),
        start=STARTS[0],
        ready=request.by or date(2026, 3, 15),
        carbon_mg=None,
        lead_firm="F1",
        firms=(),
        ask=(),
        milestones=(),
        assumed=(),
        unknown=(),
    )


def one_pair_ways(cluster: Cluster, plan: Plan, price: int, request: Request) -> list[tuple[int, Purchases]]:
    """Return what one pair adds, and what is bought for it, on every choice of lines and weeks with every small purchase."""
    with_it = cluster_with(cluster, [bare(request, price, ("C1", "L1"), STARTS, ())], promised=False)
    bought: list[Purchases] = [(), *(((week, q),) for week in STARTS for q in range(500, 2501, 500))]
    found = []
    for lines, weeks, more in product(product(*tiny.LINES.values()), product(STARTS, STARTS), bought):
        if weeks[0] <= weeks[1]:
            made = plan_with(with_it, plan, [bare(request, price, lines, weeks, more)])
            if judge(with_it, made).certified:
                found.append((made.head["contribution_fen"] - plan.head["contribution_fen"], more))
    return found


@settings(max_examples=5, phases=[Phase.generate])
@given(st.integers(0, 10**9))
def test_one_pair_is_offered_wherever_it_can_be_made_and_none_from_stock_is_worth_more(seed: int) -> None:
    cluster, plan = desk.tiny_case(seed, easy=True)
    request = ask(Random(seed), 1)  # noqa: S311
    offers = Quoter(live_of(cluster, plan)).quote(request)
    ways = one_pair_ways(cluster, plan, offers[0].price if offers else 1000, request)
    assert bool(offers) == bool(ways)
    if offers and request.rule == "cost-plus":
        # What needs no purchase is found for what it is worth, up to the roundings of a path.
        assert offers[0].contribution_fen + 10 >= max((worth for worth, more in ways if not more), default=-(10**9))
