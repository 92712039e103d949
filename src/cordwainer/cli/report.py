"""`cordwainer report`: write the plan as one page of HTML."""

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


def report(
    cluster: ClusterPath,
    plan: PlanPath,
    out: Annotated[Path, typer.Argument(metavar="OUT.html", help=both("the page to write", "要写出的网页"))],
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Write the plan as one page."""
    refuse_ending(out, ".html", ".htm")
    refuse_inputs(out, cluster, plan)
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.exchange import write_report
    from cordwainer.referee import judge

    judgement = judge(found, made)
    size = write_report(
        found,
        made,
        out,
        explanations=reasons(found, made),
        certified=judgement.certified,
        language=screen.language,
    )
    screen.say(Text(f"Report written to {out} ({size / 1e6:.1f} MB).", f"报告已写入 {out}（{size / 1e6:.1f} MB）。"))
    screen.data({"out": str(out), "bytes": size, "certified": judgement.certified})


report.__doc__ = both(
    "Write the plan as one HTML file that works offline, in both languages.",
    "把计划写成一个可离线打开的双语网页。",
)
