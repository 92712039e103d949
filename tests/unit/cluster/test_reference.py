"""The shipped reference data is valid by itself, sourced, and holds the real figures it says it holds."""

import polars as pl
import pytest

from cordwainer.cluster import check, complete_frames, dictionary, reference_sources, reference_tables
from cordwainer.cluster.schema import few_decimals


def test_reference_tables_break_no_rule_of_tables() -> None:
    frames = complete_frames(reference_tables(), dictionary.cluster_tables())
    problems = [p for p in check(frames) if p.rule != "empty-cluster"]
    assert problems == []


@pytest.mark.parametrize("table", sorted(set(reference_tables()) - {"routing_template_before"}))
def test_every_row_says_its_source_and_whether_it_was_verified(table: str) -> None:
    for row in reference_sources(table):
        assert row["source"].strip()
        assert row["verified"] in {"yes", "no"}


def test_every_bill_names_stages_and_materials_that_have_every_flow() -> None:
    tables = reference_tables()
    flows = tables["flow"].filter(pl.col("counted_at") != "line")["flow"]
    wanted = tables["material"].select("material").join(flows.to_frame(), how="cross")
    assert wanted.join(tables["material_flow"], on=["material", "flow"], how="anti").is_empty()


def test_the_wenzhou_boot_gives_off_the_solvent_worked_out_from_its_record() -> None:
    """Primer 20 g x 0.95, cleaner 6 g x 0.97, paint 12.8 g x 0.40, stitching glue 0.6 g x 0.90; adhesive apart."""
    tables = reference_tables()
    boot = tables["bill_template"].filter(construction="cemented", category="boot")
    chemicals = ["primer", "cleaner", "print paint", "stitching glue"]
    solvent = (
        boot.filter(pl.col("component").is_in(chemicals))
        .join(tables["material_flow"].filter(flow="solvent"), on="material")
        .select((pl.col("quantity_per_pair") * pl.col("per_unit")).sum())
        .item()
    )
    assert solvent == pytest.approx(30.5, abs=0.05)


def test_every_template_ends_in_finishing_and_sums_to_the_published_seed() -> None:
    minutes = (
        reference_tables()["routing_template"]
        .group_by("construction", "category")
        .agg(total=pl.col("minutes_per_pair").sum())
    )
    total = {(c, k): t for c, k, t in minutes.iter_rows()}
    assert total["injection", "casual"] == pytest.approx(22.5)
    assert total["goodyear", "dress_men"] == pytest.approx(101 + 3)
    assert total["cemented", "dress_men"] == pytest.approx(46.5 + 2.5)


@pytest.mark.parametrize("decimals", [1, 2, 3, 4, 6])
def test_numbers_of_few_decimals_are_told_from_others(decimals: int) -> None:
    exact = pl.DataFrame({"v": [k / 10**decimals for k in range(20_000)]})
    assert exact.select(few_decimals(pl.col("v"), decimals).all()).item()
    finer = pl.DataFrame({"v": [(k + 0.5) / 10**decimals for k in range(20_000)]})
    assert not finer.select(few_decimals(pl.col("v"), decimals).any()).item()
