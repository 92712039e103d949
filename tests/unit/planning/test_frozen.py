"""Promised lots stand in the plan exactly as promised, the rest is planned around them, and the referee certifies the whole."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import UserError, weeks
from cordwainer.planning import Settings, explain_orders, plan
from cordwainer.referee import judge
from tests.golden.worked import HERE, parsed, tables
from tests.hurried import hurried_cluster, hurried_plan

WEEKS = weeks(date(2026, 3, 2), 3)
ORDER = "order,po,style,pairs,price,due_date,latest_date,late_fen_pair_week\n"
PROMISE = "lot,order,pairs,status\n"
LINE = "lot,stage,line\n"
WORK = "lot,stage,start_date,pairs\n"


def cluster(**rows: str) -> Cluster:
    """Return the base of the worked clusters with order A (100 pairs of P at 20 yuan, due in the first week) and other tables."""
    found = {"order": f"{ORDER}A,PB,P,100,2000,2026-03-08,,0", **rows}
    return Cluster.build({**tables(HERE / "base"), **{name: parsed(name, text) for name, text in found.items()}})


def promised(pairs: int, *work: str, order: str = "A", line: str = "L1", status: str = "accepted") -> dict[str, str]:
    """Return promise A-1 of pairs of style P; work is given as day,pairs (by default all of it on the first day)."""
    days = work or (f"2026-03-02,{pairs}",)
    return {
        "promise": f"{PROMISE}A-1,{order},{pairs},{status}",
        "promise_line": f"{LINE}A-1,lasting,{line}",
        "promise_work": WORK + "\n".join(f"A-1,lasting,{day}" for day in days),
    }


def made(of: Cluster, freeze: date | None = None) -> Plan:
    """Return a plan that the referee certifies."""
    found = plan(of, Settings(calendar=WEEKS, freeze_date=freeze, work=3, time_s=None))
    assert judge(of, found).violations.rows() == []
    assert found.head["contribution_fen"] <= found.head["bound_fen"]
    return found


def lots(of: Plan) -> dict[str, int]:
    return dict(of["lot"].select("lot", "pairs").iter_rows())


def money(of: Plan) -> tuple[int, int, int]:
    return of.head["contribution_fen"], of.head["bound_fen"], of.head["without_lots_fen"]


def outcome(of: Plan, order: str = "A") -> str:
    return str(dict(of["outcome"].iter_rows())[order])


def test_an_accepted_promise_stands_and_the_rest_is_made_beside_it() -> None:
    found = made(cluster(**promised(40)))
    assert lots(found) == {"A-1": 40, "A-2": 60}  # the id of the promise is not given again
    assert outcome(found) == "placed"
    # 100 pairs on L1 at 2,000 less 500 of labour; without lots 40 promised ones, and a penalty of 2,000 on 60
    assert money(found) == (150_000, 150_000, 40 * 1500 - 60 * 2000)


@pytest.mark.parametrize(
    ("status", "freeze", "stands"),
    [
        ("offered", date(2026, 3, 3), True),
        ("offered", date(2026, 3, 2), False),
        ("offered", None, False),
        ("declined", date(2026, 3, 30), False),
        ("released", date(2026, 3, 30), False),
        ("accepted", None, True),
    ],
)
def test_an_offer_stands_once_it_is_begun_before_the_freeze_date(
    status: str, freeze: date | None, stands: bool
) -> None:
    found = made(cluster(**promised(40, line="L2", status=status)), freeze)
    assert ("A-1" in lots(found)) == stands
    # on L2 a pair earns 100 less
    assert money(found)[0] == 150_000 - (4_000 if stands else 0)


def test_work_counts_in_the_period_that_holds_its_day_and_not_outside_the_plan() -> None:
    order = f"{ORDER}A,PB,P,100,2000,2026-03-08,2026-03-08,0"
    work = ("2026-02-23,10", "2026-03-04,10", "2026-03-06,5", "2026-03-30,15")
    found = made(cluster(**promised(40, *work), order=order))
    assert found["work"].filter(lot="A-1").select("period", "pairs").rows() == [(0, 15)]
    assert found["line_period"].filter(line="L1", period=0)["load_mmin"].item() == 750_000
    assert found["order_plan"]["pairs_in_lots"].item() == 100
    # revenue for all pairs, labour for those in the plan: 25 pairs of 500 fen are not paid here
    assert money(found)[0] == 150_000 + 25 * 500


@pytest.mark.parametrize(("template", "minutes"), [("", 10_000), ("cemented,casual,lasting,20,yes", 5_000)])
def test_a_line_without_a_row_of_what_it_makes_takes_its_statement_or_one(template: str, minutes: int) -> None:
    """48 pairs a day in 480 minutes are an efficiency of 2 where the reference shoe takes 20 minutes."""
    makes = "line,construction,category,efficiency,extra_fen_pair\nL1,cemented,boot,3,9\nL2,cemented,casual,1,0"
    found = made(
        cluster(
            **promised(40),
            line_makes=f"{makes}\nC1,cemented,casual,1,0\nC2,cemented,casual,1,0",
            routing_template=f"construction,category,stage,minutes_per_pair,verified\n{template}",
        )
    )
    assert found["line_period"].filter(line="L1", period=0)["load_mmin"].item() == 40 * minutes
    # labour on L1 is 3,000 fen an hour; the other 60 pairs go to L2
    assert money(found)[0] == 40 * (2000 - minutes // 20) + 60 * 1400


def test_a_promise_may_overload_its_line_and_leaves_nothing_of_it() -> None:
    order = f"{ORDER}A,PB,P,1000,2000,2026-03-08,2026-03-08,0\nB,PB,P,50,2000,2026-03-08,2026-03-08,0"
    found = made(cluster(**promised(400), order=order))
    row = found["line_period"].filter(line="L1", period=0).row(0, named=True)
    assert (row["load_mmin"], row["most_mmin"], row["overtime_mmin"]) == (4_000_000, 2_880_000, 1_120_000)
    assert lots(found) == {"A-1": 400, "B-1": 50}
    assert found["lot_line"].filter(lot="B-1")["line"].to_list() == ["L2"]
    assert outcome(found) == "broken"  # 600 pairs do not fit on L2 in a week


def test_skills_tools_and_caps_may_be_overdrawn_by_promises_alone() -> None:
    found = made(
        cluster(
            **promised(40),
            style="style,construction,category,tier,last\nP,cemented,casual,3,LA\nQ,cemented,casual,3,",
            routing="style,stage,minutes_per_pair,skill\nP,lasting,10,fine\nQ,closing,10,\nQ,lasting,10,",
            worker_skill="firm,skill,workers\nF1,fine,0\nF2,fine,1",
            tool="tool,kind,code,size,sets,pairs_day\nt1,last,LA,,1,1",
            flow="flow,unit,name_en,name_zh,counted_at\nsolvent,g,Solvent,溶剂,line",
            line_flow="line,flow,per_pair\nL1,solvent,2\nL2,solvent,1\nC1,solvent,1\nC2,solvent,1",
            cap="cap,scope,of,flow,date_from,date_to,amount\nK,cluster,,solvent,2026-03-02,2026-03-08,10",
        )
    )
    assert lots(found) == {"A-1": 40}
    assert outcome(found) == "broken"
    assert money(found)[0] == 40 * 1500 - 60 * 2000


@pytest.mark.parametrize("pairs", [100, 120])
def test_an_order_that_is_promised_whole_is_placed(pairs: int) -> None:
    found = made(cluster(**promised(pairs)))
    assert lots(found) == {"A-1": pairs}
    assert outcome(found) == "placed"
    assert money(found) == (pairs * 1500, pairs * 1500, pairs * 1500)


def test_promises_may_outlive_the_window_of_their_order_and_say_why_it_is_late() -> None:
    order = f"{ORDER}A,PB,P,100,2000,2026-03-08,2026-03-08,70"
    of = cluster(**promised(100, "2026-03-16,100"), order=order)
    found = made(of)
    assert found["order_plan"].row(0, named=True)["late_days"] == 14
    assert money(found)[0] == 100 * (1500 - 140)
    assert "promised" in explain_orders(of, found)["reason_en"].item()


def test_pairs_that_wait_between_promised_stages_are_carried() -> None:
    rows = {
        "promise": f"{PROMISE}A-1,A,40,accepted",
        "promise_line": f"{LINE}A-1,closing,C2\nA-1,lasting,L2",
        "promise_work": f"{WORK}A-1,closing,2026-03-02,40\nA-1,lasting,2026-03-09,30\nA-1,lasting,2026-03-30,10",
    }
    found = made(cluster(order=f"{ORDER}A,PB,Q,100,2000,2026-03-08,,0", **rows))
    assert found["carry"].filter(lot="A-1").select("stage", "period", "pairs").rows() == [
        ("closing", 0, 40),
        ("closing", 1, 10),
        ("closing", 2, 10),
    ]


MATERIAL = {
    "material": "material,name_en,name_zh,kind,unit,list_price\nsole,Sole,大底,sole,pair,60",
    "bill_of_material": "style,component,material,stage,quantity_per_pair,loss_share\nP,sole,sole,lasting,1,0",
    "supplier_offer": "offer,supplier,material,minimum,multiple,lead_days\nX,F2,sole,10,5,7",
    "price_break": "offer,from_quantity,price\nX,0,60",
}


def test_what_promises_need_is_bought_with_the_rest() -> None:
    found = made(cluster(**promised(40, "2026-03-09,40"), **MATERIAL))
    assert found["purchase"].select("offer", "quantity_milli").sum().item(0, 1) == 100_000
    # every pair takes a sole of 60 fen; without further lots there are 40 of them, and a penalty of 2,000 on 60 pairs
    assert money(found) == (100 * 1440, 100 * 1440, 40 * 1440 - 60 * 2000)


def test_a_promise_for_which_material_cannot_come_in_time_stops_planning() -> None:
    with pytest.raises(UserError) as caught:
        made(cluster(**promised(40), **MATERIAL))
    assert caught.value.code == "promises-unmet"
    assert "sole (2026-03-02)" in caught.value.message.en
    assert "sole (2026-03-02)" in caught.value.message.zh
    stock = "holder,material,usable_from,quantity\nF1,sole,2026-02-01,40"
    assert lots(made(cluster(**promised(40), **MATERIAL, stock=stock)))["A-1"] == 40


def test_stock_that_a_later_promise_needs_is_not_given_away() -> None:
    order = f"{ORDER}A,PB,P,40,2000,2026-03-15,,0\nB,PB,P,50,2000,2026-03-08,2026-03-08,0"
    stock = "holder,material,usable_from,quantity\nF1,sole,2026-02-01,60"
    bare = {k: v for k, v in MATERIAL.items() if k not in ("supplier_offer", "price_break")}
    found = made(cluster(**promised(40, "2026-03-09,40"), **bare, stock=stock, order=order))
    assert lots(found) == {"A-1": 40}
    assert outcome(found, "B") == "declined"


def test_other_ids_of_promises_are_left_alone_too() -> None:
    assert lots(made(cluster(**promised(40, status="declined")))) == {"A-2": 100}


def test_a_plan_that_was_accepted_can_be_made_again_around_itself() -> None:
    of, before = hurried_cluster(), hurried_plan()
    starts = before["plan_period"].select("period", "start_date")
    work = before["work"].join(starts, on="period").select("lot", "stage", "start_date", "pairs")
    accepted = before["lot"].select("lot", "order", "pairs", status=pl.lit("accepted"))
    again = of.replace(promise=accepted, promise_line=before["lot_line"], promise_work=work)
    after = plan(again, Settings(first_date=before.first_date, periods=len(before.periods), work=1, time_s=None))
    assert judge(again, after).violations.rows() == []
    assert before["lot"].join(after["lot"], on=["lot", "order", "pairs"], how="anti").is_empty()
