"""Templates: headings, notes and lists for every column; they read back without a problem of form."""

from pathlib import Path

import openpyxl
import pytest

from cordwainer.cluster import dictionary, reference_tables
from cordwainer.core import UserError
from cordwainer.exchange import ReadErrors, read_cluster, write_template
from cordwainer.exchange.headers import heading, table_named
from cordwainer.exchange.own import OWN_TABLES
from cordwainer.exchange.sheets import is_help
from cordwainer.exchange.template import KINDS, Kind

SPECS = (*OWN_TABLES, *dictionary.cluster_tables())


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_has_a_heading_in_both_languages_and_a_note(tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "t.xlsx"
    write_template(path, kind)
    book = openpyxl.load_workbook(path)
    data = [sheet for sheet in book if not is_help(sheet.title)]
    expected = tuple(t for t in dictionary.cluster_tables() if t.status == "used") if kind == "full" else OWN_TABLES
    assert len(data) == len(expected)
    for sheet, spec in zip(data, expected, strict=True):
        assert table_named(sheet.title, SPECS) is spec
        assert sheet.freeze_panes is not None
        for cell, column in zip(sheet[1], spec.columns, strict=True):
            assert heading(str(cell.value), spec).column is column
            assert column.label.en in str(cell.value)
            assert column.label.zh in str(cell.value)
            assert column.description.en in cell.comment.text
            assert column.description.zh in cell.comment.text
            assert "e+" not in cell.comment.text
            if column.choice and column.default:
                assert dictionary.choices()[column.choice][column.default].zh in cell.comment.text
        listed = {r for v in sheet.data_validations.dataValidation for r in str(v.sqref).split()}
        assert len(listed) >= sum(c.type in ("choice", "bool") for c in spec.columns)


@pytest.mark.parametrize("kind", KINDS)
def test_every_entry_of_a_list_is_understood(tmp_path: Path, kind: Kind) -> None:
    write_template(tmp_path / "t.xlsx", kind)
    lists = openpyxl.load_workbook(tmp_path / "t.xlsx")["选项 Choices"]
    for cells in lists.iter_cols(values_only=True):
        key, *texts = [str(v) for v in cells if v is not None]
        if key in dictionary.choices():
            values = dictionary.choices()[key]
            assert len(texts) == len(values)


def test_an_empty_full_template_only_lacks_firms_lines_and_orders(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", "full")
    with pytest.raises(ReadErrors) as caught:
        read_cluster(tmp_path / "t.xlsx")
    assert {p.rule for p in caught.value.problems} == {"empty-cluster"}
    counts = dict(caught.value.counts.select("table", "rows_in").iter_rows())
    assert counts["routing_template"] == reference_tables()["routing_template"].height


def test_unknown_kinds_and_names_are_refused(tmp_path: Path) -> None:
    for name, kind in (("t.xls", "own"), ("t.xlsx", "half")):
        with pytest.raises(UserError, match="unknown-template"):
            write_template(tmp_path / name, kind)  # type: ignore[arg-type]
