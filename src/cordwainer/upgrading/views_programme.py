"""A programme as tables for people: what is taken in which year, ways side by side, where to grow, the frontier, marginal costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from cordwainer.cluster import Cluster, dictionary
from cordwainer.core import Text
from cordwainer.exchange import View, ViewColumn
from cordwainer.upgrading.curves import CostCurve
from cordwainer.upgrading.measure import Catalogue
from cordwainer.upgrading.raising import FrontierPoint, Raised, RaisedCluster
from cordwainer.upgrading.views import opportunity_view

VERDICTS = {
    "grow": Text("grow", "做大"),
    "hold": Text("hold", "维持"),
    "leave": Text("leave", "退出"),
}
BY = {
    "category": Text("category", "品类"),
    "construction": Text("construction", "工艺"),
    "market": Text("market", "市场"),
}
WAYS = {
    "chosen": Text("Chosen", "所选方案"),
    "by_payback": Text("Shortest payback first", "回本最快优先"),
    "equal_share": Text("Equal share to all", "平均分配"),
}
_SHOWN = (
    ViewColumn("contribution_fen", Text("Contribution over the plan, yuan", "计划期贡献额（元）"), "yuan"),
    ViewColumn("value_added_fen", Text("Value added over the plan, yuan", "计划期增加值（元）"), "yuan"),
    ViewColumn("local_share", Text("Made here", "本地生产占比"), "share"),
    ViewColumn("carbon_kg", Text("Carbon, kg", "碳排（千克）"), "int"),
    ViewColumn("jobs", Text("Busy places", "用工岗位"), "number"),
)


def programme_view(cluster: Cluster, known: Catalogue, made: RaisedCluster) -> View:
    """Return what is taken, with the year in which where there are several."""
    rows = made.best.programme.rows
    view = opportunity_view(cluster, known, rows)
    view = replace(view, columns=tuple(c for c in view.columns if not c.name.startswith("rank")))
    if "year" not in rows.columns:
        return view
    year = ViewColumn("year", Text("Year", "年份"), "int")
    frame = view.frame.with_columns(year=pl.col("year") + 1).sort("year", "firm", "measure")
    return View("programme", Text("Programme", "升级方案"), (year, *view.columns), frame)


def _row(title: Text, one: Raised) -> dict[str, object]:
    s = one.standings
    return {
        "way_en": title.en,
        "way_zh": title.zh,
        "measures": one.programme.rows.height,
        "cost_fen": one.programme.cost_fen,
        "said": one.said,
        "brings": one.brings,
        "contribution_fen": round(s.contribution),
        "value_added_fen": round(s.value_added),
        "local_share": s.local_share,
        "carbon_kg": round(s.carbon / 1000),
        "jobs": s.jobs,
    }


def ways_view(made: RaisedCluster) -> View:
    """Return the programme beside what offices do, each planned again, and the plan before."""
    s = made.before
    before = {
        "way_en": "Before",
        "way_zh": "现状",
        "contribution_fen": round(s.contribution),
        "value_added_fen": round(s.value_added),
        "local_share": s.local_share,
        "carbon_kg": round(s.carbon / 1000),
        "jobs": s.jobs,
    }
    money = made.goal in ("npv", "contribution", "value_added")
    kind = "yuan" if money else "number"
    ways = {"chosen": made.best, "by_payback": made.by_payback, "equal_share": made.equal_share}
    rows = [before, *(_row(WAYS[k], one) for k, one in ways.items())]
    columns = (
        ViewColumn("way", Text("Way", "做法"), "both"),
        ViewColumn("measures", Text("Measures", "措施数"), "int"),
        ViewColumn("cost_fen", Text("Cost, yuan", "投资（元）"), "yuan"),
        ViewColumn("said", Text("Goal as estimated", "目标（估算）"), "yuan" if money else "number"),
        ViewColumn("brings", Text("Goal planned again", "目标（重新排产）"), "yuan" if money else "number"),
        *_SHOWN,
    )
    frame = pl.DataFrame(rows, infer_schema_length=None)
    if kind == "yuan":
        frame = frame.with_columns(pl.col("said", "brings").round(0).cast(pl.Int64))
    return View("ways", Text("Side by side, planned again", "对照（均重新排产）"), columns, frame)


def growth_view(frame: pl.DataFrame) -> View:
    """Return where to grow."""
    words = {(by, v): label for by in BY for v, label in dictionary.choices().get(by, {}).items()}
    rows = []
    for r in frame.iter_rows(named=True):
        label = words.get((r["by"], r["kind"]), Text(r["kind"], r["kind"]))
        after = r["verdict_after"]
        rows.append(
            r
            | {"by_en": BY[r["by"]].en, "by_zh": BY[r["by"]].zh, "kind_en": label.en, "kind_zh": label.zh}
            | {"verdict_en": VERDICTS[r["verdict"]].en, "verdict_zh": VERDICTS[r["verdict"]].zh}
            | {
                "verdict_after_en": VERDICTS[after].en if after else None,
                "verdict_after_zh": VERDICTS[after].zh if after else None,
            }
        )
    columns = (
        ViewColumn("by", Text("By", "分类"), "both"),
        ViewColumn("kind", Text("Kind", "类别"), "both"),
        ViewColumn("orders", Text("Orders", "订单数"), "int"),
        ViewColumn("pairs", Text("Pairs", "双数"), "int"),
        ViewColumn("earns", Text("An hour on it earns, yuan", "每工时产出（元）"), "number"),
        ViewColumn("worth", Text("an hour is worth, yuan", "工时影子价（元）"), "number"),
        ViewColumn("verdict", Text("Now", "现在"), "both"),
        ViewColumn("earns_after", Text("earns after", "方案后产出"), "number"),
        ViewColumn("worth_after", Text("worth after", "方案后影子价"), "number"),
        ViewColumn("verdict_after", Text("After the programme", "方案后"), "both"),
    )
    table = pl.DataFrame(rows, infer_schema_length=None)
    return View("where_to_grow", Text("Where to grow", "往哪里发展"), columns, table)


def frontier_view(points: Sequence[FrontierPoint]) -> View:
    """Return the frontier between two goals."""
    rows = [{**_row(Text("", ""), p.raised), "weight": p.weight} for p in points]
    columns = (
        ViewColumn("weight", Text("Weight of the second goal", "第二目标权重"), "share"),
        ViewColumn("measures", Text("Measures", "措施数"), "int"),
        ViewColumn("cost_fen", Text("Cost, yuan", "投资（元）"), "yuan"),
        *_SHOWN,
    )
    return View("frontier", Text("Between two goals", "两目标之间"), columns, pl.DataFrame(rows))


def curve_view(curve: CostCurve) -> View:
    """Return the marginal cost curve with the naive one beside it, yuan a 1,000 units of the flow."""
    naive = curve.naive
    rows = [
        r
        | {
            "yuan": r["price"] * 10,
            "naive": naive.filter(pl.col("price") <= r["price"] + 1e-9).select(pl.col("less").max()).fill_null(0).item()
            / 1000,
            "less": r["less"] / 1000,
            "less_planned": r["less_planned"] / 1000,
        }
        for r in curve.programme.iter_rows(named=True)
    ]
    unit = {"g": Text("kg", "千克")}.get(curve.unit, Text(f"1,000 {curve.unit}", f"千{curve.unit}"))
    columns = (
        ViewColumn("yuan", Text(f"Marginal cost, yuan a {unit.en}", f"边际成本（元/{unit.zh}）"), "number"),
        ViewColumn("less", Text(f"Less a year as estimated, {unit.en}", f"年减量估算（{unit.zh}）"), "number"),
        ViewColumn("less_planned", Text("planned again", "重新排产"), "number"),
        ViewColumn("naive", Text("by naive ranking", "简单排序"), "number"),
        ViewColumn("measures", Text("Measures", "措施数"), "int"),
        ViewColumn("contribution_fen", Text("Contribution gained a year, yuan", "年贡献额变化（元）"), "yuan"),
    )
    return View(
        "marginal_cost", Text(f"What less {curve.flow} costs", f"减少 {curve.flow} 的成本"), columns, pl.DataFrame(rows)
    )
