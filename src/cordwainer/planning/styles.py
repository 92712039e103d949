"""Styles as arrays: stages in order, minutes, needs and flows of each style-stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster
from cordwainer.core import ceil_div, scaled
from cordwainer.planning.problem import Ints, Small

_TEMPLATE = ["construction", "category"]


@dataclass(frozen=True)
class StyleArrays:
    """Style-stages ("sj"): those of a style stand together, earlier stages before later ones.

    ``ptr`` by style; ``stage`` names, ``after`` index within the style of the next stage (-1: last), ``centi`` standard
    minutes x 100; needs as in `Net`; ``flow`` is milli units per pair from materials, sj x flow x defect class.
    """

    index: dict[str, int]
    ptr: Ints
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
        .join(mine.select("style"), on="style", how="anti")
        .join(cluster[template], on=_TEMPLATE)
        .select(wanted)
    )
    return pl.concat([mine.select(wanted), assumed])


def arcs_of(cluster: Cluster) -> dict[str, list[tuple[str, str]]]:
    """Return the arcs (stage, next stage) of every style; a style with a routing of its own has arcs of its own."""
    own = cluster["routing"].select("style").unique()
    assumed = (
        cluster["style"]
        .select("style", *_TEMPLATE)
        .join(own, on="style", how="anti")
        .join(cluster["routing_template_before"], on=_TEMPLATE)
    )
    both = pl.concat(
        [
            cluster["routing_before"].select("style", "stage", "after_stage"),
            assumed.select("style", "stage", "after_stage"),
        ]
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for style, stage, after in both.iter_rows():
        found.setdefault(style, []).append((stage, after))
    return found


def in_order(stages: Sequence[str], arcs: Sequence[tuple[str, str]]) -> list[str]:
    """Return stages with every stage before the one that follows it."""
    after = dict(arcs)

    def depth(stage: str) -> int:
        steps = 0
        while stage in after:
            stage, steps = after[stage], steps + 1
        return steps

    return sorted(stages, key=lambda s: (-depth(s), s))


def style_arrays(
    cluster: Cluster, materials: dict[str, int], flows: Sequence[str], defects_e4: Sequence[int]
) -> StyleArrays:
    """Return the arrays of all styles that an order names."""
    used = cluster["order"].select("style").unique(maintain_order=True)
    routing = effective(cluster, "routing", "routing_template").join(used, on="style", how="semi")
    bill = effective(cluster, "bill_of_material", "bill_template").join(used, on="style", how="semi")
    arcs = arcs_of(cluster)
    coefficient = {
        (m, f): scaled(v, 3) for m, f, v in cluster["material_flow"].select("material", "flow", "per_unit").iter_rows()
    }
    bills: dict[tuple[str, str], list[tuple[str, int, int, str]]] = {}
    for style, stage, material, quantity, loss, by in bill.select(
        "style", "stage", "material", "quantity_per_pair", "loss_share", "supplied_by"
    ).iter_rows():
        bills.setdefault((style, stage), []).append((material, scaled(quantity, 4), scaled(loss, 4), by))
    by_style: dict[str, dict[str, tuple[float, str | None]]] = {}
    for style, stage, minutes, skill in routing.select("style", "stage", "minutes_per_pair", "skill").iter_rows():
        by_style.setdefault(style, {})[stage] = (minutes, skill)
    ptr, stage_of, after, centi, skills = [0], [], [], [], []
    need_ptr, need_material, need = [0], [], []
    flow_rows: list[list[list[int]]] = []
    index: dict[str, int] = {}
    parts_cache: dict[tuple[tuple[str, int, int, str], ...], tuple[list[tuple[int, list[int]]], list[list[int]]]] = {}
    for style in used["style"]:
        index[style] = len(index)
        stages = in_order(list(by_style[style]), arcs.get(style, []))
        following = dict(arcs.get(style, []))
        for stage in stages:
            stage_of.append(stage)
            after.append(stages.index(following[stage]) if stage in following else -1)
            minutes, skill = by_style[style][stage]
            centi.append(scaled(minutes, 2))
            skills.append(skill)
            parts = tuple(bills.get((style, stage), []))
            if parts not in parts_cache:
                parts_cache[parts] = _needs_and_flows(parts, materials, flows, coefficient, defects_e4)
            needs, flow = parts_cache[parts]
            for material, by_class in needs:
                need_material.append(material)
                need.append(by_class)
            need_ptr.append(len(need_material))
            flow_rows.append(flow)
        ptr.append(len(stage_of))
    assumed = cluster["style"].join(used, on="style", how="semi").join(cluster["routing"], on="style", how="anti")
    classes = len(defects_e4)
    return StyleArrays(
        index=index,
        ptr=np.array(ptr, np.int64),
        stage=tuple(stage_of),
        after=np.array(after, np.int32),
        centi=np.array(centi, np.int64),
        skill=tuple(skills),
        need_ptr=np.array(need_ptr, np.int32),
        need_material=np.array(need_material, np.int32),
        need=np.array(need, np.int64).reshape(-1, classes),
        flow=np.array(flow_rows, np.int64).reshape(len(stage_of), len(flows), classes),
        assumed=tuple(assumed["style"]),
    )


def _needs_and_flows(
    parts: tuple[tuple[str, int, int, str], ...],
    materials: dict[str, int],
    flows: Sequence[str],
    coefficient: dict[tuple[str, str], int],
    defects_e4: Sequence[int],
) -> tuple[list[tuple[int, list[int]]], list[list[int]]]:
    """Return needs (material, micro units by defect class) and flows (milli units by flow and defect class) of a bill.

    Coefficients that are given always count, wherever the flow is expected to be counted.
    """
    needs: dict[int, list[int]] = {}
    for material, quantity, loss, by in parts:
        if by != "buyer":
            row = needs.setdefault(materials[material], [0] * len(defects_e4))
            for d, defect in enumerate(defects_e4):
                row[d] += ceil_div(quantity * (10_000 + loss) * (10_000 + defect), 10**6)
    flow_rows = []
    for flow in flows:
        total = sum(
            quantity * (10_000 + loss) * coefficient.get((material, flow), 0) for material, quantity, loss, _ in parts
        )
        flow_rows.append([ceil_div(total * (10_000 + d), 10**12) for d in defects_e4])
    return list(needs.items()), flow_rows
