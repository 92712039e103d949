"""Groups of orders placed together: the master agrees with pricing, lots keep to the rules, nothing gets worse."""

from __future__ import annotations

import numpy as np
import pytest

from cordwainer.cluster import SampleSize
from cordwainer.cluster.sample import sample
from cordwainer.planning import Settings, guide
from cordwainer.planning.active import YUAN
from cordwainer.planning.columns import best_paths, paths_of_lot
from cordwainer.planning.engine import Run
from cordwainer.planning.groups import neighbourhood
from cordwainer.planning.master import Master
from cordwainer.planning.placing import Placer
from cordwainer.planning.pricing import scratch
from cordwainer.planning.regroup import Regroup
from cordwainer.planning.reserve import Reserve
from cordwainer.planning.state import State, lift, new_shelf, new_state, total
from cordwainer.planning.subproblem import rest_of
from cordwainer.solvers import Start


@pytest.fixture(scope="module")
def run() -> Run:
    """Return a planning with prices and a first plan."""
    made = Run(sample(SampleSize(30, 60, 10), 3), Settings(work=1, time_s=None), None)
    made.price(settle=True)
    made.place()
    return made


def busy_state(state: State) -> list[np.ndarray]:
    return [x.copy() for x in arrays(state)]


def arrays(state: State) -> list[np.ndarray]:
    return [*state.room, *state[1:]]


def test_a_group_is_cut_out_without_a_trace(run: Run) -> None:
    before = busy_state(run.state)
    run.placer.tasks([np.arange(0, 60, 3), np.arange(1, 60, 3)])
    assert all((a == b).all() for a, b in zip(before, busy_state(run.state), strict=True))


def test_the_room_of_a_group_is_what_the_others_leave(run: Run) -> None:
    net, orders = run.problem.net, np.arange(60)
    shelf = new_shelf(run.state, 60)
    lift(net, run.state, orders, shelf)
    own = rest_of(net, orders, run.state.room, run.state.out_room)
    assert (own.most == net.most).all()
    assert (own.supply == np.minimum.accumulate(net.supply[:, ::-1], axis=1)[:, ::-1]).all()
    run.fill(orders)
    run.evaluate()


def test_groups_side_by_side_share_what_is_free(run: Run) -> None:
    """Together they are given no more than what is free and what their own lots use."""
    groups = [np.arange(0, 60, 2), np.arange(1, 60, 2)]
    free = np.maximum(0, run.state.room.line)
    alone = [run.placer.tasks([orders])[0].net.most for orders in groups]
    both = [task.net.most for task in run.placer.tasks(groups)]
    own = [most - np.maximum(0, run.state.room.line) for most in alone]
    assert (sum(both) <= free + sum(own)).all()
    assert all((shared <= most).all() for shared, most in zip(both, alone, strict=True))
    assert any((shared < most).any() for shared, most in zip(both, alone, strict=True))
    only = run.guide.lines(groups[0]) & ~run.guide.lines(groups[1])
    assert (both[0][only] == alone[0][only]).all()  # what the other has no use for is not kept from it


def test_paths_are_drawn_as_often_as_pairs_would_take_them(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    net, orders = run.problem.net, np.arange(60)
    monkeypatch.setattr(guide, "MANY", 2000)
    (order, cand, period), made = run.guide.paths(net, orders)
    answer = run.guide.ask(net, orders)
    part = answer.part
    for o in np.flatnonzero(made > 0.5):
        mine = order == o
        assert mine.sum() == 2000
        for j in range(net.job_ptr[o], net.job_ptr[o + 1]):
            own = j - net.job_ptr[o]
            entries = np.arange(part.ent_ptr[part.seg_ptr[j]], part.ent_ptr[part.seg_ptr[j + 1]])
            for e in entries:
                drawn = np.bincount(period[mine & (cand[:, own] == part.cand[e]), own], minlength=net.most.shape[1])
                share = answer.flows[e] / (net.pairs[o] * made[o])
                assert np.abs(drawn / 2000 - share).max() < 0.06
            after = net.job_next[j]
            if after >= 0:
                for line, to, at, then in zip(
                    cand[mine, own], cand[mine, after], period[mine, own], period[mine, after], strict=True
                ):
                    a, b = net.line_district[net.cand_line[line]], net.line_district[net.cand_line[to]]
                    assert net.move_price[a, b] >= 0
                    assert at <= net.reach[net.move_lag[a, b], then]


def test_no_path_earns_more_than_the_master_says_once_pricing_finds_none(run: Run) -> None:
    """At the end of column generation the best path of each order at the row prices is worth what its order is."""
    orders = neighbourhood(
        run.problem.net, run.state, 12, run.pricer.worth(), run.regret(), np.zeros(60, np.bool_), run.rng
    )
    task = run.placer.tasks([orders])[0]
    master = Master(task.net, run.state.unit_price, scratch(task.net), 60.0)
    master.add(*task.paths)
    for prices in run.levels():
        master.price_all(prices, None)
    grown = master.solve(Start.AFTER_COLUMNS)
    for _ in range(300):
        assert grown is not None
        if not master.price_all(master.prices(grown), grown):
            break
        grown = master.solve(Start.AFTER_COLUMNS)
    assert grown is not None
    value = np.zeros(len(orders), np.int64)
    cand, period = np.zeros((len(orders), master.stages), np.int64), np.zeros((len(orders), master.stages), np.int32)
    best_paths(
        task.net,
        master.prices(grown),
        master.memory,
        master.room,
        np.arange(len(orders)),
        master.firms,
        value,
        cand,
        period,
    )
    earned = np.maximum(grown.row_duals[: len(orders)], 0)
    assert (value * YUAN - earned).max() <= 0.02, value * YUAN - earned
    assert (master.pairs(grown) >= 0).all()


def test_lots_of_a_group_keep_to_number_makers_and_size(run: Run) -> None:
    net = run.problem.net
    orders = np.arange(60)
    task = run.placer.tasks([orders])[0]
    master = Master(task.net, run.state.unit_price, scratch(task.net), 60.0)
    group = Regroup(task.net, master, run.problem.most_lots)
    drawn, made = run.guide.paths(task.net, orders)
    lots = group.run(task.paths, drawn, run.levels(), made > 0.9, chosen=False)
    assert lots
    for i, found in lots.items():
        jobs = net.job_ptr[i + 1] - net.job_ptr[i]
        made = found.done[:, jobs - 1, -1]
        assert len(found.cands) <= run.problem.most_lots
        assert made.sum() + found.outside.sum() == pytest.approx(net.pairs[i])
        firms = {int(net.line_firm[net.cand_line[c[jobs - 1]]]) for c in found.cands}
        assert net.most_makers[i] == 0 or len(firms) <= net.most_makers[i]
        least = [max(net.smallest[i], *net.line_smallest[net.cand_line[c[:jobs]]]) for c in found.cands]
        assert (made >= np.array(least) - 1.001).all()
        assert (np.diff(found.done, axis=2) >= -1e-6).all()


def test_orders_that_are_to_be_made_are_made_in_the_room_kept_for_them(run: Run) -> None:
    """Room is kept for all likely orders at once, never more than there is, and given back without a trace."""
    net = run.problem.net
    state = new_state(net, run.problem.most_lots, run.pricer.unit_price)
    before = busy_state(state)
    answer = run.guide.ask(net, np.arange(len(net.pairs)))
    reserve = Reserve(net, state, answer, 0.5)
    assert reserve.likely.sum() > 10
    assert (answer.made[reserve.likely] >= 0.5).all()
    room = state.room
    for left in (room.line, room.material, room.cap, room.skill, room.tool):
        assert left.min(initial=0) >= 0
    assert (room.line < net.most).any()
    with_overtime = np.maximum(0, -room.regular) * net.surcharge[:, None] // 60_000
    assert state.overtime[0] == with_overtime.sum()
    some = np.flatnonzero(reserve.likely)[:5]
    reserve.give_back(some)
    reserve.give_back(some)
    reserve.keep(some)
    reserve.give_back(np.arange(len(net.pairs)))
    assert all((a == b).all() for a, b in zip(before, busy_state(state), strict=True))


def test_few_makers_do_the_last_stage_of_new_paths_too(run: Run) -> None:
    net, orders = run.problem.net, np.arange(60)
    task = run.placer.tasks([orders])[0]
    master = Master(task.net, run.state.unit_price, scratch(task.net), 60.0)
    master.price_all(run.levels()[-1], None)
    firm = net.line_firm[
        net.cand_line[master.cand[np.arange(len(master.order)), np.diff(net.job_ptr)[master.order] - 1]]
    ]
    for o, f in zip(master.order, firm, strict=True):
        master.firms[o] = True
        master.firms[o, f] = False
    known = len(master.order)
    master.price_all(run.levels()[-1], None)
    new = np.arange(known, len(master.order))
    others = net.line_firm[net.cand_line[master.cand[new, np.diff(net.job_ptr)[master.order[new]] - 1]]]
    assert len(new)
    assert master.firms[master.order[new], others].all()


def test_placing_a_group_never_makes_the_plan_worse(run: Run) -> None:
    net = run.problem.net
    for _ in range(4):
        before = total(run.state)
        group = neighbourhood(net, run.state, 16, run.pricer.worth(), run.regret(), np.zeros(60, np.bool_), run.rng)
        (gain,) = run.placer.place([group], run.levels())
        assert gain >= 0
        assert total(run.state) == before + gain
        assert (
            min(int(x.min(initial=0)) for x in (run.state.room.line, run.state.room.material, run.state.room.cap)) >= 0
        )


def test_a_group_that_takes_too_long_stays_as_it_is(run: Run) -> None:
    before = busy_state(run.state)
    group = neighbourhood(
        run.problem.net, run.state, 16, run.pricer.worth(), run.regret(), np.zeros(60, np.bool_), run.rng
    )
    assert run.placer.place([group], run.levels(), seconds=0.0) == [0]
    assert all((a == b).all() for a, b in zip(before, busy_state(run.state), strict=True))


def test_the_plan_does_not_depend_on_the_threads(run: Run) -> None:
    """Two groups side by side come out alike with one worker and with two."""
    net, ends = run.problem.net, []
    kept = busy_state(run.state)
    groups, busy = [], np.zeros(60, np.bool_)
    rng = np.random.default_rng(5)
    for _ in range(2):
        group = neighbourhood(net, run.state, 12, run.pricer.worth(), run.regret(), busy, rng)
        busy[group] = True
        groups.append(group)
    for threads in (1, 2):
        placer = Placer(net, run.state, run.guide, run.problem.most_lots, threads)
        placer.place(groups, run.levels())
        ends.append(busy_state(run.state))
        for now, then in zip(arrays(run.state), kept, strict=True):
            now[...] = then
    assert all((a == b).all() for a, b in zip(*ends, strict=True))


def test_the_paths_of_a_lot_make_up_its_work(run: Run) -> None:
    net, st = run.problem.net, run.state
    stages, T = st.lot_cand.shape[2], st.work.shape[3]
    for o in np.flatnonzero(st.lots > 0)[:20].tolist():
        jobs = net.job_ptr[o + 1] - net.job_ptr[o]
        period, pairs = np.zeros((stages * T, stages), np.int32), np.zeros(stages * T, np.int64)
        n = paths_of_lot(net, o, st.work[o, 0], period, pairs)
        again = np.zeros((stages, T), np.int64)
        for own in range(jobs):
            np.add.at(again[own], period[:n, own], pairs[:n])
        assert (again[:jobs] == st.work[o, 0, :jobs]).all()
