"""The main job on the command line: plan, verify, show, explain, report; and a gentle stop."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cordwainer.cli import run
from cordwainer.cluster import Cluster, Plan, SampleSize, sample
from cordwainer.exchange import read_cluster, read_plan, write_cluster
from cordwainer.planning import Progress, Settings
from cordwainer.planning import plan as make
from cordwainer.referee import judge


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return where a sample smaller than S stands."""
    folder = tmp_path_factory.mktemp("sample") / "cluster"
    write_cluster(sample(SampleSize(20, 40, 8), 1), folder, "parquet")
    return str(folder)


@pytest.fixture(scope="module")
def planned(cluster: str) -> str:
    out = Path(cluster).parent / "plan"
    assert run(["plan", cluster, str(out), "--work", "1"]) == 0
    return str(out)


def _cluster(path: str) -> Cluster:
    return read_cluster(Path(path)).cluster


def test_plan_is_certified(cluster: str, planned: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", cluster, planned, "--json"]) == 0
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["certified"] is True
    assert verdict["contribution_fen"] <= verdict["bound_fen"]
    assert verdict["net_gap"] >= 0


def test_plan_says_which_days_it_covers_and_why(
    cluster: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for more, noted in ((["--first-date", "2026-03-09"], False), ([], True)):
        out = tmp_path / f"plan{len(more)}"
        assert run(["plan", cluster, str(out), "--work", "0", "--lang", "en", *more]) == 0
        said = capsys.readouterr()
        first = read_plan(out).plan.first_date
        assert f"Plan from {first} to " in said.out
        assert ("--first-date sets another" in said.err) is noted


@pytest.mark.parametrize(
    ("language", "told"), [("en", "No order has a day in the plan from 1900-01-01"), ("zh", "没有订单")]
)
def test_days_on_which_no_order_can_be_made_are_refused(
    language: str, told: str, cluster: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "plan"
    assert run(["plan", cluster, str(out), "--first-date", "1900-01-01", "--lang", language]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "--first-date" in said
    assert not out.exists()


@pytest.mark.parametrize(("language", "told"), [("en", "of 40 orders have no day"), ("zh", "40 张订单中有")])
def test_orders_without_a_day_in_the_plan_are_counted(
    language: str, told: str, cluster: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["plan", cluster, str(tmp_path / "plan"), "--work", "0", "--lang", language]
    assert run([*call, "--periods", "3"]) == 0
    assert told in capsys.readouterr().err
    assert run([*call, "--periods", "12"]) == 0
    assert told not in capsys.readouterr().err


def test_overview_and_reasons_in_both_languages(cluster: str, planned: str, capsys: pytest.CaptureFixture[str]) -> None:
    for language in ("en", "zh"):
        assert run(["show", cluster, planned, "--lang", language]) == 0
        assert capsys.readouterr().out
    assert run(["show", cluster, planned, "unmet", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["unmet"]
    assert all(r["reason_en"] and r["reason_zh"] for r in rows)


def test_every_order_can_be_explained(cluster: str, planned: str, capsys: pytest.CaptureFixture[str]) -> None:
    orders = read_plan(Path(planned)).plan["outcome"].unique("outcome", keep="first", maintain_order=True)
    for order, outcome in orders.select("order", "outcome").iter_rows():
        assert run(["explain", cluster, planned, "order", order, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["rows"] or outcome != "placed"
        assert found["why"]
        assert found["remedy"] or outcome == "placed"


def test_report_of_the_sample(cluster: str, planned: str, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert run(["report", cluster, planned, str(out)]) == 0
    assert 20_000 < out.stat().st_size < 8_000_000


def test_interrupt_writes_the_best_plan_so_far(cluster: str, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    command = [sys.executable, "-m", "cordwainer.cli", "plan", cluster, str(out), "--time", "120"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        until = time.monotonic() + 60
        while not out.exists() and time.monotonic() < until:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130
    assert judge(_cluster(cluster), read_plan(out).plan).certified


def test_a_kill_leaves_the_last_plan_kept_whole_and_certified(cluster: str, tmp_path: Path) -> None:
    out = tmp_path / "plan"
    command = [sys.executable, "-m", "cordwainer.cli", "plan", cluster, str(out), "--time", "120"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=os.environ) as process:
        until = time.monotonic() + 60
        while not out.exists() and time.monotonic() < until:
            time.sleep(0.1)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert judge(_cluster(cluster), read_plan(out).plan).certified


def test_plans_that_are_kept_do_not_change_the_search(cluster: str) -> None:
    of = _cluster(cluster)
    settings = Settings(work=2, time_s=None)
    kept: list[Plan] = []

    def keep(progress: Progress) -> bool:
        if progress.so_far is not None:
            kept.append(progress.so_far())
        return True

    asked, quiet = make(of, settings, keep), make(of, settings)
    assert kept
    assert all(judge(of, plan).certified for plan in kept[:2])
    assert {n: f.rows() for n, f in asked.frames.items()} == {n: f.rows() for n, f in quiet.frames.items()}
