"""Why orders are late, outside, declined or broken: in words, dates and yuan, with what would have placed them."""

from __future__ import annotations

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text
from cordwainer.planning.crowding import no_room_left
from cordwainer.planning.inside import why_not_inside
from cordwainer.planning.pricing import FAR
from cordwainer.planning.scarcity import LEAST, limits_on_way, told_limits
from cordwainer.planning.sieve import Sieve
from cordwainer.planning.standing import Standing, standing
from cordwainer.planning.wording import Explanation, span, yuan


def explain_orders(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return order, outcome, reason_en and reason_zh for each order that is late, partly outside, outside, declined or broken."""
    st = standing(cluster, plan)
    sieve = Sieve(st.problem)
    late = dict(plan["order_plan"].select("order", "late_days").iter_rows())
    rows = []
    for o, name in enumerate(st.problem.orders):
        outcome = st.outcomes[name]
        if outcome != "placed" or late[name]:
            told = _order(st, sieve, o, late[name] or 0, search=False).summary
            rows.append((name, outcome, told.en, told.zh))
    return pl.DataFrame(
        rows,
        schema={"order": pl.String, "outcome": pl.String, "reason_en": pl.String, "reason_zh": pl.String},
        orient="row",
    )


def explain_order(cluster: Cluster, plan: Plan, order: str) -> Explanation:
    """Return why one order is as it is in a plan.

    Raises
    ------
    UserError
        If the cluster has no such order.
    """
    cluster.require("order", order)
    st = standing(cluster, plan)
    late = dict(plan["order_plan"].select("order", "late_days").iter_rows())
    o = st.problem.orders.index(order)
    return _order(st, Sieve(st.problem), o, late[order] or 0, search=True)


def _order(st: Standing, sieve: Sieve, o: int, late_days: int, *, search: bool) -> Explanation:
    name = st.problem.orders[o]
    match st.outcomes[name]:
        case "placed":
            return _late(st, sieve, o, late_days) if late_days else _on_time(st, o)
        case "outside" | "mixed" as outcome:
            return _outside(st, sieve, o, late_days, part=outcome == "mixed", search=search)
        case _ as outcome:
            theta = int(st.net.theta[o])
            told = why_not_inside(st, sieve, o, int(st.net.pairs[o]), theta, search=search)
            if outcome == "declined":
                return told
            head = Text("A promise is broken, at {yuan} yuan a pair.", "违约，每双罚 {yuan} 元。")
            return told.after(head.format(yuan=yuan(-theta)))


def _on_time(st: Standing, o: int) -> Explanation:
    """Return what is said of an order that is made here by its due date."""
    name = st.problem.orders[o]
    ready = st.plan["order_plan"].filter(order=name)["ready_date"].item()
    due = st.orders[name]["due_date"]
    why = Text(
        "Made in the cluster, on time: finished in the week to {ready}, due {due}.",
        "在本地按时完成：截至 {ready} 的一周完工，交期 {due}。",
    ).format(ready=ready, due=due)
    if st.net.first[o] > st.net.last[o] or st.way(o) >= FAR:
        return Explanation(why)
    return Explanation(why, told_limits(limits_on_way(st, o)))


def _outside(st: Standing, sieve: Sieve, o: int, late_days: int, *, part: bool, search: bool) -> Explanation:
    """Return why an order, or a part of it, is made outside."""
    net, name = st.net, st.problem.orders[o]
    sent = st.plan["outside_order"].filter(order=name).sort("period")
    pairs, maker = int(sent["pairs"].sum()), str(sent["maker"][0])
    words = {
        "pairs": f"{pairs:,}",
        "all": f"{st.plan['order_plan'].filter(order=name).select(pl.col('pairs_in_lots', 'pairs_outside')).sum_horizontal().item():,}",
        "maker": st.name("outside_maker", maker),
        "ready": st.problem.periods[int(sent["period"][-1])].end,
        "days": late_days,
    }
    head = Text(
        "{pairs} of {all} pairs are made outside by {maker}, ready {ready}",
        "{all} 双中 {pairs} 双外发给{maker}，{ready} 交货",
    )
    if not part:
        head = Text(
            "All {pairs} pairs are made outside by {maker}, ready {ready}", "全部 {pairs} 双外发给{maker}，{ready} 交货"
        )
    late = Text(", {days} days late", "，延期 {days} 天") if late_days else Text("", "")
    lost = Text("", "")
    worth = int(net.theta[o])
    options = [k for k in range(net.out_ptr[o], net.out_ptr[o + 1]) if st.problem.makers[net.out_maker[k]] == maker]
    inside = bool(st.problem.buyer_inside[o])
    if options:
        k, maker_no = options[0], int(net.out_maker[options[0]])
        paid = max(int(st.prices.outside[maker_no, t]) + inside * int(net.late[o, t]) for t in sent["period"])
        worth = max(worth, inside * int(net.out_value[k]) - paid)
    if not inside:
        lost = Text(
            " The buyer is no firm of the cluster, so that the cluster earns nothing by it.",
            "客户不是集群内企业，外发对集群没有收益。",
        )
    told = why_not_inside(st, sieve, o, int(net.pairs[o]), worth, search=search)
    full = Text(head.en + late.en + "." + lost.en, head.zh + late.zh + "。" + lost.zh).format(**words)
    return told.after(full)


def _late(st: Standing, sieve: Sieve, o: int, late_days: int) -> Explanation:
    """Return why an order that is made here is late."""
    net, p, name = st.net, st.problem, st.problem.orders[o]
    frozen = p.frozen.rows
    done = (frozen.order == o) & (net.job_next[frozen.job] < 0)
    if p.late_days[o, frozen.period[done]].max(initial=0) == late_days:
        return Explanation(
            Text(
                "{days} days late by lots that are promised and stand as they are.",
                "已承诺批次照旧保留，因此延期 {days} 天。",
            ).format(days=late_days)
        )
    rows = st.rows
    last = (rows.order == o) & (net.job_next[rows.job] < 0)
    behind = last & (p.late_days[o, rows.period] > 0)
    pairs = int(rows.pairs[behind].sum())
    fee = int((rows.pairs[behind] * net.late[o, rows.period[behind]]).sum())
    due = st.orders[name]["due_date"]
    head = Text(
        "{k} of {n} pairs come after the due date {due}, the last of them {days} days late, at {fee} yuan in all.",
        "{n} 双中有 {k} 双晚于交期 {due}，最晚的延期 {days} 天，共扣 {fee} 元。",
    ).format(k=f"{pairs:,}", n=f"{int(rows.pairs[last].sum()):,}", due=due, days=late_days, fee=yuan(fee))
    return _not_on_time(st, sieve, o, pairs).after(head)


def _not_on_time(st: Standing, sieve: Sieve, o: int, pairs: int) -> Explanation:
    """Return why so many pairs of an order are not made by its due date."""
    net, p = st.net, st.problem
    first, last = int(net.first[o]), int(net.last[o])
    in_time = np.flatnonzero(p.late_days[o, first : last + 1] == 0)
    if not len(in_time):
        return Explanation(
            Text(
                "The first week in which it may be worked on ends on {day}.", "最早可生产的一周到 {day} 才结束。"
            ).format(day=p.periods[first].end),
            remedy=Text("A due date on or after that day would do.", "交期不早于该日即可。"),
        )
    end = first + int(in_time[-1])
    if st.way(o, pairs=1, last=end) >= FAR:
        return why_not_inside(st, sieve, o, pairs, -(2**60), search=False, last=end)
    cheap, dear = st.way(o), st.way(o, last=end)
    limits = told_limits(limits_on_way(st, o))
    if dear - cheap >= LEAST:
        words = {"more": yuan(dear - cheap), "days": span(p.periods, first, end)}
        return Explanation(
            Text(
                "On time, worked {days}, a pair would cost {more} yuan more at the plan's prices than late with its fee.",
                "按时（{days} 生产）每双按影子价格要比延期（含扣款）多 {more} 元。",
            ).format(**words),
            limits,
            Text("With a fee for lateness higher by that it would be on time.", "延期扣款再高出此数就会按时。"),
        )
    if not p.late_fen_week[o]:
        return Explanation(
            Text(
                "Nothing is deducted for lateness, so that the plan gains nothing by its being on time.",
                "没有延期扣款，按时对计划没有好处。",
            ),
            limits,
            Text("A fee for lateness, or a latest date, would hold it.", "请填写延期扣款，或规定最迟日期。"),
        )
    told = no_room_left(st, o, int(net.pairs[o]), 1000 * int(net.price[o]), end, search=False)
    head = Text("It would be better on time.", "按时做更划算。")
    return Explanation(told.why, limits, told.remedy).after(head)
