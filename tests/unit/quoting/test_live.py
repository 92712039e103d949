"""The live state is what the plan leaves, counted as planning counts it, and comes back when what was taken is given back."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from cordwainer.cluster import Plan
from cordwainer.core import UserError
from cordwainer.planning.build import build
from cordwainer.planning.problem import Ints, Problem, Rows, Small
from cordwainer.planning.rows import limited_use, loads, needs
from cordwainer.quoting import Quoter, live_of
from cordwainer.quoting.live import Live
from tests.unit.quoting import desk


def rows_of(problem: Problem, plan: Plan) -> Rows:
    """Return the work of a plan row by row, each looked up among the candidates of its job."""
    net = problem.net
    orders = {name: o for o, name in enumerate(problem.orders)}
    lines = {name: i for i, name in enumerate(problem.facts.lines)}
    of = dict(plan["lot"].select("lot", "order").iter_rows())
    on = {(lot, stage): line for lot, stage, line in plan["lot_line"].iter_rows()}
    found = []
    for lot, stage, period, pairs in plan["work"].iter_rows():
        o, line = orders[of[lot]], lines[on[lot, stage]]
        j = int(net.job_ptr[o]) + problem.stages[net.job_ptr[o] : net.job_ptr[o + 1]].index(stage)
        begin, end = net.cand_ptr[net.job_list[j]], net.cand_ptr[net.job_list[j] + 1]
        c = begin + int(np.flatnonzero(net.cand_line[begin:end] == line)[0])
        found.append((o, 0, j, line, period, pairs, int(net.cand_m[c]), 0, 0))
    return Rows(*np.array(found, np.int64).T)


def test_room_is_what_planning_says_is_left() -> None:
    cluster, plan = desk.planned()
    live = live_of(cluster, plan)
    problem = build(cluster, plan.periods, None)
    rows, net = rows_of(problem, plan), problem.net
    load = loads(problem, rows)
    assert np.array_equal(live.load, load)
    assert np.array_equal(live.room.line, net.most - load)
    assert np.array_equal(live.room.regular, net.regular - load)
    assert np.array_equal(live.room.material, net.supply - np.cumsum(needs(problem, rows), axis=1))
    cap, skill, tool = limited_use(problem, rows)
    assert np.array_equal(live.room.cap, net.cap_amount - cap)
    assert np.array_equal(live.room.tool, net.tool_limit - tool)
    assert load.sum() > 0
    assert tool.sum() > 0
    left = dict(zip(problem.skills, net.skill_limit - skill, strict=True))
    mine = dict(zip(live.ground.limits.skill_ids, live.room.skill, strict=True))
    assert all(np.array_equal(mine[name], table) for name, table in left.items())
    assert live.over() == []


def test_recipes_are_those_of_planning() -> None:
    cluster, plan = desk.planned()
    quoter = Quoter(live_of(cluster, plan))
    ground, problem = quoter.live.ground, build(cluster, plan.periods, None)
    net = problem.net
    assert ground.materials == tuple(problem.materials)
    flows = sorted(set(cluster["cap"]["flow"]))
    for o, style in enumerate(cluster["order"]["style"]):
        recipe = quoter.asking.recipes.of(style)
        begin, end = int(net.job_ptr[o]), int(net.job_ptr[o + 1])
        assert recipe.stages == tuple(problem.stages[begin:end])
        assert np.array_equal(recipe.after, net.job_next[begin:end])
        assert np.array_equal(recipe.centi, problem.centi[begin:end])
        for s, sj in enumerate(net.job_sj[begin:end]):
            theirs = slice(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1])
            mine = slice(recipe.need_ptr[s], recipe.need_ptr[s + 1])
            assert _by_material(net.sj_need_material[theirs], net.sj_need[theirs]) == _by_material(
                recipe.need_material[mine], recipe.need[mine]
            )
            for f, flow in enumerate(flows):
                assert np.array_equal(recipe.flow[s, ground.flows.index(flow)], net.sj_flow[sj, f])


def _by_material(materials: Small, need: Ints) -> dict[int, list[int]]:
    return {int(m): row.tolist() for m, row in zip(materials, need, strict=True)}


def arrays_of(live: Live) -> list[Ints]:
    """Return copies of all arrays of a live state that change."""
    room = live.room
    parts = (room.line, room.regular, room.material, room.cap, room.skill, room.tool)
    return [x.copy() for x in (*parts, live.load, live.slack, live.bought, live.taken, live.held_bought)]


def test_quotes_leave_the_live_state_as_it_was() -> None:
    quoter = desk.quoter()
    before = arrays_of(quoter.live)
    found = [quoter.quote(request) for request in desk.asks(12)]
    assert sum(map(len, found)) > 12
    assert all(np.array_equal(a, b) for a, b in zip(before, arrays_of(quoter.live), strict=True))


def test_without_lots_there_is_more_room() -> None:
    cluster, plan = desk.planned()
    lots = frozenset(plan["lot"].head(3)["lot"])
    whole, less = live_of(cluster, plan), live_of(cluster, plan, without=lots)
    work = plan["work"].filter(pl.col("lot").is_in(sorted(lots)))
    assert work.height > 0
    assert (less.room.line >= whole.room.line).all()
    assert (less.room.line > whole.room.line).sum() == work.join(plan["lot_line"], on=["lot", "stage"]).n_unique(
        ["line", "period"]
    )


def test_what_lies_in_the_past_can_no_longer_be_bought() -> None:
    cluster, plan = desk.planned()
    now, later = live_of(cluster, plan), live_of(cluster, plan, today=plan.first_date + timedelta(days=15))
    assert (later.room.material <= now.room.material).all()
    assert (later.room.material < now.room.material).any()
    assert now.open_.all()
    assert not later.open_[later.ground.offers.period < 3].any()


def test_a_plan_of_another_cluster_is_refused() -> None:
    cluster, plan = desk.planned()
    other = cluster.replace(stock=cluster["stock"].head(1))
    with pytest.raises(UserError, match="plan-of-another-cluster"):
        live_of(other, plan)


def test_a_plan_whose_loads_are_wrong_is_refused() -> None:
    cluster, plan = desk.planned()
    wrong = plan["line_period"].with_columns(load_mmin=pl.col("load_mmin") + 1)
    with pytest.raises(UserError, match="plan-not-certified"):
        live_of(cluster, Plan.build({**plan.frames, "line_period": wrong}))
