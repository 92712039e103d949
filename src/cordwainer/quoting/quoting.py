"""Quote a request against the live plan: the best few offers on the frontier of price, date and carbon."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from cordwainer.quoting.asked import Asked, Asking
from cordwainer.quoting.buying import Shelf, shelf_of
from cordwainer.quoting.going import Going
from cordwainer.quoting.live import Live
from cordwainer.quoting.offers import Offer, offer_of
from cordwainer.quoting.options import Made, options
from cordwainer.quoting.pricing import Priced, priced, terms_of
from cordwainer.quoting.proposal import Proposal
from cordwainer.quoting.request import Request


@dataclass
class Quoter:
    """Gives quotes against one live state; what requests share is kept ready. Makers who are ``shy`` are not asked."""

    live: Live
    shy: frozenset[str] = frozenset()
    asking: Asking = field(init=False)
    shelf: Shelf = field(init=False)
    going: Going = field(init=False)

    def __post_init__(self) -> None:
        """Make ready what all requests share."""
        self.asking = Asking(self.live.ground)
        self.shelf = shelf_of(self.live)
        self.going = Going(self.live, self.asking)
        self._makers: dict[str, Made] | None = None

    def quote(self, request: Request) -> list[Offer]:
        """Return the offers of a request, none where nothing fits; each has the id of the request and a number.

        Raises
        ------
        UserError
            If the request cannot be meant here, or what its price rests on is not known.
        """
        self.asking.refuse(request)
        found = options(self.live, self.shelf, self.asking, request, self.made(request), self.shy)
        kept = frontier([self.offered(proposal, name) for name, proposal in found.items()])
        return [
            replace(offer, offer=f"{request.request}-{k}", best=best_of(offer, kept)) for k, offer in enumerate(kept, 1)
        ]

    @cached_property
    def lenient(self) -> Asking:
        """Problems in which papers hold whose end is not known: what might be, not what may be said."""
        return Asking(self.live.ground, lenient=True)

    def offered(self, proposal: Proposal, best: str) -> Offer:
        """Return a proposal as an offer, at the price of its request's rule and terms."""
        return offer_of(self.live, (best,), proposal, self.price(proposal))

    def price(self, proposal: Proposal) -> Priced:
        """Return the price of a proposal as of now."""
        ground, request = self.live.ground, proposal.asked.request
        going = self.going.rate(request) if request.rule == "going" else 0
        return priced(ground, terms_of(ground, request), proposal, going)

    def made(self, request: Request) -> Made | None:
        """Return who made the order that a request repeats and since when, None where it repeats none or that is not known."""
        if request.repeat_of is None:
            return None
        if self._makers is None:
            self._makers = _last_makers(self.live)
        before = self._makers.get(request.repeat_of)
        firms = self.asking.firms_with_dies(request.style)
        if before is None:
            return Made(firms, self.live.today) if firms else None
        return Made(before.firms | firms, before.since)

    def asked_again(self, offer: Offer) -> Asked:
        """Return the problem of an offer's request as it was when the offer was made."""
        made = self.made(offer.request) if offer.again else None
        return self.asking.asked(self.live, offer.request, again=None if made is None else made.since)


def best_of(offer: Offer, offers: list[Offer]) -> tuple[str, ...]:
    """Return what is best about an offer among others; a repeat stays one."""
    names = ["repeat"] if "repeat" in offer.best else []
    if offer.price == min(o.price for o in offers):
        names.append("cheapest")
    if offer.ready == min(o.ready for o in offers):
        names.append("earliest")
    known = [o.carbon_mg for o in offers if o.carbon_mg is not None]
    if known and offer.carbon_mg == min(known):
        names.append("greenest")
    return tuple(names)


def frontier(offers: list[Offer]) -> list[Offer]:
    """Return the offers that no other beats in price, date and carbon at once; unknown carbon beats none."""

    def beats(a: Offer, b: Offer) -> bool:
        if a.price > b.price or a.ready > b.ready:
            return False
        if b.carbon_mg is not None and (a.carbon_mg is None or a.carbon_mg > b.carbon_mg):
            return False
        return (a.price, a.ready, a.carbon_mg) != (b.price, b.ready, b.carbon_mg)

    return [b for b in offers if "repeat" in b.best or not any(beats(a, b) for a in offers)]


def _last_makers(live: Live) -> dict[str, Made]:
    """Return, by order, the firms that do its last stage in the plan, and the day on which its work begins."""
    cluster, plan = live.ground.cluster, live.plan
    firm = cluster["line"].join(cluster["site"].select("site", "firm"), on="site").select("line", "firm", "stage")
    lots = (
        plan["lot"].select("lot", "order").join(plan["lot_line"].select("lot", "line"), on="lot").join(firm, on="line")
    )
    last = lots.filter(pl.col("stage").is_in(["finishing", "lasting"])).sort("stage").unique(["lot"], keep="first")
    begins = plan["work"].join(plan["lot"], on="lot").group_by("order").agg(pl.col("period").min())
    rows = last.group_by("order").agg(pl.col("firm").unique()).join(begins, on="order")
    return {order: Made(frozenset(firms), live.ground.periods[t].start) for order, firms, t in rows.iter_rows()}
