"""A solver that breaks off, stalls or returns nonsense does not lose the plan, and the bound stays valid.

The fault is put in place of the solver library: all of this software runs as it is.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pytest

from cordwainer.cli import progress, run
from cordwainer.cluster import Cluster, Plan, SampleSize
from cordwainer.cluster.sample import sample
from cordwainer.exchange import write_cluster
from cordwainer.planning import Progress, ReplanSettings, Settings, plan, remember, replan
from cordwainer.referee import judge
from cordwainer.solvers import GrowingModel, Start, growing
from tests.unit.planning.changes import line_lost


class Breaking(highspy.Highs):  # type: ignore[misc]
    """Breaks off in every solve."""

    def run(self) -> Any:
        """Solve, or not."""
        raise RuntimeError("out of luck")


class Stalling(highspy.Highs):  # type: ignore[misc]
    """Does not come back in time."""

    def run(self) -> Any:
        """Solve, or not."""
        time.sleep(3.0)
        return super().run()


class Silent(highspy.Highs):  # type: ignore[misc]
    """Returns no numbers."""

    def getSolution(self) -> Any:  # noqa: N802
        """Return the answer, or something else."""
        found = super().getSolution()
        found.col_value, found.row_dual = [], []
        return found


class Raving(highspy.Highs):  # type: ignore[misc]
    """Returns numbers that mean nothing, other ones each time."""

    def getSolution(self) -> Any:  # noqa: N802
        """Return the answer, or something else."""
        found = super().getSolution()
        rng = np.random.default_rng(len(found.col_value))
        found.col_value = (rng.normal(size=len(found.col_value)) * 1000).tolist()
        found.row_dual = (rng.normal(size=len(found.row_dual)) * 1000).tolist()
        return found


class Nameless(highspy.Highs):  # type: ignore[misc]
    """Returns what is no number."""

    def getSolution(self) -> Any:  # noqa: N802
        """Return the answer, or something else."""
        found = super().getSolution()
        found.col_value = [float("nan")] * len(found.col_value)
        return found


BAD = [Breaking, Silent, Raving, Nameless]


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    """Return a tiny sample."""
    return sample(SampleSize(20, 24, 8), 5)


@pytest.mark.parametrize("bad", BAD, ids=lambda b: b.__name__)
def test_a_plan_survives_a_bad_solver(cluster: Cluster, bad: type, monkeypatch: pytest.MonkeyPatch) -> None:
    good, heard = plan(cluster, Settings(time_s=None), lambda _: False), list[int]()
    assert (good.head["solver_faults"], good.faults) == (0, None)

    def hear(progress: Progress) -> bool:
        heard.append(len(progress.faults))
        return progress.contribution_fen is None

    monkeypatch.setattr(highspy, "Highs", bad)
    made = plan(cluster, Settings(work=1, time_s=30.0), hear)
    assert judge(cluster, made).violations.rows() == []
    assert made.head["contribution_fen"] <= made.head["bound_fen"]
    assert made.head["solver_faults"] == heard[-1] > 0
    assert_told(made)
    again = replan(remember(cluster, good), line_lost(cluster, good), ReplanSettings(work=1, time_s=30.0))
    assert judge(again.cluster, again.plan).violations.rows() == []
    assert again.plan.head["solver_faults"] > 0
    assert_told(again.plan)


def assert_told(made: Plan) -> None:
    """Raise unless a plan tells of its faults in both languages."""
    assert made.faults is not None
    assert made.head["fault_en"] in made.faults.en
    assert made.head["fault_zh"] in made.faults.zh
    assert "solver" in made.head["fault_en"].lower()
    assert "求解器" in made.head["fault_zh"]


@pytest.mark.parametrize(
    ("language", "line", "told"), [("en", "solver faults", "A solver failed"), ("zh", "求解器故障", "求解器出错")]
)
def test_the_command_line_and_the_report_tell_of_faults(
    language: str,
    line: str,
    told: str,
    cluster: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(highspy, "Highs", Breaking)
    monkeypatch.setattr(progress, "_SECONDS_BETWEEN_LINES", 0.0)
    places = [str(tmp_path / "cluster"), str(tmp_path / "plan")]
    write_cluster(cluster, Path(places[0]), "parquet")
    assert run(["plan", *places, "--work", "1", "--lang", language]) == 0
    said = capsys.readouterr().err
    assert line in said
    assert told in said
    assert "out of luck" in said
    page = tmp_path / "report.html"
    assert run(["report", *places, str(page), "--lang", language]) == 0
    assert told in page.read_text(encoding="utf-8")


def test_a_fault_is_told_and_the_solver_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highspy, "Highs", Breaking)
    model = GrowingModel()
    assert model.solve(Start.AFTER_COLUMNS) is None
    assert model.fault is not None
    assert "out of luck" in model.fault.en
    assert "求解器中断" in model.fault.zh
    assert model.solve(Start.AFTER_COLUMNS) is None


def test_a_stalling_solver_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highspy, "Highs", Stalling)
    monkeypatch.setattr(growing, "PATIENCE_S", 0.1)
    model, begun = GrowingModel(seconds=0.2), time.monotonic()
    assert model.solve(Start.AFTER_COLUMNS) is None
    assert time.monotonic() - begun < 2.5
    assert model.fault is not None
