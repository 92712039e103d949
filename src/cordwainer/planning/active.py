"""The candidates that still count: for every job a short list of lines, as flat arrays that the smoothed pricing reads.

Pricing over all lines is exact but slow. While prices settle, a line that no order would use at the present prices stays
out; `shortlist` asks all lines again, so that one may come back.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from cordwainer.planning.problem import Flags, Floats, Ints, Net, Small

YUAN = 1e-5
"""One 1/1000 fen in yuan: smoothed pricing computes in yuan, minutes and whole units."""


class Active(NamedTuple):
    """Entries (one candidate of one job), grouped by district within a job.

    Attributes
    ----------
    begin, end
        The orders that the entries belong to.
    seg_ptr, seg_district, ent_ptr
        Segments of a job (counted from the first job of ``begin``), their district, and their entries.
    cand, line, minutes, cost, skill, waste, mask
        Per entry: candidate, line, minutes a pair, yuan a pair at the ask, skill row (-1: none), need of materials over that
        of the first defect class, period mask.
    cap_ptr, cap, flow
        Caps that an entry counts in, and its flow per pair.
    """

    begin: int
    end: int
    seg_ptr: Ints
    seg_district: Small
    ent_ptr: Ints
    cand: Ints
    line: Small
    minutes: Floats
    cost: Floats
    skill: Small
    waste: Floats
    mask: Small
    cap_ptr: Ints
    cap: Small
    flow: Floats


@nb.njit(cache=True, nogil=True)
def _count(net: Net, begin: int, end: int, keep: Flags, keep_ptr: Ints) -> tuple[int, int, int]:
    """Return segments, entries and cap rows of the candidates to keep."""
    segments, entries, caps = 0, 0, 0
    seen = np.full(net.move_price.shape[0], -1, np.int64)
    for j in range(net.job_ptr[begin], net.job_ptr[end]):
        lo, hi = net.cand_ptr[net.job_list[j]], net.cand_ptr[net.job_list[j] + 1]
        for c in range(lo, hi):
            if keep_ptr.size and not keep[keep_ptr[j] + c - lo]:
                continue
            line = net.cand_line[c]
            entries += 1
            if seen[net.line_district[line]] != j:
                seen[net.line_district[line]] = j
                segments += 1
            for g in range(net.cap_flow.shape[0]):
                caps += net.cap_line[g, line]
    return segments, entries, caps


@nb.njit(cache=True, nogil=True)
def _fill(
    net: Net,
    begin: int,
    end: int,
    keep: Flags,
    keep_ptr: Ints,
    seg_ptr: Ints,
    seg_district: Small,
    ent_ptr: Ints,
    cand: Ints,
    cap_ptr: Ints,
    cap: Small,
    flow: Floats,
) -> None:
    """Fill the arrays of `Active`, districts in order."""
    districts = net.move_price.shape[0]
    s, e, q = 0, 0, 0
    for j in range(net.job_ptr[begin], net.job_ptr[end]):
        seg_ptr[j - net.job_ptr[begin]] = s
        lo, hi = net.cand_ptr[net.job_list[j]], net.cand_ptr[net.job_list[j] + 1]
        for a in range(districts):
            first = e
            for c in range(lo, hi):
                line = net.cand_line[c]
                if net.line_district[line] != a or (keep_ptr.size and not keep[keep_ptr[j] + c - lo]):
                    continue
                cand[e] = c
                cap_ptr[e] = q
                for g in range(net.cap_flow.shape[0]):
                    if net.cap_line[g, line]:
                        f = net.cap_flow[g]
                        cap[q] = g
                        flow[q] = 1e-3 * (net.line_flow[line, f] + net.sj_flow[net.job_sj[j], f, net.line_defect[line]])
                        q += 1
                e += 1
            if e > first:
                seg_district[s], ent_ptr[s] = a, first
                s += 1
    seg_ptr[net.job_ptr[end] - net.job_ptr[begin]] = s
    ent_ptr[s] = e
    cap_ptr[e] = q


def active(net: Net, begin: int, end: int, keep: Flags | None = None, keep_ptr: Ints | None = None) -> Active:
    """Return the entries of orders ``begin`` to ``end`` - 1: all candidates, or those marked in ``keep``.

    ``keep_ptr`` points from a job to its first candidate in ``keep``.
    """
    marks = np.zeros(0, np.bool_) if keep is None else keep
    where = np.zeros(0, np.int64) if keep_ptr is None else keep_ptr
    segments, entries, caps = _count(net, begin, end, marks, where)
    jobs = int(net.job_ptr[end] - net.job_ptr[begin])
    seg_ptr, ent_ptr = np.zeros(jobs + 1, np.int64), np.zeros(segments + 1, np.int64)
    seg_district, cand = np.zeros(segments, np.int32), np.zeros(entries, np.int64)
    cap_ptr, cap, flow = np.zeros(entries + 1, np.int64), np.zeros(caps, np.int32), np.zeros(caps)
    _fill(net, begin, end, marks, where, seg_ptr, seg_district, ent_ptr, cand, cap_ptr, cap, flow)
    line = net.cand_line[cand]
    per_job = np.diff(ent_ptr[seg_ptr])
    skills = np.repeat(net.sj_skill[net.job_sj[net.job_ptr[begin] : net.job_ptr[end]]], per_job)
    rows = net.skill_row[net.line_firm[line], np.maximum(skills, 0)] if net.skill_row.size else skills
    minutes = net.cand_m[cand] * 1e-3
    return Active(
        begin=begin,
        end=end,
        seg_ptr=seg_ptr,
        seg_district=seg_district,
        ent_ptr=ent_ptr,
        cand=cand,
        line=line,
        minutes=minutes,
        cost=(net.cand_base[cand] + minutes * net.ask[line] / 60) * YUAN,
        skill=np.where(skills >= 0, rows, -1).astype(np.int32),
        waste=_waste(net)[net.line_defect[line]],
        mask=net.cand_mask[cand],
        cap_ptr=cap_ptr,
        cap=cap,
        flow=flow,
    )


@nb.njit(cache=True, nogil=True)
def mark_best(net: Net, a: Active, flows: Floats, least: float, most: int, keep: Flags, keep_ptr: Ints) -> None:
    """Mark, for each job, the ``most`` candidates that carry most pairs, each at least a share ``least`` of its order."""
    for o in range(a.begin, a.end):
        for j in range(net.job_ptr[o], net.job_ptr[o + 1]):
            local = j - net.job_ptr[a.begin]
            lo, hi = a.ent_ptr[a.seg_ptr[local]], a.ent_ptr[a.seg_ptr[local + 1]]
            carried = np.zeros(hi - lo)
            for e in range(lo, hi):
                for t in range(flows.shape[1]):
                    carried[e - lo] += flows[e, t]
            rank = np.argsort(-carried)
            for place, i in enumerate(rank):
                at = keep_ptr[j] + a.cand[lo + i] - net.cand_ptr[net.job_list[j]]
                if place < most and carried[i] > least * max(1, net.pairs[o]):
                    keep[at] = True


def _waste(net: Net) -> Floats:
    """Return the need of materials of each defect class over that of the first one."""
    if not net.sj_need.size:
        return np.ones(max(1, net.sj_need.shape[1]))
    largest = int(net.sj_need[:, 0].argmax())
    ratio: Floats = net.sj_need[largest] / max(1, int(net.sj_need[largest, 0]))
    return ratio
