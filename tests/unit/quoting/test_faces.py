"""What the brand sees gives no maker away; requests from files are read or told to be wrong."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from cordwainer.core import DataErrors, UserError
from cordwainer.quoting import Desk, Request, brand_face, columns, planner_face, read_requests, requests_of
from cordwainer.quoting.policies import defaults
from tests.unit.quoting import desk

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_brand_sees_makers_only_where_they_agreed() -> None:
    at = Desk.open(*desk.planned(), None)
    seen = set()
    for request in desk.asks(12):
        answer = at.quote(request, NOON, keep=False)
        face, whole = brand_face(at, answer), planner_face(at, answer)
        for shown, entry, full in zip(face["offers"], answer.entries, whole["offers"], strict=True):
            offer, text = entry.offer, json.dumps(shown, default=str)
            assert set(shown["makers"]) == set(offer.firms) - set(offer.ask)
            assert shown["kind"] == ("firm" if not offer.ask else "indicative")
            assert all(firm not in text for firm in offer.ask)
            assert all(line not in text for lot in offer.lots for line in lot.lines.values())
            assert shown["carbon_g_pair"] >= offer.carbon_g_pair
            assert full["items"] == list(map(list, offer.items)) or full["items"] == offer.items
            assert 0 < full["likely"] <= 1
            assert sum(move["fen"] for move in full["transfers"]) == offer.costs["transfer"]
            assert {place["firm"] for place in full["sites"]} == set(offer.firms)
            assert sum(p["pairs"] for p in full["sites"] if p["stage"] == "finishing") == request.pairs
            seen.add(shown["kind"])
    assert "indicative" in seen


def test_target_is_only_said_to_be_met_or_not() -> None:
    at = Desk.open(*desk.planned(), None)
    request = next(r for r in desk.asks(12) if at.quote(r, NOON, keep=False).entries)
    for target, met in ((1, False), (10_000_000, True)):
        asked = Request.of(request.record() | {"target": target})
        face = brand_face(at, at.quote(asked, NOON, keep=False))
        assert {o["target_met"] for o in face["offers"]} == {met}


ROW: dict[str, str] = {
    "客户": "B001",
    "Style": "ST001",
    "sizes": "40:10 41:20",
    "by": "2026-05-03",
    "标准": "ISO 9001; cutting:ISO 14001",
}


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx"])
def test_requests_are_read_from_every_format(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"asks.{ending}"
    frame = pl.DataFrame([ROW])
    if ending == "json":
        path.write_text(json.dumps([ROW]), encoding="utf-8")
    elif ending == "csv":
        frame.write_csv(path, include_bom=True)
    else:
        frame.write_excel(path)
    (request,) = read_requests(path)
    assert (request.request, request.buyer, request.pairs, request.by) == ("R1", "B001", 30, date(2026, 5, 3))
    assert request.standards == (("ISO 9001", None), ("ISO 14001", "cutting"))


@pytest.mark.parametrize("name", ["none.csv", "asks.txt", "bad.json", "bad.xlsx", "bad.csv"])
def test_files_that_are_none_are_told(name: str, tmp_path: Path) -> None:
    for other in ("asks.txt", "bad.json", "bad.xlsx"):
        (tmp_path / other).write_text("{", encoding="utf-8")
    (tmp_path / "bad.csv").write_bytes(b"buyer\n\xff\xfe\xff")
    with pytest.raises(UserError, match=r"file-missing|bad-name|unreadable"):
        read_requests(tmp_path / name)


def test_all_that_is_wrong_is_told_at_once() -> None:
    rows: list[dict[str, object]] = [
        {"buyer": "B001", "style": "ST001", "pairs": "12.5"},
        {"buyer": "B001", "style": "ST001", "pairs": 5, "by": "soon", "colour": "red"},
        {"buyer": "B001", "pairs": 5},
        {"style": "ST001", "pairs": 5},
    ]
    with pytest.raises(DataErrors) as error:
        requests_of(rows, "asks")
    assert [(p.row, p.rule) for p in error.value.problems] == [
        (2, "bad-value"),
        (3, "bad-value"),
        (3, "unknown-column"),
        (4, "bad-request"),
        (5, "bad-request"),
    ]


def test_columns_are_those_of_a_request() -> None:
    assert {c["column"] for c in columns()} == set(Request.__dataclass_fields__)
    assert all(c[k] for c in columns() for k in ("en", "zh", "help_en", "help_zh"))


def test_policies_stand_in_the_how_to(root: Path) -> None:
    for page in ("quoting.md", "quoting.zh.md"):
        text = (root / "docs" / "how-to" / page).read_text(encoding="utf-8")
        for (name, key), default in defaults().items():
            shown = f"`{name}`" if key in ("", "-") else f"`{name}` / `{key}`"
            assert f"| {shown} | {default or '–'} |" in text, (page, name, key)
