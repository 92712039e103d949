"""Why an order is late, outside, declined or broken: the tightest limit on its best path, in words and yuan."""

from __future__ import annotations

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan, dictionary
from cordwainer.core import Text
from cordwainer.planning.build import build
from cordwainer.planning.pricing import FAR, Prices, Room, Scratch, best_path, scratch
from cordwainer.planning.problem import Net, Problem, index_of

_KINDS = ("line", "material", "cap", "skill", "tool", "outside")


def explain_orders(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return order, outcome, reason_en and reason_zh for each order that is late, partly outside, outside, declined or broken."""
    periods = plan.periods
    problem = build(cluster, periods, plan.head["freeze_date"])
    prices = plan_prices(problem, plan)
    net = problem.net
    room = Room(net.most, net.regular, net.supply, net.cap_amount, net.skill_limit, net.tool_limit)
    s = scratch(net)
    outcomes = dict(plan["outcome"].iter_rows())
    late = dict(plan["order_plan"].select("order", "late_days").iter_rows())
    rows = []
    for o, name in enumerate(problem.orders):
        outcome = outcomes[name]
        if outcome == "placed" and not late[name]:
            continue
        reason = _reason(problem, prices, s, room, o, late[name] or 0)
        rows.append((name, outcome, reason.en, reason.zh))
    return pl.DataFrame(
        rows,
        schema={"order": pl.String, "outcome": pl.String, "reason_en": pl.String, "reason_zh": pl.String},
        orient="row",
    )


def plan_prices(problem: Problem, plan: Plan) -> Prices:
    """Return the shadow prices of a plan as arrays of its problem."""
    net = problem.net
    shapes = {
        "line": (problem.facts.lines, net.most.shape),
        "material": (problem.materials, net.supply.shape),
        "cap": (problem.caps, (len(problem.caps), 1)),
        "skill": (tuple(f"{f}|{k}" for f, k in problem.skills), net.skill_limit.shape),
        "tool": (problem.tools, net.tool_limit.shape),
        "outside": (problem.makers, net.out_limit.shape),
    }
    arrays = {}
    for kind in _KINDS:
        ids, shape = shapes[kind]
        values, index = np.zeros(shape, np.int64), index_of(ids)
        for name, period, mfen in (
            plan["price"].filter(pl.col("kind") == kind).select("id", "period", "mfen").iter_rows()
        ):
            values[index[name], period] = mfen
        arrays[kind] = values
    arrays["cap"] = arrays["cap"][:, 0]
    return Prices(**arrays)


def _reason(problem: Problem, prices: Prices, s: Scratch, room: Room, o: int, late_days: int) -> Text:
    net, frozen = problem.net, problem.frozen.rows
    done = (frozen.order == o) & (net.job_next[frozen.job] < 0)
    if late_days and problem.late_days[o, frozen.period[done]].max(initial=0) == late_days:
        return Text(
            "{days} days late by lots that are promised and stand as they are.",
            "已承诺批次照旧保留，因此延期 {days} 天。",
        ).format(days=late_days)
    if net.first[o] > net.last[o]:
        return Text(
            "The dates of the order leave no whole week inside the plan.", "订单的日期在计划内没有可用的完整一周。"
        )
    stage_names = dictionary.choices()["stage"]
    for j in range(net.job_ptr[o], net.job_ptr[o + 1]):
        if net.cand_ptr[net.job_list[j]] == net.cand_ptr[net.job_list[j] + 1]:
            return Text(
                "No line may do stage {stage}: kind of shoe, tier, certificate, approval or named maker.",
                "没有产线可做“{stage}”：品类、档次、证书、验厂或指定厂家不符。",
            ).format(stage=stage_names[problem.stages[j]])
    cost = best_path(net, prices, s, o, room, 0, 0)
    if cost >= FAR:
        return Text(
            "No chain of lines can finish it within its dates: {days} weeks are open, with carriage between districts.",
            "在订单日期内没有可完成的产线组合：可用 {days} 周，并计区间运输。",
        ).format(days=int(net.last[o] - net.first[o] + 1))
    dear, scarce = _tightest(net, prices, s, o)
    place = {
        "stage": stage_names[problem.stages[net.job_ptr[o] + dear]],
        "date": problem.periods[s.path_period[dear]].start.isoformat(),
        "scarce": f"{scarce / 100_000:.2f}",
        "need": f"{cost / 100_000:.2f}",
        "price": f"{net.price[o] / 100:.2f}",
        "days": late_days,
    }
    if late_days:
        return Text(
            "{days} days late. Tightest: {stage} in the week of {date}; capacity there is worth {scarce} yuan a pair to other orders.",
            "延期 {days} 天。最紧的是 {date} 那一周的{stage}，产能对其他订单每双值 {scarce} 元。",
        ).format(**place)
    return Text(
        "The cheapest way here costs {need} yuan a pair, of which {scarce} for scarce {stage} in the week of {date}; it pays {price}.",
        "本地最省做法每双需 {need} 元，其中 {date} 那一周紧缺的{stage}占 {scarce} 元；订单价 {price} 元。",
    ).format(**place)


def _tightest(net: Net, prices: Prices, s: Scratch, o: int) -> tuple[int, int]:
    """Return the stage of the path with the highest price of capacity, and that price in 1/1000 fen a pair."""
    best, value = 0, -1
    for own in range(net.job_ptr[o + 1] - net.job_ptr[o]):
        c, t = s.path_cand[own], s.path_period[own]
        price = int(net.cand_m[c]) * int(prices.line[net.cand_line[c], t]) // 1000
        if price > value:
            best, value = own, price
    return best, value
