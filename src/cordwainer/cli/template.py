"""`cordwainer template`: write an empty workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cordwainer.cli.language import both
from cordwainer.cli.options import Json, Lang
from cordwainer.cli.outputs import refuse_ending, refuse_existing
from cordwainer.cli.screen import Screen
from cordwainer.core import Text


def template(
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help=both("the workbook to write", "要写出的工作簿"))],
    own: Annotated[
        bool,
        typer.Option(
            "--own",
            help=both(
                "your own cluster on three sheets: firms and lines, orders by size, materials",
                "自己的集群，只需三张表：企业与产线、分码订单、材料",
            ),
        ),
    ] = False,
    example: Annotated[
        bool,
        typer.Option(
            "--example",
            help=both("your own cluster, filled in with a small invented one", "自己的集群，已填好一个虚构的小例子"),
        ),
    ] = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Write an empty workbook to fill in."""
    screen = Screen.of(lang, as_json)
    refuse_ending(out, ".xlsx")
    refuse_existing(out)
    from cordwainer.exchange import write_template

    write_template(out, "example" if example else "own" if own else "full")
    if example:
        screen.say(
            Text(
                f"An example was written to {out}. Look at it, then run `cordwainer check {out}`.",
                f"例子已写入 {out}。打开看看，再运行 cordwainer check {out}。",
            )
        )
    else:
        screen.say(
            Text(
                f"Template written to {out}. Fill it in, then run `cordwainer check {out}`.",
                f"模板已写入 {out}。填好后运行 cordwainer check {out}。",
            )
        )
    screen.data({"out": str(out)})


template.__doc__ = both(
    "Write an Excel template with bilingual headers, notes and drop-downs.",
    "写出 Excel 模板：双语表头、说明与下拉选项。",
)
