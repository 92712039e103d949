"""A way to make what is asked: lots, what they use, what they cost. Exact: every cell is rounded as the referee rounds it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from cordwainer.core import ceil_div
from cordwainer.planning import Net, State
from cordwainer.quoting.asked import Asked
from cordwainer.quoting.buying import Bought, Shelf, more_purchases, value_of
from cordwainer.quoting.kernels import caps_of, need_of, overtime_fen
from cordwainer.quoting.lines import Ints
from cordwainer.quoting.live import Live, SparseUse


@dataclass(frozen=True)
class Lot:
    """A part of what is asked: pairs, the line of each stage, and (stage, period, pairs) of its work; all as numbers."""

    pairs: int
    lines: tuple[int, ...]
    work: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Costs:
    """What a proposal costs by itself, in fen.

    ``material`` is its need at usual prices, ``purchase`` what it adds to the bill of purchases, ``capacity`` what the
    minutes, skills, tools, caps and scarce materials that it takes are worth to others at the prices of the plan.
    """

    labour: int
    overtime: int
    piece: int
    transfer: int
    carbon: int
    material: int
    purchase: int
    capacity: int

    @property
    def booked(self) -> int:
        """What it takes from the contribution of the plan."""
        return self.labour + self.overtime + self.piece + self.transfer + self.carbon + self.purchase


@dataclass(frozen=True)
class Proposal:
    """Lots of a request with all that follows from them; ``carbon_mg`` is for all pairs, None where it is unknown.

    ``sought`` says what it was found for.
    """

    asked: Asked
    lots: tuple[Lot, ...]
    use: SparseUse
    costs: Costs
    carbon_mg: int | None
    first: int
    last: int
    sought: str = ""

    def contribution(self, net_fen: int) -> int:
        """Return what the plan is worth more with it at a net price in fen."""
        return net_fen * self.asked.request.pairs - self.costs.booked


@dataclass(frozen=True)
class _Rows:
    """Work of all lots, row by row; ``cand`` counts over all stages."""

    stage: Ints
    cand: Ints
    line: Ints
    period: Ints
    pairs: Ints
    minutes: Ints


def lots_of(net: Net, state: State) -> tuple[Lot, ...]:
    """Return the lots that a state of one order holds."""
    lines, jobs = net.cand_line, len(net.job_list)
    found = []
    for k in range(int(state.lots[0])):
        work = state.work[0, k]
        s, t = np.nonzero(work)
        found.append(
            Lot(
                pairs=int(state.lot_pairs[0, k]),
                lines=tuple(lines[state.lot_cand[0, k, :jobs]].tolist()),
                work=tuple(zip(s.tolist(), t.tolist(), work[s, t].tolist(), strict=True)),
            )
        )
    return tuple(found)


def propose(live: Live, shelf: Shelf, asked: Asked, lots: tuple[Lot, ...]) -> Proposal | None:
    """Return the proposal of lots, None where a line may not do it or material cannot be had in time."""
    rows = _rows(asked, lots)
    if rows is None:
        return None
    need = _need(live, asked, rows)
    bought = more_purchases(live, shelf, asked.materials, need)
    if bought is None:
        return None
    use = _use(asked, rows, need, bought)
    return Proposal(
        asked=asked,
        lots=lots,
        use=use,
        costs=_costs(live, asked, lots, rows, use, need, bought),
        carbon_mg=_carbon(live, asked, lots, rows),
        first=int(rows.period.min()),
        last=int(rows.period.max()),
    )


def use_of(live: Live, asked: Asked, lots: tuple[Lot, ...], bought: dict[int, int]) -> SparseUse | None:
    """Return what lots use with purchases that were made for them, None where a line is none of the candidates."""
    rows = _rows(asked, lots)
    return None if rows is None else _use(asked, rows, _need(live, asked, rows), Bought(bought, 0))


def _rows(asked: Asked, lots: tuple[Lot, ...]) -> _Rows | None:
    at, stage, period, pairs = [], [], [], []
    net = asked.net
    for lot in lots:
        where = []
        for s, line in enumerate(lot.lines):
            c = int(np.searchsorted(asked.stages[s].line, line))
            if c == len(asked.stages[s].line) or asked.stages[s].line[c] != line:
                return None
            where.append(int(net.cand_ptr[s]) + c)
        for s, t, n in lot.work:
            if not asked.stages[s].open_[where[s] - int(net.cand_ptr[s]), t]:
                return None
            at.append(where[s])
            stage.append(s)
            period.append(t)
            pairs.append(n)
    cand, n_pairs = np.array(at, np.int64), np.array(pairs, np.int64)
    return _Rows(
        stage=np.array(stage, np.int64),
        cand=cand,
        line=net.cand_line[cand].astype(np.int64),
        period=np.array(period, np.int64),
        pairs=n_pairs,
        minutes=n_pairs * net.cand_m[cand],
    )


def _need(live: Live, asked: Asked, rows: _Rows) -> Ints:
    """Return what rows need, material of the request x T, micro units."""
    need = np.zeros((len(asked.materials), len(live.ground.periods)), np.int64)
    need_of(asked.net, rows.stage, rows.line, rows.period, rows.pairs, asked.material_of, need)
    return need


def _use(asked: Asked, rows: _Rows, need: Ints, bought: Bought) -> SparseUse:
    net = asked.net
    skill = net.sj_skill[rows.stage]
    srow = np.where(skill >= 0, net.skill_row[net.line_firm[rows.line], np.maximum(skill, 0)], -1).astype(np.int64)
    has = srow >= 0
    tools = [
        (int(net.job_tool_row[k]), int(rows.period[i]), int(rows.pairs[i] * net.job_tool_share[k]))
        for i, s in enumerate(rows.stage.tolist() if len(net.job_tool_row) else ())
        for k in range(net.job_tool_ptr[s], net.job_tool_ptr[s + 1])
    ]
    m, t = np.nonzero(need)
    cap = _caps(asked, rows)
    g = np.flatnonzero(cap)
    return SparseUse(
        load=(rows.line, rows.period, rows.minutes),
        need=(asked.materials[m], t, need[m, t]),
        skill=(srow[has], rows.period[has], rows.minutes[has]),
        tool=_cells(tools),
        cap=(g, cap[g]),
        bought=bought.more,
    )


def _cells(found: list[tuple[int, int, int]]) -> tuple[Ints, Ints, Ints]:
    table = np.array(found, np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _caps(asked: Asked, rows: _Rows) -> Ints:
    used = np.zeros(len(asked.net.cap_flow), np.int64)
    caps_of(asked.net, rows.stage, rows.line, rows.period, rows.pairs, used)
    return used


def _costs(
    live: Live, asked: Asked, lots: tuple[Lot, ...], rows: _Rows, use: SparseUse, need: Ints, bought: Bought
) -> Costs:
    net, g = asked.net, live.ground
    labour = int((-((-rows.minutes * net.ask[rows.line]) // 60_000_000)).sum())
    carbon = 0
    if g.carbon_price:
        carbon = sum(_carbon_fen(int(n), g.carbon_price) for n in rows.pairs * asked.carbon[rows.cand])
    transfer = 0
    for lot in lots:
        for a, b in _arcs(live, asked, lot):
            transfer += lot.pairs * int(g.roads.price[a, b])
            carbon += _carbon_fen(lot.pairs * max(0, int(g.roads.carbon[a, b])), g.carbon_price)
    return Costs(
        labour=labour,
        overtime=_overtime(live, rows),
        piece=int((rows.pairs * asked.piece[rows.cand]).sum()),
        transfer=transfer,
        carbon=carbon,
        material=value_of(live, asked.materials, need),
        purchase=bought.fen,
        capacity=_capacity(live, use, rows),
    )


def _arcs(live: Live, asked: Asked, lot: Lot) -> list[tuple[int, int]]:
    where = live.ground.lines.district[list(lot.lines)].tolist()
    return [(where[s], where[after]) for s, after in enumerate(asked.recipe.after.tolist()) if after >= 0]


def _overtime(live: Live, rows: _Rows) -> int:
    facts = live.ground.facts
    return overtime_fen(rows.line, rows.period, rows.minutes, facts.regular, live.load, facts.surcharge)


def _capacity(live: Live, use: SparseUse, rows: _Rows) -> int:
    """Return what is taken of scarce things at the prices of the plan, in fen, rounded up."""
    p = live.shadow
    total = int((use.load[2] * p.line[rows.line, rows.period]).sum()) * 1000
    total += int((use.skill[2] * p.skill[use.skill[0], use.skill[1]]).sum()) * 1000
    total += int((use.tool[2] * p.tool[use.tool[0], use.tool[1]]).sum())
    total += int((use.cap[1] * p.cap[use.cap[0]]).sum()) * 1000
    m, t, amount = use.need
    scarce = np.maximum(0, p.material[m, t] - live.unit_price[m, t])
    priced = np.flatnonzero(scarce)
    total += sum(int(amount[i]) * int(scarce[i]) for i in priced)
    return ceil_div(total, 10**9)


def _carbon_fen(milligrams: int, price: Fraction) -> int:
    return ceil_div(milligrams * price.numerator, price.denominator * 10**9) if price else 0


def _carbon(live: Live, asked: Asked, lots: tuple[Lot, ...], rows: _Rows) -> int | None:
    g = live.ground
    if not asked.recipe.carbon_known or not g.line_flow_known[rows.line, g.carbon_at].all():
        return None
    total = int((rows.pairs * asked.carbon[rows.cand]).sum())
    for lot in lots:
        for a, b in _arcs(live, asked, lot):
            if g.roads.carbon[a, b] < 0:
                return None
            total += lot.pairs * int(g.roads.carbon[a, b])
    return total
