"""The largest need of each material that any plan can have: what a purchase can be used for at most."""

from __future__ import annotations

import numba as nb
import numpy as np

from cordwainer.cluster import product
from cordwainer.planning.limits import PLENTY
from cordwainer.planning.problem import Flags, Ints, Net, Small, numbered


def largest_needs(net: Net, frozen: Ints) -> Ints:
    """Return the largest possible need of each material by frozen lots and pairs that may be placed, M, milli units.

    Every job is on the line that needs most of those that may do it within the order's window. ``frozen`` is what frozen lots
    need, M x T, micro units.
    """
    order = np.repeat(np.arange(len(net.pairs)), np.diff(net.job_ptr))
    case, at = numbered(net.job_list, net.first[order], net.last[order] + 1)
    classes = _classes(net, net.job_list[at], net.first[order[at]], net.last[order[at]])
    count = np.diff(net.sj_need_ptr)[net.job_sj]
    job = np.repeat(np.arange(len(count)), count)
    k = np.arange(len(job)) - np.repeat(np.cumsum(count) - count, count) + net.sj_need_ptr[net.job_sj[job]]
    each = np.zeros(len(job), np.int64)
    for d in range(classes.shape[1]):
        each = np.maximum(each, np.where(classes[case[job], d], net.sj_need[k, d], 0))
    need = product(each, net.pairs[order[job]], terms=len(job))
    total = np.zeros(len(frozen), need.dtype)
    np.add.at(total, net.sj_need_material[k], need)
    milli = -(-(total.astype(object) + frozen.sum(axis=1)) // 1000)
    largest: Ints = np.minimum(milli, PLENTY).astype(np.int64)
    return largest


def _classes(net: Net, listed: Small, first: Small, last: Small) -> Flags:
    """Return the defect classes of the lines of lists that are open in some period of a window, one row each."""
    periods = np.arange(net.masks.shape[1])
    within = (periods >= first[:, None]) & (periods <= last[:, None])
    open_ = within.astype(np.int32) @ net.masks.T.astype(np.int32) > 0
    found = np.zeros((len(listed), net.sj_need.shape[1]), np.bool_)
    _mark(listed, open_, net.cand_ptr, net.cand_mask, net.cand_line, net.line_defect, found)
    return found


@nb.njit(cache=True, nogil=True)
def _mark(listed: Small, open_: Flags, ptr: Ints, mask: Small, line: Small, defect: Small, found: Flags) -> None:
    for i in range(len(listed)):
        for c in range(ptr[listed[i]], ptr[listed[i] + 1]):
            if open_[i, mask[c]]:
                found[i, defect[line[c]]] = True
