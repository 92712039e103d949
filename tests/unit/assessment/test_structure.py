"""Concentration, inequality, specialisation and tails against values worked by hand."""

import numpy as np
import polars as pl
import pytest

from cordwainer.assessment.structure import (
    concentration,
    cr,
    firm_sizes,
    gini,
    hhi,
    location_quotients,
    size_distribution,
    sizes,
    structure,
    tail,
)
from cordwainer.cluster import Cluster


def test_by_hand() -> None:
    shares = np.array([40.0, 30, 10, 10, 5, 5])
    assert cr(shares) == pytest.approx(0.9)
    assert hhi(shares) == pytest.approx(0.275)
    assert concentration(shares).effective == pytest.approx(1 / 0.275)
    # (2i - 7) x_(i) over 6 * 100: -25 - 15 - 10 + 10 + 90 + 200
    assert gini(shares) == pytest.approx(250 / 600)
    assert gini(np.ones(7)) == pytest.approx(0)


def test_bands_hold_the_measure_and_narrow_as_more_is_sampled() -> None:
    values = np.random.default_rng(1).lognormal(0, 1.3, 200)
    assert concentration(values).bands == {}
    wide, narrow = concentration(values, 8000).bands, concentration(values, 220).bands
    for name, value in (("cr4", cr(values)), ("hhi", hhi(values)), ("gini", gini(values))):
        assert wide[name][0] <= value <= wide[name][1]
        assert narrow[name][1] - narrow[name][0] < 0.5 * (wide[name][1] - wide[name][0])


def test_the_tail_finds_the_exponent_it_was_drawn_with() -> None:
    x = np.random.default_rng(2).pareto(1.29, 4000) + 1
    found = tail(20 * x, 20)
    assert found is not None
    assert found.low < 1.29 < found.high
    assert found.high - found.low < 0.1
    assert tail(x[:4], 1) is None


def test_the_sample_has_the_published_tail(middle: Cluster) -> None:
    found = tail(firm_sizes(middle, 2025, "revenue_yuan")["value"].to_numpy(), 2e7)
    assert found is not None
    assert found.low < 1.29 < found.high


def test_sizes_are_described(middle: Cluster) -> None:
    told = size_distribution(firm_sizes(middle, 2025, "staff")["value"].to_numpy())
    assert told["q10"] <= told["q50"] <= told["q90"]
    assert told["mean"] > told["q50"]  # a long tail


def test_nothing_is_told_of_fewer_than_five_firms(middle: Cluster) -> None:
    table = structure(middle, 2025)
    assert set(table["by"]) == {"all", "district", "stage", "category"}
    few = table.filter(pl.col("firms") < 5)
    assert few.height
    assert few.select(pl.all_horizontal(pl.col("cr4", "hhi", "gini").is_null()).all()).item()
    assert table.filter(pl.col("firms") >= 5)["hhi"].null_count() == 0
    quotients = location_quotients(middle)
    assert quotients.filter(pl.col("firms") < 5).select(pl.col("people", "quotient").is_null().all()).row(0) == (
        True,
        True,
    )
    assert quotients.filter(pl.col("firms") >= 5)["quotient"].null_count() == 0


def test_quotients_average_to_one_over_the_districts(middle: Cluster) -> None:
    lasting = location_quotients(middle).drop_nulls().filter(pl.col("district") == "lucheng")
    whole = middle["line"].filter(stage="lasting").join(middle["line_statement"], on="line")
    of_category = whole.group_by("reference_category").agg(pl.col("people").sum())
    share = dict(of_category.select("reference_category", pl.col("people") / pl.col("people").sum()).iter_rows())
    for row in lasting.iter_rows(named=True):
        assert row["quotient"] == pytest.approx(row["share"] / share[row["category"]])


def test_sizes_are_told_of_the_cluster_and_of_districts_with_five_firms(middle: Cluster) -> None:
    year = int(middle["figure"]["year"].max())  # type: ignore[arg-type]
    told = sizes(middle, year)
    whole = told.row(0, named=True)
    each = firm_sizes(middle, year, "revenue_yuan")["value"]
    assert (whole["firms"], whole["mean"], whole["q50"]) == (each.len(), each.mean(), each.median())
    few = pl.col("firms") < 5
    assert told.filter(few)["mean"].null_count() == told.filter(few).height
    assert told.filter(~few).null_count().sum_horizontal().item() == 0
    assert told.filter(by="district")["firms"].sum() == each.len()
