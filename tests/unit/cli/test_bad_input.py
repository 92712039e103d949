"""Bad input: a clear message with place and remedy in either language, exit code 2, nothing written."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from cordwainer.cli import run
from cordwainer.exchange import write_cluster
from tests.small_plan import small_cluster

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


CASES: dict[str, tuple[Spoil, str]] = {
    "missing file": (_remove("line"), "line"),
    "missing file to which nothing refers": (_remove("line_statement"), "line_statement"),
    "wrong header": (_replace("order", "due_date", "dew_date"), "order.csv"),
    "unknown unit": (_replace("line_statement", ",20,", ",20 boxes,"), "line_statement"),
    "duplicate key": (_append("style", "Y1,cemented,dress_men,adult,3"), "style"),
    "dangling reference": (_replace("order", "O003,P1", "O003,P9"), "P9"),
    "negative pairs": (_replace("order", ",1300,", ",-1300,"), "-1300"),
    "a price beyond all measure": (_replace("order", ",12000,", ",9223372036854775807,"), "10,000,000"),
    "text in a number column": (_replace("order", ",1300,", ",many,"), "many"),
    "range": (_replace("line_statement", ",20,", ",18-20,"), "18-20"),
    "routing with a cycle": (_routing("Y1,cutting,closing\nY1,closing,cutting\nY1,closing,lasting\n"), "routing"),
    "routing with two ends": (_routing("Y1,cutting,closing\nY1,cutting,lasting\n"), "routing"),
    "line without a statement": (_append("line", "L99,T00,closing,3,1,0"), "L99"),
    "empty cluster": (_empty, ""),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_cluster(small_cluster(), tmp_path / "cluster", "csv")
    (tmp_path / "cluster" / "cordwainer.json").unlink()
    return tmp_path / "cluster"


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_bad_table(name: str, language: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil, place = CASES[name]
    spoil(folder)
    out = folder.parent / "out"
    for command in (["check", str(folder)], ["convert", str(folder), str(out)], ["plan", str(folder), str(out)]):
        assert run([*command, "--lang", language]) == 2
        said = capsys.readouterr()
        assert place in said.err
        assert any("\u4e00" <= c <= "\u9fff" for c in said.err) == (language == "zh")
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


@pytest.mark.parametrize(("language", "told"), [("en", "before the earliest start"), ("zh", "早于最早开工日")])
def test_due_before_earliest(language: str, told: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "order,po,style,pairs,price,earliest_date,due_date\nO1,P1,Y1,100,9000,2026-05-01,2026-04-01\n"
    _write("order", text)(folder)
    assert run(["check", str(folder), "--lang", language]) == 2
    said = capsys.readouterr().err
    assert "2026-04-01" in said
    assert told in said


@pytest.mark.parametrize("kind", ["not a workbook", "zip bomb", "formula"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_bad_workbook(kind: str, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "cluster.xlsx"
    if kind == "not a workbook":
        book.write_bytes(b"this is no workbook")
    elif kind == "zip bomb":
        with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b"0" * 300_000_000)
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
