"""Styles as arrays: stages in order, minutes, needs and flows of each style-stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, places, product, whole
from cordwainer.planning.problem import Flags, Ints, Small, numbered

_TEMPLATE = ["construction", "category"]


@dataclass(frozen=True)
class StyleArrays:
    """Style-stages ("sj"): those of a style stand together, earlier stages before later ones.

    ``styles`` are all that an order names, ``shoe`` their (construction, category, tier), ``ptr`` by style; ``style`` of a
    style-stage, ``stage`` name, ``after`` index within the style of the next stage (-1: last), ``centi`` standard minutes x 100;
    needs as in `Net`; ``flow`` is milli units per pair from materials, sj x flow x defect class.
    """

    styles: pl.Series
    shoe: tuple[tuple[str, str, int], ...]
    ptr: Ints
    style: Ints
    stage: tuple[str, ...]
    after: Small
    centi: Ints
    skill: tuple[str | None, ...]
    need_ptr: Small
    need_material: Small
    need: Ints
    flow: Ints
    assumed: tuple[str, ...]


def effective(cluster: Cluster, own: str, template: str) -> pl.DataFrame:
    """Return rows of a style table, with those of its template for the styles that have none of their own."""
    mine = cluster[own]
    wanted = [c for c in mine.columns if c in (*cluster[template].columns, "style")]
    assumed = (
        cluster["style"]
        .select("style", *_TEMPLATE)
        .join(mine.select("style"), on="style", how="anti", maintain_order="left")
        .join(cluster[template], on=_TEMPLATE, maintain_order="left_right")
        .select(wanted)
    )
    return pl.concat([mine.select(wanted), assumed])


def _arcs(cluster: Cluster) -> pl.DataFrame:
    """Return style, stage, after_stage of every style; a style with a routing of its own has arcs of its own."""
    assumed = (
        cluster["style"]
        .select("style", *_TEMPLATE)
        .join(cluster["routing"], on="style", how="anti")
        .join(cluster["routing_template_before"], on=_TEMPLATE)
    )
    wanted = ["style", "stage", "after_stage"]
    return pl.concat([cluster["routing_before"].select(wanted), assumed.select(wanted)])


def _stages(cluster: Cluster, styles: pl.Series) -> pl.DataFrame:
    """Return the style-stages of styles in their sequence: number of the style, stage, minutes, skill, row of the next or -1."""
    rows = (
        effective(cluster, "routing", "routing_template")
        .join(styles.to_frame("style").with_row_index("number"), on="style")
        .select("style", "number", "stage", "minutes_per_pair", "skill")
        .join(_arcs(cluster), on=["style", "stage"], how="left")
        .with_row_index("row")
    )
    of_next = rows.select("style", "row", after_stage="stage")
    following = rows.join(of_next, on=["style", "after_stage"], how="left", maintain_order="left")["row_right"]
    after = following.cast(pl.Int64).fill_null(-1).to_numpy()
    depth, at = np.zeros(len(after), np.int64), after
    while (at >= 0).any():
        depth += at >= 0
        at = np.where(at >= 0, after[at], -1)
    rows = rows.with_columns(pl.Series("depth", depth), pl.Series("after", after))
    rows = rows.sort("number", "depth", "stage", descending=[False, True, False])
    place = np.zeros(len(after) + 1, np.int64)
    place[rows["row"].to_numpy()], place[-1] = np.arange(len(after)), -1
    return rows.with_columns(pl.Series("after", place[rows["after"].to_numpy()]))


def style_arrays(cluster: Cluster, flows: Sequence[str], defects_e4: Ints) -> StyleArrays:
    """Return the arrays of all styles that an order names; ``defects_e4`` are the defect classes, in 1/10,000."""
    styles = cluster["order"]["style"].unique(maintain_order=True)
    kinds = cluster["style"].select("style", *_TEMPLATE, "tier").rows_by_key("style", unique=True)
    stages = _stages(cluster, styles)
    style, after = stages["number"].cast(pl.Int64).to_numpy(), stages["after"].to_numpy()
    ptr = np.searchsorted(style, np.arange(len(styles) + 1)).astype(np.int64)
    materials = cluster["material"]["material"]
    bill = _bill(cluster, stages, materials)
    need_ptr, need_material, need = _needs(bill, len(stages), defects_e4)
    assumed = cluster["style"].join(styles.to_frame("style"), on="style", how="semi", maintain_order="left")
    return StyleArrays(
        styles=styles,
        shoe=tuple(kinds[s] for s in styles),
        ptr=ptr,
        style=style,
        stage=tuple(stages["stage"]),
        after=np.where(after >= 0, after - ptr[style], -1).astype(np.int32),
        centi=whole(stages["minutes_per_pair"], 2),
        skill=tuple(stages["skill"]),
        need_ptr=need_ptr,
        need_material=need_material,
        need=need,
        flow=_flows(cluster, bill, len(stages), materials, flows, defects_e4),
        assumed=tuple(assumed.join(cluster["routing"], on="style", how="anti", maintain_order="left")["style"]),
    )


@dataclass(frozen=True)
class _Bill:
    """Rows of bills by style-stage: material, units per pair with loss in 1/100,000,000, whether the buyer supplies it."""

    sj: Ints
    material: Ints
    units_e8: Ints
    from_buyer: Flags


def _bill(cluster: Cluster, stages: pl.DataFrame, materials: pl.Series) -> _Bill:
    of_stage = stages.select("style", "stage").with_row_index("sj")
    rows = (
        effective(cluster, "bill_of_material", "bill_template")
        .join(of_stage, on=["style", "stage"], maintain_order="left")
        .sort("sj", maintain_order=True)
    )
    return _Bill(
        rows["sj"].cast(pl.Int64).to_numpy(),
        places(rows["material"], materials),
        whole(rows["quantity_per_pair"], 4) * (10_000 + whole(rows["loss_share"], 4)),
        (rows["supplied_by"] == "buyer").to_numpy(),
    )


def _needs(bill: _Bill, count: int, defects_e4: Ints) -> tuple[Small, Small, Ints]:
    """Return pointers by style-stage, material, and micro units by defect class; what the buyer supplies is no need."""
    own = np.flatnonzero(~bill.from_buyer)
    sj, material, units = bill.sj[own], bill.material[own], bill.units_e8[own]
    need_no, first = numbered(sj, material)
    together = np.argsort(need_no, kind="stable")
    begins = np.searchsorted(need_no[together], np.arange(len(first)))
    need = np.zeros((len(first), len(defects_e4)), np.int64)
    if len(first):
        for d, defect in enumerate(defects_e4):
            each = -((-units[together] * (10_000 + defect)) // 10**6)
            need[:, d] = np.add.reduceat(each, begins)
    ptr = np.searchsorted(sj[first], np.arange(count + 1))
    return ptr.astype(np.int32), material[first].astype(np.int32), need


def _flows(
    cluster: Cluster, bill: _Bill, count: int, materials: pl.Series, flows: Sequence[str], defects_e4: Ints
) -> Ints:
    """Return milli units per pair by style-stage, flow and defect class.

    Coefficients that are given always count, wherever the flow is expected to be counted.
    """
    found = np.zeros((count, len(flows), len(defects_e4)), np.int64)
    share = 10_000 + defects_e4
    most = int(np.bincount(bill.sj, minlength=1).max())  # rows of a style-stage
    rows = cluster["material_flow"].filter(pl.col("flow").is_in(list(flows)))
    per_unit = np.zeros((len(flows), len(materials)), np.int64)
    flow_no = places(rows["flow"], pl.Series(flows, dtype=pl.String))
    per_unit[flow_no, places(rows["material"], materials)] = whole(rows["per_unit"], 3)
    for f in range(len(flows)):
        each = product(bill.units_e8, per_unit[f, bill.material], terms=most)
        total = np.zeros(count, each.dtype)
        np.add.at(total, bill.sj, each)
        units, rest = total[:, None] // 10**12, total[:, None] % 10**12  # so that the products fit 64 bits
        found[:, f, :] = units * share - ((-rest * share) // 10**12)
    return found
