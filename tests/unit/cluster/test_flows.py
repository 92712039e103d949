"""A capped or priced flow is known wherever it counts: plan model, rule 9, case by case."""

from pathlib import Path

import polars as pl
import pytest

from cordwainer.cluster import Cluster, sample, unplannable
from cordwainer.exchange import ReadErrors, check_cluster, read_cluster, write_cluster
from tests.small_plan import FIRST, STAGES, small_cluster

Missing = set[tuple[str, str, str]]
"""Table, flow, and whose coefficient."""

LINES = {f"L{k:02}{s[:2]}" for k in range(10) for s in STAGES}


def _cap(scope: str = "cluster", of: str | None = None, flow: str = "electricity") -> pl.DataFrame:
    row = {"cap": "C1", "scope": scope, "of": of, "flow": flow, "date_from": FIRST, "date_to": FIRST, "amount": 1.0}
    return pl.DataFrame([row], schema_overrides={"of": pl.String})


def _carbon(price: float) -> pl.DataFrame:
    return pl.DataFrame([{"name": "carbon_price", "key": "-", "value": price, "verified": False}])


def _coefficients(flow: str, lines: set[str]) -> pl.DataFrame:
    return pl.DataFrame([{"line": line, "flow": flow, "per_pair": 0.0} for line in sorted(lines)])


def _with(**frames: pl.DataFrame) -> Cluster:
    return small_cluster().replace(**frames)


def _missing(cluster: Cluster) -> Missing:
    found = unplannable(cluster.frames)
    assert {each.rule for each in found} <= {"flow-unknown"}
    return {(b.table.name, r["value"], r["other"]) for b in found for r in b.rows.iter_rows(named=True)}


def _of_lines(lines: set[str], flow: str = "electricity") -> Missing:
    return {("line_flow", flow, line) for line in lines}


def test_nothing_is_asked_for_where_nothing_is_capped_or_priced() -> None:
    assert _missing(small_cluster()) == set()
    assert _missing(_with(policy=_carbon(0.0))) == set()


def test_every_line_that_can_make_an_ordered_style_needs_the_coefficient_of_a_capped_flow() -> None:
    counted = small_cluster()["flow"].filter(flow="electricity")["counted_at"].item()
    assert counted == "line"
    assert _missing(_with(cap=_cap())) == _of_lines(LINES)
    assert _missing(_with(cap=_cap(), line_flow=_coefficients("electricity", LINES))) == set()
    assert _missing(_with(cap=_cap(), line_flow=_coefficients("electricity", LINES - {"L03so"}))) == _of_lines(
        {"L03so"}
    )


@pytest.mark.parametrize(
    ("scope", "of", "number"), [("district", "lucheng", "05"), ("firm", "F07", "7"), ("site", "T02", "2")]
)
def test_only_lines_in_scope_are_asked(scope: str, of: str, number: str) -> None:
    inside = {line for line in LINES if line[2] in number}
    assert _missing(_with(cap=_cap(scope, of))) == _of_lines(inside)


def test_lines_that_cannot_make_an_ordered_style_are_not_asked() -> None:
    lines, makes = small_cluster()["line"], small_cluster()["line_makes"]
    coarse = lines.with_columns(tier=pl.when(pl.col("line") == "L00cu").then(2).otherwise("tier"))
    other = makes.with_columns(category=pl.when(pl.col("line") == "L01cl").then(pl.lit("boot")).otherwise("category"))
    assert _missing(_with(cap=_cap(), line=coarse, line_makes=other)) == _of_lines(LINES - {"L00cu", "L01cl"})


def test_a_style_that_nobody_orders_asks_for_nothing() -> None:
    fine = small_cluster()["style"]
    style = pl.concat([fine, fine.with_columns(pl.lit("Y2").alias("style"), pl.lit(1, pl.Int64).alias("tier"))])
    coarse = small_cluster()["line"].with_columns(tier=2)
    assert _missing(_with(cap=_cap(), style=style, line=coarse)) == set()


def test_materials_of_ordered_styles_are_asked_where_the_flow_is_counted_at_materials() -> None:
    cluster = small_cluster()
    flows = cluster["flow"]
    bill = cluster["bill_template"].filter(construction="cemented", category="dress_men")
    used, gone = set(bill["material"]), bill["material"][0]
    rest = cluster["material_flow"].filter((pl.col("flow") != "solvent") | (pl.col("material") != gone))
    known = _coefficients("solvent", LINES)
    for place, missing in (("line", set()), ("material", {gone}), ("both", {gone})):
        counted = flows.with_columns(
            counted_at=pl.when(pl.col("flow") == "solvent").then(pl.lit(place)).otherwise("counted_at")
        )
        capped = _with(cap=_cap(flow="solvent"), flow=counted, material_flow=rest, line_flow=known)
        assert _missing(capped) == {("material_flow", "solvent", m) for m in missing}
    none = rest.filter(pl.col("flow") != "solvent")
    asked = _missing(_with(cap=_cap(flow="solvent"), material_flow=none, line_flow=known))
    assert asked == {("material_flow", "solvent", m) for m in used}
    assert used < set(cluster["material"]["material"])


def test_priced_carbon_is_asked_of_lines_materials_transfers_and_outside_makers() -> None:
    move = {"from_district": "lucheng", "to_district": "ouhai", "fen_pair": 10, "lag_days": 1}
    transfer = pl.DataFrame([move | {"carbon_g_pair": None}], schema_overrides={"carbon_g_pair": pl.Float64})
    counted = small_cluster()["flow"].filter(flow="carbon")["counted_at"].item()
    missing = _missing(_with(policy=_carbon(100.0), transfer=transfer, material_flow=small_cluster()["material_flow"]))
    expected: Missing = {("outside_maker", "carbon", "X1"), ("transfer", "carbon", "lucheng > ouhai")}
    assert missing == expected | (_of_lines(LINES, "carbon") if counted != "material" else set())
    assert _missing(_with(transfer=transfer)) == set()


def test_the_sample_can_be_planned() -> None:
    assert unplannable(sample("S", 1).frames) == []


def test_such_a_cluster_can_be_read_but_its_check_tells_each_coefficient(tmp_path: Path) -> None:
    known = _coefficients("electricity", LINES - {"L00cu", "L09fi"})
    write_cluster(_with(cap=_cap(), line_flow=known), tmp_path / "c", "csv")
    assert read_cluster(tmp_path / "c").cluster["cap"].height == 1
    with pytest.raises(ReadErrors) as caught:
        check_cluster(tmp_path / "c")
    told = [(p.rule, p.file, p.column, p.value) for p in caught.value.problems]
    assert told == [("flow-unknown", "line_flow.csv", "flow", "electricity")] * 2
    for problem, line in zip(caught.value.problems, ("L00cu", "L09fi"), strict=True):
        assert line in problem.message.en
        assert line in problem.message.zh
