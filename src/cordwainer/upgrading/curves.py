"""What less of a flow costs: at each price of it the best programme, planned again; and the naive ranking of single measures beside it.

At a price p a year's unit of the flow is worth p. The programme that is best at p, with all that excludes and needs,

  maximise  sum (p less[i] - net[i]) x[i]      net: yearly cost less what the measure earns, over its life

has p as its marginal cost: one unit less still would cost more. Its plan tells how much less there really is. The naive curve sorts measures by
net cost a unit and adds them up, whatever they do to each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cordwainer.planning import Base
from cordwainer.upgrading.goals import with_less
from cordwainer.upgrading.market import market
from cordwainer.upgrading.measure import Catalogue
from cordwainer.upgrading.programme import Rules, choose
from cordwainer.upgrading.raising import Loop, RaiseSettings, life_factor
from cordwainer.upgrading.released import released

_NO_LIMIT_FEN = 10**13


@dataclass(frozen=True)
class CostCurve:
    """Marginal cost of a flow, prices in fen a unit; ``unit`` that of the flow.

    ``programme`` has price, less (reckoned, a year), less_planned (a year, planned again), contribution_fen (what the cluster gains a year) and
    measures (count); ``naive`` has price and less, added up by single measures.
    """

    flow: str
    unit: str
    programme: pl.DataFrame
    naive: pl.DataFrame


def cost_curve(
    base: Base,
    known: Catalogue,
    table: pl.DataFrame,
    flow: str,
    points: int = 4,
    settings: RaiseSettings | None = None,
) -> CostCurve:
    """Return the marginal cost curve of a flow from the opportunities of a plan."""
    at = market(base.cluster, base.plan, None, base)
    given = with_less(at, known, table, flow)
    factor = life_factor(given)
    given = given.with_columns(net=pl.Series(np.where(factor > 0, -given["npv_fen"] / np.maximum(factor, 1e-9), 0.0)))
    some = given.filter((pl.col("less") > 0) & (pl.col("npv_fen") + pl.col("capital_fen") != 0))
    naive = (
        some.with_columns(price=pl.col("net") / pl.col("less"))
        .sort("price", "firm", "measure")
        .select("price", less=pl.col("less").cum_sum())
    )
    costly = naive.filter(pl.col("price") > 0)["price"]
    prices = [0.0, *(float(costly.quantile(k / points) or 0.0) for k in range(1, points + 1))] if len(costly) else [0.0]
    loop = Loop(base, known, "contribution", settings or RaiseSettings())
    before = released(base.cluster, loop.before_plan, flow).total
    rows = []
    for price in dict.fromkeys(prices):
        worth = (price * pl.col("less") - pl.col("net")).round(0).cast(pl.Int64)
        one = choose(some.with_columns(at_price_fen=worth), known, {}, Rules(_NO_LIMIT_FEN), "at_price_fen")
        made = loop.raised(one)
        after = released(made.cluster, made.plan, flow).total
        planned = loop.year * (before - after)
        rows.append((price, float(one.rows["less"].sum()), planned, round(made.contribution_gain_fen), one.rows.height))
    schema = {
        "price": pl.Float64,
        "less": pl.Float64,
        "less_planned": pl.Float64,
        "contribution_fen": pl.Int64,
        "measures": pl.Int64,
    }
    unit = base.cluster["flow"].filter(flow=flow)["unit"].to_list()
    return CostCurve(flow, str(unit[0]) if unit else "", pl.DataFrame(rows, schema=schema, orient="row"), naive)
