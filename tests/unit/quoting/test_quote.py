"""An offer is a complete way to make what is asked: the referee certifies it, and it is worth what it says, to the fen."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest

from cordwainer.core import UserError
from cordwainer.quoting import Offer, Request, cluster_with, plan_with
from cordwainer.referee import judge
from tests.unit.quoting import desk


@pytest.mark.parametrize("promised", [True, False], ids=["as promises", "as open orders"])
def test_offers_are_certified_and_worth_what_they_say(promised: bool) -> None:
    cluster, plan = desk.planned()
    quoter, seen = desk.quoter(), 0
    for request in desk.asks(10):
        for offer in quoter.quote(request):
            with_it = cluster_with(cluster, [offer], promised=promised)
            made = plan_with(with_it, plan, [offer])
            verdict = judge(with_it, made)
            assert verdict.violations["message_en"].to_list() == []
            assert made.head["contribution_fen"] - plan.head["contribution_fen"] == offer.contribution_fen
            seen += 1
    assert seen > 10


def test_items_sum_to_the_price() -> None:
    quoter = desk.quoter()
    for request in desk.asks(15):
        for offer in quoter.quote(request):
            rate = quoter.live.ground.policies.plan("fx", request.currency)
            paid = offer.price * request.pairs * rate
            assert sum(fen for _, fen in offer.items) == paid.numerator // paid.denominator
            assert offer.price % (50 if request.currency == "CNY" else 10) == 0
            net = offer.price * rate / (Fraction(113, 100) if request.tax_included else 1)
            assert offer.net_fen == net.numerator // net.denominator


def test_offers_stand_on_the_frontier() -> None:
    quoter = desk.quoter()
    for request in desk.asks(15):
        offers = quoter.quote(request)
        for a in offers:
            assert a.best or len(offers) > 1
            for b in offers:
                better = a.price <= b.price and a.ready <= b.ready and (a.carbon_mg or 0) <= (b.carbon_mg or 0)
                same = (a.price, a.ready, a.carbon_mg) == (b.price, b.ready, b.carbon_mg)
                assert not better or same or "repeat" in b.best


def test_an_offer_survives_being_written_down() -> None:
    quoter = desk.quoter()
    for request in desk.asks(6):
        for offer in quoter.quote(request):
            assert Offer.of(offer.record()) == offer


def test_a_repeat_starts_where_the_order_was_made() -> None:
    cluster, plan = desk.planned()
    quoter = desk.quoter()
    repeats = [r for r in desk.asks(40) if quoter.made(r)]
    kept = [(r, o) for r in repeats for o in quoter.quote(r) if o.again]
    assert kept
    firm = dict(cluster["line"].join(cluster["site"], on="site").select("line", "firm").iter_rows())
    for request, offer in kept:
        lots = plan["lot"].filter(order=request.repeat_of)
        on = lots.join(plan["lot_line"].filter(stage="finishing"), on="lot")
        assert {firm[lot.lines["finishing"]] for lot in offer.lots} <= {firm[x] for x in on["line"]}
        begun = plan["work"].join(lots, on="lot").join(plan["plan_period"], on="period")["start_date"].sort()[0]
        assert offer.start >= begun  # until then its own sample and tools are not there
        assert offer.one_off == ()
        assert "pre_production" not in dict(offer.milestones)


def test_cutting_waits_for_the_sample_except_where_it_was_made_before() -> None:
    quoter = desk.quoter()
    first = [o for r in desk.asks(20) for o in quoter.quote(r) if not o.again]
    assert first
    for offer in first:
        assert (offer.start - quoter.live.today).days >= 14
        assert dict(offer.milestones)["pre_production"] < offer.start
        assert "sample" in dict(offer.one_off)
    assert any((o.start - quoter.live.today).days < 14 for r in desk.asks(40) for o in quoter.quote(r) if o.again)


def test_what_nobody_here_made_is_no_repeat() -> None:
    cluster, plan = desk.planned()
    outside = set(cluster["order"]["order"]) - set(plan["lot"]["order"])
    quoter = desk.quoter()
    order = cluster["order"].join(cluster["purchase_order"], on="po").filter(pl.col("order").is_in(sorted(outside)))
    offers = [
        offer
        for row in order.iter_rows(named=True)
        for offer in quoter.quote(Request("R", row["buyer"], style=row["style"], pairs=60, repeat_of=row["order"]))
    ]
    assert offers
    assert all((o.start - quoter.live.today).days >= 14 and not o.again for o in offers)


def test_a_new_style_is_quoted_from_templates_and_certified() -> None:
    cluster, plan = desk.planned()
    buyer = cluster["purchase_order"]["buyer"][0]
    quoter = desk.quoter()
    asked = Request("N", buyer, construction="cemented", category="casual", tier=2, sizes={"40": 60, "41": 70})
    offers = quoter.quote(asked)
    assert offers
    for offer in offers:
        assert {"routing", "bill"} <= set(offer.assumed)
        assert {("tool", "last"), ("tool", "die"), ("tool", "mould"), ("one-off", "last")} <= set(offer.unknown)
        assert dict(offer.one_off) == {"sample": None, "last": None, "die": None, "mould": None}
        with_it = cluster_with(cluster, [offer])
        made = plan_with(with_it, plan, [offer])
        assert judge(with_it, made).certified
        assert made.head["contribution_fen"] - plan.head["contribution_fen"] == offer.contribution_fen


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"style": "nowhere"}, "no-such-style"),
        ({"buyer": "nobody"}, "no-such-firm"),
        ({"named": ("nobody",)}, "no-such-firm"),
        ({"price_term": "CIF"}, "carriage-unknown"),
        ({"market": "Moon"}, "no-such-market"),
        ({"sizes": {"99": 5}, "pairs": 5}, "no-such-size"),
        ({"repeat_of": "none"}, "no-such-order"),
        ({"payment_term": "never"}, "no-such-term"),
        ({"rule": "list"}, "no-list-price"),
    ],
)
def test_what_is_not_known_is_told(change: dict[str, object], code: str) -> None:
    plain = desk.asks(1)[0]
    quoter = desk.quoter()
    assert quoter.quote(plain)
    with pytest.raises(UserError, match=code):
        quoter.quote(Request.of({**plain.record(), **change}))


def test_an_order_of_another_buyer_or_style_is_no_repeat() -> None:
    quoter = desk.quoter()
    request = next(r for r in desk.asks(12) if r.repeat_of)
    cluster = desk.planned()[0]
    other = next(b for b in cluster["purchase_order"]["buyer"] if b != request.buyer)
    style = next(s for s in cluster["style"]["style"] if s != request.style)
    for change, code in (({"buyer": other}, "no-such-order"), ({"style": style}, "not-a-repeat")):
        with pytest.raises(UserError, match=code):
            quoter.quote(Request.of({**request.record(), **change}))
    new = {"style": None, "construction": "cemented", "category": "casual"}
    with pytest.raises(UserError, match="not-a-repeat"):
        quoter.quote(Request.of({**request.record(), **new}))


@pytest.mark.parametrize(
    "values",
    [
        {"pairs": 0},
        {"pairs": 6, "sizes": {"40": 5}},
        {"pairs": 5, "price_term": "near"},
        {"pairs": 5, "currency": "shells"},
        {"pairs": 5, "tool_owner": "nobody"},
        {"sizes": {"40": -1, "41": 5}},
        {"pairs": 5, "style": None},
        {"pairs": 5, "rule": "guess"},
    ],
)
def test_requests_that_cannot_be_meant_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(UserError, match="bad-request"):
        Request.of({"request": "R", "buyer": "B", "style": "S", **values})
