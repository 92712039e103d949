"""`cordwainer check`: read a cluster and say whether its data are in order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cordwainer.cli.language import both
from cordwainer.cli.options import ClusterPath, Json, Lang
from cordwainer.cli.outputs import refuse_ending, refuse_inputs
from cordwainer.cli.screen import Screen
from cordwainer.core import DataErrors, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cordwainer.core import Problem
    from cordwainer.exchange import Mark

_MARKS_SHOWN = 3
_WHERE_ALL = Text("--problems FILE.csv lists them.", "用 --problems 文件.csv 列出。")


def check(
    cluster: ClusterPath,
    problems: Annotated[
        Path | None,
        typer.Option(
            help=both(
                "write the list of problems, or else of notes, to this .csv or .xlsx file",
                "把问题清单（没有问题时为提示清单）写入此 .csv 或 .xlsx 文件",
            )
        ),
    ] = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Check the data of a cluster."""
    from cordwainer.exchange import check_cluster, problems_frame, write_problems

    screen = Screen.of(lang, as_json)
    if problems is not None:
        refuse_ending(problems, ".csv", ".xlsx")
        refuse_inputs(problems, cluster)
    try:
        result = check_cluster(cluster)
    except DataErrors as errors:
        if problems is not None:
            write_problems(errors.problems, problems)
        raise
    marked = [p for mark in result.marks for p in mark.problems]
    if problems is not None:
        write_problems([*result.notes, *marked], problems)
    if notes := [*(p for mark in result.marks for p in _in_short(mark)), *result.notes]:
        screen.problems(notes, noted=True)
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
            "marks": problems_frame(marked).to_dicts(),
            "marked": [{"rule": m.problems[0].rule, "rows": m.total} for m in result.marks],
        }
    )


def _in_short(mark: Mark) -> Iterator[Problem]:
    """Yield the first of what a rule marks, and how many more there are."""
    shown = mark.total if mark.total <= _MARKS_SHOWN else _MARKS_SHOWN - 1
    yield from mark.problems[:shown]
    if more := mark.total - shown:
        first = mark.problems[0]
        message = Text(f"... and {more:,} more like it.", f"……另有 {more:,} 处同类情况。")
        yield replace(first, message=message, remedy=_WHERE_ALL, row=None, value=None)


check.__doc__ = both(
    "Check a cluster: form, keys, references, rules, and what planning needs; every fault with place and remedy.",
    "检查集群数据：格式、主键、引用、规则及排产所需；每处错误给出位置和处理办法。",
)
