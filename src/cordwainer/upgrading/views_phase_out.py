"""A phase-out as tables for people: what is done, who takes over, jobs, ways side by side."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster import Cluster
from cordwainer.core import Text
from cordwainer.exchange import View, ViewColumn
from cordwainer.upgrading.handover import jobs, taken_over
from cordwainer.upgrading.measure import Catalogue
from cordwainer.upgrading.phase_out import PhaseOut

WAYS = {
    "retire": Text("retire", "关停"),
    "merge": Text("merge", "合并"),
    "convert": Text("convert", "改造"),
}


def _names(cluster: Cluster) -> pl.DataFrame:
    return cluster["firm"].select(
        "firm",
        name_en=pl.coalesce("name_en", "name_zh", "firm"),
        name_zh=pl.coalesce("name_zh", "name_en", "firm"),
    )


def action_view(made: PhaseOut, known: Catalogue) -> View:
    """Return what is done, firm by firm."""
    lines = dict(made.before.cluster["line"].select("line", "stage").iter_rows())
    rows = []
    for a in made.best.actions:
        title = known.measures[a.measure].title if a.measure else Text("", "")
        rows.append(
            {
                "firm": a.firm,
                "lines": ", ".join(a.lines),
                "stage": lines[a.lines[0]] if a.lines else None,
                "way_en": WAYS[a.way].en,
                "way_zh": WAYS[a.way].zh,
                "day": a.day,
                "into": a.into or None,
                "moved": a.moved or None,
                "measure_en": title.en or None,
                "measure_zh": title.zh or None,
                "people": a.people,
                "cost_fen": a.cost_fen,
            }
        )
    schema = {
        **dict.fromkeys(("firm", "lines", "stage", "way_en", "way_zh"), pl.String),
        "day": pl.Date,
        "into": pl.String,
        "moved": pl.Int64,
        **dict.fromkeys(("measure_en", "measure_zh"), pl.String),
        **dict.fromkeys(("people", "cost_fen"), pl.Int64),
    }
    frame = pl.DataFrame(rows, schema=schema).join(_names(made.before.cluster), on="firm", how="left")
    columns = (
        ViewColumn("firm", Text("Firm", "企业"), "id"),
        ViewColumn("name", Text("Name", "名称"), "both"),
        ViewColumn("way", Text("What", "方式"), "both"),
        ViewColumn("lines", Text("Lines", "产线"), "text"),
        ViewColumn("stage", Text("Stage", "工序"), "choice", "stage"),
        ViewColumn("day", Text("From", "自"), "date"),
        ViewColumn("into", Text("Into line", "并入产线"), "text"),
        ViewColumn("moved", Text("People that go along", "随转人数"), "int"),
        ViewColumn("measure", Text("Measure", "措施"), "both"),
        ViewColumn("people", Text("Places lost", "失去岗位"), "int"),
        ViewColumn("cost_fen", Text("Cost, yuan a year", "年成本（元）"), "yuan"),
    )
    return View("phase_out", Text("What is done", "处置清单"), columns, frame)


def takeover_view(made: PhaseOut) -> View:
    """Return who takes over each order."""
    columns = (
        ViewColumn("order", Text("Order", "订单"), "id"),
        ViewColumn("stage", Text("Stage", "工序"), "choice", "stage"),
        ViewColumn("from_firm", Text("Was made by", "原厂家"), "text"),
        ViewColumn("pairs", Text("Pairs", "双数"), "int"),
        ViewColumn("by", Text("Taken over by", "接手厂家"), "text"),
        ViewColumn("moved", Text("Pairs taken over", "接手双数"), "int"),
        ViewColumn("committed", Text("Committed", "已承诺"), "bool"),
        ViewColumn("outcome_before", Text("Was", "原结果"), "choice", "outcome"),
        ViewColumn("outcome_after", Text("Is", "现结果"), "choice", "outcome"),
        ViewColumn("late_before", Text("Days late before", "原延期天数"), "int"),
        ViewColumn("late_after", Text("Days late now", "现延期天数"), "int"),
    )
    return View("takeovers", Text("Who takes over", "订单接手"), columns, taken_over(made))


def job_view(made: PhaseOut) -> View:
    """Return jobs lost and offered."""
    words = made.before.cluster["district"].select("district", district_en="name_en", district_zh="name_zh")
    frame = jobs(made).join(words, on="district", how="left")
    columns = (
        ViewColumn("district", Text("District", "区县"), "both"),
        ViewColumn("skill", Text("Work", "工种"), "choice", "stage"),
        ViewColumn("lost", Text("Places lost", "失去岗位"), "int"),
        ViewColumn("skilled", Text("of these skilled", "其中技工"), "number"),
        ViewColumn("offered", Text("Places offered", "新增岗位"), "number"),
    )
    return View("jobs", Text("Jobs", "岗位"), columns, frame)


def side_view(made: PhaseOut) -> View:
    """Return the choice beside the plan before and the lowest grade first."""
    ways = (
        (Text("Before", "现状"), made.before),
        (Text("Chosen", "所选方案"), made.best),
        (Text("Lowest grade first", "低档优先关停"), made.lowest_first),
    )
    rows = []
    for title, one in ways:
        if one is None:
            continue
        outcome = one.plan["outcome"].join(one.cluster["order"].select("order", "committed"), on="order")
        rows.append(
            {
                "way_en": title.en,
                "way_zh": title.zh,
                "reached": one.reached,
                "contribution_fen": one.contribution_fen,
                "bound_fen": int(one.plan.head["bound_fen"]),
                "people": one.people,
                "offered": one.short,
                "lost": one.jobs_lost,
                "broken": outcome.filter(outcome="broken").height,
                "away": outcome.filter(pl.col("outcome").is_in(["declined", "outside"])).height,
                "worth_fen": round(one.worth_fen),
            }
        )
    columns = (
        ViewColumn("way", Text("Way", "做法"), "both"),
        ViewColumn("reached", Text("Reached", "达到"), "number"),
        ViewColumn("contribution_fen", Text("Contribution over the plan, yuan", "计划期贡献额（元）"), "yuan"),
        ViewColumn("bound_fen", Text("no plan is worth more than", "上界（元）"), "yuan"),
        ViewColumn("people", Text("Places lost", "失去岗位"), "int"),
        ViewColumn("offered", Text("Places offered", "新增岗位"), "number"),
        ViewColumn("lost", Text("Jobs lost, net", "净失岗位"), "number"),
        ViewColumn("broken", Text("Committed orders broken", "违约订单"), "int"),
        ViewColumn("away", Text("Orders declined or outside", "拒接或外发订单"), "int"),
        ViewColumn("worth_fen", Text("Worth a year, yuan", "年得失（元）"), "yuan"),
    )
    return View(
        "phase_out_ways", Text("Side by side, planned again", "对照（均重新排产）"), columns, pl.DataFrame(rows)
    )
