"""Why an order, or a part of it, is not made in the cluster: the first that is true of no days, no line, no way, no worth, no room."""

from __future__ import annotations

import math

import numpy as np

from cordwainer.core import Text
from cordwainer.planning.crowding import from_day, no_room
from cordwainer.planning.limits import PLENTY
from cordwainer.planning.pricing import FAR, Room
from cordwainer.planning.scarcity import limits_on_way, told_limits
from cordwainer.planning.sieve import Sieve
from cordwainer.planning.standing import Standing
from cordwainer.planning.wording import Explanation, listed, span, yuan


def why_not_inside(
    st: Standing, sieve: Sieve, o: int, pairs: int, worth: int, *, search: bool, last: int | None = None
) -> Explanation:
    """Return why so many pairs of an order are not made in the cluster by a last period.

    Parameters
    ----------
    worth
        What a pair must earn at the prices to be made here, 1/1000 fen.
    search
        Whether to look also for a later date with which it would be made.
    last
        None: the last period of the order.
    """
    end = int(st.net.last[o]) if last is None else last
    return (
        _no_week(st, o, end)
        or _no_line(st, sieve, o)
        or _no_way(st, o, end)
        or _nothing_there(st, o, end)
        or _no_worth(st, o, worth, end, search=search)
        or no_room(st, o, pairs, worth, end, search=search)
    )


def _no_week(st: Standing, o: int, end: int) -> Explanation | None:
    """Return what is said where no whole week of the plan lies within the dates of the order."""
    first, periods = int(st.net.first[o]), st.problem.periods
    if first <= end:
        return None
    row = st.orders[st.problem.orders[o]]
    plan = span(periods, 0, len(periods) - 1)
    if first >= len(periods):
        return Explanation(
            Text(
                "It may begin on {day} at the earliest; the plan runs {plan}.", "最早 {day} 才可开工；计划为 {plan}。"
            ).format(day=row["earliest_date"], plan=plan),
            remedy=Text("A longer plan (--periods) would hold it.", "延长计划（--periods）即可纳入。"),
        )
    if end < 0:
        return Explanation(
            Text(
                "Its last day is {day}, before the plan begins; the plan runs {plan}.",
                "最迟日期 {day} 早于计划开始；计划为 {plan}。",
            ).format(day=row["latest_date"] or row["due_date"], plan=plan),
            remedy=Text(
                "A latest date in the plan, or a plan that begins earlier (--first-date), would make room for it.",
                "把最迟日期放宽到计划之内，或让计划提前开始（--first-date）。",
            ),
        )
    return Explanation(
        Text(
            "From {a} to {b} no week of the plan begins.",
            "{a} 至 {b} 之间没有一周开始。",
        ).format(a=row["earliest_date"] or periods[0].start, b=row["latest_date"] or row["due_date"]),
        remedy=Text("It needs a last day on or after {day}.", "最迟日期需不早于 {day}。").format(
            day=periods[first].start
        ),
    )


def _no_line(st: Standing, sieve: Sieve, o: int) -> Explanation | None:
    """Return what is said where a stage has no line that may do it."""
    net = st.net
    jobs = range(net.job_ptr[o], net.job_ptr[o + 1])
    without = [j for j in jobs if net.cand_ptr[net.job_list[j]] == net.cand_ptr[net.job_list[j] + 1]]
    if not without:
        return None
    cluster, name = st.problem.cluster, st.problem.orders[o]
    buyer = cluster["purchase_order"].filter(po=st.orders[name]["po"])["buyer"].item()
    return sieve.nobody(without, o, st.name("firm", buyer))


def _no_way(st: Standing, o: int, end: int) -> Explanation | None:
    """Return what is said where its stages cannot follow on each other in time, even with all capacity to itself."""
    if st.way(o, last=end) < FAR:
        return None
    net, first, periods = st.net, int(st.net.first[o]), st.problem.periods
    days = span(periods, first, end)
    for job in range(net.job_ptr[o], net.job_ptr[o + 1]):
        c = np.arange(net.cand_ptr[net.job_list[job]], net.cand_ptr[net.job_list[job] + 1])
        may = net.masks[net.cand_mask[c], first : end + 1]
        works = net.most[net.cand_line[c], first : end + 1] > 0
        if not (may & works).any():
            shut = int((~may.any(axis=1)).sum())
            return Explanation(
                Text(
                    "No line that may do {stage} is open {days}: {shut} of {n} have no certificate or approval then, "
                    "the others no hours.",
                    "{days} 没有可做{stage}的产线开工：{n} 条中 {shut} 条届时没有证书或验厂，其余没有工时。",
                ).format(stage=st.stage(job), days=days, shut=shut, n=len(c)),
                remedy=from_day(st, _sooner(st, o, end)),
            )
    return Explanation(
        Text(
            "Its stages cannot follow on each other {days}, even with every line to itself: "
            "work that goes to another district goes on there in a later week.",
            "{days} 内各道工序接不上，即使所有产线都让给它：转到别的区县后，要到之后的一周才能接着做。",
        ).format(days=days),
        remedy=from_day(st, _sooner(st, o, end)),
    )


def _sooner(st: Standing, o: int, end: int) -> int | None:
    later = range(end + 1, len(st.problem.periods))
    return next((t for t in later if st.way(o, last=t) < FAR), None)


def _nothing_there(st: Standing, o: int, end: int) -> Explanation | None:
    """Return what is said where not even one pair fits in an empty cluster: material, smallest lots, caps, tools, skills."""
    if st.way(o, pairs=1, last=end) < FAR:
        return None
    net, p = st.net, st.problem
    for job in range(net.job_ptr[o], net.job_ptr[o + 1]):
        lines = net.cand_line[net.cand_ptr[net.job_list[job]] : net.cand_ptr[net.job_list[job] + 1]]
        least = int(net.line_smallest[lines].min())
        if least > net.pairs[o]:
            return Explanation(
                Text(
                    "Every line that may do {stage} asks for lots of at least {least} pairs; the order has {n}.",
                    "可做{stage}的产线最小批量都在 {least} 双以上，而订单只有 {n} 双。",
                ).format(stage=st.stage(job), least=f"{least:,}", n=f"{int(net.pairs[o]):,}"),
                remedy=Text("A smaller smallest lot, or more pairs, would do.", "降低最小批量或增加双数即可。"),
            )
    e = st.empty
    free = Room(e.line, e.regular, np.full_like(e.material, PLENTY), e.cap, e.skill, e.tool)
    if st.way(o, free, pairs=1, last=end) < FAR:
        return Explanation(
            Text("Its material cannot be at hand in time: {what}.", "所需材料来不及到位：{what}。").format(
                what=listed(_late_materials(st, o, end))
            ),
            remedy=Text("Stock, or an offer with fewer days to wait, would do.", "需要库存，或供货更快的报价。"),
        )
    free = Room(e.line, e.regular, e.material, np.full_like(e.cap, PLENTY), e.skill, e.tool)
    if st.way(o, free, pairs=1, last=end) < FAR:
        return Explanation(
            Text("A cap on a flow leaves nothing for a single pair.", "总量上限连一双的余量都没有。"),
            remedy=Text("A higher limit would do.", "提高上限即可。"),
        )
    return Explanation(
        Text(
            "Tools, skilled workers or material in time are lacking for a single pair {days} ({names}).",
            "{days} 内连做一双的工装、技工或材料都不齐（{names}）。",
        ).format(
            days=span(p.periods, int(net.first[o]), end),
            names=listed([st.stage(j) for j in range(net.job_ptr[o], net.job_ptr[o + 1])], 5),
        ),
        remedy=Text("Enter the tools, skills or stock that are missing.", "请补充所缺的工装、技能或库存。"),
    )


def _late_materials(st: Standing, o: int, end: int) -> list[Text]:
    """Return the materials of an order with the first day on which there are any, the latest first."""
    net, p, found = st.net, st.problem, dict[int, int]()
    for job in range(net.job_ptr[o], net.job_ptr[o + 1]):
        sj = net.job_sj[job]
        for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
            there = net.supply[net.sj_need_material[k]] >= net.sj_need[k].min()
            found[int(net.sj_need_material[k])] = int(np.argmax(there)) if there.any() else len(p.periods)
    told = []
    for m, t in sorted(found.items(), key=lambda x: -x[1]):
        name = st.name("material", p.materials[m])
        if t > end:
            day = p.periods[t].start if t < len(p.periods) else None
            told.append(
                Text("{name} not in time at all", "{name}根本来不及").format(name=name)
                if day is None
                else Text("{name} from {day}", "{name}（{day} 起）").format(name=name, day=day)
            )
    latest = max(found.items(), key=lambda x: x[1])
    name, day = st.name("material", p.materials[latest[0]]), p.periods[min(latest[1], len(p.periods) - 1)].start
    return told or [Text("{name} from {day}", "{name}（{day} 起）").format(name=name, day=day)]


def _no_worth(st: Standing, o: int, worth: int, end: int, *, search: bool) -> Explanation | None:
    """Return what is said where even the cheapest way costs more than the order pays, at the prices of the plan."""
    cost, price = st.way(o, last=end), 1000 * int(st.net.price[o])
    if price - cost > worth:
        return None
    found = limits_on_way(st, o)
    scarce = sum(x.mfen for x in found)
    words = {"cost": yuan(cost), "own": yuan(cost - scarce), "scarce": yuan(scarce), "price": yuan(price)}
    needed = math.floor((cost + worth) / 1000) + 1
    words |= {"needed": f"{needed / 100:,.2f}", "worth": yuan(worth)}
    told = [
        Text(
            "Not worth it at the plan's prices: a pair pays {price} yuan net; made the cheapest way it costs {cost}, "
            "{own} for work, material at its cheapest and carriage, and {scarce} for what other orders need too.",
            "按计划的影子价格不值得做：每双净价 {price} 元；最省的做法要 {cost} 元，其中用工、材料（按最低价）、运费 {own} 元，"
            "占用其他订单也需要的紧缺资源 {scarce} 元。",
        )
        if scarce
        else Text(
            "Not worth it: a pair pays {price} yuan net, and its work, material and carriage alone cost {own} the cheapest way.",
            "不值得做：每双净价 {price} 元，最省的做法仅用工、材料、运费就要 {own} 元。",
        )
    ]
    if worth > 0:
        told.append(Text("Outside it earns {worth} yuan a pair.", "外发每双可赚 {worth} 元。"))
    elif worth < 0:
        told.append(Text("Not making it costs {lost} yuan a pair.", "不做每双损失 {lost} 元。"))
        words["lost"] = yuan(-worth)
    remedy = Text(
        "From {needed} yuan a pair on it would be worth making here.", "每双净价到 {needed} 元即值得在本地做。"
    )
    later = st.first_last(o, price - worth - 1) if search and scarce and end == st.net.last[o] else None
    if later is not None:
        remedy = Text(
            "From {needed} yuan a pair on, or with a last day on or after {day}, it would be worth making here.",
            "每双净价到 {needed} 元，或最迟日期放宽到 {day} 或以后，即值得在本地做。",
        )
        words["day"] = str(st.problem.periods[later].start)
    why = Text(" ".join(t.en for t in told), "".join(t.zh for t in told)).format(**words)
    return Explanation(why, told_limits(found), remedy.format(**words))
