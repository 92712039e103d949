"""Where the distance between bound and contribution lies: the parts of B - Z (plan model, section 7)."""

from __future__ import annotations

from collections import defaultdict

from cordwainer.referee.bound import Bound, left_on_line, skill_id, worth
from cordwainer.referee.contribution import dropped_pairs
from cordwainer.referee.decisions import Decisions, Lot
from cordwainer.referee.facts import Facts
from cordwainer.referee.usage import Usage

Parts = dict[tuple[str, str], int]
"""1/1000 fen by (part, id)."""


def parts(facts: Facts, decisions: Decisions, b: Bound, z: int, used: Usage, frozen: Usage) -> Parts:
    """Return the parts of 1000 (B - Z) that are not 0.

    Parameters
    ----------
    z
        The contribution in fen.
    used, frozen
        Use of all lots of the plan, and of the cluster's frozen lots.
    """
    found: Parts = defaultdict(int)
    _orders(found, facts, decisions, b)
    _lines(found, facts, decisions, b, used, frozen)
    _materials(found, facts, decisions, b, used, frozen)
    _caps(found, facts, decisions, b, used, frozen)
    _outside(found, decisions, b)
    for key, by_period in used.skills.items():
        for t, x in enumerate(by_period):
            free = x - frozen.skills[key][t]
            of = skill_id(key)
            found["skill", of] += b.skills[key, t] - decisions.price("skill", of, t) * free // 1000
    for tool, by_period in used.tools.items():
        for t, x in enumerate(by_period):
            free = x - frozen.tools[tool][t]
            of = skill_id(tool)
            found["tool", of] += b.tools[tool, t] - decisions.price("tool", of, t) * free // 1_000_000
    found["rounding", "-"] = 1000 * (b.total - z) - sum(found.values())
    return {key: mfen for key, mfen in found.items() if mfen}


def _orders(found: Parts, facts: Facts, decisions: Decisions, b: Bound) -> None:
    for order_id, best in b.best.items():
        found["order", order_id] = b.open_pairs[order_id] * best
        found["order", order_id] += int(1000 * facts.broken_fen) * dropped_pairs(facts, decisions, order_id)
    for lot in decisions.free:
        found["order", lot.order] -= earned(facts, decisions, lot)
    for order_id, maker, t, pairs in decisions.outside:
        order = facts.orders[order_id]
        value = facts.outside.value(maker, order)
        kept = 1000 * value - order.lateness_mfen(t) if order.in_cluster and value is not None else 0
        found["order", order_id] -= pairs * (kept - decisions.price("outside", maker, t))


def earned(facts: Facts, decisions: Decisions, lot: Lot) -> int:
    """Return what the pairs of a lot earn at the prices, in 1/1000 fen."""
    order = facts.orders[lot.order]
    total = 1000 * order.net * lot.pairs
    for stage, t, pairs in lot.rows():
        if stage in lot.lines and stage in order.style.stages:
            total -= pairs * stage_cost(facts, decisions, lot, stage, t)
            if stage == order.style.last_stage:
                total -= pairs * order.lateness_mfen(t)
    for step in order.style.stages.values():
        if step.after is not None and step.name in lot.lines and step.after in lot.lines:
            link = facts.link(lot.lines[step.name], lot.lines[step.after])
            if link is not None:
                total -= lot.pairs * (1000 * link.fen + int(link.carbon * facts.carbon_price / 1_000_000))
    return total


def stage_cost(facts: Facts, decisions: Decisions, lot: Lot, stage: str, t: int) -> int:
    """Return what one pair of a stage costs at the prices of a period, in 1/1000 fen, each term rounded down."""
    order, line = facts.orders[lot.order], facts.lines[lot.lines[stage]]
    unit = facts.unit(order.style, stage, line.id)
    minute = decisions.price("line", line.id, t)
    if unit.skill is not None:
        minute += decisions.price("skill", skill_id(unit.skill), t)
    total = unit.minutes * (line.ask + 60 * minute) // 60_000 + 1000 * unit.extra
    for material, need in unit.needs:
        total += need * decisions.price("material", material, t) // 1_000_000
    for cap, flow in unit.flows:
        if t in cap.periods:
            total += flow * decisions.price("cap", cap.id, 0) // 1000
    for tool, share in facts.tool_shares(order).get(stage, ()):
        total += share * decisions.price("tool", skill_id(tool), t) // 1_000_000
    return total + int(unit.carbon * facts.carbon_price / 1_000_000)


def _lines(found: Parts, facts: Facts, decisions: Decisions, b: Bound, used: Usage, frozen: Usage) -> None:
    for line in facts.lines.values():
        for t, load in enumerate(used.load[line.id]):
            price = decisions.price("line", line.id, t)
            free = load - frozen.load[line.id][t]
            if price or free:
                usual, _ = left_on_line(line.regular[t], line.most[t], frozen.load[line.id][t])
                paid = (60 * price * free - line.surcharge * max(0, free - usual)) // 60_000
                found["line", line.id] += b.lines.get((line.id, t), 0) - paid


def _materials(found: Parts, facts: Facts, decisions: Decisions, b: Bound, used: Usage, frozen: Usage) -> None:
    for (material, _), term in b.materials.items():
        found["material", material] += term
    for material, by_period in used.materials.items():
        paid = sum(
            decisions.price("material", material, t) * (micro - frozen.materials[material][t])
            for t, micro in enumerate(by_period)
        )
        found["material", material] -= paid // 1_000_000
    for (offer_id, _), most in b.purchases.items():
        found["purchase", offer_id] += most
    for (offer_id, t), quantity in decisions.purchases.items():
        offer = facts.offers[offer_id]
        brought = worth(offer, decisions, t, min(quantity, b.useful[offer.material])) // 1000
        found["material", offer.material] += brought
        found["purchase", offer_id] -= brought - 1000 * offer.cost_fen(quantity)


def _caps(found: Parts, facts: Facts, decisions: Decisions, b: Bound, used: Usage, frozen: Usage) -> None:
    for cap in facts.caps:
        free = used.caps[cap] - frozen.caps[cap]
        found["cap", cap] = b.caps[cap] - decisions.price("cap", cap, 0) * free // 1000


def _outside(found: Parts, decisions: Decisions, b: Bound) -> None:
    for (maker, _), term in b.outside.items():
        found["outside", maker] += term
    for _, maker, t, pairs in decisions.outside:
        found["outside", maker] -= decisions.price("outside", maker, t) * pairs
