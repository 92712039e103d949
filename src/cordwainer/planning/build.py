"""Build the arrays of a problem from a cluster and the periods of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from cordwainer.cluster import Cluster, line_facts, raise_if_any, unplannable
from cordwainer.core import Period, scaled
from cordwainer.planning import limits
from cordwainer.planning.carbon import CARBON, carbon_mfen, carbon_price_of
from cordwainer.planning.eligibility import candidates, line_columns
from cordwainer.planning.frozen import nothing_frozen, promised, reserve
from cordwainer.planning.orders import order_arrays
from cordwainer.planning.problem import Ints, Net, Problem, Small, index_of
from cordwainer.planning.styles import StyleArrays, style_arrays


def build(cluster: Cluster, periods: Sequence[Period], freeze_date: date | None) -> Problem:
    """Return the problem of planning ``cluster`` over ``periods`` beside the promised lots that stand, which are constants.

    Raises
    ------
    DataErrors
        If a capped or priced flow has an unknown coefficient: the check ``flow-unknown`` of the cluster.
    UserError
        If the promised lots need more of a material than can be had in time.
    """
    raise_if_any(unplannable(cluster.frames))
    stand = promised(cluster, periods, freeze_date)
    return reserve(_open(cluster, periods, stand.pairs), stand)


def _open(cluster: Cluster, periods: Sequence[Period], frozen_pairs: dict[str, int]) -> Problem:
    """Return the problem of the pairs that are not frozen, with all that the cluster has."""
    facts = line_facts(cluster, periods)
    lines = line_columns(cluster)
    firms, districts = tuple(cluster["firm"]["firm"]), tuple(cluster["district"]["district"])
    firm_no, district_no = index_of(firms), index_of(districts)
    line_firm = np.array([firm_no[f] for f in lines["firm"]], np.int32)
    line_district = np.array([district_no[d] for d in lines["district"]], np.int32)
    defect_e4 = np.array([scaled(x, 4) for x in lines["defect_share"]], np.int64)
    classes, defect_class = np.unique(defect_e4, return_inverse=True)
    materials = index_of(tuple(cluster["material"]["material"]))
    carbon_price = carbon_price_of(cluster)
    capped = sorted(set(cluster["cap"]["flow"]))
    flows = [*capped, *([CARBON] if carbon_price and CARBON not in capped else [])]
    flow_no = index_of(flows)
    styles = style_arrays(cluster, materials, flows, [int(c) for c in classes])
    line_flow = _line_flow(cluster, flows, facts.lines)
    orders = order_arrays(cluster, periods, frozen_pairs)
    no_carbon = np.zeros(len(facts.lines), np.int64)
    at = flow_no.get(CARBON, 0)
    cand = candidates(
        cluster,
        periods,
        facts,
        styles,
        defect_e4,
        defect_class.astype(np.int32),
        line_flow[:, at] if carbon_price else no_carbon,
        styles.flow[:, at, :] if carbon_price else np.zeros((len(styles.stage), len(classes)), np.int64),
        carbon_price,
    )
    offers = limits.offer_periods(cluster, materials, periods)
    cap = limits.caps(cluster, flow_no, facts, periods)
    names = index_of(sorted({s for s in styles.skill if s is not None}))
    skill_ids, skill_row, skill_limit = limits.skills(cluster, facts, firm_no, line_firm, names)
    tool_ids, tool_ptr, tool_row, tool_share, tool_limit = limits.tools(cluster, orders, styles, periods)
    makers, out_ptr, out_maker, out_value, out_first, out_limit = limits.outside(
        cluster, orders, styles, periods, carbon_price
    )
    fd, line_fd = np.unique(line_firm.astype(np.int64) * len(districts) + line_district, return_inverse=True)
    firm_ptr = np.searchsorted(fd // len(districts), np.arange(len(firms) + 1)).astype(np.int32)
    move_price, move_lag, move_carbon, reach = _moves(cluster, districts, periods)
    job_ptr, job_next, job_sj = _jobs(styles, orders.styles)
    line = np.concatenate(cand.line) if cand.line else np.zeros(0, np.int64)
    carbon = np.concatenate(cand.carbon) if cand.carbon else np.zeros(0, np.int64)
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
        move_price=move_price,
        move_lag=move_lag,
        move_carbon=carbon_mfen(move_carbon, carbon_price),
        reach=reach,
        pairs=orders.pairs,
        price=orders.price,
        first=orders.first,
        last=orders.last,
        theta=orders.theta,
        smallest=orders.smallest,
        most_makers=orders.most_makers,
        late=1000 * orders.late_fen_week[:, None] * orders.late_days // 7,
        job_ptr=job_ptr,
        job_next=job_next,
        job_list=np.array(cand.job_list, np.int32),
        job_sj=job_sj,
        cand_ptr=np.array(cand.ptr, np.int64),
        cand_line=line.astype(np.int32),
        cand_m=np.concatenate(cand.m) if cand.m else line,
        cand_base=np.concatenate(cand.base) if cand.base else line,
        cand_mask=np.concatenate(cand.mask) if cand.mask else line.astype(np.int32),
        masks=np.array(list(cand.masks), np.bool_).reshape(-1, len(periods)),
        sj_need_ptr=styles.need_ptr,
        sj_need_material=styles.need_material,
        sj_need=styles.need,
        sj_skill=np.array([-1 if s is None else names[s] for s in styles.skill], np.int32),
        skill_row=skill_row,
        skill_limit=skill_limit,
        job_tool_ptr=tool_ptr,
        job_tool_row=tool_row,
        job_tool_share=tool_share,
        tool_limit=tool_limit,
        supply=limits.supply(limits.stock_by_period(cluster, materials, periods), offers),
        cap_flow=cap.flow,
        cap_amount=cap.amount,
        cap_line=cap.line,
        cap_period=cap.period,
        line_flow=line_flow,
        sj_flow=styles.flow,
        out_ptr=out_ptr,
        out_maker=out_maker,
        out_value=out_value,
        out_first=out_first,
        out_limit=out_limit,
    )
    return Problem(
        cluster=cluster,
        periods=tuple(periods),
        facts=facts,
        net=net,
        orders=orders.ids,
        stages=tuple(styles.stage[s] for s in job_sj),
        centi=styles.centi[job_sj],
        firms=firms,
        districts=districts,
        materials=tuple(materials),
        caps=cap.ids,
        skills=skill_ids,
        tools=tool_ids,
        makers=makers,
        cand_piece=np.concatenate(cand.piece) if cand.piece else line,
        cand_carbon=carbon,
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


def _jobs(styles: StyleArrays, order_styles: Sequence[str]) -> tuple[Small, Small, Small]:
    ptr, following, sj_of = [0], [], []
    for style in order_styles:
        at = styles.index[style]
        for sj in range(styles.ptr[at], styles.ptr[at + 1]):
            sj_of.append(sj)
            following.append(int(styles.after[sj]))
        ptr.append(len(sj_of))
    return np.array(ptr, np.int32), np.array(following, np.int32), np.array(sj_of, np.int32)


def _moves(cluster: Cluster, districts: Sequence[str], periods: Sequence[Period]) -> tuple[Ints, Small, Ints, Small]:
    """Return price, lag code and carbon (milligrams) between districts, and arrivals by lag code x T."""
    no, count, T = index_of(districts), len(districts), len(periods)
    price = np.full((count, count), -1, np.int64)
    lag, carbon = np.zeros((count, count), np.int32), np.zeros((count, count), np.int64)
    np.fill_diagonal(price, 0)
    rows = cluster["transfer"].to_dicts()
    lags = sorted({0, *(r["lag_days"] for r in rows)})
    for r in rows:
        a, b = no[r["from_district"]], no[r["to_district"]]
        price[a, b], lag[a, b] = r["fen_pair"], lags.index(r["lag_days"])
        carbon[a, b] = scaled(r["carbon_g_pair"] or 0, 3)
    reach = np.full((len(lags), T), -1, np.int32)
    reach[0] = np.arange(T)
    for code, days in enumerate(lags[1:], start=1):
        for t, period in enumerate(periods):
            reach[code, t] = sum((period.start - p.end).days - 1 >= days for p in periods[:t]) - 1
    return price, lag, carbon, reach


def _line_flow(cluster: Cluster, flows: Sequence[str], lines: Sequence[str]) -> Ints:
    """Return flow per pair of each line in milli units, L x flows: rows that are given always count."""
    no, flow_no = index_of(lines), index_of(flows)
    table = np.zeros((len(lines), len(flows)), np.int64)
    for line, flow, amount in cluster["line_flow"].select("line", "flow", "per_pair").iter_rows():
        if flow in flow_no:
            table[no[line], flow_no[flow]] = scaled(amount, 3)
    return table
