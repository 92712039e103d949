"""Promised lots that stand in every plan: which they are, what they use and earn, and what they leave of the problem."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, efficiencies, stated_efficiencies
from cordwainer.core import Period, Text, UserError, periods_covering, scaled
from cordwainer.planning.money import lot_earnings, row_costs
from cordwainer.planning.problem import Frozen, Ints, Net, Problem, Rows, index_of
from cordwainer.planning.rows import carbon_per_pair, limited_use, loads, needs

LISTED = 5
"""Materials that an error names one by one."""


@dataclass(frozen=True)
class Promised:
    """Rows of the promises that stand: ``lots`` lot, order, pairs; ``lines`` lot, stage, line; ``work`` lot, stage, period, pairs.

    Work outside the plan is left out. ``pairs`` by order.
    """

    lots: pl.DataFrame
    lines: pl.DataFrame
    work: pl.DataFrame

    @property
    def pairs(self) -> dict[str, int]:
        """Pairs in frozen lots of each order that has any."""
        return dict(self.lots.group_by("order").agg(pl.col("pairs").sum()).iter_rows())


def promised(cluster: Cluster, periods: Sequence[Period], freeze_date: date | None) -> Promised:
    """Return the promises that stand: accepted, or still offered and begun before the freeze date (plan model, rule 12)."""
    work = cluster["promise_work"]
    begun = work.filter(pl.col("start_date") < freeze_date) if freeze_date else work.clear()
    standing = (pl.col("status") == "accepted") | (
        (pl.col("status") == "offered") & pl.col("lot").is_in(begun["lot"].implode())
    )
    lots = cluster["promise"].filter(standing).select("lot", "order", "pairs")
    keep = lots.select("lot")
    days = work["start_date"].unique().to_list()
    number = pl.DataFrame(
        {"start_date": days, "period": [periods_covering(periods, day) for day in days]},
        schema={"start_date": pl.Date, "period": pl.Int64},
    )
    inside = work.join(keep, on="lot", how="semi").join(number, on="start_date").drop_nulls("period")
    return Promised(
        lots,
        cluster["promise_line"].join(keep, on="lot", how="semi").select("lot", "stage", "line"),
        inside.group_by("lot", "stage", "period", maintain_order=True)
        .agg(pl.col("pairs").sum())
        .select("lot", "stage", "period", "pairs"),
    )


def nothing_frozen(net: Net) -> Frozen:
    """Return what is frozen where no promise stands."""
    none = np.zeros(0, np.int64)
    each = np.zeros(len(net.pairs), np.int64)
    return Frozen(
        lots=pl.DataFrame(),
        lines=pl.DataFrame(),
        work=pl.DataFrame(),
        taken=frozenset(),
        rows=Rows(*[none] * 9),
        pairs=each,
        earned=each,
        load=np.zeros_like(net.most),
        need=np.zeros_like(net.supply),
        skill=np.zeros_like(net.skill_limit),
        tool=np.zeros_like(net.tool_limit),
        cap=np.zeros_like(net.cap_amount),
        overtime_fen=0,
    )


def reserve(problem: Problem, stand: Promised) -> Problem:
    """Return the problem with the promised lots frozen: what they use is taken off its limits.

    Raises
    ------
    UserError
        If they need more of a material than can be had in time: then no plan is feasible.
    """
    net = problem.net
    rows = _rows(problem, stand)
    load, need = loads(problem, rows), needs(problem, rows)
    cap, skill, tool = limited_use(problem, rows)
    over = np.maximum(0, load - problem.facts.regular)
    pairs = stand.pairs
    frozen = Frozen(
        lots=stand.lots,
        lines=stand.lines,
        work=stand.work,
        taken=frozenset(problem.cluster["promise"]["lot"]),
        rows=rows,
        pairs=np.array([pairs.get(o, 0) for o in problem.orders], np.int64),
        earned=_earned(problem, stand, rows),
        load=load,
        need=need,
        skill=skill,
        tool=tool,
        cap=cap,
        overtime_fen=int((over * net.surcharge[:, None] // 60_000_000).sum()),
    )
    supply = net.supply - np.cumsum(need, axis=1)
    _enough(problem, supply)
    regular = np.maximum(0, problem.facts.regular - load)
    left = net._replace(
        regular=regular,
        most=np.maximum(regular, problem.facts.most - load),
        supply=supply,
        skill_limit=np.maximum(0, net.skill_limit - skill),
        tool_limit=np.maximum(0, net.tool_limit - tool),
        cap_amount=np.maximum(0, net.cap_amount - cap),
    )
    return dataclasses.replace(problem, net=left, frozen=frozen)


def _rows(problem: Problem, stand: Promised) -> Rows:
    """Return the frozen work as rows; a line without a row of ``line_makes`` takes its statement's efficiency, or 1."""
    cluster, first_date = problem.cluster, problem.periods[0].start
    order, lot, line = index_of(problem.orders), index_of(list(stand.lots["lot"])), index_of(problem.facts.lines)
    found = (
        stand.work.join(stand.lots.select("lot", "order"), on="lot", how="left", maintain_order="left")
        .join(stand.lines, on=["lot", "stage"], how="left", maintain_order="left")
        .join(cluster["order"].select("order", "style"), on="order", how="left", maintain_order="left")
        .join(
            cluster["style"].select("style", "construction", "category"), on="style", how="left", maintain_order="left"
        )
        .join(
            efficiencies(cluster, first_date),
            on=["line", "construction", "category"],
            how="left",
            maintain_order="left",
        )
        .join(stated_efficiencies(cluster, first_date), on="line", how="left", maintain_order="left")
    )
    orders = np.array([order[o] for o in found["order"]], np.int64)
    lines = np.array([line[x] for x in found["line"]], np.int64)
    jobs = np.array([_job(problem, o, stage) for o, stage in zip(orders, found["stage"], strict=True)], np.int64)
    defects = [scaled(x, 4) for x in cluster["line"]["defect_share"]]
    seconds = np.array([10_000 + defects[x] for x in lines], np.int64)
    efficiency = found.select(pl.coalesce("efficiency_e4", "stated", 10_000)).to_series().to_numpy().astype(np.int64)
    return Rows(
        order=orders,
        lot=np.array([lot[x] for x in found["lot"]], np.int64),
        job=jobs,
        line=lines,
        period=found["period"].to_numpy().astype(np.int64),
        pairs=found["pairs"].to_numpy().astype(np.int64),
        minutes=-((-10 * problem.centi[jobs] * seconds) // efficiency),
        piece=found["extra_fen_pair"].fill_null(0).to_numpy().astype(np.int64),
        carbon=carbon_per_pair(problem, jobs, lines),
    )


def _job(problem: Problem, o: int, stage: str) -> int:
    begin, end = int(problem.net.job_ptr[o]), int(problem.net.job_ptr[o + 1])
    return begin + problem.stages[begin:end].index(stage)


def _earned(problem: Problem, stand: Promised, rows: Rows) -> Ints:
    """Return what frozen lots earn by order, in fen; revenue and transfers count for all pairs, whenever they are worked on."""
    earned = np.zeros(len(problem.orders), np.int64)
    np.subtract.at(earned, rows.order, row_costs(problem, rows))
    order, line = index_of(problem.orders), index_of(problem.facts.lines)
    on: dict[str, dict[str, int]] = {}
    for lot, stage, name in stand.lines.iter_rows():
        on.setdefault(lot, {})[stage] = line[name]
    for lot, name, pairs in stand.lots.iter_rows():
        o = order[name]
        stages = problem.stages[problem.net.job_ptr[o] : problem.net.job_ptr[o + 1]]
        earned[o] += lot_earnings(problem, o, pairs, np.array([on[lot][s] for s in stages], np.int64))
    return earned


def _enough(problem: Problem, supply: Ints) -> None:
    lacking = [(m, int(np.argmax(short))) for m, short in enumerate(supply < 0) if short.any()]
    if not lacking:
        return
    listed = ", ".join(f"{problem.materials[m]} ({problem.periods[t].start})" for m, t in lacking[:LISTED])
    more = Text("", "")
    if len(lacking) > LISTED:
        more = Text(f" and {len(lacking) - LISTED} more", f"等共 {len(lacking)} 种")
    raise UserError(
        "promises-unmet",
        Text(
            f"The promised lots that must stay need more material than can be had in time: {listed}{more.en}.",
            f"必须保留的已承诺批次所需材料无法按时到位：{listed}{more.zh}。",
        ),
        Text(
            "Give the stock, inbound or offers that cover them from the day shown, or release such a promise.",
            "请补充所示日期起可用的库存、在途或报价，或释放相应的承诺。",
        ),
    )


def carried(problem: Problem) -> list[tuple[str, str, int, int]]:
    """Return lot, stage, period and pairs that wait for the next stage, where that is 1 or more, of all frozen lots."""
    net, rows = problem.net, problem.frozen.rows
    names = problem.frozen.lots["lot"].to_list() if len(rows.lot) else []
    done: dict[tuple[int, int], Ints] = {}
    for lot, job, t, n in zip(rows.lot, rows.job, rows.period, rows.pairs, strict=True):
        done.setdefault((int(lot), int(job)), np.zeros(len(problem.periods), np.int64))[t:] += n
    none = np.zeros(len(problem.periods), np.int64)
    found = []
    for (lot, job), made in done.items():
        if net.job_next[job] >= 0:
            o = int(np.searchsorted(net.job_ptr, job, side="right")) - 1
            waiting = made - done.get((lot, int(net.job_ptr[o] + net.job_next[job])), none)
            found += [(names[lot], problem.stages[job], int(t), int(waiting[t])) for t in np.flatnonzero(waiting > 0)]
    return found


def least_purchases(problem: Problem, arriving: Ints) -> int:
    """Return the least that buying for frozen lots can cost, each material rounded down, in 1/1000 fen.

    ``arriving`` are stock and inbound by first usable period, M x T, milli units.
    """
    offers = problem.cluster["supplier_offer"].select("offer", "material")
    lowest = problem.cluster["price_break"].join(offers, on="offer").group_by("material").agg(pl.col("price").min())
    price = {material: scaled(fen, 3) for material, fen in lowest.iter_rows()}
    lack = problem.frozen.need.sum(axis=1) - 1000 * arriving.sum(axis=1)
    return sum(max(0, int(x)) * price.get(m, 0) // 1_000_000 for m, x in zip(problem.materials, lack, strict=True))
