"""What the market says of orders and lines agrees with planning's own pricing, and with filling lines by a linear programme."""

import numpy as np
import pytest

from cordwainer.cluster import Cluster
from cordwainer.planning import FAR, Room, best_path
from cordwainer.planning.pricing import scratch
from cordwainer.solvers import LinearModel, solve_lp
from cordwainer.upgrading import Market, worth_of_lines
from cordwainer.upgrading.kernels import fill, gains, own_cost


def test_every_stage_sees_the_cost_of_the_best_way(planned: Market) -> None:
    net, prices = planned.problem.net, planned.prices
    room = Room(net.most, net.regular, net.supply, net.cap_amount, net.skill_limit, net.tool_limit)
    memory = scratch(net)
    seen = 0
    for o in range(0, len(net.pairs), 3):
        wanted = best_path(net, prices, memory, o, room, 0, 0)
        for j in range(int(net.job_ptr[o]), int(net.job_ptr[o + 1])):
            least = np.inf
            for c in range(int(net.cand_ptr[net.job_list[j]]), int(net.cand_ptr[net.job_list[j] + 1])):
                d = net.line_district[net.cand_line[c]]
                for t in range(int(net.first[o]), int(net.last[o]) + 1):
                    if net.masks[net.cand_mask[c], t] and net.most[net.cand_line[c], t] > 0:
                        cost = own_cost(net, prices, j, c, t, True)
                        least = min(least, planned.before[j, d, t] + cost + planned.after[j, d, t])
            if wanted >= FAR:
                assert least == np.inf
            else:
                seen += 1
                assert least == pytest.approx(wanted, abs=200)  # planning rounds each part down to 1/1000 fen
    assert seen > 50


def test_a_line_is_worth_what_a_linear_programme_says(planned: Market) -> None:
    net = planned.problem.net
    rent = (planned.prices.line * net.regular).sum(axis=1)
    for line in np.argsort(-rent)[:4].tolist():
        alone = np.zeros(len(net.most), np.bool_)
        alone[line] = True
        found = worth_of_lines(planned, planned.problem, alone)
        exact = by_linear_programme(planned, alone, line)
        assert found.value[line] <= exact * (1 + 1e-6)
        assert found.value[line] >= 0.95 * exact
        assert found.used[line] <= net.most[line].sum() * (1 + 1e-9)


def by_linear_programme(at: Market, alone: np.ndarray, line: int) -> float:
    """Return the most that orders gain on one line, 1/1000 fen: pairs of orders and minutes of periods are the limits."""
    net, none = at.problem.net, np.zeros(0, np.int64)
    given = (net, at.prices, at.before, at.after, at.best, alone)
    count = gains(*given, none, none, none, none, np.zeros(0))
    who, order, period, minutes = (np.empty(count, np.int64) for _ in range(4))
    gain = np.empty(count)
    gains(*given, who, order, period, minutes, gain)
    T, orders = net.most.shape[1], len(net.pairs)
    surcharge = minutes * net.surcharge[line] / 60_000
    costs = np.concatenate([gain, gain - surcharge])
    rows = np.stack([np.tile(order, 2), orders + np.concatenate([period, T + period])], axis=1)
    values = np.stack([np.ones(2 * count), np.tile(minutes, 2) / 1e3], axis=1)
    upper = np.concatenate([net.pairs, net.regular[line] / 1e3, (net.most - net.regular)[line] / 1e3])
    model = LinearModel(
        costs=costs,
        column_lower=np.zeros(2 * count),
        column_upper=np.full(2 * count, np.inf),
        row_lower=np.full(len(upper), -np.inf),
        row_upper=upper.astype(np.float64),
        starts=np.arange(0, 4 * count + 1, 2, dtype=np.int32),
        indices=rows.ravel().astype(np.int32),
        values=values.ravel(),
        maximise=True,
    )
    found = solve_lp(model).objective
    assert found is not None
    return found


def test_lines_that_cannot_do_more_are_worth_no_more(planned: Market) -> None:
    cluster: Cluster = planned.cluster
    same = planned.changed(Cluster(dict(cluster.frames)))
    every = np.ones(len(planned.problem.net.most), np.bool_)
    a, b = (worth_of_lines(planned, p, every) for p in (planned.problem, same))
    assert (a.value == b.value).all()
    assert a.value.sum() > 0


def test_the_worked_example_of_the_page(planned: Market) -> None:
    small = planned.problem.net._replace(
        regular=np.array([[100_000]]), most=np.array([[100_000]]), pairs=np.array([4, 20]), surcharge=np.array([0])
    )
    group, order, nil = np.zeros(1, np.int64), np.array([0, 1]), np.zeros(2, np.int64)
    for minutes, wanted in ((10_000.0, 76.0), (10_000 / 1.2, 88.0)):
        gain, value, used = np.array([1e6, 6e5]), np.zeros(1), np.zeros(1)
        fill(small, group, nil, order, nil, np.full(2, round(minutes)), gain, value, used)
        assert value[0] / 1e5 == pytest.approx(wanted, rel=1e-4)
