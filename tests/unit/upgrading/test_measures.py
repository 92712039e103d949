"""Measures, subsidies and assumptions are read with all their figures, and every fault is told."""

import re
from importlib.resources import files

import pytest

from cordwainer.cluster import dictionary
from cordwainer.core import DataErrors, UserError
from cordwainer.upgrading import catalogue, catalogue_of
from cordwainer.upgrading.reading import FILES


def shipped() -> list[str]:
    """Return the texts of the files that are shipped."""
    return [(files("cordwainer.upgrading") / "data" / name).read_text(encoding="utf-8") for name in FILES]


def faults(old: str, new: str) -> list[tuple[str | None, str, str]]:
    """Return place and message in both languages of what is wrong once a text of the measures is another one."""
    texts = shipped()
    assert old in texts[0]
    texts[0] = texts[0].replace(old, new, 1)
    with pytest.raises(DataErrors) as found:
        catalogue_of(*(t.encode() for t in texts))
    return [(p.column, p.message.en, p.message.zh) for p in found.value.problems]


def test_what_is_shipped_has_sources_years_and_known_names() -> None:
    known = catalogue()
    assert len(known.measures) >= 30
    words = dictionary.choices()
    for m in known.measures.values():
        assert set(m.roles) <= set(words["role"])
        assert set(m.stages) <= set(words["stage"])
        assert set(m.makes) <= set(words["construction"])
        for number in (m.capital, m.running, m.lead, m.life, *(e.size for e in m.effects)):
            assert number.source
            assert 2000 <= number.year <= 2030
        assert m.capital.unit == "yuan"
        assert re.search(r"[\u4e00-\u9fff]", m.title.zh + m.says.zh)
    assert {m.kind for m in known.measures.values()} >= {
        "automation",
        "clean",
        "certificate",
        "skill",
        "design",
        "shared",
    }


def test_subsidies_say_when_they_are_paid_and_when_they_are_late() -> None:
    rules = catalogue().subsidies
    assert len(rules) >= 3
    for rule in rules.values():
        assert rule.window_from <= rule.window_to
        assert rule.late_months.value > rule.paid_months.value
        assert 0 < rule.rate.value < 1


def test_faults_are_told_with_place_and_in_both_languages() -> None:
    at, en, zh = faults('kind = "automation"', 'kind = "magic"')[0]
    assert at == "cutting-plotter.kind"
    assert "'magic'" in en
    assert "不能是" in zh
    assert faults("value = 380000", "value = -1")[0][0] == "cutting-plotter.capital.value"
    assert faults(", year = 2024, verified = false }\nrunning", " }\nrunning")[0][0] == "cutting-plotter.capital.year"
    assert faults('needs = ["amfori-bsci"]', 'needs = ["nothing"]')[0][0] == "sa8000.needs"
    assert faults('roles = ["maker", "workshop"]\n', "")[0][0] == "cutting-plotter.roles"
    assert faults('standard = "ISO 9001"\n', "")[0][0] == "iso-9001.effect 1.standard"
    assert faults('kind = "smallest_lot"', 'kind = "loss"')[0][0] == "cutting-plotter.effect 2.materials"


def test_all_faults_are_told_at_once() -> None:
    texts = shipped()
    texts[0] = texts[0].replace("value = 380000", "value = -1", 1)
    texts[1] = texts[1].replace("rate = { value = 0.12", "rate = { value = 12", 1)
    texts[2] = "wage_yuan_hour = 30"
    texts[3] = texts[3].replace("leak_share_low = { value = 0.5", "leak_share_low = { value = 1.5", 1)
    with pytest.raises(DataErrors) as found:
        catalogue_of(*(t.encode() for t in texts))
    assert {p.file for p in found.value.problems} == set(FILES)


def test_a_file_that_is_not_toml_is_refused() -> None:
    with pytest.raises(UserError) as found:
        catalogue_of(b"[[", b"", b"", b"")
    assert found.value.code == "not-toml"
