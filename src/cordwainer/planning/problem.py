"""The cluster and a horizon as arrays: what the engine computes on.

Indices: orders O, jobs J (one stage of one order, earlier stages first), candidates C (one line for one job list),
lines L, periods T, materials M, caps G, skill rows S, tool rows U, outside makers K, defect classes D, districts, firms.
Units as in docs/concepts/plan-model.md: minutes in 1/1000, values per pair in 1/1000 fen, needs in 1/1,000,000 unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from cordwainer.cluster import Cluster, LineFacts
from cordwainer.core import Period

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


class Net(NamedTuple):
    """All arrays that compiled code reads. Pointers have one entry more than what they point from.

    Attributes
    ----------
    regular, most
        Minutes free of frozen work (R' and K'), L x T.
    line_firm, line_district, line_site_fd, line_smallest, line_defect
        Per line: firm, district, (firm, district) pair, smallest lot in pairs, defect class.
    ask, surcharge
        1/1000 fen per worker-hour, L.
    fd_firm, fd_district, firm_fd_ptr, firm_fd
        Pairs of firm and district; those of a firm.
    move_price, move_lag, move_carbon
        District x district: fen per pair (-1: not allowed), period shift code (row of ``reach``), 1/1000 fen of carbon.
    reach
        Lag code x T: last period from which pairs have arrived at the start of t (or within it for code 0), -1 if none.
    pairs, price, first, last, theta, smallest, most_makers
        Per order: pairs to plan, net price in fen, window (empty where no pairs are left to plan), value per pair if not
        made, smallest lot, makers (0: any).
    late
        Order x T: 1/1000 fen of lateness per pair delivered in t.
    job_ptr, job_next, job_list, job_sj
        Jobs of an order; next job within the order (-1: last stage), candidate list, style-stage.
    cand_ptr, cand_line, cand_m, cand_base, cand_carbon, cand_mask
        Candidates of a list: line, minutes per pair, 1/1000 fen per pair (labour at the ask, piece price, carbon), ...
    masks
        Period masks x T.
    sj_need_ptr, sj_need_material, sj_need
        Needs of a style-stage: material, and micro units by defect class.
    sj_skill, skill_row, skill_limit
        Skill of a style-stage (-1), row of firm x skill (-1), limit by row x T.
    job_tool_ptr, job_tool_row, job_tool_share, tool_limit
        Tool rows of a job with their share per pair in millionths; limit in pairs x millionths by row x T.
    supply
        Material x T: most that can be at hand by t, in micro units, less frozen needs.
    cap_flow, cap_amount, cap_line, cap_period, line_flow, sj_flow
        Caps: flow, amount (milli units), lines and periods in force; flow of lines and of style-stages by defect class.
    out_ptr, out_maker, out_value, out_first, out_limit
        Outside makers of an order: index, value in 1/1000 fen, first period; limit by maker x T.
    """

    regular: Ints
    most: Ints
    line_firm: Small
    line_district: Small
    line_fd: Small
    line_smallest: Ints
    line_defect: Small
    ask: Ints
    surcharge: Ints
    fd_district: Small
    firm_fd_ptr: Small
    firm_fd: Small
    move_price: Ints
    move_lag: Small
    move_carbon: Ints
    reach: Small
    pairs: Ints
    price: Ints
    first: Small
    last: Small
    theta: Ints
    smallest: Ints
    most_makers: Small
    late: Ints
    job_ptr: Small
    job_next: Small
    job_list: Small
    job_sj: Small
    cand_ptr: Ints
    cand_line: Small
    cand_m: Ints
    cand_base: Ints
    cand_mask: Small
    masks: Flags
    sj_need_ptr: Small
    sj_need_material: Small
    sj_need: Ints
    sj_skill: Small
    skill_row: Small
    skill_limit: Ints
    job_tool_ptr: Small
    job_tool_row: Small
    job_tool_share: Ints
    tool_limit: Ints
    supply: Ints
    cap_flow: Small
    cap_amount: Ints
    cap_line: Flags
    cap_period: Flags
    line_flow: Ints
    sj_flow: Ints
    out_ptr: Small
    out_maker: Small
    out_value: Ints
    out_first: Small
    out_limit: Ints


@dataclass(frozen=True)
class Rows:
    """Work as arrays of equal length: order, number of the lot (within its order, or among the frozen ones), job, line, period.

    ``pairs`` of the row; of each pair ``minutes`` (1/1000), ``piece`` price (fen) and ``carbon`` (milligrams).
    """

    order: Ints
    lot: Ints
    job: Ints
    line: Ints
    period: Ints
    pairs: Ints
    minutes: Ints
    piece: Ints
    carbon: Ints


@dataclass(frozen=True)
class Frozen:
    """Promised lots that stand in every plan, and what they use and earn (plan model, rule 12).

    ``lots`` have columns lot, order, pairs; ``lines`` lot, stage, line; ``work`` lot, stage, period, pairs: all of it that lies
    in the plan, which ``rows`` are as arrays. ``taken`` are ids that no other lot may have. ``pairs`` by order;
    ``earned`` fen by order. Use in the units and shapes of `Net`: ``load`` L x T, ``need`` M x T, ``skill`` S x T, ``tool``
    U x T, ``cap`` G. ``overtime_fen`` is what their overtime costs, rounded down by line and period.
    """

    lots: pl.DataFrame
    lines: pl.DataFrame
    work: pl.DataFrame
    taken: frozenset[str]
    rows: Rows
    pairs: Ints
    earned: Ints
    load: Ints
    need: Ints
    skill: Ints
    tool: Ints
    cap: Ints
    overtime_fen: int

    @property
    def constants(self) -> int:
        """Money of the frozen lots in fen, which every plan and every bound holds."""
        return int(self.earned.sum()) - self.overtime_fen


@dataclass(frozen=True)
class Problem:
    """A cluster over the periods of a plan, ready to be computed on; what frozen lots use is taken off ``net``.

    ``stages`` names the stage of each job, ``centi`` are its standard minutes x 100. ``carbon_price`` is in fen per tonne
    (0: not priced), ``carbon_flow`` the number of carbon among the flows, ``broken_fen`` the penalty of a pair.
    """

    cluster: Cluster
    periods: tuple[Period, ...]
    facts: LineFacts
    net: Net
    orders: tuple[str, ...]
    stages: tuple[str, ...]
    centi: Ints
    firms: tuple[str, ...]
    districts: tuple[str, ...]
    materials: tuple[str, ...]
    caps: tuple[str, ...]
    skills: tuple[tuple[str, str], ...]
    tools: tuple[str, ...]
    makers: tuple[str, ...]
    late_days: Small
    late_fen_week: Ints
    committed: Flags
    buyer_inside: Flags
    carbon_price: Fraction
    carbon_flow: int
    broken_fen: Fraction
    move_carbon_milli: Ints
    most_lots: int
    assumed_styles: tuple[str, ...]
    frozen: Frozen


def index_of(values: Sequence[str]) -> dict[str, int]:
    """Return the position of each value."""
    return {v: i for i, v in enumerate(values)}


def numbered(*columns: Ints | Small | Flags) -> tuple[Ints, Ints]:
    """Return the number of each row and the first row of each number: distinct rows, numbered as they first appear.

    Columns are whole numbers >= 0.
    """
    code = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        code = np.unique(code, return_inverse=True)[1] * (int(column.max(initial=0)) + 1) + column
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse], np.sort(first)
