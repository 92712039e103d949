"""The benchmark frame: targets, registration, timing of commands, and the kept file."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import chosen, main
from benchmarks.registry import Case, Row, case
from benchmarks.report import keep, number, table
from benchmarks.timing import run_command, time_it


@pytest.mark.parametrize(
    ("row", "ok", "target"),
    [
        (Row("a", "s", 20.0, at_most=20), True, "≤ 20"),
        (Row("a", "s", 20.1, at_most=20), False, "≤ 20"),
        (Row("a", "%", 25.0, at_least=25), True, "≥ 25"),
        (Row("a", "%", 24.9, at_least=25), False, "≥ 25"),
        (Row("a", "s", None, at_most=20), False, "≤ 20"),
        (Row("a", "s", 1.0), None, ""),
    ],
)
def test_a_target_is_reached_or_not(row: Row, ok: bool | None, target: str) -> None:
    assert (row.ok, row.target) == (ok, target)


def test_a_figure_has_one_target() -> None:
    with pytest.raises(ValueError, match="one target"):
        Row("a", "s", 1.0, at_most=1, at_least=1)


def test_a_case_has_known_sizes() -> None:
    with pytest.raises(ValueError, match="unknown sizes"):
        case("never-registered", sizes=["XXL"])


def test_cases_that_lack_an_option_run_only_by_name() -> None:
    cases = {name: Case(name, (), needs, lambda _: []) for name, needs in [("a", ()), ("b", ("gap",))]}
    assert [c.name for c in chosen(cases, [], {})] == ["a"]
    assert [c.name for c in chosen(cases, [], {"gap": "x"})] == ["a", "b"]
    with pytest.raises(SystemExit, match="needs --gap"):
        chosen(cases, ["b"], {})
    with pytest.raises(SystemExit, match="unknown case"):
        chosen(cases, ["c"], {})


def test_the_cold_run_stands_apart() -> None:
    calls: list[int] = []
    timing = time_it(lambda: calls.append(1), repeats=3)
    assert len(calls) == 4
    assert timing.low <= timing.median <= timing.high
    with pytest.raises(ValueError, match="at least 1"):
        time_it(lambda: None, repeats=0)


def test_a_command_is_measured_with_its_memory() -> None:
    cost = run_command([sys.executable, "-c", "x = bytearray(200 << 20); print(len(x))"])
    assert cost.output.strip() == str(200 << 20)
    assert 200 <= cost.peak_mib < 400
    with pytest.raises(RuntimeError, match="ended with 3"):
        run_command([sys.executable, "-c", "raise SystemExit(3)"])


def test_what_is_kept_can_be_read_again(tmp_path: Path) -> None:
    rows = [("plan", "S", Row("net gap", "%", 0.8, at_most=1, note="中文"))]
    kept = json.loads(keep(rows, tmp_path / "results").read_text(encoding="utf-8"))
    assert kept["rows"][0]["case"] == "plan"
    assert kept["rows"][0]["measured"] == 0.8
    assert kept["rows"][0]["ok"] is True
    assert kept["rows"][0]["note"] == "中文"
    assert kept["libraries"].keys() >= {"polars", "highspy"}
    assert table(rows).row_count == 1


@pytest.mark.parametrize(("value", "text"), [(None, "?"), (0.01234567, "0.01235"), (1234567.0, "1,234,567"), (0, "0")])
def test_numbers_are_short(value: float | None, text: str) -> None:
    assert number(value) == text


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SystemExit, match="unknown case 'no-such-case'; known:"):
        main(["no-such-case"])
