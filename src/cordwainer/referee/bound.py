"""The bound: at given prices no feasible plan is worth more (plan model, section 7)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cordwainer.core import ceil_div
from cordwainer.referee.arrays import Ints
from cordwainer.referee.contribution import constants
from cordwainer.referee.decisions import Decisions
from cordwainer.referee.eligibility import Eligibility
from cordwainer.referee.facts import Facts, SkillKey, ToolKey
from cordwainer.referee.grid import Priced
from cordwainer.referee.orders import Order
from cordwainer.referee.paths import Found, Search
from cordwainer.referee.supply import Offer
from cordwainer.referee.usage import Usage

DEAREST = 10**15
"""The highest price, in 1/1000 fen, that a plan may state."""


@dataclass(frozen=True)
class Bound:
    """The bound and its terms.

    ``total``, ``constants`` and ``without_lots`` are in fen, everything else in 1/1000 fen: the best value of a pair
    by order, and the terms of scarce things by id and period (caps: without period). ``open_pairs`` are the pairs
    not in frozen lots; ``useful`` is the largest possible need of each material in 1/1000 unit.
    """

    total: int
    constants: int
    without_lots: int
    best: dict[str, int]
    open_pairs: dict[str, int]
    lines: dict[tuple[str, int], int]
    materials: dict[tuple[str, int], int]
    purchases: dict[tuple[str, int], int]
    caps: dict[str, int]
    outside: dict[tuple[str, int], int]
    skills: dict[tuple[SkillKey, int], int]
    tools: dict[tuple[ToolKey, int], int]
    useful: dict[str, int] = field(default_factory=dict)


def skill_id(key: SkillKey | ToolKey) -> str:
    """Return the id of a skill or tool in the tables of a plan."""
    return "|".join(key)


def bound(facts: Facts, permits: Eligibility, decisions: Decisions, frozen: Usage) -> Bound:
    """Return the bound at the prices of a plan; ``frozen`` is the use of the cluster's frozen lots."""
    fixed = constants(facts, decisions.frozen.values(), frozen.load)
    open_pairs = {o.id: max(0, o.pairs - decisions.frozen_pairs.get(o.id, 0)) for o in facts.orders.values()}
    found = Search(facts, permits, priced(facts, decisions, frozen)).all()
    best, no_lot = {}, 0
    for order in facts.orders.values():
        theta = least(facts, decisions, order)
        path = found[order.id].value
        values = [theta] if path is None else [theta, path + 1000 * order.net]
        best[order.id] = max([*values, *outside_values(facts, order, decisions)])
        no_lot += open_pairs[order.id] * max([theta, *outside_values(facts, order, None)])
    no_lot -= least_purchases(facts, frozen)
    useful = largest_needs(facts, found, open_pairs, frozen)
    lines, skills, tools = line_terms(facts, decisions, frozen), {}, {}
    for skill, limits in facts.skill_limits.items():
        for t, limit in enumerate(limits):
            left = max(0, limit - frozen.skills[skill][t])
            skills[skill, t] = ceil_div(decisions.price("skill", skill_id(skill), t) * left, 1000)
    for tool, limits in facts.tool_limits.items():
        for t, limit in enumerate(limits):
            left = max(0, limit - frozen.tools[tool][t])
            tools[tool, t] = ceil_div(decisions.price("tool", skill_id(tool), t) * left, 1_000_000)
    materials = material_terms(facts, decisions, frozen)
    purchases = {
        (offer.id, t): phi(offer, decisions, t, useful.get(offer.material, 0))
        for offer in facts.offers.values()
        for t in range(len(facts.clock))
    }
    caps = {
        c.id: ceil_div(decisions.price("cap", c.id, 0) * max(0, c.amount - frozen.caps[c.id]), 1000)
        for c in facts.caps.values()
    }
    outside = {
        (maker, t): decisions.price("outside", maker, t) * facts.outside.capacity(maker, t)
        for maker in facts.outside.makers
        for t in range(len(facts.clock))
    }
    mfen = sum(open_pairs[o] * v for o, v in best.items())
    for terms in (lines, materials, purchases, caps, outside, skills, tools):
        mfen += sum(terms.values())
    return Bound(
        total=ceil_div(mfen, 1000) + fixed,
        constants=fixed,
        without_lots=ceil_div(no_lot, 1000) + fixed,
        best=best,
        open_pairs=open_pairs,
        lines=lines,
        materials=materials,
        purchases=purchases,
        caps=caps,
        outside=outside,
        skills=skills,
        tools=tools,
        useful=useful,
    )


def least(facts: Facts, decisions: Decisions, order: Order) -> int:
    """Return what a pair is worth that nobody makes: 0, or the penalty of a broken promise."""
    promised = order.committed or order.id in decisions.frozen_pairs
    return -int(1000 * facts.broken_fen) if promised else 0


def outside_values(facts: Facts, order: Order, decisions: Decisions | None) -> list[int]:
    """Return what a pair is worth at every outside maker and period in time; without decisions, at prices 0."""
    values = []
    for maker in facts.outside.makers:
        value = facts.outside.value(maker, order)
        if value is None:
            continue
        for t in facts.outside.in_time(maker, order):
            late = order.lateness_mfen(t) if order.in_cluster else 0
            price = decisions.price("outside", maker, t) if decisions is not None else 0
            values.append(1000 * value - late - price)
    return values


def left_on_line(regular: int, most: int, frozen: int) -> tuple[int, int]:
    """Return R' and K': regular and most minutes that frozen lots leave."""
    usual = max(0, regular - frozen)
    return usual, max(usual, most - frozen)


def line_terms(facts: Facts, decisions: Decisions, frozen: Usage) -> dict[tuple[str, int], int]:
    """Return what the minutes of lines are worth at their prices, by line and period."""
    terms = {}
    for line in facts.lines.values():
        for t, (regular, most) in enumerate(zip(line.regular, line.most, strict=True)):
            price = decisions.price("line", line.id, t)
            if price:
                usual, all_ = left_on_line(regular, most, frozen.load[line.id][t])
                margin = max(0, 60 * price - line.surcharge)
                terms[line.id, t] = ceil_div(60 * price * usual + margin * (all_ - usual), 60_000)
    return terms


def material_terms(facts: Facts, decisions: Decisions, frozen: Usage) -> dict[tuple[str, int], int]:
    """Return what stock is worth, less what frozen lots need, by material and period."""
    terms = {}
    for material, arriving in facts.stock.items():
        for t, quantity in enumerate(arriving):
            left = 1000 * quantity - frozen.materials[material][t]
            terms[material, t] = ceil_div(decisions.price("material", material, t) * left, 1_000_000)
    return terms


def largest_needs(facts: Facts, found: dict[str, Found], open_pairs: dict[str, int], frozen: Usage) -> dict[str, int]:
    """Return the largest need of each material that any plan can have, in 1/1000 unit."""
    total = {material: sum(by_period) for material, by_period in frozen.materials.items()}
    for order in facts.orders.values():
        for stage, defect in found[order.id].defects.items():
            for material, need in order.style.stages[stage].need(defect):
                total[material] += open_pairs[order.id] * need
    return {material: ceil_div(micro, 1000) for material, micro in total.items()}


def least_purchases(facts: Facts, frozen: Usage) -> int:
    """Return the least that buying for frozen lots can cost, each material rounded down, in 1/1000 fen."""
    total = 0
    for material, by_period in frozen.materials.items():
        lack = max(0, sum(by_period) - 1000 * sum(facts.stock[material]))
        prices = (price for x in facts.offers.values() if x.material == material for _, price in x.brackets)
        total += lack * min(prices, default=0) // 1_000_000
    return total


def worth(offer: Offer, decisions: Decisions, t: int, quantity: int) -> int:
    """Return price x quantity of what an offer brings when ordered in a period, in 1/1,000,000 fen."""
    usable = offer.usable[t]
    return 0 if usable is None else decisions.price("material", offer.material, usable) * quantity


def phi(offer: Offer, decisions: Decisions, t: int, useful: int) -> int:
    """Return the most that one purchase can earn at the prices, in 1/1000 fen, rounded up."""
    if offer.usable[t] is None or not offer.open[t] or not worth(offer, decisions, t, 1):
        return 0
    gains = (worth(offer, decisions, t, min(q, useful)) - offer.cost(q) for q in offer.corners(t, useful))
    return max(0, ceil_div(max(gains, default=0), 1000))


def priced(facts: Facts, decisions: Decisions, frozen: Usage) -> Priced:
    """Return the prices as arrays, each held at what no order can pay."""
    T = len(facts.clock)

    def series(kind: str) -> dict[str, Ints]:
        found: dict[str, Ints] = {}
        for (of, t), mfen in decisions.prices.get(kind, {}).items():
            found.setdefault(of, np.zeros(T, np.int64))[t] = min(mfen, DEAREST)
        return found

    skills, tools = series("skill"), series("tool")
    return Priced(
        line=series("line"),
        material=series("material"),
        cap={of: min(mfen, DEAREST) for (of, _), mfen in decisions.prices.get("cap", {}).items()},
        skill={key: skills[skill_id(key)] for key in facts.workers if skill_id(key) in skills},
        tool={key: tools[skill_id(key)] for key in facts.tool_limits if skill_id(key) in tools},
        free={
            x.id: [left_on_line(r, k, f)[1] for r, k, f in zip(x.regular, x.most, frozen.load[x.id], strict=True)]
            for x in facts.lines.values()
        },
    )
