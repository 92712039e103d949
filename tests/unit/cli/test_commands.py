"""Commands that read, show and write, on a small cluster and a plan of it."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from cordwainer.cli import run
from cordwainer.cli.app import app
from cordwainer.cluster import Cluster, dictionary
from cordwainer.exchange import VIEWS, read_cluster, write_cluster, write_plan
from tests.small_plan import small_cluster, small_plan


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("cli")
    write_cluster(small_cluster(), folder / "cluster", "csv")
    write_plan(small_plan(), folder / "plan", "csv")
    return str(folder / "cluster"), str(folder / "plan")


def test_help_starts_fast_and_loads_no_heavy_library() -> None:
    code = (
        "import sys, cordwainer.cli\n"
        "heavy = {'polars', 'numpy', 'numba', 'rich', 'highspy', 'ortools', 'jinja2'} & set(sys.modules)\n"
        "sys.exit(' '.join(sorted(heavy)) or None)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-m", "cordwainer.cli", "--help"], check=True, capture_output=True)
        took.append(time.perf_counter() - begun)
    assert min(took) <= 0.4


def test_every_command_has_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    names = [c.callback.__name__.replace("_", "-") for c in app.registered_commands if c.callback and not c.hidden]
    assert len(names) == 24
    for name in names:
        assert run([name, "--help"]) == 0
        said = capsys.readouterr().out
        assert "Example:" in said
        assert f"cordwainer {name} " in said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_help_is_in_one_language_and_no_line_is_cut(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORDWAINER_LANG", language)
    code = (
        "from cordwainer.cli import run; import sys; sys.exit(max(run([*n.split(), '--help']) for n in sys.argv[1:]))"
    )
    names = [
        "",
        *(c.callback.__name__.replace("_", "-") for c in app.registered_commands if c.callback and not c.hidden),
    ]
    # The texts are chosen as the program starts, so it is started anew.
    said = subprocess.run([sys.executable, "-c", code, *names], check=True, capture_output=True, text=True).stdout
    assert "..." not in said.replace("[ARGS]...", "").replace("[参数]...", "")
    for word in ("Usage", "Options:", "Arguments:", "Commands:", "required", "default:", "Show this message"):
        assert (word in said) == (language == "en")
    assert ("用法" in said) == (language == "zh")


def test_check_counts_rows(places: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", places[0], "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["hash"] == small_cluster().hash
    assert sum(c["rows_in"] for c in found["counts"]) == sum(f.height for f in small_cluster().frames.values())
    assert all(c["rows_in"] == c["accepted"] + c["rejected"] for c in found["counts"])


@pytest.mark.parametrize(("language", "told"), [("en", "No lasts are known"), ("zh", "楦头数量未知")])
def test_check_notes_what_is_unknown(
    language: str, told: str, places: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "notes.csv"
    assert run(["check", places[0], "--lang", language, "--problems", str(kept)]) == 0
    assert told in capsys.readouterr().err
    assert "last-unknown" in kept.read_text(encoding="utf-8-sig")
    assert run(["check", places[0], "--json"]) == 0
    assert {"rule": "last-unknown", "rows": 1} in json.loads(capsys.readouterr().out)["marked"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_check_tells_place_and_remedy(
    language: str, places: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    for path in Path(places[0]).iterdir():
        (bad / path.name).write_bytes(path.read_bytes())
    orders = (bad / "order.csv").read_text(encoding="utf-8-sig").replace(",1300,", ",-5,")
    (bad / "order.csv").write_text(orders, encoding="utf-8")
    listed = tmp_path / "problems.csv"
    assert run(["check", str(bad), "--lang", language, "--problems", str(listed)]) == 2
    said = capsys.readouterr().err
    assert "order.csv" in said
    assert re.search(r"\b5\b", said)
    assert ("What to do" if language == "en" else "处理办法") in said
    assert listed.read_text(encoding="utf-8-sig").count("order.csv") == 1


def test_convert_keeps_the_hash(places: tuple[str, str], tmp_path: Path) -> None:
    book, parquet = tmp_path / "a.xlsx", tmp_path / "parquet"
    assert run(["convert", places[0], str(book)]) == 0
    assert run(["convert", str(book), str(parquet), "--format", "parquet"]) == 0
    assert read_cluster(parquet).cluster.hash == small_cluster().hash
    assert run(["convert", places[0], str(tmp_path / "x"), "--format", "pdf"]) == 2


@pytest.mark.parametrize("view", [v for v in VIEWS if v != "unmet"])
def test_show_gives_every_view_as_table_and_json(
    view: str, places: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["show", *places, view, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)[view]
    assert rows
    assert run(["show", *places, view, "--lang", "zh", "--rows", "3"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"[\u4e00-\u9fff]", said)
    assert ("--rows 0" in said) == (len(rows) > 3)


def test_key_figures_are_plain_numbers_for_scripts(places: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", *places, "key", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["key"]
    assert figures["contribution_fen"] == 30_000_000
    assert figures["orders"] == 20


def test_show_refuses_an_unknown_view(places: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", *places, "nonsense"]) == 2
    assert "purchases" in capsys.readouterr().err


def test_explain_line_and_price(places: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", *places, "line", "L00cl", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["rows"]) == 8
    assert run(["explain", *places, "price", "L00cl"]) == 0
    assert "1.500" in capsys.readouterr().out
    assert run(["explain", *places, "price", "L09cl"]) == 2


@pytest.mark.parametrize(("language", "told"), [("en", "was not made of the data"), ("zh", "不是依据")])
def test_a_plan_of_other_data_is_not_shown(
    language: str, told: str, places: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = small_cluster()["order"].with_columns(pairs=pl.col("pairs") + 1)
    other = str(tmp_path / "other")
    write_cluster(Cluster.build({**small_cluster().frames, "order": orders}), Path(other), "csv")
    page, book = str(tmp_path / "report.html"), str(tmp_path / "plan.xlsx")
    for command, *more in (["show"], ["explain", "order", "O001"], ["report", page], ["export", book]):
        assert run([command, other, places[1], *more, "--lang", language]) == 2
        assert told in capsys.readouterr().err
    assert not Path(page).exists()
    assert not Path(book).exists()
    assert run(["verify", other, places[1]]) == 1


def test_template_has_a_sheet_for_firms(tmp_path: Path) -> None:
    out = tmp_path / "mine.xlsx"
    assert run(["template", str(out), "--own"]) == 0
    assert len(openpyxl.load_workbook(out).sheetnames) >= 3
    full = tmp_path / "full.xlsx"
    assert run(["template", str(full)]) == 0
    assert len(openpyxl.load_workbook(full).sheetnames) >= len(
        [t for t in dictionary.cluster_tables() if t.status == "used"]
    )


def test_export_writes_a_workbook(places: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "plan.xlsx"
    assert run(["export", *places, str(out), "--lang", "zh"]) == 0
    book = openpyxl.load_workbook(out)
    assert len(book.sheetnames) >= 4
    head, *rows = book["延期外发与不接"].iter_rows(values_only=True)
    why = head.index("原因")
    assert rows
    assert all(len(str(row[why])) > 5 for row in rows)


def test_hand_made_plan_is_not_certified(places: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", *places, "--json"]) == 1
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["certified"] is False
    assert verdict["violations"]
    assert run(["verify", *places, "--lang", "zh"]) == 1
    assert "未通过核验" in capsys.readouterr().out
