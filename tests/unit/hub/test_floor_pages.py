"""The floor as its people use it: finish, hand over, confirm, claim, settle, pay; milestones, documents, who is late."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cordwainer.hub.audit.verify import faults
from cordwainer.hub.models import Claim, Document, Due, Handover, MilestoneDay, Payment, Progress
from cordwainer.hub.store.versions import commit, live
from tests.unit.hub.desk_world import Clock
from tests.unit.hub.floor_world import PNG, accept_lots, of_firm
from tests.unit.hub.worlds import Town, with_rows

LOT = "/floor/lot/O000-1/"


@pytest.fixture
def floor(town: Town, clock: Clock) -> Town:
    """Give a test the town with accepted lots, on Tuesday 10 March 2026."""
    accept_lots()
    clock.on(days=8)
    return town


def counts(good: int, seconds: int = 0, missing: int = 0, size: str = "-") -> dict[str, object]:
    return {"size": size, "good": good, "seconds": seconds, "missing": missing}


def test_from_finished_work_to_money(floor: Town) -> None:
    maker, next_, planner = floor.client("maker"), of_firm(floor, "F01").client("maker"), floor.client("planner")
    done = {"step": "finished", "key": "p", "stage": "cutting", "date": "2026-03-10", "pairs": "400"}
    for _ in range(2):
        assert maker.post(LOT, done).status_code == 302
    assert Progress.objects.get().pairs == 400
    assert b"400 of 1,000 pairs" in maker.get("/floor/").content
    photo = SimpleUploadedFile("p.png", PNG, "image/png")
    give = {"step": "give", "key": "g", "stage": "closing", "date": "2026-03-10", **counts(400, 3), "photo": photo}
    sent = maker.post(LOT, give)
    assert sent.url == maker.post(LOT, {**give, "photo": SimpleUploadedFile("p.png", PNG, "image/png")}).url
    page = sent.url
    assert b"400" in next_.get("/floor/").content
    found = {"step": "receive", "key": "r", **counts(390, 3, 10), "yuan": "50", "until": "2026-03-12", "note": "short"}
    for _ in range(2):
        assert next_.post(page, found).status_code == 302
    claim = f"/floor/claims/{Claim.objects.get().pk}/"
    for client, word in ((maker, "refused"), (planner, "settled")):
        assert client.post(claim, {"word": word, "pairs": "4", "yuan": "20"}).status_code == 302
    assert b"4 pairs are paid for after all" in next_.get(claim).content
    (work, more, deducted) = Due.objects.order_by("pk")
    assert (work.pairs, more.pairs, deducted.amount, deducted.payer, deducted.payee) == (390, 4, 2000, "F00", "F01")
    name = "2026-03.desk.F00"
    said = maker.get(f"/floor/statements/{name}/").content.decode()
    assert f"{(work.amount + more.amount) / 100:,.2f}" in said
    for _ in range(2):
        assert planner.post(f"/floor/statements/{name}/", {"yuan": "100", "key": "m"}).status_code == 302
    assert Payment.objects.get().amount == 10_000
    assert planner.post(f"/floor/statements/{name}/", {"yuan": "99999999", "key": "n"}).status_code == 422
    assert next_.get(f"/floor/statements/{name}/").status_code == 404
    assert next_.get("/floor/statements/2026-03.F00.F01/").status_code == 200
    assert list(faults()) == []


def test_what_goes_to_the_buyer_makes_the_order_due_by_its_term(floor: Town) -> None:
    more = with_rows(live(), payment_term=[{"term": "N30", "balance_days": 30, "counted_from": "delivery"}])
    orders = more["purchase_order"].with_columns(payment_term=pl.lit("N30"))
    commit(None, "import", "term", {"payment_term": more["payment_term"], "purchase_order": orders})
    last, buyer = of_firm(floor, "F01").client("maker"), floor.client("buyer")
    page = last.post(LOT, {"step": "give", "key": "g", "stage": "finishing", **counts(500)}).url
    assert buyer.post(page, {"step": "as-given", "key": "r"}).status_code == 302
    owed = Due.objects.get(kind="order")
    assert (owed.payer, owed.payee, owed.amount, str(owed.due)) == ("B1", "", 500 * 12_000, "2026-04-09")
    said = buyer.get("/floor/statements/2026-03.B1.desk/").content.decode()
    assert "60,000.00" in said
    assert "2026-05-09" in said  # sixty days
    fen = Due.objects.get(kind="work").amount
    assert f"{fen / 100:,.2f}" not in said


def test_pages_refuse_what_cannot_be_meant_and_keep_nothing(floor: Town) -> None:
    maker = floor.client("maker")
    bad: list[dict[str, object]] = [
        {"step": "finished", "stage": "cutting", "pairs": "x", "key": "a"},
        {"step": "finished", "stage": "cutting", "pairs": "1001", "key": "a"},
        {"step": "finished", "stage": "cutting", "pairs": "-1", "key": "a"},
        {"step": "finished", "stage": "lasting", "pairs": "1", "key": "a"},
        {"step": "finished", "stage": "cutting", "pairs": "1", "date": "2026-03-11", "key": "a"},
        {"step": "give", "stage": "closing", "key": "a", **counts(1001)},
        {"step": "give", "stage": "closing", "key": "a", **counts(0)},
        {"step": "give", "stage": "finishing", "key": "a", **counts(1)},
        {"step": "give", "stage": "closing", "key": "a", **counts(1), "photo": SimpleUploadedFile("x.png", b"<svg>")},
        {"step": "else"},
    ]
    assert [maker.post(LOT, form).status_code for form in bad] == [422] * len(bad)
    assert not Progress.objects.exists()
    assert not Handover.objects.exists()


def test_milestones_are_set_by_the_desk_and_done_by_the_lead_and_tell_who_is_late(floor: Town) -> None:
    planner, lead, other = floor.client("planner"), of_firm(floor, "F01").client("maker"), floor.client("maker")
    order = "/floor/order/O000/"
    form = {"step": "milestone", "milestone": "inspection", "due": "2026-03-05"}
    for _ in range(2):
        assert planner.post(order, form).status_code == 302
    assert MilestoneDay.objects.count() == 1
    late = planner.get("/floor/?sort=days").content.decode()
    assert "Inspection" in late
    assert "Maker 1" in late
    book = openpyxl.load_workbook(BytesIO(planner.get("/floor/late.xlsx").content))
    assert any("O000" in str(c.value) for row in book.active.iter_rows() for c in row)
    assert b"Inspection" not in other.get(order).content.split(b"Documents")[0]
    assert other.post(order, {**form, "done": "2026-03-09"}).status_code == 422
    assert lead.post(order, {"step": "milestone", "milestone": "inspection", "done": "2026-03-09"}).status_code == 302
    assert str(MilestoneDay.objects.latest("pk").due) == "2026-03-05"
    assert lead.post(order, {"step": "milestone", "milestone": "deposit", "done": "2026-03-09"}).status_code == 422


def test_documents_reach_those_whom_they_are_for(floor: Town) -> None:
    lead, maker, buyer = of_firm(floor, "F01").client("maker"), floor.client("maker"), floor.client("buyer")
    planner, order = floor.client("planner"), "/floor/order/O000/"
    for readers in ("desk", "buyer", "all"):
        file = SimpleUploadedFile("po.pdf", b"%PDF-1.7 " + readers.encode())
        assert planner.post(order, {"step": "document", "file": file, "readers": readers}).status_code == 302
    files = dict(Document.objects.values_list("readers", "file"))
    reads = {
        who: [client.get(f"/floor/files/{files[r]}/").status_code for r in ("desk", "buyer", "all")]
        for who, client in (("planner", planner), ("buyer", buyer), ("lead", lead), ("maker", maker))
    }
    assert reads == {
        "planner": [200, 200, 200],
        "buyer": [404, 200, 200],
        "lead": [404, 200, 200],
        "maker": [404, 404, 200],
    }
    answer = maker.get(f"/floor/files/{files['all']}/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for content in (b"MZ", b"<html>", b"%PDF-" + bytes(9 << 20), b""):
        file = SimpleUploadedFile("po.pdf", content)
        assert planner.post(order, {"step": "document", "file": file, "readers": "all"}).status_code == 422


def test_who_leads_reads_pairs_of_all_lots_and_no_pay(floor: Town) -> None:
    lead = of_firm(floor, "F01").client("maker")
    page = of_firm(floor, "F00").client("maker").post(LOT, {"step": "give", "key": "g", "stage": "sole", **counts(10)})
    lead.post(page.url, {"step": "as-given", "key": "r"})
    fen = Due.objects.get(payee="F00").amount
    assert fen
    for address in ("/floor/", "/floor/order/O000/", LOT, page.url, "/floor/statements/"):
        assert f"{fen / 100:,.2f}" not in lead.get(address).content.decode(), address
