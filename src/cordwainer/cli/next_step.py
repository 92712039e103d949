"""`cordwainer next-step`: what a firm should do next, in an owner's words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import opened
from cordwainer.cli.opportunities import SCHEME, Measures, Scheme
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath
from cordwainer.cli.outputs import refuse_ending, refuse_inputs
from cordwainer.core import Text


def next_step(
    cluster: ClusterPath,
    plan: PlanPath,
    firm: Annotated[str, typer.Argument(metavar="FIRM", help=both("the firm", "企业编号"))],
    measures: Measures = None,
    scheme: Scheme = SCHEME,
    pdf: Annotated[
        Path | None,
        typer.Option(metavar="FILE.pdf", help=both("write it as one page for the owner", "写成一页 PDF，交给老板")),
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Tell the next step."""
    if pdf is not None:
        refuse_ending(pdf, ".pdf")
        refuse_inputs(pdf, cluster, plan)
    screen, found, made = opened(cluster, plan, lang, as_json)
    found.require("firm", firm)
    from cordwainer.tasks import replaced_file
    from cordwainer.upgrading import (
        catalogue,
        grade_after,
        grade_money,
        grades_and_tax,
        market,
        next_step_pdf,
        opportunities,
    )
    from cordwainer.upgrading import next_step as chosen

    known = catalogue(measures)
    table = opportunities([market(found, made)], known, *grades_and_tax(found, scheme), firm=firm)
    told = chosen(found, known, table, firm)
    for number, step in enumerate(told.steps, 1):
        screen.say(Text(f"{number}. {step.told.en}", f"{number}. {step.told.zh}"))
    if told.nearest is not None:
        screen.say(
            Text(
                f"Nothing pays by itself now. What comes nearest: {told.nearest.told.en}",
                f"目前没有自身能回本的措施。最接近的是：{told.nearest.told.zh}",
            )
        )
    was, becomes = grade_after(found, told.steps, firm, scheme, made.periods[0].start)
    if told.steps and was is not None:
        screen.say(Text(f"Your grade: {was}, with these steps {becomes}.", f"您的档次：{was}；做完后：{becomes}。"))
    pays, would = grade_money(found, told.steps, firm, scheme, made.periods[0].start)
    if told.steps and pays is not None and would is not None:
        screen.say(
            Text(
                f"Your grade costs you {pays / 100:,.0f} yuan a year (below 0: relief), with these steps {would / 100:,.0f}.",
                f"您的档次每年使您多付 {pays / 100:,.0f} 元（负数为减免）；做完后 {would / 100:,.0f} 元。",
            )
        )
    if pdf is not None:
        data = next_step_pdf(found, told, (was, becomes), made.periods[0].start, screen.language)
        with replaced_file(pdf) as temporary:
            temporary.write_bytes(data)
        screen.say(Text(f"Written to {pdf}.", f"已写入 {pdf}。"))
    names = [s.measure.name for s in told.steps]
    rows = [{**s.row, "first": list(s.first)} for s in told.steps]
    nearest = told.nearest.measure.name if told.nearest else None
    screen.data(
        {
            "firm": firm,
            "steps": names,
            "rows": rows,
            "nearest": nearest,
            "grade": was,
            "grade_after": becomes,
            "charged_fen": pays,
            "charged_after_fen": would,
        }
    )


next_step.__doc__ = both(
    "Next step of a firm: one to three measures in order, what must come first, what they earn the firm and others.",
    "企业下一步：按先后列出一至三项措施、前提、自己与他人的增益。",
)
