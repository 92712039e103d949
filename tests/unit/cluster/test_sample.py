"""The sample is valid, equal for equal seeds, holds every kind of table, and names nobody twice."""

from datetime import date

import polars as pl
import pytest

from cordwainer.cluster import SAMPLE_FIRST_DATE, Cluster, SampleSize, sample


@pytest.fixture(scope="module")
def small() -> Cluster:
    return sample("S", 1)


def test_first_date_is_a_monday() -> None:
    assert date(2026, 3, 2) == SAMPLE_FIRST_DATE
    assert SAMPLE_FIRST_DATE.weekday() == 0


def test_same_seed_gives_the_same_cluster_and_another_seed_another(small: Cluster) -> None:
    assert sample("S", 1).hash == small.hash
    assert sample("S", 2).hash != small.hash


def test_sizes_are_those_asked_for(small: Cluster) -> None:
    for cluster, firms, orders in ((small, 60, 150), (sample(SampleSize(25, 40, 8), 3), 25, 40)):
        assert cluster["firm"].filter(pl.col("district").is_not_null()).height == firms
        assert cluster["order"].height == orders


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(KeyError, match="XL"):
        sample("XL", 1)


def test_every_table_that_a_plan_reads_has_rows(small: Cluster) -> None:
    reserved = {"order_milestone", "payment_term", "sold"}
    later = {"promise", "promise_line", "promise_work", "progress", "handover", "handover_size"}
    later |= {"claim", "statement", "payment"}
    assert {name for name, frame in small.frames.items() if frame.is_empty()} == reserved | later


def test_names_are_in_both_languages_and_each_once(small: Cluster) -> None:
    firms = small["firm"]
    assert firms["name_en"].is_unique().all()
    assert firms["name_zh"].is_unique().all()
    assert firms.select(pl.all_horizontal(pl.col("name_en", "name_zh").is_not_null()).all()).item()


@pytest.mark.parametrize("seed", range(5))
def test_small_samples_of_any_seed_are_valid(seed: int) -> None:
    made = sample(SampleSize(20 + 7 * seed, 30 + 11 * seed, 6 + seed), seed)
    stages = set(made["line"]["stage"])
    assert stages == {"cutting", "closing", "sole", "lasting", "finishing"}


@pytest.mark.parametrize("size", [(12, 12, 8), (1, 1, 2), (3, 12, 3), (8, 5, 2)])
def test_the_smallest_samples_have_every_stage_too(size: tuple[int, int, int]) -> None:
    made = sample(SampleSize(*size), 1)
    assert set(made["line"]["stage"]) == {"cutting", "closing", "sole", "lasting", "finishing"}
    assert made["order"].height == size[1]


@pytest.mark.parametrize("size", [(0, 1, 8), (1, 0, 8), (1, 1, 1)])
def test_a_sample_of_nothing_is_refused(size: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="at least 1 firm, 1 order and 2 weeks"):
        SampleSize(*size)


def test_orders_name_only_makers_that_can_finish_them(small: Cluster) -> None:
    named = (
        small["order_maker"]
        .filter(rule="named")
        .join(small["order"].select("order", "style"), on="order")
        .join(small["style"].select("style", "construction", "category", style_tier="tier"), on="style")
    )
    lines = (
        small["line"]
        .filter(stage="finishing")
        .join(small["line_makes"], on="line")
        .join(small["site"].select("site", "firm"), on="site")
    )
    able = named.join(lines, on=["firm", "construction", "category"]).filter(pl.col("tier") >= pl.col("style_tier"))
    assert able.select("order", "firm").unique().height == named.height > 0
