"""Explanations say what is true: each cause on a tiny cluster whose figures are worked by hand, in both languages.

A pair of style P costs 5.00 yuan on L1 and 6.00 on L2; each of the two takes 288 pairs, 48 hours, a week (tests/golden).
"""

from __future__ import annotations

import re

import polars as pl
import pytest

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text, UserError
from cordwainer.planning import (
    Explanation,
    Settings,
    explain_line,
    explain_order,
    explain_orders,
    explain_price,
    plan,
)
from tests.golden import worked

ORDER = "order,po,style,pairs,price,due_date,earliest_date,latest_date,committed\n"
TWO_WEEKS = "period,start_date,days\n0,2026-03-02,7\n1,2026-03-09,7"
# B and C fill both lines in the first week.
OTHERS = "B,PB,P,288,2000,2026-03-08,,,no\nC,PB,P,288,2000,2026-03-08,,,no\n"
FULL = {
    "lot": "lot,order,pairs\nB-1,B,288\nC-1,C,288\n",
    "lot_line": "lot,stage,line\nB-1,lasting,L1\nC-1,lasting,L2\n",
    "work": "lot,stage,period,pairs\nB-1,lasting,0,288\nC-1,lasting,0,288\n",
}


def case(orders: str, outcomes: str, decisions: dict[str, str] | None = None, /, **tables: str) -> tuple[Cluster, Plan]:
    """Return a cluster of the base with orders and other tables, and a plan of it over two weeks by its decisions."""
    own = {name: worked.parsed(name, text) for name, text in {**tables, "order": ORDER + orders}.items()}
    cluster = Cluster.build({**worked.tables(worked.HERE / "base"), **own})
    said = {**(decisions or {}), "outcome": "order,outcome\n" + outcomes}
    frames = {name: worked.parsed(name, text) for name, text in said.items()}
    return cluster, worked.claimed(cluster, worked.undecided(cluster, worked.parsed("plan_period", TWO_WEEKS), frames))


def told(orders: str, outcomes: str, decisions: dict[str, str] | None = None, /, **tables: str) -> Explanation:
    """Return why order A is as it is."""
    cluster, made = case(orders, outcomes, decisions, **tables)
    found = explain_order(cluster, made, "A")
    for text in (found.why, *found.limits, *([found.remedy] if found.remedy else [])):
        assert same_figures(text), text
        assert re.search(r"[\u4e00-\u9fff]", text.zh)
    return found


def same_figures(text: Text) -> bool:
    """Return whether both languages tell the same dates and amounts."""
    amounts = [sorted(re.findall(r"\d{4}-\d\d-\d\d|\d+\.\d\d", said)) for said in (text.en, text.zh)]
    return amounts[0] == amounts[1]


def remedy(found: Explanation) -> str:
    """Return what would change it."""
    assert found.remedy is not None
    return found.remedy.en


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


def test_load_of_a_line_tells_hours_full_weeks_and_who_takes_and_wants_them() -> None:
    prices = {"price": "kind,id,period,mfen\nline,L1,0,15000\n"}
    cluster, made = case(
        "A,PB,P,100,2000,2026-03-08,,2026-03-08,no\n" + OTHERS, "A,declined\nB,placed\nC,placed", {**FULL, **prices}
    )
    found = explain_line(cluster, made, "L1")
    assert "F1 (L1) works 48.0 of its 96.0 regular worker-hours from 2026-03-02 to 2026-03-15 (50 %)" in found.why.en
    said = [x.en for x in found.limits]
    assert "Full with all overtime in 1 weeks: 2026-03-02." in said
    assert "1 orders are worked on it, most of all B (48.0 hours)." in said
    assert any(x.startswith("3 orders may use it") for x in said)
    assert remedy(found).endswith("in that of 2026-03-02: 9.00 yuan.")
    assert all(same_figures(x) for x in found.limits)
    idle = explain_line(cluster, made, "C1")
    assert "No order is worked on it." in [x.en for x in idle.limits]
    assert "no price in any week" in remedy(idle)
    with pytest.raises(UserError):
        explain_line(cluster, made, "L9")


def test_price_of_an_hour_tells_its_worth_use_and_users() -> None:
    prices = {"price": "kind,id,period,mfen\nline,L1,0,15000\n"}
    cluster, made = case(
        "A,PB,P,9,2000,2026-03-08,,,no\n" + OTHERS, "A,declined\nB,placed\nC,placed", {**FULL, **prices}
    )
    found = explain_price(cluster, made, "L1")
    assert found.why.en == (
        "One more worker-hour of F1 (L1) in the week of 2026-03-02 is worth 9.00 yuan to the cluster."
    )
    assert "It works 48.0 of at most 48.0 hours then." in [x.en for x in found.limits]
    assert "It is used most by B (48 hours)." in [x.en for x in found.limits]
    with pytest.raises(UserError):
        explain_price(cluster, made, "L2")
    with pytest.raises(UserError):
        explain_order(cluster, made, "Z")


def test_prices_of_every_kind_are_explained() -> None:
    tables = {
        "routing": "style,stage,minutes_per_pair,skill\nP,lasting,10,fine",
        "routing_before": "style,stage,after_stage",
        "style": "style,construction,category,tier,last\nP,cemented,casual,3,LA",
        "worker_skill": "firm,skill,workers\nF1,fine,1\nF2,fine,1",
        "tool": "tool,kind,code,size,sets,pairs_day\nt1,last,LA,,100,10",
        "material": "material,name_en,name_zh,kind,unit\nsole,Sole,大底,sole,pair",
        "bill_of_material": "style,component,material,stage,quantity_per_pair,supplied_by\nP,sole,sole,lasting,1,pool",
        "stock": "holder,material,usable_from,quantity\nF1,sole,2026-02-01,600",
        "flow": "flow,unit,name_en,name_zh,counted_at\nsolvent,g,Solvent,溶剂,line",
        "line_flow": "line,flow,per_pair\nL1,solvent,2\nL2,solvent,1\nC1,solvent,1\nC2,solvent,1",
        "cap": "cap,scope,of,flow,date_from,date_to,amount\nK,cluster,,solvent,2026-03-02,2026-03-08,900",
        "outside_maker": "maker,name_en,name_zh,region,lead_days,week_pairs\nX,Far,远厂,South,0,100",
        "outside_makes": "maker,construction,category,fen_pair\nX,cemented,casual,300",
    }
    priced = {
        "material": ("sole", "1 pair", 300_000, "In the whole plan 576 pair are needed and at most 600 can be had"),
        "cap": ("K", "", 5_000, "The plan uses 864 of 900 g."),
        "skill": ("F1|fine", "", 1_000, "The plan uses 48 of 48 worker-hours there."),
        "tool": ("last|LA|", "", 2_000, "The plan uses 576 of 6,000 pairs there."),
        "outside": ("X", "", 7_000, "The plan uses 0 of 100 pairs there."),
    }
    rows = "".join(f"{kind},{id_},0,{mfen}\n" for kind, (id_, _, mfen, _) in priced.items())
    cluster, made = case(
        "A,PB,P,9,2000,2026-03-08,,2026-03-08,no\n" + OTHERS,
        "A,declined\nB,placed\nC,placed",
        {**FULL, "price": "kind,id,period,mfen\n" + rows},
        **tables,
    )
    for kind, (id_, _, _, use) in priced.items():
        found = explain_price(cluster, made, id_)
        assert any(use in x.en for x in found.limits), (kind, found)
        assert "yuan" in found.why.en
        assert same_figures(found.why)
    scarce = explain_order(cluster, made, "A")
    assert len(scarce.limits) >= 3


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
