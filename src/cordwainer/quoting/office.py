"""Two yardsticks for a quote: the rule of the office, and a long search in the same room."""

from __future__ import annotations

import numpy as np

from cordwainer.quoting.kernels import empty, fill, shortlist
from cordwainer.quoting.offers import Offer
from cordwainer.quoting.options import LOOKS, filled, kept, left_of, new_state, prices_for
from cordwainer.quoting.proposal import lots_of, propose
from cordwainer.quoting.quoting import Quoter
from cordwainer.quoting.request import Request

AT_MOST = (1, 2, 4, 8, 16)
"""Lines of a stage that the office asks, one after another."""


def office_offer(quoter: Quoter, request: Request) -> Offer | None:
    """Return the offer of the office rule: in every stage the lines with the lowest ask that are free, as few as will do.

    Carriage between districts and what materials cost when are not looked at, but paid. None where it finds no room.
    """
    live = quoter.live
    asked = quoter.asking.asked(live, request)
    if asked.first > asked.last:
        return None
    net = asked.net._replace(move_price=np.minimum(asked.net.move_price, 0))
    left = left_of(live, net, live.free)
    for most in AT_MOST:
        keep = np.zeros(len(net.cand_line), np.bool_)
        shortlist(net, left.whole, left.rate, 1, most, 0, keep)
        few = kept(net, np.flatnonzero(keep))
        state = new_state(live, few)
        over = fill(few, live.free, live.scratch, state, request.pairs, 0)
        lots = lots_of(few, state)
        empty(few, state)
        proposal = propose(live, quoter.shelf, asked, lots) if over == 0 else None
        if proposal is not None:
            return quoter.offered(proposal, "office")
    return None


def searched_offer(quoter: Quoter, request: Request, tries: int, seed: int) -> Offer | None:
    """Return the offer that takes least from the plan of many fills of all lines at prices disturbed at random.

    A yardstick for what the greedy fill of one quote gives away in the same room: seconds instead of milliseconds.
    """
    live, rng = quoter.live, np.random.default_rng(seed)
    asked = quoter.asking.asked(live, request)
    if asked.first > asked.last:
        return None
    plain, best = prices_for(live, asked), None
    for k in range(tries):
        noise = rng.integers(0, 1 + 40 * k, live.room.line.shape)
        prices = plain._replace(line=plain.line + noise)
        lots = filled(live, asked, asked.net, prices, LOOKS[k % 2 :], slack=(0, 20, 60)[k % 3])
        proposal = None if lots is None else propose(live, quoter.shelf, asked, lots)
        if proposal is not None and (best is None or proposal.costs.booked < best.costs.booked):
            best = proposal
    return None if best is None else quoter.offered(best, "searched")
