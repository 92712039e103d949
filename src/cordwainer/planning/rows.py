"""The work of a finished search as rows, and what they add up to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cordwainer.cluster import polars_schema
from cordwainer.planning.problem import Ints, Problem
from cordwainer.planning.state import State


@dataclass(frozen=True)
class Rows:
    """Work of all lots as arrays of equal length: order, lot number within it, job, candidate, period, pairs."""

    order: Ints
    lot: Ints
    job: Ints
    cand: Ints
    period: Ints
    pairs: Ints


def work_rows(problem: Problem, state: State) -> Rows:
    """Return the work of a state, row by row."""
    o, k, own, t = np.nonzero(state.work)
    return Rows(
        order=o,
        lot=k,
        job=problem.net.job_ptr[o] + own,
        cand=state.lot_cand[o, k, own],
        period=t,
        pairs=state.work[o, k, own, t].astype(np.int64),
    )


def loads(problem: Problem, rows: Rows) -> Ints:
    """Return the load of each line and period in 1/1000 minute."""
    load = np.zeros(problem.net.most.shape, np.int64)
    np.add.at(load, (problem.net.cand_line[rows.cand], rows.period), rows.pairs * problem.net.cand_m[rows.cand])
    return load


def needs(problem: Problem, rows: Rows) -> Ints:
    """Return the need of each material and period in micro units."""
    net = problem.net
    need = np.zeros(net.supply.shape, np.int64)
    sj = net.job_sj[rows.job]
    classes = net.line_defect[net.cand_line[rows.cand]]
    for step in range(int(np.diff(net.sj_need_ptr).max(initial=0))):
        k = net.sj_need_ptr[sj] + step
        has = k < net.sj_need_ptr[sj + 1]
        np.add.at(
            need,
            (net.sj_need_material[k[has]], rows.period[has]),
            rows.pairs[has] * net.sj_need[k[has], classes[has]],
        )
    return need


def frame(table: str, **columns: object) -> pl.DataFrame:
    """Return a table of the dictionary from its columns."""
    return pl.DataFrame(columns, schema=polars_schema(table), strict=False)
