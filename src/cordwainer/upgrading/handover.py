"""What a phase-out leaves behind: who takes over each order, which jobs are lost and offered, and what leaks to other places."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.upgrading.measure import Catalogue
from cordwainer.upgrading.phase_out import PhaseOut, Tried
from cordwainer.upgrading.released import released
from cordwainer.upgrading.who import line_table
from cordwainer.upgrading.work import offered

_MOST_TAKERS = 4


def _worked(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return order, stage, line, firm and pairs of a plan."""
    site = cluster["site"].select("site", "firm")
    lines = cluster["line"].select("line", "site").join(site, on="site").select("line", "firm")
    return (
        plan["work"]
        .group_by("lot", "stage")
        .agg(pl.col("pairs").sum())
        .join(plan["lot_line"], on=["lot", "stage"])
        .join(plan["lot"].select("lot", "order"), on="lot")
        .group_by("order", "stage", "line")
        .agg(pl.col("pairs").sum())
        .join(lines, on="line")
        .sort("order", "stage", "line")
    )


def taken_over(made: PhaseOut) -> pl.DataFrame:
    """Return a row for each order and stage that a line which stops had: pairs, who has more of them after, what becomes of the order.

    Columns: order, stage, from_firm, pairs, by (firms with more pairs of that stage than before, most first), moved (pairs that they
    have more), committed, outcome_before, outcome_after, late_before, late_after (days; None where nothing is delivered).
    """
    gone = {line for a in made.best.actions if a.stops for line in a.lines}
    before, after = (_worked(t.cluster, t.plan) for t in (made.before, made.best))
    left = before.filter(pl.col("line").is_in(list(gone)))
    lost = left.group_by("order", "stage").agg(
        from_firm=pl.col("firm").unique().sort().str.join(", "), pairs=pl.col("pairs").sum()
    )
    firm = [pl.col("pairs").sum()]
    grew = (
        after.group_by("order", "stage", "firm")
        .agg(firm)
        .join(
            before.group_by("order", "stage", "firm").agg(firm),
            on=["order", "stage", "firm"],
            how="left",
            suffix="_was",
        )
        .with_columns(more=pl.col("pairs") - pl.col("pairs_was").fill_null(0))
        .filter(pl.col("more") > 0)
        .sort("order", "stage", "more", "firm", descending=[False, False, True, False])
        .group_by("order", "stage", maintain_order=True)
        .agg(by=pl.col("firm").head(_MOST_TAKERS).str.join(", "), moved=pl.col("more").sum())
    )
    committed = made.before.cluster["order"].select("order", "committed")
    found = lost.join(grew, on=["order", "stage"], how="left").join(committed, on="order", how="left")
    for when, one in (("before", made.before), ("after", made.best)):
        late = one.plan["order_plan"].select("order", pl.col("late_days").alias(f"late_{when}"))
        outcome = one.plan["outcome"].select("order", pl.col("outcome").alias(f"outcome_{when}"))
        found = found.join(outcome, on="order", how="left").join(late, on="order", how="left")
    return found.with_columns(pl.col("moved").fill_null(0)).sort("order", "stage")


def jobs(made: PhaseOut) -> pl.DataFrame:
    """Return district, skill (the stage), ``lost`` places of lines that stop, ``offered`` by what the others do more, and the ``skilled`` lost.

    ``skilled`` are the lost ones with a skill of their own, in proportion to the people of their firm; None where the firm has no rows.
    """
    day = made.before.plan.periods[0].start
    lines = line_table(made.before.cluster, day)
    people = {line: a.people for a in made.best.actions if a.stops for line in a.lines}
    gone = pl.DataFrame(
        {"line": list(people), "lost": list(people.values())}, schema={"line": pl.String, "lost": pl.Int64}
    )
    skilled = (
        made.before.cluster["worker_skill"]
        .group_by("firm")
        .agg(pl.col("workers").sum())
        .join(lines.group_by("firm").agg(all=pl.col("people").sum()), on="firm")
        .select("firm", share=(pl.col("workers") / pl.col("all").clip(lower_bound=1)).clip(upper_bound=1))
    )
    lost = (
        gone.join(lines, on="line")
        .join(skilled, on="firm", how="left")
        .group_by("district", "stage")
        .agg(pl.col("lost").sum(), skilled=(pl.col("lost") * pl.col("share")).sum().round(1))
    )
    more = offered(made.before.cluster, made.before.plan, made.best.plan, people)
    both = lost.join(more, on=["district", "stage"], how="full", coalesce=True)
    return (
        both.with_columns(pl.col("lost").fill_null(0), pl.col("offered").fill_null(0.0).round(1))
        .filter((pl.col("lost") > 0) | (pl.col("offered") > 0))
        .select("district", skill="stage", lost="lost", offered="offered", skilled="skilled")
        .sort("district", "skill")
    )


@dataclass(frozen=True)
class Leak:
    """What goes to other places: pairs that the cluster makes no longer, and what they release of a flow there, from ``low`` to ``high``."""

    flow: str
    unit: str
    pairs: int
    before: float
    after: float
    low: float
    high: float


def _inside(one: Tried) -> int:
    return int(one.plan["lot"]["pairs"].sum())


def leaks(made: PhaseOut, known: Catalogue, flow: str) -> Leak:
    """Return what leaks of a flow, as `data/phase_out.toml` assumes: a share of the lost pairs, at so many times the flow a pair of before."""
    before, after = (released(t.cluster, t.plan, flow).total for t in (made.before, made.best))
    pairs = max(0, _inside(made.before) - _inside(made.best))
    each, told = before / max(1, _inside(made.before)), known.leaving
    units = made.before.cluster["flow"].filter(flow=flow)["unit"].to_list()
    return Leak(
        flow=flow,
        unit=str(units[0]) if units else "",
        pairs=pairs,
        before=before,
        after=after,
        low=pairs * each * told.leak_share_low.value * told.leak_flow_low.value,
        high=pairs * each * told.leak_share_high.value * told.leak_flow_high.value,
    )
