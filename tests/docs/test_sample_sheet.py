"""The sample sheet shows what the sample is: its tables are those that the code makes."""

from pathlib import Path

import pytest

from benchmarks.sample_sheet import SHEETS, between, comparison_table, hardness_table, known_hardness
from cordwainer.cluster import Cluster
from tests.samples import first_sample

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def large() -> Cluster:
    return first_sample("L")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_of_the_sheet_are_up_to_date(large: Cluster, language: str) -> None:
    page = (ROOT / SHEETS[language]).read_text(encoding="utf-8")
    assert between(page, "comparison", comparison_table(large, language)) == page
    assert between(page, "hardness", hardness_table(known_hardness(ROOT), language)) == page


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="not enough"):
        between("no marks here", "comparison", "")
