"""`cordwainer check`: read a cluster and say whether its data are in order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cordwainer.cli.language import both
from cordwainer.cli.options import ClusterPath, Json, Lang
from cordwainer.cli.screen import Screen
from cordwainer.core import DataErrors, Text


def check(
    cluster: ClusterPath,
    problems: Annotated[
        Path | None,
        typer.Option(help=both("write all problems to this .csv or .xlsx file", "把所有问题写入此 .csv 或 .xlsx 文件")),
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Check the data of a cluster."""
    from cordwainer.exchange import check_cluster, problems_frame, write_problems

    screen = Screen.of(lang, as_json)
    try:
        result = check_cluster(cluster)
    except DataErrors as errors:
        if problems is not None:
            write_problems(errors.problems, problems)
        raise
    if result.notes:
        screen.problems(result.notes)
    counts = result.counts
    screen.say(
        Text(
            f"In order: {counts.height} tables, {int(counts['rows_in'].sum()):,} rows, all accepted. "
            f"Hash {result.cluster.hash[:16]}.",
            f"数据无误：{counts.height} 张表，{int(counts['rows_in'].sum()):,} 行，全部接受。"
            f"哈希 {result.cluster.hash[:16]}。",
        )
    )
    screen.data(
        {
            "hash": result.cluster.hash,
            "counts": counts.to_dicts(),
            "notes": problems_frame(result.notes).to_dicts(),
        }
    )


check.__doc__ = both(
    "Check a cluster: form, keys, references, rules, and what planning needs; every fault with place and remedy.",
    "检查集群数据：格式、主键、引用、规则及排产所需；每处错误给出位置和处理办法。",
)
