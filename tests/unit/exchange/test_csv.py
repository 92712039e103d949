"""CSV: encodings, separators, quotes, short rows; every problem in its place, counts that reconcile."""

from pathlib import Path

import pytest

from cordwainer.cluster import Cluster, dictionary
from cordwainer.core import UserError
from cordwainer.exchange import ReadErrors, problems_frame, read_cluster, write_cluster, write_problems
from cordwainer.exchange.csv_in import read_csv_table
from cordwainer.exchange.limits import Limits
from tests.strategies import random_cluster

DISTRICT = dictionary.tables()["district"]


def _cluster() -> Cluster:
    return random_cluster(3, "鞋")


def _read(folder: Path, data: bytes) -> list[tuple[object, ...]]:
    path = folder / "district.csv"
    path.write_bytes(data)
    raw = read_csv_table(path, DISTRICT)
    assert raw.problems == []
    return raw.frame.select("district", "name_en", "name_zh").rows()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_separators_and_line_endings(tmp_path: Path, separator: str, ending: str) -> None:
    rows = [["district", "name_en", "name_zh"], ["01", "A", "鹿城"], [" 02", "", "瓯海 "]]
    text = ending.join(separator.join(row) for row in rows) + ending
    assert _read(tmp_path, text.encode()) == [("01", "A", "鹿城"), ("02", None, "瓯海")]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(tmp_path: Path, codec: str) -> None:
    text = "district,name_en,name_zh\n01,A,鹿城\n"
    assert _read(tmp_path, text.encode(codec)) == [("01", "A", "鹿城")]
    notes = read_csv_table(tmp_path / "district.csv", DISTRICT).notes
    assert [n.rule for n in notes] == ([] if codec.startswith("utf-8") else ["other-encoding"])


def test_quotes_and_blank_rows_keep_row_numbers(tmp_path: Path) -> None:
    path = tmp_path / "district.csv"
    path.write_text('district,name_en,name_zh\n\n1,"A, ""B""",甲\n,,\n2,C,乙\n', encoding="utf-8")
    raw = read_csv_table(path, DISTRICT)
    assert raw.frame["name_en"].to_list() == ['A, "B"', "C"]
    assert raw.rows.to_list() == [3, 5]


@pytest.mark.parametrize(
    ("text", "rule", "row"),
    [
        ("district,name_en,name_zh\n1,A,甲\n2,B\n", "row-length", 3),
        ("district,name_en,name_zh\n1,A,甲,x\n", "row-length", 2),
        ('district,name_en,name_zh\n1,"A,甲\n', "bad-quote", 2),
        ("district,name_en,name_zh,\n1,A,甲,x\n", "column-without-heading", 2),
    ],
)
def test_rows_that_do_not_fit_the_heading(tmp_path: Path, text: str, rule: str, row: int) -> None:
    path = tmp_path / "district.csv"
    path.write_text(text, encoding="utf-8")
    assert [(p.rule, p.row) for p in read_csv_table(path, DISTRICT).problems] == [(rule, row)]


@pytest.mark.parametrize(("data", "rule"), [(b"a\x00b\n", "not-text"), (b"a,\xff\xff\n", "bad-encoding")])
def test_what_is_not_text(tmp_path: Path, data: bytes, rule: str) -> None:
    path = tmp_path / "district.csv"
    path.write_bytes(data)
    assert [p.rule for p in read_csv_table(path, DISTRICT).problems] == [rule]


def test_all_problems_come_at_once_in_their_place_and_counts_reconcile(tmp_path: Path) -> None:
    write_cluster(_cluster(), tmp_path / "c", "csv")
    (tmp_path / "c" / "district.csv").write_text(
        "district,名称,中文名,经度\nD1,x,甲,12x\nD2,y,,2-3\nD3,z,丙,500\n", encoding="utf-8"
    )
    (tmp_path / "c" / "fleet.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(ReadErrors) as caught:
        read_cluster(tmp_path / "c")
    told = {(p.file, p.rule, p.row) for p in caught.value.problems}
    assert told == {
        ("district.csv", "unknown-column", 1),
        ("district.csv", "missing-column", 1),
        ("district.csv", "unknown-unit", 2),
        ("district.csv", "range", 3),
        ("fleet.csv", "unknown-table", None),
    }
    counts = caught.value.counts
    assert (counts["rows_in"] == counts["accepted"] + counts["rejected"]).all()
    assert counts.filter(table="district").row(0)[3:] == (3, 0, 3)


def test_problems_of_form_are_told_beside_refused_cells_but_not_because_of_them(tmp_path: Path) -> None:
    write_cluster(_cluster(), tmp_path / "c", "csv")
    (tmp_path / "c" / "district.csv").write_text(
        "district,英文名,中文名,经度\nD1,x,甲,12x\nD1,y,,1\nD3,z,丙,500\n", encoding="utf-8"
    )
    with pytest.raises(ReadErrors) as caught:
        read_cluster(tmp_path / "c")
    told = sorted((p.row, p.column, p.rule) for p in caught.value.problems)
    assert told == [
        (2, "district", "duplicate-key"),
        (2, "lon", "unknown-unit"),
        (3, "district", "duplicate-key"),
        (3, "name_zh", "required"),
        (4, "lon", "above-maximum"),
    ]
    assert caught.value.counts.filter(table="district").row(0)[3:] == (3, 0, 3)
    assert [n.rule for n in caught.value.notes if n.rule == "later-checks"] == ["later-checks"]


def test_money_in_another_unit_rejects_the_whole_table(tmp_path: Path) -> None:
    cluster = _cluster()
    write_cluster(cluster, tmp_path / "c", "csv")
    path = tmp_path / "c" / "order.csv"
    path.write_text(
        path.read_text(encoding="utf-8-sig").replace("late_fen_pair_week", "延期扣款（元）"), encoding="utf-8"
    )
    with pytest.raises(ReadErrors) as caught:
        read_cluster(tmp_path / "c")
    assert [(p.rule, p.row, p.column) for p in caught.value.problems] == [("unknown-unit", 1, "延期扣款（元）")]
    rows = cluster["order"].height
    assert caught.value.counts.filter(table="order").row(0)[3:] == (rows, 0, rows)


def test_checks_between_tables_name_file_and_row(tmp_path: Path) -> None:
    cluster = _cluster()
    write_cluster(cluster, tmp_path / "c", "csv")
    path = tmp_path / "c" / "line.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    lines[2] = lines[2].replace(cluster["line"]["site"][1], "nowhere")
    path.write_text("\n\n".join([lines[0], "\n".join(lines[1:])]) + "\n", encoding="utf-8")
    with pytest.raises(ReadErrors) as caught:
        read_cluster(tmp_path / "c")
    assert [(p.file, p.row, p.column, p.rule, p.value) for p in caught.value.problems] == [
        ("line.csv", 4, "site", "dangling-reference", "nowhere")
    ]


def test_blank_cells_take_the_default_and_it_is_told(tmp_path: Path) -> None:
    write_cluster(_cluster(), tmp_path / "c", "csv")
    path = tmp_path / "c" / "firm.csv"
    head, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join([head, *(row.rpartition(",")[0] + "," for row in rows)]), encoding="utf-8")
    result = read_cluster(tmp_path / "c")
    told = [n for n in result.notes if n.file == "firm.csv"]
    assert [(n.rule, n.column, n.value) for n in told] == [("default-used", "status", str(len(rows)))]
    assert result.cluster["firm"]["status"].unique().to_list() == ["active"]


def test_too_many_rows_or_bytes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "district.csv"
    path.write_text("district,name_en,name_zh\n" + "1,A,甲\n" * 50, encoding="utf-8")
    for limits in (Limits(rows=10), Limits(file_bytes=100)):
        with pytest.raises(UserError) as caught:
            read_csv_table(path, DISTRICT, limits)
        assert caught.value.code == "too-large"


def test_the_list_of_problems_is_written_as_csv_and_excel(tmp_path: Path) -> None:
    write_cluster(_cluster(), tmp_path / "c", "csv")
    (tmp_path / "c" / "district.csv").write_text("district,name_en,name_zh\n=1+1|,A,甲\n", encoding="utf-8")
    with pytest.raises(ReadErrors) as caught:
        read_cluster(tmp_path / "c")
    frame = problems_frame(caught.value.problems)
    assert frame.columns[:6] == ["file", "sheet", "row", "column", "value", "rule"]
    for name in ("problems.csv", "problems.xlsx"):
        write_problems(caught.value.problems, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 0
    with pytest.raises(UserError):
        write_problems(caught.value.problems, tmp_path / "problems.doc")
