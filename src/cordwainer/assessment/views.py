"""Assessments as tables for people, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from cordwainer.assessment.backward import rules
from cordwainer.assessment.definitions import figure_label, indicator_label, indicators
from cordwainer.assessment.firm_page import FirmPage
from cordwainer.assessment.scheme import Scheme
from cordwainer.cluster import Cluster, dictionary
from cordwainer.core import LANGUAGES, Text
from cordwainer.exchange import View, ViewColumn

OUTCOME_WORDS = {
    "graded": Text("graded", "已评"),
    "inherited": Text("grade of the landlord", "随出租方"),
    "vetoed": Text("veto", "一票否决"),
    "exempt": Text("exempt", "暂缓评价"),
    "unknown": Text("a figure is missing", "缺指标"),
    "unlisted": Text("on no list", "不在评价范围"),
    "absent": Text("not there", "当年不存在"),
}
KIND_WORDS = {"firm": Text("firm", "企业"), "group": Text("group", "集团"), "parcel": Text("parcel", "地块")}
_ALL = Text("all", "全部")


def column(name: str, en: str, zh: str, kind: str) -> ViewColumn:
    """Return a column of a view."""
    return ViewColumn(name, Text(en, zh), kind)  # type: ignore[arg-type]


def worded(frame: pl.DataFrame, name: str, words: Mapping[str, Text], new: str | None = None) -> pl.DataFrame:
    """Return a frame with the words for a column in both languages; a value without words stands for itself."""
    to = new or name
    values = frame[name].to_list()
    told = [words.get(v, Text(v, v)) if v is not None else Text("", "") for v in values]
    both = {f"{to}_{lang}": [t.in_(lang) or None for t in told] for lang in LANGUAGES}
    return frame.with_columns(pl.Series(k, v, dtype=pl.String) for k, v in both.items())


def scheme_words(scheme: Scheme) -> dict[str, Text]:
    """Return the titles of lists and industry groups."""
    return {r.name: r.title for r in scheme.lists} | {i.name: i.title for i in scheme.industries} | {"all": _ALL}


def named(cluster: Cluster, frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """Return a frame with the names of firms under ``name``; what is no firm stands for itself."""
    firm = cluster["firm"].select(
        pl.col("firm").alias(key),
        pl.coalesce("name_en", "name_zh").alias("a"),
        pl.coalesce("name_zh", "name_en").alias("b"),
    )
    joined = frame.join(firm, on=key, how="left", maintain_order="left")
    return joined.with_columns(name_en=pl.coalesce("a", key), name_zh=pl.coalesce("b", key)).drop("a", "b")


_SAID_OF_RULES = (
    column("remedy", "What to do", "整改措施", "both"),
    column("clause", "Clause", "条款", "both"),
    column("verified", "Clause read", "条款已核实", "bool"),
)


def rule_view(frame: pl.DataFrame) -> View:
    """Return every rule of backward capacity with its clause, and how many firms of `backward_frame` it finds or cannot tell of."""
    table = [
        {
            **{f"title_{lang}": r.title.in_(lang) for lang in LANGUAGES},
            "fail": frame.filter(rule=r.name, verdict="fail").height,
            "unknown": frame.filter(rule=r.name, verdict="unknown").height,
            **{f"remedy_{lang}": r.remedy.in_(lang) for lang in LANGUAGES},
            **{f"clause_{lang}": r.clause.in_(lang) for lang in LANGUAGES},
            "verified": r.verified,
        }
        for r in rules()
    ]
    columns = (
        column("title", "Rule", "规则", "both"),
        column("fail", "Backward", "落后", "int"),
        column("unknown", "Unknown", "未知", "int"),
        *_SAID_OF_RULES,
    )
    return View("rules", Text("Rules of backward capacity", "落后产能规则"), columns, pl.DataFrame(table))


def backward_view(cluster: Cluster, frame: pl.DataFrame, whole: bool = False) -> View:
    """Return what `backward_frame` lists, the firms that are backward first.

    What is said of each rule stands in `rule_view`; with ``whole`` also in every row.
    """
    words = {"fail": Text("backward", "落后"), "unknown": Text("unknown", "未知")}
    columns = (
        column("firm", "Firm", "企业", "id"),
        column("name", "Name", "名称", "both"),
        column("district", "District", "区县", "both"),
        column("title", "Rule", "规则", "both"),
        column("verdict", "Verdict", "判定", "both"),
        column("evidence", "Evidence", "依据", "both"),
        column("off", "Off the list with", "达到即移出", "both"),
    )
    table = worded(named(cluster, frame, "firm"), "verdict", words)
    return View(
        "backward",
        Text("Backward capacity", "落后产能"),
        (*columns, *_SAID_OF_RULES) if whole else columns,
        worded(table, "district", district_words(cluster)),
    )


def structure_view(cluster: Cluster, frame: pl.DataFrame) -> View:
    """Return what `structure` found; HHI times 10,000 as authorities quote it."""
    by = {
        "all": Text("cluster, revenue", "全集群（营收）"),
        "district": Text("district, revenue", "区县（营收）"),
        "stage": Text("stage, people", "工序（人数）"),
        "category": Text("category, pairs a day", "品类（日产）"),
    }
    table = worded(
        worded(frame, "by", by),
        "group",
        {**district_words(cluster), **choice_words("stage"), **choice_words("category"), "all": _ALL},
    )
    table = table.with_columns((pl.col(c) * 10_000).round(0).cast(pl.Int64) for c in ("hhi", "hhi_low", "hhi_high"))
    columns = (
        column("by", "By", "口径", "both"),
        column("group", "Group", "分组", "both"),
        column("firms", "Firms", "企业数", "int"),
        column("cr4", "CR4", "CR4", "share"),
        column("hhi", "HHI", "HHI", "int"),
        column("effective", "Effective number", "等效企业数", "number"),
        column("gini", "Gini", "基尼系数", "score"),
    )
    bands = (
        column("cr4_low", "CR4 from", "CR4 下限", "share"),
        column("cr4_high", "CR4 to", "CR4 上限", "share"),
        column("hhi_low", "HHI from", "HHI 下限", "int"),
        column("hhi_high", "HHI to", "HHI 上限", "int"),
    )
    sampled = table["cr4_low"].null_count() < table.height
    return View("structure", Text("Structure", "产业结构"), (*columns, *bands) if sampled else columns, table)


def size_view(cluster: Cluster, frame: pl.DataFrame) -> View:
    """Return the size distribution that `sizes` found."""
    by = {"all": Text("cluster", "全集群"), "district": Text("district", "区县")}
    table = worded(worded(frame, "by", by), "group", {**district_words(cluster), "all": _ALL})
    columns = (
        column("by", "By", "口径", "both"),
        column("group", "Group", "分组", "both"),
        column("firms", "Firms", "企业数", "int"),
        column("mean", "Mean", "平均", "number"),
        *(column(f"q{q}", f"{q} %", f"{q}% 分位", "number") for q in (10, 25, 50, 75, 90)),
        column("sigma_log", "Sigma of the logarithm", "对数标准差", "score"),
    )
    return View("sizes", Text("Sizes by revenue, yuan", "企业规模（营收，元）"), columns, table)


def quotient_view(cluster: Cluster, frame: pl.DataFrame) -> View:
    """Return location quotients that are told, the most specialised first."""
    told = frame.drop_nulls("quotient").sort("quotient", "district", "category", descending=[True, False, False])
    columns = (
        column("district", "District", "区县", "both"),
        column("category", "Category", "品类", "both"),
        column("firms", "Firms", "企业数", "int"),
        column("people", "People", "人数", "int"),
        column("share", "Share of the district", "占本区县", "share"),
        column("quotient", "Location quotient", "区位商", "score"),
    )
    table = worded(worded(told, "district", district_words(cluster)), "category", choice_words("category"))
    return View("quotients", Text("Specialisation", "专业化程度"), columns, table)


def choice_words(name: str) -> Mapping[str, Text]:
    """Return the labels of a choice."""
    return dictionary.choices()[name]


def district_words(cluster: Cluster) -> dict[str, Text]:
    """Return the names of the districts."""
    return {r["district"]: Text(r["name_en"], r["name_zh"]) for r in cluster["district"].iter_rows(named=True)}


def number_view(page: FirmPage) -> View:
    """Return the numbers of a firm beside like firms."""
    rows = [
        {
            "indicator_en": indicator_label(n.indicator).en,
            "indicator_zh": indicator_label(n.indicator).zh,
            "unit_en": indicators()[n.indicator].unit.en,
            "unit_zh": indicators()[n.indicator].unit.zh,
            **{s: getattr(n, s) for s in ("counted", "value", "points", "low", "middle", "high", "ahead_of")},
        }
        for n in page.numbers
    ]
    texts = dict.fromkeys(("indicator_en", "indicator_zh", "unit_en", "unit_zh"), pl.String)
    numbers = {
        "counted": pl.Boolean,
        **dict.fromkeys(("value", "points", "low", "middle", "high", "ahead_of"), pl.Float64),
    }
    columns = (
        column("indicator", "Indicator", "指标", "both"),
        column("unit", "Unit", "单位", "both"),
        column("counted", "Counts", "计分", "bool"),
        column("value", "You", "本企业", "score"),
        column("points", "Points", "得分", "score"),
        column("low", "Lower quarter", "后四分位", "score"),
        column("middle", "Middle", "中位", "score"),
        column("high", "Upper quarter", "前四分位", "score"),
        column("ahead_of", "Better than", "优于同类", "share"),
    )
    return View(
        "numbers", Text("Beside like firms", "与同类企业相比"), columns, pl.DataFrame(rows, schema={**texts, **numbers})
    )


def step_view(page: FirmPage) -> View:
    """Return what one grade up needs: each change alone, then the cheapest mix with its cost."""
    rows: list[tuple[object, ...]] = []
    for change in page.up.changes if page.up else ():
        label = indicator_label(change.indicator)
        rows.append(
            (*_both(Text("alone", "单项")), label.en, label.zh, change.now, change.needed, change.factor - 1, None)
        )
    for move in page.up.mix if page.up else ():
        label = figure_label(move.figure)
        rows.append(
            (*_both(Text("cheapest mix", "最省组合")), label.en, label.zh, None, move.more, None, move.cost_fen)
        )
    names = ("way_en", "way_zh", "what_en", "what_zh")
    schema = {
        **dict.fromkeys(names, pl.String),
        "now": pl.Float64,
        "needed": pl.Float64,
        "more": pl.Float64,
        "fen": pl.Int64,
    }
    columns = (
        column("way", "Way", "方式", "both"),
        column("what", "What", "项目", "both"),
        column("now", "Now", "现值", "score"),
        column("needed", "Needed (mix: more)", "所需（组合为增量）", "score"),
        column("more", "Change", "变化", "share"),
        column("fen", "Costs, yuan", "费用（元）", "yuan"),
    )
    return View("step", Text("One grade up", "提升一档所需"), columns, pl.DataFrame(rows, schema=schema, orient="row"))


def _both(text: Text) -> tuple[str, str]:
    return text.en, text.zh
