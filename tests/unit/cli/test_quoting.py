"""The quoting desk on the command line: quote, hold, answer, accept, release, list, bring home; in both languages and as JSON."""

import json
from pathlib import Path

import pytest

from cordwainer.cli import run
from cordwainer.exchange import read_cluster, write_cluster, write_plan
from cordwainer.quoting import open_desk
from tests.unit.quoting import desk
from tests.unit.quoting.test_carrying import rival

ASK = ["--buyer", "B001", "--construction", "cemented", "--category", "casual", "--tier", "2", "--pairs", "120"]
DAY = ["--today", "2026-03-02"]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("desk")
    cluster, plan = desk.planned()
    write_cluster(cluster, folder / "cluster", "parquet")
    write_plan(plan, folder / "plan", "parquet")
    return [str(folder / "cluster"), str(folder / "plan")]


def said(capsys: pytest.CaptureFixture[str]) -> object:
    """Return what was written as JSON."""
    return json.loads(capsys.readouterr().out)


def test_from_quote_to_accepted_order(places: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log, out = str(tmp_path / "offers.log"), str(tmp_path / "more")
    assert run(["quote", *places, *ASK, *DAY, "--log", log, "--json"]) == 0
    offers = said(capsys)[0]["offers"]  # type: ignore[index]
    name = offers[0]["offer"]
    assert name == "Q000001-1"
    assert sum(fen for _, fen in offers[0]["items"]) == offers[0]["price"] * 120
    assert run(["accept", *places, log, name, *DAY]) == (2 if offers[0]["ask"] else 0)
    assert "must agree first" in capsys.readouterr().err
    assert run(["answer", *places, log, name, "--yes", *DAY, "--json"]) == 0
    assert said(capsys)["firm"] is True  # type: ignore[index]
    assert run(["hold", *places, log, name, "--hours", "5", *DAY, "--json"]) == 0
    assert said(capsys)["status"] == "held"  # type: ignore[index]
    assert run(["accept", *places, log, name, *DAY]) == 0
    assert run(["accept", *places, log, name, *DAY]) == 2
    capsys.readouterr()
    assert run(["offers", *places, log, "--to-cluster", out, *DAY, "--json"]) == 0
    assert {o["status"] for o in said(capsys)} == {"accepted", "offered"}  # type: ignore[attr-defined]
    assert name in read_cluster(Path(out)).cluster["order"]["order"].to_list()
    assert run(["release", *places, log, name, "--why", "cancelled", *DAY, "--json"]) == 0
    gone = said(capsys)
    assert (gone["why"], gone["what"]) == ("by-hand", "cancelled")  # type: ignore[index]


def test_brand_sees_no_costs(places: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["quote", *places, *ASK, *DAY, "--brand", "--json"]) == 2
    assert "counts how often" in capsys.readouterr().err
    brand = ["quote", *places, *ASK, *DAY, "--brand", "--log", str(tmp_path / "log")]
    assert run([*brand, "--rule", "opportunity"]) == 2
    assert "the desk sets the price rule" in capsys.readouterr().err
    out = tmp_path / "out.json"
    assert run([*brand, "--out", str(out)]) == 0
    assert all(row["carbon"] % 50 == 0 for row in json.loads(out.read_text(encoding="utf-8")))
    capsys.readouterr()
    assert run([*brand, "--json"]) == 0
    text = capsys.readouterr().out
    face = json.loads(text)[0]
    assert face["verdict"] == "pass"
    assert all(o["price"] % 50 == 0 and o["carbon_g_pair"] % 50 == 0 for o in face["offers"])
    for secret in ("items", "costs", "lots", "lines", "contribution", "ask", "firms", "lead_firm", "purchases"):
        assert f'"{secret}"' not in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_file_of_requests_and_what_does_not_fit(
    language: str, places: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "buyer,construction,category,tier,pairs,by\nB001,cemented,casual,2,100,\nB001,cemented,casual,2,9000000,\n"
    asked, out = tmp_path / "asks.csv", tmp_path / "answers.csv"
    asked.write_text(rows, encoding="utf-8")
    assert run(["quote", *places, "--requests", str(asked), "--out", str(out), *DAY, "--lang", language]) == 1
    assert "Q" not in capsys.readouterr().out.split("R1-1")[0]
    table = out.read_text(encoding="utf-8-sig")
    assert ("Price a pair" in table) == (language == "en")
    assert ("Of " in table or "room for" in table) == (language == "en")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_bad_rows_come_back_and_good_rows_are_quoted(
    language: str, places: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "asks.csv"
    asked.write_text(
        "buyer,style,construction,category,tier,pairs,sizes\n"
        "B001,,cemented,casual,2,100,\nB001,,cemented,casual,2,ten,\nB001,nowhere,,,,50,\nB001,,cemented,casual,2,,99:60\n",
        encoding="utf-8",
    )
    call = ["quote", *places, "--requests", str(asked), *DAY, "--lang", language]
    assert run([*call, "--json"]) == 1
    good, *bad = said(capsys)  # type: ignore[misc]
    assert good["offers"]  # type: ignore[has-type]
    told = [b["problem"] for b in bad]  # type: ignore[has-type]
    assert [(p["file"], p["row"], p["column"], p["value"]) for p in told] == [
        ("asks.csv", 3, "pairs", "ten"),
        ("asks.csv", 4, "style", "nowhere"),
        ("asks.csv", 5, "sizes", "99"),
    ]
    assert all(any("\u4e00" <= c <= "\u9fff" for c in p["message"] + p["remedy"]) == (language == "zh") for p in told)
    assert run(call) == 1
    shown = capsys.readouterr()
    assert "R1-1" in shown.out
    assert "nowhere" in shown.err


def test_files_of_nothing_but_faults_are_refused(
    places: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "asks.csv"
    asked.write_text("buyer,style,pairs,colour\nB001,ST001,ten,red\nB001,,5,\n", encoding="utf-8")
    assert run(["quote", *places, "--requests", str(asked), "--json"]) == 2
    problems = json.loads(capsys.readouterr().err.split("\n", 0)[0])["problems"]
    assert [(p["row"], p["column"], p["rule"]) for p in problems][:2] == [
        (2, "pairs", "bad-value"),
        (2, "colour", "unknown-column"),
    ]
    assert run(["quote", *places, "--style", "ST001"]) == 2
    assert run(["quote", *places, "--requests", str(tmp_path / "none.csv")]) == 2
    assert run(["quote", *places, "--requests", str(tmp_path)]) == 2


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("Milestones:", "Not known:")), ("zh", ("节点：", "尚不清楚："))]
)
def test_planner_sees_all_of_an_offer(
    language: str, words: tuple[str, ...], places: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["quote", *places, *ASK, *DAY, "--lang", language]) == 0
    out = capsys.readouterr().out
    for word in (
        *words,
        {"en": "Assumed:", "zh": "按常规估计："}[language],
        {"en": "Moves of", "zh": "区间运输"}[language],
    ):
        assert word in out


def test_steps_of_a_brand_show_it_no_maker(
    places: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log, side = str(tmp_path / "log"), ["--brand", "--buyer", "B001"]
    assert run(["quote", *places, *ASK, *DAY, "--brand", "--log", log, "--json"]) == 0
    name = said(capsys)[0]["offers"][0]["offer"]  # type: ignore[index]
    makers = [f"F{k:03}" for k in range(1, 61)]
    for step in (
        ["hold", *places, log, name, *DAY],
        ["accept", *places, log, name, *DAY],
        ["offers", *places, log, *DAY],
    ):
        run([*step, *side])
        run([*step, *side, "--json"])
        shown = capsys.readouterr()
        assert all(m not in shown.out + shown.err for m in makers), step
    assert run(["answer", *places, log, name, "--no", "--firm", _first_asked(log), "--brand", *DAY]) == 1
    shown = capsys.readouterr()
    assert all(m not in shown.out + shown.err for m in makers)
    assert run(["hold", *places, log, name, "--brand", *DAY]) == 2
    assert run(["hold", *places, log, name, "--brand", "--buyer", "B002", *DAY]) == 2
    assert "There is no offer" in capsys.readouterr().err
    assert run(["offers", *places, log, *side, "--to-cluster", str(tmp_path / "new"), *DAY]) == 2


def _first_asked(log: str) -> str:
    """Return a maker that the first offer of a log asks."""
    events = [json.loads(line) for line in Path(log).read_text(encoding="utf-8").splitlines()]
    return str(next(e for e in events if e["kind"] == "offered")["offers"][0]["ask"][0])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_new_plan_takes_the_offers_along(
    language: str, places: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = str(tmp_path / "log")
    run(["quote", *places, *ASK, *DAY, "--log", log])
    run(["answer", *places, log, "Q000001-1", "--yes", *DAY])
    assert run(["accept", *places, log, "Q000001-1", *DAY]) == 0
    case = rival([open_desk(*desk.planned(), Path(log)).book.entries["Q000001-1"].offer])
    new = [str(tmp_path / "cluster"), str(tmp_path / "plan")]
    write_cluster(case[0], Path(new[0]), "parquet")
    write_plan(case[1], Path(new[1]), "parquet")
    capsys.readouterr()
    assert run(["offers", *new, log, *DAY, "--lang", language]) == 0
    assert run(["offers", *places, log, *DAY, "--lang", language]) == 2
    told = capsys.readouterr().err
    assert {"en": "stand on a newer plan", "zh": "已转到更新的计划"}[language] in told
    assert run(["offers", *places, log, *DAY, "--back", "--lang", language]) == 0


@pytest.mark.parametrize("by", ["order", "market", "buyer", "district", "cause"])
def test_localise_by(by: str, places: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "home.xlsx"
    assert run(["localise", *places, "--by", by, *DAY, "--json", "--out", str(out)]) == 0
    rows = said(capsys)
    assert isinstance(rows, list)
    assert rows
    assert all(by in row or f"{by}_en" in row for row in rows)
    assert out.stat().st_size > 1000
