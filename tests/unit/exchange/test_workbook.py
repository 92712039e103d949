"""Workbooks: what is noticed besides values, and files that are refused as a whole."""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from cordwainer.cluster import dictionary
from cordwainer.core import CordwainerError, UserError
from cordwainer.exchange import ReadErrors, read_cluster, write_cluster
from cordwainer.exchange.limits import Limits, check_workbook
from cordwainer.exchange.sheet_scan import scan
from cordwainer.exchange.sources import gather
from cordwainer.exchange.workbook_in import Workbook
from tests.strategies import random_cluster

CLUSTER = random_cluster(5, "鞋")
Change = Callable[[Any], None]


def _book(folder: Path) -> Path:
    path = folder / "book.xlsx"
    write_cluster(CLUSTER, path, "excel")
    return path


def _changed(folder: Path, sheet: str, change: Change) -> Path:
    path = _book(folder)
    book = openpyxl.load_workbook(path)
    change(next(s for s in book if s.title.endswith(sheet)))
    book.save(path)
    return path


def _problems(path: Path) -> list[tuple[str | None, int | None, str]]:
    with pytest.raises(ReadErrors) as caught:
        read_cluster(path)
    return [(p.sheet, p.row, p.rule) for p in caught.value.problems]


def test_formulas_errors_and_merged_cells_are_refused_with_place(tmp_path: Path) -> None:
    def formula(sheet: Any) -> None:
        sheet["B2"] = "=1+1"

    def error(sheet: Any) -> None:
        sheet["B2"] = "#N/A"
        sheet["B2"].data_type = "e"

    def merged(sheet: Any) -> None:
        sheet.append(["x", "x", "x"])
        sheet.merge_cells(start_row=2, end_row=3, start_column=1, end_column=1)

    assert ("区县 district", 2, "formula") in _problems(_changed(tmp_path, "district", formula))
    assert ("区县 district", 2, "error-cell") in _problems(_changed(tmp_path, "district", error))
    assert ("区县 district", 2, "merged-cells") in _problems(_changed(tmp_path, "district", merged))


def test_hidden_rows_and_sheets_are_noted_and_read(tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True
        sheet.sheet_state = "hidden"

    result = read_cluster(_changed(tmp_path, "district", hide))
    assert {n.rule for n in result.notes if n.sheet == "区县 district"} == {"hidden-rows", "hidden-sheet"}
    assert result.cluster.hash == CLUSTER.hash


def test_numbers_dates_and_ids_are_read_by_their_column(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.delete_rows(2, 100)
        sheet.append(["c", date(2026, 5, 1), 0.5])
        sheet.append(["0012", 46086, "1%"])
        sheet.append([12, "2026年5月3日", "１"])

    frame = read_cluster(_changed(tmp_path, "calendar", fill)).cluster["calendar"]
    assert frame.rows() == [
        ("c", date(2026, 5, 1), 0.5),
        ("0012", date(2026, 3, 5), 0.01),
        ("12", date(2026, 5, 3), 1.0),
    ]


def test_a_range_that_became_a_date_is_refused(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.cell(2, 3).value = date(2026, 2, 3)

    assert _problems(_changed(tmp_path, "line_statement", fill))[0][2] == "date-not-number"


def test_title_rows_and_unknown_sheets_are_told(tmp_path: Path) -> None:
    def title(sheet: Any) -> None:
        sheet.title = "Sheet1"

    assert _problems(_changed(tmp_path, "district", title))[0] == ("Sheet1", None, "unknown-table")


def _packed(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def _refused(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(UserError) as caught:
        check_workbook(path, limits) if limits else Workbook(path)
    assert caught.value.message.zh
    assert caught.value.remedy.zh
    return caught.value.code


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"not a zip")
    assert _refused(path) == "unreadable-file"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"))
    assert _refused(path) == "unreadable-file"
    assert _refused(_packed(path, {"a.txt": b"x"})) == "unreadable-file"
    path.write_bytes(_book(tmp_path).read_bytes()[:-200])
    assert _refused(path) == "unreadable-file"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = {"[Content_Types].xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(50_000_000)}
    assert _refused(_packed(tmp_path / "bomb.xlsx", bomb)) == "too-large"


def test_a_directory_that_lies_about_sizes_is_found_out(tmp_path: Path) -> None:
    path = _packed(tmp_path / "lie.xlsx", {"[Content_Types].xml": b"<x/>", "big.xml": bytes(3_000_000)})
    data = path.read_bytes()
    path.write_bytes(data.replace((3_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    assert _refused(path) == "unreadable-file"


@pytest.mark.parametrize(
    "limits", [Limits(file_bytes=10), Limits(unpacked_bytes=10), Limits(parts=3)], ids=["bytes", "unpacked", "parts"]
)
def test_limits_hold(tmp_path: Path, limits: Limits) -> None:
    assert _refused(_book(tmp_path), limits) == "too-large"


def test_limits_of_sheets_and_cells_hold(tmp_path: Path) -> None:
    path = _book(tmp_path)
    with pytest.raises(UserError, match="too-large"):
        Workbook(path, Limits(sheets=2))
    with pytest.raises(UserError, match="too-large"):
        gather(path, dictionary.cluster_tables(), Limits(cells=5))


def test_a_far_away_cell_is_refused_before_the_sheet_is_laid_out(tmp_path: Path) -> None:
    def far(sheet: Any) -> None:
        sheet["XFD1048576"] = "x"

    with pytest.raises(UserError, match="too-large"):
        read_cluster(_changed(tmp_path, "district", far))


@pytest.mark.parametrize(
    ("xml", "reach", "formulas"),
    [
        (b'<row r="1"><c r="XFD7"><v>1</v></c></row>', (7, 16384), []),
        (b'<row r="1"><c\nr="XFD7"><v>1</v></c></row>', (7, 16384), []),
        (b'<row r="1"><c t="n" r="XFD7"><v>1</v></c></row>', (7, 16384), []),
        (b"<row r='9'><c r='XFD7'><v>1</v></c></row>", (9, 16384), []),
        (b"<row><c/><c/></row><row><c/></row>", (2, 2), []),
        (b'<row r="1"><c r="A1"><f >1</f></c></row>', (1, 1), ["A1"]),
        (b'<y:row xmlns:y="u" r="1"><y:c r="B1"><y:f>1</y:f></y:c></y:row>', (1, 2), ["B1"]),
    ],
)
def test_every_writing_of_a_cell_is_seen(xml: bytes, reach: tuple[int, int], formulas: list[str]) -> None:
    seen = scan(b'<?xml version="1.0" encoding="UTF-8"?><sheetData>' + xml + b"</sheetData>", cells=5)
    assert ((seen.rows, seen.columns), seen.formulas) == (reach, formulas)


def test_declared_entities_are_refused(tmp_path: Path) -> None:
    path = _book(tmp_path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    name = "xl/worksheets/sheet1.xml"
    parts[name] = evil + parts[name].partition(b"?>")[2]
    with pytest.raises(UserError, match="unreadable-file"):
        read_cluster(_packed(path, parts))


def test_missing_files_and_unknown_formats(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.doc").write_text("x")
    codes = []
    for name in ("nowhere", "empty", "a.doc"):
        with pytest.raises(CordwainerError) as caught:
            read_cluster(tmp_path / name)
        codes.append(caught.value.code)
    assert codes == ["file-missing", "unknown-format", "unknown-format"]


def test_parquet_of_other_types_is_fitted_or_refused(tmp_path: Path) -> None:
    write_cluster(CLUSTER, tmp_path / "c", "parquet")
    path = tmp_path / "c" / "worker_skill.parquet"
    frame = CLUSTER["worker_skill"]
    frame.with_columns(pl.col("workers").cast(pl.Int16), pl.col("firm").cast(pl.Categorical)).write_parquet(path)
    assert read_cluster(tmp_path / "c").cluster.hash == CLUSTER.hash
    frame.with_columns(workers=pl.concat_list("workers")).write_parquet(path)
    with pytest.raises(ReadErrors) as caught:
        read_cluster(tmp_path / "c")
    assert "wrong-type" in {p.rule for p in caught.value.problems}
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(UserError, match="unreadable-file"):
        read_cluster(tmp_path / "c")
