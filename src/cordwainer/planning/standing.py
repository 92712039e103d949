"""How a plan stands: its problem, its prices, what its work uses and what that leaves free."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan, dictionary
from cordwainer.core import Text
from cordwainer.planning import limits
from cordwainer.planning.build import build
from cordwainer.planning.pricing import FAR, Prices, Room, Scratch, best_path, scratch
from cordwainer.planning.problem import Ints, Net, Problem, Rows, index_of
from cordwainer.planning.rows import limited_use, loads, needs

_KINDS = ("line", "material", "cap", "skill", "tool", "outside")


@dataclass(frozen=True)
class Standing:
    """A plan beside its problem.

    ``rows`` are the work that is not frozen; ``empty`` the room without it, ``left`` the room beside it.
    ``unit_price`` is what each material costs by period at the cheapest offer, 1/1000 fen a unit; ``sent`` pairs by outside
    maker and period.
    """

    problem: Problem
    plan: Plan
    prices: Prices
    rows: Rows
    empty: Room
    left: Room
    unit_price: Ints
    sent: Ints
    scratch: Scratch

    @property
    def net(self) -> Net:
        """Arrays of the problem."""
        return self.problem.net

    @cached_property
    def outcomes(self) -> dict[str, str]:
        """What becomes of each order."""
        return dict(self.plan["outcome"].iter_rows())

    @cached_property
    def orders(self) -> dict[str, dict[str, object]]:
        """Rows of the table of orders."""
        return {r["order"]: r for r in self.problem.cluster["order"].to_dicts()}

    @cached_property
    def plain(self) -> Prices:
        """Prices at which nothing is scarce: material costs what it is bought for."""
        none = [np.zeros_like(p) for p in self.prices]
        return Prices(none[0], self.unit_price, *none[2:])

    @cached_property
    def _names(self) -> dict[tuple[str, str], Text]:
        found = {}
        for table in ("firm", "material", "outside_maker", "district", "flow"):
            rows = self.problem.cluster[table]
            for key, en, zh in rows.select(rows.columns[0], "name_en", "name_zh").iter_rows():
                found[table, key] = Text(en or zh or key, zh or en or key)
        return found

    def name(self, table: str, key: str) -> Text:
        """Return the name of a firm, material, district, flow or outside maker; its id where it has none."""
        return self._names.get((table, key), Text(key, key))

    def stage(self, job: int) -> Text:
        """Return the name of the stage of a job."""
        return dictionary.choices()["stage"][self.problem.stages[job]]

    def line(self, line: int) -> Text:
        """Return a line by the name of its firm and its id."""
        firm = self.name("firm", self.problem.firms[self.net.line_firm[line]])
        of = self.problem.facts.lines[line]
        return Text(f"{firm.en} ({of})", f"{firm.zh}（{of}）")

    def way(
        self, o: int, room: Room | None = None, pairs: int = 0, last: int | None = None, prices: Prices | None = None
    ) -> int:
        """Return the least cost of a pair in 1/1000 fen, FAR if there is no way; the way is left in the scratch.

        Parameters
        ----------
        o
            The order.
        room
            What is free; None: all that the cluster has.
        pairs
            How many a step must have room for; 0 asks for open weeks alone.
        last
            Last period; None: that of the order.
        prices
            None: those of the plan.
        """
        net = self.net
        if last is not None:
            ends = net.last.copy()
            ends[o] = last
            net = net._replace(last=ends)
        return int(best_path(net, prices or self.prices, self.scratch, o, room or self.empty, pairs, pairs))

    def first_last(self, o: int, enough: int) -> int | None:
        """Return the earliest last period beyond that of the order with which a pair costs at most ``enough``, or None."""
        low, high = int(self.net.last[o]) + 1, len(self.problem.periods) - 1
        if low > high or self.way(o, last=high) > min(enough, int(FAR) - 1):
            return None
        while low < high:
            middle = (low + high) // 2
            if self.way(o, last=middle) <= enough:
                high = middle
            else:
                low = middle + 1
        return low

    @cached_property
    def _by_order(self) -> tuple[Ints, Ints]:
        """Rows of work in the sequence of their orders, and where those of each order begin."""
        sequence = np.argsort(self.rows.order, kind="stable")
        return sequence, np.searchsorted(self.rows.order[sequence], np.arange(len(self.problem.orders) + 1))

    def without(self, o: int) -> Room:
        """Return the room beside the work of all other orders."""
        sequence, begin = self._by_order
        mine = sequence[begin[o] : begin[o + 1]]
        if not len(mine):
            return self.left
        problem, left = self.problem, self.left
        rows = Rows(*(np.asarray(x)[mine] for x in vars(self.rows).values()))
        load, used = loads(problem, rows), limited_use(problem, rows)
        return Room(
            line=left.line + load,
            regular=np.minimum(self.net.regular, left.regular + load),
            material=left.material + np.cumsum(needs(problem, rows), axis=1),
            cap=left.cap + used[0],
            skill=left.skill + used[1],
            tool=left.tool + used[2],
        )


def standing(cluster: Cluster, plan: Plan) -> Standing:
    """Return how a plan stands."""
    periods = plan.periods
    problem = build(cluster, periods, plan.head["freeze_date"])
    net, rows = problem.net, planned_rows(problem, plan)
    offers = limits.offer_periods(cluster, index_of(problem.materials), periods)
    sent = np.zeros(net.out_limit.shape, np.int64)
    makers = index_of(problem.makers)
    for maker, t, n in plan["outside_order"].select("maker", "period", "pairs").iter_rows():
        if maker in makers and t < len(periods):
            sent[makers[maker], t] += n
    return Standing(
        problem=problem,
        plan=plan,
        prices=plan_prices(problem, plan),
        rows=rows,
        empty=Room(net.most, net.regular, net.supply, net.cap_amount, net.skill_limit, net.tool_limit),
        left=_left(problem, rows),
        unit_price=cheapest(offers, problem.frozen.need + needs(problem, rows)),
        sent=sent,
        scratch=scratch(net),
    )


def cheapest(offers: limits.OfferPeriods, need: Ints) -> Ints:
    """Return the lowest price of a bracket that buying all the plan needs would reach, by period, 1/1000 fen a unit.

    ``need`` is what work needs in each period, M x T, micro units. Where nothing can be had yet the first price counts, and
    none where nothing can be bought at all.
    """
    price, most = np.full(need.shape, limits.PLENTY, np.int64), need.sum(axis=1) // 1000
    for m, t, breaks in zip(offers.material, offers.usable, offers.breaks, strict=True):
        reached = [each for start, each in breaks if start <= most[m]]
        price[m, t] = min(price[m, t], *reached, breaks[0][1])
    price = np.minimum.accumulate(price, axis=1)
    first = np.where(price < limits.PLENTY, price, 0).max(axis=1, initial=0)
    return np.where(price < limits.PLENTY, price, first[:, None])


def plan_prices(problem: Problem, plan: Plan) -> Prices:
    """Return the shadow prices of a plan as arrays of its problem."""
    net = problem.net
    shapes = {
        "line": (problem.facts.lines, net.most.shape),
        "material": (problem.materials, net.supply.shape),
        "cap": (problem.caps, (len(problem.caps), 1)),
        "skill": (tuple(f"{f}|{k}" for f, k in problem.skills), net.skill_limit.shape),
        "tool": (problem.tools, net.tool_limit.shape),
        "outside": (problem.makers, net.out_limit.shape),
    }
    arrays = {}
    for kind in _KINDS:
        ids, shape = shapes[kind]
        values, index = np.zeros(shape, np.int64), index_of(ids)
        for name, period, mfen in (
            plan["price"].filter(pl.col("kind") == kind).select("id", "period", "mfen").iter_rows()
        ):
            if name in index and period < shape[1]:
                values[index[name], period] = mfen
        arrays[kind] = values
    arrays["cap"] = arrays["cap"][:, 0]
    return Prices(**arrays)


def planned_rows(problem: Problem, plan: Plan) -> Rows:
    """Return the work of a plan that is not frozen as rows.

    What the cluster does not know is left out; where a line may not do the work, its minutes are unknown and count as none.
    Money of the rows is left at 0: nobody asks for it here.
    """
    net = problem.net
    frozen = list(problem.frozen.lots["lot"]) if len(problem.frozen.rows.lot) else []
    known = pl.DataFrame(
        [(n, problem.stages[j]) for o, n in enumerate(problem.orders) for j in range(*net.job_ptr[o : o + 2])],
        schema={"order": pl.String, "stage": pl.String},
        orient="row",
    )
    work = (
        plan["work"]
        .filter(~pl.col("lot").is_in(frozen) & (pl.col("period") < len(problem.periods)))
        .join(plan["lot"].select("lot", "order"), on="lot")
        .join(known, on=["order", "stage"])
        .join(plan["lot_line"].filter(pl.col("line").is_in(list(problem.facts.lines))), on=["lot", "stage"])
    )
    orders, lines, lots = (
        index_of(problem.orders),
        index_of(problem.facts.lines),
        index_of(plan["lot"]["lot"].to_list()),
    )
    found = []
    for name, lot, stage, on, t, pairs in work.select("order", "lot", "stage", "line", "period", "pairs").iter_rows():
        o, line = orders[name], lines[on]
        begin, end = int(net.job_ptr[o]), int(net.job_ptr[o + 1])
        job = begin + problem.stages[begin:end].index(stage)
        c0, c1 = net.cand_ptr[net.job_list[job]], net.cand_ptr[net.job_list[job] + 1]
        at = np.flatnonzero(net.cand_line[c0:c1] == line)
        cand = int(c0 + at[0]) if len(at) else -1
        found.append((o, lots[lot], job, line, t, pairs, int(net.cand_m[cand]) if cand >= 0 else 0, 0, 0))
    columns = np.array(found, np.int64).reshape(-1, 9).T
    return Rows(*columns)


def _left(problem: Problem, rows: Rows) -> Room:
    """Return what work leaves of all that is limited; nothing where a plan uses more than there is."""
    net = problem.net
    load, used = loads(problem, rows), limited_use(problem, rows)
    return Room(
        line=np.maximum(0, net.most - load),
        regular=np.maximum(0, net.regular - load),
        material=net.supply - np.cumsum(needs(problem, rows), axis=1),
        cap=np.maximum(0, net.cap_amount - used[0]),
        skill=np.maximum(0, net.skill_limit - used[1]),
        tool=np.maximum(0, net.tool_limit - used[2]),
    )
