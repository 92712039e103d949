"""Papers: what stands on them is text and nothing else, the same data give the same bytes, and amounts are said in capitals."""

import dataclasses
from datetime import date
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from pypdf import PdfReader

from cordwainer.core import LANGUAGES, Text
from cordwainer.exchange import Paper, PaperTable, Party, View, ViewColumn, in_capitals, square_svg
from cordwainer.exchange.papers.typesetter import TypesettingError, _fonts, typeset

HOSTILE = (
    '#read("/etc/passwd")',
    "]",
    "\\",
    '#eval("1 + 1")',
    "$x^2$",
    "*bold* _it_ `raw` <label> @ref",
    "// gone",
    "= Head",
    '"',
    "}",
)


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF without white space."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def paper(kind: str, rows: int = 2, said: str = "鞋") -> Paper:
    """Return a paper of a kind whose every part says something."""
    told = Text(said, said)
    frame = pl.DataFrame(
        {"lot": [said] * rows, "name_en": [said] * rows, "name_zh": [said] * rows, "fen": [150_001] * rows}
    )
    columns = (
        ViewColumn("lot", told, "id"),
        ViewColumn("name", told, "both"),
        ViewColumn("fen", Text("Amount (yuan)", "金额（元）"), "money"),
    )
    return Paper(
        kind=kind,
        title=told,
        number=said,
        day=date(2026, 3, 2),
        parties=(Party(told, told, said),),
        facts=((told, told),),
        tables=(PaperTable(View("rows", told, columns, frame), {"fen": rows * 150_001}),),
        sums=((told, told),),
        notes=(told,),
        signs=(told,),
        address="https://hub.example/papers/1/",
    )


KINDS = ("purchase_order", "outwork", "traveller", "delivery", "statement")


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_on_a_paper_is_shown_as_it_is_and_never_read_as_markup(kind: str) -> None:
    for said in HOSTILE:
        shown = text_of(paper(kind, said=said).pdf("en"))
        assert shown.count("".join(said.split())) >= 6, said
        assert "root:" not in shown


def test_no_template_reads_files_or_runs_text() -> None:
    folder = Path(typeset.__code__.co_filename).with_name("templates")
    sources = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.typ")}
    assert {f"{kind}.typ" for kind in KINDS} <= sources.keys()
    assert not [n for n, s in sources.items() if any(w in s for w in ("eval(", "read(", "plugin(", "@preview"))]


def test_the_same_data_give_the_same_bytes_and_another_day_others() -> None:
    one = paper("outwork")
    for language in LANGUAGES:
        assert one.pdf(language) == one.pdf(language)
    assert one.pdf("en") != dataclasses.replace(one, day=date(2026, 3, 3)).pdf("en")
    assert dataclasses.replace(one, day=None).pdf("zh") == dataclasses.replace(one, day=None).pdf("zh")


def test_a_paper_says_all_its_rows_its_total_to_the_fen_and_numbers_its_pages() -> None:
    made = paper("statement", rows=80)
    pages = PdfReader(BytesIO(made.pdf("zh"))).pages
    assert len(pages) > 1
    shown = text_of(made.pdf("zh"))
    assert shown.count("1,500.01") == 80
    assert "合计" in shown
    assert "120,000.80" in shown
    assert f"2/{len(pages)}" in shown


def test_a_paper_without_a_page_bears_no_square_code() -> None:
    one = dataclasses.replace(paper("outwork"), address="")
    assert one.square == ""
    assert one.pdf("en") != paper("outwork").pdf("en")
    assert square_svg("https://hub.example/a") != square_svg("https://hub.example/b")


def test_a_missing_font_or_template_is_said_in_both_languages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(TypesettingError, match="typesetting"):
        typeset("no-such-paper", {})
    monkeypatch.setattr("cordwainer.exchange.papers.typesetter.files", lambda _: tmp_path)
    monkeypatch.setattr("cordwainer.exchange.papers.typesetter._fonts", _fonts.__wrapped__)
    with pytest.raises(TypesettingError) as found:
        paper("outwork").pdf("zh")
    assert found.value.code == "no-font"
    assert "字体" in found.value.say("zh")


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (110, "壹元壹角整"),
        (101, "壹元零壹分"),
        (105_002, "壹仟零伍拾元零贰分"),
        (140_950, "壹仟肆佰零玖元伍角整"),
        (600_714, "陆仟零柒元壹角肆分"),
        (10_700_053, "壹拾万柒仟元伍角叁分"),
        (1_680_032, "壹万陆仟捌佰元叁角贰分"),
        (100_010_000, "壹佰万零壹佰元整"),
        (2_000_000_000_000, "贰佰亿元整"),
        (-500, "负伍元整"),
    ],
)
def test_amounts_in_capitals_follow_the_rules_for_bills(fen: int, said: str) -> None:
    assert in_capitals(fen) == said
