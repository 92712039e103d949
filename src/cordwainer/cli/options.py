"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cordwainer.cli.language import both
from cordwainer.core import Language

ClusterPath = Annotated[
    Path,
    typer.Argument(
        metavar="CLUSTER",
        help=both(
            "the cluster: a folder of CSV or Parquet, or an Excel workbook",
            "集群数据：CSV 或 Parquet 文件夹，或 Excel 工作簿",
        ),
    ),
]
PlanPath = Annotated[
    Path,
    typer.Argument(
        metavar="PLAN", help=both("the plan, as `cordwainer plan` wrote it", "由 cordwainer plan 写出的计划")
    ),
]
OutPath = Annotated[Path, typer.Argument(metavar="OUT", help=both("where to write it", "写到哪里"))]
Lang = Annotated[
    Language | None,
    typer.Option("--lang", help=both("language of the output (default: from LANG)", "输出语言（默认取自 LANG）")),
]
Json = Annotated[
    bool, typer.Option("--json", help=both("JSON for scripts, money in fen", "输出 JSON 供脚本使用，金额单位为分"))
]
FormatName = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="csv|excel|parquet",
        help=both("default: excel where OUT ends in .xlsx, else csv", "默认：OUT 以 .xlsx 结尾时为 excel，否则为 csv"),
    ),
]
Rows = Annotated[int, typer.Option(min=0, help=both("most rows; 0 shows all", "最多行数，0 为全部"))]
Out = Annotated[
    Path | None,
    typer.Option(help=both("write the table to this .csv, .xlsx or .json file", "写入此 .csv、.xlsx 或 .json 文件")),
]
