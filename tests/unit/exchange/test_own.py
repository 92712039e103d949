"""Your own cluster: the example of the template becomes a cluster, and each slip is told in its row."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from cordwainer.cluster import dictionary, reference_tables
from cordwainer.exchange import ReadErrors, check_cluster, read_cluster, read_own, write_template
from cordwainer.exchange.own import OWN_TABLES, assumed_values, example_rows
from cordwainer.exchange.own.specs import _assumed

LINES, ORDERS, MATERIALS = (f"{t.label.zh} {t.label.en}" for t in OWN_TABLES)
Change = Callable[[Any], None]


def _filled(folder: Path, change: Change | None = None) -> Path:
    """Fill the template with its own examples, then change the workbook."""
    path = folder / "own.xlsx"
    write_template(path, "own")
    book = openpyxl.load_workbook(path)
    for spec, title in zip(OWN_TABLES, (LINES, ORDERS, MATERIALS), strict=True):
        names = [c.name for c in spec.columns]
        for i, row in enumerate(example_rows(spec.name), start=2):
            for name, text in row.items():
                book[title].cell(i, names.index(name) + 1, text or None)
    if change:
        change(book)
    book.save(path)
    return path


def _cell(book: Any, title: str, row: int, name: str) -> Any:
    spec = OWN_TABLES[(LINES, ORDERS, MATERIALS).index(title)]
    return book[title].cell(row, [c.name for c in spec.columns].index(name) + 1)


def _told(folder: Path, change: Change) -> list[tuple[str | None, int | None, str]]:
    with pytest.raises(ReadErrors) as caught:
        read_cluster(_filled(folder, change))
    counts = caught.value.counts
    assert (counts["rows_in"] == counts["accepted"] + counts["rejected"]).all()
    return [(p.sheet, p.row, p.rule) for p in caught.value.problems]


def test_the_example_becomes_a_cluster(tmp_path: Path) -> None:
    result = read_cluster(_filled(tmp_path))
    cluster = result.cluster
    assert cluster["order"].select("order", "pairs", "price", "due_date").rows() == [
        ("001", 1200, 13800, date(2026, 4, 30)),
        ("002", 2000, 11200, date(2026, 5, 15)),
        ("003", 800, 15500, date(2026, 5, 30)),
    ]
    assert cluster["order_size"].filter(order="001")["pairs"].sum() == 1200
    assert cluster["line_statement"].select("people", "pairs_day", "fen_pair", "overtime_share").row(0) == (
        8, 600, 250, 0.2,
    )  # fmt: skip
    assert cluster["line_makes"].height == 10
    assert set(cluster["site"]["district"]) == {"lucheng", "ouhai"}
    assert set(cluster["supplier_offer"]["material"]) == set(cluster["material"]["material"])
    assert result.counts["accepted"].to_list() == [5, 3, 1]
    assumed = [n.message for n in result.notes if n.rule == "own-assumed"]
    assert len(assumed) == 6
    assert all(text.en and text.zh for text in assumed)


def test_an_order_of_which_no_line_can_do_a_stage_is_marked_in_its_row(tmp_path: Path) -> None:
    assert check_cluster(_filled(tmp_path)).marks == ()

    def slip(book: Any) -> None:
        _cell(book, ORDERS, 3, "category").value = "劳保鞋"

    marks = check_cluster(_filled(tmp_path, slip)).marks
    assert {(p.sheet, p.row, p.rule) for mark in marks for p in mark.problems} == {(ORDERS, 3, "stage-without-line")}


def test_a_known_district_is_recognised_as_people_write_it_and_an_unknown_one_is_noted(tmp_path: Path) -> None:
    def short(book: Any) -> None:
        _cell(book, LINES, 2, "district").value = "鹿城"
        _cell(book, LINES, 6, "district").value = "桥头镇"

    result = read_cluster(_filled(tmp_path, short))
    assert set(result.cluster["site"]["district"]) == {"lucheng", "ouhai", "D001"}
    noted = [n.message.zh for n in result.notes if "地图" in n.message.zh]
    assert noted == ["不认识以下区县，地图上没有位置：桥头镇。"]


def test_defaults_are_noted_in_the_words_of_the_sheet(tmp_path: Path) -> None:
    def blank(book: Any) -> None:
        _cell(book, LINES, 2, "invoice").value = None
        _cell(book, ORDERS, 2, "committed").value = None

    notes = {n.column: n.message for n in read_cluster(_filled(tmp_path, blank)).notes if n.rule == "default-used"}
    vat = dictionary.choices()["invoice"]["vat"]
    assert vat.zh in notes["带票 Invoice"].zh
    assert vat.en in notes["带票 Invoice"].en
    assert "否" in notes["已承诺 Committed"].zh


def test_slips_are_told_in_the_order_of_the_rows(tmp_path: Path) -> None:
    def slips(book: Any) -> None:
        _cell(book, LINES, 5, "people").value = "many"
        _cell(book, LINES, 3, "pairs_day").value = "many"
        _cell(book, LINES, 4, "stage").value = "gluing"

    assert [row for _, row, _ in _told(tmp_path, slips)] == [3, 4, 5]


def test_the_filled_example_is_the_same_cluster(tmp_path: Path) -> None:
    typed = read_own(_filled(tmp_path))
    write_template(tmp_path / "example.xlsx", "example")
    assert read_own(tmp_path / "example.xlsx").hash == typed.hash


def test_said_prices_and_stock_of_materials_hold(tmp_path: Path) -> None:
    cluster = read_own(_filled(tmp_path))
    offer = cluster["supplier_offer"].filter(material="cow-black").row(0, named=True)
    assert (offer["minimum"], offer["lead_days"]) == (500, 5)
    assert cluster["price_break"].filter(offer=offer["offer"])["price"].to_list() == [92.0]
    assert cluster["stock"]["quantity"].to_list() == [20000]


def test_every_stage_of_every_order_has_a_line(tmp_path: Path) -> None:
    cluster = read_own(_filled(tmp_path))
    wanted = cluster["style"].join(cluster["routing_template"], on=["construction", "category"])
    able = cluster["line_makes"].join(cluster["line"], on="line")
    assert wanted.join(able, on=["construction", "category", "stage"], how="anti").is_empty()


@pytest.mark.parametrize(
    ("title", "row", "name", "value", "rule"),
    [
        (LINES, 2, "people", "8-10", "range"),
        (LINES, 2, "people", None, "required"),
        (LINES, 3, "hours_day", 30, "above-maximum"),
        (LINES, 3, "tier", 0, "below-minimum"),
        (LINES, 2, "stage", "gluing", "not-a-choice"),
        (LINES, 4, "yuan_pair", "2.2 USD", "unknown-unit"),
        (LINES, 6, "construction", "注塑", "own-shoe"),
        (ORDERS, 2, "pairs", 1100, "sizes-differ"),
        (ORDERS, 2, "order_no", "a|b", "bad-id"),
        (ORDERS, 2, "customer", "x" * 2001, "too-long"),
        (ORDERS, 4, "pairs", None, "pairs-missing"),
        (ORDERS, 3, "order_no", "001", "duplicate-key"),
        (ORDERS, 4, "style", "A-101", None),
        (ORDERS, 3, "style", "A-101", "own-conflict"),
        (ORDERS, 4, "earliest_date", "2026-12-01", "due-before-earliest"),
        (MATERIALS, 2, "material", "gold leaf", "own-material"),
    ],
)
def test_each_slip_is_told_in_its_row(
    tmp_path: Path, title: str, row: int, name: str, value: object, rule: str | None
) -> None:
    def slip(book: Any) -> None:
        _cell(book, title, row, name).value = value

    if rule is None:
        assert read_own(_filled(tmp_path, slip))["style"].height == 2
    else:
        assert (title, row, rule) in _told(tmp_path, slip)


def test_the_column_of_a_slip_is_told_as_the_sheet_heads_it(tmp_path: Path) -> None:
    def slips(book: Any) -> None:
        _cell(book, LINES, 2, "yuan_pair").value = "two"
        _cell(book, ORDERS, 2, "38").value = -5

    path = _filled(tmp_path, slips)
    heads = {
        cell.value.rstrip(" *") for sheet in openpyxl.load_workbook(path).worksheets for cell in sheet[1] if cell.value
    }
    with pytest.raises(ReadErrors) as caught:
        read_cluster(path)
    told = [str(p.column) for p in caught.value.problems]
    assert told == ["工价（每双） Yuan a pair", "38码 Size 38"]
    assert set(told) <= heads


def test_every_material_of_the_drop_down_may_be_chosen(tmp_path: Path) -> None:
    def choose_all(book: Any) -> None:
        listed = [row[5].value for row in book["选项 Choices"].iter_rows(min_row=2) if row[5].value]
        assert len(listed) > 10
        for k, text in enumerate(listed, start=2):
            _cell(book, MATERIALS, k, "material").value = text
            _cell(book, MATERIALS, k, "yuan_unit").value = 1

    result = read_cluster(_filled(tmp_path, choose_all))
    unused = {n.value for n in result.notes if n.rule == "own-unused"}
    assert unused
    assert not {str(text).split()[0] for text in unused} & set(result.cluster["material"]["material"])


def test_a_stage_without_work_on_the_shoe_is_told(tmp_path: Path) -> None:
    template = reference_tables()["routing_template"]
    shoes = template.select("construction", "category").unique(maintain_order=True)
    with_sole = template.filter(stage="sole").select("construction", "category")
    without = shoes.join(with_sole, on=["construction", "category"], how="anti").row(0)

    def slip(book: Any) -> None:
        for name, choice in zip(("construction", "category"), without, strict=True):
            _cell(book, LINES, 6, name).value = dictionary.choices()[name][choice].zh

    assert (LINES, 6, "own-stage") in _told(tmp_path, slip)


def test_missing_empty_and_unknown_sheets_are_told(tmp_path: Path) -> None:
    def missing(book: Any) -> None:
        del book[ORDERS]

    def empty(book: Any) -> None:
        book[ORDERS].delete_rows(2, 100)

    def unknown(book: Any) -> None:
        book.create_sheet("Fleet")

    def filled(book: Any) -> None:
        book.create_sheet("Fleet")["A1"] = "three lorries"

    assert _told(tmp_path, missing) == [(None, None, "own-sheet")]
    assert _told(tmp_path, empty) == [(ORDERS, None, "own-empty")]
    assert _told(tmp_path, filled) == [("Fleet", None, "own-other-sheet")]
    assert read_cluster(_filled(tmp_path, unknown)).cluster.hash == read_cluster(_filled(tmp_path)).cluster.hash
    names = {c.name for t in OWN_TABLES for c in t.columns}
    assert {"34", "46"} <= names


def test_every_assumed_number_has_unit_year_source_and_says_whether_it_was_verified() -> None:
    assert len(assumed_values()) == 5
    for each in assumed_values().values():
        assert each.unit.strip()
        assert 2000 <= each.year <= 2100
        assert each.source.strip()
        # What is invented or derived from it was verified by nobody.
        assert not (each.verified and each.source.startswith(("invented", "derived")))


@pytest.mark.parametrize("name", ["unit", "year", "source", "verified"])
def test_an_assumed_number_without_its_origin_is_refused(name: str) -> None:
    row = {"name": "x", "value": "3", "unit": "days", "year": "2026", "source": "invented", "verified": "no"}
    row |= {"message_en": "{value} days", "message_zh": "{value} 天"}
    assert _assumed(row).text.zh == "3 天"
    with pytest.raises(ValueError, match=r"lacks|invalid literal"):
        _assumed(row | {name: ""})


def test_the_sizes_of_the_order_sheet_reach_one_beyond_the_adult_curves() -> None:
    curves = reference_tables()["size_curve"].filter(pl.col("size_curve").str.contains("^(women|men|unisex)-"))
    sizes = curves["size"].cast(pl.Int64)
    assert (assumed_values()["smallest_size"].number, assumed_values()["largest_size"].number) == (
        min(sizes) - 1,
        max(sizes) + 1,
    )
