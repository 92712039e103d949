"""Offers as they stand on a plan: which of them it holds itself, what each uses, what it would cost and add as of now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from cordwainer.cluster import Plan
from cordwainer.core import Text, UserError
from cordwainer.quoting.book import Book, Entry
from cordwainer.quoting.live import SparseUse
from cordwainer.quoting.offers import Offer, OfferLot, lots_on, purchases_of, to_ask
from cordwainer.quoting.pricing import net_price, terms_of
from cordwainer.quoting.proposal import Proposal, propose, use_of
from cordwainer.quoting.quoting import Quoter

Why = Literal["begun", "room-gone", "price-rose", "worth-gone"]


@dataclass(frozen=True)
class Held:
    """Orders of offers in a plan: lots by order where it places all of it, and every lot of an offer that it has."""

    placed: Mapping[str, tuple[OfferLot, ...]]
    lots: Mapping[str, frozenset[str]]


def held_in(plan: Plan, book: Book) -> Held:
    """Return what a plan holds of the offers of a book; the order of an offer has its id."""
    names = [*book.entries]
    mine = plan["lot"].filter(pl.col("order").is_in(names))
    start = {t: p.start for t, p in enumerate(plan.periods)}
    lines: dict[str, dict[str, str]] = {}
    for lot, stage, line in plan["lot_line"].join(mine, on="lot", how="semi").iter_rows():
        lines.setdefault(lot, {})[stage] = line
    work: dict[str, list[tuple[str, int, int]]] = {}
    for lot, stage, period, pairs in plan["work"].join(mine, on="lot", how="semi").iter_rows():
        work.setdefault(lot, []).append((stage, period, pairs))
    made: dict[str, list[OfferLot]] = {}
    lots: dict[str, set[str]] = {}
    for lot, order, pairs in mine.sort("lot").select("lot", "order", "pairs").iter_rows():
        rows = tuple((s, start[t], n) for s, t, n in work.get(lot, ()))
        made.setdefault(order, []).append(OfferLot(pairs, lines.get(lot, {}), rows))
        lots.setdefault(order, set()).add(lot)
    whole = set(plan["outcome"].filter(outcome="placed")["order"])
    return Held(
        {order: tuple(x) for order, x in made.items() if order in whole}, {o: frozenset(x) for o, x in lots.items()}
    )


def as_planned(offer: Offer, lots: tuple[OfferLot, ...], plan: Plan) -> bool:
    """Return whether the lots of a plan are those of an offer, but for work outside the plan and pieces of a period."""
    periods = plan.periods

    def cells(each: tuple[OfferLot, ...]) -> Sequence[object]:
        found = []
        for lot in each:
            made: dict[tuple[str, int], int] = {}
            for stage, day, pairs in lot.work:
                for t, period in enumerate(periods):
                    if period.start <= day <= period.end:
                        made[stage, t] = made.get((stage, t), 0) + pairs
            found.append((lot.pairs, tuple(sorted(lot.lines.items())), tuple(sorted(made.items()))))
        return sorted(found)

    return cells(offer.lots) == cells(lots)


class Standing:
    """Looks at offers from one live state; ``in_plan`` are accepted ones whose lots the plan holds itself."""

    def __init__(self, quoter: Quoter, in_plan: frozenset[str]) -> None:
        self.quoter, self.live, self.in_plan = quoter, quoter.live, in_plan

    def use(self, offer: Offer) -> SparseUse | None:
        """Return what an offer uses, None where a line of it is gone; purchases of one that the plan holds are the plan's own."""
        plain = replace(offer.request, standards=(), named=(), barred=(), approval_needed=False, agreed=())
        asked = self.quoter.asking.asked(self.live, plain)
        lots = lots_on(self.live, asked, offer)
        bought = {} if offer.offer in self.in_plan else self._rows(offer)
        return None if lots is None else use_of(self.live, asked, lots, bought)

    def must_use(self, offer: Offer) -> SparseUse:
        """Return what an offer uses.

        Raises
        ------
        UserError
            If a line of it is gone.
        """
        use = self.use(offer)
        if use is None:
            raise UserError(
                "log-of-another-cluster",
                Text(
                    f"{offer.offer} stands on lines that the cluster does not have, or that no longer make such shoes.",
                    f"{offer.offer} 所用的产线不在该集群中，或已不做此类鞋。",
                ),
                Text("Name the cluster and plan that the log belongs to.", "请给出该日志所属的集群与计划。"),
            )
        return use

    def _rows(self, offer: Offer) -> dict[int, int]:
        ground = self.live.ground
        day = [ground.periods[t].start for t in ground.offers.period]
        row = {(o, d): i for i, (o, d) in enumerate(zip(ground.offers.offer, day, strict=True))}
        return {row[o, d]: q for o, d, q in offer.purchases if (o, d) in row}

    def fits(self, offer: Offer) -> bool:
        """Return whether an offer can begin and has its room."""
        use = self.use(offer)
        return use is not None and offer.start >= self.live.today and self.live.fits(use)

    def proposal(self, offer: Offer) -> Proposal | None:
        """Return an offer worked out as of now, None where a paper or material is gone or its room is taken."""
        asked = self.quoter.asked_again(offer)
        lots = lots_on(self.live, asked, offer)
        found = None if lots is None else propose(self.live, self.quoter.shelf, asked, lots)
        return found if found is not None and self.live.fits(found.use) else None

    def renewed(self, entry: Entry) -> Offer | Why:
        """Return an offer with makers to ask, purchases and worth as of now, or why it cannot be made any more.

        An offer keeps its price. One that is not held is let go where its rule would now ask for more, and any where it would
        now cost the plan more than it brings, unless it was known to.
        """
        offer, held = entry.offer, entry.status == "held"
        if offer.start < self.live.today:
            return "begun"
        use = self.must_use(offer) if held else None
        if use is not None:
            self.live.take(use, -1, base=False)
        found = self.proposal(offer)
        price = None if found is None else self.quoter.price(found)
        if use is not None:
            self.live.take(use, 1, base=False)
        if found is None or price is None:
            return "room-gone"
        again = self.rewritten(offer, found)
        if again.contribution_fen < min(0, offer.contribution_fen):
            return "worth-gone"
        return "price-rose" if price.price > offer.price and not held else again

    def rewritten(self, offer: Offer, found: Proposal) -> Offer:
        """Return an offer at its price with makers to ask, purchases and worth of a proposal for the same lots."""
        net = net_price(terms_of(self.live.ground, offer.request), offer.price)
        return replace(
            offer,
            ask=to_ask(self.live, found.lots, offer.request),
            purchases=purchases_of(self.live, found.use),
            contribution_fen=found.contribution(net),
        )
