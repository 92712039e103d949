"""The whole planning problem as one mixed-integer model in whole numbers, as a peer's solver would be given it.

For order o, lot k, stage s, candidate line c and period t:
  y[o], u[o,k], x[o,k,s,c] yes or no (order made, lot used, line of the stage); n[o,k] pairs of the lot; w[o,k,s,c,t] pairs worked.
(1) sum over c of x = u;   sum over t of w <= pairs x;   sum over c, t of w = n;   smallest u <= n;   line's smallest x <= n
(2) pairs of stage s' on line c by t <= pairs of stage s on all lines by the last period that reaches c by t
(3) sum over k of n + pairs outside = pairs y;   n[o,k] >= n[o,k+1]
(4) one outside maker an order; its last-stage firms at most ``most_makers``
(5) load <= regular + overtime <= most; skills, tools, caps
(6) material at hand at the end of t <= that of t - 1 + arriving + bought - need, and >= 0;   purchases with minimum, multiple, brackets
(7) pairs moved between districts from one stage to the next
Maximise 1/1,000,000 fen. Nothing is left out but the rounding of single purchases and of overtime to whole fen.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from cordwainer.planning.limits import OfferPeriods
from cordwainer.planning.problem import Ints, Net, Problem

Numbers = npt.NDArray[np.integer[Any]]
FREE = 2**62
"""No limit."""
NONE = np.zeros(0, np.int64)
SCALE = 1000
"""Units of the objective to 1/1000 fen."""


class Builder:
    """Columns and rows of a model in whole numbers, one block after another."""

    def __init__(self) -> None:
        self.costs: list[Ints] = []
        self.upper: list[Ints] = []
        self.row_lower: list[Ints] = []
        self.row_upper: list[Ints] = []
        self.entries: list[tuple[Ints, Ints, Ints]] = []
        self.units: list[Ints] = []
        self.columns = self.rows = 0

    def add(self, upper: Numbers | int, count: int = 1, cost: Numbers | int = 0, unit: int = 1) -> Ints:
        """Add columns from 0 to ``upper``; return their numbers. Those with a ``unit`` beyond 1 need not be whole numbers of it."""
        first = self.columns
        self.columns += count
        for kept, value in ((self.costs, cost), (self.units, unit), (self.upper, upper)):
            kept.append(np.broadcast_to(np.asarray(value, np.int64), (count,)))
        return np.arange(first, self.columns)

    def limit(self, lower: Numbers | int, upper: Numbers | int, count: int = 1) -> Ints:
        """Add rows; return their numbers."""
        first = self.rows
        self.rows += count
        for kept, value in ((self.row_lower, lower), (self.row_upper, upper)):
            kept.append(np.broadcast_to(np.asarray(value, np.int64), (count,)))
        return np.arange(first, self.rows)

    def put(self, rows: Numbers | int, columns: Numbers | int, values: Numbers | int) -> None:
        """Add entries; what is given once counts for all."""
        r, c, v = np.broadcast_arrays(*(np.asarray(x, np.int64) for x in (rows, columns, values)))
        self.entries.append((r.ravel(), c.ravel(), v.ravel()))

    def row(self, lower: int, upper: int, *terms: tuple[Numbers | int, Numbers | int]) -> None:
        """Add one row of (columns, values)."""
        at = self.limit(lower, upper)
        for columns, values in terms:
            self.put(at[0], columns, values)


@dataclass(frozen=True)
class Lot:
    """Columns of one lot: used, pairs, and by stage the lines (candidates) and work (candidates x T; -1: not allowed)."""

    used: int
    pairs: int
    lines: list[Ints]
    work: list[Ints]


@dataclass(frozen=True)
class Away:
    """Columns of one outside maker of an order: chosen or not, and pairs by period (T; -1: not allowed)."""

    chosen: int
    pairs: Ints


@dataclass(frozen=True)
class Whole:
    """The model with all that is needed to read a plan out of it: order made (-1: nothing to plan), its lots and outside makers."""

    built: Builder
    made: Ints
    lots: list[list[Lot]]
    away: list[list[Away]]
    constant: int


def whole_model(problem: Problem, offers: OfferPeriods, arriving: Ints, largest: Ints) -> Whole:
    """Build the model.

    Parameters
    ----------
    problem
        What is to be planned.
    offers, arriving, largest
        Purchases that may be made; stock by first usable period and the largest need of each material (M x T, M; milli units).

    Returns
    -------
    Whole
        Its size grows with orders x lots x candidates x periods.
    """
    net, b = problem.net, Builder()
    shared = _shared(net, b, offers, arriving, largest)
    made, lots, aways = np.full(len(net.pairs), -1, np.int64), list[list[Lot]](), list[list[Away]]()
    for o, pairs in enumerate(net.pairs.tolist()):
        lots.append([])
        aways.append([])
        if not pairs or net.last[o] < net.first[o]:
            continue
        made[o] = b.add(1, cost=-SCALE * int(net.theta[o]) * pairs)[0]
        count = min(problem.most_lots, max(1, pairs // max(1, int(net.smallest[o]))))
        lots[o] = [_lot(net, b, shared, o) for _ in range(count)]
        aways[o] = _aways(net, b, shared, o)
        sent = np.concatenate([NONE, *[a.pairs[a.pairs >= 0] for a in aways[o]]])
        b.row(0, 0, (made[o], -pairs), (np.array([k.pairs for k in lots[o]]), 1), (sent, 1))
        b.row(-FREE, 1, (np.array([a.chosen for a in aways[o]], np.int64), 1))
        for first, second in itertools.pairwise(lots[o]):
            b.row(0, FREE, (first.pairs, 1), (second.pairs, -1))
        _makers(net, b, o, lots[o])
    return Whole(b, made, lots, aways, SCALE * int((net.theta.astype(object) * net.pairs).sum()))


@dataclass(frozen=True)
class _Shared:
    """Rows that all orders share: line-weeks (regular, most), skills, tools, materials, caps, outside makers."""

    regular: Ints
    most: Ints
    skill: Ints
    tool: Ints
    material: Ints
    cap: Ints
    outside: Ints


def _shared(net: Net, b: Builder, offers: OfferPeriods, arriving: Ints, largest: Ints) -> _Shared:
    def rows(limits: Ints) -> Ints:
        return b.limit(-FREE, limits.ravel(), limits.size).reshape(limits.shape)

    found = _Shared(
        rows(net.regular),
        rows(net.most),
        rows(net.skill_limit),
        rows(net.tool_limit),
        rows(1000 * arriving),
        rows(net.cap_amount),
        rows(net.out_limit),
    )
    minute = 1000
    over = -(-np.maximum(0, net.most - net.regular) // minute)
    cost = -(-SCALE * np.repeat(net.surcharge, net.most.shape[1]) // 60)
    b.put(found.regular.ravel(), b.add(over.ravel(), over.size, -cost, unit=60), -minute)
    most = np.repeat(1000 * largest, net.supply.shape[1])
    hand = b.add(most, net.supply.size, unit=1_000_000).reshape(net.supply.shape)
    b.put(found.material, hand, 1)
    b.put(found.material[:, 1:], hand[:, :-1], -1)
    for i in range(len(offers.offer)):
        _purchase(b, offers, i, int(largest[offers.material[i]]), found.material)
    return found


def _purchase(b: Builder, offers: OfferPeriods, i: int, useful: int, material: Ints) -> None:
    """Add one purchase: none, or the minimum and multiples, in one bracket of its prices."""
    least, step = int(offers.minimum[i]), int(offers.multiple[i])
    most = min(int(offers.most[i]), least + -(-max(0, useful - least) // step) * step)
    if useful <= 0 or most <= 0:
        return
    buys, steps = int(b.add(1)[0]), int(b.add((most - least) // step)[0])
    b.row(-FREE, 0, (steps, 1), (buys, -((most - least) // step)))
    marks = [*offers.breaks[i], (most + 1, 0)]
    base, inside, parts = 0, [], []
    for (start, price), (end, _) in itertools.pairwise(marks):
        low, high = max(start, 0), min(end - 1, most)
        if low > high:
            break
        chosen = int(b.add(1, cost=0 if offers.whole[i] else -(base - price * low))[0])
        part = int(b.add(high, cost=-price, unit=1000)[0])
        b.row(-FREE, 0, (chosen, low), (part, -1))
        b.row(-FREE, 0, (part, 1), (chosen, -high))
        base += price * (end - start)
        inside.append(chosen)
        parts.append(part)
    b.row(0, 0, (np.array(inside), 1), (buys, -1))
    b.row(0, 0, (np.array(parts), 1), (buys, -least), (steps, -step))
    b.put(material[offers.material[i], offers.usable[i]], np.array(parts), -1000)


def _lot(net: Net, b: Builder, shared: _Shared, o: int) -> Lot:
    """Add one lot of an order."""
    pairs, window = int(net.pairs[o]), np.arange(net.first[o], net.last[o] + 1)
    used = int(b.add(1)[0])
    size = int(b.add(pairs, cost=SCALE * 1000 * int(net.price[o]))[0])
    b.row(-FREE, 0, (used, int(net.smallest[o])), (size, -1))
    b.row(-FREE, 0, (size, 1), (used, -pairs))
    lot = Lot(used, size, [], [])
    for j in range(net.job_ptr[o], net.job_ptr[o + 1]):
        cands = np.arange(net.cand_ptr[net.job_list[j]], net.cand_ptr[net.job_list[j] + 1])
        lines = b.add(1, len(cands))
        b.row(0, 0, (lines, 1), (used, -1))
        works = np.full((len(cands), net.most.shape[1]), -1, np.int64)
        for i, c in enumerate(cands.tolist()):
            line = int(net.cand_line[c])
            when = window[net.masks[net.cand_mask[c], window] & (net.most[line, window] > 0)]
            works[i, when] = _work(net, b, shared, o, j, c, when)
            b.row(-FREE, 0, (works[i, when], 1), (lines[i], -pairs))
            if net.line_smallest[line] > net.smallest[o]:
                b.row(-FREE, 0, (lines[i], int(net.line_smallest[line])), (size, -1))
        b.row(0, 0, (works[works >= 0], 1), (size, -1))
        lot.lines.append(lines)
        lot.work.append(works)
    for j in range(net.job_ptr[o], net.job_ptr[o + 1]):
        if net.job_next[j] >= 0:
            _sequence(net, b, o, j, lot)
    return lot


def _work(net: Net, b: Builder, shared: _Shared, o: int, j: int, c: int, when: Ints) -> Ints:
    """Add the work of a lot and stage on one line in some periods, and what it uses."""
    line, sj, minutes = int(net.cand_line[c]), int(net.job_sj[j]), int(net.cand_m[c])
    d = int(net.line_defect[line])
    cost = np.full(len(when), int(net.cand_base[c]) + minutes * int(net.ask[line]) // 60_000)
    if net.job_next[j] < 0:
        cost = cost + net.late[o, when]
    work = b.add(int(net.pairs[o]), len(when), -SCALE * cost)
    b.put(shared.regular[line, when], work, minutes)
    b.put(shared.most[line, when], work, minutes)
    if net.sj_skill[sj] >= 0 and net.skill_row[net.line_firm[line], net.sj_skill[sj]] >= 0:
        b.put(shared.skill[net.skill_row[net.line_firm[line], net.sj_skill[sj]], when], work, minutes)
    for k in range(net.job_tool_ptr[j], net.job_tool_ptr[j + 1]):
        b.put(shared.tool[net.job_tool_row[k], when], work, net.job_tool_share[k])
    for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
        b.put(shared.material[net.sj_need_material[k], when], work, net.sj_need[k, d])
    for g, flow in enumerate(net.cap_flow.tolist()):
        if net.cap_line[g, line]:
            inside = net.cap_period[g, when]
            b.put(shared.cap[g], work[inside], net.line_flow[line, flow] + net.sj_flow[sj, flow, d])
    return work


def _sequence(net: Net, b: Builder, o: int, j: int, lot: Lot) -> None:
    """Let the next stage work no pair that has not arrived, and pay for pairs that change districts."""
    own, after = j - net.job_ptr[o], int(net.job_next[j])
    before, then = lot.work[own], lot.work[after]
    a, c = (
        net.cand_line[net.cand_ptr[net.job_list[x]] : net.cand_ptr[net.job_list[x] + 1]]
        for x in (j, net.job_ptr[o] + after)
    )
    from_, to = net.line_district[a], net.line_district[c]
    done = {}
    for d in np.unique(from_).tolist():
        mine = before[from_ == d]
        upto = b.add(int(net.pairs[o]), mine.shape[1])
        rows = b.limit(0, 0, mine.shape[1])
        b.put(rows, upto, 1)
        b.put(rows[1:], upto[:-1], -1)
        row, week = np.nonzero(mine >= 0)
        b.put(rows[week], mine[row, week], -1)
        done[d] = upto
    for i in range(len(c)):
        for t in np.flatnonzero(then[i] >= 0).tolist():
            work = then[i, : t + 1]
            terms: list[tuple[Numbers | int, Numbers | int]] = [(work[work >= 0], 1)]
            reach = {d: _reach(net, d, int(to[i]), t) for d in done}
            terms += [(done[d][u], -1) for d, u in reach.items() if u >= 0]
            for k in np.flatnonzero(net.line_firm[a] == net.line_firm[c[i]]).tolist():
                sooner = before[k, reach[int(from_[k])] + 1 : t + 1]
                terms.append((sooner[sooner >= 0], -1))
            b.row(-FREE, 0, *terms)
    ways = [(p, q) for p in done for q in np.unique(to).tolist() if net.move_price[p, q] >= 0]
    price = {w: SCALE * (1000 * int(net.move_price[w]) + int(net.move_carbon[w])) for w in ways}
    if not any(price.values()) and len(ways) == len(done) * len(np.unique(to)):
        return
    moved = {w: int(b.add(int(net.pairs[o]), cost=-price[w])[0]) for w in ways}
    for works, where, side in ((before, from_, 0), (then, to, 1)):
        for d in np.unique(where).tolist():
            mine = works[where == d]
            b.row(0, 0, (mine[mine >= 0], 1), (np.array([x for w, x in moved.items() if w[side] == d], np.int64), -1))


def _reach(net: Net, a: int, b: int, t: int) -> int:
    """Return the last period whose work in a district has reached another one by period ``t``, -1 if none."""
    return int(net.reach[net.move_lag[a, b], t]) if net.move_price[a, b] >= 0 else -1


def _aways(net: Net, b: Builder, shared: _Shared, o: int) -> list[Away]:
    """Add the outside makers of an order."""
    found = []
    for k in range(net.out_ptr[o], net.out_ptr[o + 1]):
        when = np.arange(net.out_first[k], net.last[o] + 1)
        chosen, pairs = int(b.add(1)[0]), np.full(net.most.shape[1], -1, np.int64)
        late = net.late[o, when] if net.out_value[k] != 0 else 0 * when
        pairs[when] = b.add(int(net.pairs[o]), len(when), SCALE * (int(net.out_value[k]) - late))
        b.put(shared.outside[net.out_maker[k], when], pairs[when], 1)
        b.row(-FREE, 0, (pairs[when], 1), (chosen, -int(net.pairs[o])))
        found.append(Away(chosen, pairs))
    return found


def _makers(net: Net, b: Builder, o: int, lots: list[Lot]) -> None:
    """Let few firms do the last stage."""
    last = net.job_list[net.job_ptr[o + 1] - 1]
    firm = net.line_firm[net.cand_line[net.cand_ptr[last] : net.cand_ptr[last + 1]]]
    firms, at = np.unique(firm, return_inverse=True)
    if 0 < net.most_makers[o] < min(len(firms), len(lots)):
        makes = b.add(1, len(firms))
        for lot in lots:
            rows = b.limit(-FREE, 0, len(firm))
            b.put(rows, lot.lines[-1], 1)
            b.put(rows, makes[at], -1)
        b.row(-FREE, int(net.most_makers[o]), (makes, 1))
