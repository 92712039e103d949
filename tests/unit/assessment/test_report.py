"""The report of the assessment: every part with its tables, and the heat of look-alikes against all pairs."""

import numpy as np
import pytest

from cordwainer.assessment.lookalikes import mean_similarity, styles_of
from cordwainer.assessment.report import index_cells
from cordwainer.cluster import Cluster
from tests.unit.assessment.parts import report_parts


def test_every_part_is_there_with_its_tables() -> None:
    parts = report_parts()
    names = [v.name for p in parts for v in (p.view, *p.more)]
    wanted = {
        "counts",
        "grades",
        "rules",
        "backward",
        "structure",
        "sizes",
        "quotients",
        "homogeneity-category",
        "homogeneity-district",
    }
    wanted |= {
        "spaces",
        "smile",
        "channels",
        "places",
        "skills",
        "wages",
        "resilience",
        "dependence-firm",
        "dependence-district",
    }
    assert set(names) == wanted
    assert len(names) == len(wanted)
    assert parts[0].bars
    assert parts[4].curve is not None
    assert parts[6].bars


def test_shades_of_look_alikes_are_those_of_their_pairs_and_of_five_owners(middle: Cluster) -> None:
    styles = styles_of(middle["style"])
    cells = index_cells(styles)
    assert cells
    base = mean_similarity(styles, np.arange(styles.frame.height))
    for (category, tier), index in cells.items():
        rows = styles.frame.with_row_index("at").filter(category=category, tier=tier)
        assert rows["owner"].n_unique() >= 5
        here = mean_similarity(styles, rows["at"].to_numpy().astype(np.int64))
        assert index == pytest.approx((here - base) / (1 - base))
