"""What follows from the tables for work on the floor: who hands a lot to whom, what a part of it pays, when that is due.

Every stage of an accepted lot belongs to one handover: the one by which its maker gives the lot out of hand. Stages that one
maker does one after another are given together, with the last of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cordwainer.cluster.cluster import Cluster

PAYMENT_MARK_DAYS = 60
"""Days from delivery within which large firms must pay small ones (保障中小企业款项支付条例, State Council order 802 of 2025, article 9)."""


@dataclass(frozen=True)
class Link:
    """A handover that a lot needs: after ``stage``, from ``giver`` to ``receiver``; ``covers`` are the stages that it pays.

    ``is_last``: the receiver is the buyer.
    """

    lot: str
    order: str
    pairs: int
    stage: str
    giver: str
    receiver: str
    covers: tuple[str, ...]
    is_last: bool


def links(cluster: Cluster) -> list[Link]:
    """Return the handovers that accepted lots need, by lot and then in the order of the work."""
    lots = (
        cluster["promise"].filter(status="accepted").join(cluster["order"].select("order", "po", "style"), on="order")
    )
    lots = lots.join(cluster["purchase_order"].select("po", "buyer"), on="po").sort("lot")
    if lots.is_empty():
        return []
    firm = dict(
        cluster["line"].join(cluster["site"].select("site", "firm"), on="site").select("line", "firm").iter_rows()
    )
    makers: dict[str, dict[str, str]] = {}
    rows = cluster["promise_line"].join(lots.select("lot"), on="lot", how="semi")
    for lot, stage, line in rows.select("lot", "stage", "line").iter_rows():
        makers.setdefault(lot, {})[stage] = firm[line]
    following = {style: _next_stages(cluster, style) for style in lots["style"].unique()}
    found: list[Link] = []
    for lot, order, pairs, style, buyer in lots.select("lot", "order", "pairs", "style", "buyer").iter_rows():
        found += _links_of(lot, order, pairs, buyer, makers.get(lot, {}), following[style])
    return found


def _next_stages(cluster: Cluster, style: str) -> dict[str, str]:
    """Return the stage that follows each stage of a style; those of its kind of shoe where it has no routing of its own."""
    if not cluster["routing"].filter(style=style).is_empty():
        rows = cluster["routing_before"].filter(style=style)
    else:
        kind = cluster["style"].filter(style=style).select("construction", "category")
        rows = cluster["routing_template_before"].join(kind, on=["construction", "category"], how="semi")
    return dict(rows.select("stage", "after_stage").iter_rows())


def _links_of(
    lot: str, order: str, pairs: int, buyer: str, makers: dict[str, str], after: dict[str, str]
) -> Iterable[Link]:
    covers: dict[str, list[str]] = {}
    for stage, maker in makers.items():
        last = stage
        while makers.get(after.get(last, "")) == maker:
            last = after[last]
        covers.setdefault(last, []).append(stage)
    for stage, paid in sorted(covers.items(), key=lambda x: -_stages_after(x[0], after)):
        receiver = makers.get(after.get(stage, ""), buyer)
        yield Link(lot, order, pairs, stage, makers[stage], receiver, tuple(paid), after.get(stage, "") not in makers)


def _stages_after(stage: str, after: dict[str, str]) -> int:
    count = 0
    while stage in after:
        stage, count = after[stage], count + 1
    return count


def part_pay(whole: int | None, pairs: int, before: int, now: int) -> int | None:
    """Return what the pairs from ``before`` to ``now`` of a lot pay, of what all its pairs pay; parts sum to the whole.

    Parameters
    ----------
    whole
        Fen (or hundredths of a currency) for all pairs; None where unknown.
    pairs
        Pairs of the lot.
    before, now
        Pairs counted before and after.
    """
    return None if whole is None else whole * now // pairs - whole * before // pairs


def due_day(delivered: date, balance_days: int | None, counted_from: str | None) -> date | None:
    """Return the day on which what was delivered is to be paid by a payment term; None where no term says so.

    Days that count from an invoice or a shipment are not known from a handover.
    """
    if balance_days is None:
        return None
    if counted_from == "delivery":
        return delivered + timedelta(days=balance_days)
    if counted_from == "month_end":
        following = (delivered.replace(day=1) + timedelta(days=32)).replace(day=1)
        return following + timedelta(days=balance_days - 1)
    return None


def oldest_unpaid(lines: Sequence[tuple[date, int]], paid: int) -> date | None:
    """Return the day of the oldest line that payments do not cover, paying the oldest first; None where all is paid.

    Parameters
    ----------
    lines
        (day, amount) of what is owed; amounts below zero count as paid.
    paid
        Sum of what was paid.
    """
    left = paid - sum(amount for _, amount in lines if amount < 0)
    for day, amount in sorted(x for x in lines if x[1] > 0):
        left -= amount
        if left < 0:
            return day
    return None
