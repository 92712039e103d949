"""Tiny clusters with plans made by hand, and what is told of an order of theirs.

A pair of style P costs 5.00 yuan on L1 and 6.00 on L2; each of the two takes 288 pairs, 48 hours, a week (tests/golden).
"""

from __future__ import annotations

import re

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text
from cordwainer.planning import Explanation, explain_order
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
