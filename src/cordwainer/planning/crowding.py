"""Why the rest of a plan leaves no room for an order that is worth making: what is too short, by how much, and from which day on."""

from __future__ import annotations

from cordwainer.core import Text
from cordwainer.planning.pricing import FAR, Room
from cordwainer.planning.scarcity import limits_on_way, shorts, told_limits
from cordwainer.planning.standing import Standing
from cordwainer.planning.wording import Explanation, listed, span, yuan


def no_room(st: Standing, o: int, pairs: int, worth: int, end: int, *, search: bool) -> Explanation:
    """Return what is said where the order is worth making but the rest of the plan leaves no room for it."""
    gain = 1000 * int(st.net.price[o]) - st.way(o, last=end)
    limits = told_limits(limits_on_way(st, o))
    head = Text(
        "Worth making: it would earn {gain} yuan a pair at the plan's prices.",
        "值得做：按计划的影子价格每双可赚 {gain} 元。",
    )
    if gain < 0:
        head = Text(
            "Better made than not: it would lose {gain} yuan a pair at the plan's prices, and not making it {lost}.",
            "做比不做好：按计划的影子价格做每双亏 {gain} 元，不做损失 {lost} 元。",
        )
    told = no_room_left(st, o, pairs, 1000 * int(st.net.price[o]) - worth, end, search=search)
    return Explanation(told.why, limits, told.remedy).after(head.format(gain=yuan(abs(gain)), lost=yuan(-worth)))


def no_room_left(st: Standing, o: int, pairs: int, most: int, end: int, *, search: bool) -> Explanation:
    """Return what the other orders leave too little of for so many pairs by a period, where a pair may cost ``most``, 1/1000 fen."""
    net, p, room = st.net, st.problem, st.without(o)
    words: dict[str, object] = {"n": f"{pairs:,}", "days": span(p.periods, int(net.first[o]), end)}
    if lacking := shorts(st, o, room, pairs, end):
        each = Text("{what} for {k} of its {n} pairs", "{what}只够 {n} 双中的 {k} 双")
        words["what"] = listed([each.format(what=s.what, k=f"{s.pairs:,}", n=words["n"]) for s in lacking])
        words["more"] = listed([s.more for s in lacking])
        later = _room_by(st, o, room, pairs, end) if search else None
        remedy = Text("It could be made with {more}.", "{more}，就有可能做。")
        if later is not None:
            words["day"] = p.periods[later].start
            remedy = Text(
                "It could be made with {more}, or with a last day on or after {day}.",
                "{more}，或最迟日期放宽到 {day} 或以后，就有可能做。",
            )
        why = Text(
            "Beside the other orders too little is left {days}: {what}.", "但除去其他订单，{days} 剩下的不够：{what}。"
        )
        return Explanation(why.format(**words), remedy=remedy.format(**words))
    cost = st.way(o, room, pairs=1, last=end, prices=st.plain)
    if cost >= FAR:
        why = Text(
            "Every stage by itself has room left {days}, but not on lines and in weeks that follow on each other.",
            "但 {days} 每道工序单看虽有余量，前后却接不上。",
        )
        later = next((t for t in range(end + 1, len(p.periods)) if st.way(o, room, pairs=1, last=t) < FAR), None)
        return Explanation(why.format(**words), remedy=from_day(st, later))
    if cost > most:
        words |= {"cost": yuan(cost), "most": yuan(most)}
        why = Text(
            "The lines on which it would earn are taken by other orders: on those with room left {days} a pair costs "
            "{cost} yuan even where nothing is scarce, and may cost {most}.",
            "但能赚钱的产线已被其他订单占用：{days} 还有余量的产线上，即使不计紧缺，每双也要 {cost} 元，而最多只能 {most} 元。",
        )
        more = Text("It could be made if it paid {more} yuan a pair more.", "每双多付 {more} 元即可做。")
        return Explanation(why.format(**words), remedy=more.format(more=yuan(cost - most + 1000)))
    words |= {"least": f"{max(1, int(net.smallest[o])):,}", "lots": p.most_lots}
    why = Text(
        "Every stage by itself has room left {days}, but the search found no lots (at most {lots}, each of {least} pairs or "
        "more) that carry all {n} pairs.",
        "但 {days} 每道工序单看虽有余量，却没有找到能做完全部 {n} 双的分批方案（最多 {lots} 批，每批至少 {least} 双）。",
    )
    remedy = Text("A longer search (--time) may find some.", "延长搜索时间（--time）也许能找到。")
    return Explanation(why.format(**words), remedy=remedy)


def _room_by(st: Standing, o: int, room: Room, pairs: int, end: int) -> int | None:
    """Return the first later last period by which nothing is too short for so many pairs."""
    later = range(end + 1, len(st.problem.periods))
    return next((t for t in later if not shorts(st, o, room, pairs, t)), None)


def from_day(st: Standing, t: int | None) -> Text:
    """Return that a later last day would do, or that none in the plan does."""
    if t is None:
        return Text("No later date in the plan would do.", "计划期内放宽日期也不行。")
    return Text("A last day on or after {day} would do.", "最迟日期放宽到 {day} 或以后即可。").format(
        day=st.problem.periods[t].start
    )
