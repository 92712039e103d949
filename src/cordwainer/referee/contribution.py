"""The contribution of a plan, cell by cell, to the fen (plan model, section 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from cordwainer.core import ceil_div
from cordwainer.referee.decisions import Decisions, Lot
from cordwainer.referee.facts import Facts
from cordwainer.referee.lines import ceil_of
from cordwainer.referee.usage import Usage

HOUR = 60_000_000
"""1/1000 minutes x 1/1000 fen an hour, in one fen."""


@dataclass(frozen=True)
class Contribution:
    """Contribution in fen: of each order, of overtime by line, of purchases by offer, and in all."""

    orders: dict[str, int]
    overtime: int
    purchases: int

    @property
    def total(self) -> int:
        """The contribution Z."""
        return sum(self.orders.values()) + self.overtime + self.purchases


def carbon_fen(facts: Facts, pairs: int, milli_gram: int) -> int:
    """Return what the carbon of pairs costs in fen, rounded up."""
    return ceil_div(pairs * milli_gram * facts.carbon_price.numerator, 10**9 * facts.carbon_price.denominator)


def lot_money(facts: Facts, lot: Lot) -> int:
    """Return revenue less labour, piece price, transfers, lateness and carbon of a lot, in fen."""
    order = facts.orders[lot.order]
    total = order.net * lot.pairs
    for stage, t, pairs in lot.rows():
        line = lot.lines.get(stage)
        if line is None or stage not in order.style.stages:
            continue
        unit = facts.unit(order.style, stage, line)
        total -= ceil_div(pairs * unit.minutes * facts.lines[line].ask, HOUR)
        total -= unit.extra * pairs
        total -= carbon_fen(facts, pairs, unit.carbon)
        if stage == order.style.last_stage:
            total -= order.lateness(pairs, t)
    for step in order.style.stages.values():
        if step.after is not None and step.name in lot.lines and step.after in lot.lines:
            link = facts.link(lot.lines[step.name], lot.lines[step.after])
            if link is not None:
                total -= link.fen * lot.pairs + carbon_fen(facts, lot.pairs, link.carbon)
    return total


def outside_money(facts: Facts, order_id: str, maker: str, t: int, pairs: int) -> int:
    """Return what pairs made outside are worth, in fen; 0 for a buyer outside the cluster."""
    order = facts.orders[order_id]
    value = facts.outside.value(maker, order)
    return value * pairs - order.lateness(pairs, t) if order.in_cluster and value is not None else 0


def dropped_pairs(facts: Facts, decisions: Decisions, order: str) -> int:
    """Return pairs of a broken order that are neither in lots nor outside; 0 for any other order."""
    if decisions.outcomes.get(order) != "broken":
        return 0
    return max(0, facts.orders[order].pairs - decisions.in_lots(order) - decisions.outside_of.get(order, 0))


def overtime_money(facts: Facts, load: dict[str, list[int]]) -> int:
    """Return what the overtime of all lines costs in fen, each line and period rounded up, as a negative number."""
    total = 0
    for line, by_period in load.items():
        facts_of = facts.lines[line]
        for worked, regular in zip(by_period, facts_of.regular, strict=True):
            if worked > regular:
                total -= ceil_div((worked - regular) * facts_of.surcharge, HOUR)
    return total


def contribution(facts: Facts, decisions: Decisions, used: Usage) -> Contribution:
    """Return the contribution of a plan; ``used`` is the use of all its lots."""
    orders = dict.fromkeys(facts.orders, 0)
    for lot in decisions.lots.values():
        orders[lot.order] += lot_money(facts, lot)
    for order, maker, t, pairs in decisions.outside:
        orders[order] += outside_money(facts, order, maker, t, pairs)
    for order in orders:
        orders[order] -= _broken(facts, dropped_pairs(facts, decisions, order))
    bought = -sum(facts.offers[offer].cost_fen(q) for (offer, _), q in decisions.purchases.items())
    return Contribution(orders, overtime_money(facts, used.load), bought)


def _broken(facts: Facts, pairs: int) -> int:
    return ceil_of(facts.broken_fen * Fraction(pairs))


def constants(facts: Facts, frozen: Iterable[Lot], frozen_load: dict[str, list[int]]) -> int:
    """Return the money of frozen lots in fen; their overtime is rounded down, line by line and period by period."""
    total = sum(lot_money(facts, lot) for lot in frozen)
    for line, by_period in frozen_load.items():
        facts_of = facts.lines[line]
        for worked, regular in zip(by_period, facts_of.regular, strict=True):
            total -= max(0, worked - regular) * facts_of.surcharge // HOUR
    return total
