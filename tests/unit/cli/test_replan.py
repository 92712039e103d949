"""`cordwainer replan`: from files to files, what moved as text and JSON, and where it ends."""

import json
from pathlib import Path

import polars as pl
import pytest

from cordwainer.cli import run
from cordwainer.exchange import read_cluster, read_plan, write_cluster, write_plan
from tests.hurried import hurried_cluster, hurried_plan
from tests.unit.planning.changes import line_lost


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Return where changed tables and the older plan stand."""
    folder = tmp_path_factory.mktemp("replan")
    cluster, plan = hurried_cluster(), hurried_plan()
    write_cluster(line_lost(cluster, plan), folder / "changed", "parquet")
    write_plan(plan, folder / "plan", "parquet")
    return str(folder / "changed"), str(folder / "plan")


def test_a_replan_is_written_certified_and_told(
    places: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new"
    assert run(["replan", *places, str(out), "--work", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["certified"] is True
    assert told["move_price_fen"] == 10_000
    assert "no-hours" in {m["reason"] for m in told["moves"]}
    assert told["contribution_fen"] == read_plan(out).plan.head["contribution_fen"]
    assert run(["verify", places[0], str(out)]) == 0


@pytest.mark.parametrize(("language", "told"), [("en", "lots of the old plan stood"), ("zh", "个批次成立")])
def test_what_moved_is_told_in_both_languages(
    language: str, told: str, places: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["replan", *places, str(tmp_path / "new"), "--work", "0", "--lang", language, "--rows", "0"]) == 0
    said = capsys.readouterr().out
    assert told in said
    assert ("原产线这些周没有工时了" in said) is (language == "zh")


def test_lots_frozen_need_a_place_for_their_promises(
    places: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = str(read_plan(Path(places[1])).plan.periods[2].start)
    call = ["replan", *places, str(tmp_path / "new"), "--work", "0", "--freeze-date", day, "--lang", "en"]
    assert run(call) == 2
    assert "--to-cluster" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
    with_promises = tmp_path / "with"
    assert run([*call, "--to-cluster", str(with_promises)]) == 0
    assert run(["verify", str(with_promises), str(tmp_path / "new")]) == 0
    promised = read_cluster(with_promises).cluster["promise"]
    assert promised.height > 0
    assert set(promised["status"]) == {"offered"}
    lots = read_plan(tmp_path / "new").plan["lot"]
    assert set(promised["lot"]) <= set(lots.filter(pl.col("pairs") > 0)["lot"])
