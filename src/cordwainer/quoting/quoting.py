"""Quote a request against the live plan: the best few offers on the frontier of price, date and carbon."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from cordwainer.quoting.asked import Asking
from cordwainer.quoting.buying import Shelf, shelf_of
from cordwainer.quoting.live import Live
from cordwainer.quoting.offers import Offer, offer_of
from cordwainer.quoting.options import options
from cordwainer.quoting.pricing import priced, terms_of
from cordwainer.quoting.request import Request


@dataclass
class Quoter:
    """Gives quotes against one live state; what requests share is kept ready. Makers who are ``shy`` are not asked."""

    live: Live
    shy: frozenset[str] = frozenset()
    asking: Asking = field(init=False)
    shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        """Make ready what all requests share."""
        self.asking = Asking(self.live.ground)
        self.shelf = shelf_of(self.live)
        self._makers: dict[str, frozenset[str]] | None = None

    def quote(self, request: Request) -> list[Offer]:
        """Return the offers of a request, none where nothing fits; each has the id of the request and a number."""
        terms = terms_of(self.live.ground, request)
        found = options(self.live, self.shelf, self.asking, request, self.makers_of, self.shy)
        made = [
            offer_of(self.live, request.request, (name,), proposal, priced(self.live.ground, terms, proposal))
            for name, proposal in found.items()
        ]
        kept = frontier(made)
        return [
            replace(offer, offer=f"{request.request}-{k}", best=best_of(offer, kept)) for k, offer in enumerate(kept, 1)
        ]

    def makers_of(self, order: str) -> frozenset[str]:
        """Return the firms that do the last stage of an order in the plan."""
        if self._makers is None:
            self._makers = _last_makers(self.live)
        return self._makers.get(order, frozenset())


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


def _last_makers(live: Live) -> dict[str, frozenset[str]]:
    cluster, plan = live.ground.cluster, live.plan
    firm = cluster["line"].join(cluster["site"].select("site", "firm"), on="site").select("line", "firm", "stage")
    lots = (
        plan["lot"].select("lot", "order").join(plan["lot_line"].select("lot", "line"), on="lot").join(firm, on="line")
    )
    last = lots.filter(pl.col("stage").is_in(["finishing", "lasting"])).sort("stage").unique(["lot"], keep="first")
    rows = last.group_by("order").agg(pl.col("firm").unique())
    return {order: frozenset(firms) for order, firms in rows.iter_rows()}
