"""Programme, phase-out and next step in the hub: worked out by jobs, told to offices in sums, to a firm its own, to others not at all."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import polars as pl
import pytest
from django.db import transaction
from pypdf import PdfReader

from cordwainer.core import LANGUAGES, Text
from cordwainer.exchange import View, ViewColumn
from cordwainer.hub.access.upgrades import KINDS
from cordwainer.hub.jobs.worker import work
from cordwainer.hub.models import Job
from cordwainer.hub.pages import world
from cordwainer.hub.store.kept_views import record_of, view_of
from cordwainer.upgrading import catalogue
from cordwainer.upgrading.for_offices import LEAST_FIRMS
from tests.unit.hub.figures import graded_cluster
from tests.unit.hub.worlds import Town, publish_small

PROGRAMME, PHASE_OUT, STEP = "/office/programme/", "/office/phase-out/", "/firm/next-step/"


@pytest.fixture(scope="module")
def done(database: None) -> Iterator[Town]:
    """Found a town whose offices asked for a programme and a phase-out, and a worker did both."""
    world.forget()
    with transaction.atomic():
        town = publish_small(date(2026, 3, 1), graded_cluster())
        officer = town.client("officer")
        asked = {"budget": "2,000,000", "years": "1", "goal": "contribution"}
        assert officer.post(PROGRAMME, asked).status_code == 302
        assert town.client("inspector").post(PHASE_OUT, {"target": "land", "share": "10"}).status_code == 302
        for job in Job.objects.all():
            job.settings["work"] = 0
            job.save()
        work(until_idle=True)
        yield town
        transaction.set_rollback(True)
    world.forget()


def said(town: Town, role: str, address: str, language: str = "en") -> str:
    """Return a page as a role sees it."""
    answer = town.client(role, language).get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_offices_see_sums_and_never_a_firm(done: Town) -> None:
    assert {j.kind: (j.status, j.result.get("en")) for j in Job.objects.all()} == dict.fromkeys(KINDS, ("done", None))
    for role in ("officer", "inspector"):
        for address, title in ((PROGRAMME, "Side by side"), (PHASE_OUT, "Lowest grade first")):
            page = said(done, role, address)
            assert title in page
            assert not re.search(r"\bF0\d\b|\bL0\d|Maker \d", page)
    assert "对照" in said(done, "officer", PROGRAMME, "zh")
    assert "外溢" in said(done, "inspector", PHASE_OUT, "zh")
    for job in Job.objects.all():
        for record in job.result["tables"]:
            firms = [r["firms"] for r in record["rows"] if "firms" in r]
            assert all(n >= LEAST_FIRMS for n in firms)


def test_every_table_of_an_office_is_exported_and_nobody_else_gets_it(done: Town) -> None:
    for job in Job.objects.all():
        for record in job.result["tables"]:
            address = f"/office/upgrades/{job.pk}/{record['name']}.xlsx"
            answer = done.client("officer").get(address)
            assert answer.status_code == 200
            assert pl.read_excel(BytesIO(answer.content)).height == len(record["rows"])
            for role in ("planner", "maker", "buyer"):
                assert done.client(role).get(address).status_code == 404
    assert "phase-out" not in said(done, "planner", "/plan/runs/")


def test_a_firm_sees_its_own_next_step_alone(done: Town) -> None:
    page = said(done, "maker", STEP)
    steps = Job.objects.get(kind="programme").result["steps"]
    own = steps["F00"]
    told = [s["en"] for s in own["steps"]] or [own["nearest"]["en"]]
    assert all(t in page for t in told)
    assert not re.search(r"\bF0[1-9]\b|Maker [1-9]", page)
    assert "我的下一步" in said(done, "maker", STEP, "zh")
    assert "No next step" in said(done, "buyer", STEP)


def test_a_firm_takes_its_next_step_home_as_one_page(done: Town) -> None:
    own = Job.objects.get(kind="programme").result["steps"]["F00"]
    first = catalogue().measures[(own["steps"] or [own["nearest"]])[0]["measure"]]
    for language in LANGUAGES:
        pages = PdfReader(BytesIO(done.client("maker", language).get(STEP + "next-step.pdf").content)).pages
        assert len(pages) == 1
        shown = "".join(pages[0].extract_text().split())
        assert "".join(first.title.in_(language).split()) in shown
        assert "F00" in shown
    assert done.client("buyer").get(STEP + "next-step.pdf").status_code == 404


def test_what_a_form_says_wrongly_is_told(done: Town) -> None:
    for form in ({"budget": "0", "years": "1", "goal": "npv"}, {"budget": "1", "years": "1", "goal": "magic"}):
        assert done.client("officer").post(PROGRAMME, form).status_code == 422
    assert done.client("inspector").post(PROGRAMME, {"budget": "1", "years": "1", "goal": "npv"}).status_code == 404


def test_a_table_that_was_kept_is_the_same() -> None:
    frame = pl.DataFrame({"a": [1, None], "b": [0.5, 2.0], "c_en": ["x", "y"], "c_zh": ["甲", "乙"]})
    columns = (
        ViewColumn("a", Text("A", "甲"), "int"),
        ViewColumn("b", Text("B", "乙"), "share"),
        ViewColumn("c", Text("C", "丙"), "both"),
    )
    view = View("v", Text("V", "表"), columns, frame)
    again = view_of(record_of(view))
    assert again.columns == columns
    assert again.frame.equals(frame)
