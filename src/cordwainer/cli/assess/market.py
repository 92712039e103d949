"""`cordwainer assess structure`, `chain`, `product` and `people`: of the whole cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cordwainer.cli.assess.shared import Year, last_year
from cordwainer.cli.language import both
from cordwainer.cli.loading import cluster_at, opened
from cordwainer.cli.options import ClusterPath, Json, Lang, Out, PlanPath, Rows
from cordwainer.cli.outputs import refuse_out, written
from cordwainer.cli.screen import Screen
from cordwainer.core import Text, UserError


def structure(
    cluster: ClusterPath,
    year: Year = None,
    population: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help=both("firms that there are, where these are a sample", "数据为抽样时的企业总数")
        ),
    ] = None,
    rows: Rows = 40,
    out: Out = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Show the structure."""
    refuse_out(out, cluster)
    screen = Screen.of(lang, as_json)
    found = cluster_at(cluster, screen)
    from cordwainer.assessment import (
        firm_sizes,
        location_quotients,
        quotient_view,
        size_view,
        sizes,
        structure_view,
        tail,
    )
    from cordwainer.assessment import structure as measured

    wanted = last_year(found, year)
    view = structure_view(found, measured(found, wanted, population))
    special = quotient_view(found, location_quotients(found))
    screen.view(view, rows)
    screen.view(special, rows)
    spread = size_view(found, sizes(found, wanted))
    screen.view(spread, rows)
    end = tail(firm_sizes(found, wanted, "revenue_yuan")["value"].to_numpy(), 2e7)
    if end is not None:
        span = f"{end.alpha:.2f} ({end.low:.2f} - {end.high:.2f})"
        screen.say(
            Text(
                f"Tail of revenue above 20 million yuan: exponent {span}, {end.firms} firms.",
                f"营收 2000 万元以上的尾部指数：{span}，{end.firms} 家。",
            )
        )
    written(screen, view, out)
    tail_record = None if end is None else {s: getattr(end, s) for s in end.__slots__}
    screen.data(
        {"structure": view.records(), "quotients": special.records(), "sizes": spread.records(), "tail": tail_record}
    )


structure.__doc__ = both(
    "Concentration (CR4, HHI, effective number, Gini) by district, stage and category, specialisation, tail of sizes.",
    "产业结构：按区县、工序、品类的集中度（CR4、HHI、等效企业数、基尼系数），区位商，规模尾部。",
)


def chain(
    cluster: ClusterPath,
    plan: PlanPath,
    firms: Annotated[
        bool, typer.Option("--firms", help=both("the place of every firm on the curve", "各企业在曲线上的位置"))
    ] = False,
    before: Annotated[
        Path | None,
        typer.Option(
            metavar="CLUSTER",
            help=both(
                "with --before-plan: how firms moved since this cluster", "配合 --before-plan：企业自该集群以来的移动"
            ),
        ),
    ] = None,
    before_plan: Annotated[
        Path | None, typer.Option(metavar="PLAN", help=both("plan of the cluster before", "此前集群的计划"))
    ] = None,
    rows: Rows = 40,
    out: Out = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Show the value chain."""
    refuse_out(out, *(p for p in (cluster, plan, before, before_plan) if p is not None))
    if (before is None) != (before_plan is None):
        raise UserError(
            "usage",
            Text("Movement needs both --before and --before-plan.", "计算移动须同时给出 --before 与 --before-plan。"),
            Text("Give the older cluster and its plan.", "请给出此前的集群及其计划。"),
        )
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.assessment import chain as cells
    from cordwainer.assessment import (
        channel_view,
        channels,
        movement,
        movement_view,
        place_view,
        places_on_the_curve,
        smile,
        smile_view,
    )

    table = cells(found, made)
    places = places_on_the_curve(table)
    if before is not None and before_plan is not None:
        _, older, then = opened(before, before_plan, lang, as_json)
        view = movement_view(found, movement(places, places_on_the_curve(cells(older, then))))
    else:
        view = place_view(found, places) if firms else smile_view(smile(table))
    screen.view(view, rows)
    shares = channel_view(channels(found, made))
    screen.view(shares)
    written(screen, view, out)
    screen.data({view.name: view.records(), "channels": shares.records()})


chain.__doc__ = both(
    "Value chain: what each stage and role adds to a pair, by channel; the place of firms on the curve (--firms), and how they moved from one "
    "year's plan to the next (--before, --before-plan).",
    "价值链：每双鞋各环节的增加值，按业务模式；企业在微笑曲线上的位置（--firms），以及从上一年计划到本年的移动（--before、--before-plan）。",
)


def product(
    cluster: ClusterPath,
    rows: Rows = 30,
    out: Out = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Show the grade of product."""
    refuse_out(out, cluster)
    screen = Screen.of(lang, as_json)
    found = cluster_at(cluster, screen)
    from cordwainer.assessment import product as sold
    from cordwainer.assessment import product_view

    view = product_view(found, sold(found))
    screen.view(view, rows)
    written(screen, view, out)
    screen.data(view.records())


product.__doc__ = both(
    "Grade of product by owner of styles and year, as orders show it: price band, age of styles against the age of what sells, repeat orders. "
    "Tests at superior class: assess grade --scheme product-grade.",
    "按款式所有者和年份、依据订单的产品档次：价格带、款式年龄与所售款式年龄、返单占比。优等品率见 assess grade --scheme product-grade。",
)


def people(
    cluster: ClusterPath,
    plan: PlanPath,
    rows: Rows = 30,
    out: Out = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Show people."""
    refuse_out(out, cluster, plan)
    screen, found, made = opened(cluster, plan, lang, as_json)
    from cordwainer.assessment import skill_view, skills, skills_of_the_cluster, wage_pressure, wage_view

    view = skill_view(skills_of_the_cluster(skills(found, made)))
    wages = wage_view(found, wage_pressure(found, made))
    screen.view(view, rows)
    screen.view(wages, rows)
    written(screen, view, out)
    screen.data({"skills": view.records(), "wages": wages.records()})


people.__doc__ = both(
    "People: skills against what the plan uses, the shortage in yuan by the plan's prices, pressure on wages.",
    "人才：技能供需、按计划价格计的短缺价值、工价压力。",
)
