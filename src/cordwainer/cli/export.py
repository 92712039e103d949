"""`cordwainer export`: write the plan as an Excel workbook for people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import opened
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath
from cordwainer.cli.outputs import refuse_ending, refuse_inputs
from cordwainer.cli.reasons import reasons
from cordwainer.core import Text


def export(
    cluster: ClusterPath,
    plan: PlanPath,
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help=both("the workbook to write", "要写出的工作簿"))],
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Write the plan as a workbook for people."""
    refuse_ending(out, ".xlsx")
    refuse_inputs(out, cluster, plan)
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.exchange import plan_for_people

    plan_for_people(found, made, out, screen.language, reasons(found, made))
    screen.say(Text(f"Workbook written to {out}.", f"工作簿已写入 {out}。"))
    screen.data({"out": str(out)})


export.__doc__ = both(
    "Write the plan as Excel for people: dates, pairs, yuan.",
    "把计划写成给人看的 Excel：日期、双数、元。",
)
