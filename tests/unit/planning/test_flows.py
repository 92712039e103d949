"""What is capped or priced and unknown stops planning with the list that the check gives; what is given always counts."""

from __future__ import annotations

from datetime import date

import pytest

from cordwainer.cluster import Cluster, unplannable
from cordwainer.core import DataErrors, weeks
from cordwainer.planning import Settings, plan
from cordwainer.referee import judge
from tests.golden.worked import HERE, parsed, tables

BASE = {
    "order": "order,po,style,pairs,price,due_date\nA,PC,P,100,2000,2026-03-08",
    "flow": "flow,unit,name_en,name_zh,counted_at\ncarbon,g,Carbon,碳,line\nsolvent,g,Solvent,溶剂,line",
    "line_flow": "line,flow,per_pair\nL1,carbon,1\nL2,carbon,1",
    "outside_maker": "maker,region,lead_days,week_pairs,carbon_g_pair\nX,South,0,500,",
    "outside_makes": "maker,construction,category,fen_pair,fen_minute,material_factor\nX,cemented,casual,1000,0,1",
}
PRICED = {"policy": "name,key,value\ncarbon_price,-,99999.5"}
CAP = "cap,scope,of,flow,date_from,date_to,amount\nK,{scope},solvent,2026-03-02,2026-03-08,150"


def cluster(**rows: str) -> Cluster:
    found = {**BASE, **rows}
    return Cluster.build({**tables(HERE / "base"), **{name: parsed(name, text) for name, text in found.items()}})


def planned(of: Cluster) -> dict[str, int]:
    """Return pairs by line of a plan of one week that the referee certifies."""
    made = plan(of, Settings(calendar=weeks(date(2026, 3, 2), 1), work=3, time_s=None))
    assert judge(of, made).violations.rows() == []
    return dict(made["work"].join(made["lot_line"], on=["lot", "stage"]).select("line", "pairs").iter_rows())


def refused(of: Cluster) -> set[tuple[str | None, str | None]]:
    """Return sheet and column of what stops planning, which is what the check tells."""
    with pytest.raises(DataErrors) as caught:
        planned(of)
    told = [p.message for p in caught.value.problems]
    assert told == [p.message for each in unplannable(of.frames) for p in each.problems()]
    return {(p.sheet, p.column) for p in caught.value.problems}


def test_an_outside_maker_without_a_figure_stops_planning_only_where_carbon_is_priced() -> None:
    assert planned(cluster()) == {"L1": 100}
    assert refused(cluster(**PRICED)) == {("outside_maker", "carbon_g_pair")}


def test_a_transfer_without_a_figure_stops_planning_where_carbon_is_priced() -> None:
    known = {"outside_maker": f"{BASE['outside_maker']}1000000"}
    road = "from_district,to_district,fen_pair,lag_days,carbon_g_pair\nd1,d2,7,0,{}"
    assert planned(cluster(**PRICED, **known, transfer=road.format("1"))) == {"L1": 100}
    assert refused(cluster(**PRICED, **known, transfer=road.format(""))) == {("transfer", "carbon_g_pair")}


def test_only_lines_in_scope_that_can_make_an_ordered_style_are_asked() -> None:
    home = {"outside_maker": "maker,region,lead_days,week_pairs\nX,South,0,0"}
    assert refused(cluster(**home, cap=CAP.format(scope="cluster,"))) == {("line_flow", "flow")}
    both = {"line_flow": "line,flow,per_pair\nL1,solvent,2\nL2,solvent,1"}
    capped = planned(cluster(**home, **both, cap=CAP.format(scope="cluster,")))
    assert capped == {"L1": 50, "L2": 50}  # closing lines do nothing that is ordered
    one = {"line_flow": "line,flow,per_pair\nL1,solvent,2"}
    assert sum(planned(cluster(**home, **one, cap=CAP.format(scope="site,S1"))).values()) == 100


def test_a_line_that_holds_a_promise_is_asked_though_it_cannot_make_the_style() -> None:
    promised = {
        "promise": "lot,order,pairs,status\nx,A,20,accepted",
        "promise_line": "lot,stage,line\nx,lasting,L1",
        "promise_work": "lot,stage,start_date,pairs\nx,lasting,2026-03-02,20",
        "line_makes": "line,construction,category,efficiency\n"
        "L1,cemented,boot,1\nL2,cemented,casual,1\nC1,cemented,casual,1\nC2,cemented,casual,1",
        "line_flow": "line,flow,per_pair\nL2,solvent,1",
        "cap": CAP.format(scope="cluster,"),
    }
    assert refused(cluster(**promised)) == {("line_flow", "flow")}
    assert planned(cluster(**{**promised, "line_flow": f"{promised['line_flow']}\nL1,solvent,1"}))["L1"] == 20


def test_coefficients_that_are_given_count_wherever_the_flow_is_expected() -> None:
    """Solvent is counted at materials, and yet a line states some: 2 of each pair on L1 leave room for 75 pairs under the cap."""
    flow = "flow,unit,name_en,name_zh,counted_at\ncarbon,g,Carbon,碳,line\nsolvent,g,Solvent,溶剂,material"
    lines = "line,flow,per_pair\nL1,solvent,2\nL2,solvent,2"
    home = {"outside_maker": "maker,region,lead_days,week_pairs\nX,South,0,25", "flow": flow, "line_flow": lines}
    assert sum(planned(cluster(**home, cap=CAP.format(scope="cluster,"))).values()) == 75
