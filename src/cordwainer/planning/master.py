"""The restricted master: how many pairs of a few orders go along which of the paths found so far, as a linear programme.

Sets: orders o, paths p of an order, limits i (line-weeks, skills, tools, materials by period, caps, outside makers).
Maximise  sum value[p] x[p] + sum value[out] x[out] - sum surcharge[i] over[i]   subject to
(1) sum of x over the paths of o and its outside makers = pairs[o] z[o],   0 <= z[o] <= 1;
(2) sum use[p, i] x[p] <= limit[i] + over[i],   0 <= over[i] <= overtime of a line-week;
    of a material, from one period in which it can run short to the next: what is used and left <= what arrives and was left.
The row prices of (2) say what a limit is worth; pricing over all lines finds the paths that would earn more than (1) says.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cordwainer.planning.active import YUAN
from cordwainer.planning.columns import Limits, best_paths, best_times, limits_of, path_columns
from cordwainer.planning.faults import SolverFault
from cordwainer.planning.prices import whole
from cordwainer.planning.pricing import Prices, Scratch
from cordwainer.planning.problem import Flags, Floats, Ints, Net, Small
from cordwainer.planning.smooth import Point
from cordwainer.planning.subproblem import room_of
from cordwainer.solvers import GrowingModel, Grown, Start

EARNS = 0.01
"""A new path must earn so much more a pair than its order does now, yuan."""
EDGE, MANY = 5.0, 500.0
"""Pairs by which each limit is kept short, so that whole pairs find room, where more than so many would fit."""
SPARE = 2e-4
"""The same of caps, as a share: many lots count in each."""
NONE = np.zeros(0, np.int64)


class Master:
    """Paths of a few orders and the linear programme over them.

    ``order``, ``cand`` and ``period`` (paths, paths x stages) are the paths; ``shut`` says which may not be used any more;
    ``firms`` (orders x firms) says who may do the last stage of new paths, where that is settled.
    """

    def __init__(self, net: Net, unit_price: Ints, memory: Scratch, seconds: float) -> None:
        self.net, self.memory, self.unit_price = net, memory, unit_price
        self.at, self.room = limits_of(net), room_of(net)
        self.stages = len(memory.path_cand)
        self.model = GrowingModel(seconds)
        self.order: Ints = NONE
        self.cand: Ints = np.zeros((0, self.stages), np.int64)
        self.period: Small = np.zeros((0, self.stages), np.int32)
        self.column: Ints = NONE
        self._value: Floats = np.zeros(0)
        self.shut: Flags = np.zeros(0, np.bool_)
        self._known: set[bytes] = set()
        self._row = np.full(self.at.count, -1, np.int64)
        self._upper, self._over, self._surcharge = _limits(net, self.at)
        count = len(net.pairs)
        self.model.add_rows(np.zeros(count), np.zeros(count))
        ends = np.arange(count + 1)
        self.model.add_columns(
            np.zeros(count), np.zeros(count), np.ones(count), ends, ends[:-1], -net.pairs.astype(float)
        )
        self.asking: Flags = np.ones(count, np.bool_)
        self.firms: Flags = np.zeros((count, len(net.firm_fd_ptr) - 1), np.bool_)
        self._outside()

    def _outside(self) -> None:
        """Add a column for every outside maker and period that an order may use."""
        net, found = self.net, []
        for o in range(len(net.pairs)):
            for k in range(net.out_ptr[o], net.out_ptr[o + 1]):
                for t in range(net.out_first[k], net.last[o] + 1):
                    late = net.late[o, t] if net.out_value[k] != 0 else 0
                    value = int(net.out_value[k] - late - net.theta[o])
                    if value > 0 and net.out_limit[net.out_maker[k], t] > 0:
                        found.append(
                            (o, k, self.at.outside + net.out_maker[k] * net.most.shape[1] + t, value * YUAN, t)
                        )
        self.out_order = np.array([f[0] for f in found], np.int64)
        self.out_option = np.array([f[1] for f in found], np.int64)
        self.out_period = np.array([f[4] for f in found], np.int64)
        limit, worth = np.array([f[2] for f in found], np.int64), np.array([f[3] for f in found], np.float64)
        count = len(found)
        ptr = np.arange(count + 1)
        self.out_column = self._add(self.out_order, worth, ptr, limit, np.ones(count))

    def _add(self, order: Ints, value: Floats, ptr: Ints, limit: Ints, use: Floats) -> int:
        """Add columns with a row for every limit that is used for the first time; return the first one's number."""
        fresh = self._with_all_periods(np.unique(limit[self._row[limit] < 0]))
        if len(fresh):
            first = self.model.add_rows(np.full(len(fresh), -np.inf), self._upper[fresh])
            self._row[fresh] = first + np.arange(len(fresh))
            self._carry_on(fresh)
            over = fresh[self._over[fresh] > 0]
            count = len(over)
            self.model.add_columns(
                -self._surcharge[over],
                np.zeros(count),
                self._over[over],
                np.arange(count + 1),
                self._row[over],
                np.full(count, -1.0),
            )
        where = np.insert(self._row[limit], ptr[:-1], order)
        amount = np.insert(use, ptr[:-1], 1.0)
        count = len(order)
        return self.model.add_columns(
            value, np.zeros(count), np.full(count, np.inf), ptr + np.arange(count + 1), where, amount
        )

    def _with_all_periods(self, limits: Ints) -> Ints:
        """Return limits, and for each material among them the limits of all periods in which it can run short."""
        own = limits[(limits >= self.at.material) & (limits < self.at.cap)]
        materials = np.unique((own - self.at.material) // self.net.supply.shape[1])
        return np.union1d(limits, self._shortages(materials)) if len(own) else limits

    def _shortages(self, materials: Ints) -> Ints:
        """Return the limits of materials in the periods in which they can run short, material by material in the sequence of time."""
        T = self.net.supply.shape[1]
        which, when = np.nonzero(self.at.runs_short[materials] == np.arange(T))
        limits: Ints = self.at.material + materials[which] * T + when
        return limits

    def _carry_on(self, fresh: Ints) -> None:
        """Let what is left of a material in a period be used in the next one."""
        T = self.net.supply.shape[1]
        own = fresh[(fresh >= self.at.material) & (fresh < self.at.cap)]
        same = np.diff((own - self.at.material) // T) == 0
        before, after = own[:-1][same], own[1:][same]
        count = len(before)
        rows = np.column_stack([self._row[before], self._row[after]]).ravel()
        amounts, nothing = np.tile([1.0, -1.0], count), np.zeros(count)
        self.model.add_columns(nothing, nothing, np.full(count, np.inf), 2 * np.arange(count + 1), rows, amounts)

    def add(self, order: Ints, cand: Ints, period: Small) -> int:
        """Add the paths that are new; return how many."""
        fresh = []
        for i in range(len(order)):
            jobs = self.net.job_ptr[order[i] + 1] - self.net.job_ptr[order[i]]
            key = order[i].tobytes() + cand[i, :jobs].tobytes() + period[i, :jobs].tobytes()
            if key not in self._known:
                self._known.add(key)
                fresh.append(i)
        if not fresh:
            return 0
        order, cand, period = order[fresh], cand[fresh], period[fresh]
        made = path_columns(self.net, self.at, order, cand, period, self.unit_price)
        first = self._add(order, made.value, made.ptr, made.limit, made.use)
        self._value = np.concatenate([self._value, made.value])
        self.order = np.concatenate([self.order, order])
        self.cand = np.concatenate([self.cand, cand])
        self.period = np.concatenate([self.period, period])
        self.column = np.concatenate([self.column, first + np.arange(len(order))])
        self.shut = np.concatenate([self.shut, np.zeros(len(order), np.bool_)])
        return len(fresh)

    def prices(self, grown: Grown) -> Prices:
        """Return the row prices as prices of everything limited; materials also cost what they cost."""
        net, at = self.net, self.at
        flat = np.zeros(at.count)
        has = self._row >= 0
        flat[has] = np.maximum(0.0, grown.row_duals[self._row[has]])
        by_shortage = flat[at.material : at.cap].reshape(net.supply.shape)
        of_next = np.where(at.runs_short >= 0, np.take_along_axis(by_shortage, at.runs_short, axis=1), 0.0)
        later = np.maximum.accumulate(of_next[:, ::-1], axis=1)[:, ::-1]
        return whole(
            Point(
                line=flat[: at.skill].reshape(net.most.shape),
                material=later + self.unit_price * YUAN,
                cap=flat[at.cap : at.outside],
                skill=flat[at.skill : at.tool].reshape(net.skill_limit.shape),
                tool=flat[at.tool : at.material].reshape(net.tool_limit.shape),
                outside=flat[at.outside :].reshape(net.out_limit.shape),
            )
        )

    def price_all(self, prices: Prices, grown: Grown | None) -> int:
        """Add the best path of every order that asks where it earns more than the order does; return how many are new."""
        asked = np.flatnonzero(self.asking)
        value = np.zeros(len(asked), np.int64)
        cand, period = np.zeros((len(asked), self.stages), np.int64), np.zeros((len(asked), self.stages), np.int32)
        best_paths(self.net, prices, self.memory, self.room, asked, self.firms, value, cand, period)
        earned = np.zeros(len(asked)) if grown is None else grown.row_duals[asked]
        good = value * YUAN > np.maximum(earned, 0.0 if grown is None else -np.inf) + EARNS
        return self.add(asked[good], cand[good], period[good])

    def price_routes(self, prices: Prices, grown: Grown, chosen: Ints) -> int:
        """Add the best periods for the lines of the ``chosen`` paths where they earn more; return how many are new."""
        order, routes = self._distinct(chosen)
        value, period = np.zeros(len(order), np.int64), np.zeros((len(order), self.stages), np.int32)
        best_times(self.net, prices, self.memory, self.room, order, routes, value, period)
        good = value * YUAN > grown.row_duals[order] + EARNS
        return self.add(order[good], routes[good], period[good])

    def _distinct(self, chosen: Ints) -> tuple[Ints, Ints]:
        table = np.unique(np.column_stack([self.order[chosen], self.cand[chosen]]), axis=0)
        return np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1:])

    def routes(self) -> tuple[Ints, Ints]:
        """Return a path for each lot (an order on the same lines), and the lot of each path."""
        table = np.column_stack([self.order, self.cand])
        _, one, lot = np.unique(table, axis=0, return_index=True, return_inverse=True)
        return one.astype(np.int64), lot.reshape(-1).astype(np.int64)

    def shares(self, grown: Grown) -> Floats:
        """Return z."""
        return grown.values[: len(self.net.pairs)]

    def pairs(self, grown: Grown) -> Floats:
        """Return the pairs of every path."""
        return np.maximum(0.0, grown.values[self.column])

    def settle(self, orders: Ints, share: float) -> None:
        """Make the orders whole (1) or not at all (0); -1 leaves it open again."""
        low, high = (0.0, 1.0) if share < 0 else (share, share)
        self.model.bound(orders, np.full(len(orders), low), np.full(len(orders), high))
        self.asking[orders] = share != 0.0

    def favour(self, orders: Ints, bonus: float) -> None:
        """Let a pair of these orders count for so many yuan beyond its value."""
        self.model.cost(orders, (bonus * self.net.pairs[orders]).astype(np.float64))

    def burden(self, cost: Floats) -> None:
        """Let a pair of each path cost so many yuan beyond what it costs."""
        self.model.cost(self.column, self._value - cost)

    def close(self, paths: Ints) -> None:
        """Use these paths no more."""
        paths = paths[~self.shut[paths]]
        self.shut[paths] = True
        self.model.bound(self.column[paths], np.zeros(len(paths)), np.zeros(len(paths)))

    def forget(self) -> None:
        """Take the paths that are closed out of the programme, which is then solved faster; they are not found again."""
        gone, stays = self.column[self.shut], np.flatnonzero(~self.shut)
        self.model.drop(gone)
        before = np.sort(gone)
        self.column = self.column[stays] - np.searchsorted(before, self.column[stays])
        self.order, self.cand, self.period = self.order[stays], self.cand[stays], self.period[stays]
        self._value, self.shut = self._value[stays], self.shut[stays]

    def close_outside(self, columns: Ints) -> None:
        """Use these columns of outside makers no more."""
        nothing = np.zeros(len(columns))
        self.model.bound(self.out_column + columns, nothing, nothing)

    def solve(self, start: Start) -> Grown | None:
        """Solve from the last basis; None where time is up.

        Raises
        ------
        SolverFault
            If the solver broke off, stalled or returned nonsense.
        """
        grown = self.model.solve(start)
        if self.model.fault is not None:
            raise SolverFault(self.model.fault)
        return grown


def _limits(net: Net, at: Limits) -> tuple[Floats, Floats, Floats]:
    """Return every limit, a little short of it, the overtime beyond it, and the surcharge a minute (yuan)."""
    wide = np.zeros(net.most.shape[0])
    np.maximum.at(wide, net.cand_line, net.cand_m * 1e-3)
    need = np.zeros(net.supply.shape[0])
    if net.sj_need.size:
        np.maximum.at(need, net.sj_need_material, net.sj_need.max(axis=1) * 1e-6)
    most = _short_of(net.most * 1e-3, wide[:, None])
    regular = np.minimum(net.regular * 1e-3, most)
    others = [
        _short_of(net.skill_limit * 1e-3, wide.max(initial=0.0)),
        _short_of(net.tool_limit * 1e-6, 1.0),
        _between_shortages(_short_of(net.supply * 1e-6, need[:, None]), at.runs_short),
        net.cap_amount * 1e-3 * (1 - SPARE),
        _short_of(net.out_limit.astype(float), 1.0),
    ]
    upper = np.concatenate([regular.ravel(), *[x.ravel() for x in others]])
    over, surcharge = np.zeros(len(upper)), np.zeros(len(upper))
    over[: most.size] = (most - regular).ravel()
    surcharge[: most.size] = np.repeat(net.surcharge / 60 * YUAN, most.shape[1])
    return upper, over, surcharge


def _between_shortages(supply: Floats, runs_short: Ints) -> Floats:
    """Return what of a material arrives from one period in which it can run short to the next (M x T, from what has arrived so far)."""
    T = supply.shape[1]
    arrives = np.zeros_like(supply)
    for m in np.flatnonzero(runs_short[:, 0] >= 0):
        when = np.flatnonzero(runs_short[m] == np.arange(T))
        arrives[m, when] = np.diff(supply[m, when], prepend=0.0)
    return arrives


def _short_of(limit: npt.NDArray[np.floating[Any]], pair: Floats | float) -> Floats:
    """Return limits less what a few pairs use (use of one: ``pair``), where many pairs fit."""
    short: Floats = np.where(limit > MANY * pair, limit - EDGE * pair, limit)
    return short
