"""Each kind of effect changes the tables that it should, by how much it should, and nothing else."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from cordwainer.cluster import Cluster
from cordwainer.core import UserError
from cordwainer.upgrading import Measure, apply, catalogue, lines_of, owners_of
from tests.samples import first_sample

DAY = date(2026, 3, 2)
MEASURES = catalogue().measures


@pytest.fixture(scope="module")
def cluster() -> Cluster:
    """Return the small sample."""
    return first_sample("S")


def first_firm(measure: Measure, cluster: Cluster) -> str:
    """Return the first firm to which a measure applies."""
    found = owners_of(measure, cluster) if measure.of_orders else lines_of(measure, cluster, DAY)
    return str(found["firm"][0])


def changed(name: str, cluster: Cluster) -> tuple[str, Cluster, list[str]]:
    """Return a firm, the cluster after it took a measure, and the tables that changed; all checks must hold."""
    firm = first_firm(MEASURES[name], cluster)
    after = apply(MEASURES[name], firm, cluster, DAY)
    Cluster.build(after.frames)
    return firm, after, [t for t in cluster.frames if not after[t].equals(cluster[t])]


def of_firm(cluster: Cluster, firm: str, table: str, stage: str | None = None) -> pl.DataFrame:
    """Return the rows of a table of lines of a firm."""
    sites = cluster["site"].filter(firm=firm).select("site")
    lines = cluster["line"].join(sites, on="site", how="semi").select("line", "stage")
    if stage is not None:
        lines = lines.filter(stage=stage)
    return cluster[table].join(lines.select("line"), on="line", how="semi", maintain_order="left")


@pytest.mark.parametrize("name", MEASURES)
def test_what_applies_leaves_a_sound_cluster_and_touches_few_tables(name: str, cluster: Cluster) -> None:
    measure = MEASURES[name]
    found = owners_of(measure, cluster) if measure.of_orders else lines_of(measure, cluster, DAY)
    if found.is_empty():
        assert set(measure.roles) == {"tannery"}  # the tannery of the sample has no lines
        return
    tables = changed(name, cluster)[2]
    allowed = {"line_statement", "line", "line_flow", "line_makes", "certificate", "worker_skill", "figure", "order"}
    assert set(tables) <= allowed | {"bill_of_material"}


def test_efficiency_makes_more_pairs_with_the_same_people_at_the_same_price(cluster: Cluster) -> None:
    firm, after, tables = changed("closing-balance", cluster)
    assert set(tables) == {"line_statement", "line_makes"}
    old, new = (of_firm(c, firm, "line_makes", "closing").drop_nulls("efficiency") for c in (cluster, after))
    assert new["efficiency"].to_list() == (old["efficiency"] * 1.15).round(4).to_list()
    old, new = (of_firm(c, firm, "line_statement", "closing") for c in (cluster, after))
    assert new["pairs_day"].to_list() == (old["pairs_day"] * 1.15).round(0).to_list()
    assert new.drop("pairs_day").equals(old.drop("pairs_day"))
    others = cluster["line_statement"].join(old, on="line", how="anti")
    assert after["line_statement"].join(old, on="line", how="anti").equals(others)


def test_fewer_minutes_a_pair_are_more_pairs_a_day(cluster: Cluster) -> None:
    measure = MEASURES["closing-balance"]
    effect = replace(measure.effects[0], kind="minutes", size=replace(measure.effects[0].size, value=0.2))
    firm = first_firm(measure, cluster)
    after = apply(replace(measure, effects=(effect,)), firm, cluster, DAY)
    old, new = (of_firm(c, firm, "line_statement", "closing") for c in (cluster, after))
    assert new["pairs_day"].to_list() == (old["pairs_day"] / 0.8).round(0).to_list()


def test_capacity_brings_people_and_pairs_in_proportion(cluster: Cluster) -> None:
    firm, after, _ = changed("second-shift", cluster)
    old, new = (of_firm(c, firm, "line_statement") for c in (cluster, after))
    assert new["people"].to_list() == (old["people"] * 1.4).round(0).to_list()
    wanted = (old["pairs_day"] * new["people"] / old["people"]).round(0)
    assert new["pairs_day"].to_list() == wanted.to_list()


def test_electricity_takes_its_carbon_along(cluster: Cluster) -> None:
    firm, after, tables = changed("server-servo", cluster)
    assert tables == ["line_flow"]
    for flow, share in (("electricity", 0.5), ("carbon", 0.5), ("solvent", 1.0)):
        old, new = (of_firm(c, firm, "line_flow", "closing").filter(flow=flow)["per_pair"] for c in (cluster, after))
        assert new.to_list() == (old * share).round(3).to_list()


def test_faults_tiers_lots_and_marks(cluster: Cluster) -> None:
    firm, after, _ = changed("quality-end", cluster)
    old, new = (of_firm(c, firm, "line") for c in (cluster, after))
    assert new["defect_share"].to_list() == (old["defect_share"] * 0.5).round(4).to_list()
    firm, after, _ = changed("tier-up", cluster)
    old, new = (of_firm(c, firm, "line") for c in (cluster, after))
    assert new["tier"].to_list() == (old["tier"] + 1).clip(upper_bound=5).to_list()
    firm, after, _ = changed("quick-change", cluster)
    old, new = (of_firm(c, firm, "line") for c in (cluster, after))
    assert new["smallest_lot_pairs"].to_list() == (old["smallest_lot_pairs"] * 0.4).ceil().to_list()


def test_a_certificate_is_held_from_the_first_day_and_not_offered_again(cluster: Cluster) -> None:
    firm, after, tables = changed("iso-14001", cluster)
    assert tables == ["certificate"]
    assert after["certificate"].filter(firm=firm, standard="ISO 14001", valid_from=DAY).height == 1
    assert firm not in lines_of(MEASURES["iso-14001"], after, DAY)["firm"]
    sa8000 = {**cluster.frames, "certificate": cluster["certificate"].with_columns(standard=pl.lit("SA8000"))}
    valid = cluster["certificate"].filter(pl.col("valid_from") <= DAY, pl.col("valid_to") >= DAY)["firm"]
    implied = lines_of(MEASURES["amfori-bsci"], Cluster(sa8000), DAY)["firm"]
    assert not set(valid) & set(implied)


def test_a_construction_is_gained_at_a_share_of_the_own_efficiency(cluster: Cluster) -> None:
    firm, after, tables = changed("goodyear-lasting", cluster)
    assert tables == ["line_makes"]
    new = after["line_makes"].join(cluster["line_makes"], on=["line", "construction", "category"], how="anti")
    assert set(new["construction"]) == {"goodyear"}
    lasting = of_firm(cluster, firm, "line", "lasting")["line"]
    assert set(new["line"]) <= set(lasting)
    assert new["efficiency"].null_count() == 0


def test_owners_change_their_own_styles(cluster: Cluster) -> None:
    firm, after, tables = changed("water-glue", cluster)
    assert tables == ["bill_of_material"]
    own = cluster["style"].filter(owner=firm)["style"].implode()
    mine = pl.col("style").is_in(own)
    assert after["bill_of_material"].filter(mine, material="glue-pu-solvent").is_empty()
    assert after["bill_of_material"].filter(~mine).equals(cluster["bill_of_material"].filter(~mine))
    firm, after, tables = changed("own-brand", cluster)
    assert tables == ["order"]
    mine = pl.col("style").is_in(cluster["style"].filter(owner=firm)["style"].implode())
    old, new = cluster["order"].filter(mine), after["order"].filter(mine)
    assert new["price"].to_list() == (old["price"] * 1.08).round(0).to_list()
    assert set(new["channel"]) == {"obm"}


def test_skills_and_figures(cluster: Cluster) -> None:
    firm, after, tables = changed("multi-skill", cluster)
    assert tables == ["worker_skill"]
    old, new = (c["worker_skill"].filter(firm=firm) for c in (cluster, after))
    assert (new["workers"] > old["workers"]).all()
    assert ((new["of_which_multi"] - old["of_which_multi"]) == (new["workers"] - old["workers"])).all()
    last = cluster["figure"]["year"].max()
    rows = cluster["figure"].filter(pl.col("indicator") == "voc_treated", pl.col("year") == last)
    told = set(rows.drop_nulls("value")["unit"]) & set(lines_of(MEASURES["solvent-recovery"], cluster, DAY)["firm"])
    firm = min(told)
    after = apply(MEASURES["solvent-recovery"], firm, cluster, DAY)
    assert after["figure"].filter(unit=firm, indicator="voc_treated", year=last)["value"].to_list() == [1.0]


def test_a_measure_that_does_not_apply_is_refused(cluster: Cluster) -> None:
    brand = cluster["firm_role"].filter(role="brand")["firm"][0]
    with pytest.raises(UserError) as found:
        apply(MEASURES["closing-balance"], brand, cluster, DAY)
    assert found.value.code == "measure-does-not-apply"
    assert "不适用" in found.value.message.zh
    with pytest.raises(UserError):
        apply(MEASURES["closing-balance"], "nobody", cluster, DAY)
