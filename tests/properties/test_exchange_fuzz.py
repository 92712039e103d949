"""Whatever a file holds, reading it ends in a cluster or in an error with a remedy."""

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwainer.cluster import dictionary
from cordwainer.core import CordwainerError
from cordwainer.exchange import ReadErrors, read_cluster, write_cluster
from cordwainer.exchange.cells import Refused, read_cell
from cordwainer.exchange.columns import parse
from tests.strategies import random_cluster

NAMES = st.sampled_from([t.name for t in dictionary.cluster_tables()])
COLUMNS = st.sampled_from([c for t in dictionary.tables().values() for c in t.columns])
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
NEAR_NUMBERS = st.text(st.sampled_from("0123456789.,-–~%年月日双元万eE １２：/ "), max_size=12)
BASE = random_cluster(5, "鞋")


def _fault(path: Path) -> CordwainerError | None:
    try:
        read_cluster(path)
    except CordwainerError as error:
        return error
    return None


def _ends_well(path: Path) -> None:
    fault = _fault(path)
    if isinstance(fault, ReadErrors):
        assert fault.problems
        assert (fault.counts["rows_in"] == fault.counts["accepted"] + fault.counts["rejected"]).all()
    elif fault is not None:
        assert fault.message.zh
        assert fault.remedy.zh


def _read(text: str, column: dictionary.Column) -> tuple[list[object], list[str]]:
    """Return the values and broken rules that the rules of cells give for one text."""
    bare = pl.Series([text], dtype=pl.String).str.strip_chars()[0]
    if bare == "":
        return [None], []
    try:
        return [read_cell(bare, column)], []
    except Refused as refused:
        return [None], [refused.rule]


@given(name=NAMES, data=st.binary(max_size=200))
@settings(max_examples=60)
def test_random_bytes_as_csv_and_parquet(name: str, data: bytes) -> None:
    for ending in ("csv", "parquet"):
        with TemporaryDirectory() as folder:
            (Path(folder) / f"{name}.{ending}").write_bytes(data)
            _ends_well(Path(folder))


@given(data=st.data())
@settings(max_examples=40)
def test_files_with_damaged_bytes(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        form = data.draw(st.sampled_from(["excel", "parquet"]))
        path = Path(folder) / ("b.xlsx" if form == "excel" else "b")
        write_cluster(BASE, path, "excel" if form == "excel" else "parquet")
        victim = path if form == "excel" else path / "line.parquet"
        whole = bytearray(victim.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
        victim.write_bytes(whole[: data.draw(st.integers(0, len(whole)))] if data.draw(st.booleans()) else whole)
        _ends_well(path)


@given(name=NAMES, cells=st.lists(st.lists(TEXT | NEAR_NUMBERS, min_size=3, max_size=3), max_size=5))
@settings(max_examples=40)
def test_random_cells_in_a_sheet(name: str, cells: list[list[str]]) -> None:
    heads = [c.label.zh for c in dictionary.tables()[name].columns][:3]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "b.xlsx"
        with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            sheet = book.add_worksheet(name)
            for i, row in enumerate([heads, *cells]):
                for k, text in enumerate(row):
                    sheet.write_string(i, k, text)
        _ends_well(path)


@given(column=COLUMNS, text=TEXT | NEAR_NUMBERS)
@settings(max_examples=1500)
def test_the_fast_way_reads_what_the_rules_read(column: dictionary.Column, text: str) -> None:
    values, faults = parse(pl.Series([text], dtype=pl.String), column)
    assert (values.to_list(), [f.rule for f in faults]) == _read(text, column)
