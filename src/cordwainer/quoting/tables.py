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
    open_ = frozenset[str]() if promised else frozenset(o.offer for o in offers)
    return cluster_of(cluster, offers, open_=open_, late=False)


def cluster_of(
    cluster: Cluster,
    offers: Sequence[Offer],
    *,
    gone: frozenset[str] = frozenset(),
    open_: frozenset[str] = frozenset(),
    late: bool = True,
) -> Cluster:
    """Return a cluster with offers as orders, and without the orders of offers that are ``gone``.

    The lots of an offer are accepted promises, but for those of ``open_`` offers, which are orders to be placed, rather ``late``
    than not at all. The row of an order that is there already stays as it is; its promises are written anew.
    """
    known = set(cluster["order"]["order"]) - gone
    bare = _without(cluster, gone & set(cluster["order"]["order"]), known & {o.offer for o in offers})
    rows: dict[str, list[dict[str, Any]]] = {}
    for offer in offers:
        is_open = offer.offer in open_
        made = [] if offer.offer in known else [*_rows(offer, known, late=late and is_open)]
        for table, row in [*made, *([] if is_open else _promise(offer))]:
            rows.setdefault(table, []).append(row)
    frames = {table: pl.concat([bare.get(table, cluster[table]), _frame(table, new)]) for table, new in rows.items()}
    return cluster.replace(**{**bare, **frames})


def _without(cluster: Cluster, gone: frozenset[str] | set[str], kept: set[str]) -> dict[str, pl.DataFrame]:
    """Return the tables without the rows of orders that are gone, and without the promises of these and of the ``kept`` ones."""
    if not gone and not kept:
        return {}
    names, styles = sorted(gone), sorted(f"{name}-style" for name in gone)
    frames = {t: cluster[t].filter(~pl.col("order").is_in(names)) for t in _OF_ORDERS}
    frames["order"] = frames["order"].with_columns(
        repeat_of=pl.when(~pl.col("repeat_of").is_in(names)).then(pl.col("repeat_of"))
    )
    frames["purchase_order"] = cluster["purchase_order"].filter(~pl.col("po").is_in(names))
    frames["style"] = cluster["style"].filter(~pl.col("style").is_in(styles))
    both = sorted({*gone, *kept})
    lots = cluster["promise"].filter(pl.col("order").is_in(both))["lot"].implode()
    frames["promise"] = cluster["promise"].filter(~pl.col("order").is_in(both))
    for table in ("promise_line", "promise_work"):
        frames[table] = cluster[table].filter(~pl.col("lot").is_in(lots))
    return frames


_OF_ORDERS = ("order", "order_size", "order_requirement", "order_maker", "order_milestone")


def _frame(table: str, rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    types = polars_schema(table)
    return pl.DataFrame([{c: row.get(c) for c in types} for row in rows], schema=types)


def _rows(offer: Offer, known: set[str], *, late: bool) -> Iterable[tuple[str, dict[str, Any]]]:
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
        | {"market": r.market, "channel": "oem", "due_date": offer.ready}
        | {"latest_date": None if late else offer.ready, "earliest_date": r.earliest if late else offer.start}
        | {"late_fen_pair_week": 0, "committed": True, "most_makers": r.most_makers or None}
        | {"smallest_lot_pairs": r.smallest_lot, "approval_needed": r.approval_needed, "subcontracting": True}
        | {"repeat_of": r.repeat_of if r.repeat_of in known else None},
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
