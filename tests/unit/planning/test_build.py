"""The arrays of a problem hold what a slow and plain reading of the tables says."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random

import numpy as np
import polars as pl
import pytest

from cordwainer.cluster import Cluster, empty, sample
from cordwainer.core import Period, exact, weeks
from cordwainer.planning.build import build
from cordwainer.planning.largest import largest_needs
from cordwainer.planning.problem import Problem
from tests.properties import promises
from tests.properties.test_plans_around_promises import known
from tests.strategies import FIRST, random_cluster
from tests.unit.planning.slow import Slow

Case = tuple[Slow, Problem]


def _case(cluster: Cluster, periods: Sequence[Period]) -> Case:
    return Slow(cluster, periods), build(cluster, periods, None)


@cache
def cases() -> list[Case]:
    """Return a part of the sample, in which orders ask much, and random clusters with every table; some price carbon."""
    small = sample("S", 3)
    asking = pl.concat([small[t].select("order") for t in ("order_requirement", "order_maker")]).unique()
    orders = small["order"].join(asking, on="order", how="semi", maintain_order="left").head(12)
    orders = orders.with_columns(repeat_of=None)
    size = small["order_size"].join(orders, on="order", how="semi")
    found = [_case(small.replace(**_of_orders(small, orders), order_size=size), weeks(FIRST, 12))]
    for seed in range(12):
        rng = Random(seed)  # noqa: S311
        found.append(_case(known(random_cluster(seed, "w", "鞋"), rng), weeks(FIRST, 5)))
        found.append(_case(promises.cluster(rng).replace(promise=empty("promise"), **_NO_WORK), weeks(FIRST, 3)))
    return found


_NO_WORK = {name: empty(name) for name in ("promise_line", "promise_work")}


def _of_orders(cluster: Cluster, orders: pl.DataFrame) -> dict[str, pl.DataFrame]:
    kept = {t: cluster[t].join(orders, on="order", how="semi") for t in ("order_requirement", "order_maker")}
    return {**kept, "order": orders}


@pytest.mark.parametrize("number", range(25))
def test_candidates_are_the_lines_that_may_do_the_job_and_what_they_cost(number: int) -> None:
    slow, problem = cases()[number]
    net, lines = problem.net, problem.facts.lines
    for o, order in enumerate(slow.rows["order"]):
        for j in range(net.job_ptr[o], net.job_ptr[o + 1]):
            c = slice(net.cand_ptr[net.job_list[j]], net.cand_ptr[net.job_list[j] + 1])
            columns = (net.cand_line[c], net.cand_m[c], net.cand_base[c], net.cand_mask[c])
            found = [(lines[i], m, b, tuple(net.masks[k])) for i, m, b, k in zip(*columns, strict=True)]
            assert found == slow.candidates(order, problem.stages[j])


def test_jobs_share_a_list_wherever_lines_minutes_costs_and_periods_are_the_same() -> None:
    _, problem = cases()[0]
    net = problem.net
    lists: dict[tuple[object, ...], set[int]] = {}
    for j, listed in enumerate(net.job_list.tolist()):
        c = slice(net.cand_ptr[listed], net.cand_ptr[listed + 1])
        content = [x[c].tobytes() for x in (net.cand_line, net.cand_m, net.cand_base, net.cand_mask)]
        lists.setdefault((problem.centi[j], *content), set()).add(listed)
    assert len(lists) < len(net.job_list)
    assert [found for found in lists.values() if len(found) > 1] == []


@pytest.mark.parametrize("number", range(25))
def test_stages_stand_in_their_sequence_with_their_minutes_needs_and_flows(number: int) -> None:
    slow, problem = cases()[number]
    net = problem.net
    defects = {int(d): exact(x, 4) for d, x in zip(net.line_defect, slow.cluster["line"]["defect_share"], strict=True)}
    flows = sorted(set(slow.cluster["cap"]["flow"]))
    flows += ["carbon"] if slow.carbon_price and "carbon" not in flows else []
    for o, order in enumerate(slow.rows["order"]):
        style, jobs = order["style"], range(net.job_ptr[o], net.job_ptr[o + 1])
        stages = [problem.stages[j] for j in jobs]
        assert {s: problem.centi[j] for s, j in zip(stages, jobs, strict=True)} == {
            s: 100 * m for s, m in slow.minutes(style).items()
        }
        after = {s: stages[net.job_next[j]] for s, j in zip(stages, jobs, strict=True) if net.job_next[j] >= 0}
        assert after == slow.next_stages(style)
        assert all(stages.index(a) < stages.index(b) for a, b in after.items())
        for stage, j in zip(stages, jobs, strict=True):
            sj = net.job_sj[j]
            rows = range(net.sj_need_ptr[sj], net.sj_need_ptr[sj + 1])
            for d, defect in defects.items():
                need = {problem.materials[net.sj_need_material[k]]: net.sj_need[k, d] for k in rows}
                assert need == slow.need(style, stage, defect)
                assert net.sj_flow[sj, :, d].tolist() == [slow.flow(style, stage, flow, defect) for flow in flows]


@pytest.mark.parametrize("number", range(25))
def test_the_largest_need_is_that_of_all_pairs_on_the_lines_that_need_most(number: int) -> None:
    slow, problem = cases()[number]
    net = problem.net
    most = dict.fromkeys(problem.materials, 0)
    for o, order in enumerate(slow.rows["order"]):
        window = range(net.first[o], net.last[o] + 1)
        for j in range(net.job_ptr[o], net.job_ptr[o + 1]):
            stage = problem.stages[j]
            each: dict[str, int] = {}
            for line, _, _, when in slow.candidates(order, stage):
                if any(when[t] for t in window):
                    defect = exact(slow.of("line", line=line)[0]["defect_share"], 4)
                    for material, amount in slow.need(order["style"], stage, defect).items():
                        each[material] = max(each.get(material, 0), amount)
            for material, amount in each.items():
                most[material] += amount * int(net.pairs[o])
    found = largest_needs(net, np.zeros_like(net.supply))
    assert dict(zip(problem.materials, found.tolist(), strict=True)) == {m: -(-x // 1000) for m, x in most.items()}
