"""Counter-offers: a maker names other terms, desk or brand takes them against what is free then, and no ask reaches the brand."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from cordwainer.hub.acts.settling import opened
from cordwainer.hub.audit.verify import faults
from cordwainer.hub.models import Counter, Option, Part, Pay, Reply
from cordwainer.hub.store.versions import live
from tests.unit.hub.desk_world import Clock
from tests.unit.hub.test_desk import asked, step
from tests.unit.hub.worlds import Town


def named(maker: Client, option: Option, **changed: str) -> int:
    """Let the maker that is asked name other terms, and return the status of the answer."""
    part = Part.objects.get(option=option, answer="")
    form = {"answer": "counter", "key": "c", "pairs": str(part.stages[0][2]), "days": "2"}
    form |= {f"yuan.{s[0]}.{s[1]}": f"{s[5] / s[2] / 100:.2f}" for s in part.stages}
    return int(maker.post(f"/firm/asked/{option.offer}/", {**form, **changed}).status_code)


def dearer(option: Option, by: float) -> dict[str, str]:
    """Return the prices of the asked part, dearer by some yuan a pair."""
    part = Part.objects.get(option=option, answer="")
    return {f"yuan.{s[0]}.{s[1]}": f"{s[5] / s[2] / 100 + by:.2f}" for s in part.stages}


def test_a_dearer_price_is_for_the_desk_alone_and_is_what_the_maker_is_paid(desk_town: Town) -> None:
    brand, maker, planner = (desk_town.client(r) for r in ("buyer", "maker", "planner"))
    page, (option,) = asked(brand)
    before = brand.get(page).content
    prices = dearer(option, 0.5)
    for _ in range(2):
        assert named(maker, option, **prices) == 302
    c = Counter.objects.get()
    said = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    assert said.sub(b"", brand.get(page).content) == said.sub(b"", before)
    assert brand.post(page, {"counter": "take", "number": c.pk}).status_code == 422
    assert b"waits for an answer" in planner.get("/plan/desk/").content
    for _ in range(2):
        assert planner.post("/plan/desk/", {"counter": "take", "number": c.pk}).status_code == 302
    old, new = Option.objects.order_by("pk")
    assert (old.status, new.status, old.why["why"]) == ("released", "offered", "countered")
    assert new.record["request"]["agreed"][0][1] == c.terms[0][2]
    assert "agreed" not in str(new.face)
    assert new.face["price"] == old.face["price"]
    if new.record["ask"]:  # only makers whose terms these are not
        assert "F00" not in new.record["ask"]
    for part in Part.objects.filter(option=new, answer=""):
        opened(Clock().now).desk.answer(new.offer, part.firm, Clock().now, yes=True)
    assert step(brand, page, new, "order") == 302
    paid = {p.stage: p.fen for p in Pay.objects.filter(lot__startswith=new.offer, firm="F00")}
    for stage, line, fen in c.terms:
        made = sum(s[2] for p in Part.objects.filter(option=new, firm="F00") for s in p.stages if s[1] == line)
        assert paid.get(stage, 0) == fen * made
    assert list(faults()) == []


def test_fewer_pairs_at_the_same_price_are_the_brands_to_take(desk_town: Town) -> None:
    brand, maker = desk_town.client("buyer"), desk_town.client("maker")
    page, (option,) = asked(brand, pairs="", sizes="40:100 41:101 42:99")
    assert named(maker, option, pairs="200") == 302
    c = Counter.objects.get()
    said = brand.get(page).content.decode()
    assert "200 pairs instead of 300" in said
    assert "F00" not in said
    assert brand.post(page, {"counter": "take", "number": c.pk}).status_code == 302
    new = Option.objects.order_by("pk").last()
    assert new is not None
    assert (new.face["pairs"], sum(new.record["request"]["sizes"].values())) == (200, 200)


def test_a_counter_ends_by_itself_and_a_yes_takes_it_back(desk_town: Town, clock: Clock) -> None:
    brand, maker, planner = (desk_town.client(r) for r in ("buyer", "maker", "planner"))
    _, (option,) = asked(brand)
    assert named(maker, option, days="1", **dearer(option, 0.5)) == 302
    number = Counter.objects.get().pk
    assert named(maker, option, key="d", days="1", **dearer(option, 0.6)) == 302
    assert Counter.objects.get(pk=number).status == "withdrawn"
    clock.on(hours=23)
    assert maker.post(f"/firm/asked/{option.offer}/", {"answer": "yes"}).status_code == 302
    assert Counter.objects.get(key="d").status == "withdrawn"
    _, (other,) = asked(brand, key="b", pairs="350")
    assert named(maker, other, key="e", days="1", **dearer(other, 0.5)) == 302
    clock.on(hours=25)
    last = Counter.objects.latest("pk")
    assert last.status_at(clock.now) == "expired"
    assert planner.post("/plan/desk/", {"counter": "take", "number": last.pk}).status_code == 422


def test_terms_of_which_nothing_comes_leave_the_option_as_it_is(desk_town: Town) -> None:
    brand, maker, planner = (desk_town.client(r) for r in ("buyer", "maker", "planner"))
    _, (option,) = asked(brand)
    assert named(maker, option, start="2026-04-27", end="2026-05-03") == 302
    c = Counter.objects.get()
    status = planner.post("/plan/desk/", {"counter": "take", "number": c.pk}).status_code
    if status == 422:  # nobody else was cheaper: the option is as it was
        assert Option.objects.get().status == "offered"
        assert planner.post("/plan/desk/", {"counter": "refuse", "number": c.pk}).status_code == 302
        assert Counter.objects.get().status == "refused"
    else:
        assert Counter.objects.get().became


@pytest.mark.parametrize(
    "changed",
    [{}, {"pairs": "0"}, {"pairs": "301"}, {"days": "15"}, {"end": "2026-01-01"}, {"pairs": "x"}, {"days": "99999"}],
)
def test_terms_that_cannot_be_meant_are_refused(desk_town: Town, changed: dict[str, str]) -> None:
    _, (option,) = asked(desk_town.client("buyer"))
    assert named(desk_town.client("maker"), option, **changed) == 422
    assert not Counter.objects.exists()


def test_of_a_planned_lot_a_price_is_agreed_and_other_pairs_let_it_go(town: Town, clock: Clock) -> None:
    maker, planner = town.client("maker"), town.client("planner")
    lots = live()["promise_line"].filter(line="L00cu")["lot"].sort().to_list()
    for lot, pairs in zip(lots, (None, "100"), strict=False):
        parts = Pay.objects.filter(lot=lot, firm="F00")
        whole = live()["promise"].filter(lot=lot)["pairs"].item()
        form = {"answer": "counter", "key": lot, "pairs": pairs or str(whole), "days": "2"}
        form |= {f"yuan.{p.stage}.L00{p.stage[:2]}": "9.99" for p in parts}
        assert maker.post(f"/firm/offers/{lot}/", form).status_code == 302
    first, second = Counter.objects.order_by("pk")
    for c in (first, second):
        assert planner.post("/plan/desk/", {"counter": "take", "number": c.pk}).status_code == 302
    assert Pay.objects.filter(lot=first.lot, firm="F00", stage="cutting").order_by("pk").last().fen == 999 * first.pairs
    assert dict(Reply.objects.values_list("lot", "answer")) == {first.lot: "accept", second.lot: "decline"}
    assert live()["promise"].filter(lot=second.lot)["status"].item() == "declined"
