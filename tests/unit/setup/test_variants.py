"""Special clusters are what they say, as figures, and their benchmark tells of every seed."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from benchmarks.cases_variants import rows_of_seeds
from benchmarks.planning_run import Planned
from benchmarks.variants import VARIANTS, changed, special
from cordwainer.cluster import Cluster, sample_hardness
from tests.samples import first_sample

SEED = 1


@pytest.fixture(scope="module")
def plain() -> Cluster:
    """Return the sample that special clusters are made of."""
    return first_sample("S")


@pytest.fixture(scope="module")
def made(plain: Cluster) -> dict[str, Cluster]:
    """Return all special clusters; each was checked as any cluster is when it was built."""
    return {name: changed(name, plain, SEED) for name in VARIANTS}


def loads(cluster: Cluster) -> dict[str, float]:
    """Return minutes asked over minutes offered and free, by stage."""
    found = sample_hardness(cluster)
    return {k: v for k, v in found.items() if k.startswith("load_") and k != "load_all"}


def test_one_stage_is_the_bottleneck(plain: Cluster) -> None:
    narrow = set()
    for seed in (1, 2, 3):
        *others, (load, stage) = sorted(
            (load, stage) for stage, load in loads(changed("bottleneck", plain, seed)).items()
        )
        assert load > 1.4
        assert max(others)[0] < 0.6
        narrow.add(stage)
    assert narrow == {"load_closing", "load_lasting"}


def test_loose_capacity_is_loose(plain: Cluster, made: dict[str, Cluster]) -> None:
    before, after = loads(plain), loads(made["loose"])
    assert max(after.values()) < 0.6
    for stage, load in after.items():
        assert load < 0.55 * before[stage]


def test_solvent_caps_are_tight_and_no_others(plain: Cluster, made: dict[str, Cluster]) -> None:
    before, after = plain["cap"], made["solvent"]["cap"]
    share = (after["amount"] / before["amount"]).to_numpy()
    own = (before["flow"] == "solvent").to_numpy()
    assert own.any()
    assert (~own).any()
    assert ((share[own] > 0.44) & (share[own] < 0.56)).all()
    assert (share[~own] == 1).all()
    assert len(np.unique(share[own].round(6))) > 1


def test_half_of_the_orders_name_a_maker_that_may_make_them(plain: Cluster, made: dict[str, Cluster]) -> None:
    before, table = plain["order_maker"], made["named"]["order_maker"]
    names = table.filter(pl.col("rule") == "named")
    assert names["order"].n_unique() == round(0.5 * plain["order"].height)
    assert table.head(before.height).equals(before)
    fresh = table.tail(table.height - before.height)
    assert fresh["order"].is_unique().all()
    assert fresh["firm"].n_unique() > 10
    ends = plain["line"].filter(pl.col("stage") == "finishing").join(plain["site"].select("site", "firm"), on="site")
    makes = plain["line_makes"].join(ends.select("line", "firm", "tier"), on="line")
    able = (
        fresh.join(plain["order"].select("order", "style"), on="order")
        .join(plain["style"].select("style", "construction", "category", style_tier="tier"), on="style")
        .join(makes.rename({"firm": "maker"}), on=["construction", "category"])
        .filter((pl.col("maker") == pl.col("firm")) & (pl.col("tier") >= pl.col("style_tier")))
    )
    assert able["order"].n_unique() == fresh.height


def test_equal_arguments_give_equal_clusters(plain: Cluster, made: dict[str, Cluster]) -> None:
    assert special("plain", "S", SEED).hash == plain.hash
    for name in VARIANTS:
        assert changed(name, plain, SEED).hash == made[name].hash != plain.hash
        assert name == "loose" or changed(name, plain, SEED + 1).hash != made[name].hash
    with pytest.raises(KeyError):
        special("other", "S", SEED)


def test_the_benchmark_tells_of_every_seed() -> None:
    found = [Planned(100_000 - 1000 * k, 100_000, 0, 10.0 + k, 300.0, 0, 0.5) for k in (1, 3, 2)]
    rows = {row.figure: row for row in rows_of_seeds(found, (1, 2, 3), 0.02)}
    assert [rows[f"net gap, seed {s}"].measured for s in (1, 2, 3)] == pytest.approx([1.0, 3.0, 2.0])
    assert [rows[f"net gap, seed {s}"].ok for s in (1, 2, 3)] == [True, False, True]
    middle = rows["net gap, median"]
    assert (middle.measured, middle.low, middle.high) == pytest.approx((2.0, 1.0, 3.0))
    assert rows["planned in, longest"].measured == 13.0
    assert rows["breaches found by the referee"].ok
