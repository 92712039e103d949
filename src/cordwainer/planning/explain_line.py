"""Why a line is loaded as it is: how full it is, when it is shut, who takes its hours, who would take more, what one more is worth."""

from __future__ import annotations

import numpy as np

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text
from cordwainer.planning.pricing import FAR
from cordwainer.planning.problem import Flags
from cordwainer.planning.standing import Standing, standing
from cordwainer.planning.wording import Explanation, hours, listed, span, yuan

MMIN_PER_HOUR = 60_000


def explain_line(cluster: Cluster, plan: Plan, line: str) -> Explanation:
    """Return why one line is loaded as it is in a plan.

    Raises
    ------
    UserError
        If the cluster has no such line.
    """
    cluster.require("line", line)
    st = standing(cluster, plan)
    at = st.problem.facts.lines.index(line)
    facts, rows = st.problem.facts, st.rows
    load = st.problem.frozen.load[at] + np.bincount(
        rows.period[rows.line == at],
        weights=(rows.pairs * rows.minutes)[rows.line == at],
        minlength=len(st.problem.periods),
    ).astype(np.int64)
    regular, most = int(facts.regular[at].sum()), facts.most[at]
    words = {
        "line": st.line(at),
        "days": span(st.problem.periods, 0, len(st.problem.periods) - 1),
        "load": hours(int(load.sum())),
        "regular": hours(regular),
        "share": f"{100 * load.sum() / regular:,.0f}" if regular else "–",
        "over": hours(int(np.maximum(0, load - facts.regular[at]).sum())),
    }
    why = Text(
        "{line} works {load} of its {regular} regular worker-hours {days} ({share} %), {over} of the hours worked as overtime.",
        "{line} 在 {days} 的 {regular} 正常工时中用了 {load}（{share} %），其中加班 {over} 工时。",
    ).format(**words)
    told = [
        *_weeks(st, most <= 0, Text("No hours in {n} weeks: {weeks}.", "{n} 周没有工时：{weeks}。")),
        *_weeks(
            st,
            (most > 0) & (load >= 0.99 * most),
            Text("Full with all overtime in {n} weeks: {weeks}.", "{n} 周连加班也已排满：{weeks}。"),
        ),
        *_takers(st, at),
        _demand(st, at),
    ]
    return Explanation(why, tuple(told), _worth(st, at))


def _weeks(st: Standing, which: Flags, text: Text) -> list[Text]:
    days = [Text(str(st.problem.periods[t].start), str(st.problem.periods[t].start)) for t in np.flatnonzero(which)]
    return [text.format(n=len(days), weeks=listed(days, 6))] if days else []


def _takers(st: Standing, at: int) -> list[Text]:
    """Return which orders take most of its hours."""
    rows, by_order = st.rows, dict[int, int]()
    for work in (rows, st.problem.frozen.rows):
        on = work.line == at
        for o, minutes in zip(work.order[on].tolist(), (work.pairs * work.minutes)[on].tolist(), strict=True):
            by_order[o] = by_order.get(o, 0) + minutes
    first = sorted(by_order.items(), key=lambda x: -x[1])
    if not first:
        return [Text("No order is worked on it.", "没有订单在此生产。")]
    named = [
        Text(f"{st.problem.orders[o]} ({hours(m)} hours)", f"{st.problem.orders[o]}（{hours(m)} 工时）")
        for o, m in first
    ]
    return [
        Text("{n} orders are worked on it, most of all {which}.", "共 {n} 张订单在此生产，最多的是 {which}。").format(
            n=len(first), which=listed(named[:3])
        )
    ]


def _demand(st: Standing, at: int) -> Text:
    """Return how many orders may use it, and which that are not made here, or late, would go over it first of all."""
    net = st.net
    lists = [
        k for k in range(len(net.cand_ptr) - 1) if (net.cand_line[net.cand_ptr[k] : net.cand_ptr[k + 1]] == at).any()
    ]
    may = [o for o in range(len(net.pairs)) if np.isin(net.job_list[net.job_ptr[o] : net.job_ptr[o + 1]], lists).any()]
    if not may:
        return Text(
            "No order of the cluster may use it: kind of shoe, tier, certificate or approval.",
            "没有订单可用它：品类、档次、证书或验厂不符。",
        )
    late = dict(st.plan["order_plan"].select("order", "late_days").iter_rows())
    waiting = []
    for o in may:
        name = st.problem.orders[o]
        if (st.outcomes[name] != "placed" or late[name]) and st.way(o) < FAR:
            jobs = int(net.job_ptr[o + 1] - net.job_ptr[o])
            if (net.cand_line[st.scratch.path_cand[:jobs]] == at).any():
                waiting.append(Text(name, name))
    if not waiting:
        return Text(
            "{n} orders may use it; none that is late or not made here has its best way over it.",
            "可用它的订单有 {n} 张；延期或不在本地做的订单，最省的做法都不经过它。",
        ).format(n=f"{len(may):,}")
    return Text(
        "{n} orders may use it; {k} that are late or not made here have their best way over it: {which}.",
        "可用它的订单有 {n} 张；其中延期或不在本地做的 {k} 张，最省的做法要经过它：{which}。",
    ).format(n=f"{len(may):,}", k=f"{len(waiting):,}", which=listed(waiting, 5))


def _worth(st: Standing, at: int) -> Text:
    """Return what one more hour would be worth."""
    price = st.prices.line[at]
    if not price.any():
        return Text(
            "Its hours have no price in any week: one more would earn the cluster nothing.",
            "各周都没有影子价格：再多工时也没有收益。",
        )
    t = int(np.argmax(price))
    return Text(
        "One more worker-hour is worth something in {n} weeks, most in that of {day}: {yuan} yuan.",
        "有 {n} 周再多一工时就有收益，最高的是 {day} 那一周：{yuan} 元。",
    ).format(n=int((price > 0).sum()), day=st.problem.periods[t].start, yuan=yuan(60 * int(price[t])))
