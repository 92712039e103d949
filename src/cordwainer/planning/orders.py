"""Orders as arrays: price, window, lateness, and the eligibility that an order itself asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster
from cordwainer.core import Period, exact
from cordwainer.planning.problem import Flags, Ints, Small


@dataclass(frozen=True)
class OrderArrays:
    """Per order: pairs, net price in fen, window, lateness, penalty, limits; ``inside`` says whether the buyer is one of us.

    ``penalty`` is that of a pair of any broken order, in fen.
    """

    ids: tuple[str, ...]
    styles: tuple[str, ...]
    pairs: Ints
    price: Ints
    first: Small
    last: Small
    late_days: Small
    late_fen_week: Ints
    committed: Flags
    theta: Ints
    smallest: Ints
    most_makers: Small
    inside: Flags
    earliest: tuple[date, ...]
    penalty: Fraction


def order_table(cluster: Cluster) -> pl.DataFrame:
    """Return orders with buyer, currency, tax and style columns, in the order of the table."""
    po = cluster["purchase_order"].select("po", "buyer", "currency", "tax_included")
    buyer = cluster["firm"].select(buyer="firm", buyer_district="district")
    style = cluster["style"].select("style", "construction", "category", style_tier="tier")
    return (
        cluster["order"]
        .join(po, on="po", how="left", maintain_order="left")
        .join(buyer, on="buyer", how="left", maintain_order="left")
        .join(style, on="style", how="left", maintain_order="left")
    )


def order_arrays(cluster: Cluster, periods: Sequence[Period], frozen_pairs: dict[str, int]) -> OrderArrays:
    """Return the arrays of all orders; pairs in frozen lots are taken off, and an order without any left has no window."""
    rows = order_table(cluster).to_dicts()
    count, T = len(rows), len(periods)
    first_day, vat = periods[0].start, exact(cluster.policy("vat_share"), 6)
    penalty = exact(cluster.policy("broken_fen_pair"), 6)
    starts = np.array([p.start for p in periods], dtype="datetime64[D]")
    ends = np.array([p.end for p in periods], dtype="datetime64[D]")
    rates = {c: exact(cluster.policy("fx", c), 6) for c in {r["currency"] for r in rows}}
    price = np.zeros(count, np.int64)
    late_days = np.zeros((count, T), np.int32)
    first, last = np.zeros(count, np.int32), np.full(count, T - 1, np.int32)
    committed = np.array([r["committed"] or r["order"] in frozen_pairs for r in rows], np.bool_)
    for i, row in enumerate(rows):
        net = Fraction(row["price"]) * rates[row["currency"]] / (1 + vat if row["tax_included"] else 1)
        price[i] = net.numerator // net.denominator
        if row["earliest_date"] is not None:
            first[i] = int(np.searchsorted(starts, np.datetime64(row["earliest_date"], "D"), side="left"))
        if row["latest_date"] is not None:
            last[i] = int(np.searchsorted(starts, np.datetime64(row["latest_date"], "D"), side="right")) - 1
        due = np.datetime64(row["due_date"], "D")
        holding = int(np.searchsorted(starts, due, side="right")) - 1
        due_end = np.datetime64(first_day - timedelta(days=1), "D") if holding < 0 else ends[holding]
        late_days[i] = np.maximum(0, (ends - due_end).astype(np.int64)) if due <= ends[-1] else 0
    pairs = np.array([max(0, r["pairs"] - frozen_pairs.get(r["order"], 0)) for r in rows], np.int64)
    first[pairs == 0], last[pairs == 0] = 0, -1
    return OrderArrays(
        ids=tuple(r["order"] for r in rows),
        styles=tuple(r["style"] for r in rows),
        pairs=pairs,
        price=price,
        first=first,
        last=last,
        late_days=late_days,
        late_fen_week=np.array([r["late_fen_pair_week"] for r in rows], np.int64),
        committed=committed,
        theta=np.where(committed, -int(1000 * penalty), 0).astype(np.int64),
        smallest=np.array([r["smallest_lot_pairs"] for r in rows], np.int64),
        most_makers=np.array([r["most_makers"] or 0 for r in rows], np.int32),
        inside=np.array([r["buyer_district"] is not None for r in rows], np.bool_),
        earliest=tuple(max(first_day, r["earliest_date"] or first_day) for r in rows),
        penalty=penalty,
    )


def covered(periods: Sequence[Period], spans: Sequence[tuple[date | None, date | None]]) -> tuple[bool, ...]:
    """Return, for each period, whether every one of its days lies in one of the spans; an open end covers nothing."""
    known = sorted((a, b) for a, b in spans if a is not None and b is not None)
    result = []
    for period in periods:
        day = period.start
        for a, b in known:
            if a <= day <= b:
                day = b + timedelta(days=1)
        result.append(day > period.end)
    return tuple(result)


class Conditions:
    """Which firms and sites may do which stage of an order, and in which periods."""

    def __init__(self, cluster: Cluster, periods: Sequence[Period]) -> None:
        self._periods = tuple(periods)
        self._approvals: dict[tuple[str, str], dict[str, list[tuple[date | None, date | None]]]] = {}
        for buyer, site, stage, start, end in (
            cluster["buyer_approval"].select("buyer", "site", "stage", "valid_from", "valid_to").iter_rows()
        ):
            self._approvals.setdefault((buyer, stage), {}).setdefault(site, []).append((start, end))
        implies = _closure(cluster)
        self._held: dict[tuple[str, str | None], dict[str, list[tuple[date | None, date | None]]]] = {}
        for firm, standard, stage, start, end in (
            cluster["certificate"].select("firm", "standard", "stage", "valid_from", "valid_to").iter_rows()
        ):
            for covers in implies.get(standard, {standard}):
                self._held.setdefault((covers, stage), {}).setdefault(firm, []).append((start, end))
        self._cache: dict[tuple[str, ...], dict[str, tuple[bool, ...]]] = {}

    def approved(self, buyer: str, stage: str) -> dict[str, tuple[bool, ...]]:
        """Return, by site, in which periods the buyer's approval of the stage holds."""
        key = ("approval", buyer, stage)
        if key not in self._cache:
            sites = self._approvals.get((buyer, stage), {})
            self._cache[key] = {s: covered(self._periods, spans) for s, spans in sites.items()}
        return self._cache[key]

    def certified(self, standard: str, stage: str) -> dict[str, tuple[bool, ...]]:
        """Return, by firm, in which periods it holds the standard for the stage."""
        key = ("certificate", standard, stage)
        if key not in self._cache:
            spans: dict[str, list[tuple[date | None, date | None]]] = {}
            for scope in (None, stage):
                for firm, held in self._held.get((standard, scope), {}).items():
                    spans.setdefault(firm, []).extend(held)
            self._cache[key] = {f: covered(self._periods, s) for f, s in spans.items()}
        return self._cache[key]


def _closure(cluster: Cluster) -> dict[str, set[str]]:
    direct: dict[str, set[str]] = {}
    for standard, implied in cluster["standard_implies"].select("standard", "implied").iter_rows():
        direct.setdefault(standard, set()).add(implied)
    closed: dict[str, set[str]] = {}
    for standard in direct:
        seen, todo = {standard}, [standard]
        while todo:
            for further in direct.get(todo.pop(), set()) - seen:
                seen.add(further)
                todo.append(further)
        closed[standard] = seen
    return closed
