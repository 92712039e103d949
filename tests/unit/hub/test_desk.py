"""The order desk: ask, hold, order once; makers say yes or no; holds end; what the log says the tables say."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.conf import settings
from django.test import Client

from cordwainer.core import UserError
from cordwainer.hub.acts.settling import opened
from cordwainer.hub.audit.verify import faults
from cordwainer.hub.models import Account, Change, Enquiry, Option, Part, Pay
from cordwainer.hub.store.desk import forget_desks
from cordwainer.hub.store.versions import live, undo
from tests.unit.hub.desk_world import Clock
from tests.unit.hub.worlds import Town

FIRM = {"style": "Y1", "pairs": "300", "key": "a", "approval_needed": "no"}


def asked(client: Client, **changed: str) -> tuple[str, list[Option]]:
    """Ask, and return the page of the enquiry and its options."""
    answer = client.post("/firm/enquiries/new/", {**FIRM, **changed})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url, list(Option.objects.filter(enquiry=int(answer.url.split("/")[-2])).order_by("pk"))


def step(client: Client, page: str, option: Option, what: str) -> int:
    return int(client.post(page, {"offer": option.offer, "step": what}).status_code)


def makers(town: Town, option: Option) -> list[Client]:
    """Return the browsers of the makers that an option asks."""
    found = []
    for part in Part.objects.filter(option=option, answer=""):
        account, _ = Account.objects.get_or_create(
            login=f"of {part.firm}", defaults={"name": part.firm, "role": "maker", "firm": part.firm}
        )
        found.append(Town(town.run, {"maker": account}).client("maker"))
    return found


def test_a_brand_asks_holds_and_orders_once_the_makers_agreed(desk_town: Town) -> None:
    brand = desk_town.client("buyer")
    page, (option,) = asked(brand)
    said = brand.get(page).content.decode()
    assert "22.50" in said
    assert "Indicative" in said
    assert "F00" not in said
    assert step(brand, page, option, "hold") == 302
    assert "held until" in brand.get(page).content.decode().lower()
    assert step(brand, page, option, "order") == 422
    for maker in makers(desk_town, option):
        assert b'value="yes"' in maker.get(f"/firm/asked/{option.offer}/").content
        assert maker.post(f"/firm/asked/{option.offer}/", {"answer": "yes"}).status_code == 302
    for _ in range(2):
        assert step(brand, page, option, "order") == 302
    order = live()["order"].filter(order=option.offer).row(0, named=True)
    assert (order["pairs"], order["price"], order["committed"]) == (300, 2250, True)
    assert live()["promise"].filter(order=option.offer)["status"].to_list() == ["accepted"]
    assert live()["order_milestone"].filter(order=option.offer).height >= 3
    lots = live()["promise"].filter(order=option.offer)["lot"]
    assert Pay.objects.filter(lot__in=lots.to_list()).count() == 5
    assert option.offer in brand.get("/firm/").content.decode()
    assert list(faults()) == []


def test_what_a_maker_reads_of_an_enquiry_is_its_own_part_and_no_price(desk_town: Town) -> None:
    _, (option,) = asked(desk_town.client("buyer"))
    part = Part.objects.get(option=option, answer="")
    assert part.firm == "F00"
    page = desk_town.client("maker").get(f"/firm/asked/{option.offer}/").content.decode()
    said = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)  # drawn at random, it may spell anything
    assert "22.50" not in said
    assert "B1" not in said
    assert "Y1" not in said
    other = Account.objects.create(login="q", name="q", role="maker", firm="F05")
    assert Town(desk_town.run, {"maker": other}).client("maker").get(f"/firm/asked/{option.offer}/").status_code == 404


def test_the_pay_of_parts_is_the_labour_and_piece_price_of_the_offer(desk_town: Town) -> None:
    _, (option,) = asked(desk_town.client("buyer"))
    told = sum(s[5] for p in Part.objects.filter(option=option) for s in p.stages)
    assert told == option.record["costs"]["labour"] + option.record["costs"]["piece"] > 0


def test_a_no_lets_the_option_go_and_brings_fresh_ones(desk_town: Town) -> None:
    brand = desk_town.client("buyer")
    page, (option,) = asked(brand)
    maker = makers(desk_town, option)[0]
    assert maker.post(f"/firm/asked/{option.offer}/", {"answer": "no", "reason": "full"}).status_code == 302
    found = Option.objects.order_by("pk")
    assert [o.status for o in found] == ["released", "offered"]
    assert Part.objects.get(option=option, firm="F00").answer == "no"
    assert "F00" not in {p.firm for p in Part.objects.filter(option=found[1])}
    said = brand.get(page).content.decode()
    assert "a maker declined" in said
    assert maker.post(f"/firm/asked/{option.offer}/", {"answer": "yes"}).status_code == 422
    assert "full" in desk_town.client("planner").get(f"/plan/option/{option.offer}/").content.decode()


def test_the_same_form_asks_once(desk_town: Town) -> None:
    brand = desk_town.client("buyer")
    assert asked(brand)[0] == asked(brand)[0]
    assert Enquiry.objects.count() == 1
    assert asked(brand, key="b")[0] != asked(brand)[0]


def test_two_brands_never_get_the_same_minutes(desk_town: Town) -> None:
    """Nearly all the room there is, asked for twice and ordered by both: the second is told that it is gone."""
    brand = desk_town.client("buyer")
    wanted = {"pairs": "9000", "by": "2026-03-29"}
    page, options = asked(brand, **wanted)
    second, others = asked(brand, key="b", **wanted)
    for option in (options[0], others[0]):
        for maker in makers(desk_town, option):
            maker.post(f"/firm/asked/{option.offer}/", {"answer": "yes"})
    assert step(brand, page, options[0], "order") == 302
    assert Option.objects.get(pk=options[0].pk).status == "accepted"
    step(brand, second, others[0], "order")
    assert opened(Clock().now).desk.live.over() == []
    taken = [o.offer for o in Option.objects.filter(status="accepted")]
    assert set(taken) == set(live()["order"]["order"]) & set(Option.objects.values_list("offer", flat=True))


def test_a_hold_ends_by_itself_and_its_room_is_free_again(desk_town: Town, clock: Clock) -> None:
    brand = desk_town.client("buyer")
    page, (option,) = asked(brand)
    step(brand, page, option, "hold")
    clock.on(hours=72)
    assert "expired" in brand.get(page).content.decode()
    assert step(brand, page, option, "order") == 422
    assert opened(clock.now).desk.entries(clock.now)[0].status == "expired"


def test_tables_are_made_again_from_the_log(desk_town: Town, clock: Clock) -> None:
    """As after a kill between the log and the tables: the log says accepted, the tables know nothing yet."""
    brand = desk_town.client("buyer")
    _, (option,) = asked(brand)
    desk = opened(clock.now).desk
    desk.answer(option.offer, "F00", clock.now, yes=True)
    desk.accept(option.offer, clock.now, brand="B1")
    assert Option.objects.get().status == "offered"
    assert settings.OFFERS_LOG.exists()
    forget_desks()
    opened(clock.now)
    assert Option.objects.get().status == "accepted"
    assert live()["order"].filter(order=option.offer).height == 1
    assert Pay.objects.filter(lot__startswith=option.offer).count() == 5
    opened(clock.now)
    assert Pay.objects.filter(lot__startswith=option.offer).count() == 5


def test_the_nearest_thing_that_would_fit_is_told_and_can_be_asked_for(desk_town: Town) -> None:
    brand = desk_town.client("buyer")
    page, options = asked(brand, pairs="90000", by="2026-04-05")
    assert options == []
    said = brand.get(page).content.decode()
    assert "Fits 43800 pairs" in said
    assert "closing" not in said.lower()
    link = brand.get("/firm/enquiries/new/?pairs=43800&by=2026-04-05&style=Y1").content.decode()
    assert 'value="43800"' in link
    number = page.split("/")[-2]
    assert "Closing" in desk_town.client("planner").get(f"/plan/desk/{number}/").content.decode()


def test_the_planner_sees_build_up_and_makers_and_writes_down_an_answer(desk_town: Town) -> None:
    _, (option,) = asked(desk_town.client("buyer"))
    planner = desk_town.client("planner")
    address = f"/plan/option/{option.offer}/"
    said = planner.get(address).content.decode()
    assert "making at the going rate" in said
    assert "L00cu" in said
    assert option.offer in planner.get("/plan/desk/").content.decode()
    assert planner.post(address, {"step": "yes", "firm": "F00"}).status_code == 302
    assert Part.objects.get(option=option, firm="F00").answer == "yes"
    assert planner.post(address, {"step": "perhaps"}).status_code == 422


def test_a_cancelled_order_leaves_the_tables(desk_town: Town) -> None:
    brand, planner = desk_town.client("buyer"), desk_town.client("planner")
    page, (option,) = asked(brand)
    planner.post(f"/plan/option/{option.offer}/", {"step": "yes", "firm": "F00"})
    step(brand, page, option, "order")
    assert step(brand, page, option, "release") == 422
    change = Change.objects.filter(kind="order").get()
    with pytest.raises(UserError):
        undo(None, change.pk)
    assert planner.post(f"/plan/option/{option.offer}/", {"step": "release", "reason": "no leather"}).status_code == 302
    assert live()["order"].filter(order=option.offer).is_empty()
    assert live()["promise"].filter(order=option.offer).is_empty()


@pytest.mark.parametrize(
    "changed",
    [
        {"style": "no such"},
        {"repeat_of": "no such"},
        {"pairs": "many"},
        {"pairs": ""},
        {"pairs": "0"},
        {"style": ""},
        {"by": "soon"},
        {"sizes": "40:x"},
        {"target": "cheap"},
        {"currency": "XXX"},
    ],
)
def test_forms_that_cannot_be_meant_are_refused_and_kept_nowhere(desk_town: Town, changed: dict[str, str]) -> None:
    answer = desk_town.client("buyer").post("/firm/enquiries/new/", {**FIRM, **changed})
    assert answer.status_code == 422
    assert not Enquiry.objects.exists()


def test_a_brand_that_asks_too_often_is_told_when_to_ask_again(desk_town: Town) -> None:
    brand = desk_town.client("buyer")
    for k in range(12):
        asked(brand, key=str(k), pairs=str(300 + k))
    answer = brand.post("/firm/enquiries/new/", {**FIRM, "key": "one more"})
    assert answer.status_code == 422
    assert "12" in answer.content.decode()


def test_a_new_kind_of_shoe_can_be_asked_for(desk_town: Town) -> None:
    brand = desk_town.client("buyer")
    page, _ = asked(
        brand, style="", construction="goodyear", category="boot", tier="4", by=date(2026, 4, 26).isoformat()
    )
    assert "Goodyear" in brand.get(page).content.decode()
    assert Enquiry.objects.get().verdict != "pass"
