"""The live state of a plan as it starts: what the tables of cluster and plan leave free, and at what prices."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text, UserError
from cordwainer.planning import Net, OfferPeriods, Prices, Room, Scratch, cost_milli
from cordwainer.quoting.ground import Ground, ground_of
from cordwainer.quoting.lines import Ints, accepted_unasked, nameable_firms, numbered
from cordwainer.quoting.live import Live
from cordwainer.quoting.usage import Use, plan_use

_PLENTY = 2**60
_JOBS = 8
"""Most stages of a shoe for which memory is kept ready."""


def live_of(cluster: Cluster, plan: Plan, today: date | None = None, without: frozenset[str] = frozenset()) -> Live:
    """Return the live state of a plan, as of a day (its first one), without the lots named.

    Raises
    ------
    UserError
        If the plan was made for another cluster, or its loads are not those of its work.
    """
    if plan.head["cluster_hash"] != cluster.hash:
        raise UserError(
            "plan-of-another-cluster",
            Text("The plan was made for another cluster.", "该计划不是为此集群制定的。"),
            Text("Plan this cluster, or name the one that was planned.", "请为此集群排产，或给出原来的集群。"),
        )
    ground = ground_of(cluster, plan.periods)
    used = plan_use(ground, plan)
    _must_agree(ground, plan, used)
    if without:
        used = plan_use(ground, plan, without)
    return _live(ground, plan, today or plan.first_date, used)


def _must_agree(ground: Ground, plan: Plan, used: Use) -> None:
    said = plan["line_period"].join(
        pl.DataFrame({"line": ground.lines.ids, "number": range(len(ground.lines.ids))}), on="line", how="left"
    )
    table = np.zeros_like(used.load)
    table[said["number"].to_numpy(), said["period"].to_numpy()] = said["load_mmin"].to_numpy()
    if not np.array_equal(table, used.load):
        raise UserError(
            "plan-not-certified",
            Text("The loads that the plan gives are not those of its work.", "计划中的产线负荷与其排产不符。"),
            Text("Have it certified with `cordwainer verify`.", "请先用 cordwainer verify 核验。"),
        )


def _live(ground: Ground, plan: Plan, today: date, used: Use) -> Live:
    facts, limits, offers = ground.facts, ground.limits, ground.offers
    bought = _bought(offers, plan)
    open_ = np.array([ground.periods[t].start >= today for t in offers.period], np.bool_)
    supply = _supply(ground, np.where(open_, offers.most, bought))
    room = Room(
        line=facts.most - used.load,
        regular=facts.regular - used.load,
        material=supply - np.cumsum(used.need, axis=1),
        cap=limits.cap_amount - used.cap,
        skill=limits.skill_limit - used.skill,
        tool=limits.tool_limit - used.tool,
    )
    unit_price = _unit_price(ground, used.need)
    shadow = _shadow(ground, plan)
    free = Prices(*(np.zeros_like(x) for x in shadow))._replace(material=unit_price)
    return Live(
        ground=ground,
        plan=plan,
        today=today,
        load=used.load.copy(),
        slack=_supply(ground, bought) - np.cumsum(used.need, axis=1),
        bought=bought,
        taken=np.zeros_like(used.need),
        held_bought=np.zeros_like(bought),
        accept=accepted_unasked(ground.cluster, today),
        nameable=nameable_firms(ground.cluster, today),
        open_=open_,
        room=room,
        unit_price=unit_price,
        free=free,
        shadow=shadow._replace(material=np.maximum(shadow.material, unit_price)),
        scratch=_scratch(ground),
        net=_net(ground),
    )


def _bought(offers: OfferPeriods, plan: Plan) -> Ints:
    """Return what the plan buys, by row of the offers; what can never be used is left out."""
    row = {(name, int(t)): i for i, (name, t) in enumerate(zip(offers.offer, offers.period, strict=True))}
    bought = np.zeros(len(offers.offer), np.int64)
    for offer, period, quantity in plan["purchase"].select("offer", "period", "quantity_milli").iter_rows():
        if (offer, period) in row:
            bought[row[offer, period]] = quantity
    return bought


def _supply(ground: Ground, most: Ints) -> Ints:
    """Return the most of each material that can be at hand by each period, M x T, micro units."""
    top = _PLENTY // 1000
    total = np.minimum(ground.arriving, top)
    for m, u, q in zip(ground.offers.material, ground.offers.usable, most, strict=True):
        total[m, u] = min(top, total[m, u] + min(int(q), top))
    for t in range(1, total.shape[1]):
        total[:, t] = np.minimum(top, total[:, t] + total[:, t - 1])
    return total * 1000


def _unit_price(ground: Ground, need: Ints) -> Ints:
    """Return what a unit costs that is bought by a period as the plan buys: its usual weekly need at once; M x T, 1/1000 fen.

    Where nothing can be bought by then the first price counts; a material without an offer has its list price, else 0.
    """
    offers, T = ground.offers, len(ground.periods)
    price = np.full(need.shape, 2**62, np.int64)
    usual = np.maximum(1, need.sum(axis=1) // (1000 * T))
    done: dict[str, int] = {}
    for i, name in enumerate(offers.offer):
        m, u = int(offers.material[i]), int(offers.usable[i])
        if name not in done:
            q = max(int(offers.minimum[i]), int(usual[m]), int(offers.multiple[i]))
            done[name] = cost_milli(offers, i, q) // q
        price[m, u] = min(price[m, u], done[name])
    price = np.minimum.accumulate(price, axis=1)
    first = np.where(price < 2**62, price, -1).max(axis=1, initial=-1)
    listed = [0 if p is None else round(1000 * p) for p in ground.cluster["material"]["list_price"]]
    first = np.where(first < 0, np.array(listed, np.int64), first)
    return np.where(price < 2**62, price, first[:, None])


def _shadow(ground: Ground, plan: Plan) -> Prices:
    """Return the shadow prices of a plan as arrays; outside makers have none here."""
    T, limits = len(ground.periods), ground.limits
    kinds = {
        "line": (ground.lines.ids, T),
        "material": (ground.materials, T),
        "cap": (limits.cap_ids, 1),
        "skill": (tuple(f"{f}|{k}" for f, k in limits.skill_ids), T),
        "tool": (limits.tool_ids, T),
    }
    found = {}
    for kind, (ids, wide) in kinds.items():
        table, number = np.zeros((len(ids), wide), np.int64), numbered(ids)
        rows = plan["price"].filter(kind=kind).select("id", "period", "mfen")
        at = [number[name] for name in rows["id"]]
        table[at, rows["period"].to_numpy()] = rows["mfen"].to_numpy()
        found[kind] = table
    return Prices(
        line=found["line"],
        material=found["material"],
        cap=found["cap"][:, 0].copy(),
        skill=found["skill"],
        tool=found["tool"],
        outside=np.zeros((0, T), np.int64),
    )


def _scratch(ground: Ground) -> Scratch:
    """Return working memory that fits every request; see `Scratch`."""
    T, D = len(ground.periods), len(ground.districts)
    wide = max((len(rows[0]) for rows in ground.makes.values()), default=1) + 1
    classes, lines, firms = len(ground.lines.defect_e4), len(ground.lines.ids), len(ground.firms)
    return Scratch(
        fd_slot=np.full((_JOBS, len(ground.lines.fd_district) + 1), -1, np.int32),
        fd_value=np.zeros((_JOBS, wide, T), np.int64),
        fd_arg=np.zeros((_JOBS, wide, T), np.int64),
        d_value=np.zeros((_JOBS, D, T), np.int64),
        d_arg=np.zeros((_JOBS, D, T), np.int64),
        come=np.zeros((_JOBS, D, T), np.int64),
        row=np.zeros(T, np.int64),
        open_=np.zeros((classes, T), np.bool_),
        path_cand=np.zeros(_JOBS, np.int64),
        path_period=np.zeros(_JOBS, np.int32),
        extra=np.zeros((classes, T), np.int64),
        known=np.zeros(classes, np.bool_),
        banned=np.zeros(lines, np.bool_),
        firm_ok=np.ones(firms + 1, np.bool_),
        firm_room=np.zeros(firms + 1, np.int64),
    )


def _net(ground: Ground) -> Net:
    """Return the arrays of a problem without orders."""
    lines, limits, roads, T = ground.lines, ground.limits, ground.roads, len(ground.periods)
    none, small = np.zeros(0, np.int64), np.zeros(0, np.int32)
    one = np.zeros(1, np.int32)
    return Net(
        regular=ground.facts.regular,
        most=ground.facts.most,
        line_firm=lines.firm,
        line_district=lines.district,
        line_fd=lines.fd,
        line_smallest=lines.smallest,
        line_defect=lines.defect,
        ask=ground.facts.ask,
        surcharge=ground.facts.surcharge,
        fd_district=lines.fd_district,
        firm_fd_ptr=lines.firm_fd_ptr,
        firm_fd=np.arange(len(lines.fd_district), dtype=np.int32),
        move_price=roads.price,
        move_lag=roads.lag,
        move_carbon=np.zeros_like(roads.carbon),
        reach=roads.reach,
        pairs=none,
        price=none,
        first=small,
        last=small,
        theta=none,
        smallest=none,
        most_makers=small,
        late=np.zeros((0, T), np.int64),
        job_ptr=one,
        job_next=small,
        job_list=small,
        job_sj=small,
        cand_ptr=np.zeros(1, np.int64),
        cand_line=small,
        cand_m=none,
        cand_base=none,
        cand_mask=small,
        masks=np.ones((1, T), np.bool_),
        sj_need_ptr=one,
        sj_need_material=small,
        sj_need=np.zeros((0, len(lines.defect_e4)), np.int64),
        sj_skill=small,
        skill_row=limits.skill_row,
        skill_limit=limits.skill_limit,
        job_tool_ptr=one,
        job_tool_row=small,
        job_tool_share=none,
        tool_limit=limits.tool_limit,
        supply=np.zeros((len(ground.materials), T), np.int64),
        cap_flow=limits.cap_flow,
        cap_amount=limits.cap_amount,
        cap_line=limits.cap_line,
        cap_period=limits.cap_period,
        line_flow=ground.line_flow,
        sj_flow=np.zeros((0, len(ground.flows), len(lines.defect_e4)), np.int64),
        out_ptr=one,
        out_maker=small,
        out_value=none,
        out_first=small,
        out_limit=np.zeros((0, T), np.int64),
    )
