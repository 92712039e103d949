"""`cordwainer assess run`: confirm, object, decide, correct and sign a frozen run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cordwainer.cli.assess.shared import Today, day_of
from cordwainer.cli.language import both
from cordwainer.cli.loading import cluster_at
from cordwainer.cli.options import Json, Lang
from cordwainer.cli.screen import Screen
from cordwainer.core import Text, UserError

if TYPE_CHECKING:
    from datetime import date

    from cordwainer.assessment import Run

_RunPath = Annotated[
    Path,
    typer.Argument(
        metavar="RUN.json", help=both("a run that `assess grade --freeze` wrote", "assess grade --freeze 写出的评价")
    ),
]


def _option(en: str, zh: str, metavar: str) -> Any:  # noqa: ANN401
    return typer.Option(metavar=metavar, help=both(en, zh))


def run(
    file: _RunPath,
    confirm: Annotated[str | None, _option("a unit confirms its figures", "单元确认其指标", "UNIT")] = None,
    object_: Annotated[
        str | None,
        typer.Option("--object", metavar="UNIT", help=both("a unit objects to --figure", "单元对 --figure 提出异议")),
    ] = None,
    figure: Annotated[str | None, _option("figure that is objected to", "有异议的指标", "NAME")] = None,
    claimed: Annotated[float | None, _option("what the unit says it is", "单元主张的数值", "VALUE")] = None,
    reason: Annotated[str | None, _option("why", "理由", "TEXT")] = None,
    uphold: Annotated[
        str | None, _option("uphold the objection of a unit to --figure", "支持单元对 --figure 的异议", "UNIT")
    ] = None,
    refuse: Annotated[
        list[str] | None,
        _option(
            "refuse the objection of a unit to --figure, else all of the unit; may be repeated",
            "不支持单元对 --figure 的异议；不写指标则为该单元全部异议；可重复",
            "UNIT",
        ),
    ] = None,
    correct: Annotated[
        Path | None,
        typer.Option(
            metavar="CLUSTER", help=both("grade anew from these corrected data", "用更正后的集群数据重新评价")
        ),
    ] = None,
    scheme: Annotated[
        str | None,
        _option("scheme file of the run, where it is not a shipped one", "非内置时所用的评价办法文件", "FILE"),
    ] = None,
    sign: Annotated[str | None, _option("sign the run as this officer", "以此主管人员签发", "OFFICER")] = None,
    today: Today = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Act on a run."""
    screen, day = Screen.of(lang, as_json), day_of(today)
    from cordwainer.assessment import change_view, objection_view, read_run, write_run
    from cordwainer.assessment import confirm as confirmed
    from cordwainer.assessment import sign as signed

    found = before = read_run(file)
    if confirm is not None:
        found = confirmed(found, confirm, day)
    found = _objections(found, object_, uphold, figure, claimed, reason, day)
    found = _refused(found, refuse or [], figure)
    if correct is not None:
        found = _corrected(found, correct, scheme, day, screen)
    if sign is not None:
        found = signed(found, sign, day)
    if found != before:
        write_run(found, file)
    screen.say(_state(found))
    view = change_view(found)
    against = objection_view(found)
    if not against.frame.is_empty():
        screen.view(against)
    if found.changes:
        screen.view(view)
    screen.data(
        {"run": found.name, "status": found.status, "revision": found.revision, "last_day": str(found.last_day)}
        | {"answers": len(found.answers), "open": len(found.open_objections), "changes": view.records()}
        | {"objections": against.records()}
    )


def _objections(
    found: Run,
    against: str | None,
    uphold: str | None,
    figure: str | None,
    claimed: float | None,
    reason: str | None,
    day: date,
) -> Run:
    from cordwainer.assessment import decide, object_to

    if (against or uphold) and figure is None:
        raise UserError(
            "usage",
            Text("An objection needs --figure.", "异议须给出 --figure。"),
            Text("Name the figure that is meant.", "请写明指标。"),
        )
    if against is not None and figure is not None:
        found = object_to(found, against, figure, day, claimed, reason)
    if uphold is not None and figure is not None:
        found = decide(found, uphold, figure, upheld=True)
    return found


def _refused(found: Run, units: list[str], figure: str | None) -> Run:
    """Return the run in which objections of some units are refused: to a figure, or all of the unit."""
    from cordwainer.assessment import decide

    for unit in units:
        names = [figure] if figure else [a.figure for a in found.open_objections if a.unit == unit and a.figure]
        for name in names or ["–"]:
            found = decide(found, unit, name, upheld=False)
    return found


def _corrected(found: Run, cluster: Path, scheme: str | None, day: date, screen: Screen) -> Run:
    from cordwainer.assessment import correct, evaluate, read_scheme

    data = cluster_at(cluster, screen)
    made = evaluate(data, read_scheme(scheme or found.scheme))
    return correct(found, data, made, day)


def _state(found: Run) -> Text:
    return Text(
        f"Run {found.name}, {found.scheme} {found.year}: {found.status}, revision {found.revision}; {len(found.answers)} answers until "
        f"{found.last_day}, {len(found.open_objections)} objections open; {len(found.changes)} grades changed by the last correction.",
        f"评价 {found.name}（{found.scheme}，{found.year}）：{'已签发' if found.status == 'signed' else '试算'}，第 {found.revision} 版；"
        f"截至 {found.last_day} 收到 {len(found.answers)} 份答复，{len(found.open_objections)} 项异议待处理；上次更正改变 {len(found.changes)} 个档次。",
    )


run.__doc__ = both(
    "Act on a frozen run: firms confirm or object, the officer decides, corrects and signs; a correction lists every grade that changed and why.",
    "办理已冻结的评价：企业确认或提出异议，主管人员处理、更正、签发；更正列出每个变动的档次及原因。",
)
