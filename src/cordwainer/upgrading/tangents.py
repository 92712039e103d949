"""What the cluster's contribution would be with other lines: a tangent at each plan that was made, and the choice under all of them.

With prices of a plan k, in which the actions y[k] are taken, the contribution Z of other actions y is at most about

  Z(y) <= Z[k] + sum over a of slope[k,a] (y[a] - y[k,a])          (1)

where slope is less than 0: what the lines that stop are worth at those prices (V of `market`, from their day on). A plan's value is
concave in the hours that it may use, so that each plan again cuts off what was thought too well of. Choose y in {0, 1} with

  maximise   year Z - sum cost[a] y[a] - job sum people[a] y[a]
  (1) for every plan made;      (2) sum over the actions on one line of y[a] <= 1;
  (3) y[merge into b] + y[stop b] <= 1, and the people that b takes on are not more than it may;
  (4) two measures of a firm that do the same work: y + y <= 1;  y[a] <= y[needed by a];
  (5) sum nearer[a] y[a] >= need;  for land: sum land[f] z[f] >= need, z[f] <= sum of y that stop line l, for each line l of firm f.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from cordwainer.cluster import Plan
from cordwainer.planning import Base, build, plan_prices
from cordwainer.solvers import Limits, LinearModel, Status, solve_mip
from cordwainer.upgrading.arrays import Flags, Floats
from cordwainer.upgrading.candidates import LAND, Candidates, Target
from cordwainer.upgrading.market import Market, market, worth_of_lines
from cordwainer.upgrading.measure import Catalogue
from cordwainer.upgrading.programme import alike

YUAN = 100.0
FARTHEST = 1e9
"""By how much the contribution may change at most, yuan: a number that the solver can take."""
CLOSED = 10**7
"""Price of a minute on a line that is not there, 1/1000 fen."""
_SECONDS, _GAP = 20.0, 1e-6
Row = tuple[dict[int, float], float, float]


@dataclass(frozen=True)
class Tangent:
    """A plan made: which actions it has, its contribution in fen, and what each action would change of it, fen."""

    taken: Flags
    contribution: int
    slope: Floats


def slopes(base: Base, at: Market, cands: Candidates, gained: Floats) -> Floats:
    """Return what each action changes of the contribution at the prices of a market, fen; ``gained`` is what measures bring."""
    net = at.problem.net
    number = {line: i for i, line in enumerate(at.problem.facts.lines)}
    periods = base.plan.periods
    found = gained.copy()
    wanted = np.zeros(len(net.most), np.bool_)
    wanted[[number[line] for a in cands.actions if a.stops for line in (*a.lines, a.into) if line]] = True
    people = dict(cands.lines.select("line", "people").iter_rows())
    for day in sorted({a.day for a in cands.actions if a.stops}):
        early = np.array([p.start < day for p in periods])
        late = net._replace(most=np.where(early, 0, net.most), regular=np.where(early, 0, net.regular))
        value = worth_of_lines(at, replace(at.problem, net=late), wanted).value / 1000.0
        for i, a in enumerate(cands.actions):
            if a.stops and a.day == day:
                found[i] -= sum(value[number[line]] for line in a.lines)
            if a.way == "merge" and a.day == day:
                found[i] += value[number[a.into]] * a.moved / max(1, people[a.into])
    return found


def market_of(base: Base, plan: Plan, taken: Sequence[int], cands: Candidates) -> Market:
    """Return the market of all lines at the prices of a plan in which some are not there: those have a price that nobody pays."""
    problem = build(base.cluster, base.plan.periods, base.plan.head["freeze_date"], base.memo)
    prices = plan_prices(problem, plan)
    number = {line: i for i, line in enumerate(problem.facts.lines)}
    line = prices.line.copy()
    for a in (cands.actions[i] for i in taken if cands.actions[i].stops):
        late = np.array([p.start >= a.day for p in base.plan.periods])
        for name in a.lines:
            line[number[name], late] = CLOSED
    return market(base.cluster, base.plan, prices._replace(line=line), base)


def market_of_plan(base: Base, plan: Plan) -> Market:
    """Return the market of the cluster as it was at the prices of a plan of a changed one with the same lines."""
    problem = build(base.cluster, base.plan.periods, base.plan.head["freeze_date"], base.memo)
    return market(base.cluster, base.plan, plan_prices(problem, plan), base)


@dataclass(frozen=True)
class Choice:
    """The actions chosen (indices), and what they change of the contribution of a year, less what they cost and the jobs, as reckoned, fen; none where no choice reaches the need."""

    taken: tuple[int, ...] | None
    worth_fen: float
    bound_fen: float


def chosen(
    cands: Candidates,
    known: Catalogue,
    target: Target,
    need: float,
    tangents: Sequence[Tangent],
    year: float,
    without: Sequence[tuple[int, ...]] = (),
) -> Choice:
    """Return the best actions under the tangents; ``without`` lists choices that were tried already."""
    count, firms = len(cands.actions), sorted(cands.land) if target.kind == LAND else []
    theta, size = count, count + 1 + len(firms)
    rows = list(_rows(cands, known, target, need, firms))
    start = tangents[0].contribution
    for t in tangents:
        level = (t.contribution - start) / YUAN - float((t.slope * t.taken).sum()) / YUAN
        rows.append(({theta: 1.0, **{i: -float(s) / YUAN for i, s in enumerate(t.slope) if s}}, -np.inf, level))
    rows += [({i: 1.0 if i in t else -1.0 for i in range(count)}, -np.inf, len(t) - 1.0) for t in without]
    job = known.leaving.job_yuan_year.value
    costs = np.zeros(size)
    costs[:count] = [-a.cost_fen / YUAN - job * a.people for a in cands.actions]
    costs[theta] = year
    upper = np.ones(size)
    upper[theta] = FARTHEST
    lower = np.zeros(size)
    lower[theta] = -FARTHEST
    whole = np.ones(size, np.bool_)
    whole[theta] = False
    found = solve_mip(_model(costs, lower, upper, whole, rows), Limits(seconds=_SECONDS, gap=_GAP))
    if found.values is None or found.objective is None or found.status == Status.INFEASIBLE:
        return Choice(None, 0.0, 0.0)
    bound = found.objective if found.best_bound is None else found.best_bound
    taken = tuple(int(i) for i in np.flatnonzero(found.values[:count] > 0.5))
    return Choice(taken, YUAN * found.objective, YUAN * bound)


def most(cands: Candidates, known: Catalogue, target: Target) -> tuple[float, tuple[int, ...]]:
    """Return how near the actions could bring the target at most, as reckoned, and which do."""
    count, firms = len(cands.actions), sorted(cands.land) if target.kind == LAND else []
    costs = np.array([*cands.nearer, 0.0, *(cands.land[f] for f in firms)])
    if not count:
        return 0.0, ()
    rows = list(_rows(cands, known, target, None, firms))
    ones = np.ones(len(costs))
    found = solve_mip(_model(costs, 0 * ones, ones, ones > 0, rows), Limits(seconds=_SECONDS))
    if found.values is None or found.objective is None:
        return 0.0, ()
    return float(found.objective), tuple(int(i) for i in np.flatnonzero(found.values[:count] > 0.5))


def _rows(
    cands: Candidates, known: Catalogue, target: Target, need: float | None, firms: Sequence[str]
) -> Iterator[Row]:
    """Yield rows (2) to (5): coefficients, least and most."""
    stop: dict[str, list[int]] = {}
    for i, a in enumerate(cands.actions):
        for line in a.lines if a.stops else ():
            stop.setdefault(line, []).append(i)
    yield from _once(cands, known, stop)
    yield from _measures(cands, known)
    if target.kind == LAND:
        yield from _freed(cands, firms, stop, need)
    elif need is not None:
        yield {i: n for i, n in enumerate(cands.nearer) if n}, need, np.inf


def _once(cands: Candidates, known: Catalogue, stop: dict[str, list[int]]) -> Iterator[Row]:
    """Yield rows (2) and (3): a line is done with once, and takes on people only while it stays."""
    touch: dict[str, list[int]] = {}
    into: dict[str, list[int]] = {}
    for i, a in enumerate(cands.actions):
        for line in () if a.stops else a.lines:
            touch.setdefault(line, []).append(i)
        if a.into:
            into.setdefault(a.into, []).append(i)
    for line, mine in stop.items():
        yield dict.fromkeys(mine, 1.0), -np.inf, 1.0
        for i in (*touch.get(line, ()), *into.get(line, ())):
            yield {**dict.fromkeys(mine, 1.0), i: 1.0}, -np.inf, 1.0
    people = dict(cands.lines.select("line", "people").iter_rows())
    for line, mine in into.items():
        most_people = known.leaving.merge_growth.value * people[line]
        yield {i: float(cands.actions[i].moved) for i in mine}, -np.inf, most_people


def _measures(cands: Candidates, known: Catalogue) -> Iterator[Row]:
    """Yield rows (4): what does the same work twice, and what must come first."""
    convert: dict[str, dict[str, int]] = {}
    for i, a in enumerate(cands.actions):
        if a.way == "convert":
            convert.setdefault(a.firm, {})[a.measure] = i
    for taken in convert.values():
        for one, two in combinations(taken, 2):
            if alike(known.measures[one], known.measures[two]):
                yield {taken[one]: 1.0, taken[two]: 1.0}, -np.inf, 1.0
        for name, i in taken.items():
            for j in (taken[n] for n in known.measures[name].needs if n in taken):
                yield {i: 1.0, j: -1.0}, -np.inf, 0.0


def _freed(cands: Candidates, firms: Sequence[str], stop: dict[str, list[int]], need: float | None) -> Iterator[Row]:
    """Yield rows (5) of land: it is freed once all lines of its firm are gone."""
    first = len(cands.actions) + 1
    for k, f in enumerate(firms):
        for line in cands.lines_of.get(f, ()):
            yield {first + k: 1.0, **dict.fromkeys(stop.get(line, ()), -1.0)}, -np.inf, 0.0
    if need is not None:
        yield {first + k: cands.land[f] for k, f in enumerate(firms)}, need, np.inf


def _model(costs: Floats, lower: Floats, upper: Floats, whole: Flags, rows: Sequence[Row]) -> LinearModel:
    columns: list[list[tuple[int, float]]] = [[] for _ in costs]
    for r, (entries, _, _) in enumerate(rows):
        for i, value in entries.items():
            columns[i].append((r, value))
    flat = [e for c in columns for e in c]
    return LinearModel(
        costs=costs,
        column_lower=lower,
        column_upper=upper,
        row_lower=np.array([low for _, low, _ in rows], np.float64),
        row_upper=np.array([high for _, _, high in rows], np.float64),
        starts=np.cumsum([0, *map(len, columns)]).astype(np.int32),
        indices=np.array([r for r, _ in flat], np.int32),
        values=np.array([v for _, v in flat], np.float64),
        integral=whole,
        maximise=True,
    )
