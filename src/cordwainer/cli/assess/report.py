"""`cordwainer assess report`: the whole assessment as one page or one workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cordwainer.cli.assess.shared import DEFAULT, SchemeName, Year, evaluation
from cordwainer.cli.language import both
from cordwainer.cli.loading import cluster_at, opened
from cordwainer.cli.options import ClusterPath, Json, Lang
from cordwainer.cli.outputs import refuse_ending, refuse_inputs
from cordwainer.cli.screen import Screen
from cordwainer.core import Text


def report(
    cluster: ClusterPath,
    out: Annotated[
        Path,
        typer.Argument(metavar="OUT.html|OUT.xlsx", help=both("the page or workbook to write", "要写出的网页或工作簿")),
    ],
    plan: Annotated[
        Path | None,
        typer.Option(
            metavar="PLAN", help=both("adds value chain, people and resilience", "加上价值链、人才与抗风险能力")
        ),
    ] = None,
    scheme: SchemeName = DEFAULT,
    year: Year = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Write the assessment."""
    refuse_ending(out, ".html", ".htm", ".xlsx")
    refuse_inputs(out, *(p for p in (cluster, plan) if p is not None))
    screen = Screen.of(lang, as_json)
    found, planned = (
        opened(cluster, plan, lang, as_json)[1:] if plan is not None else (cluster_at(cluster, screen), None)
    )
    from cordwainer.assessment import report_sections
    from cordwainer.exchange import views_for_people, write_sections

    made, wanted = evaluation(found, scheme, year)
    parts = report_sections(found, made, wanted, planned)
    views = [v for part in parts for v in (part.view, *part.more)]
    if out.suffix.lower() == ".xlsx":
        views_for_people(views, out, screen.language)
    else:
        sub = Text("{t}, {y}", "{t}，{y}").format(t=made.scheme.title, y=wanted)
        write_sections(Text("Assessment of the cluster", "集群评价"), sub, parts, out, screen.language)
    screen.say(Text(f"Written to {out}.", f"已写入 {out}。"))
    screen.data({"out": str(out), "tables": [v.name for v in views]})


report.__doc__ = both(
    "Write the assessment as one HTML file that works offline, in both languages (grades, smiling curve, structure, look-alikes, backward capacity, "
    "each a chart with its table), or as a workbook with a sheet for each table.",
    "把评价写成一个可离线打开的双语网页（分档、微笑曲线、产业结构、同质化、落后产能，图表附数据表），或每表一页的工作簿。",
)
