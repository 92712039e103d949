"""Place a few orders together: price paths over all lines, make orders whole, then keep to few lots that are large enough.

1. Solve the master, add the paths that its prices ask for, until hardly any earns more.
2. Cut what orders do into few routes; shut all other paths but those of the lots they had.
3. While an order has too many lots, too many makers or a lot that is too small: shut paths, solve, and price only new
   periods for the lines in use.
4. While orders are made in part: make the one whole that is nearest to it, or none of those far from it. Then 3 and 4 again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cordwainer.planning.cutting import cut, paths_of_flow
from cordwainer.planning.guide import Paths
from cordwainer.planning.master import Master
from cordwainer.planning.pricing import Prices
from cordwainer.planning.problem import Floats, Ints, Net, Small
from cordwainer.solvers import Grown, Start

WHOLE = 1e-6
NEARLY = 5e-4
"""New paths that raise the objective by less than this share are the last ones."""
ROUNDS, FEW_ROUNDS = 6, 2
DIVES, CUTS, TURNS = 25, 10, 6


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
    had: int = 0
    kept: Ints | None = None
    centre: Prices | None = None

    def run(self, had: Paths, more: Paths, levels: list[Prices]) -> dict[int, Lots] | None:
        """Return the lots of every order that is made, or None if the solver gave no answer.

        Parameters
        ----------
        had, more
            Paths of the lots that the orders had, and others to begin with.
        levels
            Prices at which the best path of every order is added at the beginning.
        """
        m = self.master
        self.centre = levels[0]
        self.had = m.add(*had)
        m.add(*more)
        for prices in levels:
            m.price_all(prices, None)
        self.grown = m.solve(Start.AFTER_COLUMNS)
        self._price(ROUNDS, None)
        if self.grown is not None:
            self._cut()
        for _ in range(TURNS):
            self._few()
            self._whole()
            if self._is_good():
                break
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

    def _whole(self) -> None:
        """Make orders whole one after another."""
        m = self.master
        for _ in range(DIVES):
            if self.grown is None:
                return
            z = m.shares(self.grown)
            part = np.flatnonzero((z > WHOLE) & (z < 1 - WHOLE))
            if not len(part):
                return
            nearest = part[np.argmax(z[part])]
            up = z[nearest] >= 0.5
            chosen = part[z[part] >= min(z[nearest], 0.95)] if up else part
            m.settle(chosen, 1.0 if up else 0.0)
            self.grown = m.solve(Start.AFTER_BOUNDS)
            if self.grown is None:
                m.settle(chosen, 0.0)
                self.grown = m.solve(Start.AFTER_BOUNDS)
            self._price(FEW_ROUNDS, self.kept)

    def _cut(self) -> None:
        """Leave each order the lots it had and a few wide routes cut from what it does now; solve, price, make whole."""
        m = self.master
        assert self.grown is not None  # noqa: S101 - the caller has solved
        pairs = m.pairs(self.grown)
        used = np.flatnonzero(pairs > WHOLE)
        orders, cands, periods = [], [], []
        for o in np.unique(m.order[used]):
            mine = used[m.order[used] == o]
            found = self._routes_of(int(o), m.cand[mine], m.period[mine], pairs[mine])
            orders.append(np.full(len(found[0]), o))
            cands.append(found[0])
            periods.append(found[1])
        if orders:
            m.add(np.concatenate(orders), np.concatenate(cands), np.concatenate(periods))
        wanted = {
            (int(o), c.tobytes())
            for group, of in zip(orders, cands, strict=True)
            for o, c in zip(group, of, strict=True)
        }
        wanted |= {(int(m.order[i]), m.cand[i].tobytes()) for i in range(self.had)}
        stays = np.array([(int(o), c.tobytes()) in wanted for o, c in zip(m.order, m.cand, strict=True)], np.bool_)
        m.close(np.flatnonzero(~stays))
        self.kept = np.flatnonzero(stays)
        self.grown = m.solve(Start.AFTER_BOUNDS)
        self._price(ROUNDS, self.kept)

    def _routes_of(self, o: int, cand: Ints, period: Small, pairs: Floats) -> tuple[Ints, Small]:
        """Return the paths of a few wide routes of an order, given the paths that it uses."""
        net, m = self.net, self.master
        jobs, T = int(net.job_ptr[o + 1] - net.job_ptr[o]), net.most.shape[1]
        entries, ent, flows = [], [0], []
        for own in range(jobs):
            lines, at = np.unique(cand[:, own], return_inverse=True)
            flow = np.zeros((len(lines), T))
            np.add.at(flow, (at, period[:, own]), pairs)
            entries.append(lines)
            flows.append(flow)
            ent.append(ent[-1] + len(lines))
        routes, done = np.zeros((self.most_lots, m.stages), np.int64), np.zeros((self.most_lots, m.stages, T))
        count = cut(
            net, m.memory, o, np.concatenate(entries), np.array(ent, np.int64), np.concatenate(flows), routes, done
        )
        chosen, when = [], []
        table = np.zeros((4 * T * jobs, m.stages), np.int32)
        for k in range(count):
            n = paths_of_flow(net, o, done[k], table)
            when.append(table[:n].copy())
            chosen.append(np.tile(routes[k], (n, 1)))
        if not chosen:
            return np.zeros((0, m.stages), np.int64), np.zeros((0, m.stages), np.int32)
        return np.concatenate(chosen), np.concatenate(when)

    def _few(self) -> None:
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
            if self.grown is None:
                m.settle(np.unique(np.concatenate([m.order[shut], m.out_order[makers]])), -1.0)
                self.grown = m.solve(Start.AFTER_BOUNDS)
            self._price(FEW_ROUNDS, self.kept)

    def _is_good(self) -> bool:
        """Return whether no order is made in part or has a fault (or there is no answer at all)."""
        if self.grown is None:
            return True
        z = self.master.shares(self.grown)
        return not ((z > WHOLE) & (z < 1 - WHOLE)).any() and not len(self._faults(self.grown)[0])

    def _drop(self) -> None:
        """Make no order that still has faults or is made in part."""
        m = self.master
        for _ in range(CUTS):
            if self.grown is None:
                return
            shut, _ = self._faults(self.grown)
            z = m.shares(self.grown)
            part = np.flatnonzero((z > WHOLE) & (z < 1 - WHOLE))
            bad = np.union1d(m.order[shut], part)
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


def between(a: Prices, b: Prices) -> Prices:
    """Return the prices half way between two."""
    return Prices(*[(x + y) // 2 for x, y in zip(a, b, strict=True)])
