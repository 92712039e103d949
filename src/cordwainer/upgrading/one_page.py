"""The next step of a firm on one page for its owner, as PDF."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from cordwainer.cluster import Cluster
from cordwainer.core import Language, Text
from cordwainer.exchange import typeset
from cordwainer.upgrading.next_step import NextStep, Step

_NOTES = (
    Text(
        "Worked out at the prices of the cluster's present plan, which stay as they are only while others do not do the same: have it planned "
        "again before you spend money.",
        "按集群现行计划的价格估算；若别家也做同样的事，价格会变。投钱之前，请让排产中心重新排一遍核实。",
    ),
    Text(
        "Most costs and effects are usual values that nobody has verified. Subsidies are not counted unless they are named.",
        "投入与效果多为常用经验值，尚未核实；除注明外，均未计入补助。",
    ),
)


def next_step_pdf(
    cluster: Cluster, found: NextStep, grades: tuple[str | None, str | None], day: date, language: Language
) -> bytes:
    """Return one page that tells an owner the firm's next steps; the same steps and day give the same bytes.

    Parameters
    ----------
    cluster
        The cluster, for the name of the firm.
    found
        The steps, or what comes nearest.
    grades
        Grade before and after the steps; None where it has none.
    day
        First day of the plan they were worked out of.
    language
        The language of the page.
    """
    return typeset("next_step", next_step_told(cluster, found, grades, day, language), day)


def next_step_told(
    cluster: Cluster, found: NextStep, grades: tuple[str | None, str | None], day: date, language: Language
) -> Mapping[str, Any]:
    """Return all that stands on the page, as plain values; parameters are those of `next_step_pdf`."""
    shown = found.steps or ((found.nearest,) if found.nearest else ())
    row = cluster["firm"].row(by_predicate=pl.col("firm") == found.firm, named=True)
    names = (row["name_zh"], row["name_en"]) if language == "zh" else (row["name_en"], row["name_zh"])
    lead = Text("", "")
    if not found.steps:
        lead = Text("Nothing pays by itself now. This comes nearest:", "目前没有单靠自身就能回本的措施，最接近的是：")
    return {
        "language": language,
        "title": Text("What to do next", "下一步怎么走").in_(language),
        "number": found.firm,
        "day": day.isoformat(),
        "firm": next((n for n in names if n), found.firm),
        "facts": [[a.in_(language), b.in_(language)] for a, b in _facts(found, grades)],
        "lead": lead.in_(language),
        "steps": [_step(s, shown, language) for s in shown],
        "notes": [n.in_(language) for n in _NOTES],
    }


def _facts(found: NextStep, grades: tuple[str | None, str | None]) -> list[tuple[Text, Text]]:
    was, becomes = grades
    facts = []
    if found.steps:
        for key, en, zh in (
            ("capital_fen", "It costs in all", "合计投入"),
            ("firm_fen", "You earn more a year", "您每年多赚"),
            ("cluster_fen", "Others earn more a year", "其他企业每年多赚"),
        ):
            facts.append((Text(en, zh), _yuan(sum(s.row[key] for s in found.steps))))
    if was is not None:
        after = f" → {becomes}" if found.steps and becomes is not None else ""
        facts.append((Text("Your grade", "您的档次"), Text(f"{was}{after}", f"{was}{after}")))
    return facts


def _yuan(fen: int) -> Text:
    """Return fen in whole yuan; in Chinese tens of thousands as 万."""
    yuan = fen / 100
    zh = f"{yuan / 1e4:,.1f}".removesuffix(".0") + " 万元" if abs(yuan) >= 1e4 else f"{yuan:,.0f} 元"
    return Text(f"{yuan:,.0f} yuan", zh)


def _step(step: Step, shown: tuple[Step, ...], language: Language) -> dict[str, Any]:
    titles = [s.measure.title.in_(language) for s in shown if s.measure.name in step.first]
    first = Text("First: {names}", "先做：{names}").format(names=("、" if language == "zh" else ", ").join(titles))
    figures = [
        (Text("It costs", "投入"), _yuan(step.row["capital_fen"])),
        (Text("You earn a year", "您每年多赚"), _yuan(step.row["firm_fen"])),
        (Text("Others earn a year", "别家每年多赚"), _yuan(step.row["cluster_fen"])),
        (Text("Money is back", "回本"), _back(step.row["payback_years"])),
    ]
    if step.row["support_fen"]:
        figures.append((Text("Subsidy", "补助"), _yuan(step.row["support_fen"])))
    return {
        "title": step.measure.title.in_(language),
        "says": step.measure.says.in_(language),
        "first": first.in_(language) if titles else "",
        "figures": [[a.in_(language), b.in_(language)] for a, b in figures],
    }


def _back(years: float | None) -> Text:
    if years is None:
        return Text("not in its life", "寿命期内收不回")
    months = max(1, round(12 * years))
    return Text(f"in {months} months", f"{months} 个月")
