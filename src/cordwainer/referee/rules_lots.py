"""Rules 1 to 4 and 12 of the plan model: lots, precedence, windows, who may make what, frozen lots."""

from __future__ import annotations

from collections.abc import Iterator

from cordwainer.referee.case import Case, Fault
from cordwainer.referee.decisions import Lot


def lot_work_sums(case: Case) -> Iterator[Fault]:
    """Find where this fails: the work of a lot sums to its pairs in every stage of the routing, and there is no other work."""
    for lot in case.decisions.free:
        stages = case.facts.orders[lot.order].style.stages
        for stage in [*stages, *(s for s in lot.work if s not in stages)]:
            wanted = lot.pairs if stage in stages else 0
            done = sum(lot.work.get(stage, {}).values())
            if done != wanted:
                yield Fault("work", lot.id, by=done - wanted, note=stage)


def lot_lines(case: Case) -> Iterator[Fault]:
    """Find where this fails: one line for each stage, of that stage, and no other."""
    for lot in case.decisions.free:
        stages = case.facts.orders[lot.order].style.stages
        for stage in sorted(stages.keys() | lot.lines.keys()):
            line = lot.lines.get(stage)
            if stage not in stages or line is None or case.facts.lines[line].stage != stage:
                yield Fault("lot_line", lot.id, note=stage)


def _free_by_order(case: Case) -> dict[str, list[Lot]]:
    found: dict[str, list[Lot]] = {}
    for lot in case.decisions.free:
        found.setdefault(lot.order, []).append(lot)
    return found


def lot_distinct(case: Case) -> Iterator[Fault]:
    """Find where this fails: no two lots of an order have the same lines."""
    for lots in _free_by_order(case).values():
        seen: set[tuple[tuple[str, str], ...]] = set()
        for lot in lots:
            key = tuple(sorted(lot.lines.items()))
            if key in seen:
                yield Fault("lot_line", lot.id)
            seen.add(key)


def lot_count(case: Case) -> Iterator[Fault]:
    """Find where this fails: at most policy most_lots lots an order."""
    for order, lots in _free_by_order(case).items():
        if len(lots) > case.facts.most_lots:
            yield Fault("lot", order, by=len(lots) - int(case.facts.most_lots))


def lot_smallest(case: Case) -> Iterator[Fault]:
    """Find where this fails: a lot is no smaller than its order and each of its lines allow."""
    for lot in case.decisions.free:
        limits = [case.facts.lines[line].smallest for line in lot.lines.values()]
        least = max([case.facts.orders[lot.order].row["smallest_lot_pairs"], *limits])
        if lot.pairs < least:
            yield Fault("lot", lot.id, by=least - lot.pairs)


def lot_makers(case: Case) -> Iterator[Fault]:
    """Find where this fails: no more firms do the last stage of an order than it allows."""
    for order_id, lots in _free_by_order(case).items():
        order = case.facts.orders[order_id]
        most, last = order.row["most_makers"], order.style.last_stage
        firms = {case.facts.lines[lot.lines[last]].firm for lot in lots if last in lot.lines}
        if most is not None and len(firms) > most:
            yield Fault("lot_line", order_id, by=len(firms) - most)


def precedence(case: Case) -> Iterator[Fault]:
    """Find where this fails: no pair is worked on before it has come from the stage before."""
    T, last_before = len(case.clock), case.clock.last_before
    for lot, stage, line in case.stages():
        after = case.facts.orders[lot.order].style.stages[stage].after
        if after is None or after not in lot.lines:
            continue
        link = case.facts.link(line, lot.lines[after])
        if link is None:
            continue
        made, taken = lot.done(stage, T), lot.done(after, T)
        for t in lot.work.get(after, {}):
            u = last_before(t, link.lag_days)
            ready = made[u] if u >= 0 else 0
            if taken[t] > ready:
                yield Fault("work", lot.id, t, taken[t] - ready, after)


def transfer_allowed(case: Case) -> Iterator[Fault]:
    """Find where this fails: between lines in different districts there is a transfer."""
    for lot, stage, line in case.stages():
        after = case.facts.orders[lot.order].style.stages[stage].after
        if after in lot.lines and case.facts.link(line, lot.lines[after]) is None:
            yield Fault("lot_line", lot.id, note=f"{stage} > {after}")


def window(case: Case) -> Iterator[Fault]:
    """Find where this fails: no work before the order's first or after its last period."""
    for lot in case.decisions.free:
        allowed = case.facts.orders[lot.order].window
        for stage, t, pairs in lot.rows():
            if t not in allowed:
                yield Fault("work", lot.id, t, pairs, stage)


def line_tier(case: Case) -> Iterator[Fault]:
    """Find where this fails: the line is fine enough for the style."""
    for lot, stage, line in case.stages():
        lack = case.facts.orders[lot.order].style.tier - case.facts.lines[line].tier
        if lack > 0:
            yield Fault("lot_line", lot.id, by=lack, note=stage)


def line_makes(case: Case) -> Iterator[Fault]:
    """Find where this fails: the line makes the style's construction and category."""
    for lot, stage, line in case.stages():
        if case.facts.orders[lot.order].style.kind not in case.facts.lines[line].makes:
            yield Fault("lot_line", lot.id, note=stage)


def named_makers(case: Case) -> Iterator[Fault]:
    """Find where this fails: if the order names makers, one of them does the last stage."""
    for lot, stage, line in case.stages():
        order = case.facts.orders[lot.order]
        if order.named and stage == order.style.last_stage and case.facts.lines[line].firm not in order.named:
            yield Fault("lot_line", lot.id, note=case.facts.lines[line].firm)


def barred_makers(case: Case) -> Iterator[Fault]:
    """Find where this fails: no stage at a barred firm."""
    for lot, stage, line in case.stages():
        if case.facts.lines[line].firm in case.facts.orders[lot.order].barred:
            yield Fault("lot_line", lot.id, note=stage)


def approval(case: Case) -> Iterator[Fault]:
    """Find where this fails: where the order asks for it, the buyer approves the site for the stage on every day of periods with work."""
    for lot, stage, line in case.stages():
        order = case.facts.orders[lot.order]
        if order.row["approval_needed"]:
            good = case.permits.approval(order.buyer, case.facts.lines[line].site, stage)
            for t, pairs in lot.work.get(stage, {}).items():
                if not good[t]:
                    yield Fault("work", lot.id, t, pairs, stage)


def certificate(case: Case) -> Iterator[Fault]:
    """Find where this fails: the firm holds every standard required for the stage on every day of periods with work."""
    for lot, stage, line in case.stages():
        for standard, of in case.facts.orders[lot.order].needs:
            if of == stage:
                good = case.permits.certified(case.facts.lines[line].firm, standard, stage)
                for t, pairs in lot.work.get(stage, {}).items():
                    if not good[t]:
                        yield Fault("work", lot.id, t, pairs, standard)


def frozen(case: Case) -> Iterator[Fault]:
    """Find where this fails: frozen lots stand in the plan exactly as promised."""
    for lot_id, promised in case.decisions.frozen.items():
        if case.decisions.lots.get(lot_id) != promised:
            yield Fault("lot", lot_id)
