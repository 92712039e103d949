"""What is scarce besides minutes: material, caps, skills, tools and outside makers, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, LineFacts
from cordwainer.core import Period, ceil_div, scaled
from cordwainer.planning.eligibility import line_columns
from cordwainer.planning.orders import OrderArrays
from cordwainer.planning.problem import Flags, Ints, Small, index_of
from cordwainer.planning.styles import StyleArrays, effective

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


_TOOL_STAGE = {"last": "lasting", "die": "cutting", "mould": "sole"}


def tools(
    cluster: Cluster, orders: OrderArrays, styles: StyleArrays, periods: Sequence[Period]
) -> tuple[tuple[str, ...], Small, Small, Ints, Ints]:
    """Return tool ids (kind|code|size), pointers, rows and shares (millionths) by job, and limit by row x T."""
    days = [sum((p.start + timedelta(days=k)).weekday() != 6 for k in range(p.days)) for p in periods]
    per_day: dict[tuple[str, str, str], int] = {}
    for kind, code, size, sets, pairs_day in (
        cluster["tool"].select("kind", "code", "size", "sets", "pairs_day").iter_rows()
    ):
        key = (kind, code, size or "")
        per_day[key] = per_day.get(key, 0) + sets * pairs_day
    rows = {key: i for i, key in enumerate(per_day)}
    limit = np.array([[1_000_000 * n * d for d in days] for n in per_day.values()], np.int64).reshape(
        len(rows), len(days)
    )
    by_code: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for (kind, code, size), i in rows.items():
        by_code.setdefault((kind, code), []).append((size, i))
    shares = _size_shares(cluster) if rows else {}
    codes = (
        {r["style"]: (r["last"], r["style"], r["sole"]) for r in cluster["style"].iter_rows(named=True)} if rows else {}
    )
    ptr, row_of, share_of = [0], [], []
    for order, style in zip(orders.ids, orders.styles, strict=True):
        at = styles.index[style]
        for sj in range(styles.ptr[at], styles.ptr[at + 1]):
            for (kind, stage), code in zip(_TOOL_STAGE.items(), codes.get(style, (None,) * 3), strict=True):
                if code is not None and stage == styles.stage[sj]:
                    for size, i in by_code.get((kind, code), []):
                        share = 1_000_000 if size == "" else shares.get((order, size), 0)
                        if share:
                            row_of.append(i)
                            share_of.append(share)
            ptr.append(len(row_of))
    ids = tuple("|".join(key) for key in rows)
    return ids, np.array(ptr, np.int32), np.array(row_of, np.int32), np.array(share_of, np.int64), limit


def _size_shares(cluster: Cluster) -> dict[tuple[str, str], int]:
    pairs = dict(cluster["order"].select("order", "pairs").iter_rows())
    sized = cluster["order_size"].select("order", "size", "pairs").iter_rows()
    shares = {(o, s): ceil_div(1_000_000 * n, pairs[o]) for o, s, n in sized}
    known = {o for o, _ in shares}
    curves: dict[str, list[tuple[str, int]]] = {}
    for curve, size, share in cluster["size_curve"].iter_rows():
        curves.setdefault(curve, []).append((size, scaled(share, 4) * 100))
    for order, curve in cluster["order"].select("order", "size_curve").iter_rows():
        if order not in known and curve is not None:
            shares |= {(order, size): share for size, share in curves.get(curve, [])}
    return shares


def outside(
    cluster: Cluster, orders: OrderArrays, styles: StyleArrays, periods: Sequence[Period], carbon_price: Fraction
) -> tuple[tuple[str, ...], Small, Small, Ints, Small, Ints]:
    """Return makers, pointers by order, maker, value in 1/1000 fen and first period of each option, limit by maker x T."""
    makers = cluster["outside_maker"].to_dicts()
    index = index_of([m["maker"] for m in makers])
    makes: dict[tuple[str, str], list[tuple[int, int, int, int]]] = {}
    for maker, construction, category, fen, minute, factor in cluster["outside_makes"].iter_rows():
        makes.setdefault((construction, category), []).append((index[maker], fen, scaled(minute, 3), scaled(factor, 4)))
    kinds = {s: (c, k) for s, c, k in cluster["style"].select("style", "construction", "category").iter_rows()}
    cost, unknown = _list_cost(cluster)
    ptr, who, value, first = [0], [], [], []
    for i, style in enumerate(orders.styles):
        at = styles.index[style]
        centi = int(styles.centi[styles.ptr[at] : styles.ptr[at + 1]].sum())
        for k, fen, minute, factor in makes.get(kinds[style], []):
            if style in unknown:
                continue
            price = fen + ceil_div(minute * centi, 100_000) + ceil_div(factor * cost.get(style, 0), 10**15)
            carbon = 0
            if carbon_price:
                cost_of = scaled(makers[k]["carbon_g_pair"], 3) * carbon_price / 10**9
                carbon = ceil_div(cost_of.numerator, cost_of.denominator)
            ready = orders.earliest[i] + timedelta(days=makers[k]["lead_days"])
            begins = next((t for t, p in enumerate(periods) if p.end >= ready), len(periods))
            if begins <= orders.last[i]:
                who.append(k)
                value.append(1000 * (int(orders.price[i]) - price - carbon) if orders.inside[i] else 0)
                first.append(begins)
        ptr.append(len(who))
    limit = np.array([[m["week_pairs"] * p.days // 7 for p in periods] for m in makers], np.int64)
    return (
        tuple(index),
        np.array(ptr, np.int32),
        np.array(who, np.int32),
        np.array(value, np.int64),
        np.array(first, np.int32),
        limit.reshape(len(makers), len(periods)),
    )


def _list_cost(cluster: Cluster) -> tuple[dict[str, int], set[str]]:
    """Return material cost at list prices of each style's pair, in 1e-11 fen, and the styles where a price is unknown."""
    price = {
        m: None if p is None else scaled(p, 3)
        for m, p in cluster["material"].select("material", "list_price").iter_rows()
    }
    cost: dict[str, int] = {}
    unknown: set[str] = set()
    for style, material, quantity, loss, by in (
        effective(cluster, "bill_of_material", "bill_template")
        .select("style", "material", "quantity_per_pair", "loss_share", "supplied_by")
        .iter_rows()
    ):
        each = price[material]
        if by == "buyer":
            continue
        if each is None:
            unknown.add(style)
        else:
            cost[style] = cost.get(style, 0) + scaled(quantity, 4) * (10_000 + scaled(loss, 4)) * each
    return cost, unknown
