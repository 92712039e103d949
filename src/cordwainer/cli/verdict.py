"""How the verdict of the referee is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from cordwainer.cli.boundary import NOT_CERTIFIED
from cordwainer.cli.screen import Screen
from cordwainer.core import Text

if TYPE_CHECKING:
    from cordwainer.cluster import Plan
    from cordwainer.referee import Judgement

_VIOLATIONS_SHOWN = 20


def tell(screen: Screen, judgement: Judgement, plan: Plan) -> None:
    """Say whether a plan is certified, what it is worth, and which rules it breaks.

    Raises
    ------
    typer.Exit
        If it is not certified, with the exit code for that.
    """
    if judgement.certified and judgement.recomputed:
        z, b = judgement.recomputed.contribution_fen, judgement.recomputed.bound_fen
        screen.say(
            Text(
                f"Certified: the plan can be carried out; contribution {z / 100:,.2f} yuan, "
                f"no plan is worth more than {b / 100:,.2f} yuan; net gap {100 * plan.net_gap:.2f} %, "
                f"gap {100 * plan.gap:.2f} %.",
                f"核验通过：计划可以执行；贡献额 {z / 100:,.2f} 元，任何计划都不会超过 {b / 100:,.2f} 元；"
                f"净差距 {100 * plan.net_gap:.2f} %，差距 {100 * plan.gap:.2f} %。",
            )
        )
    else:
        count = judgement.violations.height
        screen.say(Text(f"Not certified: {count:,} violation(s).", f"未通过核验：{count:,} 处违反规则。"))
        for row in judgement.violations.head(_VIOLATIONS_SHOWN).iter_rows(named=True):
            screen.say(Text(f"  {row['rule']}: {row['message_en']}", f"  {row['rule']}：{row['message_zh']}"))
        if count > _VIOLATIONS_SHOWN:
            screen.say(Text("  ... --json gives all.", "  …… --json 给出全部。"))
    if plan.faults is not None:
        screen.note(plan.faults)
    screen.data(record(judgement, plan))
    if not judgement.certified:
        raise typer.Exit(NOT_CERTIFIED)


def record(judgement: Judgement, plan: Plan) -> dict[str, Any]:
    """Return the verdict as plain values; money is what the referee computed, None where it could not."""
    found = judgement.recomputed
    return {
        "certified": judgement.certified,
        "contribution_fen": found.contribution_fen if found else None,
        "bound_fen": found.bound_fen if found else None,
        "gap": plan.gap,
        "net_gap": plan.net_gap,
        "solver_faults": plan.head["solver_faults"],
        "violations": judgement.violations.to_dicts(),
    }
