"""The next step of a firm: one to three measures in order, what must come first, what it earns him and others, in an owner's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from cordwainer.cluster import Cluster
from cordwainer.core import Text, UserError
from cordwainer.upgrading.effects import apply
from cordwainer.upgrading.firms import grade_charges, grades_and_tax
from cordwainer.upgrading.measure import Catalogue, Measure

MOST_STEPS = 3
_FEN = 100


@dataclass(frozen=True)
class Step:
    """A measure as a step: ``first`` are the measures that it needs and that come before it; amounts in fen."""

    measure: Measure
    row: dict[str, Any]
    first: tuple[str, ...]

    @property
    def told(self) -> Text:
        """The step in words."""
        yuan = {k: f"{self.row[k] / _FEN:,.0f}" for k in ("capital_fen", "firm_fen", "cluster_fen")}
        back = self.row["payback_years"]
        months = Text("never within its life", "寿命期内收不回") if back is None else _months(back)
        return Text(
            "{title}. {says} It costs {capital} yuan; you earn {own} yuan more a year, others {others} yuan; the money is back {back}.",
            "{title}。{says}投入 {capital} 元；您每年多赚 {own} 元，其他企业多赚 {others} 元；{back}。",
        ).format(
            title=self.measure.title,
            says=self.measure.says,
            capital=yuan["capital_fen"],
            own=yuan["firm_fen"],
            others=yuan["cluster_fen"],
            back=months,
        )


def _months(years: float) -> Text:
    count = max(1, round(12 * years))
    return Text(f"after {count} months", f"{count} 个月回本")


@dataclass(frozen=True)
class NextStep:
    """The next steps of a firm, in order; none where nothing stands by itself, then ``nearest`` is what comes nearest to it."""

    firm: str
    steps: tuple[Step, ...]
    nearest: Step | None


def next_step(cluster: Cluster, known: Catalogue, table: pl.DataFrame, firm: str) -> NextStep:
    """Return the next steps of a firm from the opportunities of a plan.

    Measures pay the firm itself, stand without a subsidy and are taken in the order of present value; what one needs comes before it,
    with its cost counted, and what excludes or is of the same kind as an earlier step is left out, as they would do the same work twice.

    Raises
    ------
    UserError
        If there is no such firm, or no measure applies to it.
    """
    cluster.require("firm", firm)
    rows = {r["measure"]: r for r in table.filter(firm=firm).iter_rows(named=True)}
    if not rows:
        raise UserError(
            "no-measure",
            Text(f"No measure applies to {firm}.", f"没有适用于 {firm} 的措施。"),
            Text("Give its roles, sites and lines, or add a measure.", "请补充其角色、厂区与产线，或添加措施。"),
        )
    ranked = sorted(rows, key=lambda name: (-rows[name]["npv_fen"], name))
    chosen: list[str] = []
    for name in ranked:
        wanted = [*_needed(known, rows, chosen, name), name]
        pays = sum(rows[n]["npv_fen"] for n in wanted) > 0 and sum(rows[n]["firm_fen"] for n in wanted) > 0
        if pays and len(chosen) + len(wanted) <= MOST_STEPS and all(_beside(known, chosen, n) for n in wanted):
            chosen += wanted
    steps = tuple(_step(known, rows, n) for n in chosen)
    return NextStep(firm, steps, None if steps else _step(known, rows, ranked[0]))


def _step(known: Catalogue, rows: dict[str, dict[str, Any]], name: str) -> Step:
    return Step(known.measures[name], rows[name], tuple(n for n in known.measures[name].needs if n in rows))


def _needed(known: Catalogue, rows: dict[str, dict[str, Any]], chosen: list[str], name: str) -> list[str]:
    """Return what a measure needs that the firm has not got, the first one first; what does not apply to it it has."""
    found: list[str] = []
    for need in known.measures[name].needs:
        if need in rows and need not in chosen:
            found += [n for n in (*_needed(known, rows, chosen, need), need) if n not in found]
    return found


def _beside(known: Catalogue, chosen: list[str], name: str) -> bool:
    """Return whether a measure can stand beside those chosen: neither excludes the other, nor do both change the same lines alike."""
    new = known.measures[name]
    for other in (known.measures[n] for n in chosen):
        if name == other.name or name in other.excludes or other.name in new.excludes:
            return False
        same_stage = not new.stages or not other.stages or set(new.stages) & set(other.stages)
        if new.kind == other.kind and same_stage and name not in other.needs and other.name not in new.needs:
            return False
    return True


def grade_after(
    cluster: Cluster, steps: Sequence[Step], firm: str, scheme: str, day: date
) -> tuple[str | None, str | None]:
    """Return the grade of a firm before and after its steps, None where it has none.

    Only official figures that the measures themselves name change; those of all other firms stay.
    """
    after = cluster
    for step in steps:
        after = apply(step.measure, firm, after, day)
    return grades_and_tax(cluster, scheme)[0].get(firm), grades_and_tax(after, scheme)[0].get(firm)


def grade_money(
    cluster: Cluster, steps: Sequence[Step], firm: str, scheme: str, day: date
) -> tuple[int | None, int | None]:
    """Return what the grade of a firm costs a year before and after its steps, fen (below 0: relief); None where unknown.

    Electricity, water and land as the scheme charges them by grade; only figures that the measures name change.
    """
    after = cluster
    for step in steps:
        after = apply(step.measure, firm, after, day)
    return grade_charges(cluster, scheme).get(firm), grade_charges(after, scheme).get(firm)
