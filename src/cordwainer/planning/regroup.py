"""Place a few orders together: price paths over all lines, choose whole orders, then keep to few lots that are large enough.

1. Solve the master, add the paths that its prices ask for, until hardly any earns more.
2. Choose which orders are made: those are favoured from then on, so that the master makes them whole; the others are left out.
   Orders of few makers keep those that make most.
3. Thin out: a pair of a lot costs the more the smaller the lot is, so that pairs gather in few lots; solve, find new periods for the
   lines in use, and again, the cost rising.
   Where no order is large enough for two lots, whole numbers choose orders and lots instead (`single`).
4. Shut what is still too small, beyond the number of lots or of makers; while an order is far from whole, make it no more.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cordwainer.planning.guide import Paths
from cordwainer.planning.master import Master
from cordwainer.planning.prices import between
from cordwainer.planning.pricing import Prices
from cordwainer.planning.problem import Flags, Floats, Ints, Net
from cordwainer.planning.single import one_lot_each, single
from cordwainer.solvers import Grown, Start

WHOLE = 1e-6
NEARLY = 5e-4
"""New paths that raise the objective by less than this share are the last ones."""
ROUNDS, FEW_ROUNDS = 6, 2
CHOICES, GIVEN_UP, MAKERS, THINNINGS, CUTS, AGAIN, DROPS = 6, 8, 2, 3, 10, 2, 6
WHOLE_ENOUGH = 0.98
"""Share of an order below which it is not whole, although it is favoured."""
FAVOUR = 5.0
"""What a pair of a favoured order counts for beyond its value, yuan: enough to make it whole, not to break everything for it."""
LIKELY, UNLIKELY = 0.7, 0.3
"""Share of an order from which it is favoured, and up to which it is left out."""
THIN, THINNEST = 0.15, 0.1
"""Cost of a pair in a lot of the smallest size that is allowed, yuan; size, as a share of that, from which the cost rises no more."""
TINY = 0.3
"""Lots below this share of the smallest size are shut after thinning."""
ENOUGH = 0.95
"""Share of an order that whole pairs can make up for when lots are rounded."""


@dataclass(frozen=True)
class Lots:
    """Lots of one order: candidates by lot and stage, pairs done by lot, stage and period (cumulative); pairs outside by period.

    ``option`` is the outside maker as in ``net.out_maker`` (-1: none).
    """

    cands: Ints
    done: Floats
    option: int
    outside: Ints


@dataclass
class Regroup:
    """One run on a net of a few orders; see the module."""

    net: Net
    master: Master
    most_lots: int
    grown: Grown | None = None
    kept: Ints | None = None
    centre: Prices | None = None
    favoured: Flags = field(init=False)
    given_up: Flags = field(init=False)

    def __post_init__(self) -> None:
        """Favour no order and give up none."""
        self.favoured = np.zeros(len(self.net.pairs), np.bool_)
        self.given_up = np.zeros(len(self.net.pairs), np.bool_)

    def run(
        self, had: Paths, drawn: Paths, levels: list[Prices], likely: Flags, *, chosen: bool
    ) -> dict[int, Lots] | None:
        """Return the lots of every order that is made, or None if the solver gave no answer.

        Parameters
        ----------
        had, drawn
            Paths of the lots that the orders had, and those that the prices would have them take.
        levels
            Prices at which the best path of every order is added at the beginning.
        likely
            Orders that are favoured from the beginning, O.
        chosen
            Whether these and no others are to be made; else the rest is found out.
        """
        m = self.master
        self.centre = levels[0]
        m.add(*had)
        m.add(*drawn)
        for prices in levels:
            m.price_all(prices, None)
        self._favour(np.flatnonzero(likely))
        if chosen:
            self._give_up(np.flatnonzero(~likely))
        self.grown = m.solve(Start.AFTER_COLUMNS)
        self._price(ROUNDS, None)
        if not self._one_lot_each():
            if not chosen:
                self._choose()
            self._settle_makers()
            self._thin()
        self._few()
        self._drop()
        return None if self.grown is None else self._lots(self.grown)

    def _price(self, rounds: int, routes: Ints | None) -> None:
        """Solve and price in turns; over all lines, or for the given paths' lines only."""
        m = self.master
        for _ in range(rounds):
            if self.grown is None:
                return
            prices = m.prices(self.grown)
            used = np.flatnonzero(m.pairs(self.grown) > WHOLE)
            new = m.price_routes(prices, self.grown, used if routes is None else routes)
            if routes is None:
                new += m.price_all(prices, self.grown)
                if self.centre is not None:
                    new += m.price_all(between(prices, self.centre), self.grown)
            before = self.grown.objective
            if not new:
                return
            self.grown = m.solve(Start.AFTER_COLUMNS)
            if self.grown is not None and self.grown.objective < before + NEARLY * abs(before):
                return

    def _one_lot_each(self) -> bool:
        """Choose orders and lots at once where no order is large enough for two lots; return whether that was done."""
        found = one_lot_each(self.master, self.grown) if self.grown is not None and single(self.net) else None
        if found is None:
            return False
        m, (self.kept, shut) = self.master, found
        m.close(shut)
        favoured = np.unique(m.order[self.kept])
        self._favour(favoured)
        self._give_up(np.setdiff1d(np.arange(len(self.net.pairs)), favoured))
        self.grown = m.solve(Start.AFTER_BOUNDS)
        return True

    def _favour(self, orders: Ints) -> None:
        self.favoured[orders] = True
        self.master.favour(orders, FAVOUR)

    def _choose(self) -> None:
        """Favour orders that are made and those nearest to it, leave out those far from it, until none is made in part.

        An order that cannot be made whole although it is favoured is given up, and those left out before are asked once more.
        """
        self._favour_whole()
        for _ in range(GIVEN_UP):
            if self.grown is None:
                return
            z = self.master.shares(self.grown)
            part = np.flatnonzero(self.favoured & (z < WHOLE_ENOUGH))
            if not len(part):
                return
            self._give_up(part[[np.argmin(z[part])]])
            self.master.settle(np.flatnonzero(~self.favoured & ~self.given_up), -1.0)
            self.grown = self.master.solve(Start.AFTER_BOUNDS)
            self._price(1, None)
            self._favour_whole()

    def _give_up(self, orders: Ints) -> None:
        """Make these orders no more."""
        self.given_up[orders] = True
        self.favoured[orders] = False
        self.master.favour(orders, 0.0)
        self.master.settle(orders, 0.0)

    def _favour_whole(self) -> None:
        """Favour or leave out orders until none that is not favoured is made in part."""
        m = self.master
        for _ in range(CHOICES):
            if self.grown is None:
                return
            z = m.shares(self.grown)
            part = (z > WHOLE) & (z < 1 - WHOLE) & ~self.favoured
            if not part.any():
                return
            least = min(LIKELY, float(z[part].max()))
            self._favour(np.flatnonzero((z >= least) & ~self.favoured))
            m.settle(np.flatnonzero(part & (z < least) & (z <= UNLIKELY)), 0.0)
            self.grown = m.solve(Start.AFTER_COLUMNS)
            self._price(FEW_ROUNDS, None)

    def _settle_makers(self) -> None:
        """Leave orders of few makers the firms that make most, and find paths for them there."""
        m, net = self.master, self.net
        for _ in range(MAKERS):
            if self.grown is None:
                return
            firm = net.line_firm[net.cand_line[m.cand[np.arange(len(m.order)), np.diff(net.job_ptr)[m.order] - 1]]]
            pairs, shut = m.pairs(self.grown), []
            for o in np.flatnonzero(net.most_makers > 0):
                mine = np.flatnonzero((m.order == o) & (pairs > WHOLE))
                firms, at = np.unique(firm[mine], return_inverse=True)
                if len(firms) <= net.most_makers[o]:
                    continue
                rank = np.argsort(-np.bincount(at, weights=pairs[mine]), kind="stable")
                m.firms[o, firms[rank[: net.most_makers[o]]]] = True
                shut.append(np.flatnonzero((m.order == o) & ~m.firms[o, firm]))
            if not shut:
                return
            m.close(np.concatenate(shut))
            self.grown = m.solve(Start.AFTER_BOUNDS)
            self._price(FEW_ROUNDS, None)

    def _thin(self) -> None:
        """Gather pairs in few lots, then shut what is tiny."""
        m = self.master
        for turn in range(THINNINGS):
            if self.grown is None:
                return
            _, lot, size, least = self._sizes(self.grown)
            cost = THIN * (1 + turn) * least / (size + THINNEST * least)
            m.burden(cost[lot])
            self.grown = m.solve(Start.AFTER_COLUMNS)
            self._price(1, None if self.grown is None else np.flatnonzero(m.pairs(self.grown) > WHOLE))
        if self.grown is None:
            return
        _, lot, size, least = self._sizes(self.grown)
        m.burden(np.zeros(len(m.order)))
        m.close(np.flatnonzero((size <= TINY * least)[lot]))
        m.forget()
        self.kept = m.routes()[0]
        self.grown = m.solve(Start.AFTER_BOUNDS)
        self._price(FEW_ROUNDS + 1, self.kept)

    def _few(self) -> None:
        """Shut paths until every order keeps to its lots, makers and smallest lots.

        Those that are then far from whole look for other lines; if that does not help, they are given up one by one.
        """
        m = self.master
        for turn in range(AGAIN + DROPS):
            self._shut()
            if self.grown is None:
                return
            z = m.shares(self.grown)
            part = np.flatnonzero((z > WHOLE) & (z < ENOUGH))
            if not len(part):
                return
            if turn < AGAIN:
                self._price(FEW_ROUNDS, None)
                continue
            worst = part[[np.argmin(z[part])]]
            m.favour(worst, 0.0)
            m.settle(worst, 0.0)
            self.grown = m.solve(Start.AFTER_BOUNDS)
            self._price(FEW_ROUNDS, self.kept)

    def _shut(self) -> None:
        """Shut paths until every order keeps to its lots, makers and smallest lots."""
        m = self.master
        for _ in range(CUTS):
            if self.grown is None:
                return
            shut, self.kept = self._faults(self.grown)
            makers = self._other_makers(self.grown)
            if not len(shut) and not len(makers):
                return
            m.close(shut)
            m.close_outside(makers)
            self.grown = m.solve(Start.AFTER_BOUNDS)
            self._price(FEW_ROUNDS, self.kept)

    def _drop(self) -> None:
        """Make no order that still has faults or is made in part."""
        m = self.master
        for _ in range(CUTS):
            if self.grown is None:
                return
            shut, _ = self._faults(self.grown)
            z = m.shares(self.grown)
            bad = np.union1d(m.order[shut], np.flatnonzero((z > WHOLE) & (z < ENOUGH)))
            if not len(bad):
                return
            m.settle(bad, 0.0)
            self.grown = m.solve(Start.AFTER_BOUNDS)

    def _other_makers(self, grown: Grown) -> Ints:
        """Return the outside columns of all but the largest maker of each order."""
        m = self.master
        pairs = grown.values[m.out_column : m.out_column + len(m.out_order)]
        used = np.flatnonzero(pairs > WHOLE)
        shut = []
        for o in np.unique(m.out_order[used]):
            mine = used[m.out_order[used] == o]
            options, at = np.unique(m.out_option[mine], return_inverse=True)
            if len(options) > 1:
                best = options[np.argmax(np.bincount(at, weights=pairs[mine]))]
                shut.append(np.flatnonzero((m.out_order == o) & (m.out_option != best)))
        return np.concatenate(shut) if shut else np.zeros(0, np.int64)

    def _sizes(self, grown: Grown) -> tuple[Ints, Ints, Floats, Ints]:
        """Return one path for each set of lines, whose each path is, pairs on it, and the smallest lot it may have."""
        m = self.master
        one, lot = m.routes()
        size: Floats = np.bincount(lot, weights=m.pairs(grown), minlength=len(one)).astype(np.float64)
        return one, lot, size, self._least(m.order[one], m.cand[one])

    def _routes(self, grown: Grown) -> tuple[Ints, Ints, Ints, Floats]:
        """Return paths in use, the lot of each, one path for each lot, and pairs by lot."""
        m = self.master
        pairs = m.pairs(grown)
        used: Ints = np.flatnonzero(pairs > WHOLE).astype(np.int64)
        table = np.column_stack([m.order[used], m.cand[used]])
        _, one, inverse = np.unique(table, axis=0, return_index=True, return_inverse=True)
        lot: Ints = inverse.reshape(-1).astype(np.int64)
        size: Floats = np.bincount(lot, weights=pairs[used], minlength=len(one)).astype(np.float64)
        return used, lot, used[one], size

    def _faults(self, grown: Grown) -> tuple[Ints, Ints]:
        """Return paths to shut, and a path for the lines of every lot that stays."""
        net, m = self.net, self.master
        _, _, one, size = self._routes(grown)
        order = m.order[one]
        jobs = np.diff(net.job_ptr)[order]
        firm = net.line_firm[net.cand_line[m.cand[one, jobs - 1]]]
        least = self._least(order, m.cand[one])
        drop = np.zeros(len(one), np.bool_)
        for o in np.unique(order):
            mine = np.flatnonzero(order == o)
            rank = mine[np.argsort(-size[mine], kind="stable")]
            small = rank[size[rank] < least[rank] - WHOLE]
            if len(small):
                drop[small[size[small] < 0.5 * least[small]]] = True
                drop[small[-1]] = True
            drop[rank[self.most_lots :]] = True
            if net.most_makers[o] > 0:
                firms, at = np.unique(firm[mine], return_inverse=True)
                made = np.bincount(at, weights=size[mine])
                gone = firms[np.argsort(-made, kind="stable")[net.most_makers[o] :]]
                drop[mine[np.isin(firm[mine], gone)]] = True
        if not drop.any():
            return np.zeros(0, np.int64), one
        return self._same_lines(one[drop]), one[~drop]

    def _least(self, order: Ints, cands: Ints) -> Ints:
        """Return the smallest lot of each route."""
        net = self.net
        lines = np.where(
            np.arange(cands.shape[1]) < np.diff(net.job_ptr)[order][:, None], net.line_smallest[net.cand_line[cands]], 0
        )
        least: Ints = np.maximum(net.smallest[order], lines.max(axis=1, initial=0))
        return least

    def _same_lines(self, chosen: Ints) -> Ints:
        """Return all paths with the order and lines of the chosen."""
        m = self.master
        table = np.column_stack([m.order, m.cand])
        wanted = {row.tobytes() for row in table[chosen]}
        return np.array([i for i, row in enumerate(table) if row.tobytes() in wanted], np.int64)

    def _lots(self, grown: Grown) -> dict[int, Lots]:
        net, m = self.net, self.master
        used, lot, one, size = self._routes(grown)
        T = net.most.shape[1]
        work = np.zeros((len(one), m.stages, T))
        pairs = m.pairs(grown)[used]
        for own in range(m.stages):
            np.add.at(work[:, own], (lot, m.period[used, own]), pairs)
        done = np.cumsum(work, axis=2)
        away = np.maximum(0.0, grown.values[m.out_column : m.out_column + len(m.out_order)])
        order, z = m.order[one], m.shares(grown)
        made: dict[int, Lots] = {}
        for o in np.flatnonzero(z > 0.5):
            option, outside = -1, np.zeros(T, np.int64)
            sent = np.flatnonzero((m.out_order == o) & (away > 0.5))
            if len(sent):
                option = int(m.out_option[sent[np.argmax(away[sent])]])
                sent = sent[m.out_option[sent] == option]
                total = np.zeros(T)
                total[m.out_period[sent]] = away[sent]
                outside = np.diff(np.floor(np.cumsum(total) + 0.5), prepend=0.0).astype(np.int64)
            mine = np.flatnonzero(order == o)
            mine = mine[np.argsort(-size[mine], kind="stable")][: self.most_lots]
            whole = _whole_pairs(size[mine], int(net.pairs[o] - outside.sum()))
            made[int(o)] = Lots(m.cand[one[mine]], done[mine] * (whole / size[mine])[:, None, None], option, outside)
        return made


def _whole_pairs(size: Floats, total: int) -> Ints:
    """Return sizes in whole pairs that sum to ``total``, by largest remainder."""
    if not len(size):
        return np.zeros(0, np.int64)
    share = size * (total / max(1e-9, float(size.sum())))
    whole = np.floor(share).astype(np.int64)
    rank = np.argsort(whole - share, kind="stable")
    whole[rank[: total - int(whole.sum())]] += 1
    return whole
