"""Rules 5 to 11 of the plan model: minutes, skills, tools, material, purchases, caps, outside makers, outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from cordwainer.core import ceil_div
from cordwainer.referee.bound import skill_id
from cordwainer.referee.case import Case, Fault


def capacity(case: Case) -> Iterator[Fault]:
    """Find where this fails: no line works more than its most, or than its frozen load where that is more; by 1/1000 minute."""
    for line in case.facts.lines.values():
        for t, load in enumerate(case.used.load[line.id]):
            over = load - max(line.most[t], case.frozen.load[line.id][t])
            if over > 0:
                yield Fault("work", line.id, t, over)


def skill(case: Case) -> Iterator[Fault]:
    """Find where this fails: no skill is used beyond the minutes of the workers who have it; by 1/1000 minute."""
    for key, limits in case.facts.skill_limits.items():
        for t, limit in enumerate(limits):
            over = case.used.skills[key][t] - max(limit, case.frozen.skills[key][t])
            if over > 0:
                yield Fault("work", skill_id(key), t, over)


def tool(case: Case) -> Iterator[Fault]:
    """Find where this fails: no tool does more pairs than it can; by pairs, rounded up."""
    for key, limits in case.facts.tool_limits.items():
        for t, limit in enumerate(limits):
            over = case.used.tools[key][t] - max(limit, case.frozen.tools[key][t])
            if over > 0:
                yield Fault("work", skill_id(key), t, ceil_div(over, 1_000_000))


def material(case: Case) -> Iterator[Fault]:
    """Find where this fails: no material is used before it is there; by 1/1000 unit, rounded up."""
    arriving = {m: [1000 * q for q in by_period] for m, by_period in case.facts.stock.items()}
    for (offer, t), quantity in case.decisions.purchases.items():
        usable = case.facts.offers[offer].usable[t]
        if usable is not None:
            arriving[case.facts.offers[offer].material][usable] += 1000 * quantity
    for name, by_period in case.used.materials.items():
        for t, (need, there) in enumerate(zip(accumulate(by_period), accumulate(arriving[name]), strict=True)):
            if need > there and by_period[t]:
                yield Fault("work", name, t, ceil_div(need - there, 1000))


def purchase_quantity(case: Case) -> Iterator[Fault]:
    """Find where this fails: a purchase is the minimum and whole multiples more, within the capacity."""
    for (offer, t), quantity in case.decisions.purchases.items():
        if not case.facts.offers[offer].allows(quantity, t):
            yield Fault("purchase", offer, t, quantity)


def purchase_offer(case: Case) -> Iterator[Fault]:
    """Find where this fails: a purchase is made while the offer holds."""
    for (offer, t), quantity in case.decisions.purchases.items():
        if not case.facts.offers[offer].open[t]:
            yield Fault("purchase", offer, t, quantity)


def cap(case: Case) -> Iterator[Fault]:
    """Find where this fails: no capped flow exceeds its cap; by 1/1000 of its unit."""
    for limit in case.facts.caps.values():
        over = case.used.caps[limit.id] - max(limit.amount, case.frozen.caps[limit.id])
        if over > 0:
            yield Fault("work", limit.id, by=over)


def outside_capacity(case: Case) -> Iterator[Fault]:
    """Find where this fails: no outside maker has more pairs ready in a period than it can."""
    ready: dict[tuple[str, int], int] = {}
    for _, maker, t, pairs in case.decisions.outside:
        ready[maker, t] = ready.get((maker, t), 0) + pairs
    for (maker, t), pairs in ready.items():
        over = pairs - case.facts.outside.capacity(maker, t)
        if over > 0:
            yield Fault("outside_order", maker, t, over)


def outside_one(case: Case) -> Iterator[Fault]:
    """Find where this fails: one outside maker an order."""
    makers: dict[str, set[str]] = {}
    for order, maker, _, _ in case.decisions.outside:
        makers.setdefault(order, set()).add(maker)
    for order, found in makers.items():
        if len(found) > 1:
            yield Fault("outside_order", order, by=len(found) - 1)


def outside_makes(case: Case) -> Iterator[Fault]:
    """Find where this fails: the outside maker makes the style, and its price is known."""
    for order, maker, t, pairs in case.decisions.outside:
        if case.facts.outside.cost(maker, case.facts.orders[order].style) is None:
            yield Fault("outside_order", order, t, pairs, maker)


def outside_window(case: Case) -> Iterator[Fault]:
    """Find where this fails: the outside maker has its lead time, and the pairs are ready within the order's window."""
    for order, maker, t, pairs in case.decisions.outside:
        if t not in case.facts.outside.in_time(maker, case.facts.orders[order]):
            yield Fault("outside_order", order, t, pairs, maker)


def outcome(case: Case) -> Iterator[Fault]:
    """Find where this fails: every order has the one outcome that its pairs in lots and outside, and its promises, allow."""
    made = case.decisions
    for order in case.facts.orders.values():
        in_lots, outside = made.in_lots(order.id), made.outside_of.get(order.id, 0)
        frozen = made.frozen_pairs.get(order.id, 0)
        promised = order.committed or order.id in made.frozen_pairs
        left = max(order.pairs, frozen) - in_lots - outside
        holds = {
            "placed": left == 0 and outside == 0,
            "mixed": left == 0 and outside > 0 and in_lots > 0,
            "outside": left == 0 and outside > 0 and in_lots == 0,
            "declined": not promised and in_lots == 0 and outside == 0,
            "broken": promised and in_lots == frozen and outside == 0 and left > 0,
        }
        if not holds.get(made.outcomes.get(order.id, ""), False):
            yield Fault("outcome", order.id, by=left)
