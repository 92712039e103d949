"""The compiled part of a quote: lots of one order filled along the best priced paths in the room that is left."""

from __future__ import annotations

import numba as nb
import numpy as np

from cordwainer.planning import FAR, Net, Prices, Room, Scratch, State, best_path, fill_rest, give_back
from cordwainer.quoting.lines import Flags, Ints


@nb.njit(cache=True, nogil=True)
def empty(net: Net, st: State) -> None:
    """Give back the room of all lots, and forget them."""
    for k in range(st.lots[0]):
        give_back(net, st, 0, k)
        st.lot_pairs[0, k] = 0
    st.lots[0] = 0
    st.overtime[0] = 0


@nb.njit(cache=True, nogil=True)
def fill(net: Net, prices: Prices, s: Scratch, st: State, pairs: int, slack: int) -> int:
    """Fill lots with ``pairs``; return those that are left over. The lots hold their room until `empty`.

    With ``slack`` > 0 paths that cost more than the cheapest one by so many thousandths are left alone at first, so that another
    line is begun before this one goes into overtime; what is left then goes wherever it fits.
    """
    left = pairs
    whatever = net.theta[0]
    if slack > 0:
        s.banned[:] = False
        s.firm_ok[:] = True
        cheapest = best_path(net, prices, s, 0, st.room, 1, 1)
        if cheapest < FAR:
            net.theta[0] = -(cheapest + cheapest * slack // 1000)
            left = fill_rest(net, prices, s, st, 0, 0, left)
            net.theta[0] = whatever
    if left > 0:
        left = fill_rest(net, prices, s, st, 0, 0, left)
    if left > 0 and slack > 0:
        empty(net, st)
        left = fill_rest(net, prices, s, st, 0, 0, pairs)
    return left


@nb.njit(cache=True, nogil=True)
def room_left(net: Net, prices: Prices, room: Room, whole: Ints, rate: Ints) -> None:
    """Fill, for each candidate, the minutes that its line has left over the window (1/1000) and the least price of an hour in it.

    Periods that are closed or have no room for a pair do not count; where none is left the price is FAR.
    """
    for c in range(len(net.cand_line)):
        line, m, mask = net.cand_line[c], net.cand_m[c], net.cand_mask[c]
        left, least, surcharge = np.int64(0), FAR, net.surcharge[line]
        for t in range(net.first[0], net.last[0] + 1):
            minutes = room.line[line, t]
            if minutes >= m and net.masks[mask, t]:
                left += minutes
                price = 60 * prices.line[line, t]
                if price < surcharge and room.regular[line, t] < m:
                    price = surcharge
                if price < least:
                    least = price
        whole[c], rate[c] = left, least


@nb.njit(cache=True, nogil=True)
def shortlist(net: Net, whole: Ints, rate: Ints, share: int, most: int, each: int, keep: Flags) -> None:
    """Mark the candidates of each stage that are worth a look: the ``most`` cheapest, and the ``each`` cheapest of every district.

    A candidate counts with its cheapest open period that has room for a pair; it needs room for ``share`` pairs over the window
    (``whole`` and ``rate``: see `room_left`).
    """
    D = net.move_price.shape[0]
    worst = max(most, each)
    scores, found = np.zeros((D + 1, worst), np.int64), np.zeros((D + 1, worst), np.int64)  # by district, and of all
    for j in range(net.job_ptr[1]):
        scores[:] = FAR
        for c in range(net.cand_ptr[net.job_list[j]], net.cand_ptr[net.job_list[j] + 1]):
            line, m = net.cand_line[c], net.cand_m[c]
            if whole[c] > 0 and whole[c] >= m * max(share, net.line_smallest[line]):
                score = net.cand_base[c] + m * (net.ask[line] + rate[c]) // 60_000
                _rank(scores[D], found[D], most, score, c)
                district = net.line_district[line]
                _rank(scores[district], found[district], each, score, c)
        for d in range(D + 1):
            for i in range(most if d == D else each):
                if scores[d, i] < FAR:
                    keep[found[d, i]] = True


@nb.njit(cache=True, nogil=True)
def _rank(scores: Ints, found: Ints, count: int, score: int, c: int) -> None:
    """Put a candidate in its place among the ``count`` with the lowest scores, if it is one of them; of equals the first stays."""
    if count <= 0 or score >= scores[count - 1]:
        return
    i = count - 1
    while i > 0 and scores[i - 1] > score:
        scores[i], found[i] = scores[i - 1], found[i - 1]
        i -= 1
    scores[i], found[i] = score, c


@nb.njit(cache=True, nogil=True)
def stage_pairs(net: Net, room: Room, found: Ints) -> None:
    """Fill ``found`` (stage x T) with the pairs for which lines have room up to and with each period, each stage by itself.

    Whole pairs by line and period; periods outside the window add nothing.
    """
    for j in range(net.job_ptr[1]):
        have = np.int64(0)
        for t in range(net.most.shape[1]):
            if net.first[0] <= t <= net.last[0]:
                for c in range(net.cand_ptr[net.job_list[j]], net.cand_ptr[net.job_list[j] + 1]):
                    if net.masks[net.cand_mask[c], t]:
                        have += max(0, room.line[net.cand_line[c], t]) // net.cand_m[c]
            found[j, t] = have


@nb.njit(cache=True, nogil=True)
def first_last(net: Net, room: Room, pairs: int) -> int:
    """Return the last period before which lines, materials or tools could not do for ``pairs``; T where they never can."""
    T, latest = net.most.shape[1], net.first[0]
    for j in range(net.job_ptr[1]):
        have, t = np.int64(0), net.first[0] - 1
        while have < pairs and t < net.last[0]:
            t += 1
            for c in range(net.cand_ptr[net.job_list[j]], net.cand_ptr[net.job_list[j] + 1]):
                if net.masks[net.cand_mask[c], t]:
                    have += max(0, room.line[net.cand_line[c], t]) // net.cand_m[c]
        if have < pairs:
            return T
        latest = max(latest, t)
        for k in range(net.sj_need_ptr[j], net.sj_need_ptr[j + 1]):
            m, need = net.sj_need_material[k], net.sj_need[k].min() * pairs
            t = T
            while t > 0 and room.material[m, t - 1] >= need:
                t -= 1
            latest = max(latest, t)
        for k in range(net.job_tool_ptr[j], net.job_tool_ptr[j + 1]):
            left, t = net.job_tool_share[k] * pairs, net.first[0] - 1
            while left > 0 and t < net.last[0]:
                t += 1
                left -= max(0, room.tool[net.job_tool_row[k], t])
            if left > 0:
                return T
            latest = max(latest, t)
    return latest


@nb.njit(cache=True, nogil=True)
def fill_early(net: Net, prices: Prices, s: Scratch, st: State, pairs: int, latest: int) -> int:
    """Fill all pairs by the earliest period before ``latest`` by which that is possible; return it, else -1.

    The first period that is not ruled out is tried, then the rest is halved until one period is left: should an earlier
    period do although a later one did not, it may be missed. ``net.last`` stays there. On success the lots hold their room.
    """
    low, high, best = first_last(net, st.room, pairs), latest - 1, -1
    middle = low
    while low <= high:
        net.last[0] = middle
        if fill(net, prices, s, st, pairs, 0) == 0:
            best, high = middle, middle - 1
            if low > high:
                return best
        else:
            low = middle + 1
        empty(net, st)
        middle = (low + high) // 2
    if best >= 0:
        net.last[0] = best
        fill(net, prices, s, st, pairs, 0)
    return best


@nb.njit(cache=True, nogil=True)
def bracket_cost(q: int, start: Ints, price: Ints, whole: bool) -> int:
    """Return what a quantity (milli units) costs, milli x 1/1000 fen a unit; ``whole``: its bracket prices all of it."""
    total = np.int64(0)
    for b in range(len(start)):
        if whole:
            if q >= start[b]:
                total = q * price[b]
        else:
            end = start[b + 1] if b + 1 < len(start) else q
            total += max(0, min(q, end) - start[b]) * price[b]
    return total


@nb.njit(cache=True, nogil=True)
def allowed_above(q: int, least: int, step: int, most: int) -> int:
    """Return the least allowed quantity of at least ``q``, or the most there is."""
    low = least if least > 0 else step
    found = low if q <= low else low + -((low - q) // step) * step
    return min(found, most)


@nb.njit(cache=True, nogil=True)
def buy_more(
    rows: Ints,
    usable: Ints,
    least: Ints,
    step: Ints,
    most: Ints,
    ptr: Ints,
    start: Ints,
    price: Ints,
    whole: Ints,
    had: Ints,
    short: Ints,
    more: Ints,
) -> bool:
    """Fill ``more`` (as ``rows``) with what must be bought on top of ``had`` so that ``short`` is covered; return whether it is.

    ``short`` (T, milli) is what lacks up to and with each period. The next lack is met by the purchase that costs least per
    unit that is still of use; quantities that only reach the next bracket are tried too.
    """
    T = len(short)
    for t in range(T):
        while True:
            got, later = np.int64(0), np.int64(0)
            for i in range(len(rows)):
                if usable[rows[i]] <= t:
                    got += more[i]
            for u in range(t, T):
                have = np.int64(0)
                for i in range(len(rows)):
                    if usable[rows[i]] <= u:
                        have += more[i]
                later = max(later, short[u] - have)
            lack = short[t] - got
            if lack <= 0:
                break
            best, which, much = np.inf, -1, np.int64(0)
            for i in range(len(rows)):
                r = rows[i]
                now = had[r] + more[i]
                if usable[r] > t or now >= most[r]:
                    continue
                s, p, w = start[ptr[r] : ptr[r + 1]], price[ptr[r] : ptr[r + 1]], whole[r] > 0
                paid = bracket_cost(now, s, p, w)
                for option in range(2 + len(s)):
                    want = later if option == 0 else lack if option == 1 else s[option - 2] - now
                    if want <= 0:
                        continue
                    to = allowed_above(now + want, least[r], step[r], most[r])
                    if to <= now:
                        continue
                    each = (bracket_cost(to, s, p, w) - paid) / min(to - now, later)
                    if each < best:
                        best, which, much = each, i, to - now
            if which < 0:
                return False
            more[which] += much
    return True


@nb.njit(cache=True, nogil=True)
def need_of(net: Net, stage: Ints, line: Ints, period: Ints, pairs: Ints, material_of: Ints, need: Ints) -> None:
    """Add what rows of work need to ``need`` (material of the request x T, micro units)."""
    for i in range(len(stage)):
        d = net.line_defect[line[i]]
        for k in range(net.sj_need_ptr[stage[i]], net.sj_need_ptr[stage[i] + 1]):
            need[material_of[k], period[i]] += pairs[i] * net.sj_need[k, d]


@nb.njit(cache=True, nogil=True)
def overtime_fen(line: Ints, period: Ints, minutes: Ints, regular: Ints, load: Ints, surcharge: Ints) -> int:
    """Return what overtime costs more with rows of work (minutes in 1/1000) than without them, in fen.

    Rounded up by line and period, as the referee counts it; several rows of one line and period count together.
    """
    total = np.int64(0)
    for i in range(len(line)):
        added, first = np.int64(0), True
        for k in range(len(line)):
            if line[k] == line[i] and period[k] == period[i]:
                first = first and k >= i
                added += minutes[k]
        if first:
            spare = regular[line[i], period[i]] - load[line[i], period[i]]
            for sign, over in ((1, added - spare), (-1, -spare)):
                total += sign * -(-(max(0, over) * surcharge[line[i]]) // 60_000_000)
    return total


@nb.njit(cache=True, nogil=True)
def caps_of(net: Net, stage: Ints, line: Ints, period: Ints, pairs: Ints, used: Ints) -> None:
    """Add what rows of work take of each cap to ``used`` (caps,), in milli units."""
    for i in range(len(line)):
        for g in range(len(used)):
            if net.cap_line[g, line[i]] and net.cap_period[g, period[i]]:
                f = net.cap_flow[g]
                used[g] += pairs[i] * (net.line_flow[line[i], f] + net.sj_flow[stage[i], f, net.line_defect[line[i]]])
