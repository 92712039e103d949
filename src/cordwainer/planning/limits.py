"""What is scarce besides minutes and tools: material, what caps allow, skilled workers, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, LineFacts
from cordwainer.core import Period, scaled
from cordwainer.planning.eligibility import line_columns
from cordwainer.planning.problem import Flags, Ints, Small

PLENTY = 2**60


@dataclass(frozen=True)
class OfferPeriods:
    """Every (offer, order period) whose goods can still be used: allowed quantities are minimum + k x multiple, k <= steps.

    ``usable`` is the first period in which they can be used; quantities in milli units; ``breaks`` by offer: from, price in
    1/1000 fen a unit; ``whole`` true where a break prices all units.
    """

    offer: tuple[str, ...]
    material: Small
    period: Small
    usable: Small
    minimum: Ints
    multiple: Ints
    most: Ints
    breaks: tuple[tuple[tuple[int, int], ...], ...]
    whole: Flags


def stock_by_period(cluster: Cluster, materials: dict[str, int], periods: Sequence[Period]) -> Ints:
    """Return stock and inbound that can first be used in each period, material x T, milli units."""
    arriving = np.zeros((len(materials), len(periods)), np.int64)
    both = pl.concat([cluster[t].select("material", "usable_from", "quantity") for t in ("stock", "inbound")])
    for material, day, quantity in both.iter_rows():
        t = first_from(periods, day)
        if t is not None:
            arriving[materials[material], t] += scaled(quantity, 3)
    return arriving


def first_from(periods: Sequence[Period], day: date) -> int | None:
    """Return the first period that starts on or after a day."""
    return next((t for t, p in enumerate(periods) if p.start >= day), None)


def offer_periods(cluster: Cluster, materials: dict[str, int], periods: Sequence[Period]) -> OfferPeriods:
    """Return the purchases that the plan may make."""
    brackets: dict[str, list[tuple[int, int]]] = {}
    for offer, start, price in cluster["price_break"].sort("offer", "from_quantity").iter_rows():
        brackets.setdefault(offer, []).append((scaled(start, 3), scaled(price, 3)))
    rows = []
    for o in cluster["supplier_offer"].iter_rows(named=True):
        minimum, multiple = scaled(o["minimum"], 3), scaled(o["multiple"], 3)
        for w, period in enumerate(periods):
            if (o["valid_from"] and period.start < o["valid_from"]) or (o["valid_to"] and period.start > o["valid_to"]):
                continue
            usable = first_from(periods, period.start + timedelta(days=o["lead_days"]))
            if usable is None:
                continue
            most = PLENTY
            if o["capacity_week"] is not None:
                limit = scaled(o["capacity_week"], 3) * period.days // 7
                if limit < max(minimum, 1):
                    continue
                most = minimum + (limit - minimum) // multiple * multiple
            breaks = tuple(brackets[o["offer"]])
            rows.append(
                (
                    o["offer"],
                    materials[o["material"]],
                    w,
                    usable,
                    minimum,
                    multiple,
                    most,
                    breaks,
                    o["break_kind"] == "all",
                )
            )
    columns = list(zip(*rows, strict=True)) if rows else [()] * 9
    return OfferPeriods(
        offer=tuple(columns[0]),
        material=np.array(columns[1], np.int32),
        period=np.array(columns[2], np.int32),
        usable=np.array(columns[3], np.int32),
        minimum=np.array(columns[4], np.int64),
        multiple=np.array(columns[5], np.int64),
        most=np.array(columns[6], np.int64),
        breaks=tuple(columns[7]),
        whole=np.array(columns[8], np.bool_),
    )


def supply(arriving: Ints, offers: OfferPeriods) -> Ints:
    """Return the most of each material that can be at hand by each period, M x T, micro units (PLENTY: no limit)."""
    most = arriving.copy()
    for m, u, q in zip(offers.material, offers.usable, offers.most, strict=True):
        most[m, u] = min(PLENTY // 1000, most[m, u] + min(int(q), PLENTY // 1000))
    total = np.zeros_like(most)
    running = np.zeros(most.shape[0], np.int64)
    for t in range(most.shape[1]):
        running = np.minimum(PLENTY // 1000, running + most[:, t])
        total[:, t] = running
    return total * 1000


@dataclass(frozen=True)
class Caps:
    """Caps on flows; amounts in milli units."""

    ids: tuple[str, ...]
    flow: Small
    amount: Ints
    line: Flags
    period: Flags


def caps(cluster: Cluster, flows: dict[str, int], facts: LineFacts, periods: Sequence[Period]) -> Caps:
    """Return the caps that reach into the plan."""
    where = line_columns(cluster)
    ids, flow, amount, lines, inside = [], [], [], [], []
    for row in cluster["cap"].iter_rows(named=True):
        dates = [row["date_from"] <= p.start <= row["date_to"] for p in periods]
        if any(dates):
            ids.append(row["cap"])
            flow.append(flows[row["flow"]])
            amount.append(scaled(row["amount"], 3))
            everywhere = np.ones(len(facts.lines), np.bool_)
            lines.append(
                everywhere
                if row["scope"] == "cluster"
                else (where[row["scope"]] == row["of"]).fill_null(False).to_numpy()
            )
            inside.append(dates)
    return Caps(
        tuple(ids),
        np.array(flow, np.int32),
        np.array(amount, np.int64),
        np.array(lines, np.bool_).reshape(len(ids), len(facts.lines)),
        np.array(inside, np.bool_).reshape(len(ids), len(periods)),
    )


def skills(
    cluster: Cluster, facts: LineFacts, firms: dict[str, int], line_firm: Small, names: dict[str, int]
) -> tuple[tuple[tuple[str, str], ...], Small, Ints]:
    """Return (firm, skill) rows, row number by firm x skill (-1: no limit), and limit by row x T in 1/1000 minute."""
    rows = [r for r in cluster["worker_skill"].select("firm", "skill", "workers").iter_rows() if r[1] in names]
    number = np.full((len(firms), max(1, len(names))), -1, np.int32)
    limit = np.zeros((len(rows), facts.worker.shape[1]), np.int64)
    per_worker = np.zeros((len(firms), facts.worker.shape[1]), np.int64)
    np.maximum.at(per_worker, line_firm, facts.worker)
    for i, (firm, skill, workers) in enumerate(rows):
        number[firms[firm], names[skill]] = i
        limit[i] = workers * per_worker[firms[firm]]
    return tuple((r[0], r[1]) for r in rows), number, limit
