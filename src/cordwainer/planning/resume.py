"""An older plan as the start of a new one: its lots, week by week, on the lines and orders of changed tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba as nb
import numpy as np
import polars as pl

from cordwainer.cluster import Plan
from cordwainer.core import Period
from cordwainer.planning import kept
from cordwainer.planning.problem import Flags, Ints, Net, Problem, Small
from cordwainer.planning.state import State


@dataclass(frozen=True)
class Resumed:
    """What became of an older plan's lots in a state.

    ``lots`` rows lot, order, why (see `kept`): all lots of the older plan that are not frozen in the new one. ``left`` pairs of
    each order that were in the older plan and found no place yet, O: where there are any, the lots left hold their room.
    """

    lots: pl.DataFrame
    left: Ints


def same_periods(old: Sequence[Period], new: Sequence[Period]) -> Ints:
    """Return the number of each old period among the new ones, -1 where it is not there."""
    number = {(p.start, p.days): t for t, p in enumerate(new)}
    return np.array([number.get((p.start, p.days), -1) for p in old], np.int64)


def resume(problem: Problem, plan: Plan, state: State, worth: Ints, let_go: frozenset[str] = frozenset()) -> Resumed:
    """Put the lots of an older plan into a state without any; what is not possible any more is left out.

    Parameters
    ----------
    worth
        What a pair of each order earns, O, in any unit: those that earn most are kept first.
    let_go
        Lots that are let go although they might stand.
    """
    net = problem.net
    lots = _numbered_lots(problem, plan, state.lot_pairs.shape[1], let_go)
    given = np.zeros(len(net.pairs), np.int32)
    why = np.zeros(state.lot_pairs.shape, np.int32)
    mine = lots.filter(pl.col("o") >= 0)
    o, k = mine["o"].to_numpy(), mine["k"].to_numpy()
    state.lot_pairs[o, k] = mine["pairs"].to_numpy()
    np.maximum.at(given, o, k + 1)
    why[o, k] = mine["why"].to_numpy()
    _fill_lines(problem, plan, state, mine, why)
    _fill_work(problem, plan, state, mine, why)
    option, away, sent = _outside(problem, plan, state)
    left = net.pairs.copy()
    was = (given > 0) | sent
    sequence = np.flatnonzero(was)
    sequence = sequence[np.argsort(-worth[sequence], kind="stable")]
    kept.keep_orders(net, state, sequence, given, option, why, away, left)
    told = lots.with_columns(why=_became(lots, why))
    return Resumed(told.select("lot", "order", "why"), np.where(was, left, 0))


def _became(lots: pl.DataFrame, why: Small) -> pl.Series:
    o, k, before = lots["o"].to_numpy(), lots["k"].to_numpy(), lots["why"].to_numpy()
    found = before.copy()
    inside = o >= 0
    found[inside] = why[o[inside], k[inside]]
    return pl.Series("why", found)


def _numbered_lots(problem: Problem, plan: Plan, most: int, let_go: frozenset[str]) -> pl.DataFrame:
    """Return lots of the older plan that are not frozen now: lot, order, pairs, o, k (place of the order, of the lot in it), why."""
    frozen = problem.frozen.lots["lot"] if len(problem.frozen.lots) else pl.Series([], dtype=pl.String)
    status = problem.cluster["promise"].select("lot", "order", "status")
    orders = pl.DataFrame({"order": list(problem.orders), "o": np.arange(len(problem.orders))})
    rows = (
        plan["lot"]
        .filter(~pl.col("lot").is_in(frozen.implode()))
        .join(status, on=["lot", "order"], how="left", maintain_order="left")
        .join(orders, on="order", how="left", maintain_order="left")
        .with_columns(k=pl.int_range(pl.len()).over("order"))
        .with_columns(
            why=pl.when(pl.col("o").is_null())
            .then(kept.NO_ORDER)
            .when(pl.col("status").is_in(["declined", "released"]) | pl.col("lot").is_in(list(let_go)))
            .then(kept.LET_GO)
            .when(pl.col("k") >= most)
            .then(kept.TOO_MANY)
            .otherwise(kept.KEPT)
            .cast(pl.Int32)
        )
    )
    out = pl.col("o").is_null() | (pl.col("k") >= most)
    return rows.with_columns(
        o=pl.when(out).then(-1).otherwise("o").cast(pl.Int64), k=pl.col("k").cast(pl.Int64)
    ).select("lot", "order", "pairs", "o", "k", "why")


def _fill_lines(problem: Problem, plan: Plan, state: State, lots: pl.DataFrame, why: Small) -> None:
    """Fill in the candidate of every lot and stage."""
    net = problem.net
    rows = _staged(problem, plan["lot_line"], lots)
    lines = pl.DataFrame({"line": list(problem.facts.lines), "l": np.arange(len(problem.facts.lines))})
    rows = rows.join(lines, on="line", how="left", maintain_order="left").with_columns(pl.col("l").fill_null(-1))
    o, k, own = (rows[c].to_numpy() for c in ("o", "k", "own"))
    gone = rows["l"].to_numpy() < 0
    why[o[gone], k[gone]] = np.where(why[o[gone], k[gone]] == kept.KEPT, kept.NO_LINE, why[o[gone], k[gone]])
    state.lot_cand[o, k, own] = _candidates(net, net.job_ptr[o] + own, rows["l"].to_numpy())


def _staged(problem: Problem, table: pl.DataFrame, lots: pl.DataFrame) -> pl.DataFrame:
    """Return rows of a table by lot and stage with o, k and the place of the stage within the order, where it has it."""
    net = problem.net
    jobs = pl.DataFrame(
        {
            "o": np.repeat(np.arange(len(net.pairs)), np.diff(net.job_ptr)).astype(np.int64),
            "stage": list(problem.stages),
            "own": (np.arange(len(problem.stages)) - np.repeat(net.job_ptr[:-1], np.diff(net.job_ptr))).astype(
                np.int64
            ),
        },
        schema_overrides={"stage": table.schema["stage"]},
    )
    return table.join(lots.select("lot", "o", "k"), on="lot", maintain_order="left").join(
        jobs, on=["o", "stage"], maintain_order="left"
    )


@nb.njit(cache=True)
def _candidates(net: Net, jobs: Ints, lines: Ints) -> Ints:
    """Return the candidate of a job that is a line, -1 where it is none; lines of a list stand in ascending sequence."""
    found = np.full(len(jobs), -1, np.int64)
    for i in range(len(jobs)):
        low, high = net.cand_ptr[net.job_list[jobs[i]]], net.cand_ptr[net.job_list[jobs[i]] + 1]
        while low < high:
            middle = (low + high) // 2
            if net.cand_line[middle] < lines[i]:
                low = middle + 1
            else:
                high = middle
        if low < net.cand_ptr[net.job_list[jobs[i]] + 1] and net.cand_line[low] == lines[i]:
            found[i] = low
    return found


def _fill_work(problem: Problem, plan: Plan, state: State, lots: pl.DataFrame, why: Small) -> None:
    """Fill in the work of every lot, stage and period."""
    periods = same_periods(plan.periods, problem.periods)
    rows = _staged(problem, plan["work"], lots)
    o, k, own, t, pairs = (rows[c].to_numpy() for c in ("o", "k", "own", "period", "pairs"))
    now = periods[t]
    gone = now < 0
    why[o[gone], k[gone]] = np.where(why[o[gone], k[gone]] == kept.KEPT, kept.NO_WINDOW, why[o[gone], k[gone]])
    here = ~gone
    state.work[o[here], k[here], own[here], now[here]] = pairs[here]


def _outside(problem: Problem, plan: Plan, state: State) -> tuple[Small, Small, Flags]:
    """Fill in the pairs outside; return the option of each order (-1: none), what stands in its way, and who had any."""
    net, count = problem.net, len(problem.net.pairs)
    option, away, sent = np.full(count, -1, np.int32), np.zeros(count, np.int32), np.zeros(count, np.bool_)
    periods = same_periods(plan.periods, problem.periods)
    orders = pl.DataFrame({"order": list(problem.orders), "o": np.arange(count)})
    makers = {name: i for i, name in enumerate(problem.makers)}
    rows = plan["outside_order"].join(orders, on="order", maintain_order="left")
    for o, maker, t, pairs in rows.select("o", "maker", "period", "pairs").iter_rows():
        sent[o] = True
        mine = range(net.out_ptr[o], net.out_ptr[o + 1])
        at = next((k for k in mine if net.out_maker[k] == makers.get(maker, -1)), -1)
        if at < 0 or periods[t] < 0:
            away[o] = kept.OUTSIDE_GONE
            continue
        option[o] = at
        state.out_work[o, periods[t]] = pairs
    gone = away != kept.KEPT
    state.out_work[gone], option[gone] = 0, -1
    return option, away, sent
