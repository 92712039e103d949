"""Files that are sent: what goes in and what not, mended cells, firms spelt in two ways, errors marked."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from cordwainer.core import UserError
from cordwainer.exchange import read_upload, respelt, tried, write_marked
from tests.small_plan import small_cluster

HEAD = "order,po,style,pairs,price,due_date\n"
ROWS = "N1,P1,Y1,100,120,2026-04-05\nN2,P1,NOPE,100,120,2026-04-05\nN3,P1,Y1,abc,120,2026-04-05\nO001,P1,Y1,1200,121,2026-04-05\n"


def zipped(parts: dict[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_good_rows_go_in_and_each_bad_one_is_told_by_row_and_column() -> None:
    cluster = small_cluster()
    found = tried(read_upload("order.csv", (HEAD + ROWS).encode()), cluster)
    assert [(p.row, p.column, p.value) for p in found.problems] == [(3, "style", "NOPE"), (4, "pairs", "abc")]
    assert found.counts.select("rows_in", "accepted", "rejected").row(0) == (4, 2, 2)
    assert found.fits
    after = cluster.replace(**found.frames)["order"]
    assert after.height == cluster["order"].height + 1
    changed, before = (t.filter(order="O001").row(0, named=True) for t in (after, cluster["order"]))
    assert changed["pairs"] == 1200
    assert changed["committed"] == before["committed"], "a column that was not sent keeps what it holds"


def test_rows_that_refer_to_a_rejected_row_are_rejected_too() -> None:
    sizes = "order,size,pairs\nN3,260,10\n"
    sent = read_upload("both.zip", zipped({"a/order.csv": HEAD + ROWS, "b/order_size.csv": sizes}))
    found = tried(sent, small_cluster())
    assert dict(found.counts.select("table", "rejected").iter_rows()) == {"order": 2, "order_size": 1}


def test_mended_cells_take_the_place_of_those_sent() -> None:
    sent = read_upload("order.csv", (HEAD + ROWS).encode())
    mended = sent.mended({("order", 4, "pairs"): "300", ("order", 3, "style"): "Y1"})
    found = tried(mended, small_cluster())
    assert (found.total, found.counts["accepted"].item()) == (0, 4)


def test_the_file_with_errors_marked_can_be_sent_again(tmp_path: Path) -> None:
    sent = read_upload("order.csv", (HEAD + ROWS).encode())
    found = tried(sent, small_cluster())
    path = tmp_path / "marked.xlsx"
    write_marked(sent, found.problems, path, "zh")
    sheet = openpyxl.load_workbook(path).worksheets[1]
    assert "不是数字" in sheet["D4"].comment.text
    again = tried(read_upload("marked.xlsx", path.read_bytes()), small_cluster())
    assert [(p.row, p.column) for p in again.problems] == [(p.row, p.column) for p in found.problems]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.exe", b"MZ", "unknown-format"),
        ("x.zip", b"not a zip", "unreadable-file"),
        ("x.xlsx", b"not a workbook", "unreadable-file"),
        ("x.zip", zipped({"readme.md": "hello"}), "no-tables"),
    ],
)
def test_what_is_no_table_is_refused_with_a_remedy(name: str, content: bytes, code: str) -> None:
    with pytest.raises(UserError) as refused:
        read_upload(name, content)
    assert refused.value.code == code


def test_a_part_that_points_out_of_its_folder_stays_inside() -> None:
    sent = read_upload("x.zip", zipped({"../../order.csv": HEAD + ROWS}))
    assert list(sent.tables) == ["order"]


def test_firms_spelt_in_two_ways_are_proposed_and_others_are_not() -> None:
    known = {"F1": ("Supplier", "供应商"), "F3": ("Maker 3", "鞋厂3号")}
    found = respelt({"x": ("SUPPLIER Co., Ltd",), "y": ("鞋厂3号有限公司",), "z": ("Quite another",)}, known)
    assert [(each.firm, each.known) for each in found] == [("x", "F1"), ("y", "F3")]
    assert respelt({"F1": ("Supplier Co",)}, known) == []
