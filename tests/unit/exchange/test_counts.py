"""More bad rows than are listed: all of them are counted, rows in are the accepted plus the rejected."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from cordwainer.cluster import LISTED_PER_RULE, Cluster
from cordwainer.core import DataErrors
from cordwainer.exchange import ReadErrors, read_cluster, write_cluster
from tests.small_plan import small_cluster

BAD, GOOD = 1500, 7
HEAD = "order,po,style,pairs,price,earliest_date,due_date"


def _row(k: int, **other: str) -> str:
    cells = {"order": f"N{k}", "po": "P1", "style": "Y1", "pairs": "10", "price": "900"}
    cells |= {"earliest_date": "2026-04-01", "due_date": "2026-05-01"} | other
    return ",".join(cells[name] for name in HEAD.split(","))


def _read(folder: Path, rows: Sequence[str]) -> ReadErrors:
    write_cluster(small_cluster(), folder / "c", "csv")
    (folder / "c" / "order.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    with pytest.raises(ReadErrors) as caught:
        read_cluster(folder / "c")
    return caught.value


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("pairs", "-5", "below-minimum"),
        ("pairs", "many", "not-a-number"),
        ("pairs", "", "required"),
        ("po", "P9", "dangling-reference"),
        ("due_date", "2026-03-01", "due-before-earliest"),
        ("order", "same", "duplicate-key"),
    ],
)
def test_every_bad_row_is_counted(tmp_path: Path, column: str, value: str, rule: str) -> None:
    rows = [_row(k, **{column: value} if k < BAD else {}) for k in range(BAD + GOOD)]
    error = _read(tmp_path, rows)
    assert {p.rule for p in error.problems} == {rule}
    assert [p.row for p in error.problems] == list(range(2, LISTED_PER_RULE + 2))
    assert error.counts.filter(table="order").row(0)[3:] == (BAD + GOOD, GOOD, BAD)
    assert (error.counts["rows_in"] == error.counts["accepted"] + error.counts["rejected"]).all()
    assert error.total == BAD
    assert f"{BAD:,} problem(s) in the data. {LISTED_PER_RULE:,} of them are listed." in error.say("en")
    assert f"{BAD:,}" in error.say("zh")


def test_a_rule_over_tables_counts_every_row(tmp_path: Path) -> None:
    write_cluster(small_cluster(), tmp_path / "c", "csv")
    head = "line,site,stage,tier,smallest_lot_pairs,defect_share"
    lines = (tmp_path / "c" / "line.csv").read_text(encoding="utf-8-sig").splitlines()
    more = [f"N{k},T00,closing,3,1,0" for k in range(BAD)]
    assert lines[0].startswith(head)
    (tmp_path / "c" / "line.csv").write_text("\n".join([*lines, *more]), encoding="utf-8")
    with pytest.raises(ReadErrors) as caught:
        read_cluster(tmp_path / "c")
    good = len(lines) - 1
    assert caught.value.counts.filter(table="line").row(0)[3:] == (good + BAD, good, BAD)
    assert caught.value.total == 2 * BAD  # no statement, and nothing that it makes
    assert len(caught.value.problems) == 2 * LISTED_PER_RULE


def test_what_is_missing_is_told_beyond_the_cells_that_were_refused(tmp_path: Path) -> None:
    rows = [_row(k, pairs="many") for k in range(BAD)] + [_row(BAD, pairs=""), _row(BAD + 1)]
    error = _read(tmp_path, rows)
    assert [(p.row, p.rule) for p in error.problems if p.rule == "required"] == [(BAD + 2, "required")]
    assert error.counts.filter(table="order").row(0)[3:] == (BAD + 2, 1, BAD + 1)
    assert error.total == BAD + 1


def test_building_a_cluster_counts_too() -> None:
    frame = small_cluster()["order"]
    many = frame.clear().vstack(frame.sample(BAD, with_replacement=True, seed=1))
    with pytest.raises(DataErrors) as caught:
        Cluster.build({**small_cluster().frames, "order": many})
    assert caught.value.total == BAD
    assert len(caught.value.problems) == LISTED_PER_RULE
