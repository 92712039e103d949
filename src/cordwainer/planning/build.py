"""Build the arrays of a problem from a cluster and the periods of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from cordwainer.cluster import Broken, Cluster, efficiencies, line_facts, places, raise_if_any, unplannable, whole
from cordwainer.core import Period, scaled
from cordwainer.planning import limits
from cordwainer.planning.carbon import CARBON, carbon_mfen, carbon_price_of
from cordwainer.planning.eligibility import Carbon, candidates, line_columns
from cordwainer.planning.frozen import nothing_frozen, promised, reserve
from cordwainer.planning.jobs import jobs_of
from cordwainer.planning.memo import Memo
from cordwainer.planning.orders import order_arrays
from cordwainer.planning.outside import outside
from cordwainer.planning.problem import Ints, Net, Problem, index_of
from cordwainer.planning.styles import style_arrays
from cordwainer.planning.tools import tools
from cordwainer.planning.transfers import transfers


def build(cluster: Cluster, periods: Sequence[Period], freeze_date: date | None, memo: Memo | None = None) -> Problem:
    """Return the problem of planning ``cluster`` over ``periods`` beside the promised lots that stand, which are constants.

    What a ``memo`` of an earlier build still holds is not worked out again.

    Raises
    ------
    DataErrors
        If a capped or priced flow has an unknown coefficient: the check ``flow-unknown`` of the cluster.
    UserError
        If the promised lots need more of a material than can be had in time.
    """
    known = memo or Memo()
    raise_if_any(known.call(_unplannable, cluster))
    stand = promised(cluster, periods, freeze_date)
    return reserve(_open(cluster, tuple(periods), stand.pairs, known), stand)


def _unplannable(cluster: Cluster) -> list[Broken]:
    return unplannable(cluster.frames)


def _open(cluster: Cluster, periods: Sequence[Period], frozen_pairs: dict[str, int], memo: Memo) -> Problem:
    """Return the problem of the pairs that are not frozen, with all that the cluster has."""
    facts = memo.call(line_facts, cluster, periods)
    lines = memo.call(line_columns, cluster)
    firms, districts = cluster["firm"]["firm"], cluster["district"]["district"]
    line_firm = places(lines["firm"], firms).astype(np.int32)
    line_district = places(lines["district"], districts).astype(np.int32)
    defect_e4 = whole(lines["defect_share"], 4)
    classes, defect_class = np.unique(defect_e4, return_inverse=True)
    materials = index_of(tuple(cluster["material"]["material"]))
    carbon_price = carbon_price_of(cluster)
    flows = sorted({*cluster["cap"]["flow"]})
    flows += [CARBON] if carbon_price and CARBON not in flows else []
    at = flows.index(CARBON) if CARBON in flows else 0
    styles = memo.call(style_arrays, cluster, flows, classes)
    line_flow = memo.call(_line_flow, cluster, flows, facts.lines)
    orders = memo.call(order_arrays, cluster, periods, frozen_pairs)
    order_style = places(cluster["order"]["style"], styles.styles)
    jobs = jobs_of(styles, order_style)
    cand = memo.call(
        candidates,
        cluster,
        periods,
        styles,
        jobs,
        defect_e4,
        defect_class.astype(np.int32),
        Carbon(line_flow[:, at], styles.flow[:, at, :], carbon_price) if carbon_price else None,
        memo.call(efficiencies, cluster, periods[0].start),
    )
    offers = memo.call(limits.offer_periods, cluster, materials, periods)
    cap = memo.call(limits.caps, cluster, index_of(flows), facts, periods)
    names = index_of(sorted({s for s in styles.skill if s is not None}))
    skill_ids, skill_row, skill_limit = limits.skills(cluster, facts, index_of(tuple(firms)), line_firm, names)
    tool = memo.call(tools, cluster, jobs, styles, periods)
    out = memo.call(outside, cluster, orders, order_style, styles, periods, carbon_price)
    fd, line_fd = np.unique(line_firm.astype(np.int64) * len(districts) + line_district, return_inverse=True)
    firm_ptr = np.searchsorted(fd // len(districts), np.arange(len(firms) + 1)).astype(np.int32)
    roads = memo.call(transfers, cluster, tuple(districts), periods)
    move_carbon = np.maximum(0, roads.carbon)
    net = Net(
        regular=facts.regular,
        most=facts.most,
        line_firm=line_firm,
        line_district=line_district,
        line_fd=line_fd.astype(np.int32),
        line_smallest=lines["smallest_lot_pairs"].to_numpy().astype(np.int64),
        line_defect=defect_class.astype(np.int32),
        ask=facts.ask,
        surcharge=facts.surcharge,
        fd_district=(fd % len(districts)).astype(np.int32),
        firm_fd_ptr=firm_ptr,
        firm_fd=np.arange(len(fd), dtype=np.int32),
        move_price=roads.price,
        move_lag=roads.lag,
        move_carbon=carbon_mfen(move_carbon, carbon_price),
        reach=roads.reach,
        pairs=orders.pairs,
        price=orders.price,
        first=orders.first,
        last=orders.last,
        theta=orders.theta,
        smallest=orders.smallest,
        most_makers=orders.most_makers,
        late=1000 * orders.late_fen_week[:, None] * orders.late_days // 7,
        job_ptr=jobs.ptr,
        job_next=jobs.next,
        job_list=cand.job_list,
        job_sj=jobs.sj,
        cand_ptr=cand.ptr,
        cand_line=cand.line,
        cand_m=cand.m,
        cand_base=cand.base,
        cand_mask=cand.mask,
        masks=cand.masks,
        sj_need_ptr=styles.need_ptr,
        sj_need_material=styles.need_material,
        sj_need=styles.need,
        sj_skill=np.array([-1 if s is None else names[s] for s in styles.skill], np.int32),
        skill_row=skill_row,
        skill_limit=skill_limit,
        job_tool_ptr=tool.ptr,
        job_tool_row=tool.row,
        job_tool_share=tool.share,
        tool_limit=tool.limit,
        supply=memo.plain(limits.supply, memo.call(limits.stock_by_period, cluster, materials, periods), offers),
        cap_flow=cap.flow,
        cap_amount=cap.amount,
        cap_line=cap.line,
        cap_period=cap.period,
        line_flow=line_flow,
        sj_flow=styles.flow,
        out_ptr=out.ptr,
        out_maker=out.maker,
        out_value=out.value,
        out_first=out.first,
        out_limit=out.limit,
    )
    return Problem(
        cluster=cluster,
        periods=tuple(periods),
        facts=facts,
        net=net,
        orders=orders.ids,
        stages=tuple([styles.stage[s] for s in jobs.sj]),
        centi=styles.centi[jobs.sj],
        firms=tuple(firms),
        districts=tuple(districts),
        materials=tuple(materials),
        caps=cap.ids,
        skills=skill_ids,
        tools=tool.ids,
        makers=out.makers,
        late_days=orders.late_days,
        late_fen_week=orders.late_fen_week,
        committed=orders.committed,
        buyer_inside=orders.inside,
        carbon_price=carbon_price,
        carbon_flow=at,
        broken_fen=orders.penalty,
        move_carbon_milli=move_carbon,
        most_lots=int(cluster.policy("most_lots")),
        assumed_styles=styles.assumed,
        frozen=nothing_frozen(net),
    )


def _line_flow(cluster: Cluster, flows: Sequence[str], lines: Sequence[str]) -> Ints:
    """Return flow per pair of each line in milli units, L x flows: rows that are given always count."""
    no, flow_no = index_of(lines), index_of(flows)
    table = np.zeros((len(lines), len(flows)), np.int64)
    for line, flow, amount in cluster["line_flow"].select("line", "flow", "per_pair").iter_rows():
        if flow in flow_no:
            table[no[line], flow_no[flow]] = scaled(amount, 3)
    return table
