"""What is unknown and limits nothing is marked, and only that."""

from typing import Any

import polars as pl
import pytest

from cordwainer.cluster import Cluster, dictionary, marks, polars_schema
from tests.small_plan import FIRST, small_cluster

Row = dict[str, Any]


def _frame(table: str, *rows: Row) -> pl.DataFrame:
    """Return a table with null where a row says nothing."""
    types = polars_schema(table)
    return pl.DataFrame([{name: row.get(name) for name in types} for row in rows], schema=types)


def _tool(kind: str, code: str, size: str | None = None) -> Row:
    return {"tool": f"{kind}-{code}-{size}", "kind": kind, "code": code, "size": size, "sets": 1, "pairs_day": 100}


def _marked(rule: str, cluster: Cluster) -> list[tuple[int | None, str | None, str | None]]:
    """Return row, value and other of what a rule marks."""
    found = [each.rows for each in marks(cluster.frames) if each.rule == rule]
    assert len(found) <= 1
    return [(r["_row"], r["value"], r.get("other")) for frame in found for r in frame.iter_rows(named=True)]


def _values(rule: str, cluster: Cluster) -> set[str | None]:
    return {value for _, value, _ in _marked(rule, cluster)}


def _styled(**values: str) -> Cluster:
    return small_cluster().replace(
        style=small_cluster()["style"].with_columns(**{k: pl.lit(v) for k, v in values.items()})
    )


@pytest.mark.parametrize(("kind", "code"), [("last", "K1"), ("die", "Y1"), ("mould", "K2")])
def test_tools_of_an_ordered_style_are_marked_until_they_are_known(kind: str, code: str) -> None:
    cluster = _styled(last="K1", sole="K2")
    assert _marked(f"{kind}-unknown", cluster) == [(0, code, "Y1")]
    assert _marked(f"{kind}-unknown", cluster.replace(tool=_frame("tool", _tool(kind, code)))) == []
    other = cluster.replace(tool=_frame("tool", _tool(kind, "another")))
    assert _marked(f"{kind}-unknown", other) == [(0, code, "Y1")]


def test_a_style_of_unknown_last_is_marked_and_one_that_nobody_orders_is_not() -> None:
    assert _marked("last-unknown", small_cluster()) == [(0, None, "Y1")]
    second = {"style": "Y2", "construction": "cemented", "category": "boot", "tier": 3, "age_group": "adult"}
    styles = pl.concat([_frame("style", second), small_cluster()["style"]])
    assert _marked("last-unknown", small_cluster().replace(style=styles)) == [(1, None, "Y1")]


def test_orders_of_unknown_sizes_are_marked_where_a_tool_serves_one_size() -> None:
    cluster = _styled(last="K1")
    assert _marked("sizes-unknown", cluster) == []
    whole = cluster.replace(tool=_frame("tool", _tool("last", "K1")))
    assert _marked("sizes-unknown", whole) == []
    single = cluster.replace(tool=_frame("tool", _tool("last", "K1", "40")))
    assert len(_marked("sizes-unknown", single)) == 20
    sized = single.replace(order_size=_frame("order_size", {"order": "O003", "size": "40", "pairs": 1300}))
    assert "O003" not in {value for _, value, _ in _marked("sizes-unknown", sized)}
    assert len(_marked("sizes-unknown", sized)) == 19


@pytest.mark.parametrize("spoil", ["stage", "kind", "tier"])
def test_orders_of_which_no_line_can_do_a_stage_are_marked(spoil: str) -> None:
    cluster = small_cluster()
    assert _marked("stage-without-line", cluster) == []
    sole = pl.col("line").str.ends_with("so")
    if spoil == "tier":
        lines = cluster["line"].with_columns(tier=pl.when(sole).then(2).otherwise("tier"))
        spoiled = cluster.replace(line=lines)
    elif spoil == "kind":
        makes = cluster["line_makes"].with_columns(category=pl.when(sole).then(pl.lit("boot")).otherwise("category"))
        spoiled = cluster.replace(line_makes=makes)
    else:
        lines = cluster["line"].with_columns(stage=pl.when(sole).then(pl.lit("cutting")).otherwise("stage"))
        spoiled = cluster.replace(line=lines)
    assert [value for _, value, _ in _marked("stage-without-line", spoiled)] == [f"O{k:03}" for k in range(20)]
    told = next(each for each in marks(spoiled.frames) if each.rule == "stage-without-line").problems()[3]
    assert told.row == 5
    assert "大底" in told.message.zh
    assert "Sole" in told.message.en


def test_skills_are_marked_for_firms_whose_lines_need_them() -> None:
    template = small_cluster()["routing_template"]
    wanted = template.with_columns(
        skill=pl.when((pl.col("category") == "dress_men") & (pl.col("stage") == "closing")).then(pl.lit("fine"))
    )
    cluster = small_cluster().replace(routing_template=wanted)
    firms = [f"F{k:02}" for k in range(10)]
    assert _marked("skill-unknown", cluster) == [(None, "fine", firm) for firm in firms]
    known = cluster.replace(worker_skill=_frame("worker_skill", {"firm": "F04", "skill": "fine", "workers": 0}))
    assert [other for _, _, other in _marked("skill-unknown", known)] == [f for f in firms if f != "F04"]
    coarse = cluster.replace(line=cluster["line"].with_columns(tier=pl.lit(1, pl.Int64)))
    assert _marked("skill-unknown", coarse) == []


def test_materials_without_source_bill_or_list_price_are_marked() -> None:
    cluster = small_cluster()
    bill = cluster["bill_template"].filter(construction="cemented", category="dress_men")
    used = set(bill["material"])
    assert _values("source-unknown", cluster) == used - {"cow-black"}
    some = str(bill.filter(pl.col("material") != "cow-black")["material"].min())
    stock = _frame("stock", {"holder": "S1", "material": some, "usable_from": FIRST, "quantity": 1.0})
    assert _values("source-unknown", cluster.replace(stock=stock)) == used - {"cow-black", some}
    assert _values("bill-unknown", cluster) == set()
    assert _values("bill-unknown", cluster.replace(bill_template=cluster["bill_template"].clear())) == {"Y1"}
    price = pl.when(pl.col("material") == some).then(None).otherwise("list_price")
    priceless = cluster.replace(material=cluster["material"].with_columns(list_price=price))
    assert _values("list-price-unknown", cluster) == set()
    assert _values("list-price-unknown", priceless) == {some}
    by_pair = cluster["outside_makes"].with_columns(material_factor=pl.lit(0.0))
    assert _values("list-price-unknown", priceless.replace(outside_makes=by_pair)) == set()


def test_what_is_assumed_is_marked() -> None:
    cluster = small_cluster()
    assert _marked("routing-assumed", cluster) == [(0, "Y1", None)]
    assert _marked("bill-assumed", cluster) == [(0, "Y1", None)]
    share = dictionary.policies()["stale_share", "-"].default
    assert (None, "stale_share", f"{share:g}") in _marked("policy-assumed", cluster)
    given = _frame("policy", {"name": "stale_share", "key": "-", "value": 0.3, "verified": False})
    assert "stale_share" not in {value for _, value, _ in _marked("policy-assumed", cluster.replace(policy=given))}
