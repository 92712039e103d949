"""Turn a finished search into the tables of a plan: decisions, prices, and all that is derived from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import ceil_div
from cordwainer.planning.bound import up
from cordwainer.planning.buying import bill
from cordwainer.planning.limits import OfferPeriods
from cordwainer.planning.parts import bound_parts
from cordwainer.planning.prices import Pricer
from cordwainer.planning.pricing import Prices
from cordwainer.planning.problem import Ints, Problem
from cordwainer.planning.rows import Rows, frame, loads, work_rows
from cordwainer.planning.state import State


@dataclass(frozen=True)
class Money:
    """Money in fen: what each order earns by itself (O), overtime by line and period, and the sum with purchases."""

    orders: Ints
    overtime: Ints
    contribution: int


def lot_names(problem: Problem, state: State) -> list[list[str]]:
    """Return the id of every lot by order: the order's id and a number."""
    return [[f"{name}-{k + 1}" for k in range(state.lots[o])] for o, name in enumerate(problem.orders)]


def money(problem: Problem, state: State, rows: Rows, purchases_fen: int) -> Money:
    """Return contribution by order and in all: the cells of docs/concepts/plan-model.md, section 6."""
    net = problem.net
    line = net.cand_line[rows.cand]
    cells = up(rows.pairs * net.cand_m[rows.cand] * net.ask[line], 60_000_000)
    cells += problem.cand_piece[rows.cand] * rows.pairs
    cells += up(rows.pairs * problem.cand_carbon[rows.cand] * problem.carbon_price, 10**9)
    days = problem.late_days[rows.order, rows.period].astype(np.int64)
    late = up(rows.pairs * problem.late_fen_week[rows.order] * days, 7)
    cells += np.where(net.job_next[rows.job] < 0, late, 0)
    earned = np.zeros(len(net.pairs), np.int64)
    np.subtract.at(earned, rows.order, cells)
    for o in range(len(net.pairs)):
        j0, j1 = net.job_ptr[o], net.job_ptr[o + 1]
        placed = 0
        for k in range(state.lots[o]):
            pairs = int(state.lot_pairs[o, k])
            placed += pairs
            earned[o] += pairs * int(net.price[o])
            where = net.line_district[net.cand_line[state.lot_cand[o, k, : j1 - j0]]]
            for j in range(j0, j1):
                if net.job_next[j] >= 0:
                    a, b = where[j - j0], where[net.job_next[j]]
                    earned[o] -= pairs * int(net.move_price[a, b])
                    earned[o] -= ceil_div(pairs * int(problem.move_carbon_milli[a, b]) * problem.carbon_price, 10**9)
        option = int(state.out_option[o])
        if option >= 0:
            value = int(net.out_value[option])
            for t in np.flatnonzero(state.out_work[o]):
                n = int(state.out_work[o, t])
                placed += n
                if value != 0 or problem.buyer_inside[o]:
                    earned[o] += n * (value // 1000)
                    earned[o] -= ceil_div(n * int(problem.late_fen_week[o]) * int(problem.late_days[o, t]), 7)
        earned[o] += (int(net.theta[o]) // 1000) * (int(net.pairs[o]) - placed)
    load = loads(problem, rows)
    over = np.maximum(0, load - net.regular)
    overtime = up(over * net.surcharge[:, None], 60_000_000)
    return Money(earned, overtime, int(earned.sum()) - int(overtime.sum()) - purchases_fen)


def decision_tables(
    problem: Problem, state: State, rows: Rows, offers: OfferPeriods, bought: dict[int, int]
) -> dict[str, pl.DataFrame]:
    """Return the decisions of a plan."""
    net, names = problem.net, lot_names(problem, state)
    lots = [
        (name, problem.orders[o], int(state.lot_pairs[o, k])) for o, of in enumerate(names) for k, name in enumerate(of)
    ]
    line_rows = [
        (name, problem.stages[j], problem.facts.lines[net.cand_line[state.lot_cand[o, k, j - net.job_ptr[o]]]])
        for o, of in enumerate(names)
        for k, name in enumerate(of)
        for j in range(net.job_ptr[o], net.job_ptr[o + 1])
    ]
    out = [(o, int(t)) for o, t in zip(*np.nonzero(state.out_work), strict=True)]
    order = sorted(bought)
    return {
        "lot": frame("lot", lot=[r[0] for r in lots], order=[r[1] for r in lots], pairs=[r[2] for r in lots]),
        "lot_line": frame(
            "lot_line", lot=[r[0] for r in line_rows], stage=[r[1] for r in line_rows], line=[r[2] for r in line_rows]
        ),
        "work": frame(
            "work",
            lot=[names[o][k] for o, k in zip(rows.order, rows.lot, strict=True)],
            stage=[problem.stages[j] for j in rows.job],
            period=rows.period,
            pairs=rows.pairs,
        ),
        "purchase": frame(
            "purchase",
            offer=[offers.offer[i] for i in order],
            period=[int(offers.period[i]) for i in order],
            quantity_milli=[bought[i] for i in order],
        ),
        "outside_order": frame(
            "outside_order",
            order=[problem.orders[o] for o, _ in out],
            maker=[problem.makers[net.out_maker[state.out_option[o]]] for o, _ in out],
            period=[t for _, t in out],
            pairs=[int(state.out_work[o, t]) for o, t in out],
        ),
        "outcome": frame(
            "outcome", order=list(problem.orders), outcome=[outcome(problem, state, o) for o in range(len(names))]
        ),
    }


def outcome(problem: Problem, state: State, o: int) -> str:
    """Return what becomes of an order."""
    inside, outside = bool(state.lots[o]), bool(state.out_option[o] >= 0)
    if inside and outside:
        return "mixed"
    if inside or outside:
        return "placed" if inside else "outside"
    return "broken" if problem.committed[o] else "declined"


def price_table(problem: Problem, prices: Prices) -> pl.DataFrame:
    """Return the shadow prices that are not 0."""
    kinds = (
        ("line", problem.facts.lines, prices.line),
        ("material", problem.materials, prices.material),
        ("cap", problem.caps, prices.cap[:, None] if prices.cap.size else prices.cap.reshape(0, 1)),
        ("outside", problem.makers, prices.outside),
        ("skill", [f"{f}|{k}" for f, k in problem.skills], prices.skill),
        ("tool", problem.tools, prices.tool),
    )
    parts = []
    for kind, ids, values in kinds:
        i, t = np.nonzero(values)
        parts.append(frame("price", kind=[kind] * len(i), id=[ids[x] for x in i], period=t, mfen=values[i, t]))
    return pl.concat(parts)


def derived_tables(problem: Problem, state: State, rows: Rows, earned: Money) -> dict[str, pl.DataFrame]:
    """Return order_plan, line_period and carry (docs/concepts/plan-model.md, section 8)."""
    net, T = problem.net, len(problem.periods)
    starts, ends = [p.start for p in problem.periods], [p.end for p in problem.periods]
    count = len(problem.orders)
    first, ready, late = np.full(count, T), np.full(count, -1), np.full(count, -1)
    np.minimum.at(first, rows.order, rows.period)
    last = net.job_next[rows.job] < 0
    out_o, out_t = np.nonzero(state.out_work)
    for who, when in ((rows.order[last], rows.period[last]), (out_o, out_t)):
        np.maximum.at(ready, who, when)
        np.maximum.at(late, who, problem.late_days[who, when])
    load = loads(problem, rows)
    L = len(problem.facts.lines)
    order_plan = frame(
        "order_plan",
        order=list(problem.orders),
        pairs_in_lots=state.lot_pairs.sum(axis=1),
        pairs_outside=state.out_work.sum(axis=1, dtype=np.int64),
        first_date=[starts[t] if t < T else None for t in first],
        ready_date=[ends[t] if t >= 0 else None for t in ready],
        late_days=[int(d) if d >= 0 else None for d in late],
        contribution_fen=earned.orders,
        lead_firm=lead_firms(problem, state),
    )
    facts = problem.facts
    line_period = frame(
        "line_period",
        line=np.repeat(np.array(facts.lines, dtype=object), T).tolist(),
        period=np.tile(np.arange(T), L),
        load_mmin=load.ravel(),
        regular_mmin=facts.regular.ravel(),
        most_mmin=facts.most.ravel(),
        overtime_mmin=np.maximum(0, load - facts.regular).ravel(),
    )
    names = lot_names(problem, state)
    done = np.cumsum(state.work, axis=3, dtype=np.int64)
    carry = []
    for o, of in enumerate(names):
        for k, name in enumerate(of):
            for j in range(net.job_ptr[o], net.job_ptr[o + 1]):
                if net.job_next[j] >= 0:
                    waiting = done[o, k, j - net.job_ptr[o]] - done[o, k, net.job_next[j]]
                    carry += [(name, problem.stages[j], int(t), int(waiting[t])) for t in np.flatnonzero(waiting)]
    return {
        "order_plan": order_plan,
        "line_period": line_period,
        "carry": frame(
            "carry",
            lot=[c[0] for c in carry],
            stage=[c[1] for c in carry],
            period=[c[2] for c in carry],
            pairs=[c[3] for c in carry],
        ),
    }


def lead_firms(problem: Problem, state: State) -> list[str | None]:
    """Return the firm with most last-stage pairs of each order (ties: the smaller id), or None."""
    net, leads = problem.net, []
    for o in range(len(problem.orders)):
        made: dict[str, int] = {}
        last = net.job_ptr[o + 1] - net.job_ptr[o] - 1
        for k in range(state.lots[o]):
            firm = problem.firms[net.line_firm[net.cand_line[state.lot_cand[o, k, last]]]]
            made[firm] = made.get(firm, 0) + int(state.lot_pairs[o, k])
        leads.append(min(made, key=lambda f: (-made[f], f)) if made else None)
    return leads


def without_lots(problem: Problem) -> int:
    """Return Z0 in fen: what no plan without a lot exceeds (outside capacity not counted)."""
    net = problem.net
    total = 0
    for o in range(len(net.pairs)):
        best = int(net.theta[o])
        for k in range(net.out_ptr[o], net.out_ptr[o + 1]):
            for t in range(net.out_first[k], net.last[o] + 1):
                late = int(net.late[o, t]) if problem.buyer_inside[o] else 0
                best = max(best, int(net.out_value[k]) - late)
        total += int(net.pairs[o]) * best
    return ceil_div(total, 1000)


def finish(
    cluster: Cluster,
    problem: Problem,
    state: State,
    pricer: Pricer,
    offers: OfferPeriods,
    bought: dict[int, int],
    head: dict[str, object],
) -> Plan:
    """Return the plan with all its tables."""
    rows = work_rows(problem, state)
    earned = money(problem, state, rows, bill(offers, bought))
    bound = ceil_div(pricer.bound, 1000)
    distance = 1000 * (bound - earned.contribution)
    plan_row = {
        "plan": "plan",
        "cluster_hash": cluster.hash,
        "first_date": problem.periods[0].start,
        "contribution_fen": earned.contribution,
        "bound_fen": bound,
        "without_lots_fen": without_lots(problem),
        **head,
    }
    periods = problem.periods
    return Plan.build(
        {
            "plan": frame("plan", **{k: [v] for k, v in plan_row.items()}),
            "plan_period": frame(
                "plan_period",
                period=range(len(periods)),
                start_date=[p.start for p in periods],
                days=[p.days for p in periods],
            ),
            **decision_tables(problem, state, rows, offers, bought),
            "price": price_table(problem, pricer.prices),
            **derived_tables(problem, state, rows, earned),
            "bound_part": bound_parts(problem, state, rows, pricer, offers, bought, distance),
        }
    )
