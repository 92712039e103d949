"""For every firm and measure that applies: what it would be worth to the cluster and to the firm, and when it pays back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster
from cordwainer.planning import Problem, value_of_pairs
from cordwainer.upgrading.arrays import Floats
from cordwainer.upgrading.effects import apply_all
from cordwainer.upgrading.market import Market, Worth, worth_of_lines
from cordwainer.upgrading.measure import Assumptions, Catalogue, Measure
from cordwainer.upgrading.payback import returns, support
from cordwainer.upgrading.who import line_table, lines_of, owners_of

FEN = 1000.0
"""1/1000 fen in a fen."""
_MMIN_HOUR = 60_000.0

SCHEMA = {
    "firm": pl.String,
    "measure": pl.String,
    "lines": pl.Int64,
    "cluster_fen": pl.Int64,
    "low_fen": pl.Int64,
    "high_fen": pl.Int64,
    "firm_fen": pl.Int64,
    "hours_year": pl.Int64,
    "capital_fen": pl.Int64,
    "support_fen": pl.Int64,
    "payback_years": pl.Float64,
    "payback_with_years": pl.Float64,
    "payback_late_years": pl.Float64,
    "npv_fen": pl.Int64,
    "npv_with_fen": pl.Int64,
    "npv_late_fen": pl.Int64,
    "stands": pl.Boolean,
}


@dataclass(frozen=True)
class _Gain:
    """What a measure at a firm brings over a plan: fen to the cluster, fen to the firm beside it before running cost, hours of work."""

    cluster: float
    firm: float
    lines: int
    hours: float = 0.0


def opportunities(
    markets: Sequence[Market],
    known: Catalogue,
    grades: Mapping[str, str | None] | None = None,
    tax_fen: Mapping[str, int] | None = None,
    firm: str | None = None,
) -> pl.DataFrame:
    """Return one row for every firm and measure that applies, the highest net present value first.

    Those that stand without a subsidy come before those that do not. ``cluster_fen`` is what the cluster's contribution gains in a year, all
    asks paid; ``firm_fen`` what the firm earns a year beside it: more paid work less wages, hours and electricity saved, dearer or cheaper
    own styles, running cost taken off. ``low_fen`` and ``high_fen`` span the cluster's gain at the prices of all markets. Payback and value
    count both together.

    Parameters
    ----------
    markets
        Plans of the same cluster with their prices; the first one counts.
    grades, tax_fen
        Grade and last year's tax of firms, for the rules of subsidies; without them there is none.
    firm
        Only this firm; None: all.
    """
    rows = []
    people = dict(
        line_table(markets[0].cluster, _day(markets[0])).group_by("firm").agg(pl.col("people").sum()).iter_rows()
    )
    before = [worth_of_lines(m, m.problem, np.ones(len(m.problem.net.most), np.bool_)) for m in markets]
    pairs = _pairs_by_line(markets[0])
    for measure in known.measures.values():
        gains = [_gains(measure, m, w, known.assumptions, pairs, firm) for m, w in zip(markets, before, strict=True)]
        for who, gain in gains[0].items():
            span = [m.year * g[who].cluster for m, g in zip(markets, gains, strict=True) if who in g]
            running = measure.cost_fen(measure.running, gain.lines, people.get(who, 0))
            cluster, own = round(markets[0].year * gain.cluster), round(markets[0].year * gain.firm) - running
            capital = measure.cost_fen(measure.capital, gain.lines, people.get(who, 0))
            helped = support(
                known.subsidies.values(),
                measure,
                capital,
                _day(markets[0]),
                (grades or {}).get(who),
                (tax_fen or {}).get(who),
            )
            rate, year = known.assumptions.discount_rate.value, cluster + own
            bare = returns(measure, capital, year, rate)
            paid = returns(measure, capital, year, rate, helped.fen, helped.paid_months)
            late = returns(measure, capital, year, rate, helped.fen, helped.late_months)
            each = (bare, paid, late)
            rows.append(
                (
                    *(who, measure.name, gain.lines, cluster, round(min(span)), round(max(span)), own),
                    round(markets[0].year * gain.hours),
                    capital,
                    helped.fen,
                    *(r.payback_years for r in each),
                    *(r.npv_fen for r in each),
                    bare.npv_fen > 0,
                )
            )
    found = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    return found.sort(["stands", "npv_fen", "firm", "measure"], descending=[True, True, False, False])


def _day(at: Market) -> date:
    """Return the first day of a plan."""
    return at.plan.periods[0].start


def _gains(
    measure: Measure, at: Market, before: Worth, assumed: Assumptions, pairs: Floats, firm: str | None
) -> dict[str, _Gain]:
    """Return what a measure brings by firm, worked out for all firms at once: each at the prices as they stand."""
    if measure.of_orders:
        return _order_gains(measure, at, firm)
    found = lines_of(measure, at.cluster, _day(at)).filter(_only(firm))
    if found.is_empty():
        return {}
    problem = at.changed(apply_all(measure, found, at.cluster, _day(at)))
    names = np.array(at.problem.facts.lines)
    mine = np.isin(names, found["line"].to_numpy())
    after = worth_of_lines(at, problem, mine)
    cluster = np.where(mine, after.value - before.value, 0.0) / FEN + _skill_gain(at, problem)
    own = np.where(mine, _own(at, problem, before, after, assumed, pairs), 0.0)
    hours = np.where(mine, after.used - before.used, 0.0) / _MMIN_HOUR
    table = pl.DataFrame({"line": names, "cluster": cluster, "own": own, "hours": hours})
    summed = (
        found.join(table, on="line")
        .group_by("firm")
        .agg(pl.col("cluster").sum(), pl.col("own").sum(), pl.len().cast(pl.Int64), pl.col("hours").sum())
        .sort("firm")
    )
    return {f: _Gain(c, o, n, h) for f, c, o, n, h in summed.iter_rows()}


def _only(firm: str | None) -> pl.Expr:
    """Return the condition that a row is of a firm; of any where there is none."""
    return pl.lit(value=True) if firm is None else pl.col("firm") == firm


def _skill_gain(at: Market, problem: Problem) -> Floats:
    """Return what more hands with a skill are worth at the price of the skill, fen; told at the first line of the firm."""
    found = np.zeros(len(at.problem.net.most))
    more = (problem.net.skill_limit - at.problem.net.skill_limit) / 1000.0 * at.prices.skill
    firms = {firm: i for i, firm in enumerate(at.problem.firms)}
    for row, (firm, _) in enumerate(at.problem.skills):
        lines = np.flatnonzero(at.problem.net.line_firm == firms[firm])
        if len(lines):
            found[lines[0]] += float(more[row].sum()) / FEN
    return found


def _own(at: Market, problem: Problem, before: Worth, after: Worth, assumed: Assumptions, pairs: Floats) -> Floats:
    """Return what the firm of each line earns beside the cluster's gain over the plan, fen.

    Work paid at its ask less wages for the hours that it takes, as lines are filled at the prices; what a line does beyond that takes
    fewer hours where it got faster; electricity for what the plan makes.
    """
    old, new = at.problem.net, problem.net
    wage = 100 * assumed.wage_yuan_hour.value
    paid = (after.used * new.ask - before.used * old.ask) / _MMIN_HOUR / FEN
    hours = (after.used - before.used) / _MMIN_HOUR
    load = np.zeros(len(old.most))
    names = {line: i for i, line in enumerate(at.problem.facts.lines)}
    for line, minutes in at.plan["line_period"].group_by("line").agg(pl.col("load_mmin").sum()).iter_rows():
        load[names[line]] = minutes
    faster = new.ask / np.maximum(1, old.ask)
    saved = np.maximum(0.0, load - before.used) * (1 - 1 / np.maximum(1.0, faster)) / _MMIN_HOUR
    power = _power(at.cluster, at) - _power(problem.cluster, at)
    return np.asarray(
        paid - wage * (hours - saved) + power * pairs * 100 * assumed.electricity_yuan_kwh.value, np.float64
    )


def _power(cluster: Cluster, at: Market) -> Floats:
    """Return kWh a pair by line."""
    rows = dict(cluster["line_flow"].filter(flow="electricity").select("line", "per_pair").iter_rows())
    return np.array([rows.get(line, 0.0) for line in at.problem.facts.lines])


def _pairs_by_line(at: Market) -> Floats:
    """Return the pairs that the plan makes on each line."""
    work = at.plan["work"].group_by("lot", "stage").agg(pl.col("pairs").sum())
    rows = work.join(at.plan["lot_line"], on=["lot", "stage"]).group_by("line").agg(pl.col("pairs").sum())
    made = dict(rows.iter_rows())
    return np.array([float(made.get(line, 0)) for line in at.problem.facts.lines])


def _order_gains(measure: Measure, at: Market, firm: str | None) -> dict[str, _Gain]:
    """Return what a measure of orders brings to their owners' orders; that of prices and losses the owner earns himself."""
    found = owners_of(measure, at.cluster).filter(_only(firm))
    if found.is_empty():
        return {}
    problem = at.changed(apply_all(measure, found, at.cluster, _day(at)))
    more = (value_of_pairs(problem.net, at.prices) - at.best) * problem.net.pairs / FEN
    table = pl.DataFrame({"order": at.problem.orders, "more": more}).join(
        at.cluster["order"].select("order", "style"), on="order"
    )
    summed = found.join(table, on="style").group_by("firm").agg(pl.col("more").sum()).sort("firm")
    return {f: _Gain(more, 0.0, 1) for f, more in summed.iter_rows()}
