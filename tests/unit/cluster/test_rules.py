"""Every named check has its texts in both languages, and looks at a column that exists."""

from string import Formatter

import pytest

from cordwainer.cluster import dictionary
from cordwainer.cluster.rules import CROSS_RULES, MARKS, PLAN_RULES, ROW_RULES

TEXTS = dictionary.rule_texts()


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("rule", TEXTS)
def test_texts_say_the_same_in_both_languages(rule: str) -> None:
    for text in TEXTS[rule]:
        assert text.en.strip()
        assert text.zh.strip()
        assert _blanks(text.en) <= {"column", "value", "limit", "other", "allowed"}
    message = TEXTS[rule][0]
    assert _blanks(message.zh) == _blanks(message.en)


def test_every_rule_has_texts_and_a_place() -> None:
    tables = dictionary.tables()
    places = [(rule.name, rule.table, rule.column) for rule in (*CROSS_RULES, *PLAN_RULES, *MARKS)]
    places += [(rule.name, table, rule.column) for table, rules in ROW_RULES.items() for rule in rules]
    for name, table, column in places:
        assert name in TEXTS
        assert column in {c.name for c in tables[table].columns}
