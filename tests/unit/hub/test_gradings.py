"""Runs of grading in the hub: frozen, answered, corrected, signed; each step in the audit, each firm with its own figures alone."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from cordwainer.cluster import Cluster
from cordwainer.core import UserError
from cordwainer.hub.access import gradings
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.acts.gradings import correct_figure, freeze_run, object_figure
from cordwainer.hub.audit.verify import faults
from cordwainer.hub.models import AuditEntry, GradingAnswer, GradingRevision, GradingRun
from cordwainer.hub.pages import world
from cordwainer.hub.store.versions import commit, live
from tests.unit.hub.figures import graded_cluster, publish_graded
from tests.unit.hub.worlds import Town, with_rows

_CHANGING = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
DAY = date(2026, 3, 3)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pages think that it is Tuesday 3 March 2026: the run was frozen the day before."""
    _set_day(monkeypatch, DAY)


def _set_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    for name in ("gradings", "my_figures", "assessed"):
        monkeypatch.setattr(f"cordwainer.hub.pages.{name}.today", lambda: day)


def number() -> int:
    """Return the number of the latest run."""
    return int(GradingRun.objects.latest("pk").pk)


def said(client: Client, address: str) -> str:
    """Return a page without what is drawn anew each time."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return _CHANGING.sub("", answer.content.decode())


def figure(unit: str, name: str) -> dict[str, Any]:
    """Return the row of table figure as it holds now."""
    return live()["figure"].filter(unit=unit, indicator=name, year=2025).row(0, named=True)


def test_a_run_is_frozen_with_data_and_scheme_and_is_a_trial(graded_town: Town) -> None:
    client = graded_town.client("officer")
    answer = client.post("/office/runs/", {"scheme": "ruian-like"})
    made = GradingRun.objects.latest("pk")
    assert answer.url == f"/office/runs/{made.pk}/"
    assert 'scheme = "ruian-like"' in made.scheme_file
    page = said(client, answer.url)
    assert "trial" in page
    assert GradingRevision.objects.get(run=made).record["data_hash"][:12] in page
    assert "Maker 9 &amp; Sons" in page
    assert "试算" in said(graded_town.client("officer", "zh"), "/office/runs/")
    assert AuditEntry.objects.filter(action="freeze", account="officer", row=str(made.pk)).exists()


def test_an_owner_confirms_on_the_phone(graded_town: Town) -> None:
    client, address = graded_town.client("maker"), f"/firm/figures/{number()}/"
    assert address in said(client, "/firm/grade/")
    page = said(client, address)
    assert "1,200,000" in page
    assert "answer by 9 Mar (7 days left)" in page
    assert client.post(address, {"step": "confirm"}).status_code == 302
    assert client.post(address, {"step": "confirm"}).status_code == 302
    assert "You confirmed these figures." in said(client, address)
    assert GradingAnswer.objects.count() == 1
    assert "firms that confirmed: 1" in said(graded_town.client("officer"), f"/office/runs/{number()}/")
    assert "您已确认" in said(graded_town.client("maker", "zh"), address)


def test_an_objection_is_refused_with_a_reason_that_the_firm_reads(graded_town: Town) -> None:
    maker, officer, address = graded_town.client("maker"), graded_town.client("officer"), f"/firm/figures/{number()}/"
    wrong = {"step": "object", "figure": "land_mu", "claimed": "ten"}
    assert maker.post(address, wrong).status_code == 422
    assert maker.post(address, {**wrong, "claimed": "10.5", "reason": " a road\nwas built "}).status_code == 302
    assert figure("F00", "land_mu")["status"] == "objected"
    assert live()["objection"].select("unit", "indicator", "claimed", "reason", "decision").rows() == [
        ("F00", "land_mu", 10.5, "a road was built", "open")
    ]
    page = said(officer, f"/office/runs/{number()}/")
    assert "a road was built" in page
    assert officer.post(f"/office/runs/{number()}/", {"step": "sign"}).status_code == 422
    form = {"step": "refuse", "unit": "F00", "figure": "land_mu", "why": "the deed says 12"}
    assert officer.post(f"/office/runs/{number()}/", form).status_code == 302
    assert "the deed says 12" in said(maker, address)
    assert live()["objection"]["decision"].to_list() == ["refused"]
    assert figure("F00", "land_mu")["status"] == "drawn"


def test_a_correction_keeps_its_source_and_lists_every_grade_that_changed(graded_town: Town) -> None:
    officer, run = graded_town.client("officer"), number()
    object_figure(graded_town.accounts["maker"], run, "tax_yuan", 9e6, "", DAY)
    form = {"firm": "F00", "figure": "tax_yuan", "value": "9000000", "source": "tax office, 2 March"}
    assert officer.post(f"/office/runs/{run}/F00/", {**form, "source": ""}).status_code == 422
    assert officer.post(f"/office/runs/{run}/F00/", form).status_code == 302
    row = figure("F00", "tax_yuan")
    assert (row["value"], row["source"], row["status"], row["date"]) == (9e6, "tax office, 2 March", "corrected", DAY)
    assert live()["objection"]["decision"].to_list() == ["upheld"]
    told = {e.column: (e.old, e.new) for e in AuditEntry.objects.filter(action="grade")}
    found = gradings.opened(Viewer("officer"), run)
    assert found is not None
    assert {c.unit for c in found.run.changes} == set(told)
    assert told["F00"][1] == found.run.unit("F00")["grade"] == "A"
    assert {c.why for c in found.run.changes} == {"own", "others"}
    page = said(officer, f"/office/runs/{run}/")
    assert "1,200,000 -&gt; 9,000,000" in page or "1,200,000 → 9,000,000" in page
    assert "others moved" in page
    own = said(graded_town.client("maker"), f"/firm/figures/{run}/")
    assert "A figure of yours was corrected." in own
    assert "tax office, 2 March" in own
    assert list(faults()) == []
    with pytest.raises(UserError, match="no-change"):
        correct_figure(graded_town.accounts["officer"], run, "F00", "tax_yuan", 9e6, "again", DAY)


def test_what_is_frozen_stays_so_whatever_becomes_of_the_data(graded_town: Town) -> None:
    """A later import of other figures is no correction: the run is graded from what was frozen."""
    run, officer = number(), graded_town.accounts["officer"]
    commit(None, "import", "later", {"figure": graded_cluster(F05={"tax_yuan": 9e7})["figure"]})
    after = correct_figure(officer, run, "F00", "staff", 95.0, "pay roll", DAY)
    assert after.figures["F05"]["tax_yuan"] == 2.7e6
    assert after.figures["F00"]["staff"] == 95.0


def test_it_is_signed_after_the_days_and_stands(graded_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    officer, run = graded_town.client("officer"), number()
    graded_town.client("maker").post(f"/firm/figures/{run}/", {"step": "confirm"})
    assert officer.post(f"/office/runs/{run}/", {"step": "sign"}).status_code == 422
    _set_day(monkeypatch, date(2026, 3, 10))
    late = graded_town.client("maker").post(f"/firm/figures/{run}/", {"step": "object", "figure": "staff"})
    assert late.status_code == 422
    assert officer.post(f"/office/runs/{run}/", {"step": "sign"}).status_code == 302
    assert "Signed by officer on 2026-03-10." in said(graded_town.client("maker"), f"/firm/figures/{run}/")
    assert figure("F00", "tax_yuan")["status"] == "confirmed"
    assert figure("F01", "tax_yuan")["status"] == "drawn"
    form = {"firm": "F00", "figure": "staff", "value": "1", "source": "x"}
    assert officer.post(f"/office/runs/{run}/F00/", form).status_code == 422
    assert AuditEntry.objects.filter(action="sign").exists()


def test_a_record_that_was_changed_is_not_read(graded_town: Town) -> None:
    kept = GradingRevision.objects.get()
    kept.record["units"][0]["grade"] = "A+"
    kept.save()
    world.forget()
    with pytest.raises(UserError, match="run-changed"):
        gradings.opened(Viewer("officer"), number())


def test_inspectors_look_and_planners_learn_nothing(graded_town: Town) -> None:
    run = number()
    assert "F05" in said(graded_town.client("inspector"), f"/office/runs/{run}/")
    assert "Freeze a new run" not in said(graded_town.client("inspector"), "/office/runs/")
    assert graded_town.client("inspector").post(f"/office/runs/{run}/", {"step": "sign"}).status_code == 404
    object_figure(graded_town.accounts["maker"], run, "staff", None, "", DAY)
    assert "objection" not in said(graded_town.client("planner"), "/plan/changes/")
    for role in ("planner", "public", "maker"):
        viewer = Viewer(role, "F00" if role == "maker" else "")
        assert gradings.runs(viewer) == []
        assert gradings.opened(viewer, run) is None
        assert gradings.views(viewer, run) is None
        assert gradings.unit(viewer, run, "F00") is None
        assert gradings.corrections(viewer, run) == []


def owner_pages(cluster: Cluster) -> list[str]:
    """Return what an owner reads of a run in a world of its own, after another firm objected and was corrected."""
    with transaction.atomic():
        town = publish_graded(date(2026, 3, 1), cluster)
        correct_figure(town.accounts["officer"], number(), "F09", "staff", 136.0, "pay roll of F09", DAY)
        found = [said(town.client("maker"), a) for a in (f"/firm/figures/{number()}/", "/firm/grade/", "/firm/")]
        transaction.set_rollback(True)
    world.forget()
    return found


def test_anothers_figures_show_to_no_owner(database: None) -> None:
    here, there = owner_pages(graded_cluster()), owner_pages(graded_cluster(F09={"tax_yuan": 1e8}))
    assert here == there
    assert "pay roll of F09" not in "".join(here)


def test_firms_of_a_merged_unit_see_their_own_figures_and_the_common_grade(database: None) -> None:
    both = [{"group": "G1", "firm": f} for f in ("F00", "F09")]
    with transaction.atomic():
        town = publish_graded(date(2026, 3, 1), with_rows(graded_cluster(), group_member=both))
        page, grade = (said(town.client("maker"), a) for a in (f"/firm/figures/{number()}/", "/firm/grade/"))
        assert "1,200,000" in page
        assert "5,100,000" not in page + grade
        assert "graded as one with others" in page
        assert "better than" not in grade
        unit = said(town.client("officer"), f"/office/runs/{number()}/G1/")
        assert "5,100,000" in unit
        assert "3,900,000" in unit
        transaction.set_rollback(True)
    world.forget()


def test_without_figures_nothing_is_frozen(town: Town) -> None:
    with pytest.raises(UserError, match="no-figures"):
        freeze_run(town.accounts["officer"], "huangyan-2022", DAY)
    assert town.client("officer").post("/office/runs/", {}).status_code == 422


def test_objections_that_stand_open_come_into_the_run(database: None) -> None:
    stands = {"objection": "Q1", "unit": "F02", "year": 2025, "indicator": "staff", "filed": date(2026, 2, 1)}
    with transaction.atomic():
        town = publish_graded(date(2026, 3, 1), with_rows(graded_cluster(), objection=[stands]))
        assert "2026-02-01" in said(town.client("officer"), f"/office/runs/{number()}/")
        correct_figure(town.accounts["officer"], number(), "F02", "staff", 99.0, "pay roll", DAY)
        assert live()["objection"]["decision"].to_list() == ["upheld"]
        transaction.set_rollback(True)
    world.forget()
