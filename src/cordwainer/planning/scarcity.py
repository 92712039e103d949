"""What an order would pay for scarce things on its best way, and what room is left for it where it may be made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from cordwainer.cluster import dictionary
from cordwainer.core import Text, ceil_div
from cordwainer.planning.pricing import Room
from cordwainer.planning.problem import Ints
from cordwainer.planning.standing import Standing
from cordwainer.planning.wording import hours, yuan

LEAST = 500
"""What counts as a price of a pair, 1/1000 fen: half a fen."""
_TOOLS = {"last": Text("lasts", "楦头"), "die": Text("dies", "刀模"), "mould": Text("moulds", "模具")}


class Limit(NamedTuple):
    """Something scarce on a way: in words, and what it costs a pair in 1/1000 fen."""

    what: Text
    mfen: int

    def told(self) -> Text:
        """Return it with its price."""
        return Text("{what}: {yuan} yuan a pair", "{what}：每双 {yuan} 元").format(what=self.what, yuan=yuan(self.mfen))


class Short(NamedTuple):
    """Something with room for fewer pairs than an order has: in words, for how many, and what would be enough."""

    what: Text
    pairs: int
    more: Text


def tool_name(id_: str) -> Text:
    """Return the name of a tool group, whose id is kind|code|size."""
    kind, code, size = id_.split("|")
    of = _TOOLS.get(kind, Text(kind, kind))
    return Text(f"{of.en} {code} {size}".rstrip(), f"{of.zh} {code} {size}".rstrip())


def limits_on_way(st: Standing, o: int) -> list[Limit]:
    """Return what is scarce on the way that is in the scratch, the dearest first."""
    net, p, found = st.net, st.problem, dict[tuple[str, int, int], Limit]()

    def add(key: tuple[str, int, int], what: Text, mfen: int) -> None:
        before = found[key].mfen if key in found else 0
        found[key] = Limit(what, before + mfen)

    for job in range(net.job_ptr[o], net.job_ptr[o + 1]):
        own, sj = job - int(net.job_ptr[o]), int(net.job_sj[job])
        cand, t = int(st.scratch.path_cand[own]), int(st.scratch.path_period[own])
        line, minutes, day = int(net.cand_line[cand]), int(net.cand_m[cand]), p.periods[t].start
        d = int(net.line_defect[line])
        words = {"stage": st.stage(job), "line": st.line(line), "day": day}
        add(
            ("line", line, t),
            Text("{stage} at {line} in the week of {day}", "{day} 那一周 {line} 的{stage}").format(**words),
            minutes * int(st.prices.line[line, t]) // 1000,
        )
        if net.sj_skill[sj] >= 0 and (row := int(net.skill_row[net.line_firm[line], net.sj_skill[sj]])) >= 0:
            words["skill"] = p.skills[row][1]
            add(
                ("skill", row, t),
                Text(
                    "workers with skill {skill} at {line} in the week of {day}",
                    "{day} 那一周 {line} 会 {skill} 技能的工人",
                ).format(**words),
                minutes * int(st.prices.skill[row, t]) // 1000,
            )
        for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
            m = int(net.sj_need_material[k])
            over = int(st.prices.material[m, t]) - int(st.unit_price[m, t])
            what = Text(
                "{material} by {day}, beyond its cheapest price", "{day} 前到手的{material}（超出最低价的部分）"
            )
            words["material"] = st.name("material", p.materials[m])
            add(("material", m, t), what.format(**words), int(net.sj_need[k, d]) * over // 1_000_000)
        for k in range(net.job_tool_ptr[job], net.job_tool_ptr[job + 1]):
            row = int(net.job_tool_row[k])
            words["tool"] = tool_name(p.tools[row])
            what = Text("{tool} in the week of {day}", "{day} 那一周的{tool}").format(**words)
            add(("tool", row, t), what, int(net.job_tool_share[k]) * int(st.prices.tool[row, t]) // 1_000_000)
        for g, mfen in _caps(st, line, sj, t):
            add(("cap", g, 0), cap_name(st, g), mfen)
    return sorted((x for x in found.values() if x.mfen >= LEAST), key=lambda x: -x.mfen)


def told_limits(found: list[Limit], most: int = 5) -> tuple[Text, ...]:
    """Return the dearest limits in words."""
    return tuple(x.told() for x in found[:most])


def _caps(st: Standing, line: int, sj: int, t: int) -> Iterator[tuple[int, int]]:
    """Yield the caps in force on a line in a period with what a pair pays for each, 1/1000 fen."""
    for g in range(len(st.net.cap_flow)):
        if st.net.cap_line[g, line] and st.net.cap_period[g, t]:
            yield g, cap_use(st, g, line, sj) * int(st.prices.cap[g]) // 1000


def cap_use(st: Standing, g: int, line: int, sj: int) -> int:
    """Return what a pair of a style-stage on a line adds to the flow of a cap, in milli units."""
    f = int(st.net.cap_flow[g])
    return int(st.net.line_flow[line, f]) + int(st.net.sj_flow[sj, f, st.net.line_defect[line]])


def cap_name(st: Standing, g: int) -> Text:
    """Return a cap by flow, place and days."""
    row = next(r for r in st.problem.cluster["cap"].iter_rows(named=True) if r["cap"] == st.problem.caps[g])
    place = Text("whole cluster", "全集群")
    if row["scope"] in ("district", "firm"):
        place = st.name(row["scope"], row["of"])
    elif row["scope"] == "site":
        place = Text(row["of"], row["of"])
    return Text("the cap on {flow} ({place}, {a} to {b})", "{flow}总量上限（{place}，{a} 至 {b}）").format(
        flow=st.name("flow", row["flow"]), place=place, a=row["date_from"], b=row["date_to"]
    )


def shorts(st: Standing, o: int, room: Room, pairs: int, last: int) -> list[Short]:
    """Return what has no room for so many pairs of an order within its weeks up to a last one, the scarcest first.

    Counted generously: whatever fits nowhere by this count fits in no plan beside the rest of this one.
    """
    found = [_stage(st, o, job, room, last, pairs) for job in range(st.net.job_ptr[o], st.net.job_ptr[o + 1])]
    found += [*_materials(st, o, room, last, pairs), *_caps_short(st, o, room, last, pairs)]
    found += _tools_short(st, o, room, last, pairs)
    return sorted((s for s in found if s.pairs < pairs), key=lambda s: s.pairs)


def _stage(st: Standing, o: int, job: int, room: Room, last: int, pairs: int) -> Short:
    """Return for how many pairs the lines have room that may do a stage, on as many of them as lots may use."""
    net, first = st.net, int(st.net.first[o])
    c = np.arange(net.cand_ptr[net.job_list[job]], net.cand_ptr[net.job_list[job] + 1])
    line, minutes = net.cand_line[c], np.maximum(1, net.cand_m[c])
    fit = (room.line[line, first : last + 1] // minutes[:, None]) * net.masks[net.cand_mask[c], first : last + 1]
    each = fit.sum(axis=1)
    each[each < np.maximum(net.smallest[o], net.line_smallest[line])] = 0
    each[net.line_smallest[line] > net.pairs[o]] = 0
    total = int(np.sort(each)[::-1][: st.problem.most_lots].sum())
    if net.job_next[job] < 0 and net.most_makers[o]:
        firms = np.bincount(net.line_firm[line], weights=each) if len(each) else np.zeros(1)
        total = min(total, int(np.sort(firms)[::-1][: net.most_makers[o]].sum()))
    lacking = max(0, pairs - total) * int(minutes.min(initial=1_000_000_000))
    stage = st.stage(job)
    more = Text("{h} more worker-hours of {stage}", "再有 {h} 工时的{stage}").format(h=hours(lacking), stage=stage)
    return Short(stage, total, more)


def _each(st: Standing, job: int) -> Ints:
    """Return the lines that may do a job."""
    net = st.net
    lines: Ints = net.cand_line[net.cand_ptr[net.job_list[job]] : net.cand_ptr[net.job_list[job] + 1]].astype(np.int64)
    return lines


def _materials(st: Standing, o: int, room: Room, last: int, pairs: int) -> Iterator[Short]:
    net, need = st.net, dict[int, int]()
    for job in range(net.job_ptr[o], net.job_ptr[o + 1]):
        sj, classes = net.job_sj[job], net.line_defect[_each(st, job)]
        for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
            m = int(net.sj_need_material[k])
            need[m] = need.get(m, 0) + int(net.sj_need[k, classes].min(initial=2**40))
    units = dict(st.problem.cluster["material"].select("material", "unit").iter_rows())
    for m, each in need.items():
        at_hand = int(room.material[m, last:].min())
        if each > 0 and at_hand // each < pairs:
            name = st.name("material", st.problem.materials[m])
            lack = ceil_div(pairs * each - at_hand, 1_000_000)
            more = Text("{q} more {unit} of {name}", "再有 {q} {unit} {name}")
            unit = dictionary.choices()["material_unit"][units[st.problem.materials[m]]]
            yield Short(name, max(0, at_hand // each), more.format(q=f"{lack:,}", unit=unit, name=name))


def _caps_short(st: Standing, o: int, room: Room, last: int, pairs: int) -> Iterator[Short]:
    net, first = st.net, int(st.net.first[o])
    for g in range(len(net.cap_flow)):
        if not net.cap_period[g, first : last + 1].all():
            continue
        each = 0
        for job in range(net.job_ptr[o], net.job_ptr[o + 1]):
            lines, sj = _each(st, job), int(net.job_sj[job])
            used = net.line_flow[lines, net.cap_flow[g]] + net.sj_flow[sj, net.cap_flow[g], net.line_defect[lines]]
            each += int(np.where(net.cap_line[g, lines], used, 0).min(initial=2**40))
        if each > 0 and int(room.cap[g]) // each < pairs:
            name = cap_name(st, g)
            more = Text("a higher limit for {name}", "提高{name}").format(name=name)
            yield Short(name, int(room.cap[g]) // each, more)


def _tools_short(st: Standing, o: int, room: Room, last: int, pairs: int) -> Iterator[Short]:
    net, first = st.net, int(st.net.first[o])
    for job in range(net.job_ptr[o], net.job_ptr[o + 1]):
        for k in range(net.job_tool_ptr[job], net.job_tool_ptr[job + 1]):
            row = int(net.job_tool_row[k])
            fit = int((room.tool[row, first : last + 1] // net.job_tool_share[k]).sum())
            if fit < pairs:
                name = tool_name(st.problem.tools[row])
                yield Short(name, fit, Text("more {name}", "更多{name}").format(name=name))
