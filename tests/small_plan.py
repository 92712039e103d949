"""A small cluster and a plan of it, made without the planner, for tests of what people see."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import polars as pl

from cordwainer.cluster import Cluster, Plan, line_facts, reference_tables
from cordwainer.core import weeks

FIRST = date(2026, 3, 2)
WEEKS = 8
STAGES = ("cutting", "closing", "sole", "lasting", "finishing")
DISTRICTS = ("lucheng", "longwan", "ouhai", "yongjia", "ruian")
_WEEK = timedelta(days=7)


def _day(week: int, extra: int = 0) -> date:
    return FIRST + week * _WEEK + timedelta(days=extra)


def _frames(tables: dict[str, list[dict[str, Any]]]) -> dict[str, pl.DataFrame]:
    return {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items() if rows}


@cache
def small_cluster() -> Cluster:
    """Return five districts with two makers each, a brand, a supplier, twenty orders."""
    firms: list[dict[str, Any]] = [
        {"firm": f"F{k:02}", "name_en": f"Maker {k} & Sons", "name_zh": f"鞋厂{k}号", "district": DISTRICTS[k % 5]}
        for k in range(10)
    ]
    firms += [
        {"firm": "B1", "name_en": "Brand <One>", "name_zh": "品牌一", "district": None},
        {"firm": "S1", "name_en": "Supplier", "name_zh": "供应商", "district": "lucheng"},
    ]
    sites = [{"site": f"T{k:02}", "firm": f"F{k:02}", "district": DISTRICTS[k % 5]} for k in range(10)]
    lines = [{"line": f"L{k:02}{s[:2]}", "site": f"T{k:02}", "stage": s} for k in range(10) for s in STAGES]
    kinds = {"reference_construction": "cemented", "reference_category": "dress_men"}
    statements = [
        {"line": r["line"], "valid_from": FIRST, "people": 20, "hours_day": 8.0, "pairs_day": 500, "fen_pair": 400}
        | {"overtime_share": 0.2}
        | kinds
        for r in lines
    ]
    makes = [{"line": r["line"], "construction": "cemented", "category": "dress_men"} for r in lines]
    orders = [
        {"order": f"O{k:03}", "po": "P1", "style": "Y1", "pairs": 1000 + 100 * k, "price": 12000}
        | {"due_date": _day(2 + k % 6, 6), "committed": k % 4 == 0}
        for k in range(20)
    ]
    tables = _frames(
        {
            "firm": firms,
            "site": sites,
            "line": lines,
            "line_statement": statements,
            "line_makes": makes,
            "style": [{"style": "Y1", "construction": "cemented", "category": "dress_men"}],
            "purchase_order": [{"po": "P1", "buyer": "B1"}],
            "order": orders,
            "outside_maker": [
                {"maker": "X1", "name_en": "Far maker", "name_zh": "外地厂", "region": "Jiangxi"}
                | {"lead_days": 20, "week_pairs": 5000}
            ],
            "outside_makes": [{"maker": "X1", "construction": "cemented", "category": "dress_men", "fen_pair": 9000}],
            "supplier_offer": [{"offer": "A1", "supplier": "S1", "material": "cow-black", "lead_days": 5}],
            "price_break": [
                {"offer": "A1", "from_quantity": 0.0, "price": 95.0},
                {"offer": "A1", "from_quantity": 1000.0, "price": 90.0},
            ],
        }
    )
    return Cluster.build({**reference_tables(), **tables})


@cache
def small_plan() -> Plan:
    """Return a plan with orders on time, late, outside, mixed, declined and broken; nobody asked the referee."""
    periods = weeks(FIRST, WEEKS)
    lots, lot_lines, works, outside, outcomes, plans = [], [], [], [], [], []
    load: dict[tuple[str, int], int] = {}
    for k in range(20):
        order, pairs = f"O{k:03}", 1000 + 100 * k
        outcome = {9: "outside", 13: "declined", 16: "broken", 17: "mixed"}.get(k, "placed")
        outcomes.append({"order": order, "outcome": outcome})
        inside = {"placed": pairs, "mixed": pairs - 500}.get(outcome, 0)
        away = {"outside": pairs, "mixed": 500}.get(outcome, 0)
        week = k % 6
        if inside:
            lots.append({"lot": f"{order}-1", "order": order, "pairs": inside})
            for n, stage in enumerate(STAGES):
                line, period = f"L{(k + n // 3) % 10:02}{stage[:2]}", min(WEEKS - 1, week + n // 2)
                lot_lines.append({"lot": f"{order}-1", "stage": stage, "line": line})
                works.append({"lot": f"{order}-1", "stage": stage, "period": period, "pairs": inside})
                load[line, period] = load.get((line, period), 0) + inside * 10_000
        if away:
            outside.append({"order": order, "maker": "X1", "period": 5, "pairs": away})
        late = 7 if outcome == "placed" and k % 5 == 4 else 0
        plans.append(
            {"order": order, "pairs_in_lots": inside, "pairs_outside": away, "contribution_fen": inside * 1500}
            | {"first_date": _day(week), "ready_date": _day(week + 2, 6), "late_days": late if inside else None}
            | {"lead_firm": f"F{k % 10:02}" if inside else None}
        )
    head = {"plan": "small", "cluster_hash": small_cluster().hash, "first_date": FIRST, "seed": 1, "work": 10}
    head |= {"settings": "by hand", "contribution_fen": 30_000_000, "bound_fen": 31_000_000, "without_lots_fen": 0}
    return Plan.build(
        _frames(
            {
                "plan": [head],
                "plan_period": [{"period": k, "start_date": p.start, "days": p.days} for k, p in enumerate(periods)],
                "lot": lots,
                "lot_line": lot_lines,
                "work": works,
                "outside_order": outside,
                "outcome": outcomes,
                "purchase": [{"offer": "A1", "period": 1, "quantity_milli": 1_500_000}],
                "price": [
                    {"kind": "line", "id": "L00cl", "period": 1, "mfen": 2500},
                    {"kind": "line", "id": "L00cl", "period": 2, "mfen": 1500},
                    {"kind": "material", "id": "cow-black", "period": 0, "mfen": 4000},
                ],
                "order_plan": plans,
                "line_period": _line_periods(load),
                "bound_part": [
                    {"part": "order", "id": "O001", "mfen": 600_000_000},
                    {"part": "line", "id": "L00cl", "mfen": 400_000_500},
                    {"part": "rounding", "id": "-", "mfen": -500},
                ],
            }
        )
    )


def _line_periods(load: dict[tuple[str, int], int]) -> list[dict[str, Any]]:
    facts = line_facts(small_cluster(), weeks(FIRST, WEEKS))
    rows = []
    for i, line in enumerate(facts.lines):
        for t in range(WEEKS):
            minutes, regular = load.get((line, t), 0), int(facts.regular[i, t])
            rows.append(
                {"line": line, "period": t, "load_mmin": minutes, "regular_mmin": regular}
                | {"most_mmin": int(facts.most[i, t]), "overtime_mmin": max(0, minutes - regular)}
            )
    return rows


def small_reasons() -> pl.DataFrame:
    """Return reasons as the planner gives them."""
    return pl.DataFrame(
        {
            "order": ["O009", "O013"],
            "outcome": ["outside", "declined"],
            "reason_en": ["Closing is full until 5 April <em>", "The price does not cover the work."],
            "reason_zh": ["针车排满到4月5日", "价格不够工价。"],
        }
    )
