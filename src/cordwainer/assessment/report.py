"""The assessment as a report: grades, backward capacity, structure, look-alikes, value chain, people, resilience, each a chart with its tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from cordwainer.assessment.backward import backward, backward_frame
from cordwainer.assessment.chain import LABELS, chain, channels, places_on_the_curve, smile
from cordwainer.assessment.demand import empty_spaces
from cordwainer.assessment.evaluation import Evaluation
from cordwainer.assessment.exposure import dependence
from cordwainer.assessment.lookalikes import (
    LEAST,
    Styles,
    homogeneity,
    mean_similarity,
    styles_of,
)
from cordwainer.assessment.people import skills, skills_of_the_cluster, wage_pressure
from cordwainer.assessment.resilience import Shock, resilience
from cordwainer.assessment.structure import location_quotients, sizes, structure
from cordwainer.assessment.views import (
    OUTCOME_WORDS,
    backward_view,
    choice_words,
    district_words,
    quotient_view,
    rule_view,
    size_view,
    structure_view,
)
from cordwainer.assessment.views_grades import count_view, grade_view
from cordwainer.assessment.views_resilience import dependence_view, resilience_view
from cordwainer.assessment.views_trade import (
    channel_view,
    homogeneity_view,
    place_view,
    skill_view,
    smile_view,
    space_view,
    wage_view,
)
from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text
from cordwainer.exchange import Section, bars_of, curve_of, heat_of

_SHOWN = 12
"""Bars of a chart, at most."""
_LEAD = Text("brand, margin", "品牌与利润")
"""What the lead firm keeps, short enough for an axis."""
_MOST_QUOTIENT = 4.0
"""Location quotient with the darkest shade."""


def report_sections(cluster: Cluster, made: Evaluation, year: int, plan: Plan | None = None) -> list[Section]:
    """Return the report of a cluster, from top to bottom.

    Parameters
    ----------
    cluster
        What is assessed.
    made, year
        Its evaluation, and the year that is shown.
    plan
        A plan of the cluster; without it value chain, people and resilience are left out.
    """
    found = [
        _grades(cluster, made, year),
        _backward(cluster, made, year),
        _structure(cluster, year),
        _look_alikes(cluster),
    ]
    if plan is not None:
        found += [_chain(cluster, plan), _people(cluster, plan), _resilience(cluster, plan)]
    return found


PARTS = ("look-alikes", "chain", "people", "resilience")
"""Parts that are worked out of what firms enter for trade."""


def trade_section(cluster: Cluster, plan: Plan, part: str) -> Section:
    """Return one of `PARTS`, of a cluster and a plan of it.

    Raises
    ------
    KeyError
        If there is no such part.
    """
    if part == "look-alikes":
        return _look_alikes(cluster)
    return {"chain": _chain, "people": _people, "resilience": _by_prices}[part](cluster, plan)


def _by_prices(cluster: Cluster, plan: Plan) -> Section:
    """Return what is lost by prices and sales alone: in seconds, where carrying the plan out for each event takes longer."""
    return _resilience(cluster, plan, carried=False)


def _grades(cluster: Cluster, made: Evaluation, year: int) -> Section:
    counts, grades = count_view(made, year), grade_view(cluster, made, year)
    what = made.frame(year).with_columns(what=pl.coalesce("grade", "outcome")).group_by("what").len().sort("what")
    rows = [(OUTCOME_WORDS.get(w, Text(w, w)), float(n), f"{n:,}") for w, n in what.iter_rows()]
    said = made.scheme.unverified
    note = Text(" ".join(t.en for t in said), "".join(t.zh for t in said)) if said else None
    return Section(grades.title, counts, note, bars=bars_of(rows), more=(grades,))


def _backward(cluster: Cluster, made: Evaluation, year: int) -> Section:
    frame = backward_frame(cluster, backward(cluster, year, made))
    view = backward_view(cluster, frame)
    fails = frame.filter(verdict="fail").group_by("title_en", "title_zh").len().sort("len", "title_en", descending=True)
    rows = [(Text(en, zh), float(n), f"{n:,}") for en, zh, n in fails.iter_rows()]
    note = Text(
        "Evidence for each firm and rule; unknown is neither.", "逐企业逐规则列出依据；“未知”既非落后也非达标。"
    )
    return Section(view.title, rule_view(frame), note, bars=bars_of(rows), more=(view,))


def _structure(cluster: Cluster, year: int) -> Section:
    view, quotients = structure_view(cluster, structure(cluster, year)), location_quotients(cluster)
    districts, categories = district_words(cluster), choice_words("category")
    told = quotients.drop_nulls("quotient")
    cells = {(d, c): q for d, c, q in told.select("district", "category", "quotient").iter_rows()}
    heads = sorted({c for _, c in cells})
    rows = [(districts[d], [cells.get((d, c)) for c in heads]) for d in sorted({d for d, _ in cells})]
    heat = heat_of([categories[c] for c in heads], rows, 0.0, _MOST_QUOTIENT) if cells else None
    note = Text(
        "Shades: location quotient of a category in a district (above 1: more than in the cluster); of fewer than five firms nothing is told.",
        "色阶：品类在区县的区位商（大于 1 表示高于全集群）；不足五家企业时不显示。",
    )
    return Section(
        view.title,
        view,
        note,
        heat=heat,
        more=(size_view(cluster, sizes(cluster, year)), quotient_view(cluster, quotients)),
    )


def _look_alikes(cluster: Cluster) -> Section:
    styles = styles_of(cluster["style"])
    view = homogeneity_view(cluster, homogeneity(cluster, styles, "category"), "category")
    cells, categories = index_cells(styles), choice_words("category")
    tiers = sorted({t for _, t in cells})
    rows = [(categories[c], [cells.get((c, t)) for t in tiers]) for c in sorted({c for c, _ in cells})]
    heads = [Text("Tier {t}", "{t} 档").format(t=t) for t in tiers]
    note = Text(
        "Shades: homogeneity of a category and tier (0: a random draw of all styles, 1: all alike); of fewer than five owners nothing is told.",
        "色阶：各品类、各档次的同质化指数（0 为随机，1 为全部雷同）；款式所有者不足五家时不显示。",
    )
    more = (
        homogeneity_view(cluster, homogeneity(cluster, styles, "district"), "district"),
        space_view(empty_spaces(cluster)),
    )
    heat = heat_of(heads, rows, 0.0, 1.0) if cells else None
    return Section(Text("Look-alike styles", "同质化款式"), view, note, heat=heat, more=more)


def index_cells(styles: Styles) -> dict[tuple[str, int], float]:
    """Return the homogeneity index by category and tier, where there are at least five owners and two styles."""
    base = mean_similarity(styles, np.arange(styles.frame.height))
    table = styles.frame.with_row_index("at").drop_nulls(["category", "tier"])
    found = {}
    for key, part in table.group_by("category", "tier", maintain_order=True):
        if part["owner"].drop_nulls().n_unique() >= LEAST and part.height > 1 and base < 1:
            here = mean_similarity(styles, part["at"].to_numpy().astype(np.int64))
            found[str(key[0]), int(str(key[1]))] = (here - base) / (1 - base)
    return found


def _chain(cluster: Cluster, plan: Plan) -> Section:
    table = chain(cluster, plan)
    curve = smile(table)
    view = smile_view(curve)
    points = curve.filter(channel="all").drop_nulls("yuan").select("role", "yuan").iter_rows()
    values = [(_LEAD if r == "lead" else LABELS[r], y) for r, y in points]
    note = Text("Yuan that each role keeps of a pair, all channels.", "每双鞋各环节所得（元），全部业务模式。")
    more = (channel_view(channels(cluster, plan)), place_view(cluster, places_on_the_curve(table)))
    return Section(view.title, view, note, curve=curve_of(values) if values else None, more=more)


def _people(cluster: Cluster, plan: Plan) -> Section:
    frame = skills_of_the_cluster(skills(cluster, plan))
    view = skill_view(frame)
    short = frame.filter(pl.col("short_yuan") > 0).sort("short_yuan", "skill", descending=True).head(_SHOWN)
    rows = [(Text(s, s), y, f"¥{y:,.0f}") for s, y in short.select("skill", "short_yuan").iter_rows()]
    note = Text("What the shortage of a skill holds back, by the plan's prices.", "按计划的影子价格计的技能短缺价值。")
    return Section(view.title, view, note, bars=bars_of(rows), more=(wage_view(cluster, wage_pressure(cluster, plan)),))


def _resilience(cluster: Cluster, plan: Plan, carried: bool = True) -> Section:
    shock = Shock(weeks=min(Shock().weeks, len(plan.periods)))
    found = resilience(cluster, plan, shock, 0, carried=carried)
    view = resilience_view(cluster, found)
    known = [c for c in view.columns if c.name not in found.frame.columns or found.frame[c.name].count()]
    view = replace(view, columns=tuple(known))
    worst = view.frame.head(_SHOWN).iter_rows(named=True)
    rows = [
        (
            Text(f"{r['name_en']}: {r['event_en']}", f"{r['name_zh']}：{r['event_zh']}"),
            float(r["prices_fen"]),
            f"¥{r['prices_fen'] / 100:,.0f}",
        )
        for r in worst
    ]
    note = Text(
        "By the plan's prices, which say too little of a heavy loss; cordwainer assess resilience certifies the worst by replans.",
        "按计划的影子价格估算，对重大损失偏低；cordwainer assess resilience 用重排核定最严重的。",
    )
    firms, districts = (dependence_view(cluster, dependence(cluster, plan, by), by) for by in ("firm", "district"))
    return Section(view.title, view, note, bars=bars_of(rows, "late"), more=(districts, firms))
