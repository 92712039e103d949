"""What a measure changes in the tables of a cluster: a pure function from tables to tables.

Roundings: people and pairs a day to whole ones, shares and efficiencies to the decimals of the dictionary; what cannot change stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from cordwainer.cluster import Cluster, stated_efficiencies
from cordwainer.core import Text, UserError
from cordwainer.upgrading.measure import Effect, Measure
from cordwainer.upgrading.who import FINEST, gained, line_table, lines_of, owners_of

Frames = dict[str, pl.DataFrame]
_DECIMALS = {"defect_share": 4, "per_pair": 3, "loss_share": 4}


def apply(measure: Measure, firm: str, cluster: Cluster, day: date) -> Cluster:
    """Return the cluster in which a firm has taken a measure.

    Parameters
    ----------
    day
        First day of the plan: whose statements count, and from when certificates hold.

    Raises
    ------
    UserError
        If there is no such firm, or the measure does not apply to it.
    """
    cluster.require("firm", firm)
    found = owners_of(measure, cluster) if measure.of_orders else lines_of(measure, cluster, day)
    if firm not in found["firm"]:
        raise UserError(
            "measure-does-not-apply",
            Text(
                f"{measure.title.en} does not apply to {firm}: it has not the role, size, lines or styles for it, or has it already.",
                f"“{measure.title.zh}”不适用于 {firm}：角色、规模、产线或款式不符，或已具备。",
            ),
            Text("`cordwainer opportunities` lists what applies.", "用 cordwainer opportunities 查看适用的措施。"),
        )
    return apply_all(measure, found.filter(firm=firm), cluster, day)


def apply_all(measure: Measure, at: pl.DataFrame, cluster: Cluster, day: date) -> Cluster:
    """Return the cluster in which firms have taken a measure: all at once.

    Parameters
    ----------
    at
        firm and line (`lines_of`), or firm and style of a measure of orders (`owners_of`).
    """
    frames: Frames = {}
    for effect in measure.effects:
        now = Cluster({**cluster.frames, **frames})
        frames |= _of_orders(effect, at, now) if measure.of_orders else _of_lines(effect, at, now, day)
        if effect.kind == "figure":
            frames |= _figure(effect, at["firm"].unique().to_list(), now)
    return Cluster({**cluster.frames, **frames})


def _of_lines(effect: Effect, at: pl.DataFrame, cluster: Cluster, day: date) -> Frames:
    size, mine = effect.size.value, pl.col("line").is_in(at["line"].implode())
    statement = cluster["line_statement"]
    match effect.kind:
        case "efficiency":
            return {"line_statement": _faster(statement, mine, 1 + size), **_own_efficiency(cluster, mine, 1 + size)}
        case "minutes":
            factor = 1 / max(1e-3, 1 - size)
            return {"line_statement": _faster(statement, mine, factor), **_own_efficiency(cluster, mine, factor)}
        case "capacity":
            people = (pl.col("people") * (1 + size)).round(0).cast(pl.Int64)
            pairs = (pl.col("pairs_day") * people / pl.col("people")).round(0).clip(lower_bound=1).cast(pl.Int64)
            return {
                "line_statement": statement.with_columns(
                    people=_if(mine, people, "people"), pairs_day=_if(mine, pairs, "pairs_day")
                )
            }
        case "defect":
            return {"line": cluster["line"].with_columns(_less("defect_share", mine, size))}
        case "flow":
            return {"line_flow": _flows(cluster, effect, mine)}
        case "smallest_lot":
            fewer = (pl.col("smallest_lot_pairs") * (1 - size)).ceil().clip(lower_bound=1).cast(pl.Int64)
            return {"line": cluster["line"].with_columns(smallest_lot_pairs=_if(mine, fewer, "smallest_lot_pairs"))}
        case "tier":
            finer = (pl.col("tier") + int(size)).clip(upper_bound=FINEST)
            return {"line": cluster["line"].with_columns(tier=_if(mine, finer, "tier"))}
        case "makes":
            return {"line_makes": _makes(effect, at, cluster, day)}
        case "certificate":
            return {"certificate": _certificates(effect.standard, at, cluster, day)}
        case "skill":
            return {"worker_skill": _skills(size, at, cluster, day)}
    return {}


def _if(mine: pl.Expr, value: pl.Expr, column: str) -> pl.Expr:
    return pl.when(mine).then(value).otherwise(pl.col(column))


def _less(column: str, mine: pl.Expr, share: float) -> pl.Expr:
    fewer = (pl.col(column) * (1 - share)).round(_DECIMALS[column])
    return pl.when(mine).then(fewer).otherwise(pl.col(column)).alias(column)


def _faster(statement: pl.DataFrame, mine: pl.Expr, factor: float) -> pl.DataFrame:
    """More pairs a day by the same people; the asked price a pair stays, so that a worker-hour earns more."""
    pairs = (pl.col("pairs_day") * factor).round(0).clip(lower_bound=1).cast(pl.Int64)
    return statement.with_columns(pairs_day=_if(mine, pairs, "pairs_day"))


def _own_efficiency(cluster: Cluster, mine: pl.Expr, factor: float) -> Frames:
    """Efficiencies that a line states for one kind of shoe rise with it."""
    table = cluster["line_makes"]
    if table["efficiency"].null_count() == table.height:
        return {}
    more = (pl.col("efficiency") * factor).round(4).clip(upper_bound=10)
    return {"line_makes": table.with_columns(efficiency=_if(mine, more, "efficiency"))}


def _flows(cluster: Cluster, effect: Effect, mine: pl.Expr) -> pl.DataFrame:
    """Lower a flow of lines; with electricity its carbon falls in proportion."""
    flows = [effect.flow, *(["carbon"] if effect.flow == "electricity" else [])]
    wanted = mine & pl.col("flow").is_in(flows)
    return cluster["line_flow"].with_columns(_less("per_pair", wanted, effect.size.value))


def _makes(effect: Effect, at: pl.DataFrame, cluster: Cluster, day: date) -> pl.DataFrame:
    """Lines learn kinds of shoe, at a share of the efficiency that their statement says."""
    lines = line_table(cluster, day).join(at.select("line").unique(), on="line", how="semi")
    stated = stated_efficiencies(cluster, day)
    new = (
        gained(cluster, lines, effect.construction)
        .join(stated, on="line", how="left")
        .with_columns(efficiency=(pl.col("stated") / 10_000 * effect.size.value).round(4).clip(0.01, 10))
    )
    table = cluster["line_makes"]
    return pl.concat(
        [table, new.select("line", "construction", "category", "efficiency", extra_fen_pair=pl.lit(0, pl.Int64))]
    )


def _certificates(standard: str, at: pl.DataFrame, cluster: Cluster, day: date) -> pl.DataFrame:
    """Firms hold a standard for all stages; the days on which it is read are those of any plan that begins then."""
    table = cluster["certificate"]
    until = day + timedelta(days=3 * 365)
    held = {"standard": standard, "valid_from": day, "valid_to": until}
    rows = [{**held, "firm": f, "certificate": f"planned-{standard}-{f}"} for f in at["firm"].unique().sort().to_list()]
    return pl.concat([table, pl.DataFrame(rows, schema=table.schema)])


def _skills(share: float, at: pl.DataFrame, cluster: Cluster, day: date) -> pl.DataFrame:
    """Teach a share of a firm's people, at least one, each skill that the firm has, as a second one."""
    people = line_table(cluster, day).group_by("firm").agg(people=pl.col("people").sum())
    table = cluster["worker_skill"].join(people, on="firm", how="left", maintain_order="left")
    mine = pl.col("firm").is_in(at["firm"].implode())
    more = (pl.col("people").fill_null(0) * share).ceil().clip(lower_bound=1).cast(pl.Int64)
    return table.with_columns(
        workers=_if(mine, pl.col("workers") + more, "workers"),
        of_which_multi=_if(mine, pl.col("of_which_multi") + more, "of_which_multi"),
    ).drop("people")


def _of_orders(effect: Effect, at: pl.DataFrame, cluster: Cluster) -> Frames:
    mine, bill = pl.col("style").is_in(at["style"].implode()), cluster["bill_of_material"]
    match effect.kind:
        case "material":
            other = pl.when(mine & (pl.col("material") == effect.old)).then(pl.lit(effect.new)).otherwise("material")
            return {"bill_of_material": bill.with_columns(material=other)}
        case "loss":
            kinds = cluster["material"].filter(pl.col("kind").is_in(effect.materials))["material"]
            wanted = mine & pl.col("material").is_in(kinds.implode())
            return {"bill_of_material": bill.with_columns(_less("loss_share", wanted, effect.size.value))}
        case "premium":
            dearer = (pl.col("price") * (1 + effect.size.value)).round(0).cast(pl.Int64)
            sold = pl.lit(effect.channel) if effect.channel else pl.col("channel")
            return {
                "order": cluster["order"].with_columns(
                    price=_if(mine, dearer, "price"), channel=_if(mine, sold, "channel")
                )
            }
    return {}


def _figure(effect: Effect, firms: Sequence[str], cluster: Cluster) -> Frames:
    """Raise an official figure of the last year by an amount, or set a mark of yes or no; unknown figures stay unknown."""
    table = cluster["figure"]
    last = table["year"].max()
    mine = pl.col("unit").is_in(list(firms)) & (pl.col("indicator") == effect.figure) & (pl.col("year") == last)
    marked = effect.size.unit == ""
    value = pl.lit(effect.size.value) if marked else (pl.col("value") + effect.size.value).round(4)
    return {
        "figure": table.with_columns(value=pl.when(mine & pl.col("value").is_not_null()).then(value).otherwise("value"))
    }
