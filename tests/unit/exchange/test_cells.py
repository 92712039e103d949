"""Cells: what is understood, and what is refused with which reason."""

from datetime import date

import polars as pl
import pytest

from cordwainer.cluster import dictionary
from cordwainer.cluster.dictionary import Column
from cordwainer.exchange.cells import Refused, Value, choice_names, read_cell
from cordwainer.exchange.columns import parse
from cordwainer.exchange.problems import texts


def _column(name: str) -> Column:
    table, _, column = name.partition(".")
    return dictionary.tables()[table].column(column)


ACCEPTED: list[tuple[str, str, Value]] = [
    ("order.pairs", "1200", 1200),
    ("order.pairs", "1,200", 1200),
    ("order.pairs", "1，200", 1200),
    ("order.pairs", "１２００", 1200),
    ("order.pairs", " 1200 ", 1200),
    ("order.pairs", "20双", 20),
    ("order.pairs", "20 pairs", 20),
    ("order.pairs", "20.0", 20),
    ("order.pairs", "0020", 20),
    ("line_statement.people", "35人", 35),
    ("line_statement.hours_day", "9.5小时", 9.5),
    ("line.defect_share", "12%", 0.12),
    ("line.defect_share", "１２％", 0.12),
    ("line.defect_share", "14.3%", 0.143),
    ("line.defect_share", "0.14300000000000002", 0.143),
    ("order.due_date", "2026-03-05", date(2026, 3, 5)),
    ("order.due_date", "2026/3/5", date(2026, 3, 5)),
    ("order.due_date", "2026.3.5", date(2026, 3, 5)),
    ("order.due_date", "2026年3月5日", date(2026, 3, 5)),
    ("order.due_date", "２０２６年３月５日", date(2026, 3, 5)),
    ("order.due_date", "20260305", date(2026, 3, 5)),
    ("order.due_date", "46086", date(2026, 3, 5)),
    ("order.due_date", "2026-03-05 00:00:00", date(2026, 3, 5)),
    ("order.committed", "是", True),
    ("order.committed", "TRUE", True),
    ("order.committed", "1", True),
    ("order.committed", "No", False),
    ("order.committed", "否", False),
    ("line.stage", "lasting", "lasting"),
    ("line.stage", "成型", "lasting"),
    ("line.stage", "Lasting and bottoming", "lasting"),
    ("line.stage", "成型 Lasting and bottoming", "lasting"),
    ("order.order", "0012", "0012"),
    ("order.order", "１２", "１２"),
    ("site.address", "two\r\nlines", "two lines"),
]

REFUSED: list[tuple[str, str, str]] = [
    ("order.pairs", "2-3", "range"),
    ("order.pairs", "2–3", "range"),
    ("order.pairs", "2~3", "range"),
    ("order.pairs", "2～3", "range"),
    ("order.pairs", "200至300", "range"),
    ("order.pairs", "200双-300双", "range"),
    ("order.pairs", "一百", "chinese-numeral"),
    ("order.pairs", "1.2万", "chinese-numeral"),
    ("order.pairs", "20箱", "unknown-unit"),
    ("order.pairs", "1.2E+05", "scientific"),
    ("order.pairs", "1,20", "bad-separator"),
    ("order.pairs", "1,2", "bad-separator"),
    ("order.pairs", "12.5", "not-whole"),
    ("order.pairs", "about 20", "not-a-number"),
    ("order.pairs", "-", "not-a-number"),
    ("order.pairs", "5.", "not-a-number"),
    ("order.pairs", "nan", "not-a-number"),
    ("order.pairs", "٣", "not-a-number"),
    ("order.pairs", "12%", "percent"),
    ("order.pairs", "99999999999999999999", "too-big"),
    ("order.pairs", "2026-02-03 00:00:00", "date-not-number"),
    ("order.late_fen_pair_week", "5元", "unknown-unit"),
    ("order.due_date", "5/3/2026", "ambiguous-date"),
    ("order.due_date", "2026-02-30", "no-such-day"),
    ("order.due_date", "2026-03-05 12:30:00", "time-in-date"),
    ("order.due_date", "March", "not-a-date"),
    ("order.due_date", "2026-3.5", "not-a-date"),
    ("order.due_date", "12", "not-a-date"),
    ("order.committed", "perhaps", "not-yes-no"),
    ("line.stage", "gluing", "not-a-choice"),
    ("order_size.size", "2026-10-11 00:00:00", "date-not-name"),
]


@pytest.mark.parametrize(("name", "text", "value"), ACCEPTED)
def test_understood(name: str, text: str, value: Value) -> None:
    assert read_cell(text.strip(), _column(name)) == value
    values, faults = parse(pl.Series([text, None, text]), _column(name))
    assert values.to_list() == [value, None, value]
    assert faults == []


@pytest.mark.parametrize(("name", "text", "rule"), REFUSED)
def test_refused_with_the_reason(name: str, text: str, rule: str) -> None:
    with pytest.raises(Refused) as caught:
        read_cell(text, _column(name))
    assert caught.value.rule == rule
    values, faults = parse(pl.Series(["", text]), _column(name))
    assert values.to_list() == [None, None]
    assert [(f.index, f.value, f.rule) for f in faults] == [(1, text, rule)]


def test_every_reason_has_its_words_in_both_languages() -> None:
    known = {**texts(), **dictionary.rule_texts()}
    for _, _, rule in REFUSED:
        message, remedy = known[rule]
        assert all((message.en, message.zh, remedy.en, remedy.zh))


def test_no_two_values_of_a_choice_share_a_writing() -> None:
    for choice, values in dictionary.choices().items():
        names = choice_names(choice)
        assert set(names.values()) == set(values)
        for value, label in values.items():
            assert {names[text.casefold()] for text in (value, label.en, label.zh)} == {value}
