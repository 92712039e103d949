"""`cordwainer assess look-alikes`: styles that look alike, by attributes and by the outlines in their pictures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cordwainer.cli.language import both
from cordwainer.cli.loading import cluster_at
from cordwainer.cli.options import ClusterPath, Json, Lang, Out, Rows
from cordwainer.cli.outputs import refuse_out, written
from cordwainer.cli.screen import Screen
from cordwainer.core import Text

if TYPE_CHECKING:
    from cordwainer.cluster import Cluster

_MOST_FAULTS = 5
"""Pictures that give no outline, of which the reason is told."""


def look_alikes(
    cluster: ClusterPath,
    style: Annotated[
        str | None,
        typer.Option(metavar="ID", help=both("show the styles nearest to this one", "显示与此款最相似的款式")),
    ] = None,
    by: Annotated[
        Literal["category", "district"],
        typer.Option(metavar="category|district", help=both("homogeneity by this", "同质化分组方式")),
    ] = "category",
    pictures: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            file_okay=False,
            exists=True,
            help=both("pictures of styles: compare outlines too", "款式图片文件夹：同时比较轮廓"),
        ),
    ] = None,
    rows: Rows = 30,
    out: Out = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Find look-alikes."""
    refuse_out(out, cluster)
    screen = Screen.of(lang, as_json)
    found = cluster_at(cluster, screen)
    if style is not None:
        found.require("style", style)
    from cordwainer.assessment import (
        empty_spaces,
        homogeneity,
        homogeneity_view,
        neighbour_view,
        neighbours,
        price_pressure,
        space_view,
        styles_of,
    )

    styles = styles_of(found["style"], outlines=_outlines(found, pictures, screen))
    near = neighbours(styles)
    if style is not None:
        view = neighbour_view(styles, near, style)
        screen.view(view, rows)
        written(screen, view, out)
        screen.data(view.records())
        return
    view, spaces = homogeneity_view(found, homogeneity(found, styles, by), by), space_view(empty_spaces(found))
    screen.view(view, rows)
    screen.view(spaces, rows)
    force = price_pressure(found, styles, near)
    if force is not None:
        span = f"{100 * force.effect:+.1f} % ({100 * force.low:+.1f} - {100 * force.high:+.1f})"
        screen.say(
            Text(
                f"Price of a pair for a tenth more density, like shoes compared: {span}, {force.styles} styles.",
                f"同类鞋中密度每增加 0.1，每双价格变动：{span}，{force.styles} 款。",
            )
        )
    written(screen, view, out)
    pressure = None if force is None else {s: getattr(force, s) for s in force.__slots__}
    screen.data({"homogeneity": view.records(), "spaces": spaces.records(), "pressure": pressure})


def _outlines(found: Cluster, folder: Path | None, screen: Screen) -> Mapping[str, Any] | None:
    """Return the outlines of the styles that have a picture in the folder, and say which pictures tell nothing."""
    if folder is None:
        return None
    from cordwainer.assessment import pictures_of

    seen = pictures_of(found["style"], folder)
    styles = found["style"].height
    screen.note(
        Text(
            f"{len(seen.outlines)} of {styles} styles have an outline; the others are compared by attributes alone.",
            f"{styles} 款中 {len(seen.outlines)} 款有轮廓，其余只按属性比较。",
        )
    )
    for style, why in sorted(seen.faults.items())[:_MOST_FAULTS]:
        screen.note(Text(f"Picture of {style} {why.en}.", f"{style} 的图片{why.zh}。"))
    if len(seen.faults) > _MOST_FAULTS:
        more = len(seen.faults) - _MOST_FAULTS
        screen.note(Text(f"{more} more pictures give no outline.", f"另有 {more} 张图片得不到轮廓。"))
    return seen.outlines


look_alikes.__doc__ = both(
    "Look-alike styles: nearest to one (--style), homogeneity by category or district, price pressure, empty spaces.",
    "同质化：与某款最相似的款式（--style）、分品类或区县的同质化指数、价格压力、空白款式。",
)
