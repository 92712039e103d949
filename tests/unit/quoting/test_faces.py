"""What the brand sees gives no maker away; requests from files are read or told to be wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from cordwainer.core import UserError
from cordwainer.quoting import (
    Desk,
    Request,
    brand_face,
    columns,
    offer_texts,
    offer_views,
    open_desk,
    planner_face,
    read_requests,
    requests_of,
    why_text,
)
from cordwainer.quoting.policies import defaults
from cordwainer.quoting.wording import WHY
from tests.unit.quoting import desk

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def consenting(firms: dict[str, tuple[date | None, date | None]]) -> Desk:
    """Return a desk on the sample in which some firms agreed to be named to brands, from a day to a day."""
    cluster = desk.planned()[0]
    dated = cluster["firm"].with_columns(
        named_from=pl.col("firm").replace_strict(
            {f: a for f, (a, _) in firms.items()}, default=None, return_dtype=pl.Date
        ),
        named_until=pl.col("firm").replace_strict(
            {f: b for f, (_, b) in firms.items()}, default=None, return_dtype=pl.Date
        ),
    )
    return open_desk(*desk.changed(firm=dated), None)


def test_planner_sees_all_and_brand_no_maker_line_or_cost() -> None:
    at = open_desk(*desk.planned(), None)
    seen = set()
    for request in desk.asks(12):
        answer = at.quote(request, NOON, keep=False)
        face, whole = brand_face(at, answer), planner_face(at, answer)
        for shown, entry, full in zip(face["offers"], answer.entries, whole["offers"], strict=True):
            offer, text = entry.offer, json.dumps(shown, default=str)
            assert shown["makers"] == []  # whoever takes orders unasked has not agreed to be named by that
            assert shown["kind"] == ("firm" if not offer.ask else "indicative")
            assert all(firm not in text for firm in offer.firms)
            assert all(line not in text for lot in offer.lots for line in lot.lines.values())
            assert shown["carbon_g_pair"] >= offer.carbon_g_pair
            assert list(map(list, full["items"])) == list(map(list, offer.items))
            assert 0 < full["likely"] <= 1
            assert sum(move["fen"] for move in full["transfers"]) == offer.costs["transfer"]
            assert {place["firm"] for place in full["sites"]} == set(offer.firms)
            assert sum(p["pairs"] for p in full["sites"] if p["stage"] == "finishing") == request.pairs
            seen.add(shown["kind"])
    assert "indicative" in seen


def test_makers_are_named_only_while_they_agree_to_it() -> None:
    at = open_desk(*desk.planned(), None)
    request = next(r for r in desk.asks(12) if len(at.quote(r, NOON, keep=False).entries[0].offer.firms) > 2)
    firms = at.quote(request, NOON, keep=False).entries[0].offer.firms
    day, before, after = at.live.today, date(2026, 1, 1), date(2026, 6, 1)
    named = consenting({firms[0]: (day, None), firms[1]: (before, before), firms[2]: (after, None)})
    face = brand_face(named, named.quote(request, NOON, keep=False))
    assert face["offers"][0]["makers"] == [firms[0]]  # the second took it back, the third agrees from later on


def outward_prices(at: Desk, request: Request, firms: list[str]) -> dict[str, set[int]]:
    """Return the prices that a brand is told when it names one maker after another."""
    found = {}
    for k, firm in enumerate(firms):
        face = brand_face(at, at.quote(replace(request, named=(firm,)), NOON + k * DAY, outward=True, keep=False))
        found[firm] = {o["price"] for o in face["offers"]}
    return found


def test_naming_one_maker_after_another_does_not_tell_what_they_ask() -> None:
    cluster, plan = desk.planned()
    request = Request("R", "B001", construction="cemented", category="casual", tier=1, pairs=400)
    at = open_desk(cluster, plan, None)
    last = at.quoter.asking.asked(at.live, request).stages[-1]
    firms = sorted({at.live.ground.firms[at.live.ground.lines.firm[x]] for x in last.line})[:6]
    own = {f: {o.price for o in at.quoter.quote(replace(request, named=(f,)))} for f in firms}
    assert len(set().union(*own.values())) > 2  # by their asks the makers differ
    before = outward_prices(at, request, firms)
    assert any(before.values())
    lines = [
        at.live.ground.lines.ids[x] for x in last.line if at.live.ground.firms[at.live.ground.lines.firm[x]] == firms[0]
    ]
    dearer = cluster["line_statement"].with_columns(
        fen_pair=pl.when(pl.col("line").is_in(lines)).then(pl.col("fen_pair") * 11 // 10).otherwise("fen_pair")
    )
    after = outward_prices(open_desk(*desk.changed(line_statement=dearer), None), request, firms)
    for firm in firms:  # who is told anything is told the same price, whatever that maker asks
        assert after[firm] in (before[firm], set()) or before[firm] == set()


def test_price_outward_is_list_or_going_rate_and_never_costs_the_plan() -> None:
    at = open_desk(*desk.planned(), None)
    seen = 0
    for request in desk.asks(12):
        try:
            answer = at.quote(replace(request, rule="opportunity"), NOON, outward=True, keep=False)
        except UserError as error:
            assert error.code == "too-few-makers"  # noqa: PT017 (goodyear welted shoes have few makers)
            continue
        for entry in answer.entries:
            assert entry.offer.request.rule == "going"
            assert {"labour", "overtime", "piece", "capacity"}.isdisjoint(dict(entry.offer.items))
            assert entry.offer.contribution_fen >= 0
            seen += 1
    assert seen


def test_too_few_makers_make_no_going_rate() -> None:
    at = open_desk(*desk.planned(), None)
    request = desk.asks(1)[0]
    at.live.ground.policies._known["quote_least_makers", "-"] = Fraction(1000)
    with pytest.raises(UserError, match="too-few-makers"):
        at.quote(request, NOON, outward=True)
    at.live.ground.policies._known["list_fen_pair", str(request.style)] = Fraction(90_000)
    entry = at.quote(request, NOON, outward=True).entries[0]
    assert entry.offer.request.rule == "list"


def test_planner_sees_purchases_moves_milestones_and_what_is_unknown() -> None:
    at = open_desk(*desk.planned(), None)
    entries = [e for r in desk.asks(12) for e in at.quote(r, NOON, keep=False).entries]
    bought = next(e for e in entries if e.offer.purchases)
    views = {v.name: v for e in (bought, *entries) for v in offer_views(at, e)}
    assert set(views) == {"build-up", "route", "purchases", "moves"}
    shown = next(v for v in offer_views(at, bought) if v.name == "purchases").frame
    assert shown["quantity"].to_list() == [q / 1000 for _, _, q in bought.offer.purchases]
    text = "".join(t.en for t in offer_texts(bought))
    days = [day for _, day in bought.offer.milestones]
    assert all(day.isoformat() in text for day in days)
    assert days
    assert "Not known" in text
    assert all("{" not in t.zh + t.en for e in entries for t in offer_texts(e))


@pytest.mark.parametrize("why", sorted(WHY))
def test_every_reason_is_said_in_both_languages_and_names_no_maker_outward(why: str) -> None:
    told, outward = why_text(why, "F012"), why_text(why, "F012", outward=True)
    assert any("\u4e00" <= c <= "\u9fff" for c in told.zh) or why == "by-hand"
    assert "F012" not in outward.en + outward.zh


def test_target_is_only_said_to_be_met_or_not() -> None:
    at = open_desk(*desk.planned(), None)
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
    ((number, request),) = read_requests(path).rows
    assert number == 2
    assert (request.request, request.buyer, request.pairs, request.by) == ("R1", "B001", 30, date(2026, 5, 3))
    assert request.standards == (("ISO 9001", None), ("ISO 14001", "cutting"))


@pytest.mark.parametrize("name", ["none.csv", "asks.txt", "bad.json", "bad.xlsx", "bad.csv"])
def test_files_that_are_none_are_told(name: str, tmp_path: Path) -> None:
    for other in ("asks.txt", "bad.json", "bad.xlsx"):
        (tmp_path / other).write_text("{", encoding="utf-8")
    (tmp_path / "bad.csv").write_bytes(b"buyer\n\xff\xfe\xff")
    with pytest.raises(UserError, match=r"file-missing|bad-name|unreadable"):
        read_requests(tmp_path / name)


def test_rows_that_are_wrong_come_back_and_the_others_are_read() -> None:
    rows: list[object] = [
        {"buyer": "B001", "style": "ST001", "pairs": "12.5"},
        {"buyer": "B001", "style": "ST001", "pairs": 5, "by": "soon", "colour": "red"},
        {"buyer": "B001", "pairs": 5},
        {"style": "ST001", "pairs": 5},
        {"buyer": "B001", "style": "ST001", "pairs": 5},
        {"buyer": "B001", "style": "ST001", "pairs": 5, "request": "R5"},
        {"buyer": "B001", "style": "ST001", "sizes": "40:3 40:4"},
        {"buyer": "B001", "style": "ST001", "sizes": "40:3 41:4", "pairs": 8},
        {"buyer": "B001", "style": "ST001", "pairs": "inf"},
        {"buyer": "B001", "style": "ST001", "pairs": 5, "price_term": "near"},
        "nothing",
    ]
    found = requests_of(rows, "asks")
    assert [(number, r.request) for number, r in found.rows] == [(6, "R5")]
    assert [(p.row, p.rule, p.column, p.value) for p in found.problems] == [
        (2, "bad-value", "pairs", "12.5"),
        (3, "bad-value", "by", "soon"),
        (3, "unknown-column", "colour", None),
        (4, "bad-request", "style", None),
        (5, "missing", "buyer", None),
        (7, "twice", "request", "R5"),
        (8, "bad-value", "sizes", "40:3 40:4"),
        (9, "bad-request", "pairs", "8"),
        (10, "bad-value", "pairs", "inf"),
        (11, "bad-request", "price_term", "near"),
        (12, "no-row", None, "nothing"),
    ]
    assert all(p.file == "asks" and p.message.zh and p.remedy.zh and p.remedy.en for p in found.problems)


def test_columns_are_those_of_a_request() -> None:
    assert {c["column"] for c in columns()} == set(Request.__dataclass_fields__) - {"agreed"}  # a maker's to say
    assert all(c[k] for c in columns() for k in ("en", "zh", "help_en", "help_zh"))


def test_policies_stand_in_the_how_to(root: Path) -> None:
    for page in ("quoting.md", "quoting.zh.md"):
        text = (root / "docs" / "how-to" / page).read_text(encoding="utf-8")
        for (name, key), default in defaults().items():
            shown = f"`{name}`" if key in ("", "-") else f"`{name}` / `{key}`"
            assert f"| {shown} | {default or '–'} |" in text, (page, name, key)
