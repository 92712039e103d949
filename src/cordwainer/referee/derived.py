"""The derived tables of a plan, computed anew from its decisions (plan model, section 8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from cordwainer.cluster import dictionary, polars_schema
from cordwainer.referee.contribution import Contribution
from cordwainer.referee.decisions import Decisions, Lot
from cordwainer.referee.facts import Facts
from cordwainer.referee.parts import Parts
from cordwainer.referee.usage import Usage

WIDEST = 2**63 - 1
"""Absurd prices could make parts that no table can hold; no bound that large can be claimed either."""


def derived(
    facts: Facts, decisions: Decisions, money: Contribution, used: Usage, parts: Parts
) -> dict[str, pl.DataFrame]:
    """Return the derived tables by name, rows sorted by key."""
    rows: dict[str, list[dict[str, Any]]] = {
        "order_plan": [_order_plan(facts, decisions, money, order) for order in facts.orders],
        "line_period": _line_period(facts, used),
        "carry": [row for lot in decisions.lots.values() for row in _carry(facts, lot)],
        "bound_part": [
            {"part": part, "id": of, "mfen": max(-WIDEST, min(mfen, WIDEST))} for (part, of), mfen in parts.items()
        ],
    }
    return {name: as_table(name, found) for name, found in rows.items()}


def as_table(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return rows as a table of the dictionary, sorted by key."""
    return pl.DataFrame(rows, schema=polars_schema(name), orient="row").sort(dictionary.tables()[name].key)


def lead_firm(facts: Facts, lots: list[Lot]) -> str | None:
    """Return the firm with most last-stage pairs (ties: the smaller id), or None without such work."""
    pairs: dict[str, int] = {}
    for lot in lots:
        last = facts.orders[lot.order].style.last_stage
        if last in lot.lines and lot.work.get(last):
            firm = facts.lines[lot.lines[last]].firm
            pairs[firm] = pairs.get(firm, 0) + sum(lot.work[last].values())
    return min(pairs, key=lambda firm: (-pairs[firm], firm), default=None)


def _order_plan(facts: Facts, decisions: Decisions, money: Contribution, order_id: str) -> dict[str, Any]:
    order, lots = facts.orders[order_id], decisions.lots_of.get(order_id, [])
    worked = {t for lot in lots for _, t, _ in lot.rows()}
    finished = {t for lot in lots for t in lot.work.get(order.style.last_stage, {})}
    finished |= decisions.outside_periods.get(order_id, set())
    return {
        "order": order_id,
        "pairs_in_lots": sum(lot.pairs for lot in lots),
        "pairs_outside": decisions.outside_of.get(order_id, 0),
        "first_date": facts.clock.starts[min(worked)] if worked else None,
        "ready_date": facts.clock.ends[max(finished)] if finished else None,
        "late_days": max((order.late[t] for t in finished), default=None),
        "contribution_fen": money.orders[order_id],
        "lead_firm": lead_firm(facts, lots),
    }


def _line_period(facts: Facts, used: Usage) -> list[dict[str, Any]]:
    return [
        {
            "line": line.id,
            "period": t,
            "load_mmin": load,
            "regular_mmin": line.regular[t],
            "most_mmin": line.most[t],
            "overtime_mmin": max(0, load - line.regular[t]),
        }
        for line in facts.lines.values()
        for t, load in enumerate(used.load[line.id])
    ]


def _carry(facts: Facts, lot: Lot) -> list[dict[str, Any]]:
    rows, T = [], len(facts.clock)
    for step in facts.orders[lot.order].style.stages.values():
        if step.after is not None:
            waiting = zip(lot.done(step.name, T), lot.done(step.after, T), strict=True)
            rows += [
                {"lot": lot.id, "stage": step.name, "period": t, "pairs": made - taken}
                for t, (made, taken) in enumerate(waiting)
                if made > taken
            ]
    return rows


def differences(name: str, claimed: pl.DataFrame, computed: pl.DataFrame) -> list[tuple[str, str]]:
    """Return (key, what differs) for every row that is not the same in both tables."""
    spec = dictionary.tables()[name]

    def by_key(frame: pl.DataFrame) -> Mapping[tuple[Any, ...], dict[str, Any]]:
        return {tuple(row[k] for k in spec.key): row for row in frame.iter_rows(named=True)}

    if claimed.sort(spec.key).equals(computed):
        return []
    said, found, told = by_key(claimed), by_key(computed), []
    for key in sorted(said.keys() | found.keys()):
        one, two = said.get(key, {}), found.get(key, {})
        columns = [c for c in (two or one) if one.get(c) != two.get(c)]
        if one != two:
            told.append((" / ".join(map(str, key)), ", ".join(f"{c}: {one.get(c)} / {two.get(c)}" for c in columns)))
    return told
