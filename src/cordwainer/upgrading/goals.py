"""What a programme may lift: the goals, by estimate of single measures and as a plan shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import polars as pl

from cordwainer.cluster import Cluster, Plan, line_facts
from cordwainer.core import Text
from cordwainer.upgrading.candidates import less_by_firm
from cordwainer.upgrading.effects import apply_all
from cordwainer.upgrading.market import Market
from cordwainer.upgrading.measure import Catalogue
from cordwainer.upgrading.released import released
from cordwainer.upgrading.who import lines_of, owners_of
from cordwainer.upgrading.work import places

Goal = Literal["npv", "contribution", "value_added", "local_share", "carbon", "jobs"]
GOALS: tuple[str, ...] = get_args(Goal)
COLUMN = {
    "npv": "npv_fen",
    "contribution": "cluster_fen",
    "value_added": "value_added_fen",
    "local_share": "pairs_year",
    "carbon": "carbon_less",
    "jobs": "hours_year",
}
"""Column of the opportunities that a goal lifts."""
TITLES = {
    "npv": Text("present value, yuan", "净现值（元）"),
    "contribution": Text("contribution a year, yuan", "年贡献额（元）"),
    "value_added": Text("value added a year, yuan", "年增加值（元）"),
    "local_share": Text("share of ordered pairs made here", "本地生产占比"),
    "carbon": Text("carbon a year, kg", "年碳排（千克）"),
    "jobs": Text("places that are busy", "用工岗位"),
}


@dataclass(frozen=True, slots=True)
class Standings:
    """What a plan comes to: contribution and value added over the plan in fen, share of ordered pairs made here, carbon in g, busy places.

    Value added is the contribution and what is paid for work.
    """

    contribution: float
    value_added: float
    local_share: float
    carbon: float
    jobs: float


def standings(cluster: Cluster, plan: Plan) -> Standings:
    """Return what a plan comes to by all goals but the present value, which is no figure of one plan."""
    facts = line_facts(cluster, plan.periods)
    ask = pl.DataFrame({"line": list(facts.lines), "ask": facts.ask, "surcharge": facts.surcharge})
    rows = plan["line_period"].join(ask, on="line")
    paid = (rows["load_mmin"] * rows["ask"] + rows["overtime_mmin"] * rows["surcharge"]).sum() / 60_000 / 1000
    contribution = float(plan.head["contribution_fen"])
    inside, ordered = int(plan["lot"]["pairs"].sum()), int(cluster["order"]["pairs"].sum())
    return Standings(
        contribution=contribution,
        value_added=contribution + float(paid),
        local_share=inside / max(1, ordered),
        carbon=released(cluster, plan, "carbon").total,
        jobs=float(places(cluster, plan)["places"].sum()),
    )


def with_goals(at: Market, known: Catalogue, table: pl.DataFrame, goals: tuple[str, ...]) -> pl.DataFrame:
    """Return opportunities with the columns of some goals, as they are reckoned before planning again.

    Value added is what the cluster and the firm earn. More hours of work, and pairs in proportion to the hours of the plan, are those of
    the firm's own lines: what others lose of it shows only when planned again. Carbon is that of the plan's own work done with the measure.
    """
    found = table.with_columns(value_added_fen=pl.col("cluster_fen") + pl.col("firm_fen"))
    hours = float(at.plan["line_period"]["load_mmin"].sum()) / 60_000
    stages = max(1, at.plan["lot_line"]["stage"].n_unique())
    each = float(at.plan["lot"]["pairs"].sum()) / max(1.0, hours) / stages
    found = found.with_columns(pairs_year=(pl.col("hours_year") * each).round(0).cast(pl.Int64))
    if "carbon" not in goals:
        return found
    return with_less(at, known, found, "carbon").rename({"less": "carbon_less"})


def with_less(at: Market, known: Catalogue, table: pl.DataFrame, flow: str) -> pl.DataFrame:
    """Return opportunities with ``less`` of a flow a year, in its unit: that of the plan's own work done with the measure."""
    day, now = at.plan.periods[0].start, released(at.cluster, at.plan, flow)
    rows: list[tuple[str, str, int]] = []
    for measure in known.measures.values():
        flows = {e.flow for e in measure.effects if e.kind == "flow"}
        through = flow in flows or (flow == "carbon" and "electricity" in flows)
        if not through and not {e.kind for e in measure.effects} & {"material", "loss", "defect"}:
            continue
        who = owners_of(measure, at.cluster) if measure.of_orders else lines_of(measure, at.cluster, day)
        if who.is_empty():
            continue
        then = released(apply_all(measure, who, at.cluster, day), at.plan, flow)
        less = less_by_firm(now, then, who, at.cluster)
        rows += [(f, measure.name, round(at.year * amount)) for f, amount in less.items()]
    schema = {"firm": pl.String, "measure": pl.String, "less": pl.Int64}
    less_of = pl.DataFrame(rows, schema=schema, orient="row")
    joined = table.join(less_of, on=["firm", "measure"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("less").fill_null(0))
