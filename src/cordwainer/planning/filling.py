"""Place one order: fill lots along the best priced paths until all its pairs are placed, or none."""

from __future__ import annotations

import numba as nb
import numpy as np

from cordwainer.planning.compiled import inner, within
from cordwainer.planning.pricing import FAR, Prices, Room, Scratch, best_path, flow_of
from cordwainer.planning.problem import Ints, Net
from cordwainer.planning.routes import route_path
from cordwainer.planning.state import State, move_cost, settle, use


@inner
def hold(net: Net, st: State, o: int, k: int, sign: int) -> None:
    """Take (1) or give back (-1) the room of a lot without touching the lot."""
    j0 = net.job_ptr[o]
    for own in range(net.job_ptr[o + 1] - j0):
        for t in range(st.work.shape[3]):
            n = st.work[o, k, own, t]
            if n:
                use(net, st, o, j0 + own, st.lot_cand[o, k, own], t, sign * n)


@within
def skill_row_of(net: Net, j: int, c: int) -> int:
    """Return the row of the skill that a job takes on a candidate, -1 if none."""
    skill = net.sj_skill[net.job_sj[j]]
    return np.int64(net.skill_row[net.line_firm[net.cand_line[c]], skill]) if skill >= 0 else np.int64(-1)


@inner
def most_on(net: Net, room: Room, j: int, c: int, t: int, want: int) -> int:
    """Return how many of ``want`` pairs of a job fit on a candidate in a period beside all that is there."""
    sj, line, m = net.job_sj[j], net.cand_line[c], net.cand_m[c]
    d = net.line_defect[line]
    most = min(want, room.line[line, t] // m)
    row = skill_row_of(net, j, c)
    if row >= 0:
        most = min(most, room.skill[row, t] // m)
    for g in range(net.cap_flow.shape[0]):
        if net.cap_line[g, line] and net.cap_period[g, t]:
            flow = flow_of(net, line, sj, g)
            if flow > 0:
                most = min(most, room.cap[g] // flow)
    for k in range(net.job_tool_ptr[j], net.job_tool_ptr[j + 1]):
        if net.job_tool_share[k] > 0:
            most = min(most, room.tool[net.job_tool_row[k], t] // net.job_tool_share[k])
    for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
        if net.sj_need[k, d] > 0:
            most = min(most, to_spare(room, net.sj_need_material[k], t) // net.sj_need[k, d])
    return max(most, 0)


@within
def to_spare(room: Room, material: int, t: int) -> int:
    """Return what of a material can be taken in a period and still be there for all that is planned later."""
    least = FAR
    for u in range(t, room.material.shape[1]):
        least = min(least, room.material[material, u])
    return least


@inner
def most_that_fit(net: Net, st: State, o: int, s: Scratch, limit: int) -> int:
    """Return how many pairs, at most ``limit``, fit along the path in the scratch; 0 or less where none does.

    Stages share materials, caps and now and then a skill or tool, so these are divided by what all of them take together.
    """
    jobs = net.job_ptr[o + 1] - net.job_ptr[o]
    for own in range(jobs):
        line, t, m = net.cand_line[s.path_cand[own]], s.path_period[own], net.cand_m[s.path_cand[own]]
        regular = st.room.regular[line, t]
        if regular >= m and net.surcharge[line] > 0:
            limit = min(limit, regular // m)
        limit = min(limit, st.room.line[line, t] // m)
        if limit <= 0:
            return limit
        limit = people_and_tools(net, st.room, o, s, own, limit)
        limit = goods(net, st.room, o, s, own, limit)
    for g in range(net.cap_flow.shape[0]):
        flow = np.int64(0)
        for own in range(jobs):
            line = net.cand_line[s.path_cand[own]]
            if net.cap_line[g, line] and net.cap_period[g, s.path_period[own]]:
                flow += flow_of(net, line, net.job_sj[net.job_ptr[o] + own], g)
        if flow > 0:
            limit = min(limit, st.room.cap[g] // flow)
    return limit


@inner
def people_and_tools(net: Net, room: Room, o: int, s: Scratch, own: int, limit: int) -> int:
    """Return the pairs, at most ``limit``, for which skill and tools of a step of the path last, together with its other steps."""
    j0, j1, t = net.job_ptr[o], net.job_ptr[o + 1], s.path_period[own]
    row = skill_row_of(net, j0 + own, s.path_cand[own])
    if row >= 0:
        minutes = np.int64(0)
        for i in range(j1 - j0):
            if s.path_period[i] == t and skill_row_of(net, j0 + i, s.path_cand[i]) == row:
                minutes += net.cand_m[s.path_cand[i]]
        limit = min(limit, room.skill[row, t] // minutes)
    for k in range(net.job_tool_ptr[j0 + own], net.job_tool_ptr[j0 + own + 1]):
        share = np.int64(0)
        for i in range(j1 - j0):
            if s.path_period[i] == t:
                for h in range(net.job_tool_ptr[j0 + i], net.job_tool_ptr[j0 + i + 1]):
                    share += net.job_tool_share[h] * (net.job_tool_row[h] == net.job_tool_row[k])
        if share > 0:
            limit = min(limit, room.tool[net.job_tool_row[k], t] // share)
    return limit


@inner
def goods(net: Net, room: Room, o: int, s: Scratch, own: int, limit: int) -> int:
    """Return the pairs, at most ``limit``, for which the materials of a step of the path last, together with all steps up to then."""
    j0, j1, t = net.job_ptr[o], net.job_ptr[o + 1], s.path_period[own]
    sj = net.job_sj[j0 + own]
    for k in range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1]):
        material, need = net.sj_need_material[k], np.int64(0)
        for i in range(j1 - j0):
            if s.path_period[i] <= t:
                other, d = net.job_sj[j0 + i], net.line_defect[net.cand_line[s.path_cand[i]]]
                for h in range(net.sj_need_ptr[other], net.sj_need_ptr[other + 1]):
                    need += net.sj_need[h, d] * (net.sj_need_material[h] == material)
        if need > 0:
            limit = min(limit, to_spare(room, material, t) // need)
    return limit


@inner
def fill_lot(net: Net, prices: Prices, s: Scratch, st: State, o: int, k: int, want: int) -> int:
    """Fill lot ``k`` on the lines of the path in the scratch with up to ``want`` pairs; return how many were placed."""
    j0, j1 = net.job_ptr[o], net.job_ptr[o + 1]
    for own in range(j1 - j0):
        st.lot_cand[o, k, own] = s.path_cand[own]
    worth = 1000 * net.price[o] - move_cost(net, o, st.lot_cand[o, k])
    placed = 0
    while placed < want:
        cost = route_path(net, prices, s, o, st.room, st.lot_cand[o, k])
        if cost >= FAR or worth - cost < net.theta[o]:
            break
        pairs = most_that_fit(net, st, o, s, want - placed)
        if pairs <= 0:
            break
        for own in range(j1 - j0):
            use(net, st, o, j0 + own, s.path_cand[own], s.path_period[own], pairs)
            st.work[o, k, own, s.path_period[own]] += pairs
        placed += pairs
    return placed


@inner
def give_back(net: Net, st: State, o: int, k: int) -> None:
    """Take back the room of lot ``k`` that is being filled."""
    hold(net, st, o, k, -1)
    st.work[o, k, :, :] = 0


@inner
def smallest_of(net: Net, o: int, cands: Ints, jobs: int) -> int:
    """Return the smallest lot that order and lines accept."""
    least = net.smallest[o]
    for own in range(jobs):
        least = max(least, net.line_smallest[net.cand_line[cands[own]]])
    return least


@inner
def tightest(net: Net, st: State, o: int, k: int, jobs: int) -> int:
    """Return the line of lot ``k`` that has room for the fewest pairs over the order's window."""
    worst, least = -1, FAR
    for own in range(jobs):
        c = st.lot_cand[o, k, own]
        line = net.cand_line[c]
        room = np.int64(0)
        for t in range(net.first[o], net.last[o] + 1):
            room += st.room.line[line, t]
        if room // net.cand_m[c] < least:
            worst, least = line, room // net.cand_m[c]
    return worst


@inner
def merged(st: State, o: int, k: int, jobs: int) -> bool:
    """Join lot ``k`` to an earlier lot with the same lines, if there is one."""
    for i in range(k):
        same = True
        for own in range(jobs):
            same = same and st.lot_cand[o, i, own] == st.lot_cand[o, k, own]
        if same:
            st.lot_pairs[o, i] += st.lot_pairs[o, k]
            st.lot_pairs[o, k] = 0
            st.work[o, i] += st.work[o, k]
            st.work[o, k, :, :] = 0
            return True
    return False


@inner
def obey_makers(net: Net, s: Scratch, st: State, o: int, lots: int, jobs: int, left: int) -> None:
    """Allow in the last stage only firms with which an order of few makers can still be placed whole.

    Once it has its most makers, only these; before, only firms with room for an even share of what is left.
    """
    if net.most_makers[o] <= 0:
        return
    count = 0
    for i in range(lots):
        firm = net.line_firm[net.cand_line[st.lot_cand[o, i, jobs - 1]]]
        fresh = True
        for h in range(i):
            if net.line_firm[net.cand_line[st.lot_cand[o, h, jobs - 1]]] == firm:
                fresh = False
        count += fresh
    s.firm_ok[:] = False
    if count < net.most_makers[o]:
        j = net.job_ptr[o + 1] - 1
        s.firm_room[:] = 0
        for c in range(net.cand_ptr[net.job_list[j]], net.cand_ptr[net.job_list[j] + 1]):
            line = net.cand_line[c]
            for t in range(net.first[o], net.last[o] + 1):
                s.firm_room[net.line_firm[line]] += st.room.line[line, t] // net.cand_m[c]
        share = left // (net.most_makers[o] - count)
        for firm in range(len(s.firm_ok)):
            s.firm_ok[firm] = s.firm_room[firm] >= share
    for i in range(lots):
        s.firm_ok[net.line_firm[net.cand_line[st.lot_cand[o, i, jobs - 1]]]] = True


@inner
def fill_rest(net: Net, prices: Prices, s: Scratch, st: State, o: int, margin: int, left: int) -> int:
    """Fill more lots of an order with ``left`` pairs; return the pairs that are left over. Lots hold their room."""
    jobs = net.job_ptr[o + 1] - net.job_ptr[o]
    most_lots = st.lot_pairs.shape[1]
    k, tries = st.lots[o], 0
    s.banned[:] = False
    s.firm_ok[:] = True
    obey_makers(net, s, st, o, k, jobs, left)
    while left > 0 and k < most_lots and tries < 4:
        even = (left + most_lots - k - 1) // (most_lots - k)
        total = max(even, min(left, net.smallest[o]))
        cost = best_path(net, prices, s, o, st.room, max(1, min(total // 8, 64)), total)
        if cost >= FAR:
            cost = best_path(net, prices, s, o, st.room, 1, total)
        if cost >= FAR or 1000 * net.price[o] - cost < net.theta[o] + margin:
            break
        least = smallest_of(net, o, s.path_cand, jobs)
        placed = fill_lot(net, prices, s, st, o, k, left)
        if 0 < left - placed < least:
            give_back(net, st, o, k)
            for own in range(jobs):
                s.path_cand[own] = st.lot_cand[o, k, own]
            placed = fill_lot(net, prices, s, st, o, k, left - least) if left >= 2 * least else 0
        if placed < least or placed <= 0:
            give_back(net, st, o, k)
            s.banned[tightest(net, st, o, k, jobs)] = True
            tries += 1
            continue
        st.lot_pairs[o, k] = placed
        left -= placed
        if not merged(st, o, k, jobs):
            k += 1
            st.lots[o] = k
            obey_makers(net, s, st, o, k, jobs, left)
    return left


@inner
def fill_outside(net: Net, prices: Prices, st: State, o: int, option: int, want: int, write: bool) -> tuple[int, int]:
    """Fill the earliest room of an outside option that is worth it; return the pairs left over and the worth at the prices."""
    maker, left, worth = net.out_maker[option], want, np.int64(0)
    for u in range(net.out_first[option], net.last[o] + 1):
        each = net.out_value[option] - (net.late[o, u] if net.out_value[option] != 0 else 0)
        n = min(left, st.out_room[maker, u])
        if n > 0 and each >= net.theta[o]:
            worth += n * (each - prices.outside[maker, u])
            left -= n
            if write:
                st.out_work[o, u] = n
    return left, worth


@inner
def send_outside(net: Net, prices: Prices, st: State, o: int, want: int) -> int:
    """Send ``want`` pairs to the outside maker with room for all that is best at the prices; return the pairs left over."""
    best, option = net.theta[o] * want, -1
    for k in range(net.out_ptr[o], net.out_ptr[o + 1]):
        left, worth = fill_outside(net, prices, st, o, k, want, False)
        if left == 0 and worth > best:
            best, option = worth, k
    if option < 0:
        return want
    st.out_option[o] = option
    fill_outside(net, prices, st, o, option, want, True)
    return 0


@inner
def drop(net: Net, st: State, o: int) -> None:
    """Forget lots (which hold their room) and pairs outside (which hold none yet) of an order being filled."""
    for i in range(st.lots[o]):
        give_back(net, st, o, i)
        st.lot_pairs[o, i] = 0
    st.lots[o] = 0
    st.out_option[o] = -1
    st.out_work[o, :] = 0


@nb.njit(cache=True, nogil=True)
def fill_order(net: Net, prices: Prices, s: Scratch, st: State, o: int, margin: int, left: int) -> bool:
    """Place the ``left`` pairs of an order beside the lots it has, which hold their room: in lots, the rest outside.

    Where that fails, all of it goes outside, else nothing of it is placed. A path must be worth ``theta + margin`` (1/1000
    fen a pair at the prices). Returns whether the order is placed.
    """
    if left > 0:
        left = fill_rest(net, prices, s, st, o, margin, left)
    if left > 0 and st.lots[o] > 0:
        left = send_outside(net, prices, st, o, left)
    if left > 0:
        drop(net, st, o)
        left = send_outside(net, prices, st, o, net.pairs[o])
        if left > 0:
            drop(net, st, o)
    for k in range(st.lots[o]):
        hold(net, st, o, k, -1)
    settle(net, st, o, 1)
    return left == 0


def place_all(net: Net, prices: Prices, s: Scratch, st: State, sequence: Ints) -> None:
    """Place the orders of a sequence that are not in the plan wherever that earns."""
    for o in sequence.tolist():
        if st.lots[o] == 0 and st.out_option[o] < 0 and net.pairs[o] > 0:
            fill_order(net, prices, s, st, o, 0, int(net.pairs[o]))
