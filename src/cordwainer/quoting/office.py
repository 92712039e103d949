"""The rule of the office, as a yardstick: of every stage the cheapest line by its ask that has room for all pairs."""

from __future__ import annotations

import numpy as np

from cordwainer.quoting.kernels import empty, fill, shortlist
from cordwainer.quoting.offers import Offer, offer_of
from cordwainer.quoting.options import new_state
from cordwainer.quoting.pricing import priced, terms_of
from cordwainer.quoting.proposal import lots_of, propose
from cordwainer.quoting.quoting import Quoter
from cordwainer.quoting.request import Request


def office_offer(quoter: Quoter, request: Request) -> Offer | None:
    """Return the offer of the office rule, None where it finds no room: carriage, materials and other lines are not looked at."""
    live = quoter.live
    asked = quoter.asking.asked(live, request)
    net = asked.net
    if asked.first > asked.last:
        return None
    keep = np.zeros(len(net.cand_line), np.bool_)
    shortlist(net, live.free, live.room, request.pairs, 1, 0, keep)
    kept = np.flatnonzero(keep)
    only = net._replace(
        cand_ptr=np.searchsorted(kept, net.cand_ptr).astype(np.int64),
        cand_line=net.cand_line[kept],
        cand_m=net.cand_m[kept],
        cand_base=net.cand_base[kept],
        cand_mask=net.cand_mask[kept],
    )
    state = new_state(live, only)
    left = fill(only, live.free, live.scratch, state, request.pairs)
    lots = lots_of(only, state)
    empty(only, state)
    proposal = propose(live, quoter.shelf, asked, lots) if left == 0 else None
    if proposal is None:
        return None
    price = priced(live.ground, terms_of(live.ground, request), proposal)
    return offer_of(live, request.request, ("office",), proposal, price)
