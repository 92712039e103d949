"""Writing: all or nothing, never over files of other origin, large tables beside the workbook."""

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from cordwainer.cluster import dictionary
from cordwainer.core import UserError
from cordwainer.exchange import FORMATS, Format, ReadErrors, read_cluster, write_cluster
from cordwainer.exchange.workbook_out import write_workbook
from tests.strategies import random_cluster

CLUSTER = random_cluster(5, "=1+1", "@x", "+8", "-5")
OTHER = random_cluster(6, "鞋")

FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from cordwainer.core import UserError
from cordwainer.exchange import read_cluster, write_cluster
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
cluster = read_cluster(Path(sys.argv[1])).cluster
resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
try:
    write_cluster(cluster, Path(sys.argv[2]), sys.argv[3])
except UserError as error:
    print(error.code)
"""


def _path(folder: Path, form: Format) -> Path:
    return folder / ("out.xlsx" if form == "excel" else "out")


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_leaves_what_was_there(tmp_path: Path, form: Format) -> None:
    write_cluster(CLUSTER, tmp_path / "source", "parquet")
    folder = tmp_path / "folder"
    folder.mkdir()
    path = _path(folder, form)
    write_cluster(OTHER, path, form)
    before = {p.name for p in folder.iterdir()}
    told = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "source"), str(path), form],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "cannot-write"
    assert told.stderr == ""
    assert {p.name for p in folder.iterdir()} == before
    assert read_cluster(path).cluster.hash == OTHER.hash


@pytest.mark.parametrize("form", FORMATS)
def test_an_older_cluster_is_replaced_whole(tmp_path: Path, form: Format) -> None:
    path = _path(tmp_path, form)
    write_cluster(CLUSTER, path, form)
    write_cluster(OTHER, path, form)
    assert read_cluster(path).cluster.hash == OTHER.hash
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_folders_with_other_files_are_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "notes.txt").write_text("keep")
    ours = tmp_path / "ours"
    write_cluster(CLUSTER, ours, "csv")
    (ours / "notes.txt").write_text("keep")
    spoilt = tmp_path / "spoilt"
    write_cluster(CLUSTER, spoilt, "csv")
    (spoilt / "cordwainer.json").write_text("[")
    for folder in (mine, ours, spoilt):
        before = sorted(p.name for p in folder.iterdir())
        with pytest.raises(UserError, match="folder-not-ours"):
            write_cluster(OTHER, folder, "csv")
        assert sorted(p.name for p in folder.iterdir()) == before
    with pytest.raises(UserError, match="not-a-folder"):
        write_cluster(OTHER, mine / "notes.txt", "csv")
    with pytest.raises(UserError, match="cannot-write"):
        write_cluster(OTHER, mine / "notes.txt" / "x", "csv")


def test_the_marker_lists_the_files(tmp_path: Path) -> None:
    write_cluster(CLUSTER, tmp_path / "c", "csv")
    marker = json.loads((tmp_path / "c" / "cordwainer.json").read_text())
    filled = sorted(f"{n}.csv" for n, f in CLUSTER.frames.items() if f.height)
    assert marker == {"kind": "cluster", "files": filled}


def test_the_same_cluster_gives_the_same_bytes(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.xlsx", "b.xlsx")]
    for path in paths:
        write_cluster(CLUSTER, path, "excel")
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_wrong_endings_and_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="unknown-format"):
        write_cluster(CLUSTER, tmp_path / "out.xls", "excel")
    with pytest.raises(UserError, match="unknown-format"):
        write_cluster(CLUSTER, tmp_path / "out", "json")  # type: ignore[arg-type]


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_cluster(CLUSTER, path, "excel")
    cells = [c for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for c in row]
    assert "f" not in {c.data_type for c in cells}
    assert any(str(c.value).startswith("=") for c in cells)


def test_a_table_that_outgrows_its_sheet_stands_beside_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "big.xlsx"
    tables = [(t, CLUSTER[t.name]) for t in dictionary.cluster_tables() if CLUSTER[t.name].height]
    write_workbook(tables, path, sheet_rows=8)
    beside = sorted(p for p in tmp_path.iterdir() if p != path)
    large = sorted(t.name for t, f in tables if f.height > 8)
    assert large
    assert sorted(p.name.split(".")[1] for p in beside) == large
    assert read_cluster(path).cluster.hash == CLUSTER.hash
    beside[0].write_bytes(b"changed")
    with pytest.raises(ReadErrors) as caught:
        read_cluster(path)
    assert "part-changed" in {p.rule for p in caught.value.problems}
    beside[0].unlink()
    with pytest.raises(ReadErrors) as caught:
        read_cluster(path)
    assert "part-missing" in {p.rule for p in caught.value.problems}
    write_workbook(tables, path)
    assert [p.name for p in tmp_path.iterdir()] == ["big.xlsx"]
