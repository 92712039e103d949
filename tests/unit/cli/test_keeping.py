"""The plan so far is kept while planning goes on: killed or without room on the disk, the last whole one is there."""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from cordwainer.cli.keeping import Keeper
from cordwainer.cli.screen import Screen
from cordwainer.cluster import Plan
from cordwainer.core import Text, UserError
from cordwainer.exchange import read_plan, write_plan
from cordwainer.planning import Progress
from tests.small_plan import small_plan

KEEP = """
import sys
from pathlib import Path
from cordwainer.cli.keeping import Keeper
from cordwainer.cli.screen import Screen
from cordwainer.exchange import write_plan
from tests.unit.cli.test_keeping import numbered, progress
keep = Keeper(lambda made: write_plan(made, Path(sys.argv[1]), "csv"), Screen("en"), between=0.0, share=1.0)
count = int(sys.argv[2])
while True:
    count += 1
    keep(progress(count, lambda: numbered(count)))
    print(count, flush=True)
"""

WATCH = """
import os, sys
missing = 0
while not os.path.exists(sys.argv[2]):
    missing += not os.path.exists(sys.argv[1])
print(missing)
"""


def numbered(work: int) -> Plan:
    """Return a plan that knows after how many steps it was made."""
    head = small_plan()["plan"].with_columns(work=pl.lit(work, pl.Int64))
    return Plan.build({**small_plan().frames, "plan": head})


def progress(contribution: int | None, so_far: Callable[[], Plan] | None) -> Progress:
    """Return progress with a plan so far."""
    return Progress(0.0, 0, Text("improving", "优化"), contribution, None, None, so_far)


def test_the_first_plan_is_kept_at_once_and_later_ones_only_where_better() -> None:
    kept: list[int] = []
    keep = Keeper(lambda made: kept.append(made.head["work"]), Screen("en"), between=0.0, share=1.0)
    for work, contribution in ((1, None), (2, 50), (3, 50), (4, 40), (5, 60)):
        keep(progress(contribution, lambda work=work: numbered(work)))  # type: ignore[misc]
    keep(progress(70, None))
    assert kept == [2, 5]


def test_plans_are_kept_no_oftener_than_asked() -> None:
    kept: list[int] = []
    keep = Keeper(lambda made: kept.append(made.head["work"]), Screen("en"))
    for work in range(1, 5):
        keep(progress(work, lambda work=work: numbered(work)))  # type: ignore[misc]
    assert kept == [1]


def test_writing_takes_a_small_share_of_the_time() -> None:
    kept: list[float] = []

    def slow(made: Plan) -> None:
        assert made.head["work"] == 7
        time.sleep(0.02)
        kept.append(time.monotonic())

    keep, begun = Keeper(slow, Screen("en"), between=0.0), time.monotonic()
    while time.monotonic() < begun + 1.0:
        keep(progress(len(kept) + 1, lambda: numbered(7)))
    assert 1 <= len(kept) <= 4


@pytest.mark.parametrize(("language", "told"), [("en", "planning goes on"), ("zh", "排产继续进行")])
def test_a_full_disk_is_told_once_and_planning_goes_on(
    language: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tried: list[int] = []

    def full(made: Plan) -> None:
        tried.append(made.head["work"])
        raise UserError("cannot-write", Text("The disk is full.", "磁盘已满。"), Text("Free space.", "请清理。"))

    keep = Keeper(full, Screen("zh" if language == "zh" else "en"), between=0.0, share=1.0)
    for work in (1, 2):
        keep(progress(work, lambda work=work: numbered(work)))  # type: ignore[misc]
    assert tried == [1, 2]
    assert capsys.readouterr().err.count(told) == 1


def test_killed_while_it_writes_the_last_whole_plan_is_there(tmp_path: Path) -> None:
    out, rng, last = tmp_path / "plan", random.Random(2), 0  # noqa: S311
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", KEEP, str(out), str(last)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        with process:
            assert process.stdout is not None
            said = int(process.stdout.readline())
            time.sleep(rng.uniform(0, 0.1))
            process.kill()
            said = max([said, *(int(line) for line in process.stdout.read().split())])
        found = read_plan(out).plan
        work = found.head["work"]
        assert work in range(last + 1, said + 2)
        assert {name: f.height for name, f in found.frames.items()} == {
            n: f.height for n, f in numbered(1).frames.items()
        }
        last = work


def test_there_is_a_plan_at_every_moment_while_another_takes_its_place(tmp_path: Path) -> None:
    out, done = tmp_path / "plan", tmp_path / "done"
    write_plan(numbered(0), out, "parquet")
    with subprocess.Popen(
        [sys.executable, "-c", WATCH, str(out), str(done)], stdout=subprocess.PIPE, text=True
    ) as watch:
        for work in range(1, 30):
            write_plan(numbered(work), out, "parquet")
        done.touch()
        told, _ = watch.communicate(timeout=60)
    assert told.strip() == "0"
    assert read_plan(out).plan.head["work"] == 29
    assert sorted(p.name for p in tmp_path.iterdir()) == ["done", "plan"]
