"""What the lots of a plan use: minutes, materials, skills, tools and caps, from the tables of the plan alone.

All sums are exact integers in the units of `Net`; lots that the caller leaves out are not counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan
from cordwainer.planning import effective
from cordwainer.quoting.ground import Ground
from cordwainer.quoting.lines import Ints

_WIDE = pl.Int128
_TOOL_STAGE = {"last": "lasting", "die": "cutting", "mould": "sole"}
_E4 = 10_000


@dataclass(frozen=True)
class Use:
    """Use of lots: load L x T, need M x T (micro units, by period), skill S x T, tool U x T, cap G."""

    load: Ints
    need: Ints
    skill: Ints
    tool: Ints
    cap: Ints


def plan_use(ground: Ground, plan: Plan, without: frozenset[str] = frozenset()) -> Use:
    """Return what the lots of a plan use, but for the lots named in ``without``."""
    rows = _rows(ground, plan, without)
    lines, T = ground.lines, len(ground.periods)
    load = np.zeros((len(lines.ids), T), np.int64)
    minutes = rows["pairs"].to_numpy() * rows["m"].to_numpy()
    at = (rows["number"].to_numpy(), rows["period"].to_numpy())
    np.add.at(load, at, minutes)
    return Use(
        load=load,
        need=_need(ground, rows),
        skill=_skill(ground, rows, minutes),
        tool=_tool(ground, rows),
        cap=_cap(ground, rows),
    )


def _rows(ground: Ground, plan: Plan, without: frozenset[str]) -> pl.DataFrame:
    """Return work with order, style, line number, minutes per pair (1/1000) and defect share (1/10,000)."""
    cluster, lines = ground.cluster, ground.lines
    lots = plan["lot"].filter(~pl.col("lot").is_in(sorted(without))).select("lot", "order")
    line = pl.DataFrame(
        {
            "line": lines.ids,
            "number": range(len(lines.ids)),
            "defect": lines.defect_e4[lines.defect],
            "stated": lines.stated_e4,
        },
        schema={"line": pl.String, "number": pl.Int64, "defect": pl.Int64, "stated": pl.Int64},
    )
    routing = effective(cluster, "routing", "routing_template").select(
        "style", "stage", "skill", centi=(pl.col("minutes_per_pair") * 100).round(0).cast(pl.Int64)
    )
    makes = [
        (line_no, kind[1], kind[2], int(e))
        for kind, (numbers, efficiency, _) in ground.makes.items()
        for line_no, e in zip(numbers.tolist(), efficiency.tolist(), strict=True)
    ]
    own = pl.DataFrame(
        makes,
        schema={"number": pl.Int64, "construction": pl.String, "category": pl.String, "efficiency": pl.Int64},
        orient="row",
    )
    found = (
        plan["work"]
        .join(lots, on="lot")
        .join(plan["lot_line"], on=["lot", "stage"])
        .join(line, on="line")
        .join(cluster["order"].select("order", "style"), on="order")
        .join(cluster["style"].select("style", "construction", "category", "last", "sole"), on="style")
        .join(routing, on=["style", "stage"])
        .join(own, on=["number", "construction", "category"], how="left")
    )
    efficiency = pl.coalesce("efficiency", "stated")
    return found.with_columns(m=(10 * pl.col("centi") * (_E4 + pl.col("defect")) + efficiency - 1) // efficiency)


def _bill(cluster: Cluster) -> pl.DataFrame:
    """Return style, stage, material, supplied_by and ``each``: quantity x (1 + loss), 1e-8 units."""
    bill = effective(cluster, "bill_of_material", "bill_template")
    amount = (pl.col("quantity_per_pair") * _E4).round(0).cast(pl.Int64)
    loss = (pl.col("loss_share") * _E4).round(0).cast(pl.Int64)
    return bill.select("style", "stage", "material", "supplied_by", each=amount.cast(_WIDE) * (_E4 + loss))


def _ceil(value: pl.Expr, divisor: int) -> pl.Expr:
    return ((value + (divisor - 1)) // divisor).cast(pl.Int64)


def _need(ground: Ground, rows: pl.DataFrame) -> Ints:
    number = pl.DataFrame(
        {"material": ground.materials, "material_no": range(len(ground.materials))},
        schema={"material": pl.String, "material_no": pl.Int64},
    )
    pairs = rows.group_by("style", "stage", "defect", "period").agg(pl.col("pairs").sum())
    bought = _bill(ground.cluster).filter(pl.col("supplied_by") != "buyer").join(number, on="material")
    each = _ceil(pl.col("each") * (_E4 + pl.col("defect")), 10**6)
    total = (
        pairs.join(bought, on=["style", "stage"])
        .with_columns(need=each * pl.col("pairs"))
        .group_by("material_no", "period")
        .agg(pl.col("need").sum())
    )
    need = np.zeros((len(ground.materials), len(ground.periods)), np.int64)
    need[total["material_no"].to_numpy(), total["period"].to_numpy()] = total["need"].to_numpy()
    return need


def _skill(ground: Ground, rows: pl.DataFrame, minutes: Ints) -> Ints:
    limits = ground.limits
    used = np.zeros(limits.skill_limit.shape, np.int64)
    names = rows["skill"].to_list()
    skill = np.array([-1 if s is None else limits.skill_names[s] for s in names], np.int64)
    number, period = rows["number"].to_numpy(), rows["period"].to_numpy()
    row = np.where(skill >= 0, limits.skill_row[ground.lines.firm[number], np.maximum(skill, 0)], -1)
    np.add.at(used, (row[row >= 0], period[row >= 0]), minutes[row >= 0])
    return used


def _tool(ground: Ground, rows: pl.DataFrame) -> Ints:
    limits = ground.limits
    used = np.zeros(limits.tool_limit.shape, np.int64)
    if not limits.tool_ids:
        return used
    known = [
        (_TOOL_STAGE[kind], code, kind, size, row)
        for (kind, code), each in limits.tool_rows.items()
        for size, row in each
    ]
    tools = pl.DataFrame(known, schema=["stage", "code", "kind", "size", "row"], orient="row")
    code = pl.when(stage="lasting").then("last").when(stage="cutting").then("style").when(stage="sole").then("sole")
    found = rows.with_columns(code=code).join(tools, on=["stage", "code"])
    found = found.join(size_shares(ground.cluster), on=["order", "size"], how="left").with_columns(
        share=pl.when(size="").then(1_000_000).otherwise(pl.col("share").fill_null(0))
    )
    at = (found["row"].to_numpy(), found["period"].to_numpy())
    np.add.at(used, at, (found["pairs"] * found["share"]).to_numpy())
    return used


def size_shares(cluster: Cluster) -> pl.DataFrame:
    """Return order, size and share in millionths: of its sizes, else of its size curve."""
    sized = (
        cluster["order_size"]
        .select("order", "size", part="pairs")
        .join(cluster["order"].select("order", "pairs"), on="order")
    )
    own = sized.select("order", "size", share=(1_000_000 * pl.col("part") + pl.col("pairs") - 1) // pl.col("pairs"))
    curve = cluster["size_curve"].select(
        "size_curve", "size", share=(pl.col("share") * _E4).round(0).cast(pl.Int64) * 100
    )
    rest = cluster["order"].join(own, on="order", how="anti").select("order", "size_curve")
    return pl.concat([own, rest.join(curve, on="size_curve").select("order", "size", "share")])


def _cap(ground: Ground, rows: pl.DataFrame) -> Ints:
    limits = ground.limits
    used = np.zeros(len(limits.cap_ids), np.int64)
    pairs = rows.group_by("style", "stage", "defect", "number", "period").agg(pl.col("pairs").sum())
    number, period, n = (pairs[c].to_numpy() for c in ("number", "period", "pairs"))
    bill = _bill(ground.cluster)
    for f in sorted(set(limits.cap_flow.tolist())):
        flow = ground.cluster["material_flow"].filter(flow=ground.flows[f])
        per_unit = (pl.col("per_unit") * 1000).round(0).cast(pl.Int64)
        total = (
            bill.join(flow.select("material", per_unit=per_unit), on="material")
            .group_by("style", "stage")
            .agg(total=(pl.col("each") * pl.col("per_unit")).sum())
        )
        part = pairs.join(total, on=["style", "stage"], how="left", maintain_order="left").select(
            flow=_ceil(pl.col("total").fill_null(0) * (_E4 + pl.col("defect")), 10**12)
        )
        each = n * (ground.line_flow[number, f] + part["flow"].to_numpy())
        for g in np.flatnonzero(limits.cap_flow == f):
            used[g] = each[limits.cap_line[g, number] & limits.cap_period[g, period]].sum()
    return used
