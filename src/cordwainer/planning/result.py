"""Turn a finished search into the tables of a plan: decisions, prices, and all that is derived from them."""

from __future__ import annotations

from itertools import count, islice

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import ceil_div
from cordwainer.planning.buying import bill
from cordwainer.planning.frozen import carried, least_purchases
from cordwainer.planning.limits import OfferPeriods
from cordwainer.planning.money import Money, money
from cordwainer.planning.parts import bound_parts
from cordwainer.planning.prices import Pricer
from cordwainer.planning.pricing import Prices
from cordwainer.planning.problem import Ints, Problem, Rows
from cordwainer.planning.rows import frame, loads, work_rows
from cordwainer.planning.state import State


def lot_names(problem: Problem, state: State) -> list[list[str]]:
    """Return the id of every lot by order: the order's id and a number; ids of promised lots are passed over."""
    taken, names = set(problem.frozen.taken), []
    for o, order in enumerate(problem.orders):
        free = (name for k in count(1) if (name := f"{order}-{k}") not in taken)
        names.append(list(islice(free, int(state.lots[o]))))
        taken.update(names[-1])
    return names


def lot_places(problem: Problem, state: State) -> tuple[Ints, Ints, Ints]:
    """Return order and number of every lot in the sequence of `lot_names`, and its jobs (lots x stages; -1: no such stage)."""
    ptr = problem.net.job_ptr
    order, number = np.nonzero(state.lots[:, None] > np.arange(state.lot_pairs.shape[1]))
    job = ptr[order][:, None] + np.arange(state.lot_cand.shape[2])
    return order, number, np.where(job < ptr[order + 1][:, None], job, -1)


def decision_tables(
    problem: Problem, state: State, rows: Rows, offers: OfferPeriods, bought: dict[int, int]
) -> dict[str, pl.DataFrame]:
    """Return the decisions of a plan, frozen lots first."""
    frozen, net = problem.frozen, problem.net
    names = pl.Series([name for of in lot_names(problem, state) for name in of], dtype=pl.String)
    orders, stages = pl.Series(problem.orders, dtype=pl.String), pl.Series(problem.stages, dtype=pl.String)
    lines = pl.Series(problem.facts.lines, dtype=pl.String)
    order, number, job = lot_places(problem, state)
    lot, own = np.nonzero(job >= 0)
    cand = state.lot_cand[order[lot], number[lot], own]
    first = np.cumsum(state.lots) - state.lots
    out = [(o, int(t)) for o, t in zip(*np.nonzero(state.out_work), strict=True)]
    rank = sorted(bought)
    return {
        "lot": pl.concat(
            [frozen.lots, frame("lot", lot=names, order=orders.gather(order), pairs=state.lot_pairs[order, number])]
        ),
        "lot_line": pl.concat(
            [
                frozen.lines,
                frame(
                    "lot_line",
                    lot=names.gather(lot),
                    stage=stages.gather(job[lot, own]),
                    line=lines.gather(net.cand_line[cand]),
                ),
            ]
        ),
        "work": pl.concat(
            [
                frozen.work,
                frame(
                    "work",
                    lot=names.gather(first[rows.order] + rows.lot),
                    stage=stages.gather(rows.job),
                    period=rows.period,
                    pairs=rows.pairs,
                ),
            ]
        ),
        "purchase": frame(
            "purchase",
            offer=[offers.offer[i] for i in rank],
            period=[int(offers.period[i]) for i in rank],
            quantity_milli=[bought[i] for i in rank],
        ),
        "outside_order": frame(
            "outside_order",
            order=[problem.orders[o] for o, _ in out],
            maker=[problem.makers[net.out_maker[state.out_option[o]]] for o, _ in out],
            period=[t for _, t in out],
            pairs=[int(state.out_work[o, t]) for o, t in out],
        ),
        "outcome": frame(
            "outcome", order=list(problem.orders), outcome=[outcome(problem, state, o) for o in range(len(orders))]
        ),
    }


def outcome(problem: Problem, state: State, o: int) -> str:
    """Return what becomes of an order: with all its pairs in frozen lots it is placed, with some the rest is made or dropped."""
    made, outside = bool(state.lots[o]), bool(state.out_option[o] >= 0)
    if problem.net.pairs[o] > 0 and not made and not outside:
        return "broken" if problem.committed[o] else "declined"
    inside = made or problem.frozen.pairs[o] > 0
    return "placed" if not outside else "mixed" if inside else "outside"


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
    net, frozen, T = problem.net, problem.frozen, len(problem.periods)
    starts, ends = [p.start for p in problem.periods], [p.end for p in problem.periods]
    orders = len(problem.orders)
    first, ready, late = np.full(orders, T), np.full(orders, -1), np.full(orders, -1)
    out_o, out_t = np.nonzero(state.out_work)
    finished = [(out_o, out_t)]
    for work in (frozen.rows, rows):
        np.minimum.at(first, work.order, work.period)
        last = net.job_next[work.job] < 0
        finished.append((work.order[last], work.period[last]))
    for who, when in finished:
        np.maximum.at(ready, who, when)
        np.maximum.at(late, who, problem.late_days[who, when])
    load = frozen.load + loads(problem, rows)
    L = len(problem.facts.lines)
    order_plan = frame(
        "order_plan",
        order=list(problem.orders),
        pairs_in_lots=frozen.pairs + state.lot_pairs.sum(axis=1),
        pairs_outside=state.out_work.sum(axis=1, dtype=np.int64),
        first_date=[starts[t] if t < T else None for t in first],
        ready_date=[ends[t] if t >= 0 else None for t in ready],
        late_days=[int(d) if d >= 0 else None for d in late],
        contribution_fen=earned.orders,
        lead_firm=lead_firms(problem, rows),
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
    carry = carried(problem)
    lot_o, lot_k, lot_j = lot_places(problem, state)
    done = np.cumsum(state.work[lot_o, lot_k], axis=2)
    at, own = np.nonzero((lot_j >= 0) & (net.job_next[lot_j] >= 0))
    o, k, j = lot_o[at], lot_k[at], lot_j[at, own]
    waiting = done[at, own] - done[at, net.job_next[j]]
    row, t = np.nonzero(waiting)
    carry += [
        (names[o[i]][k[i]], problem.stages[j[i]], when, pairs)
        for i, when, pairs in zip(row.tolist(), t.tolist(), waiting[row, t].tolist(), strict=True)
    ]
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


def lead_firms(problem: Problem, rows: Rows) -> list[str | None]:
    """Return the firm with most last-stage pairs of each order (ties: the smaller id), or None."""
    net = problem.net
    made: list[dict[str, int]] = [{} for _ in problem.orders]
    for work in (problem.frozen.rows, rows):
        last = net.job_next[work.job] < 0
        for o, line, n in zip(work.order[last], work.line[last], work.pairs[last].tolist(), strict=True):
            firm = problem.firms[net.line_firm[line]]
            made[o][firm] = made[o].get(firm, 0) + n
    return [min(firms, key=lambda f: (-firms[f], f)) if firms else None for firms in made]


def without_lots(problem: Problem, arriving: Ints) -> int:
    """Return Z0 in fen: what no plan without a lot beside the frozen ones exceeds (outside capacity not counted).

    ``arriving`` are stock and inbound by first usable period, M x T, milli units.
    """
    net, T = problem.net, len(problem.periods)
    best = net.theta.copy()
    order = np.repeat(np.arange(len(net.pairs)), np.diff(net.out_ptr))
    for t in range(T):
        open_ = (net.out_first <= t) & (t <= net.last[order])
        late = np.where(problem.buyer_inside[order], net.late[order, t], 0)
        np.maximum.at(best, order[open_], (net.out_value - late)[open_])
    total = int((net.pairs.astype(object) * best).sum()) - least_purchases(problem, arriving)
    return ceil_div(total, 1000) + problem.frozen.constants


def bound_fen(problem: Problem, pricer: Pricer) -> int:
    """Return the bound in fen: that of the pairs to plan, and what frozen lots earn."""
    return ceil_div(pricer.bound, 1000) + problem.frozen.constants


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
    bound = bound_fen(problem, pricer)
    distance = 1000 * (bound - earned.contribution)
    plan_row = {
        "plan": "plan",
        "cluster_hash": cluster.hash,
        "first_date": problem.periods[0].start,
        "contribution_fen": earned.contribution,
        "bound_fen": bound,
        "without_lots_fen": without_lots(problem, pricer.arriving),
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
