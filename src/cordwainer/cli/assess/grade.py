"""`cordwainer assess grade` and `backward`: by figures and rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cordwainer.cli.assess.shared import DEFAULT, SchemeName, Today, Year, day_of, evaluation
from cordwainer.cli.language import both
from cordwainer.cli.loading import cluster_at
from cordwainer.cli.options import ClusterPath, Json, Lang, Out, Rows
from cordwainer.cli.outputs import refuse_ending, refuse_inputs, refuse_out, written
from cordwainer.cli.screen import Screen
from cordwainer.core import Text


def grade(
    cluster: ClusterPath,
    scheme: SchemeName = DEFAULT,
    year: Year = None,
    rows: Rows = 30,
    out: Out = None,
    freeze: Annotated[
        Path | None,
        typer.Option(
            metavar="RUN.json", help=both("freeze a trial run in this .json file", "把试算冻结到此 .json 文件")
        ),
    ] = None,
    today: Today = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Grade."""
    refuse_out(out, cluster)
    if freeze is not None:
        refuse_ending(freeze, ".json")
        refuse_inputs(freeze, cluster)
    screen = Screen.of(lang, as_json)
    found = cluster_at(cluster, screen)
    from cordwainer.assessment import count_view, grade_view, write_run
    from cordwainer.assessment import freeze as frozen

    made, wanted = evaluation(found, scheme, year)
    counts, view = count_view(made, wanted), grade_view(found, made, wanted)
    screen.view(counts)
    screen.view(view, rows)
    for told in made.scheme.unverified:
        screen.note(Text(f"Not verified: {told.en}", f"未核实：{told.zh}"))
    written(screen, view, out)
    if freeze is not None:
        run = frozen(freeze.stem, found, made, wanted, day_of(today))
        write_run(run, freeze)
        screen.say(
            Text(
                f"Trial run frozen in {freeze}; firms may answer until {run.last_day}.",
                f"试算已冻结到 {freeze}；企业可在 {run.last_day} 前确认或提出异议。",
            )
        )
    screen.data({"scheme": made.scheme.name, "year": wanted, "counts": counts.records(), "units": view.records()})


grade.__doc__ = both(
    "Grade firms, groups or parcels by a scheme: score, grade, rank, what it costs a year. Also product-grade, digital-maturity, research.",
    "按评价办法给企业、集团或地块评分分档：得分、档次、名次、年增支。也可用 product-grade、digital-maturity、research。",
)


def backward(
    cluster: ClusterPath,
    scheme: SchemeName = DEFAULT,
    year: Year = None,
    rows: Rows = 30,
    out: Out = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """List backward capacity."""
    refuse_out(out, cluster)
    screen = Screen.of(lang, as_json)
    found = cluster_at(cluster, screen)
    from cordwainer.assessment import backward as listed
    from cordwainer.assessment import backward_frame, backward_view, rule_view

    made, wanted = evaluation(found, scheme, year)
    frame = backward_frame(found, listed(found, wanted, made))
    screen.view(rule_view(frame))
    screen.view(backward_view(found, frame), rows)
    whole = backward_view(found, frame, whole=True)
    written(screen, whole, out)
    screen.data(whole.records())


backward.__doc__ = both(
    "List backward capacity by rule: evidence, clause, what takes a firm off the list; unknown where a figure is missing.",
    "按规则列出落后产能：依据、条款、移出条件；缺指标的列为未知。",
)
