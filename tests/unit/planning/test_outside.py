"""Outside makers are asked only for what they can price."""

from __future__ import annotations

from datetime import date

import pytest

from cordwainer.cluster import Cluster
from cordwainer.core import weeks
from cordwainer.planning import Settings, plan
from cordwainer.referee import judge
from tests.golden.worked import HERE, parsed, tables


@pytest.mark.parametrize(("price", "outcome"), [("60", "outside"), ("", "declined")])
def test_a_material_without_a_list_price_rules_the_maker_out_even_at_factor_0(price: str, outcome: str) -> None:
    rows = {
        "order": "order,po,style,pairs,price,due_date\nA,PC,P,100,2000,2026-03-08",
        "material": f"material,name_en,name_zh,kind,unit,list_price\nsole,Sole,大底,sole,pair,{price}",
        "bill_of_material": "style,component,material,stage,quantity_per_pair,loss_share\nP,sole,sole,lasting,1,0",
        "outside_maker": "maker,region,lead_days,week_pairs\nX,South,0,500",
        "outside_makes": "maker,construction,category,fen_pair,fen_minute,material_factor\nX,cemented,casual,1000,0,0",
    }
    of = Cluster.build({**tables(HERE / "base"), **{name: parsed(name, text) for name, text in rows.items()}})
    made = plan(of, Settings(calendar=weeks(date(2026, 3, 2), 1), work=1, time_s=None))
    assert judge(of, made).violations.rows() == []
    assert dict(made["outcome"].iter_rows()) == {"A": outcome}
