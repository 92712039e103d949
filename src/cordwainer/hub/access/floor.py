"""What happened on the floor in the dictionary's form, beside the cluster, before the gate.

Handovers, claims, statements, payments and progress lie in tables of the hub; put into the dictionary's tables, the gate decides by
purpose, secrecy and owner which of their rows a viewer reads.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from cordwainer.cluster import Cluster, polars_schema
from cordwainer.hub.access.gate import Gate
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.acts.paying import Between
from cordwainer.hub.models.floor import Claim, Due, Handover, Payment, Progress
from cordwainer.hub.store.versions import live

TABLES = ("progress", "handover", "handover_size", "claim", "statement", "payment")
"""Tables of the dictionary that are filled from what happened on the floor."""
READERS_OF = ("planner", "maker", "buyer")
"""Roles with pages of the floor."""


def gate(viewer: Viewer) -> Gate:
    """Return the gate before the cluster as it is now with what happened on the floor in the dictionary's tables."""
    frames = {**live().frames, **happened()}
    return Gate(viewer, Cluster(frames))


def happened() -> dict[str, pl.DataFrame]:
    """Return what happened on the floor as tables of the dictionary."""
    rows: dict[str, list[dict[str, Any]]] = {t: [] for t in TABLES}
    done: dict[tuple[str, str, date], list[int]] = {}
    for p in Progress.objects.order_by("pk"):
        sums = done.setdefault((p.lot, p.stage, p.date), [0, 0, 0])
        for k, n in enumerate((p.pairs, p.seconds, p.rework)):
            sums[k] += n
    rows["progress"] = [
        {"lot": lot, "stage": s, "date": d, "pairs": a, "seconds": b, "rework": c}
        for (lot, s, d), (a, b, c) in done.items()
    ]
    for h in Handover.objects.filter(withdrawn_at=None).order_by("pk"):
        row = {"handover": f"H{h.pk}", "lot": h.lot, "stage": h.stage, "giver": h.giver, "receiver": h.receiver}
        confirmed = h.received is not None
        rows["handover"].append({**row, "date": h.date, "giver_confirmed": True, "receiver_confirmed": confirmed})
        rows["handover_size"] += [
            {"handover": f"H{h.pk}", "size": size, "good": a, "second": b, "missing": c}
            for size, a, b, c in (h.received if confirmed else h.given)
        ]
    for c in Claim.objects.select_related("handover").order_by("pk"):
        row = {"claim": f"C{c.pk}", "handover": f"H{c.handover_id}", "pairs": c.pairs, "amount_fen": c.fen}
        rows["claim"].append({**row, "answer_by": c.handover.giver, "until": c.until, "status": c.status})
    for between, amount in _sums().items():
        row = {"statement": between.name, "payer": between.payer, "payee": between.payee, "month": between.month}
        rows["statement"].append({**row, "amount_fen": amount if between.currency == "CNY" else None})
    for p in Payment.objects.order_by("pk"):
        name = Between(p.payer, p.payee, p.month, p.currency).name
        amount = p.amount if p.currency == "CNY" else None
        rows["payment"].append({"payment": f"P{p.pk}", "statement": name, "date": p.date, "amount_fen": amount})
    return {
        t: pl.DataFrame([{k: row.get(k) for k in polars_schema(t)} for row in r], schema=polars_schema(t))
        for t, r in rows.items()
    }


def _sums() -> dict[Between, int | None]:
    found: dict[Between, int | None] = {}
    for d in Due.objects.order_by("date", "pk"):
        between = Between(d.payer, d.payee, d.date.replace(day=1), d.currency)
        before = found.get(between, 0)
        found[between] = None if before is None or d.amount is None else before + d.amount
    return found
