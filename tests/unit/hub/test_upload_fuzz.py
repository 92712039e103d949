"""Whatever file is sent through the page, it ends in a trial, a refusal with a remedy or rows that went in whole: never in an error.

``CORDWAINER_FUZZ=1000`` sends so many (24 otherwise).
"""

import os
import random
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cordwainer.exchange import write_cluster
from cordwainer.hub.audit.verify import faults
from cordwainer.hub.jobs import worker
from cordwainer.hub.models import Batch, Change, Job
from cordwainer.hub.store.versions import live
from tests.small_plan import small_cluster
from tests.unit.hub.worlds import Town

FILES = int(os.environ.get("CORDWAINER_FUZZ", "24"))
ODD: tuple[Any, ...] = (
    "", " ", "=1/0", "=HYPERLINK(\"http://x\")", "9" * 400, "1e999", -1, 0, 1e308, True, "否", "2026-02-30", "3/4",
    "<script>alert(1)</script>", "'; DROP TABLE hub_batch; --", "\u202e\u200b", "鞋" * 3000, "N/A", "#REF!", "１２３",
)  # fmt: skip
NAMES = ("order.xlsx", "订单 (1).XLSX", "../../etc/passwd.xlsx", "a.csv", "x.zip", "cluster.xlsm", "no ending", "'.tsv")


@cache
def workbook() -> bytes:
    """Return the small cluster as a workbook."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cluster.xlsx"
        write_cluster(small_cluster(), path, "excel")
        return path.read_bytes()


def odd_cells(rng: random.Random) -> bytes:
    """Return the workbook with strange things in some cells, headings too, and sheets renamed, doubled or gone."""
    book = openpyxl.load_workbook(BytesIO(workbook()))
    for _ in range(rng.randint(1, 12)):
        sheet = rng.choice(book.worksheets)
        row, column = rng.choice((1, 2, 3, 9, 400)), rng.randint(1, max(2, sheet.max_column))
        sheet.cell(row, column).value = rng.choice(ODD)
    act = rng.choice(("none", "rename", "copy", "remove", "none"))
    sheet = rng.choice(book.worksheets)
    if act == "rename":
        sheet.title = rng.choice(("order (2)", "订单", "x" * 31))
    elif act == "copy":
        book.copy_worksheet(sheet)
    elif act == "remove":
        book.remove(sheet)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def odd_parts(rng: random.Random) -> bytes:
    """Return the workbook with bytes of one of its parts changed, or the part gone, before it is packed again."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook())) as whole, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as changed:
        names = whole.namelist()
        victim = rng.choice(names)
        for name in names:
            content = bytearray(whole.read(name))
            if name == victim:
                if rng.random() < 0.2:
                    continue
                for _ in range(rng.randint(1, 8)):
                    content[rng.randrange(len(content))] = rng.randrange(256)
            changed.writestr(name, bytes(content))
    return made.getvalue()


def odd_bytes(rng: random.Random) -> bytes:
    """Return the packed workbook cut off, or with bytes changed."""
    content = bytearray(workbook())
    if rng.random() < 0.5:
        return bytes(content[: rng.randrange(1, len(content))])
    for _ in range(rng.randint(1, 20)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    return bytes(content)


def odd_text(rng: random.Random) -> bytes:
    """Return rows of text as nobody would write them."""
    cells = ["order", "pairs", "price", "O001", "鞋", *(str(o) for o in ODD)]
    lines = [rng.choice((",", "\t", ";", "|")).join(rng.choices(cells, k=rng.randint(1, 6))) for _ in range(9)]
    return rng.choice(("\n", "\r\n", "\r", "\n\n")).join(lines).encode(rng.choice(("utf-8", "gb18030", "utf-16")))


CHANGES: tuple[Callable[[random.Random], bytes], ...] = (odd_cells, odd_cells, odd_parts, odd_bytes, odd_text)


@pytest.mark.timeout(120 + 10 * FILES)
def test_no_file_ends_in_an_error_or_leaves_anything_half_done(town: Town) -> None:
    planner, before = town.client("planner"), Batch.objects.count()
    ends: dict[str, int] = {}
    for seed in range(FILES):
        rng = random.Random(seed)  # noqa: S311 (to be repeatable)
        content = CHANGES[seed % len(CHANGES)](rng)
        held, changes = live().hash, Change.objects.count()
        sent = planner.post("/plan/imports/", {"file": SimpleUploadedFile(rng.choice(NAMES), content)})
        assert sent.status_code == 302, (seed, sent.content.decode())
        worker.work(until_idle=True)
        batch = Batch.objects.latest("pk")
        assert batch.state in ("checked", "refused"), seed
        page = planner.get(sent.url)
        assert page.status_code == 200, seed
        assert live().hash == held, (seed, "a trial changes nothing")
        if batch.state == "checked":
            assert planner.get(f"{sent.url}marked.xlsx").status_code in (200, 404), seed
            step = next((s for s in ("all", "good") if f'value="{s}"' in page.content.decode()), "drop")
            assert planner.post(sent.url, {"step": step}).status_code == 302, seed
            worker.work(until_idle=True)
            assert planner.get(sent.url).status_code == 200, seed
        state = Batch.objects.latest("pk").state
        ends[state] = ends.get(state, 0) + 1
        assert (live().hash != held) == (Change.objects.count() == changes + 1), seed
    assert Batch.objects.count() == before + FILES
    assert set(Job.objects.values_list("status", flat=True)) == {"done"}
    assert {"refused"} < set(ends), ends
    assert list(faults()) == []
