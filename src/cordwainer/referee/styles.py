"""Styles as the referee reads them: stages, standard minutes, bill of material (plan model, sections 3 and 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from cordwainer.cluster import Cluster
from cordwainer.core import ceil_div, exact, scaled
from cordwainer.referee.lines import Kind, Line


@dataclass(frozen=True)
class Component:
    """A row of a bill: quantity per pair and loss in 1/10,000; ``own`` unless the buyer supplies it."""

    material: str
    quantity: int
    loss: int
    own: bool


@dataclass(frozen=True)
class Stage:
    """A stage of a style: standard minutes in 1/100 minute, the skill it wants, the stage after it."""

    name: str
    minutes: int
    skill: str | None
    after: str | None
    bill: tuple[Component, ...]
    needs: dict[int, tuple[tuple[str, int], ...]] = field(default_factory=dict)

    def minutes_on(self, line: Line, kind: Kind) -> int:
        """Return minutes per pair on a line, in 1/1000 worker-minute."""
        return ceil_div(10 * self.minutes * (10_000 + line.defect), line.efficiency(kind))

    def need(self, defect: int) -> tuple[tuple[str, int], ...]:
        """Return (material, need per pair in 1/1,000,000 unit) at a defect share in 1/10,000."""
        if defect not in self.needs:
            total: dict[str, int] = {}
            for c in self.bill:
                if c.own:
                    micro = ceil_div(c.quantity * (10_000 + c.loss) * (10_000 + defect), 1_000_000)
                    total[c.material] = total.get(c.material, 0) + micro
            self.needs[defect] = tuple(total.items())
        return self.needs[defect]


@dataclass(frozen=True)
class Style:
    """A style; ``stages`` run so that each comes before the one after it, the last stage last."""

    id: str
    kind: Kind
    tier: int
    last: str | None
    sole: str | None
    stages: dict[str, Stage]
    bill: tuple[Component, ...]

    @property
    def last_stage(self) -> str:
        """Name of the last stage."""
        return list(self.stages)[-1]

    def before(self, stage: str) -> list[str]:
        """Return the stages that come directly before a stage."""
        return [s.name for s in self.stages.values() if s.after == stage]

    @property
    def minutes(self) -> Fraction:
        """Standard minutes of all stages together."""
        return Fraction(sum(s.minutes for s in self.stages.values()), 100)


def _grouped(cluster: Cluster, table: str, *key: str) -> dict[tuple[str, ...], list[dict[str, Any]]]:
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in cluster[table].iter_rows(named=True):
        found.setdefault(tuple(row[k] for k in key), []).append(row)
    return found


def _in_order(stages: list[str], after: dict[str, str]) -> list[str]:
    """Return stages so that each stands before the one after it: the longest way to the end comes first."""

    def steps(stage: str) -> int:
        count = 0
        while stage in after:
            stage, count = after[stage], count + 1
        return count

    return sorted(stages, key=lambda s: (-steps(s), s))


def _component(row: dict[str, Any]) -> Component:
    return Component(
        row["material"],
        scaled(row["quantity_per_pair"], 4),
        scaled(row["loss_share"], 4),
        row["supplied_by"] != "buyer",
    )


def read_styles(cluster: Cluster) -> dict[str, Style]:
    """Return all styles by id: their own routing and bill, else those of the template of their kind."""
    kind_key = ("construction", "category")
    own, own_before = _grouped(cluster, "routing", "style"), _grouped(cluster, "routing_before", "style")
    bills, template_bills = (
        _grouped(cluster, "bill_of_material", "style"),
        _grouped(cluster, "bill_template", *kind_key),
    )
    template = _grouped(cluster, "routing_template", *kind_key)
    template_before = _grouped(cluster, "routing_template_before", *kind_key)
    found = {}
    for row in cluster["style"].iter_rows(named=True):
        style, kind = (row["style"],), (row["construction"], row["category"])
        routing = own.get(style) or template[kind]
        arcs = own_before.get(style, []) if style in own else template_before.get(kind, [])
        after = {a["stage"]: a["after_stage"] for a in arcs}
        bill = bills.get(style) or template_bills.get(kind, [])
        rows = {r["stage"]: r for r in routing}
        found[row["style"]] = Style(
            id=row["style"],
            kind=kind,
            tier=row["tier"],
            last=row["last"],
            sole=row["sole"],
            stages={
                name: Stage(
                    name=name,
                    minutes=scaled(rows[name]["minutes_per_pair"], 2),
                    skill=rows[name]["skill"],
                    after=after.get(name),
                    bill=tuple(_component(b) for b in bill if b["stage"] == name),
                )
                for name in _in_order(list(rows), after)
            },
            bill=tuple(_component(b) for b in bill),
        )
    return found


def material_list_cost(prices: dict[str, float | None], style: Style) -> Fraction | None:
    """Return list price of the materials of a pair in fen, or None where one is unknown."""
    total = Fraction(0)
    for c in style.bill:
        if c.own:
            price = prices[c.material]
            if price is None:
                return None
            total += Fraction(c.quantity * (10_000 + c.loss), 10**8) * exact(price, 3)
    return total
