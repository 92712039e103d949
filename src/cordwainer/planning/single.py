"""Orders that are too small for two lots: which lot each of them makes, by whole numbers.

Favouring and thinning out (`regroup`) make orders of many pairs whole at hardly any loss, as a pair more or less always fits somewhere.
Where every order is one lot, each of them is a thing to be packed whole, and a mixed-integer programme over the paths finds far better
packings. Sets as in `master`; a lot is all paths of an order over the same lines:

(3) sum of x over the paths of a lot <= pairs[o] y[lot],   (4) sum of y over the lots of o <= 1,   y and z 0 or 1.
"""

from __future__ import annotations

import time

import numpy as np

from cordwainer.planning.master import Master
from cordwainer.planning.problem import Flags, Ints, Net
from cordwainer.solvers import Grown, Limits, Start, solve_mip

GAP = 1e-5
"""Gap (share) at which a choice of lots is good enough."""
EFFORT, MOST_NODES = 60_000, 300
"""Nodes of the search tree times paths, and nodes: the search ends by this, so that a plan does not hang on the clock."""
TIME_SHARE = 0.7
"""Share of the time that is left for the search: what it chose is still to be worked out."""
MADE = 0.98
"""Share of an order from which the programme makes it."""
TURNS, WIDTHS = 12, (0.2, 0.5, 0.9)
"""Times that paths are sought at prices other than those of the programme, and by what share prices of lines differ: at first, and
where orders are left out that the programme makes."""


def single(net: Net) -> bool:
    """Return whether no order of a net, by its own smallest lot, is large enough for two lots."""
    return bool((net.pairs < 2 * np.maximum(1, net.smallest)).all())


def one_lot_each(master: Master, grown: Grown) -> tuple[Ints, Ints] | None:
    """Choose lots where every order makes one or none; return a path of each and the paths of all others, None without an answer."""
    found = None
    for width in WIDTHS:
        wider = widened(master, grown, width)
        if wider is None or not len(master.order):
            return found
        grown = wider
        one, lot = master.routes()
        made = chosen_lots(master, lot, one)
        if made is None:
            return found
        found = one[made], np.flatnonzero(~made[lot]).astype(np.int64)
        if np.isin(np.flatnonzero(master.shares(grown) > MADE), master.order[found[0]]).all():
            return found
    return found


def widened(master: Master, grown: Grown, width: float) -> Grown | None:
    """Add paths at prices around those of the programme, which alone leave too little to choose from; solve again."""
    rng, prices = np.random.default_rng(0), master.prices(grown)
    for _ in range(TURNS):
        factor = rng.uniform(1 - width, 1 + width, prices.line.shape)
        master.price_all(prices._replace(line=(prices.line * factor).astype(np.int64)), None)
    return master.solve(Start.AFTER_COLUMNS)


def chosen_lots(master: Master, lot: Ints, one: Ints) -> Flags | None:
    """Return which lots to make where every order makes one lot or none; None where no answer was found.

    The programme keeps rows (3) and (4), which bind nothing once the paths of all other lots are closed.

    Parameters
    ----------
    master
        Its paths are not closed.
    lot
        The lot of each path.
    one
        A path of each lot.
    """
    model, orders = master.model, len(master.net.pairs)
    count, pairs = len(one), master.net.pairs[master.order[one]].astype(np.float64)
    links = model.add_rows(np.full(count, -np.inf), np.zeros(count))
    only = model.add_rows(np.full(orders, -np.inf), np.ones(orders))
    rows = np.column_stack([links + np.arange(count), only + master.order[one]]).ravel()
    amounts = np.column_stack([-pairs, np.ones(count)]).ravel()
    first = model.add_columns(np.zeros(count), np.zeros(count), np.ones(count), 2 * np.arange(count + 1), rows, amounts)
    model.entry(links + lot, master.column, np.ones(len(lot)))
    integral = np.zeros(model.columns, np.bool_)
    integral[:orders] = integral[first:] = True
    left = TIME_SHARE * max(0.0, model.until - time.monotonic())
    limits = Limits(seconds=left, gap=GAP, nodes=max(1, min(MOST_NODES, EFFORT // len(lot))))
    found = solve_mip(model.whole(integral), limits).values
    return None if found is None else found[first:] > 1 / 2
