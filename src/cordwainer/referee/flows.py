"""Flows per pair and the caps on them (plan model, rule 9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cordwainer.cluster import Cluster
from cordwainer.core import Text, UserError, ceil_div, scaled
from cordwainer.referee.clock import Clock
from cordwainer.referee.lines import Line
from cordwainer.referee.styles import Stage

CARBON = "carbon"


@dataclass(frozen=True)
class Cap:
    """A limit on a flow: ``amount`` in 1/1000 of its unit, ``periods`` in which it counts."""

    id: str
    flow: str
    scope: str
    of: str | None
    periods: frozenset[int]
    amount: int

    def holds(self, line: Line) -> bool:
        """Return whether a line is in scope."""
        place = {"district": line.district, "firm": line.firm, "site": line.site}
        return self.scope == "cluster" or place[self.scope] == self.of


def read_caps(cluster: Cluster, clock: Clock) -> dict[str, Cap]:
    """Return all caps by id."""
    return {
        r["cap"]: Cap(
            id=r["cap"],
            flow=r["flow"],
            scope=r["scope"],
            of=r["of"],
            periods=frozenset(t for t, day in enumerate(clock.starts) if r["date_from"] <= day <= r["date_to"]),
            amount=scaled(r["amount"], 3),
        )
        for r in cluster["cap"].iter_rows(named=True)
    }


class Flows:
    """Coefficients of flows.

    Parameters
    ----------
    cluster
        Its tables ``flow``, ``line_flow`` and ``material_flow`` are read.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.counted_at = dict(cluster["flow"].select("flow", "counted_at").iter_rows())
        self.lines = {
            (line, flow): scaled(x, 3)
            for line, flow, x in cluster["line_flow"].select("line", "flow", "per_pair").iter_rows()
        }
        self.materials = {
            (material, flow): scaled(x, 3)
            for material, flow, x in cluster["material_flow"].select("material", "flow", "per_unit").iter_rows()
        }
        self.known: dict[tuple[int, str], int] = {}

    def of_line(self, line: Line, flow: str) -> int:
        """Return the line's own coefficient in 1/1000 per pair."""
        given = self.lines.get((line.id, flow))
        if given is None and self.counted_at.get(flow, "both") != "material":
            raise unknown(flow, f"line {line.id}", f"生产线 {line.id}")
        return given or 0

    def of_materials(self, stage: Stage, flow: str) -> int:
        """Return the flow of a stage's materials per pair without seconds, in 1/100,000,000,000 (loss included)."""
        key = (id(stage), flow)
        if key not in self.known:
            self.known[key] = sum(
                c.quantity * (10_000 + c.loss) * self.of_material(c.material, flow) for c in stage.bill
            )
        return self.known[key]

    def of_material(self, material: str, flow: str) -> int:
        """Return a material's coefficient in 1/1000 per unit."""
        given = self.materials.get((material, flow))
        if given is None and self.counted_at.get(flow, "both") != "line":
            raise unknown(flow, f"material {material}", f"材料 {material}")
        return given or 0

    def per_pair(self, stage: Stage, line: Line, flow: str) -> int:
        """Return the flow of a pair in 1/1000 (the line's part is whole, so only the materials' part is rounded)."""
        of_materials = ceil_div(self.of_materials(stage, flow) * (10_000 + line.defect), 10**12)
        return self.of_line(line, flow) + of_materials


def unknown(flow: str, what_en: str, what_zh: str) -> UserError:
    """Return the error that stops planning where a capped or priced flow has no coefficient."""
    return UserError(
        "flow-unknown",
        Text(
            f"Flow {flow} is capped or priced, but unknown for {what_en}.",
            f"项目 {flow} 有上限或价格，但 {what_zh} 的系数未知。",
        ),
        Text("Give its coefficient, or remove the cap or price.", "请补充系数，或取消上限或价格。"),
    )


def read_transfers(cluster: Cluster, *, carbon_priced: bool) -> dict[tuple[str, str], dict[str, Any]]:
    """Return transfers by (from, to) with ``carbon`` in 1/1000 g; raise where carbon is priced and unknown."""
    found = {}
    for row in cluster["transfer"].iter_rows(named=True):
        route = f"{row['from_district']} > {row['to_district']}"
        if carbon_priced and row["carbon_g_pair"] is None:
            raise unknown(CARBON, f"transfer {route}", f"运输 {route}")
        carbon = scaled(row["carbon_g_pair"], 3) if carbon_priced else 0
        found[row["from_district"], row["to_district"]] = {**row, "carbon": carbon}
    return found
