"""The adapter of generalised-assignment instances keeps exactly the assignments and costs of an instance."""

import itertools
from fractions import Fraction
from math import ceil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.gap import FEN_PER_COST, Instance, judge, parse, read_folder
from benchmarks.gap_cluster import assignment, efficiency, is_exact, to_cluster
from cordwainer.cluster import Plan

TEXT = """ 2 3
 5 1 7
 2 6 3
 4 9 3
 8 2 7
 10 9
"""


def test_an_instance_is_read_row_by_row() -> None:
    read = parse("tiny", TEXT)
    assert read.costs.tolist() == [[5, 1, 7], [2, 6, 3]]
    assert read.weights.tolist() == [[4, 9, 3], [8, 2, 7]]
    assert read.capacities.tolist() == [10, 9]


@pytest.mark.parametrize("text", ["", "2 3 5 1", TEXT + " 4", TEXT.replace(" 4 9 3", " 0 9 3")])
def test_a_broken_instance_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="tiny"):
        parse("tiny", text)


def test_a_folder_is_read_with_what_is_known(tmp_path: Path) -> None:
    head = "Path,Format,Dataset,Item number,Agent number,Best known bound,Optimum,Best known solution value\n"
    rows = "set/tiny,f,d,3,2,9,,10\nset/absent,f,d,3,2,9,9,9\n"
    (tmp_path / "best_known.csv").write_text(head + rows, encoding="utf-8")
    with pytest.raises(FileNotFoundError, match="none of the instances"):
        read_folder(tmp_path)
    (tmp_path / "tiny").write_text(TEXT, encoding="utf-8")
    (read,) = read_folder(tmp_path)
    assert (read.name, read.best, read.optimum) == ("tiny", 10, None)


def minutes(weight: int) -> int:
    """Minutes of a pair in 1/1000 minute, as the plan model computes them."""
    return ceil(Fraction(600_000) / Fraction(str(efficiency(weight))))


@given(st.lists(st.integers(1, 100), min_size=1, max_size=40), st.integers(1, 998))
def test_a_set_of_jobs_fits_the_line_exactly_when_it_fits_the_agent(weights: list[int], capacity: int) -> None:
    fits = sum(weights) <= capacity
    assert (sum(map(minutes, weights)) <= 60_000 * capacity) is fits


def test_the_tightest_sets_of_equal_jobs_fit_exactly() -> None:
    for weight, jobs in itertools.product(range(1, 101), range(1, 100)):
        total = weight * jobs
        if total <= 999:
            assert minutes(weight) * jobs <= 60_000 * total
            assert minutes(weight) * jobs > 60_000 * (total - 1)


def test_an_instance_too_large_to_be_exact_is_refused() -> None:
    large = Instance("large", np.array([[1]]), np.array([[100]]), np.array([999]))
    assert not is_exact(large)
    with pytest.raises(ValueError, match="too large"):
        to_cluster(large)


def test_the_cluster_holds_costs_weights_and_capacities() -> None:
    cluster = to_cluster(parse("tiny", TEXT))
    makes = {(line, category): (e, extra) for line, _, category, e, extra in cluster["line_makes"].rows()}
    assert makes["A1", "job0"] == (efficiency(8), 2 * FEN_PER_COST)
    assert len(makes) == 6
    assert cluster["line_statement"]["people"].to_list() == [10, 9]
    assert cluster["style"]["category"].to_list() == ["job0", "job1", "job2"]
    assert cluster["order"]["committed"].all()
    assert cluster.policy("broken_fen_pair") == 3 * 7 * FEN_PER_COST


def test_a_plan_is_judged_by_jobs_load_cost_and_bound() -> None:
    known = parse("tiny", TEXT, best=6, optimum=6)
    good = judge(known, [1, 0, 0], -6 * FEN_PER_COST)
    assert [row.ok for row in good] == [True, False, False, True]
    best = judge(parse("tiny", TEXT, best=12, optimum=12), [0, 1, 0], -12 * FEN_PER_COST)
    assert [row.measured for row in best] == [0, 0, 50.0, 0.0]
    partial = judge(known, [None, 1, 0], -7 * FEN_PER_COST)
    assert [row.ok for row in partial] == [False, True, False, False]


def plan_of(lots: list[tuple[str, str, str]]) -> Plan:
    """Return a plan with the given lots (lot, order, line)."""
    lot, order, line = map(list, zip(*lots, strict=True))
    return Plan.build(
        {
            "lot": pl.DataFrame({"lot": lot, "order": order, "pairs": 1}),
            "lot_line": pl.DataFrame({"lot": lot, "stage": "lasting", "line": line}),
        }
    )


def test_the_assignment_is_read_from_the_lots() -> None:
    tiny = parse("tiny", TEXT)
    assert assignment(tiny, plan_of([("L1", "J2", "A0"), ("L2", "J0", "A1")])) == [1, None, 0]
    with pytest.raises(ValueError, match="two lots"):
        assignment(tiny, plan_of([("L1", "J2", "A0"), ("L2", "J2", "A1")]))
