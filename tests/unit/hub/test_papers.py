"""Papers: who may read which, each firm its own price alone, the same on page and PDF, and the way to them."""

from datetime import date
from io import BytesIO
from typing import Any

import polars as pl
import pytest
from django.conf import settings
from pypdf import PdfReader

from cordwainer.exchange import in_capitals
from cordwainer.hub.access.papers import outwork, purchase_order, traveller
from cordwainer.hub.access.statements import statements
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.acts.handing import give
from cordwainer.hub.acts.paying import pay
from cordwainer.hub.models import Account, Handover, Pay
from cordwainer.hub.pages import world
from cordwainer.hub.store.versions import commit, live
from tests.unit.hub.floor_world import NOW, accept_lots, account_of, leave_floor, of_firm
from tests.unit.hub.worlds import PARTNER, Town, with_rows

OWN, OTHERS = "/papers/outwork/O000-1/for/F00/", f"/papers/outwork/O000-1/for/{PARTNER}/"
PO, CARD = "/papers/purchase-order/P1/", "/papers/traveller/O000-1/"


def text_of(answer: Any) -> str:
    """Return the text of a PDF that was sent, without white space."""
    assert answer["Content-Type"] == "application/pdf"
    return "".join("".join(p.extract_text().split()) for p in PdfReader(BytesIO(answer.content)).pages)


def money(fen: int) -> str:
    """Return an amount as papers have it."""
    return f"{fen / 100:,.2f}"


def paid(firm: str) -> int:
    """Return what a firm is paid for its part of the lot."""
    return sum(Pay.objects.filter(lot="O000-1", firm=firm).values_list("fen", flat=True))


def test_an_outwork_order_tells_a_maker_its_own_pay_and_nobody_elses(town: Town) -> None:
    maker = town.client("maker", "zh")
    page, pdf = maker.get(OWN).content.decode(), text_of(maker.get(OWN + "paper.pdf"))
    for shown in (page, pdf):
        assert money(paid("F00")) in shown
        assert money(paid("F00") + paid(PARTNER)) not in shown
        assert "120.00" not in shown  # what the brand pays for a pair
        assert "外发加工单" in shown
        assert "O000-1/F00" in shown
    assert "鞋厂0号" in pdf
    assert "鞋厂1号" not in pdf
    assert maker.get(OTHERS).status_code == maker.get(OTHERS + "paper.pdf").status_code == 404
    assert money(paid(PARTNER)) in text_of(town.client("planner").get(OTHERS + "paper.pdf"))


def test_a_traveller_names_the_makers_and_tells_no_money(town: Town) -> None:
    shown = text_of(town.client("maker", "zh").get(CARD + "paper.pdf"))
    assert "鞋厂0号" in shown
    assert "鞋厂1号" in shown
    assert "元" not in shown
    assert town.client("buyer").get(CARD).status_code == 404


def test_a_purchase_order_is_the_buyers_and_sums_up_to_the_fen(town: Town) -> None:
    more = live()
    head = with_rows(more, firm=[{"firm": "B9", "name_zh": "别家"}], purchase_order=[{"po": "P9", "buyer": "B9"}])
    row = {"order": "O900", "po": "P9", "style": "Y1", "pairs": 3, "price": 101, "due_date": date(2026, 5, 1)}
    both = with_rows(head, order=[row])
    commit(None, "import", "another brand", {t: both[t] for t in ("firm", "purchase_order", "order")})
    stranger = Account.objects.create(login="b9", name="b9", role="buyer", firm="B9")
    rows = more["order"].filter(po="P1")
    whole = int((rows["pairs"] * rows["price"]).sum())
    shown = text_of(town.client("buyer", "zh").get(PO + "paper.pdf"))
    assert money(whole) in shown
    assert "人民币大写" in shown
    assert "品牌一" in shown
    other = Town(town.run, {**town.accounts, "buyer": stranger}).client("buyer")
    assert other.get(PO).status_code == 404
    theirs = text_of(other.get("/papers/purchase-order/P9/paper.pdf"))
    assert "CNY3.03" in theirs
    assert "叁元零叁分" in theirs
    assert town.client("buyer").get("/papers/purchase-order/P9/").status_code == 404


def test_a_lot_that_was_let_go_has_no_papers(town: Town) -> None:
    gone = pl.when(pl.col("lot") == "O000-1").then(pl.lit("declined")).otherwise("status").alias("status")
    commit(None, "reply", "declined", {"promise": live()["promise"].with_columns(gone)})
    for role in ("maker", "planner"):
        for address in (OWN, OWN + "paper.pdf", CARD):
            assert town.client(role).get(address).status_code == 404


def test_the_rule_holds_also_for_who_comes_past_the_roles_of_the_pages(town: Town) -> None:
    for role in ("buyer", "supplier", "inspector", "officer", "public"):
        request = town.client(role).get("/sign-in/").wsgi_request
        gate = world.gate_of(request)
        assert outwork(gate, "O000-1", "F00", "") is None
        assert traveller(gate, "O000-1", "") is None
        assert (purchase_order(gate, "P1", "") is None) == (role != "buyer")


def test_sizes_stand_on_papers_in_their_order_where_they_are_known(town: Town) -> None:
    sizes = [{"order": "O000", "size": s, "pairs": n} for s, n in (("41", 300), ("39.5", 200), ("40", 500))]
    commit(None, "import", "sizes", {"order_size": with_rows(live(), order_size=sizes)["order_size"]})
    shown = text_of(town.client("maker").get(CARD + "paper.pdf"))
    assert "39.54041" in shown
    assert "200500300" in shown


def test_a_paper_is_the_same_bytes_again_named_for_people_and_kept_by_nobody(town: Town) -> None:
    maker = town.client("maker", "zh")
    first, again = maker.get(OWN + "paper.pdf"), maker.get(OWN + "paper.pdf")
    assert first.content == again.content
    assert "%E5%A4%96%E5%8F%91%E5%8A%A0%E5%B7%A5%E5%8D%95" in first["Content-Disposition"]
    assert first["Cache-Control"] == "no-store"


def test_the_square_code_holds_the_address_of_the_page(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    maker, told = town.client("maker"), list[str]()

    def drawn(address: str) -> str:
        told.append(address)
        return "<svg/>"

    monkeypatch.setattr("cordwainer.exchange.papers.paper.square_svg", drawn)
    maker.get(OWN)
    monkeypatch.setattr(settings, "ADDRESS", "https://hub.example/")
    maker.get(OWN)
    assert told == [f"http://testserver{OWN}", f"https://hub.example{OWN}"]


def test_each_finds_the_papers_from_the_pages_of_the_work(town: Town) -> None:
    links = {
        ("maker", "/firm/offers/O000-1/"): (OWN, CARD),
        ("buyer", "/firm/"): (PO,),
        ("planner", "/plan/order/O000/"): (PO, CARD, OWN, OTHERS),
    }
    for (role, page), wanted in links.items():
        shown = town.client(role).get(page).content.decode()
        assert [w for w in wanted if f'href="{w}"' not in shown] == [], role
    assert OTHERS not in town.client("maker").get("/firm/offers/O000-1/").content.decode()


def test_who_comes_by_the_square_code_is_led_to_the_paper_once_signed_in(town: Town) -> None:
    town.accounts["buyer"].set_password("quite a long password")
    town.accounts["buyer"].save()
    client = town.client("public")
    assert client.get(PO)["Location"] == "/sign-in/"
    form = {"login": "buyer", "password": "quite a long password"}
    assert client.post("/sign-in/", form)["Location"] == PO
    client.post("/sign-out/")
    client.cookies["wanted"] = "//elsewhere.example/papers/"
    assert client.post("/sign-in/", form)["Location"] == "/firm/"


def test_a_delivery_note_tells_what_was_given_and_found_and_no_money(town: Town) -> None:
    leave_floor()
    first = Handover.objects.order_by("pk")[0]
    address = f"/papers/delivery/{first.pk}/"
    shown = text_of(town.client("maker", "zh").get(address + "paper.pdf"))
    for said in ("送货单", f"H{first.pk}", "鞋厂0号", "鞋厂1号", "不分码1001090", "2026-03-10"):
        assert said in shown, said
    assert "元" not in shown
    assert of_firm(town, PARTNER).client("maker").get(address).status_code == 200
    assert of_firm(town, "F05").client("maker").get(address).status_code == 404
    assert f'href="{address}"' in town.client("maker").get(f"/floor/handovers/{first.pk}/").content.decode()


def test_a_delivery_note_leaves_room_for_what_is_not_counted_yet(town: Town) -> None:
    accept_lots(("O000-1",))
    given = give(account_of("F00"), "O000-1", "closing", [("40", 60, 1, 0), ("39", 40, 0, 0)], "k", NOW)
    shown = text_of(town.client("maker", "en").get(f"/papers/delivery/{given.pk}/paper.pdf"))
    assert "40" in shown
    assert "10010" in shown  # what is given, summed up; what is found is left blank
    assert "Countedon" not in shown


def test_a_statement_sums_up_to_the_fen_for_its_two_sides_alone(town: Town) -> None:
    leave_floor()
    made = next(s for s in statements(Viewer("planner"), NOW.date()) if s.between.payee == "F00")
    address = f"/papers/statement/{made.name}/"
    shown = text_of(town.client("maker", "zh").get(address + "paper.pdf"))
    assert made.amount
    for said in ("对账单", made.name, money(made.amount), in_capitals(made.open or 0), "集群排产中心", "鞋厂0号"):
        assert said in shown, said
    assert of_firm(town, PARTNER).client("maker").get(address).status_code == 404
    assert town.client("buyer").get(address).status_code == 404
    assert town.client("planner").get(address).status_code == 200
    pay(town.accounts["planner"], made.between, made.amount - 1, NOW.date(), "", "k", NOW)
    assert "￥0.01" in text_of(town.client("maker", "zh").get(address + "paper.pdf"))
    assert f'href="{address}"' in town.client("maker").get(f"/floor/statements/{made.name}/").content.decode()
