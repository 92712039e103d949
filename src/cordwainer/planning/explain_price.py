"""Why something has its shadow price: how much of it is used, by whom, who would take more, and what one more is worth."""

from __future__ import annotations

import numpy as np

from cordwainer.cluster import Cluster, Plan, dictionary
from cordwainer.core import Text
from cordwainer.planning.problem import Ints, index_of
from cordwainer.planning.rows import limited_use, loads, needs
from cordwainer.planning.scarcity import cap_name, tool_name
from cordwainer.planning.standing import Standing, standing
from cordwainer.planning.wording import Explanation, hours, joined, listed, yuan

_SHOWN = 5


def explain_price(cluster: Cluster, plan: Plan, id_: str) -> Explanation:
    """Return why the thing of an id (line, material, cap, outside maker, skill or tool) has its price in a plan.

    Raises
    ------
    UserError
        If nothing of that id has a price.
    """
    rows = plan.prices_of(id_)
    st = standing(cluster, plan)
    told = [
        _kind(st, str(kind), id_, int(t), int(mfen))
        for kind, t, mfen in rows.sort("mfen", descending=True)
        .unique("kind", keep="first", maintain_order=True)
        .select("kind", "period", "mfen")
        .iter_rows()
    ]
    return Explanation(joined([t.why for t in told]), tuple(x for t in told for x in t.limits), told[0].remedy)


def _kind(st: Standing, kind: str, id_: str, t: int, mfen: int) -> Explanation:
    day = st.problem.periods[t].start
    match kind:
        case "line":
            return _line(st, index_of(st.problem.facts.lines)[id_], t, mfen)
        case "material":
            return _material(st, index_of(st.problem.materials)[id_], t, mfen)
        case "cap":
            return _cap(st, index_of(st.problem.caps)[id_], mfen)
        case "outside":
            k = index_of(st.problem.makers)[id_]
            return _simple(
                Text(
                    "One more pair made by {name} in the week of {day} is worth {yuan} yuan.",
                    "{name} 在 {day} 那一周多做一双值 {yuan} 元。",
                ),
                st.name("outside_maker", id_),
                day,
                yuan(mfen),
                Text("pairs", "双"),
                (int(st.sent[k, t]), int(st.net.out_limit[k, t])),
            )
        case "skill":
            k = [f"{f}|{s}" for f, s in st.problem.skills].index(id_)
            used = st.problem.frozen.skill[k, t] + limited_use(st.problem, st.rows)[1][k, t]
            firm, skill = st.problem.skills[k]
            return _simple(
                Text(
                    "One more hour of a worker with skill {name} in the week of {day} is worth {yuan} yuan.",
                    "{name} 的技工在 {day} 那一周多一工时值 {yuan} 元。",
                ),
                Text(f"{skill} at {st.name('firm', firm).en}", f"{st.name('firm', firm).zh} {skill}"),
                day,
                yuan(60 * mfen),
                Text("worker-hours", "工时"),
                (int(used) // 60_000, int(st.net.skill_limit[k, t] + st.problem.frozen.skill[k, t]) // 60_000),
            )
        case _:
            k = st.problem.tools.index(id_)
            used = st.problem.frozen.tool[k, t] + limited_use(st.problem, st.rows)[2][k, t]
            return _simple(
                Text(
                    "Room for one more pair on {name} in the week of {day} is worth {yuan} yuan.",
                    "{name} 在 {day} 那一周多做一双值 {yuan} 元。",
                ),
                tool_name(id_),
                day,
                yuan(mfen),
                Text("pairs", "双"),
                (int(used) // 10**6, int(st.net.tool_limit[k, t] + st.problem.frozen.tool[k, t]) // 10**6),
            )


def _simple(why: Text, name: Text, day: object, worth: str, unit: Text, used: tuple[int, int]) -> Explanation:
    return Explanation(
        why.format(name=name, day=day, yuan=worth),
        (
            Text("The plan uses {a} of {b} {unit} there.", "计划用了 {b} {unit}中的 {a}。").format(
                a=f"{used[0]:,}", b=f"{used[1]:,}", unit=unit
            ),
        ),
    )


def _users(st: Standing, amounts: Ints, which: Ints, unit: Text, scale: int) -> Text:
    """Return which orders use most of something; ``amounts`` by row of work, ``which`` their orders."""
    total = np.bincount(which, weights=amounts, minlength=len(st.problem.orders))
    first = [int(o) for o in np.argsort(-total)[:_SHOWN] if total[o] > 0]
    if not first:
        return Text("No order of the plan uses it then.", "计划中届时没有订单用它。")
    names = [f"{st.problem.orders[o]} ({total[o] / scale:,.0f}" for o in first]
    return Text("It is used most by {which}.", "用得最多的是 {which}。").format(
        which=listed([Text(f"{n} {unit.en})", f"{n.replace(' (', '（')} {unit.zh}）") for n in names], _SHOWN)
    )


def _line(st: Standing, at: int, t: int, mfen: int) -> Explanation:
    net, rows, p = st.net, st.rows, st.problem
    load, most = int((loads(p, rows) + p.frozen.load)[at, t]), int(p.facts.most[at, t])
    on = (rows.line == at) & (rows.period == t)
    why = Text(
        "One more worker-hour of {name} in the week of {day} is worth {yuan} yuan to the cluster.",
        "{name} 在 {day} 那一周多一工时，对集群值 {yuan} 元。",
    ).format(name=st.line(at), day=p.periods[t].start, yuan=yuan(60 * mfen))
    told = [
        Text("It works {load} of at most {most} hours then.", "届时最多 {most} 工时，已用 {load}。").format(
            load=hours(load), most=hours(most)
        ),
        _users(st, (rows.pairs * rows.minutes)[on], rows.order[on], Text("hours", "工时"), 60_000),
    ]
    over, surcharge = most - int(p.facts.regular[at, t]), int(net.surcharge[at])
    if over > 0:
        dear = 60 * mfen >= surcharge
        told.append(
            Text(
                "An hour of overtime costs {yuan} yuan more than a regular one, "
                + ("less than that: overtime pays." if dear else "more than that: overtime does not pay."),
                "加班一工时比正常多 {yuan} 元，" + ("低于此价，加班合算。" if dear else "高于此价，加班不合算。"),
            ).format(yuan=yuan(surcharge))
        )
    return Explanation(why, tuple(told))


def _material(st: Standing, m: int, t: int, mfen: int) -> Explanation:
    p, name = st.problem, st.name("material", st.problem.materials[m])
    units = dict(p.cluster["material"].select("material", "unit").iter_rows())
    unit = dictionary.choices()["material_unit"][units[p.materials[m]]]
    cheap = int(st.unit_price[m, t])
    words = {"name": name, "unit": unit, "day": p.periods[t].start, "yuan": yuan(mfen), "cheap": yuan(cheap)}
    why = Text(
        "One more {unit} of {name} usable from {day} on is worth {yuan} yuan; bought at its cheapest it costs {cheap}.",
        "{day} 起可用的{name}，多一{unit}值 {yuan} 元；按最低价买要 {cheap} 元。",
    ).format(**words)
    need = np.cumsum(needs(p, st.rows), axis=1)[m] + np.cumsum(p.frozen.need, axis=1)[m]
    supply = st.net.supply[m] + np.cumsum(p.frozen.need, axis=1)[m]
    plenty = int(supply[-1]) >= 2**53
    if plenty:
        use = Text(
            "As much as is wanted can be bought; the price is what buying in time costs.",
            "可随需购买；此价即及时购得的成本。",
        )
    else:
        use = Text(
            "In the whole plan {need} {unit} are needed and at most {supply} can be had; by {day} {need_t} of {supply_t}.",
            "整个计划需要 {need} {unit}，最多能有 {supply}；到 {day} 为 {need_t} / {supply_t}。",
        )
    words |= {"need": f"{need[-1] / 1e6:,.0f}", "supply": f"{supply[-1] / 1e6:,.0f}"}
    words |= {"need_t": f"{need[t] / 1e6:,.0f}", "supply_t": f"{supply[t] / 1e6:,.0f}"}
    amount, which = _needs_by_row(st, m)
    return Explanation(why, (use.format(**words), _users(st, amount, which, unit, 10**6)))


def _needs_by_row(st: Standing, m: int) -> tuple[Ints, Ints]:
    """Return how much of a material each row of work needs, in micro units, and whose row it is."""
    net, rows = st.net, st.rows
    sj, d = net.job_sj[rows.job], net.line_defect[rows.line]
    each = np.zeros(len(rows.pairs), np.int64)
    for k in np.flatnonzero(net.sj_need_material == m).tolist():
        at = int(np.searchsorted(net.sj_need_ptr, k, side="right")) - 1
        mine = sj == at
        each[mine] += rows.pairs[mine] * net.sj_need[k, d[mine]]
    return each, rows.order


def _cap(st: Standing, g: int, mfen: int) -> Explanation:
    net, p, rows = st.net, st.problem, st.rows
    row = next(r for r in p.cluster["cap"].iter_rows(named=True) if r["cap"] == p.caps[g])
    unit = next(r["unit"] for r in p.cluster["flow"].iter_rows(named=True) if r["flow"] == row["flow"])
    f, inside = int(net.cap_flow[g]), net.cap_line[g, rows.line] & net.cap_period[g, rows.period]
    each = rows.pairs * (net.line_flow[rows.line, f] + net.sj_flow[net.job_sj[rows.job], f, net.line_defect[rows.line]])
    used, amount = int(each[inside].sum() + p.frozen.cap[g]), int(net.cap_amount[g] + p.frozen.cap[g])
    words = {"name": cap_name(st, g), "unit": unit, "yuan": yuan(1000 * mfen)}
    why = Text(
        "A thousand {unit} more of {name} are worth {yuan} yuan to the cluster.",
        "{name}每多 1,000 {unit}，对集群值 {yuan} 元。",
    ).format(**words)
    use = Text("The plan uses {a} of {b} {unit}.", "计划用了 {b} {unit}中的 {a}。").format(
        a=f"{used / 1000:,.0f}", b=f"{amount / 1000:,.0f}", unit=unit
    )
    return Explanation(why, (use, _users(st, each[inside], rows.order[inside], Text(unit, unit), 1000)))
