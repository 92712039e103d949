"""The contribution of a plan as a schoolbook would compute it: exact fractions straight from the tables, no rounding."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from cordwainer.cluster import Cluster
from cordwainer.referee.decisions import Decisions

Row = dict[str, Any]
STARTS = (date(2026, 3, 2), date(2026, 3, 9))


def exact(value: float) -> Fraction:
    """Return the decimal that a number shows."""
    return Fraction(repr(value))


def rows(cluster: Cluster, table: str, key: str) -> dict[str, Row]:
    """Return the rows of a table by one column."""
    return {row[key]: row for row in cluster[table].iter_rows(named=True)}


def late_fen(order: Row, t: int) -> Fraction:
    """Return the deduction for one pair finished in week t; weeks end on Sunday."""
    if order["due_date"] > STARTS[-1] + timedelta(days=6):
        return Fraction(0)
    due_week = max(k for k, start in enumerate(STARTS) if start <= order["due_date"])
    return Fraction(order["late_fen_pair_week"] * max(0, 7 * (t - due_week)), 7)


def net_fen(cluster: Cluster, order: Row) -> int:
    """Return the price of a pair without VAT, in whole fen as contracts state it."""
    taxed = rows(cluster, "purchase_order", "po")[order["po"]]["tax_included"]
    return int(order["price"] / (Fraction(113, 100) if taxed else 1))


def exact_contribution(cluster: Cluster, decisions: Decisions) -> Fraction:
    """Return the contribution in fen without any rounding but that of the net price."""
    lines, sites = rows(cluster, "line", "line"), rows(cluster, "site", "site")
    statements, makes = rows(cluster, "line_statement", "line"), rows(cluster, "line_makes", "line")
    orders, minutes = rows(cluster, "order", "order"), rows(cluster, "routing", "stage")
    own_carbon = rows(cluster, "line_flow", "line")
    policy = {name: exact(v) for name, v in cluster["policy"].select("name", "value").iter_rows()}
    per_gram = policy["carbon_price"] / 1_000_000
    total, load = Fraction(0), dict[tuple[str, int], Fraction]()
    for lot in decisions.lots.values():
        order = orders[lot.order]
        total += net_fen(cluster, order) * lot.pairs
        for stage, t, pairs in lot.rows():
            line = lot.lines[stage]
            again = 1 + exact(lines[line]["defect_share"])
            worked = pairs * exact(minutes[stage]["minutes_per_pair"]) * again / exact(makes[line]["efficiency"])
            load[line, t] = load.get((line, t), Fraction(0)) + worked
            total -= worked * ask_minute(statements[line]) + makes[line]["extra_fen_pair"] * pairs
            soles = exact(1.05) * again if stage == "lasting" else 0
            total -= pairs * (exact(own_carbon[line]["per_pair"]) + soles * exact(700.5)) * per_gram
            if stage == "lasting":
                total -= pairs * late_fen(order, t)
        road = tuple(sites[lines[lot.lines[s]]["site"]]["district"] for s in ("closing", "lasting"))
        for row in cluster["transfer"].iter_rows(named=True):
            if (row["from_district"], row["to_district"]) == road:
                total -= lot.pairs * (row["fen_pair"] + exact(row["carbon_g_pair"]) * per_gram)
    for (line, _), worked in load.items():
        said = statements[line]
        regular = 8 * 60 * 6 * exact(said["share_offered"])
        total -= max(Fraction(0), worked - regular) * ask_minute(said) * exact(said["overtime_premium"])
    total += outside_fen(cluster, decisions, per_gram)
    for order_id, outcome in decisions.outcomes.items():
        if outcome == "broken":
            total -= policy["broken_fen_pair"] * (orders[order_id]["pairs"] - decisions.in_lots(order_id))
    return total - sum(purchase_fen(cluster, Fraction(q, 1000)) for q in decisions.purchases.values())


def ask_minute(said: Row) -> Fraction:
    """Return what a minute costs without VAT; all statements are with VAT invoice."""
    return Fraction(said["pairs_day"] * said["fen_pair"]) / (8 * 60 * Fraction(113, 100))


def outside_fen(cluster: Cluster, decisions: Decisions, per_gram: Fraction) -> Fraction:
    """Return what pairs made outside bring to firms of the cluster."""
    orders, total = rows(cluster, "order", "order"), Fraction(0)
    price = 300 + exact(20.5) * exact(17.83) + exact(1.1) * exact(1.05) * exact(333.333) + exact(900.125) * per_gram
    for order_id, _, t, pairs in decisions.outside:
        if orders[order_id]["po"] == "PC":
            total += pairs * (net_fen(cluster, orders[order_id]) - price - late_fen(orders[order_id], t))
    return total


def purchase_fen(cluster: Cluster, units: Fraction) -> Fraction:
    """Return what a purchase costs: 301.5 fen, from 2.5 units 250, from 4 units 120; all units or each bracket."""
    steps = [(Fraction(0), exact(301.5)), (Fraction(5, 2), Fraction(250)), (Fraction(4), Fraction(120))]
    if cluster["supplier_offer"]["break_kind"][0] == "all":
        return units * next(price for start, price in reversed(steps) if units >= start)
    ends = [*(start for start, _ in steps[1:]), None]
    return sum(
        (max(Fraction(0), (units if end is None else min(units, end)) - start) * price)
        for (start, price), end in zip(steps, ends, strict=True)
    ) + Fraction(0)


def purchase_mfen(cluster: Cluster, milli: int) -> Fraction:
    """Return what so many 1/1000 units cost, in 1/1,000,000 fen."""
    return 1_000_000 * purchase_fen(cluster, Fraction(milli, 1000))


def close(cluster: Cluster, decisions: Decisions, contribution: int) -> bool:
    """Return whether a contribution is the exact one, less at most the roundings: 2 fen for each cell."""
    cells = 20 + 5 * sum(len(list(lot.rows())) for lot in decisions.lots.values()) + 5 * sum(pairs_outside(decisions))
    exact_one = exact_contribution(cluster, decisions)
    return exact_one - 2 * cells <= contribution <= exact_one


def pairs_outside(decisions: Decisions) -> list[int]:
    """Return pairs outside, by row."""
    return [pairs for *_, pairs in decisions.outside]
