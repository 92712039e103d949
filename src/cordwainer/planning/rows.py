"""Work as rows, and what it uses."""

from __future__ import annotations

import numpy as np
import polars as pl

from cordwainer.cluster import polars_schema
from cordwainer.planning.carbon import carbon_mfen
from cordwainer.planning.problem import Ints, Problem, Rows
from cordwainer.planning.state import State


def work_rows(problem: Problem, state: State) -> Rows:
    """Return the work of a state, row by row: all that is not frozen."""
    o, k, own, t = np.nonzero(state.work)
    cand = state.lot_cand[o, k, own]
    job, line = problem.net.job_ptr[o] + own, problem.net.cand_line[cand].astype(np.int64)
    carbon = carbon_per_pair(problem, job, line)
    return Rows(
        order=o,
        lot=k,
        job=job,
        line=line,
        period=t,
        pairs=state.work[o, k, own, t].astype(np.int64),
        minutes=problem.net.cand_m[cand],
        piece=(problem.net.cand_base[cand] - carbon_mfen(carbon, problem.carbon_price)) // 1000,
        carbon=carbon,
    )


def carbon_per_pair(problem: Problem, job: Ints, line: Ints) -> Ints:
    """Return carbon of a pair of each job on a line in milligrams; 0 where carbon is not priced."""
    if not problem.carbon_price:
        return np.zeros(len(job), np.int64)
    net, flow = problem.net, problem.carbon_flow
    carbon: Ints = net.line_flow[line, flow] + net.sj_flow[net.job_sj[job], flow, net.line_defect[line]]
    return carbon


def loads(problem: Problem, rows: Rows) -> Ints:
    """Return the load of each line and period in 1/1000 minute."""
    load = np.zeros(problem.net.most.shape, np.int64)
    np.add.at(load, (rows.line, rows.period), rows.pairs * rows.minutes)
    return load


def needs(problem: Problem, rows: Rows) -> Ints:
    """Return the need of each material and period in micro units."""
    net = problem.net
    need = np.zeros(net.supply.shape, np.int64)
    sj = net.job_sj[rows.job]
    classes = net.line_defect[rows.line]
    for step in range(int(np.diff(net.sj_need_ptr).max(initial=0))):
        k = net.sj_need_ptr[sj] + step
        has = k < net.sj_need_ptr[sj + 1]
        np.add.at(
            need,
            (net.sj_need_material[k[has]], rows.period[has]),
            rows.pairs[has] * net.sj_need[k[has], classes[has]],
        )
    return need


def limited_use(problem: Problem, rows: Rows) -> tuple[Ints, Ints, Ints]:
    """Return use of caps (G), skills (S x T) and tools (U x T), in the units of their limits."""
    net = problem.net
    sj, d, minutes = net.job_sj[rows.job], net.line_defect[rows.line], rows.pairs * rows.minutes
    cap = np.zeros(len(net.cap_flow), np.int64)
    for g, f in enumerate(net.cap_flow):
        inside = net.cap_line[g, rows.line] & net.cap_period[g, rows.period]
        cap[g] = (rows.pairs * (net.line_flow[rows.line, f] + net.sj_flow[sj, f, d]))[inside].sum()
    skill, tool = np.zeros(net.skill_limit.shape, np.int64), np.zeros(net.tool_limit.shape, np.int64)
    wanted = net.sj_skill[sj]
    row = np.where(wanted >= 0, net.skill_row[net.line_firm[rows.line], np.maximum(wanted, 0)], -1)
    has = row >= 0
    np.add.at(skill, (row[has], rows.period[has]), minutes[has])
    for step in range(int(np.diff(net.job_tool_ptr).max(initial=0))):
        k = net.job_tool_ptr[rows.job] + step
        has = k < net.job_tool_ptr[rows.job + 1]
        np.add.at(tool, (net.job_tool_row[k[has]], rows.period[has]), rows.pairs[has] * net.job_tool_share[k[has]])
    return cap, skill, tool


def frame(table: str, **columns: object) -> pl.DataFrame:
    """Return a table of the dictionary from its columns."""
    return pl.DataFrame(columns, schema=polars_schema(table), strict=False)
