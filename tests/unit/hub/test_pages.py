"""Pages: what they say in both languages, what they load, what filters and exports do."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from cordwainer.exchange import plan_view
from cordwainer.hub.models import Change, Job, Pay
from cordwainer.hub.store.versions import commit, head, live
from cordwainer.hub.web import wording
from cordwainer.hub.web.headers import POLICY
from cordwainer.hub.web.listing import Listing
from cordwainer.hub.web.texts import texts
from tests.small_plan import small_cluster, small_plan
from tests.unit.hub.worlds import Town

HUB = Path(__file__).parents[3] / "src" / "cordwainer" / "hub"
PAGES = {
    "public": ["/", "/sign-in/"],
    "planner": [
        "/plan/",
        "/plan/orders/",
        "/plan/unmet/",
        "/plan/makers/",
        "/plan/districts/",
        "/plan/load/",
        "/plan/places/",
        "/plan/purchases/",
        "/plan/prices/",
        "/plan/outside/",
        "/plan/order/O000/",
        "/plan/firm/F00/",
        "/plan/line/L00cl/",
        "/plan/runs/",
        "/plan/imports/",
        "/plan/invite/",
        "/plan/changes/",
        "/plan/desk/",
        "/plan/assessed/look-alikes/",
        "/plan/assessed/chain/",
        "/plan/assessed/people/",
        "/prices/",
        "/tokens/",
        "/notices/",
    ],
    "maker": [
        "/firm/",
        "/firm/offers/",
        "/firm/offers/O000-1/",
        "/firm/weeks/",
        "/firm/money/",
        "/firm/data/",
        "/firm/consents/",
        "/firm/line/",
        "/firm/line/L00cl/",
        "/firm/asked/Q1-1/",
    ],
    "buyer": ["/firm/enquiries/", "/firm/enquiries/new/", "/firm/", "/firm/data/", "/firm/consents/"],
    "supplier": ["/firm/data/"],
    "inspector": ["/office/"],
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("role", PAGES)
def test_pages_are_in_their_language_and_load_nothing_from_elsewhere(town: Town, role: str, language: str) -> None:
    client = town.client(role, language)
    for address in PAGES[role]:
        answer = client.get(address)
        said = answer.content.decode()
        assert answer.status_code == 200, address
        assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}">' in said
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["Cache-Control"] == "no-store"
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', said), address
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?! defer src=)", said), address
        own = texts()["skip"].in_("en" if language == "en" else "zh")
        assert own in said


def test_every_text_that_a_template_names_exists_and_every_text_is_used() -> None:
    named, built = set(), set()
    for path in [*HUB.rglob("*.html"), *HUB.rglob("*.py")]:
        said = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'\bt(?:ext)?\("([a-z][a-z0-9_]*)"', said))
        built |= set(re.findall(r'\btext\(f"([a-z0-9_]+_)\{', said))
        for call in re.findall(r"\bt(?:ext)?\(([^()]*)", said):
            named |= set(re.findall(r"'([a-z][a-z0-9_]*)'(?! ~)", call.split(",")[0]))
            built |= set(re.findall(r"'([a-z0-9_]+_)' ~", call))
    known = set(texts())
    named &= known | {n for n in named if "_" in n}
    assert named - known == set()
    assert {k for k in known - named if not any(k.startswith(b) for b in built)} == set()


def test_no_template_writes_a_text_itself() -> None:
    for path in HUB.rglob("*.html"):
        plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        said = re.sub(r"<[^>]*>", " ", plain)
        words = set(re.findall(r"[A-Za-z一-鿿]{2,}", said)) - {"Cordwainer", "English", "中文"}
        assert words == set(), path.name


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (None, "–", "–"),
        (950, "950", "950"),
        (12_345, "12,345", "1.23 万"),
        (123_456, "123 k", "12.3 万"),
        (4_990_000, "4.99 m", "499 万"),
        (-210_000_000, "-210 m", "-2.10 亿"),
        (1_300_000_000, "1.30 bn", "13.0 亿"),
    ],
)
def test_large_numbers_are_short_as_people_say_them(value: float | None, en: str, zh: str) -> None:
    assert (wording.short(value, "en"), wording.short(value, "zh")) == (en, zh)


def test_days_are_written_as_people_read_them() -> None:
    assert (wording.day(date(2026, 3, 2), "en"), wording.day(date(2026, 3, 2), "zh")) == ("2 Mar", "3月2日")


def test_a_list_is_filtered_sorted_and_paged_as_the_address_says() -> None:
    view = plan_view(small_cluster(), small_plan(), "orders")
    placed = Listing(view, {"outcome": "placed", "sort": "-pairs"}, "en")
    assert placed.total == 16
    assert [row[0].said for row in placed.rows[:2]] == ["O019", "O018"]
    found = Listing(view, {"q": "o01"}, "en")
    assert found.total == 10
    assert Listing(view, {"page": "99"}, "en").page == 1
    assert found.address(page="2", sort="pairs") == "?q=o01&page=2&sort=pairs"
    assert Listing(view, {"sort": "unheard", "outcome": "no such"}, "en").total == 0


def test_a_list_is_exported_as_it_is_filtered(town: Town) -> None:
    answer = town.client("planner").get("/plan/orders.xlsx?outcome=placed&sort=-pairs")
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 17
    assert rows[1][0] == "O019"


def test_the_planner_starts_a_plan_and_sees_how_far_it_is(town: Town) -> None:
    client = town.client("planner")
    address = client.post("/plan/runs/", {"seconds": "30"}).url
    job = Job.objects.get()
    Job.objects.update(status="running", progress={"seconds": 30, "elapsed": 12.0, "en": "searching", "zh": "搜索中"})
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "searching" in part
    assert "<html" not in part
    client.post(f"/plan/jobs/{job.pk}/stop/")
    assert Job.objects.get().cancel
    assert client.post("/plan/runs/", {"seconds": "1"}).status_code == 422


def test_a_maker_answers_an_offer_on_its_page(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cordwainer.hub.pages.firm.today", lambda: date(2026, 3, 2))
    client = town.client("maker")
    assert b'value="accept"' in client.get("/firm/offers/O000-1/").content
    assert client.post("/firm/offers/O000-1/", {"answer": "accept"}).status_code == 302
    page = client.get("/firm/offers/O000-1/").content.decode()
    assert "You accepted." in page
    assert 'value="accept"' not in page


def test_a_maker_declines_an_offer_and_reads_it_no_longer(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cordwainer.hub.pages.firm.today", lambda: date(2026, 3, 2))
    client = town.client("maker")
    answer = client.post("/firm/offers/O000-1/", {"answer": "decline", "reason": "full"})
    assert "You declined." in answer.content.decode()
    assert client.get("/firm/offers/O000-1/").status_code == 404
    assert "O000-1" not in client.get("/firm/offers/").content.decode()


def test_accepted_work_and_its_pay_stand_under_my_money(town: Town) -> None:
    accepted = pl.when(pl.col("lot") == "O000-1").then(pl.lit("accepted")).otherwise("status").alias("status")
    commit(None, "edit", "", {"promise": live()["promise"].with_columns(accepted)})
    said = town.client("maker").get("/firm/money/").content.decode()
    fen = sum(Pay.objects.filter(lot="O000-1", firm="F00").values_list("fen", flat=True))
    assert wording.yuan(fen) in said


def test_a_maker_states_a_line_on_its_page(town: Town) -> None:
    client = town.client("maker", "zh")
    form = {
        "stage": "closing",
        "people": "8",
        "hours": "9.5",
        "kind": ["cemented.boot"],
        "pairs": "200",
        "yuan": "6.50",
    }
    assert client.post("/firm/line/", form).url == "/firm/"
    assert live()["line_statement"].filter(fen_pair=650).height == 1
    assert "6.50" in client.get("/firm/").content.decode()
    before = head()
    answer = client.post("/firm/line/", {**form, "people": "几个"})
    assert answer.status_code == 422
    assert "请填写人数" in answer.content.decode()
    assert head() == before


def test_errors_of_data_are_told_in_the_language_of_the_visit(town: Town) -> None:
    form = {"stage": "closing", "people": "0", "hours": "9", "kind": ["cemented.boot"], "pairs": "200", "yuan": "6"}
    for language, word in (("en", "problem"), ("zh", "数据中有")):
        answer = town.client("maker", language).post("/firm/line/", form)
        assert answer.status_code == 422
        assert word in answer.content.decode()


def test_the_planner_sees_a_change_field_by_field_and_takes_it_back(town: Town) -> None:
    frame = live()["line_statement"]
    dearer = pl.when(pl.col("line") == "L00cu").then(455).otherwise("fen_pair").alias("fen_pair")
    change = commit(town.accounts["planner"], "edit", "by phone", {"line_statement": frame.with_columns(dearer)})
    assert change is not None
    client = town.client("planner")
    assert "by phone" in client.get("/plan/changes/").content.decode()
    said = client.get(f"/plan/changes/{change.pk}/").content.decode()
    assert "455" in said
    assert "400" in said
    assert client.post(f"/plan/changes/{change.pk}/").status_code == 302
    assert live()["line_statement"].filter(line="L00cu")["fen_pair"].item() == 400


def test_what_others_have_acted_on_is_not_taken_back(town: Town) -> None:
    published = Change.objects.get(kind="publish").pk
    client = town.client("planner")
    assert "<button>Take this change back" not in client.get(f"/plan/changes/{published}/").content.decode()
    assert client.post(f"/plan/changes/{published}/").status_code == 422
