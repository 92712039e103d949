"""Headings: name or label, in either language or both; what is unknown is told with the nearest name."""

import pytest

from cordwainer.cluster import dictionary
from cordwainer.exchange.headers import both, heading, match_headings, table_named
from cordwainer.exchange.own import OWN_TABLES
from cordwainer.exchange.problems import Place

SPECS = (*dictionary.tables().values(), *OWN_TABLES)


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_every_writing_of_every_column_is_known(spec: dictionary.Table) -> None:
    for column in spec.columns:
        label = column.label
        for text in (column.name, label.en, label.zh, both(label), f"{label.en}\n{label.zh}", f"{both(label)} *"):
            assert heading(text, spec).column is column


def test_every_writing_of_every_table_is_known() -> None:
    for spec in dictionary.tables().values():
        for text in (spec.name, spec.label.en, spec.label.zh, f"{spec.label.zh} {spec.name}"):
            assert table_named(text, tuple(dictionary.tables().values())) is spec


def test_a_unit_in_brackets_must_be_that_of_the_column() -> None:
    order = dictionary.tables()["order"]
    assert heading("双数（双）", order).rule is None
    assert heading("Late a week (fen)", order).rule is None
    assert heading("延期扣款（元）", order).rule == "unknown-unit"


def test_unknown_missing_and_double_headings_are_told() -> None:
    district = dictionary.tables()["district"]
    found, problems = match_headings(["district", "Name_En", "英文名", "nam_zh", None], district, Place("f.csv"), 1)
    assert [c.name for c in found.values()] == ["district", "name_en"]
    assert [(p.rule, p.column) for p in problems] == [
        ("duplicate-column", "英文名"),
        ("unknown-column", "nam_zh"),
        ("missing-column", "name_zh"),
    ]
    assert "name_zh" in problems[1].remedy.en
    assert "name_zh" in problems[1].remedy.zh
