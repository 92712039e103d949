"""Explanations say what is true of an order: each cause on a tiny cluster whose figures are worked by hand."""

from __future__ import annotations

import polars as pl
import pytest

from cordwainer.cluster import Cluster
from cordwainer.planning import Settings, explain_line, explain_order, explain_orders, plan
from tests.golden import worked
from tests.unit.planning.explained import FULL, OTHERS, TWO_WEEKS, case, remedy, told


def test_an_order_that_pays_less_than_its_work_says_from_which_price_on_it_would_be_made() -> None:
    found = told("A,PB,P,100,450,2026-03-08,,,no\n", "A,declined")
    assert "pays 4.50 yuan net" in found.why.en
    assert "cost 5.00 the cheapest way" in found.why.en
    assert found.limits == ()
    assert remedy(found).startswith("From 5.01 yuan")


def test_an_order_that_others_outbid_shows_what_is_scarce_and_the_date_that_would_do() -> None:
    prices = "kind,id,period,mfen\nline,L1,0,15000\nline,L2,0,10000\n"
    found = told("A,PB,P,100,600,2026-03-08,,2026-03-08,no\n", "A,declined", {"price": prices})
    assert "pays 6.00 yuan net; made the cheapest way it costs 6.50, 5.00 for work" in found.why.en
    assert [x.en for x in found.limits] == [
        "Lasting and bottoming at F1 (L1) in the week of 2026-03-02: 1.50 yuan a pair"
    ]
    assert "From 6.51 yuan a pair on, or with a last day on or after 2026-03-09" in remedy(found)


@pytest.mark.parametrize(("taken", "left", "hours"), [(288, 0, "16.7"), (200, 88, "2.0")])
def test_an_order_without_room_says_where_how_much_is_left_and_how_many_hours_it_lacks(
    taken: int, left: int, hours: str
) -> None:
    decisions = {name: text.replace("B-1,B,288", f"B-1,B,{taken}") for name, text in FULL.items()}
    decisions["work"] = decisions["work"].replace("B-1,lasting,0,288", f"B-1,lasting,0,{taken}")
    orders = f"A,PB,P,100,2000,2026-03-08,,2026-03-08,no\n{OTHERS.replace('B,PB,P,288', f'B,PB,P,{taken}')}"
    found = told(orders, "A,declined\nB,placed\nC,placed", decisions)
    assert "it would earn 15.00 yuan a pair" in found.why.en
    assert f"from 2026-03-02 to 2026-03-08: Lasting and bottoming for {left} of its 100 pairs" in found.why.en
    assert remedy(found) == (
        f"It could be made with {hours} more worker-hours of Lasting and bottoming, or with a last day on or after 2026-03-09."
    )


def test_where_room_is_left_that_the_search_did_not_find_this_is_said() -> None:
    found = told("A,PB,P,100,2000,2026-03-08,,2026-03-08,no\n", "A,declined")
    assert "the search found no lots" in found.why.en
    assert "--time" in remedy(found)


def test_room_that_is_left_only_where_it_does_not_pay_is_told() -> None:
    decisions = {name: "\n".join(x for x in text.splitlines() if "C-1" not in x) for name, text in FULL.items()}
    orders = "A,PB,P,100,550,2026-03-08,,2026-03-08,no\n" + OTHERS
    found = told(orders, "A,declined\nB,placed\nC,declined", decisions)
    assert "a pair costs 6.00 yuan even where nothing is scarce, and may cost 5.50" in found.why.en
    assert "0.51 yuan a pair more" in remedy(found)


@pytest.mark.parametrize(
    ("tables", "why", "lacks"),
    [
        (
            {"style": "style,construction,category,tier\nP,cemented,casual,5\nQ,cemented,casual,3"},
            "2 are below tier 5",
            "tier 5",
        ),
        (
            {"order_requirement": "requirement,order,standard\nr,A,BSCI"},
            "2 hold no BSCI from 2026-03-02 to 2026-03-15",
            "the certificate BSCI",
        ),
        (
            {"order_maker": "order,firm,rule\nA,F1,barred\nA,F2,barred"},
            "2 are of a barred maker",
            "their maker is barred",
        ),
        (
            {"order_maker": "order,firm,rule\nA,C1,named"},
            "2 are not of a maker that the order names",
            "being named by the order",
        ),
        (
            {"style": "style,construction,category,tier\nP,injection,casual,3\nQ,cemented,casual,3"},
            "2 do not make such shoes (Injection, Casual)",
            "the kind of shoe (Injection, Casual)",
        ),
    ],
)
def test_a_stage_that_nobody_may_do_says_what_the_lines_lack(tables: dict[str, str], why: str, lacks: str) -> None:
    found = told("A,PB,P,100,2000,2026-03-08,,,no\n", "A,declined", **tables)
    assert f"No line may do Lasting and bottoming: of 2 such lines {why}." in found.why.en
    assert remedy(found) == f"2 of them lack one thing alone: {lacks}."


def test_missing_approval_is_named_and_a_broken_promise_tells_its_price() -> None:
    cluster, made = case("A,PB,P,100,2000,2026-03-08,,,yes\n", "A,broken")
    orders = cluster["order"].with_columns(approval_needed=pl.lit(value=True))
    asked = Cluster.build({**cluster.frames, "order": orders})
    found = explain_order(asked, made, "A")
    assert found.why.en.startswith("A promise is broken, at ")
    assert "2 are not approved by B1 from 2026-03-02 to 2026-03-15" in found.why.en


def test_a_stage_without_any_line_is_told() -> None:
    tables = {
        name: worked.table(worked.HERE / "base" / f"{name}.csv") for name in ("line", "line_makes", "line_statement")
    }
    only = {name: t.filter(~pl.col("line").is_in(["L1", "L2"])) for name, t in tables.items()}
    cluster, made = case("A,PB,P,100,2000,2026-03-08,,,no\n", "A,declined")
    bare = Cluster.build({**cluster.frames, **only})
    assert "No line of the cluster does Lasting and bottoming" in explain_order(bare, made, "A").why.en


@pytest.mark.parametrize(
    ("earliest", "latest", "why", "would"),
    [
        ("", "2026-02-20", "Its last day is 2026-02-20, before the plan begins", "--first-date"),
        ("2026-03-16", "", "It may begin on 2026-03-16 at the earliest", "--periods"),
        ("2026-03-03", "2026-03-08", "From 2026-03-03 to 2026-03-08 no week of the plan begins", "2026-03-09"),
    ],
)
def test_an_order_without_a_week_in_the_plan_names_its_dates(earliest: str, latest: str, why: str, would: str) -> None:
    found = told(f"A,PB,P,100,2000,{latest or '2026-03-16'},{earliest},{latest},no\n", "A,declined")
    assert why in found.why.en
    assert would in remedy(found)


def test_stages_that_cannot_follow_in_time_say_from_which_day_on_they_could() -> None:
    lines = {
        "line": "line,site,stage,tier\nL1,S1,lasting,3\nC2,S2,closing,3",
        "line_makes": "line,construction,category,efficiency\nL1,cemented,casual,1\nC2,cemented,casual,1",
        "transfer": "from_district,to_district,fen_pair,lag_days\nd2,d1,20,7",
    }
    kept = worked.table(worked.HERE / "base" / "line_statement.csv").filter(pl.col("line").is_in(["L1", "C2"]))
    lines["line_statement"] = kept.write_csv()
    three = TWO_WEEKS + "\n2,2026-03-16,7"
    cluster, made = case("A,PB,Q,100,2000,2026-03-08,,2026-03-08,no\n", "A,declined", **lines)
    periods = worked.parsed("plan_period", three)
    longer = worked.claimed(cluster, worked.undecided(cluster, periods, {"outcome": made["outcome"]}))
    found = explain_order(cluster, longer, "A")
    assert "cannot follow on each other from 2026-03-02 to 2026-03-08" in found.why.en
    assert remedy(found) == "A last day on or after 2026-03-16 would do."


def test_material_that_comes_too_late_is_named_with_its_day() -> None:
    tables = {
        "material": "material,name_en,name_zh,kind,unit\nsole,Sole,大底,sole,pair",
        "bill_of_material": "style,component,material,stage,quantity_per_pair,supplied_by\nP,sole,sole,lasting,1,pool",
        "supplier_offer": "offer,supplier,material,lead_days\nX,F2,sole,7",
        "price_break": "offer,from_quantity,price\nX,0,100",
    }
    found = told("A,PB,P,100,2000,2026-03-08,,2026-03-08,no\n", "A,declined", **tables)
    assert found.why.en == "Its material cannot be at hand in time: Sole from 2026-03-09."


def test_a_smallest_lot_above_the_order_is_told() -> None:
    lines = "line,site,stage,tier,smallest_lot_pairs\nL1,S1,lasting,3,500\nL2,S2,lasting,3,600\nC1,S1,closing,3,1\nC2,S2,closing,3,1"
    found = told("A,PB,P,100,2000,2026-03-08,,,no\n", "A,declined", line=lines)
    assert "asks for lots of at least 500 pairs; the order has 100" in found.why.en


def test_a_line_that_is_closed_in_the_weeks_of_the_order_is_told() -> None:
    paper = "firm,standard,certificate,valid_from,valid_to\nF1,BSCI,c,2026-03-09,2027-01-01"
    asked = "requirement,order,standard\nr,A,BSCI"
    found = told(
        "A,PB,P,100,2000,2026-03-08,,2026-03-08,no\n", "A,declined", certificate=paper, order_requirement=asked
    )
    assert "1 of 1 have no certificate or approval then" in found.why.en
    assert remedy(found) == "A last day on or after 2026-03-09 would do."


LATE = {
    "lot": FULL["lot"] + "A-1,A,100\n",
    "lot_line": FULL["lot_line"] + "A-1,lasting,L1\n",
    "work": FULL["work"] + "A-1,lasting,1,100\n",
}


def test_stages_that_lack_the_same_are_told_together() -> None:
    style = "style,construction,category,tier\nP,cemented,casual,3\nQ,cemented,casual,5"
    found = told("A,PB,Q,100,2000,2026-03-08,,,no\n", "A,declined", style=style)
    assert found.why.en == "No line may do Closing and Lasting and bottoming: of 2 such lines 2 are below tier 5."


def test_lateness_that_costs_nothing_is_told_as_such() -> None:
    alone = {name: "\n".join(x for x in text.splitlines() if x[0] not in "BC") for name, text in LATE.items()}
    found = told("A,PB,P,100,2000,2026-03-08,,,no\n", "A,placed", alone)
    assert "Nothing is deducted for lateness" in found.why.en
    assert "latest date" in remedy(found)


def test_a_late_order_tells_pairs_days_and_what_would_have_been_in_time() -> None:
    order = "A,PB,P,100,2000,2026-03-08,,,no\n"
    cluster, made = case(order + OTHERS, "A,placed\nB,placed\nC,placed", LATE)
    orders = cluster["order"].with_columns(late_fen_pair_week=pl.lit(70, pl.Int64))
    found = explain_order(Cluster.build({**cluster.frames, "order": orders}), made, "A")
    assert "100 of 100 pairs come after the due date 2026-03-08, the last of them 7 days late" in found.why.en
    assert "at 70.00 yuan in all" in found.why.en
    assert "Lasting and bottoming for 0 of its 100 pairs" in found.why.en
    assert "16.7 more worker-hours" in remedy(found)


def test_an_order_that_is_cheaper_late_tells_by_how_much() -> None:
    prices = {"price": "kind,id,period,mfen\nline,L1,0,5000\nline,L2,0,5000\n"}
    found = told("A,PB,P,100,2000,2026-03-08,,,no\n" + OTHERS, "A,placed\nB,placed\nC,placed", {**LATE, **prices})
    assert "a pair would cost 0.50 yuan more" in found.why.en


def test_an_order_due_before_its_first_week_ends_is_told() -> None:
    decisions = {name: text.replace("A-1,lasting,1", "A-1,lasting,0") for name, text in LATE.items()}
    decisions = {name: "\n".join(x for x in t.splitlines() if x[0] not in "BC") for name, t in decisions.items()}
    found = told("A,PB,P,100,2000,2026-03-01,,,no\n", "A,placed", decisions)
    assert "The first week in which it may be worked on ends on 2026-03-08" in found.why.en


def test_an_outside_order_names_maker_and_day() -> None:
    tables = {
        "outside_maker": "maker,name_en,name_zh,region,lead_days,week_pairs\nX,Far,远厂,South,0,100",
        "outside_makes": "maker,construction,category,fen_pair\nX,cemented,casual,300",
    }
    sent = {"outside_order": "order,maker,period,pairs\nA,X,0,100"}
    inside = told("A,PC,P,100,2000,2026-03-08,,,no\n", "A,outside", sent, **tables)
    assert "All 100 pairs are made outside by Far, ready 2026-03-08." in inside.why.en
    assert "made the cheapest way it costs 5.00" not in inside.why.en
    assert "Outside it earns 17.00 yuan a pair." in inside.why.en
    other = told("A,PB,P,100,2000,2026-03-08,,,no\n", "A,outside", sent, **tables)
    assert "the cluster earns nothing by it" in other.why.en


def test_an_order_on_time_says_so() -> None:
    decisions = {name: text.replace("A-1,lasting,1", "A-1,lasting,0") for name, text in LATE.items()}
    decisions = {name: "\n".join(x for x in t.splitlines() if x[0] not in "BC") for name, t in decisions.items()}
    found = told("A,PB,P,100,2000,2026-03-08,,,no\n", "A,placed", decisions)
    assert found.why.en == "Made in the cluster, on time: finished in the week to 2026-03-08, due 2026-03-08."


@pytest.mark.parametrize("name", worked.NAMES)
def test_every_order_of_every_worked_plan_has_a_reason_where_it_is_not_simply_made(name: str) -> None:
    cluster = worked.cluster(name)
    for says in worked.expected(name):
        made = worked.decisions(name, says.plan)
        if says.rules & {"outcome", "lot-lines"}:
            continue
        done = worked.claimed(cluster, made)
        table = explain_orders(cluster, done)
        elsewhere = done["outcome"].filter(pl.col("outcome") != "placed")["order"].to_list()
        assert set(elsewhere) <= set(table["order"])
        for row in table.iter_rows(named=True):
            assert row["reason_en"].endswith(".")
            assert row["reason_zh"].endswith("。")


def test_a_planned_cluster_is_explained_with_the_prices_of_its_plan() -> None:
    cluster = worked.cluster("part_lateness")
    made = plan(cluster, Settings(calendar=worked.decisions("part_lateness", "half_late").periods, work=2, time_s=None))
    table = explain_orders(cluster, made)
    for row in table.iter_rows(named=True):
        assert row["reason_en"]
    assert explain_line(cluster, made, "L1").why.en.startswith("F1 (L1) works ")
