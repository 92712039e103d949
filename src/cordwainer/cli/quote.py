"""`cordwainer quote`: price, date, makers and carbon for one request, or for a file of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cordwainer.cli.desk import NOTHING_FITS, Today, desk_at, now, told
from cordwainer.cli.language import both
from cordwainer.cli.options import ClusterPath, Json, Lang, PlanPath
from cordwainer.cli.outputs import refuse_ending, refuse_inputs
from cordwainer.cli.screen import Screen, record_of
from cordwainer.core import DataErrors, Problem, Text, UserError

if TYPE_CHECKING:
    from cordwainer.quoting import Answer, Desk, Requests


def _text(en: str, zh: str, metavar: str = "ID") -> Any:  # noqa: ANN401
    return typer.Option(metavar=metavar, help=both(en, zh))


_Buyer = Annotated[str | None, _text("firm that asks", "询价企业")]
_Style = Annotated[str | None, _text("style of the tables", "款式表中的款式")]
_Sizes = Annotated[str | None, _text('pairs by size: "40:100 41:120"', "各码双数，如 40:100 41:120", "SIZES")]
_Day = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help=both("ex factory by this day (default: soon)", "出厂期限（默认尽快）"),
    ),
]
_Requests = Annotated[
    Path | None,
    typer.Option(
        help=both(
            "many requests: a .json, .csv or .xlsx file, one a row", "批量询价：.json、.csv 或 .xlsx 文件，每行一条"
        )
    ),
]
_Log = Annotated[
    Path | None,
    typer.Option(
        help=both(
            "keep the offers in this log, so that they can be held and accepted", "把报价记入此日志，以便保留和接受"
        )
    ),
]
_Out = Annotated[
    Path | None,
    typer.Option(
        help=both("write the offers to this .csv, .xlsx or .json file", "把报价写入此 .csv、.xlsx 或 .json 文件")
    ),
]
_Standards = Annotated[
    str | None, _text('certificates: "ISO 9001; cutting:ISO 14001"', "证书要求，如 ISO 9001; cutting:ISO 14001", "LIST")
]


def quote(
    cluster: ClusterPath,
    plan: PlanPath,
    buyer: _Buyer = None,
    style: _Style = None,
    pairs: Annotated[
        int | None, typer.Option(min=1, help=both("pairs in all; or give --sizes", "总双数，或用 --sizes"))
    ] = None,
    sizes: _Sizes = None,
    by: _Day = None,
    market: Annotated[str | None, _text("country or region of sale", "销售国家或地区")] = None,
    construction: Annotated[str | None, _text("of a new style, as in table style", "新款工艺", "KIND")] = None,
    category: Annotated[str | None, _text("of a new style, as in table style", "新款品类", "KIND")] = None,
    tier: Annotated[
        int, typer.Option(min=1, max=5, help=both("of a new style; 5 is the finest", "新款档次，5 为最精"))
    ] = 3,
    repeat_of: Annotated[str | None, _text("order that it repeats", "所返的订单")] = None,
    rule: Annotated[
        str,
        _text(
            "price rule: cost-plus, opportunity, list or going",
            "报价规则：cost-plus、opportunity、list 或 going",
            "RULE",
        ),
    ] = "cost-plus",
    currency: Annotated[str, _text("currency of the price", "价格币种", "CODE")] = "CNY",
    price_term: Annotated[str, _text("EXW, FOB, CIF or DDP", "价格条款", "TERM")] = "EXW",
    payment_term: Annotated[str | None, _text("of table payment_term", "付款条件", "ID")] = None,
    approval: Annotated[
        bool, typer.Option("--approval", help=both("only at sites that the buyer approved", "只在已验厂的厂区"))
    ] = False,
    standards: _Standards = None,
    requests: _Requests = None,
    log: _Log = None,
    out: _Out = None,
    brand: Annotated[
        bool, typer.Option("--brand", help=both("what the brand may see", "只显示品牌可见的内容"))
    ] = False,
    today: Today = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Quote."""
    if out is not None:
        refuse_ending(out, ".csv", ".xlsx", ".json")
        refuse_inputs(out, cluster, plan, *([requests] if requests else []))
    if log is not None:
        refuse_inputs(log, cluster, plan)
    elif brand:
        raise UserError(
            "usage",
            Text(
                "--brand needs --log, which counts how often a brand asks.",
                "--brand 须与 --log 同用，以记录品牌的询价次数。",
            ),
            Text("Give the log of the desk with --log FILE.", "请用 --log 文件 给出报价日志。"),
        )
    row = {
        "buyer": buyer,
        "style": style,
        "pairs": pairs,
        "sizes": sizes,
        "by": by,
        "market": market,
        "construction": construction,
        "category": category,
        "tier": tier,
        "repeat_of": repeat_of,
        "rule": rule,
        "currency": currency,
        "price_term": price_term,
        "payment_term": payment_term,
        "standards": standards,
        "approval_needed": approval,
    }
    asked = _asked(requests, row)
    if brand and any(r.rule != "cost-plus" for _, r in asked.rows):
        raise UserError(
            "usage",
            Text("With --brand the desk sets the price rule.", "使用 --brand 时报价规则由报价台决定。"),
            Text("Leave it out of the options and the file.", "请从选项和文件中去掉报价规则。"),
        )
    screen, desk = desk_at(cluster, plan, log, today, lang, as_json, brand=brand)
    answers, problems = _answers(desk, asked, brand=brand, keep=log is not None, alone=requests is None)
    if requests is None:
        screen.data([told(screen, desk, answers[0], brand=brand)])
    else:
        _show_all(screen, desk, answers, problems, brand=brand)
    if out is not None:
        from cordwainer.exchange import write_view
        from cordwainer.quoting import answers_view

        write_view(answers_view(answers, brand=brand), out, screen.language)
        screen.say(Text(f"Written to {out}.", f"已写入 {out}。"))
    if log is None:
        screen.note(
            Text(
                "Not kept: --log FILE keeps offers to hold and accept.", "未记录：用 --log 文件 记录后方可保留和接受。"
            )
        )
    if problems or not all(a.entries for a in answers):
        raise typer.Exit(NOTHING_FITS)


def _answers(
    desk: Desk, asked: Requests, *, brand: bool, keep: bool, alone: bool
) -> tuple[list[Answer], list[Problem]]:
    """Return the answers to the requests that can be meant, and the problems of the others; one alone is refused."""
    answers, problems = [], list(asked.problems)
    for number, request in asked.rows:
        try:
            answers.append(desk.quote(request, now(), outward=brand, keep=keep))
        except UserError as error:
            if alone:
                raise
            problems.append(asked.refused(number, request, error))
    if not answers and problems:
        raise DataErrors(problems)
    return answers, sorted(problems, key=lambda p: p.row or 0)


def _show_all(screen: Screen, desk: Desk, answers: list[Answer], problems: list[Problem], *, brand: bool) -> None:
    from cordwainer.quoting import answers_view, brand_face, planner_face

    screen.view(answers_view(answers, brand=brand))
    if problems:
        if not screen.json:
            screen.problems(problems)
        screen.note(
            Text(
                f"{len(problems)} problem(s): these rows were not quoted.", f"{len(problems)} 处问题：相应各行未报价。"
            )
        )
    faces = [(brand_face if brand else planner_face)(desk, a) for a in answers]
    screen.data([*faces, *({"problem": record_of(p, screen.language)} for p in problems)])


def _asked(requests: Path | None, row: dict[str, Any]) -> Requests:
    from cordwainer.quoting import read_requests, requests_of

    if requests is not None:
        return read_requests(requests)
    if row["buyer"] is None or (row["pairs"] is None and row["sizes"] is None):
        raise UserError(
            "usage",
            Text("A request needs --buyer, and --pairs or --sizes.", "询价需要 --buyer，以及 --pairs 或 --sizes。"),
            Text("Give them, or a file with --requests.", "请补充，或用 --requests 给出文件。"),
        )
    found = requests_of([row], "--requests")
    if found.problems:
        raise DataErrors(found.problems)
    return found


quote.__doc__ = both(
    "Quote a request, or a file of them: the best few offers in price, date and carbon, each a complete proposal in the room "
    "that the plan leaves; where nothing fits, why, and the nearest thing that would.",
    "为一条或一批询价报价：在计划剩余的空间内给出价格、交期、碳排最优的几个完整方案；无可行方案时说明原因及最接近的可行条件。",
)
