"""What offices may be told of a programme or phase-out that rests on what firms entered for trade: sums of at least five firms, in two digits.

Asks, people and loads of single firms stay theirs: who is not one of at least five is told in one row with the others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from cordwainer.cluster import Cluster
from cordwainer.core import Text
from cordwainer.exchange import View, ViewColumn
from cordwainer.upgrading.growing import where_to_grow
from cordwainer.upgrading.handover import jobs, leaks
from cordwainer.upgrading.measure import Catalogue
from cordwainer.upgrading.next_step import NextStep, Step, next_step
from cordwainer.upgrading.phase_out import PhaseOut
from cordwainer.upgrading.raising import RaisedCluster
from cordwainer.upgrading.views_phase_out import WAYS, side_view
from cordwainer.upgrading.views_programme import growth_view, ways_view

LEAST_FIRMS = 5
_OF_STEPS = ("capital_fen", "firm_fen", "cluster_fen", "support_fen", "payback_years")
"""Figures of a step that its firm is told."""
_OTHERS = Text("others", "其他")


def two_digits(value: float | None) -> float | None:
    """Return a number in two digits; None and 0 as they are."""
    if not value or not math.isfinite(value):
        return value
    return round(value, 1 - math.floor(math.log10(abs(value))))


def _rounded(view: View) -> View:
    """Return a view whose numbers are in two digits."""
    frame = view.frame
    names = [c.name for c in view.columns if c.is_number and c.kind != "share"]
    rounded = [
        pl.Series(n, [two_digits(v) for v in frame[n].to_list()]).cast(frame.schema[n], strict=False) for n in names
    ]
    return View(view.name, view.title, view.columns, frame.with_columns(rounded))


def _together(frame: pl.DataFrame, label: str, others: Text) -> pl.DataFrame:
    """Return rows with a column ``firms``: those of too few firms are summed to one, which is left out where it is of too few itself."""
    enough, few = frame.filter(pl.col("firms") >= LEAST_FIRMS), frame.filter(pl.col("firms") < LEAST_FIRMS)
    numbers = [c for c, t in frame.schema.items() if t.is_numeric()]
    rest = few.select(pl.col(numbers).sum()).with_columns(
        pl.lit(others.en).alias(f"{label}_en"), pl.lit(others.zh).alias(f"{label}_zh")
    )
    rest = rest.filter(pl.col("firms") >= LEAST_FIRMS)
    return pl.concat([enough, rest.select(frame.columns).cast(dict(frame.schema))])  # type: ignore[arg-type]


def programme_tables(made: RaisedCluster, known: Catalogue, cluster: Cluster) -> list[View]:
    """Return what a programme takes by measure, ways side by side, and where to grow."""
    titles = pl.DataFrame(
        [(m.name, m.title.en, m.title.zh) for m in known.measures.values()],
        schema=["measure", "title_en", "title_zh"],
        orient="row",
    )
    taken = (
        made.best.programme.rows.group_by("measure")
        .agg(
            firms=pl.col("firm").n_unique().cast(pl.Int64),
            cost_fen=pl.col("capital_fen").sum(),
            support_fen=pl.col("support_fen").sum(),
        )
        .join(titles, on="measure")
        .drop("measure")
        .sort("firms", "title_en", descending=[True, False])
    )
    columns = (
        ViewColumn("title", Text("Measure", "措施"), "both"),
        ViewColumn("firms", Text("Firms", "企业数"), "int"),
        ViewColumn("cost_fen", Text("Cost, yuan", "投资（元）"), "yuan"),
        ViewColumn("support_fen", Text("Subsidy by rule, yuan", "按规则可得补助（元）"), "yuan"),
    )
    title = Text("What is taken, of at least five firms each", "采取的措施（每项至少五家企业）")
    grown = growth_view(
        where_to_grow((cluster, made.before_plan), (made.best.cluster, made.best.plan)).filter(
            pl.col("orders") >= LEAST_FIRMS
        )
    )
    measures = View("measures", title, columns, _together(taken, "title", _OTHERS))
    return [_rounded(measures), _rounded(ways_view(made)), _rounded(grown)]


def phase_out_tables(made: PhaseOut, known: Catalogue) -> list[View]:
    """Return what is done by way, ways side by side, jobs by district and skill, and what leaks."""
    rows: dict[str, list[Any]] = {w: [set(), 0, 0] for w in WAYS}
    for a in made.best.actions:
        at = rows[a.way]
        at[0].add(a.firm)
        at[1] += len(a.lines)
        at[2] += a.cost_fen
    done = pl.DataFrame(
        [
            {"way_en": WAYS[w].en, "way_zh": WAYS[w].zh, "firms": len(f), "lines": n, "cost_fen": c}
            for w, (f, n, c) in rows.items()
        ]
    )
    columns = (
        ViewColumn("way", Text("What", "方式"), "both"),
        ViewColumn("firms", Text("Firms", "企业数"), "int"),
        ViewColumn("lines", Text("Lines", "产线"), "int"),
        ViewColumn("cost_fen", Text("Cost, yuan a year", "年成本（元）"), "yuan"),
    )
    title = Text("What is done, of at least five firms each", "处置方式（每类至少五家企业）")
    leak = leaks(made, known, made.target.kind if made.target.of_flow else "solvent")
    flow = [
        {"flow": leak.flow, "before": leak.before / 1000, "after": leak.after / 1000}
        | {"pairs": leak.pairs, "low": leak.low / 1000, "high": leak.high / 1000}
    ]
    leak_columns = (
        ViewColumn("flow", Text("Flow", "排放项"), "text"),
        ViewColumn("before", Text("before, 1,000 units", "原（千单位）"), "number"),
        ViewColumn("after", Text("after", "现"), "number"),
        ViewColumn("pairs", Text("Pairs made elsewhere or not at all", "转出或不再生产（双）"), "int"),
        ViewColumn("low", Text("released there, from", "他处排放，下限"), "number"),
        ViewColumn("high", Text("to", "上限"), "number"),
    )
    leaked = View(
        "leak", Text("What leaks to other places, as assumed", "外溢（按假设）"), leak_columns, pl.DataFrame(flow)
    )
    words = made.before.cluster["district"].select("district", district_en="name_en", district_zh="name_zh")
    lost = jobs(made).join(words, on="district", how="left").filter(pl.col("lost").is_between(1, 4).not_())
    job_columns = (
        ViewColumn("district", Text("District", "区县"), "both"),
        ViewColumn("skill", Text("Work", "工种"), "choice", "stage"),
        ViewColumn("lost", Text("Places lost", "失去岗位"), "int"),
        ViewColumn("offered", Text("Places offered", "新增岗位"), "number"),
    )
    places = View("jobs", Text("Jobs, rows of fewer than five left out", "岗位（不足五个的未列）"), job_columns, lost)
    done_view = View("done", title, columns, _together(done, "way", _OTHERS))
    return [_rounded(v) for v in (done_view, side_view(made), places, leaked)]


def steps_of_firms(
    cluster: Cluster, known: Catalogue, table: pl.DataFrame, grades: Mapping[str, str | None]
) -> dict[str, dict[str, Any]]:
    """Return the next step of every firm in words, for itself alone: amounts in two digits, as they hang on the prices of all."""
    money = [c for c in table.columns if c.endswith("_fen")]
    rounded = table.with_columns(
        pl.Series(c, [round(two_digits(float(v)) or 0) for v in table[c].to_list()], dtype=pl.Int64) for c in money
    )
    found: dict[str, dict[str, Any]] = {}
    for firm in rounded["firm"].unique().sort().to_list():
        told = next_step(cluster, known, rounded, firm)
        found[firm] = {
            "grade": grades.get(firm),
            "steps": [_kept(s) for s in told.steps],
            "nearest": None if told.nearest is None else _kept(told.nearest),
        }
    return found


def _kept(step: Step) -> dict[str, Any]:
    """Return a step as plain values: its words, and what `next_step_of` makes it of again."""
    words = {"en": step.told.en, "zh": step.told.zh, "first": list(step.first)}
    return {**words, "measure": step.measure.name, "row": {c: step.row[c] for c in _OF_STEPS}}


def next_step_of(firm: str, kept: Mapping[str, Any], known: Catalogue) -> NextStep:
    """Return the next step of a firm from what `steps_of_firms` kept of it; measures that are known no longer are left out."""

    def step(one: Mapping[str, Any]) -> Step:
        return Step(known.measures[one["measure"]], dict(one["row"]), tuple(one["first"]))

    steps = tuple(step(one) for one in kept["steps"] if one["measure"] in known.measures)
    nearest = kept["nearest"]
    return NextStep(firm, steps, step(nearest) if nearest and nearest["measure"] in known.measures else None)
