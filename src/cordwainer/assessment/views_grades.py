"""Grades as tables for people: those of an evaluation, those of a frozen run, and what a correction changed."""

from __future__ import annotations

import polars as pl

from cordwainer.assessment.definitions import figure_label
from cordwainer.assessment.evaluation import FRAME, Evaluation
from cordwainer.assessment.run import Run
from cordwainer.assessment.scheme import Scheme
from cordwainer.assessment.views import KIND_WORDS, OUTCOME_WORDS, column, named, scheme_words, worded
from cordwainer.cluster import Cluster
from cordwainer.core import Text, digits
from cordwainer.exchange import View, ViewColumn

_ANSWERS = {
    "confirmed": Text("confirmed", "已确认"),
    "partly": Text("partly confirmed", "部分确认"),
    "objected": Text("objection open", "有异议待处理"),
}


def grade_view(cluster: Cluster, made: Evaluation, year: int) -> View:
    """Return every unit of a year with score and grade, the best of each list first."""
    return _grades(cluster, made.scheme, made.frame(year), _trial(made.scheme, year))


def run_view(cluster: Cluster, scheme: Scheme, run: Run) -> View:
    """Return every unit of a frozen run with score, grade and what it answered, the best of each list first."""
    frame = pl.DataFrame(list(run.units), schema=FRAME)
    said = pl.Series("answer", [_answer(run, u) for u in frame["unit"]], dtype=pl.String)
    frame = worded(frame.with_columns(said), "answer", _ANSWERS)
    title = Text("{t}, {y}", "{t}（{y}）").format(t=scheme.title, y=run.year)
    return _grades(cluster, scheme, frame, title, column("answer", "Answer", "企业答复", "both"))


def _answer(run: Run, unit: str) -> str | None:
    who = {unit, *run.members.get(unit, ())}
    if any(a.unit in who for a in run.open_objections):
        return "objected"
    said = {a.unit for a in run.answers if a.figure is None} & who
    if not said:
        return None
    return "confirmed" if unit in said or said == who - {unit} else "partly"


def _trial(scheme: Scheme, year: int) -> Text:
    return Text("{t}, {y}: trial", "{t}（{y}）：试算").format(t=scheme.title, y=year)


def _industry(scheme: Scheme) -> tuple[ViewColumn, ...]:
    """Return the column of industry groups, where the scheme has any."""
    return (column("industry", "Industry group", "行业组", "both"),) if scheme.industries else ()


def _money(scheme: Scheme, en: str, zh: str) -> tuple[ViewColumn, ...]:
    """Return the column of what grades cost, where the scheme says that they cost anything."""
    return (column("fen", en, zh, "yuan"),) if scheme.consequences else ()


def _grades(cluster: Cluster, scheme: Scheme, units: pl.DataFrame, title: Text, said: ViewColumn | None = None) -> View:
    words = scheme_words(scheme)
    frame = named(cluster, units, "unit").sort("list", "industry", "rank", "unit", nulls_last=True)
    for name, of in (("list", words), ("industry", words), ("outcome", OUTCOME_WORDS), ("kind", KIND_WORDS)):
        frame = worded(frame, name, of)
    columns = (
        column("unit", "Unit", "单元", "id"),
        column("name", "Name", "名称", "both"),
        column("kind", "Kind", "类型", "both"),
        column("list", "List", "名单", "both"),
        *_industry(scheme),
        column("score", "Score", "得分", "score"),
        column("grade", "Grade", "档次", "id"),
        column("rank", "Rank", "名次", "int"),
        column("of", "of", "参评数", "int"),
        column("outcome", "Outcome", "结果", "both"),
        said or column("disputed", "Objection open", "有异议", "bool"),
        *_money(scheme, "Costs a year, yuan", "年增支（元）"),
    )
    return View("grades", title, columns, frame)


def count_view(made: Evaluation, year: int) -> View:
    """Return how many units have each grade or outcome, by list and industry group."""
    title = Text("{t}, {y}: how many", "{t}（{y}）：分布").format(t=made.scheme.title, y=year)
    return _counts(made.scheme, made.frame(year), title)


def run_count_view(scheme: Scheme, run: Run) -> View:
    """Return how many units of a frozen run have each grade or outcome, by list and industry group."""
    return _counts(scheme, pl.DataFrame(list(run.units), schema=FRAME), Text("How many", "分布"))


def _counts(scheme: Scheme, units: pl.DataFrame, title: Text) -> View:
    words = scheme_words(scheme)
    frame = units.with_columns(what=pl.coalesce("grade", "outcome"))
    table = frame.group_by("list", "industry", "what").agg(
        units=pl.len().cast(pl.Int64), fen=pl.when(pl.col("fen").null_count() == 0).then(pl.col("fen").sum())
    )
    table = worded(worded(worded(table, "list", words), "industry", words), "what", OUTCOME_WORDS)
    columns = (
        column("list", "List", "名单", "both"),
        *_industry(scheme),
        column("what", "Grade or outcome", "档次或结果", "both"),
        column("units", "Units", "单元数", "int"),
        *_money(scheme, "Costs a year, yuan", "年增支合计（元）"),
    )
    return View("counts", title, columns, table.sort("list", "industry", "what", nulls_last=True))


def change_view(run: Run) -> View:
    """Return the grades that a correction changed, and why."""
    rows = []
    for change in run.changes:
        figures = [f"{figure_label(f).en} {_said(b)} -> {_said(a)}" for f, b, a in change.figures]
        figures_zh = [f"{figure_label(f).zh} {_said(b)} → {_said(a)}" for f, b, a in change.figures]
        why = Text("; ".join(figures), "；".join(figures_zh)) if figures else Text("others moved", "其他单元变动所致")
        rows.append((change.unit, change.before, change.after, why.en, why.zh))
    names = ("unit", "before", "after", "why_en", "why_zh")
    columns = (
        column("unit", "Unit", "单元", "id"),
        column("before", "Before", "原档次", "id"),
        column("after", "After", "现档次", "id"),
        column("why", "Why", "原因", "both"),
    )
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return View("changes", Text("Grades that changed", "变动的档次"), columns, frame)


_DECISIONS = {
    "open": Text("open", "待处理"),
    "upheld": Text("upheld", "成立"),
    "refused": Text("refused", "不成立"),
}


def objection_view(run: Run) -> View:
    """Return the objections of a run, those that are open first."""
    names = ("unit", "day", "figure_en", "figure_zh", "reason", "decision")
    rows = [
        (a.unit, a.day, figure_label(a.figure).en, figure_label(a.figure).zh, a.claimed, a.reason, a.decision)
        for a in sorted(run.answers, key=lambda a: a.decision != "open")
        if a.figure is not None
    ]
    schema = {**dict.fromkeys(names, pl.String), "day": pl.Date, "claimed": pl.Float64}
    order = ("unit", "day", "figure_en", "figure_zh", "claimed", "reason", "decision")
    frame = worded(pl.DataFrame(rows, schema={n: schema[n] for n in order}, orient="row"), "decision", _DECISIONS)
    columns = (
        column("unit", "Unit", "单元", "id"),
        column("figure", "Figure", "指标", "both"),
        column("claimed", "Claimed", "主张值", "number"),
        column("day", "Filed", "提出日", "date"),
        column("reason", "Reason", "理由", "text"),
        column("decision", "Decision", "处理结果", "both"),
    )
    return View("objections", Text("Objections", "异议"), columns, frame)


def _said(value: float | None) -> str:
    return "?" if value is None else digits(value)
