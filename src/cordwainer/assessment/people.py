"""People: skills that firms have against what the plan uses, what the shortage is worth, and pressure on wages."""

from __future__ import annotations

import polars as pl

from cordwainer.assessment.worked import lines_with_firms, worked
from cordwainer.cluster import Cluster, Plan, line_facts

LEAST_FIRMS = 5


def _minutes(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return firm, skill, period, minutes of work that wants a skill."""
    rows = worked(cluster, plan).drop_nulls("skill")
    return rows.group_by("firm", "skill", "period").agg(minutes=(pl.col("pairs") * pl.col("minutes")).sum())


def _worker_minutes(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return firm, period, minutes of one worker with overtime: the most that one of the firm's lines offers."""
    facts = line_facts(cluster, plan.periods)
    lines = pl.DataFrame({"line": facts.lines}, schema={"line": pl.String})
    firm = lines.join(lines_with_firms(cluster), on="line", how="left", maintain_order="left")["firm"]
    frames = [
        pl.DataFrame(
            {"firm": firm, "period": t, "each": facts.worker[:, t] / 1000}, schema_overrides={"period": pl.Int64}
        )
        for t in range(len(plan.periods))
    ]
    return pl.concat(frames).group_by("firm", "period").agg(pl.col("each").max())


def skills(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return, by firm and skill, people there, people that the plan's fullest week uses, and the worth of one more hour.

    Columns: firm, skill, workers (null: unknown), multi, needed (people in the fullest week), used (share of all minutes in it),
    yuan_hour (highest price of the plan for an hour more), short_yuan (price x minutes there, summed: what the shortage holds back).
    """
    need = _minutes(cluster, plan).join(_worker_minutes(cluster, plan), on=["firm", "period"], how="left")
    need = need.with_columns(people=pl.when(pl.col("each") > 0).then(pl.col("minutes") / pl.col("each")))
    fullest = need.group_by("firm", "skill").agg(needed=pl.col("people").max())
    held = cluster["worker_skill"].select("firm", "skill", "workers", multi="of_which_multi")
    table = fullest.join(held, on=["firm", "skill"], how="full", coalesce=True)
    priced = _prices(cluster, plan)
    return (
        table.join(priced, on=["firm", "skill"], how="left")
        .with_columns(
            used=pl.when(pl.col("workers") > 0).then(pl.col("needed") / pl.col("workers")),
            yuan_hour=pl.col("yuan_hour").fill_null(0.0),
            short_yuan=pl.col("short_yuan").fill_null(0.0),
        )
        .select("firm", "skill", "workers", "multi", "needed", "used", "yuan_hour", "short_yuan")
        .sort("short_yuan", "used", "firm", "skill", descending=[True, True, False, False], nulls_last=True)
    )


def _prices(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return firm, skill, yuan_hour, short_yuan from the plan's prices of kind skill (1/1000 fen a minute, id ``firm|skill``)."""
    split = pl.col("id").str.splitn("|", 2)
    rows = (
        plan["price"]
        .filter(pl.col("kind") == "skill", pl.col("mfen") > 0)
        .with_columns(firm=split.struct.field("field_0"), skill=split.struct.field("field_1"))
    )
    held = cluster["worker_skill"].select("firm", "skill", "workers")
    rows = rows.join(held, on=["firm", "skill"], how="left").join(
        _worker_minutes(cluster, plan), on=["firm", "period"], how="left"
    )
    worth = pl.col("mfen") * pl.col("workers") * pl.col("each")
    return rows.group_by("firm", "skill").agg(
        yuan_hour=pl.col("mfen").max() * 60 / 100_000, short_yuan=worth.sum() / 100_000
    )


def skills_of_the_cluster(table: pl.DataFrame) -> pl.DataFrame:
    """Return skills over all firms: skill, firms, workers, multi_share, needed, yuan_hour, short_yuan.

    Blank where fewer than five firms have people with the skill; multi_share over the firms that say how many are multi-skilled.
    """
    known = pl.col("multi").is_not_null()
    multi = pl.col("multi").sum() / pl.when(known).then("workers").sum()
    found = table.group_by("skill").agg(
        firms=pl.col("firm").n_unique().cast(pl.Int64),
        workers=pl.col("workers").sum(),
        multi_share=multi,
        needed=pl.col("needed").sum(),
        yuan_hour=pl.col("yuan_hour").max(),
        short_yuan=pl.col("short_yuan").sum(),
    )
    told = pl.col("firms") >= LEAST_FIRMS
    numbers = ("workers", "multi_share", "needed", "yuan_hour", "short_yuan")
    return found.with_columns(pl.when(told).then(c).alias(c) for c in numbers).sort("skill")


def wage_pressure(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return, by district and stage, how asks and shadow prices of labour stand: where wages are about to rise.

    Columns: district, stage, firms, ask_yuan_hour (mean by people), price_yuan_hour (mean shadow price of a minute by people and
    period, x 60), pressure (price over ask). Blank for fewer than five firms.
    """
    facts = line_facts(cluster, plan.periods)
    asks = pl.DataFrame(
        {"line": facts.lines, "ask": facts.ask / 100_000}, schema={"line": pl.String, "ask": pl.Float64}
    )
    price = plan["price"].filter(pl.col("kind") == "line").group_by(line="id").agg(mfen=pl.col("mfen").sum())
    people = cluster["line_statement"].sort("valid_from").unique("line", keep="last").select("line", "people")
    rows = (
        lines_with_firms(cluster)
        .join(asks, on="line")
        .join(people, on="line")
        .join(price, on="line", how="left")
        .with_columns(price=pl.col("mfen").fill_null(0) / len(plan.periods) * 60 / 100_000)
    )
    by_people = {c: (pl.col(c) * pl.col("people")).sum() / pl.col("people").sum() for c in ("ask", "price")}
    table = rows.group_by("district", "stage").agg(
        firms=pl.col("firm").n_unique().cast(pl.Int64),
        ask_yuan_hour=by_people["ask"],
        price_yuan_hour=by_people["price"],
    )
    told = pl.col("firms") >= LEAST_FIRMS
    return (
        table.with_columns(pressure=pl.col("price_yuan_hour") / pl.col("ask_yuan_hour"))
        .with_columns(pl.when(told).then(c).alias(c) for c in ("ask_yuan_hour", "price_yuan_hour", "pressure"))
        .sort("pressure", "district", "stage", descending=[True, False, False], nulls_last=True)
    )
