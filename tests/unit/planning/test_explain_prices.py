"""The load of a line and the prices of every kind are explained with figures that are worked by hand."""

from __future__ import annotations

import pytest

from cordwainer.core import UserError
from cordwainer.planning import explain_line, explain_order, explain_price
from tests.unit.planning.explained import FULL, OTHERS, case, remedy, same_figures


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


def test_the_cheapest_price_of_a_material_is_that_of_the_last_break_that_the_plan_reaches() -> None:
    tables = {
        "material": "material,name_en,name_zh,kind,unit\nsole,Sole,大底,sole,pair",
        "bill_of_material": "style,component,material,stage,quantity_per_pair,supplied_by\nP,sole,sole,lasting,1,pool",
        "supplier_offer": "offer,supplier,material,lead_days\nX,F2,sole,0",
        "price_break": "offer,from_quantity,price\nX,0,100\nX,500,90\nX,10000,50",
    }
    bought = {
        "purchase": "offer,period,quantity_milli\nX,0,576000",
        "price": "kind,id,period,mfen\nmaterial,sole,0,300000",
    }
    cluster, made = case(OTHERS, "B,placed\nC,placed", {**FULL, **bought}, **tables)
    found = explain_price(cluster, made, "sole")
    assert found.why.en.endswith("is worth 3.00 yuan; bought at its cheapest it costs 0.90.")
    assert "As much as is wanted can be bought" in found.limits[0].en
