"""A page of sections, each a chart with its table: one HTML file with everything inside, in both languages; and the same as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

from cordwainer.core import Language, Text
from cordwainer.exchange.report.charts import Share, Tick, said, ticks
from cordwainer.exchange.report.page import Shown, environment, source
from cordwainer.exchange.report.texts import TEXTS
from cordwainer.exchange.report.view import View
from cordwainer.tasks import replaced_file

ROWS = 400
"""Rows of a table that the page shows."""
NOTHING = Text("{title}: nothing of this kind.", "{title}：没有此类内容。")
_LEVELS = 5
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BASE = 430, 230, 36, 6, 22, 188


@dataclass(frozen=True, slots=True)
class Heat:
    """A table of shades: heads of columns, and for each row its label and cells (level 0 to 4 or None, and what it says)."""

    heads: tuple[Text, ...]
    rows: tuple[tuple[Text, tuple[tuple[int | None, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a curve with what it says."""

    x: float
    y: float
    label: Text
    said: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points over a level axis, in the units of its drawing."""

    points: tuple[Point, ...]
    path: str
    zero: float
    up: tuple[Tick, ...]
    size: tuple[int, int, int, int] = (_WIDTH, _HEIGHT, _LEFT, _RIGHT)


@dataclass(frozen=True)
class Section:
    """Part of a page: title, a note in words, a chart (bars, a heat table or a curve), and the table that it is drawn from."""

    title: Text
    view: View
    note: Text | None = None
    bars: tuple[Share, ...] = ()
    heat: Heat | None = None
    curve: Curve | None = None
    more: tuple[View, ...] = field(default=())

    @property
    def drawn(self) -> bool:
        """Whether it has a chart; without one its table is shown open."""
        return bool(self.bars or self.heat or self.curve)

    @property
    def tables(self) -> list[Shown]:
        """The tables as the page shows them."""
        return [Shown(v, ROWS) for v in (self.view, *self.more)]


def bars_of(rows: Sequence[tuple[Text, float | None, str]], style: str = "load") -> tuple[Share, ...]:
    """Return bars as long as their value beside the largest; what is unknown or below 0 has no length."""
    widest = max([v for _, v, _ in rows if v is not None and v > 0], default=1.0)
    return tuple(Share(label, 100 * max(0.0, v or 0.0) / widest, told, style) for label, v, told in rows)


def heat_of(
    heads: Sequence[Text], rows: Sequence[tuple[Text, Sequence[float | None]]], low: float, high: float
) -> Heat:
    """Return shades of numbers between two: the lightest at ``low``, the darkest at ``high``, none where nothing is known."""

    def level(value: float | None) -> tuple[int | None, str]:
        if value is None:
            return None, "–"
        part = (value - low) / (high - low) if high > low else 0.0
        return min(_LEVELS - 1, max(0, int(part * _LEVELS))), f"{value:.2f}"

    return Heat(tuple(heads), tuple((label, tuple(level(v) for v in values)) for label, values in rows))


def curve_of(values: Sequence[tuple[Text, float]]) -> Curve:
    """Return a curve through values in their order; the axis holds 0."""
    most, least = max(0.0, *(v for _, v in values)), min(0.0, *(v for _, v in values))
    marks = ticks(max(most, -least, 1e-9))
    top, bottom = marks[-1], -next(m for m in marks if m >= -least) if least < 0 else 0.0
    scale = (_BASE - _TOP) / (top - bottom)
    step = (_WIDTH - _LEFT - _RIGHT) / max(1, len(values))
    points = tuple(
        Point(_LEFT + (k + 0.5) * step, _BASE - (v - bottom) * scale, label, f"{v:,.2f}")
        for k, (label, v) in enumerate(values)
    )
    path = "".join(f"{'ML'[k > 0]}{p.x:.1f} {p.y:.1f}" for k, p in enumerate(points))
    shown = (*(-m for m in marks if -m >= bottom), 0.0, *marks)
    up = tuple(Tick(_LEFT - 6, _BASE - (m - bottom) * scale + 4, said(m) if m >= 0 else f"-{said(-m)}") for m in shown)
    return Curve(points, path, _BASE + bottom * scale, up)


def sections_html(title: Text, sub: Text, parts: Sequence[Section], language: Language) -> str:
    """Return the page as text; parameters are those of `write_sections`."""
    return (
        environment()
        .get_template("sections.html")
        .render(
            title=title,
            sub=sub,
            parts=parts,
            language=language,
            texts=TEXTS,
            nothing=NOTHING,
            style=Markup(source("style.css")),  # noqa: S704 (our own file)
            script=Markup(source("script.js")),  # noqa: S704 (our own file)
        )
    )


def write_sections(title: Text, sub: Text, parts: Sequence[Section], path: Path, language: Language) -> int:
    """Write sections as one HTML file and return its size in bytes.

    Parameters
    ----------
    title, sub
        Heading of the page, and the line below it.
    parts
        What it shows, from top to bottom.
    path
        The file to write.
    language
        Shown first; the page holds both.

    Raises
    ------
    UserError
        If the file cannot be written; what stood there is then as it was.
    """
    data = sections_html(title, sub, parts, language).encode()
    with replaced_file(path) as temporary:
        temporary.write_bytes(data)
    return len(data)
