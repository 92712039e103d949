"""Files that are brought in: sent, tried as a job, told by row and column, mended, brought in whole or in part, taken back."""

import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cordwainer.exchange import UPLOAD_LIMITS, tried
from cordwainer.hub.acts.lines import admit
from cordwainer.hub.audit.verify import faults
from cordwainer.hub.jobs import importing, worker
from cordwainer.hub.jobs.queue import MOST_TRIES, cancel, take
from cordwainer.hub.models import Account, Batch, Change, Job, Spelling
from cordwainer.hub.store.versions import head, live
from cordwainer.hub.web import sent
from tests.unit.hub.test_jobs import lose
from tests.unit.hub.worlds import Town

HEAD = "order,po,style,pairs,price,due_date\n"
ORDERS = HEAD + "N1,P1,Y1,100,120,2026-04-05\nN2,P1,NOPE,100,120,2026-04-05\nN3,P1,Y1,abc,120,2026-04-05\n"
FIRMS = "firm,name_en,name_zh\nX1,Supplier Co. Ltd,供应商有限公司\nX2,Quite another,另一家\n"


def send(client: Client, content: str | bytes, name: str = "order.csv") -> str:
    """Send a file through the page, let a worker try it, and return the address of its page."""
    body = content.encode() if isinstance(content, str) else content
    sent_to = client.post("/plan/imports/", {"file": SimpleUploadedFile(name, body)})
    assert sent_to.status_code == 302, sent_to.content.decode()
    worker.work(until_idle=True)
    return str(sent_to.url)


def step(client: Client, address: str, taken: str, **more: str) -> str:
    """Take a step on the page of a file, let a worker do what follows, and return what the page then says."""
    done = client.post(address, {"step": taken, **more})
    assert done.status_code == 302, done.content.decode()
    worker.work(until_idle=True)
    return client.get(address).content.decode()


def last() -> Batch:
    return Batch.objects.order_by("-pk")[0]


def test_problems_are_told_by_row_and_column_mended_and_all_rows_brought_in_and_taken_back(town: Town) -> None:
    planner = town.client("planner", "zh")
    before = live()
    address = send(planner, ORDERS)
    said = planner.get(address).content.decode()
    assert "不是数字" in said
    assert 'name="cell:order:3:style" value="NOPE"' in said
    assert 'name="cell:order:4:pairs" value="abc"' in said
    assert live().hash == before.hash
    assert 'name="cell:order:1:' not in said
    assert "还有问题未解决" in planner.post(address, {"step": "all"}).content.decode()
    cells = {"cell:order:3:style": "Y1", "was:order:3:style": "NOPE", "cell:order:4:pairs": "300"}
    assert "没有问题" in step(planner, address, "mend", **cells)
    assert "已导入" in step(planner, address, "all")
    new = live()["order"].join(before["order"], on="order", how="anti").sort("order")
    assert new.select("order", "style", "pairs").rows() == [("N1", "Y1", 100), ("N2", "Y1", 100), ("N3", "Y1", 300)]
    assert last().content == b""
    assert "已撤销" in step(planner, address, "undo")
    assert live().hash == before.hash
    assert list(faults()) == []


def test_only_the_good_rows_go_in_where_that_is_asked(town: Town) -> None:
    planner = town.client("planner")
    address = send(planner, ORDERS)
    assert "1 rows are good" in planner.get(address).content.decode()
    step(planner, address, "good")
    assert live()["order"].filter(live()["order"]["order"].str.starts_with("N"))["order"].to_list() == ["N1"]
    assert "is settled" in planner.post(address, {"step": "good"}).content.decode()


def test_a_file_that_holds_what_is_there_changes_nothing(town: Town) -> None:
    planner = town.client("planner")
    address = send(planner, live()["purchase_order"].select("po", "buyer").write_csv(), "purchase_order.csv")
    assert "nothing changed" in step(planner, address, "all")
    assert planner.post(address, {"step": "undo"}).status_code == 422


def test_firms_spelt_otherwise_are_asked_about_and_never_merged_unasked(town: Town) -> None:
    planner = town.client("planner")
    known = live()["firm"].filter(firm="S1")
    sent_too = "order,po,style,pairs,price,due_date\nN1,PX,Y1,100,120,2026-04-05\n"
    address = send(planner, zipped(firm=FIRMS, purchase_order="po,buyer\nPX,X1\n", order=sent_too), "both.zip")
    said = planner.get(address).content.decode()
    assert "Perhaps the same firm" in said
    assert "Say first which are the same" in planner.post(address, {"step": "all"}).content.decode()
    told = {"name": "Supplier Co. Ltd", "firm": "S1"}
    assert (
        "is not asked"
        in planner.post(address, {"step": "firms", "name": "Other", "firm": "S1", "same:0": "yes"}).content.decode()
    )
    said = step(planner, address, "firms", **told, **{"same:0": "yes"})
    assert "Supplier Co. Ltd is S1." in said
    step(planner, address, "all")
    assert live()["firm"].filter(firm="S1").equals(known), "what is known of the firm stays"
    assert live()["firm"].filter(firm="X1").is_empty()
    assert live()["purchase_order"].filter(po="PX")["buyer"].to_list() == ["S1"]
    again = send(planner, FIRMS, "firm.csv")
    assert "Supplier Co. Ltd is S1." in planner.get(again).content.decode(), "the answer is remembered, and said"
    assert "Perhaps the same firm" in step(planner, again, "ask")
    assert Spelling.objects.count() == 0
    assert "Supplier Co. Ltd is not S1." in step(planner, again, "firms", **told, **{"same:0": "no"})
    step(planner, again, "all")
    assert live()["firm"].filter(firm="X1")["name_en"].to_list() == ["Supplier Co. Ltd"]


def test_firms_of_one_file_that_are_spelt_in_two_ways_are_asked_about(town: Town) -> None:
    firms = "firm,name_en,name_zh\nX3,Kingstar Leather Products,\nX4,KINGSTAR LEATHER PRODUCTS Co. Ltd,\n"
    send(town.client("planner"), firms, "firm.csv")
    assert [(like["firm"], like["known"]) for like in last().told["likes"]] == [("X4", "X3")]


def test_what_is_official_or_came_about_here_is_not_brought_in(town: Town) -> None:
    site = live()["site"].row(0, named=True)["site"]
    parts = {
        "site": f"site,parcel\n{site},G-1\n",
        "promise": "lot,order,pairs,status\nO000-1,O000,1,accepted\n",
        "cap": "cap,scope,of,flow,amount\nC1,cluster,,solvent,1\n",
    }
    address = send(town.client("planner"), zipped(**parts), "x.zip")
    told = last().told
    assert sorted(p["column"] or "" for p in told["problems"] if p["rule"] == "not-the-planners") == ["", "", "parcel"]
    assert [c[0] for c in told["counts"]] == ["site"]
    before = live().hash
    step(town.client("planner"), address, "good")
    assert live().hash == before


def test_the_file_with_errors_marked_and_the_template_are_workbooks(town: Town) -> None:
    planner = town.client("planner", "zh")
    address = send(planner, ORDERS)
    book = openpyxl.load_workbook(BytesIO(planner.get(f"{address}marked.xlsx").content))
    assert "不是数字" in book.worksheets[1]["D4"].comment.text
    assert len(openpyxl.load_workbook(BytesIO(planner.get("/plan/imports/template.xlsx").content)).worksheets) > 20
    step(planner, address, "drop")
    assert planner.get(f"{address}marked.xlsx").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"), [("x.xlsx", b"not a workbook"), ("x.exe", b"MZ"), ("x.zip", b"PK\x05\x06" + b"\0" * 18)]
)
def test_a_file_that_cannot_be_read_is_refused_with_a_remedy(town: Town, name: str, content: bytes) -> None:
    planner = town.client("planner")
    address = send(planner, content, name)
    assert last().state == "refused"
    assert 'class="wrong"' in planner.get(address).content.decode()
    step(planner, address, "drop")
    assert (last().state, last().content) == ("dropped", b"")


def test_no_more_of_a_file_is_taken_in_than_may_be(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent, "UPLOAD_LIMITS", UPLOAD_LIMITS.__class__(file_bytes=1000))
    before = Batch.objects.count()
    for size in (0, 2000, 70_000):
        answer = town.client("planner").post("/plan/imports/", {"file": SimpleUploadedFile("x.csv", b"a" * size)})
        assert answer.status_code == 422
    assert town.client("planner").post("/plan/imports/", {}).status_code == 422
    assert Batch.objects.count() == before


def test_a_file_whose_job_was_lost_can_be_tried_again(town: Town) -> None:
    planner = town.client("planner")
    address = planner.post("/plan/imports/", {"file": SimpleUploadedFile("order.csv", ORDERS.encode())}).url
    assert "being checked" in planner.get(address).content.decode()
    assert planner.post(address, {"step": "again"}).status_code == 422, "a job will be at it"
    for _ in range(MOST_TRIES):
        job = take()
        assert job is not None
        lose(job)
    assert take() is None
    assert "Its workers were lost" in planner.get(address).content.decode()
    assert "1 rows are good" in step(planner, address, "again")


def test_a_stopped_job_leaves_the_file_to_be_tried_again(town: Town) -> None:
    planner = town.client("planner")
    address = planner.post("/plan/imports/", {"file": SimpleUploadedFile("order.csv", ORDERS.encode())}).url
    job = take()
    assert job is not None
    cancel(town.accounts["planner"], job.pk)
    importing.run_check(job)
    assert Job.objects.get(pk=job.pk).status == "cancelled"
    assert "The check was stopped" in planner.get(address).content.decode()
    step(planner, address, "again")
    planner.post(address, {"step": "good"})
    job = take()
    assert job is not None
    cancel(town.accounts["planner"], job.pk)
    importing.run_bring(job)
    assert "N1" not in live()["order"]["order"]
    assert "1 rows are good" in step(planner, address, "again")


def test_a_file_that_was_dropped_while_it_was_tried_stays_dropped(town: Town) -> None:
    planner = town.client("planner")
    address = planner.post("/plan/imports/", {"file": SimpleUploadedFile("order.csv", ORDERS.encode())}).url
    job = take()
    assert job is not None
    batch = last()
    Batch.objects.filter(pk=batch.pk).update(state="dropped")
    importing.run_check(job)
    assert (last().state, Job.objects.get(pk=job.pk).status) == ("dropped", "done")
    assert "nothing of it went in" in planner.get(address).content.decode()


def test_where_the_data_moved_on_the_file_is_shown_again(town: Town) -> None:
    planner = town.client("planner")
    address = send(planner, "order,po,style,pairs,price,due_date\nN1,P1,Y1,100,120,2026-04-05\n")
    planner.post(address, {"step": "all"})
    Batch.objects.filter(pk=last().pk).update(content=b"order,pairs\nN9,x\n")
    worker.work(until_idle=True)
    assert last().state == "checked"
    assert "changed since this file was checked" in planner.get(address).content.decode()
    assert planner.post(address, {"step": "all"}).status_code == 422


def test_a_change_of_others_between_trial_and_writing_is_kept_too(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    planner = town.client("planner")
    address = send(planner, "order,po,style,pairs,price,due_date\nN1,P1,Y1,100,120,2026-04-05\n")
    others = list[Account]()

    def slowly(*given: Any) -> Any:
        found = tried(*given)
        if not others:
            others.append(admit(None, "13900000009", "新作坊", live()["district"]["district"][0]))
        return found

    monkeypatch.setattr(importing, "tried", slowly)
    step(planner, address, "all")
    assert (last().state, last().change) == ("brought", head())
    assert others[0].firm in live()["firm"]["firm"]
    assert "N1" in live()["order"]["order"]


def test_the_progress_of_a_file_renews_itself_and_ends_with_the_page(town: Town) -> None:
    planner = town.client("planner")
    address = planner.post("/plan/imports/", {"file": SimpleUploadedFile("order.csv", ORDERS.encode())}).url
    part = planner.get(address, headers={"HX-Request": "true"})
    assert "HX-Refresh" not in part.headers
    assert 'hx-trigger="every 1s"' in part.content.decode()
    worker.work(until_idle=True)
    assert planner.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_jobs_and_files_are_listed_and_lead_to_each_other(town: Town) -> None:
    planner = town.client("planner")
    address = send(planner, ORDERS)
    assert address in planner.get("/plan/imports/").content.decode()
    assert "check a file" in planner.get("/plan/runs/").content.decode()
    assert address in planner.get(f"/plan/jobs/{last().job}/").content.decode()
    assert Change.objects.filter(kind="import").count() == 1


def test_a_cell_that_was_not_changed_is_not_mended_and_a_long_one_is_refused(town: Town) -> None:
    planner = town.client("planner")
    address = send(planner, ORDERS)
    same = {"cell:order:4:pairs": "abc", "was:order:4:pairs": "abc"}
    assert "No cell was changed" in planner.post(address, {"step": "mend", **same}).content.decode()
    assert planner.post(address, {"step": "mend", "cell:order:4:pairs": "9" * 3000}).status_code == 422
    step(planner, address, "mend", **{"cell:order:99999:pairs": "1", "cell:order:4:nothing": "1"})
    assert last().told["total"] == 2


def zipped(**parts: str) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(f"{name}.csv", content)
    return stream.getvalue()
