"""What lots use of every scarce thing: minutes, materials, caps, skills, tools."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cordwainer.referee.decisions import Lot
from cordwainer.referee.facts import Facts, SkillKey, ToolKey


@dataclass(frozen=True)
class Usage:
    """Use by period, in the inner units of the plan model (1/1000 minute, 1/1,000,000 unit, 1/1,000,000 pair).

    ``caps`` is in 1/1000 of the flow over all periods in which the cap counts.
    """

    load: dict[str, list[int]]
    materials: dict[str, list[int]]
    caps: dict[str, int]
    skills: dict[SkillKey, list[int]]
    tools: dict[ToolKey, list[int]]


def usage(facts: Facts, lots: Iterable[Lot]) -> Usage:
    """Return what lots use; work in a stage that the style does not have, or without a line, uses nothing."""
    T = len(facts.clock)
    load = {line: [0] * T for line in facts.lines}
    materials = {material: [0] * T for material in facts.stock}
    caps = dict.fromkeys(facts.caps, 0)
    skills = {key: [0] * T for key in facts.workers}
    tools = {key: [0] * T for key in facts.tool_limits}
    for lot in lots:
        order = facts.orders[lot.order]
        shares = facts.tool_shares(order)
        for stage, by_period in lot.work.items():
            line = lot.lines.get(stage)
            if line is None or stage not in order.style.stages:
                continue
            unit = facts.unit(order.style, stage, line)
            for t, pairs in by_period.items():
                load[line][t] += pairs * unit.minutes
                for material, need in unit.needs:
                    materials[material][t] += pairs * need
                for cap, flow in unit.flows:
                    if t in cap.periods:
                        caps[cap.id] += pairs * flow
                if unit.skill is not None:
                    skills[unit.skill][t] += pairs * unit.minutes
                for tool, share in shares.get(stage, ()):
                    tools[tool][t] += pairs * share
    return Usage(load, materials, caps, skills, tools)
