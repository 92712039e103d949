"""What the commands of the assessment share: options and the year."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cordwainer.cli.language import both

if TYPE_CHECKING:
    from cordwainer.assessment import Evaluation
    from cordwainer.cluster import Cluster

SchemeName = Annotated[
    str,
    typer.Option(
        "--scheme",
        metavar="NAME",
        help=both("a shipped scheme, or a file that ends in .toml", "内置评价办法名称，或 .toml 文件"),
    ),
]
Year = Annotated[
    int | None,
    typer.Option(metavar="YEAR", help=both("year of the figures (default: the last)", "数据年份（默认最近一年）")),
]
Today = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=both("day of the act (default: today)", "办理日期（默认今天）")
    ),
]
DEFAULT = "huangyan-2022"


def day_of(today: datetime | None) -> date:
    """Return the day of an act."""
    return (today or datetime.now(UTC)).date()


def evaluation(cluster: Cluster, scheme: str, year: int | None) -> tuple[Evaluation, int]:
    """Return the evaluation of all years of the figures, and the year that is meant."""
    from cordwainer.assessment import evaluate, read_scheme

    made = evaluate(cluster, read_scheme(scheme))
    wanted = made.facts.years[-1] if year is None else year
    made.frame(wanted)
    return made, wanted


def last_year(cluster: Cluster, year: int | None) -> int:
    """Return the year asked for, else the last one of the figures."""
    from cordwainer.assessment import years_of

    return years_of(cluster)[-1] if year is None else year
