"""The large sample stands within its tolerances of the published figures, and is as hard as its tables can show."""

import polars as pl
import pytest

from cordwainer.cluster import Cluster, sample_comparison, sample_hardness
from cordwainer.cluster.sample.parameters import figures, parameters, rows
from tests.samples import first_sample


@pytest.fixture(scope="module")
def large() -> Cluster:
    return first_sample("L")


def test_every_figure_is_within_its_tolerance(large: Cluster) -> None:
    compared = sample_comparison(large)
    assert compared.height >= 16
    off = compared.filter(pl.col("difference").abs() > pl.col("tolerance"))
    assert off.select("name", "published", "sample").rows() == []


def test_firms_pairs_staff_and_districts_are_held_to_a_tenth() -> None:
    tight = {"firms", "staff", "staff_per_firm", "pairs_year", "lucheng_share", "longwan_share"}
    held = {r["name"]: float(r["tolerance"]) for r in rows("comparison")}
    assert {name for name, share in held.items() if share <= 0.1} == tight
    assert max(held.values()) <= 0.2


def test_hard_enough_as_far_as_tables_show(large: Cluster) -> None:
    middle, whole = sample_hardness(first_sample("M")), sample_hardness(large)
    assert middle["eligible_lines_median"] >= 20
    assert whole["eligible_lines_median"] >= 150
    for found in (middle, whole):
        assert found["orders_above_line_week"] >= 0.3
        assert found["orders_one_maker"] <= 0.2
        assert found["value_breaks_out_of_reach"] <= 0.2
        assert found["load_closing"] == max(v for k, v in found.items() if k.startswith("load_"))


@pytest.mark.parametrize("name", ["figures", "parameters"])
def test_every_number_has_a_source_and_a_name_of_its_own(name: str) -> None:
    table = rows(name)
    keys = [(r["name"], r.get("size", "")) for r in table]
    assert len(set(keys)) == len(keys)
    assert all(r["source"].strip() for r in table)


def test_derived_figures_follow_from_those_they_are_derived_from() -> None:
    f = figures()
    assert f["staff_per_firm"] == pytest.approx(f["census_staff"] / f["census_units"], rel=0.005)
    assert f["lucheng_share"] == pytest.approx(f["lucheng_firms"] / f["city_firms"])
    assert f["longwan_share"] == pytest.approx(f["longwan_firms"] / f["city_firms"])
    assert f["pairs_worker_day"] == pytest.approx(f["city_pairs_year"] / f["census_staff"] / f["days_year"], rel=0.005)


@pytest.mark.parametrize(
    "table", ["stages", "roles", "districts", "profiles", "uppers", "standards", "outside", "buyers"]
)
def test_tables_of_the_generator_name_their_source(table: str) -> None:
    assert all(r["source"].strip() for r in rows(table))


def test_shares_that_must_sum_to_one_do() -> None:
    for table, column in (("roles", "share"), ("districts", "firm_share"), ("buyers", "share")):
        assert sum(float(r[column]) for r in rows(table)) == pytest.approx(1, abs=0.006)
    values = parameters()
    for prefix in ("line_tier_", "style_tier_", "makers_", "hours_", "days_"):
        parts = [v for k, v in values.items() if k.startswith(prefix) and k not in {"hours_mean", "days_week_mean"}]
        if prefix == "days_":
            parts = [values[f"days_{k}"] for k in (1, 2, 3)]
        assert sum(parts) == pytest.approx(1)
