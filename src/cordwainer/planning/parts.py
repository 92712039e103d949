"""Where the distance between bound and contribution lies (docs/concepts/plan-model.md, section 7)."""

from __future__ import annotations

import numba as nb
import numpy as np
import polars as pl

from cordwainer.planning.bound import cost_fen
from cordwainer.planning.carbon import carbon_mfen
from cordwainer.planning.limits import OfferPeriods
from cordwainer.planning.prices import Pricer
from cordwainer.planning.pricing import Prices
from cordwainer.planning.problem import Flags, Ints, Net, Problem, Rows
from cordwainer.planning.rows import frame, limited_use, loads, needs
from cordwainer.planning.state import ZERO, State, move_cost


def bound_parts(
    problem: Problem,
    state: State,
    rows: Rows,
    pricer: Pricer,
    offers: OfferPeriods,
    bought: dict[int, int],
    distance: int,
) -> pl.DataFrame:
    """Return where the distance between bound and contribution lies; ``distance`` is 1000 x (B - Z).

    ``rows`` are the work that is not frozen: what is frozen is the same on both sides.
    """
    net, prices, t = problem.net, pricer.prices, pricer.terms
    parts: list[tuple[str, str, int]] = []

    def add(part: str, ids: object, values: Ints) -> None:
        sums = values.sum(axis=1) if values.ndim == 2 else values
        parts.extend((part, ids[i], int(sums[i])) for i in np.flatnonzero(sums))  # type: ignore[index]

    add("order", problem.orders, t.orders - order_earnings(problem, state, rows, prices))
    load, need = loads(problem, rows), needs(problem, rows)
    paid = 60 * prices.line * load - net.surcharge[:, None] * np.maximum(0, load - net.regular)
    add("line", problem.facts.lines, t.line - paid // 60_000)
    used = limited_use(problem, rows)
    add("cap", problem.caps, t.cap - prices.cap * used[0] // 1000)
    add("skill", [f"{f}|{k}" for f, k in problem.skills], t.skill - prices.skill * used[1] // 1000)
    add("tool", problem.tools, t.tool - prices.tool * used[2] // 1_000_000)
    sent = np.zeros(net.out_limit.shape, np.int64)
    out_o, out_t = np.nonzero(state.out_work)
    np.add.at(sent, (net.out_maker[state.out_option[out_o]], out_t), state.out_work[out_o, out_t])
    add("outside", problem.makers, prices.outside * (net.out_limit - sent))
    credit = np.zeros(len(problem.materials), np.int64)
    offer_ids = list(dict.fromkeys(offers.offer))
    regret = dict.fromkeys(offer_ids, 0)
    for i, name in enumerate(offers.offer):
        regret[name] += int(t.purchase[i])
    for i, q in bought.items():
        m = offers.material[i]
        earned = int(prices.material[m, offers.usable[i]]) * min(q, int(pricer.largest[m])) // 1000
        credit[m] += earned
        regret[offers.offer[i]] -= earned - 1000 * cost_fen(offers, i, q)
    spent = np.array(
        [
            sum(int(a) * int(b) for a, b in zip(p, n, strict=True)) // 10**6
            for p, n in zip(prices.material, need, strict=True)
        ],
        np.int64,
    )
    add("material", problem.materials, t.material.sum(axis=1) + credit - spent)
    parts.extend(("purchase", name, value) for name, value in regret.items() if value)
    rest = distance - sum(p[2] for p in parts)
    if rest:
        parts.append(("rounding", "-", rest))
    return frame("bound_part", part=[p[0] for p in parts], id=[p[1] for p in parts], mfen=[p[2] for p in parts])


def order_earnings(problem: Problem, state: State, rows: Rows, prices: Prices) -> Ints:
    """Return what the placed pairs of each order earn at the prices, in 1/1000 fen, each term rounded down."""
    net = problem.net
    line, sj = rows.line, net.job_sj[rows.job]
    skill = net.sj_skill[sj]
    row = np.where(skill >= 0, net.skill_row[net.line_firm[line], np.maximum(skill, 0)], -1)
    sigma = np.zeros(len(row), np.int64)
    if prices.skill.size:
        sigma = np.where(row >= 0, prices.skill[np.maximum(row, 0), rows.period], 0)
    rate = net.ask[line] + 60 * (prices.line[line, rows.period] + sigma)
    each = rows.minutes * rate // 60_000 + 1000 * rows.piece + carbon_mfen(rows.carbon, problem.carbon_price)
    d = net.line_defect[line]
    for step in range(int(np.diff(net.sj_need_ptr).max(initial=0))):
        k = net.sj_need_ptr[sj] + step
        has = k < net.sj_need_ptr[sj + 1]
        price = prices.material[net.sj_need_material[k[has]], rows.period[has]]
        each[has] += net.sj_need[k[has], d[has]] * price // 1_000_000
    for step in range(int(np.diff(net.job_tool_ptr).max(initial=0))):
        k = net.job_tool_ptr[rows.job] + step
        has = k < net.job_tool_ptr[rows.job + 1]
        each[has] += net.job_tool_share[k[has]] * prices.tool[net.job_tool_row[k[has]], rows.period[has]] // 1_000_000
    for g, f in enumerate(net.cap_flow):
        inside = net.cap_line[g, line] & net.cap_period[g, rows.period]
        flow = net.line_flow[line, f] + net.sj_flow[sj, f, d]
        each += np.where(inside, flow * prices.cap[g] // 1000, 0)
    each += np.where(net.job_next[rows.job] < 0, net.late[rows.order, rows.period], 0)
    earned = np.zeros(len(net.pairs), np.int64)
    np.subtract.at(earned, rows.order, rows.pairs * each)
    _add_orders(net, state, prices.outside, problem.buyer_inside, earned)
    return earned


@nb.njit(cache=True, nogil=True)
def _add_orders(net: Net, st: State, outside: Ints, inside: Flags, earned: Ints) -> None:
    """Add what orders earn beside their work: the price of pairs in lots less moves, pairs outside, and what is not made."""
    for o in range(len(net.pairs)):
        placed = ZERO
        for k in range(st.lots[o]):
            pairs = st.lot_pairs[o, k]
            placed += pairs
            earned[o] += pairs * (1000 * net.price[o] - move_cost(net, o, st.lot_cand[o, k]))
        option = st.out_option[o]
        for t in range(st.out_work.shape[1]):
            n = np.int64(st.out_work[o, t])
            if n > 0:
                placed += n
                earned[o] -= n * outside[net.out_maker[option], t]
                if inside[o]:
                    earned[o] += n * (net.out_value[option] - net.late[o, t])
        earned[o] += net.theta[o] * (net.pairs[o] - placed)
