"""Bad input: a clear message with place and remedy in either language, exit code 2, nothing written."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from cordwainer.cli import run
from cordwainer.exchange import write_cluster, write_plan
from tests.small_plan import small_cluster, small_plan

Spoil = Callable[[Path], None]


def _replace(table: str, old: str, new: str) -> Spoil:
    """Return what replaces the first text in a table's file, which must be there."""

    def spoil(folder: Path) -> None:
        path = folder / f"{table}.csv"
        text = path.read_text(encoding="utf-8-sig")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def _append(table: str, line: str) -> Spoil:
    def spoil(folder: Path) -> None:
        path = folder / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8-sig") + line + "\n", encoding="utf-8")

    return spoil


def _write(table: str, text: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")

    return spoil


def _empty(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        path.unlink()


def _remove(table: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / f"{table}.csv").unlink()

    return spoil


_ROUTING = "style,stage,minutes_per_pair\nY1,cutting,5\nY1,closing,9\nY1,lasting,7\n"


def _routing(arcs: str) -> Spoil:
    def spoil(folder: Path) -> None:
        _write("routing", _ROUTING)(folder)
        _write("routing_before", "style,stage,after_stage\n" + arcs)(folder)

    return spoil


def _again(table: str) -> Spoil:
    """Return what writes the first row of a table's file a second time."""

    def spoil(folder: Path) -> None:
        path = folder / f"{table}.csv"
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        path.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")

    return spoil


def _due_first(folder: Path) -> None:
    _write("order", "order,po,style,pairs,price,earliest_date,due_date\nO1,P1,Y1,100,9000,2026-05-01,2026-04-01\n")(
        folder
    )


def _headings(folder: Path) -> None:
    """Leave nothing of every table but its heading."""
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8")


CASES: dict[str, tuple[Spoil, str, str]] = {
    "missing file": (_remove("line"), "table-missing", "line"),
    "missing file to which nothing refers": (_remove("line_statement"), "empty-cluster", "line_statement"),
    "wrong header": (_replace("order", "due_date", "dew_date"), "unknown-column", "order.csv"),
    "unknown unit": (_replace("line_statement", ",20,", ",20 boxes,"), "unknown-unit", "line_statement"),
    "duplicate key": (_again("style"), "duplicate-key", "style"),
    "row of another width": (_append("style", "Y1,cemented,dress_men,adult,3"), "row-length", "style"),
    "dangling reference": (_replace("order", "O003,P1", "O003,P9"), "dangling-reference", "P9"),
    "negative pairs": (_replace("order", ",1300,", ",-1300,"), "below-minimum", "-1300"),
    "a price beyond all measure": (
        _replace("order", ",12000,", ",9223372036854775807,"),
        "above-maximum",
        "10,000,000",
    ),
    "text in a number column": (_replace("order", ",1300,", ",many,"), "not-a-number", "many"),
    "formula as text": (_replace("order", ",1300,", ",=1000+300,"), "not-a-number", "=1000+300"),
    "range": (_replace("line_statement", ",20,", ",18-20,"), "range", "18-20"),
    "due before earliest": (_due_first, "due-before-earliest", "2026-04-01"),
    "routing with a cycle": (
        _routing("Y1,cutting,closing\nY1,closing,cutting\nY1,closing,lasting\n"),
        "routing-cycle",
        "routing",
    ),
    "routing with two ends": (_routing("Y1,cutting,closing\nY1,cutting,lasting\n"), "routing-ends", "routing"),
    "line without a statement": (_append("line", "L99,T00,closing,3,1,0"), "line-without-statement", "L99"),
    "headings without rows": (_headings, "empty-cluster", "line"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_cluster(small_cluster(), tmp_path / "cluster", "csv")
    (tmp_path / "cluster" / "cordwainer.json").unlink()
    return tmp_path / "cluster"


@pytest.mark.parametrize("name", CASES)
def test_bad_table_leaves_nothing_written(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil, _, place = CASES[name]
    spoil(folder)
    out, before = folder.parent / "out", folder.parent / "before"
    write_plan(small_plan(), before, "csv")
    kept = {p.name: p.read_bytes() for p in before.iterdir()}
    for command in (
        ["convert", str(folder), str(out)],
        ["plan", str(folder), str(out)],
        ["plan", str(folder), str(before)],
    ):
        assert run(command) == 2
        assert place in capsys.readouterr().err
    assert not out.exists()
    assert {p.name: p.read_bytes() for p in before.iterdir()} == kept


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_bad_table_is_told(name: str, language: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil, rule, place = CASES[name]
    spoil(folder)
    assert run(["check", str(folder), "--lang", language]) == 2
    said = capsys.readouterr()
    assert place in said.err
    assert any("\u4e00" <= c <= "\u9fff" for c in said.err) == (language == "zh")
    assert run(["check", str(folder), "--json", "--lang", language]) == 2
    problems = json.loads(capsys.readouterr().err)["problems"]
    assert rule in {p["rule"] for p in problems}
    for problem in problems:
        assert problem["file"] or problem["sheet"]
        for text in (problem["message"], problem["remedy"]):
            assert len(text) > 5
            assert any("\u4e00" <= c <= "\u9fff" for c in text) == (language == "zh")


@pytest.mark.parametrize(("language", "remedy"), [("en", "Give a folder of CSV files"), ("zh", "请提供 CSV 文件夹")])
def test_a_place_without_any_table(
    language: str, remedy: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder.parent / "out"
    _empty(folder)
    for command in (["check", str(folder)], ["plan", str(folder), str(out)], ["plan", f"{folder}-none", str(out)]):
        assert run([*command, "--lang", language]) == 2
        said = capsys.readouterr().err
        assert str(folder) in said
        assert (remedy in said) == ("none" not in command[1])
    assert not out.exists()


@pytest.mark.parametrize(("language", "told"), [("en", "is missing or has no rows"), ("zh", "缺少“生产线”表")])
def test_a_missing_sheet(language: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book, out = tmp_path / "cluster.xlsx", tmp_path / "out"
    write_cluster(small_cluster(), book, "excel")
    opened = openpyxl.load_workbook(book)
    del opened[next(s.title for s in opened.worksheets if "line" in s.title.split())]
    opened.save(book)
    assert run(["plan", str(book), str(out), "--lang", language]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "cluster.xlsx" in said
    assert not out.exists()


@pytest.mark.parametrize("table", ["firm", "line", "line_statement", "line_makes", "order", "style"])
def test_a_missing_file_is_told_once(table: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _remove(table)(folder)
    assert run(["check", str(folder), "--json"]) == 2
    problems = json.loads(capsys.readouterr().err)["problems"]
    assert [p["sheet"] for p in problems] == [table]


def test_a_unit_is_told_in_the_language_of_the_call(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _replace("order", ",1300,", ",1300箱,")(folder)
    assert run(["check", str(folder), "--lang", "zh"]) == 2
    said = capsys.readouterr().err
    assert "（双）" in said
    assert "pairs）" not in said


@pytest.mark.parametrize("kind", ["not a workbook", "zip bomb", "formula"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_bad_workbook(kind: str, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "cluster.xlsx"
    if kind == "not a workbook":
        book.write_bytes(b"this is no workbook")
    elif kind == "zip bomb":
        with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", b"<x/>")
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    else:
        write_cluster(small_cluster(), book, "excel")
        opened = openpyxl.load_workbook(book)
        sheet = next(s for s in opened.worksheets if "order" in s.title.split())
        sheet["D2"] = "=1000+300"
        opened.save(book)
    out = tmp_path / "out"
    assert run(["convert", str(book), str(out), "--lang", language]) == 2
    said = capsys.readouterr().err
    assert "cluster.xlsx" in said
    assert any("\u4e00" <= c <= "\u9fff" for c in said.replace("订单", "")) == (language == "zh")
    assert ("D2" in said) == (kind == "formula")
    assert (("is not read" if language == "en" else "不读取") in said) == (kind == "zip bomb")
    assert not out.exists()


def test_capped_flow_without_a_coefficient_stops_planning(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _write("cap", "cap,scope,flow,date_from,date_to,amount\nC1,cluster,electricity,2026-03-02,2026-12-31,1000\n")(
        folder
    )
    assert run(["plan", str(folder), str(folder.parent / "out"), "--time", "5", "--lang", "en"]) == 2
    assert "electricity" in capsys.readouterr().err
    for language, told in (("en", "planning stops"), ("zh", "无法排产")):
        assert run(["check", str(folder), "--lang", language]) == 2
        said = capsys.readouterr().err
        assert "electricity" in said
        assert told in said
    assert run(["convert", str(folder), str(folder.parent / "copy")]) == 0
    assert not (folder.parent / "out").exists()
