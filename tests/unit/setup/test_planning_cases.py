"""The planning and assignment benchmarks yield the figures they promise, with the targets that the plan names."""

from __future__ import annotations

import polars as pl
import pytest

from benchmarks import planning_run
from benchmarks.cases_gap import rows_of_instance
from benchmarks.cases_planning import rows_of_planning
from benchmarks.gap import FEN_PER_COST, parse
from benchmarks.gap_cluster import FIRST_DATE
from benchmarks.planning_run import Planned
from cordwainer.cluster import Plan
from cordwainer.core import Text
from cordwainer.planning import Listener, Progress, Settings
from tests.small_plan import small_cluster, small_plan

FOUND = Planned(
    contribution_fen=990_000,
    bound_fen=1_000_000,
    without_lots_fen=0,
    seconds=20.1,
    peak_mib=300.0,
    violations=0,
    judged_s=0.5,
    course=[(1.0, 0.5), (9.0, 0.004), (15.0, 0.002)],
)


def test_a_net_gap_is_measured_from_the_plan_without_lots() -> None:
    assert FOUND.net_gap == pytest.approx(0.01)
    assert [FOUND.after(seconds) for seconds in (0.5, 1, 10, 99)] == [None, 0.5, 0.004, 0.002]


def test_a_planning_has_its_figures_and_targets() -> None:
    rows = {row.figure: row for row in rows_of_planning(FOUND, "S")}
    assert (rows["contribution"].measured, rows["bound"].measured) == (9900, 10_000)
    assert (rows["net gap after 10 s"].ok, rows["net gap"].ok) == (True, False)
    assert rows["breaches found by the referee"].ok
    large = {row.figure: row.target for row in rows_of_planning(FOUND, "L")}
    assert (large["net gap after 300 s"], large["net gap after 600 s"]) == ("≤ 2", "≤ 1")
    assert (large["peak memory"], large["judged in"]) == ("≤ 6144", "≤ 60")


def test_what_is_planned_is_told_judged_and_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planning itself is a stand-in: its own tests say whether it is any good."""
    text = Text("improving", "优化")

    def stand_in(_cluster: object, settings: Settings, listener: Listener | None = None) -> Plan:
        assert (listener is None) == (settings.work == 1)
        for second, gap in ((1.0, None), (2.0, 0.3), (3.0, 0.4), (4.0, 0.2)):
            if listener is not None:
                assert listener(Progress(second, 0, text, None, None, gap))
        return small_plan()

    monkeypatch.setattr(planning_run, "sample", lambda *_: small_cluster())
    monkeypatch.setattr(planning_run, "plan", stand_in)
    found = planning_run.planned("S", 0.5)
    assert found.course == [(2.0, 0.3), (4.0, 0.2)]
    assert found.violations > 0
    assert (found.contribution_fen, found.bound_fen) == (30_000_000, 31_000_000)
    assert found.peak_mib > 50


def test_an_instance_has_cost_and_bound_beside_what_is_known() -> None:
    known = parse("tiny", "2 2 5 1 2 6 4 9 8 2 10 9", best=3, optimum=3)
    head = {"plan": "p", "cluster_hash": "0", "first_date": FIRST_DATE, "seed": 1, "work": 1, "settings": "none"}
    fen = {"contribution_fen": -3, "bound_fen": -2, "without_lots_fen": -9}
    made = Plan.build(
        {
            "plan": pl.DataFrame([head | {name: value * FEN_PER_COST for name, value in fen.items()}]),
            "lot": pl.DataFrame({"lot": ["a", "b"], "order": ["J0", "J1"], "pairs": 1}),
            "lot_line": pl.DataFrame({"lot": ["a", "b"], "stage": "lasting", "line": ["A1", "A0"]}),
        }
    )
    rows = {row.figure.removeprefix("tiny: "): row for row in rows_of_instance(known, made, 1.5)}
    measured = [rows[name].measured for name in ("cost", "best known", "bound", "proven optimum", "planned in")]
    assert measured == [3, 3, 2, 3, 1.5]
    assert [rows[name].ok for name in ("jobs left out", "above best known", "bound minus optimum")] == [True] * 3
