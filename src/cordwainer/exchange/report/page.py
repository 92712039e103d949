"""The report: one HTML file with everything inside, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import polars as pl
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Language, Text
from cordwainer.exchange.report import charts, figures, views_load, views_money, views_orders
from cordwainer.exchange.report.gantt import LOTS, MAKERS, gantt
from cordwainer.exchange.report.joined import Joined
from cordwainer.exchange.report.texts import SCARCE, TEXTS
from cordwainer.exchange.report.tiles import TILE, tiles
from cordwainer.exchange.report.view import View
from cordwainer.tasks import replaced_file

_ROWS = {"unmet": 2000, "orders": 400, "purchases": 400, "makers": 200}


@dataclass(frozen=True)
class Shown:
    """A view as the page shows it: heads, cells in both languages, how many rows there are and are shown."""

    view: View
    limit: int

    @property
    def total(self) -> int:
        """Rows of the view."""
        return self.view.frame.height

    @property
    def shown(self) -> int:
        """Rows on the page."""
        return min(self.total, self.limit)

    @property
    def rows(self) -> list[list[tuple[str, str]]]:
        """Cells of each shown row as (English, Chinese)."""
        both = zip(self.view.cells("en", self.shown), self.view.cells("zh", self.shown), strict=True)
        return [list(zip(en, zh, strict=True)) for en, zh in both]


def source(name: str) -> str:
    """Return the text of a template."""
    return (files("cordwainer.exchange.report") / "templates" / name).read_text(encoding="utf-8")


def _bilingual(text: Text | tuple[str, str]) -> Markup:
    """Return both texts, of which the page shows one; a single one where they are equal."""
    en, zh = (text.en, text.zh) if isinstance(text, Text) else text
    if en == zh:
        return Markup("{}").format(en)
    return Markup('<span class="en" lang="en">{}</span><span class="zh" lang="zh">{}</span>').format(en, zh)


@cache
def environment() -> Environment:
    """Return the templates, ready to be filled in."""
    environment = Environment(
        loader=FunctionLoader(source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["t"] = _bilingual
    return environment


def _views(j: Joined, explanations: pl.DataFrame | None) -> dict[str, Shown]:
    views = (
        views_orders.unmet(j, explanations),
        views_orders.orders(j),
        views_load.load(j),
        views_load.districts(j),
        views_load.makers(j),
        views_money.purchases(j),
        views_money.scarce(j, SCARCE),
        views_money.gap(j),
    )
    return {v.name: Shown(v, _ROWS.get(v.name, 1000)) for v in views}


def report_html(
    cluster: Cluster,
    plan: Plan,
    *,
    explanations: pl.DataFrame | None,
    certified: bool | None,
    language: Language,
) -> str:
    """Return the report as text; parameters are those of `write_report`."""
    j = Joined(cluster, plan)
    views = _views(j, explanations)
    return (
        environment()
        .get_template("page.html")
        .render(
            language=language,
            texts=TEXTS,
            style=Markup(source("style.css")),  # noqa: S704 (our own file)
            script=Markup(source("script.js")),  # noqa: S704 (our own file)
            certified=certified,
            plan=plan,
            worth=figures.worth(j),
            of_orders=figures.of_orders(j),
            of_capacity=figures.of_capacity(j),
            views=views,
            outcome=charts.outcome_bars(j),
            gap_bars=charts.gap_bars(views["gap"].view),
            district_bars=charts.district_bars(views["districts"].view),
            panels=charts.load_panels(j),
            panel_size=charts.PANEL_SIZE,
            tiles=tiles(views["districts"].view),
            tile=TILE,
            gantt=gantt(j),
            gantt_note=Text(
                f"The {LOTS} largest lots of each of the {MAKERS} makers with most work; a bar runs over the weeks "
                "in which the maker works on the lot.",
                f"工作量最大的 {MAKERS} 家厂，每家列出最大的 {LOTS} 个批次；横条为该厂加工该批次的周次。",
            ),
        )
    )


def write_report(
    cluster: Cluster,
    plan: Plan,
    path: Path,
    *,
    explanations: pl.DataFrame | None = None,
    certified: bool | None = None,
    language: Language = "en",
) -> int:
    """Write the report and return its size in bytes.

    Parameters
    ----------
    cluster, plan
        The plan and the cluster it was made for.
    path
        The file to write.
    explanations
        Columns order, reason_en, reason_zh; without it reasons are shown as unknown.
    certified
        What the referee said; None where it was not asked.
    language
        Shown first; the page holds both.

    Raises
    ------
    UserError
        If the file cannot be written; what stood there is then as it was.
    """
    data = report_html(cluster, plan, explanations=explanations, certified=certified, language=language).encode()
    with replaced_file(path) as temporary:
        temporary.write_bytes(data)
    return len(data)
