"""How a shoe is made: stages, minutes, needs and flows of a style, or of a kind of shoe where the style is not in the tables yet.

Roundings are those of docs/concepts/plan-model.md, sections 3 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from cordwainer.core import Text, UserError, ceil_div, scaled
from cordwainer.quoting.ground import Ground
from cordwainer.quoting.lines import CARBON, Ints, Small, counted_at

_KIND = ("construction", "category")


@dataclass(frozen=True)
class Recipe:
    """Stages of a shoe, earlier ones first.

    ``after`` is the index of the next stage (-1: last), ``centi`` standard minutes x 100. Needs as in `Net`: from pointer
    ``need_ptr`` by stage, material and micro units by defect class. ``flow`` milli units from materials, stage x F x D.
    ``assumed`` names what was taken from templates, ``unknown`` (material, flow) the coefficients that are missing.
    """

    style: str | None
    construction: str
    category: str
    tier: int
    last: str | None
    sole: str | None
    stages: tuple[str, ...]
    after: Small
    centi: Ints
    skill: tuple[str | None, ...]
    need_ptr: Small
    need_material: Small
    need: Ints
    flow: Ints
    unknown: frozenset[tuple[str, str]]
    assumed: tuple[str, ...]

    @property
    def carbon_known(self) -> bool:
        """Whether the carbon of all its materials is known."""
        return not any(flow == CARBON for _, flow in self.unknown)


class Recipes:
    """Recipes of a cluster, worked out as they are asked for."""

    def __init__(self, ground: Ground) -> None:
        self._ground, self._cluster = ground, ground.cluster
        self._known: dict[str, Recipe] = {}
        flows = self._cluster["material_flow"].select("material", "flow", "per_unit")
        self._coefficient = {(m, f): scaled(v, 3) for m, f, v in flows.iter_rows()}
        self._expected = tuple(f for f in ground.flows if counted_at(self._cluster, f, "material"))

    @cached_property
    def _styles(self) -> dict[str, int]:
        return {s: i for i, s in enumerate(self._cluster["style"]["style"])}

    @cached_property
    def _own(self) -> dict[str, dict[str, dict[str, list[Any]]]]:
        """Rows of each style's own tables: table, style, columns."""
        return {t: grouped(self._cluster[t], ("style",)) for t in ("routing", "routing_before", "bill_of_material")}

    @cached_property
    def _templates(self) -> dict[str, dict[Any, dict[str, list[Any]]]]:
        names = ("routing_template", "routing_template_before", "bill_template")
        return {t: grouped(self._cluster[t], _KIND) for t in names}

    def of(self, style: str) -> Recipe:
        """Return the recipe of a style of the tables.

        Raises
        ------
        UserError
            If there is no such style.
        """
        if style not in self._known:
            at = self._styles.get(style)
            if at is None:
                raise UserError(
                    "no-such-style",
                    Text(f"There is no style {style}.", f"没有款式 {style}。"),
                    Text(
                        "Name a style of table style, or give construction and category of a new one.",
                        "请使用“款式”表中的款式，或为新款给出工艺与品类。",
                    ),
                )
            self._known[style] = self._made(self._cluster["style"].row(at, named=True))
        return self._known[style]

    def new(self, construction: str, category: str, tier: int, last: str | None = None) -> Recipe:
        """Return the recipe of a style that is not in the tables: that of its kind of shoe.

        Raises
        ------
        UserError
            If there is no template for that kind.
        """
        if (construction, category) not in self._templates["routing_template"]:
            raise UserError(
                "no-template",
                Text(
                    f"There is no routing template for {construction} / {category}.",
                    f"没有 {construction} / {category} 的工艺路线模板。",
                ),
                Text(
                    "Name another construction and category, or add rows to table routing_template.",
                    "请改用其他工艺与品类，或在 routing_template 表中添加。",
                ),
            )
        shoe = {
            "style": None,
            "construction": construction,
            "category": category,
            "tier": tier,
            "last": last,
            "sole": None,
        }
        return self._made(shoe)

    def _made(self, shoe: Mapping[str, Any]) -> Recipe:
        kind = (shoe["construction"], shoe["category"])
        own, routed = shoe["style"], self._own["routing"].get(shoe["style"])
        assumed = []
        if routed is None:
            assumed.append("routing")
            routed = self._templates["routing_template"].get(kind, {"stage": []})
            arcs = self._templates["routing_template_before"].get(kind)
        else:
            arcs = self._own["routing_before"].get(own)
        bill = self._own["bill_of_material"].get(own)
        if bill is None:
            assumed.append("bill")
            bill = self._templates["bill_template"].get(kind)
        following = dict(zip(arcs["stage"], arcs["after_stage"], strict=True)) if arcs else {}
        stages = in_order(routed["stage"], following)
        minutes = dict(zip(routed["stage"], routed["minutes_per_pair"], strict=True)) if stages else {}
        skill = dict(zip(routed["stage"], routed["skill"], strict=True)) if stages else {}
        ptr, material, need, flow, unknown = self._bill(stages, bill)
        return Recipe(
            style=own,
            construction=kind[0],
            category=kind[1],
            tier=shoe["tier"],
            last=shoe["last"],
            sole=shoe["sole"],
            stages=tuple(stages),
            after=np.array([stages.index(following[s]) if s in following else -1 for s in stages], np.int32),
            centi=np.array([scaled(minutes[s], 2) for s in stages], np.int64),
            skill=tuple(skill[s] for s in stages),
            need_ptr=ptr,
            need_material=material,
            need=need,
            flow=flow,
            unknown=unknown,
            assumed=tuple(assumed),
        )

    def _bill(
        self, stages: Sequence[str], bill: dict[str, list[Any]] | None
    ) -> tuple[Small, Small, Ints, Ints, frozenset[tuple[str, str]]]:
        ground, defects = self._ground, [int(d) for d in self._ground.lines.defect_e4]
        parts: dict[str, list[tuple[str, int, int, str]]] = {}
        if bill is not None:
            columns = ("stage", "material", "quantity_per_pair", "loss_share", "supplied_by")
            for stage, material, quantity, loss, by in zip(*(bill[c] for c in columns), strict=True):
                parts.setdefault(stage, []).append((material, scaled(quantity, 4), scaled(loss, 4), by))
        ptr, materials, need = [0], [], []
        flow = np.zeros((len(stages), len(ground.flows), len(defects)), np.int64)
        unknown = set()
        for s, stage in enumerate(stages):
            rows: dict[int, list[int]] = {}
            for material, quantity, loss, by in parts.get(stage, []):
                if by != "buyer":
                    row = rows.setdefault(ground.material_number[material], [0] * len(defects))
                    for d, defect in enumerate(defects):
                        row[d] += ceil_div(quantity * (10_000 + loss) * (10_000 + defect), 10**6)
                unknown |= {(material, f) for f in self._expected if (material, f) not in self._coefficient}
            materials += list(rows)
            need += list(rows.values())
            ptr.append(len(materials))
            for f, name in enumerate(ground.flows):
                total = sum(
                    quantity * (10_000 + loss) * self._coefficient.get((material, name), 0)
                    for material, quantity, loss, _ in parts.get(stage, [])
                )
                flow[s, f] = [ceil_div(total * (10_000 + d), 10**12) for d in defects]
        return (
            np.array(ptr, np.int32),
            np.array(materials, np.int32),
            np.array(need, np.int64).reshape(-1, len(defects)),
            flow,
            frozenset(unknown),
        )


def in_order(stages: Sequence[str], following: Mapping[str, str]) -> list[str]:
    """Return stages with every stage before the one that follows it; those equally far from the end by name."""

    def steps(stage: str) -> int:
        count = 0
        while stage in following:
            stage, count = following[stage], count + 1
        return count

    return sorted(stages, key=lambda s: (-steps(s), s))


def grouped(frame: pl.DataFrame, by: tuple[str, ...]) -> dict[Any, dict[str, list[Any]]]:
    """Return the rows of a table by key, column by column in table order; a key of one column is its value."""
    if frame.is_empty():
        return {}
    parts = frame.group_by(list(by), maintain_order=True).agg(pl.all())
    keys = parts[by[0]].to_list() if len(by) == 1 else list(zip(*(parts[c].to_list() for c in by), strict=True))
    names = [c for c in parts.columns if c not in by]
    return {key: _Row(parts, names, i) for i, key in enumerate(keys)}  # type: ignore[misc]


class _Row(Mapping[str, list[Any]]):
    """One row of grouped lists; a list is made when it is read."""

    def __init__(self, frame: pl.DataFrame, names: list[str], at: int) -> None:
        self._frame, self._names, self._at = frame, names, at

    def __getitem__(self, name: str) -> list[Any]:
        found: list[Any] = self._frame[name][self._at].to_list()
        return found

    def __iter__(self) -> Any:  # noqa: ANN401 (an iterator of names)
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
