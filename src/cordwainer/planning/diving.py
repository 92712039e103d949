"""Place orders a few at a time along the smoothed flows; after each few the flows of the rest are found anew in the room left.

What a whole order takes differs a little from its flow; the prices of the rest answer to that at once, so that later orders
give way where it is cheapest.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cordwainer.planning.active import Active
from cordwainer.planning.descent import Descent, Market
from cordwainer.planning.filling import fill_order
from cordwainer.planning.prices import whole
from cordwainer.planning.pricing import Scratch
from cordwainer.planning.problem import Floats, Ints, Net
from cordwainer.planning.rounding import follow
from cordwainer.planning.smooth import Point
from cordwainer.planning.state import State

FLOWING = 0.5
"""An order follows its flows when they make at least this share of it."""


def dive(
    net: Net,
    market: Market,
    state: State,
    memory: Scratch,
    orders: Ints,
    point: Point,
    tau: float,
    *,
    steps: int,
    few: int,
    goes_on: Callable[[], bool],
) -> None:
    """Place ``orders`` (none of them in the plan), in their sequence, ``few`` at a time.

    ``steps`` of descent at temperature ``tau`` find the flows of those still to be placed. Orders that do not fit stay out.
    """
    asking = np.zeros(len(net.pairs), np.int64)
    asking[orders] = net.pairs[orders]
    for begin in range(0, len(orders), few):
        market.leave(state.room, state.out_room, asking)
        descent = Descent(market, point, tau, careful=4.0)
        for _ in range(steps):
            descent.step()
        point = descent.x
        flows, made = market.flows(point, tau)
        prices = whole(point)
        for o in orders[begin : begin + few].tolist():
            left = int(net.pairs[o])
            if made[o] > FLOWING:
                part, table = _part_of(market, flows, o)
                ent = _entries(net, part, o)
                table[ent[0] : ent[-1]] /= made[o]
                left = follow(net, prices, memory, state, o, part.cand, ent, table)
            fill_order(net, prices, memory, state, o, 0, left)
            asking[o] = 0
        if not goes_on():
            break


def _part_of(market: Market, flows: list[Floats], o: int) -> tuple[Active, Floats]:
    for (part, _), table in zip(market.parts, flows, strict=True):
        if part.begin <= o < part.end:
            return part, table
    raise IndexError(o)


def _entries(net: Net, part: Active, o: int) -> Ints:
    """Return where the entries of each job of an order begin, and where the last ones end."""
    jobs = np.arange(net.job_ptr[o], net.job_ptr[o + 1] + 1) - net.job_ptr[part.begin]
    begin: Ints = part.ent_ptr[part.seg_ptr[jobs]]
    return begin
