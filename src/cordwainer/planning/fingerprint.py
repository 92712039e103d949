"""What the best value of an order's pair depends on, as one number, but for the weeks in which lines are open.

Where neither has changed, the value has not either. Everything else that exact pricing reads of an order goes into its number: price, window, lateness, its lines with minutes, cost, dates
and shadow prices, needs with theirs, ways between districts, outside makers. Numbers are of 64 bits, mixed as by SplitMix64 (Steele,
Lea and Flood 2014): that two of millions agree by chance has odds below one in a million, and the referee prices every order itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numba as nb
import numpy as np
import numpy.typing as npt

from cordwainer.planning.compiled import inner
from cordwainer.planning.pricing import Prices
from cordwainer.planning.problem import Net

_ROOM = ("regular", "most", "supply", "cap_amount", "skill_limit", "tool_limit", "out_limit")
Marks = npt.NDArray[np.uint64]


@inner
def mix(h: np.uint64, x: np.uint64) -> np.uint64:
    """Return the number ``h`` with ``x`` mixed in."""
    z = (h ^ x) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@nb.njit(cache=True, nogil=True)
def _rows(values: npt.NDArray[np.int64]) -> Marks:
    """Return one number for each row."""
    found = np.zeros(len(values), np.uint64)
    for i in range(len(values)):
        h = np.uint64(len(values[i]) + 1)
        for x in values[i]:
            h = mix(h, np.uint64(x))
        found[i] = h
    return found


@nb.njit(cache=True, nogil=True)
def _lines(net: Net, prices: Prices, firms: Marks, districts: Marks) -> Marks:
    """Return one number for each line: all that pricing reads of it but its open periods."""
    priced, waste = _rows(prices.line), net.line_defect
    found = np.zeros(len(net.ask), np.uint64)
    for line in range(len(net.ask)):
        firm = net.line_firm[line]
        h = mix(firms[firm], districts[net.line_district[line]])
        h = mix(h, np.uint64(net.ask[line]))
        h = mix(h, priced[line])
        h = mix(h, np.uint64(waste[line]))
        for g in range(net.cap_flow.shape[0]):
            if net.cap_line[g, line]:
                h = mix(h, np.uint64(g + 1))
                h = mix(h, np.uint64(net.line_flow[line, net.cap_flow[g]]))
        for skill in range(net.skill_row.shape[1]):
            row = net.skill_row[firm, skill]
            if row >= 0:
                for t in range(prices.skill.shape[1]):
                    h = mix(h, np.uint64(prices.skill[row, t] + (skill << 50)))
        found[line] = h
    return found


@nb.njit(cache=True, nogil=True)
def _orders(net: Net, all_: np.uint64, lines: Marks, stock: Marks, outside: Marks, tools: Marks) -> Marks:
    """Return one number for each order."""
    masks = _rows(net.masks.astype(np.int64))
    lists = np.zeros(len(net.cand_ptr) - 1, np.uint64)
    for i in range(len(lists)):
        h = np.uint64(7)
        for c in range(net.cand_ptr[i], net.cand_ptr[i + 1]):
            h = mix(h, lines[net.cand_line[c]])
            h = mix(h, np.uint64(net.cand_m[c]))
            h = mix(mix(h, np.uint64(net.cand_base[c])), masks[net.cand_mask[c]])
        lists[i] = h
    steps = np.zeros(len(net.sj_skill), np.uint64)
    for sj in range(len(steps)):
        h = mix(np.uint64(3), np.uint64(net.sj_skill[sj] + 1))
        for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
            h = mix(h, stock[net.sj_need_material[k]])
            for need in net.sj_need[k]:
                h = mix(h, np.uint64(need))
        for g in range(net.cap_flow.shape[0]):
            for flow in net.sj_flow[sj, net.cap_flow[g]]:
                h = mix(h, np.uint64(flow))
        steps[sj] = h
    found = np.zeros(len(net.pairs), np.uint64)
    for o in range(len(found)):
        h = mix(all_, np.uint64(net.price[o]))
        h = mix(h, np.uint64(net.theta[o]))
        h = mix(mix(h, np.uint64(net.first[o])), np.uint64(net.last[o] + 1))
        for t in range(net.late.shape[1]):
            h = mix(h, np.uint64(net.late[o, t]))
        for j in range(net.job_ptr[o], net.job_ptr[o + 1]):
            h = mix(mix(h, lists[net.job_list[j]]), steps[net.job_sj[j]])
            h = mix(h, np.uint64(net.job_next[j] + 1))
            for k in range(net.job_tool_ptr[j], net.job_tool_ptr[j + 1]):
                h = mix(mix(h, tools[net.job_tool_row[k]]), np.uint64(net.job_tool_share[k]))
        for k in range(net.out_ptr[o], net.out_ptr[o + 1]):
            h = mix(mix(h, outside[net.out_maker[k]]), np.uint64(net.out_value[k]))
            h = mix(h, np.uint64(net.out_first[k]))
        found[o] = h
    return found


def _named(ids: Sequence[str]) -> Marks:
    """Return one number for each id."""
    digests = [hashlib.blake2b(i.encode(), digest_size=8).digest() for i in ids]
    return np.frombuffer(b"".join(digests) or b"", np.uint64).copy()


def _whole(*arrays: npt.NDArray[Any]) -> np.uint64:
    """Return one number for arrays as they are."""
    digest = hashlib.blake2b(digest_size=8)
    for a in arrays:
        digest.update(str((a.shape, a.dtype)).encode())
        digest.update(np.ascontiguousarray(a).tobytes())
    return np.frombuffer(digest.digest(), np.uint64)[0]


def without_room(net: Net) -> Net:
    """Return a net without all that says how much room there is: what is worked out of it stays true while only room changes."""
    return net._replace(**{name: np.zeros((0,) * getattr(net, name).ndim, np.int64) for name in _ROOM})


def fingerprints(firms: Sequence[str], districts: Sequence[str], net: Net, prices: Prices) -> Marks:
    """Return one number for each order, O; of the net nothing is read that `without_room` empties.

    Two orders with the same number have the same best value of a pair at the prices while the same lines are open in the same periods.
    """
    caps = _whole(net.cap_flow, prices.cap, net.cap_period)
    ways = _whole(net.move_price, net.move_lag, net.move_carbon, net.reach, np.unique(net.line_defect))
    lines = _lines(net, prices, _named(firms), _named(districts))
    return _orders(net, caps ^ ways, lines, _rows(prices.material), _rows(prices.outside), _rows(prices.tool))
