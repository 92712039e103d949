"""Offers as rows of tables: a cluster that holds what was accepted as orders and promises, and a plan with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from cordwainer.cluster import Cluster, Plan, polars_schema
from cordwainer.quoting.offers import Offer
from cordwainer.referee import Recomputed, recompute


def lot_names(offer: Offer) -> list[str]:
    """Return the ids of the lots of an offer."""
    return [f"{offer.offer}-{k}" for k in range(1, len(offer.lots) + 1)]


def style_of(offer: Offer) -> str:
    """Return the style of an offer; a new one takes the id of the offer."""
    return offer.request.style or f"{offer.offer}-style"


def cluster_with(cluster: Cluster, offers: Sequence[Offer], *, promised: bool = True) -> Cluster:
    """Return a cluster with offers as orders; ``promised``: their lots are accepted promises, around which plans are made."""
    rows: dict[str, list[dict[str, Any]]] = {}
    known = set(cluster["order"]["order"])
    for offer in offers:
        if offer.offer not in known:
            for table, row in _rows(offer, promised=promised):
                rows.setdefault(table, []).append(row)
    frames = {table: pl.concat([cluster[table], _frame(table, new)]) for table, new in rows.items()}
    return cluster.replace(**frames)


def _frame(table: str, rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    types = polars_schema(table)
    return pl.DataFrame([{c: row.get(c) for c in types} for row in rows], schema=types)


def _rows(offer: Offer, *, promised: bool) -> Iterable[tuple[str, dict[str, Any]]]:
    r, name = offer.request, offer.offer
    if r.style is None:
        yield (
            "style",
            {"style": style_of(offer), "construction": r.construction, "category": r.category, "tier": r.tier}
            | {"age_group": "child" if r.category == "children" else "adult", "last": r.last},
        )
    yield (
        "purchase_order",
        {"po": name, "buyer": r.buyer, "currency": r.currency, "price_term": r.price_term}
        | {"tax_included": r.tax_included, "payment_term": r.payment_term, "firmness": "confirmed"}
        | {"over_short_share": r.over_short_share},
    )
    yield (
        "order",
        {"order": name, "po": name, "style": style_of(offer), "pairs": r.pairs, "price": offer.price}
        | {"market": r.market, "channel": "oem", "due_date": offer.ready, "latest_date": offer.ready}
        | {"late_fen_pair_week": 0, "committed": True, "most_makers": r.most_makers or None}
        | {"smallest_lot_pairs": r.smallest_lot, "approval_needed": r.approval_needed, "subcontracting": True}
        | {"earliest_date": offer.start, "repeat_of": r.repeat_of},
    )
    for size, pairs in r.sizes.items():
        yield "order_size", {"order": name, "size": size, "pairs": pairs}
    for k, (standard, stage) in enumerate(r.standards):
        yield "order_requirement", {"requirement": f"{name}-{k}", "order": name, "standard": standard, "stage": stage}
    for rule, firms in (("named", r.named), ("barred", r.barred)):
        for firm in firms:
            yield "order_maker", {"order": name, "firm": firm, "rule": rule}
    for kind, due in offer.milestones:
        yield "order_milestone", {"order": name, "kind": kind, "due": due}
    if promised:
        yield from _promise(offer)


def _promise(offer: Offer) -> Iterable[tuple[str, dict[str, Any]]]:
    for lot, each in zip(lot_names(offer), offer.lots, strict=True):
        yield "promise", {"lot": lot, "order": offer.offer, "pairs": each.pairs, "status": "accepted"}
        for stage, line in each.lines.items():
            yield "promise_line", {"lot": lot, "stage": stage, "line": line}
        for stage, day, pairs in each.work:
            yield "promise_work", {"lot": lot, "stage": stage, "start_date": day, "pairs": pairs}


def plan_with(cluster: Cluster, plan: Plan, offers: Sequence[Offer]) -> Plan:
    """Return a plan with the lots and purchases of offers, for the cluster that holds their orders.

    What it claims is what the referee computes from its decisions.
    """
    period = {p.start: t for t, p in enumerate(plan.periods)}
    lots, lines, work, outcomes = [], [], [], []
    bought = {(o, t): q for o, t, q in plan["purchase"].select("offer", "period", "quantity_milli").iter_rows()}
    for offer in offers:
        outcomes.append({"order": offer.offer, "outcome": "placed"})
        for lot, each in zip(lot_names(offer), offer.lots, strict=True):
            lots.append({"lot": lot, "order": offer.offer, "pairs": each.pairs})
            lines += [{"lot": lot, "stage": s, "line": x} for s, x in each.lines.items()]
            work += [{"lot": lot, "stage": s, "period": period[d], "pairs": n} for s, d, n in each.work]
        for name, day, quantity in offer.purchases:
            key = (name, period[day])
            bought[key] = bought.get(key, 0) + quantity
    purchases = [{"offer": o, "period": t, "quantity_milli": q} for (o, t), q in bought.items()]
    frames = dict(plan.frames) | {
        "lot": pl.concat([plan["lot"], _frame("lot", lots)]),
        "lot_line": pl.concat([plan["lot_line"], _frame("lot_line", lines)]),
        "work": pl.concat([plan["work"], _frame("work", work)]),
        "outcome": pl.concat([plan["outcome"], _frame("outcome", outcomes)]),
        "purchase": _frame("purchase", purchases),
        "plan": plan["plan"].with_columns(cluster_hash=pl.lit(cluster.hash)),
    }
    undecided = Plan.build(frames)
    return _claiming(undecided, recompute(cluster, undecided))


def _claiming(plan: Plan, found: Recomputed) -> Plan:
    said = plan["plan"].with_columns(
        contribution_fen=pl.lit(found.contribution_fen, pl.Int64),
        bound_fen=pl.lit(found.bound_fen, pl.Int64),
        without_lots_fen=pl.lit(found.without_lots_fen, pl.Int64),
    )
    return Plan.build({**plan.frames, **found.derived, "plan": said})
