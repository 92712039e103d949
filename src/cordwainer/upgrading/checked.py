"""Estimates beside the truth: the best opportunities with the relaxation solved anew on the changed cluster, and pairs of replans with intervals.

An estimate stands at the prices of all else. The truth is what the bound gains, solved to the end on both sides (`planning.relaxed`); what a plan
gains is told beside it as an interval. Where that holds 0 the effect is too small to tell by plans: such rows are apart, not dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from cordwainer.core import Text
from cordwainer.exchange import Section, View, ViewColumn, bars_of
from cordwainer.planning import Base, ValueSettings, relaxed, values_of_changes
from cordwainer.upgrading.effects import apply
from cordwainer.upgrading.measure import Catalogue
from cordwainer.upgrading.raising import life_factor
from cordwainer.upgrading.views import opportunity_view

MISLED = 0.5
"""An estimate is said to mislead where it is off by more than this share of the truth."""
_FEN = 100


@dataclass(frozen=True)
class Calibration:
    """What was checked: firm, measure, said_fen, solved_fen, low_fen, high_fen (all of a year), too_small, misled.

    ``rank_correlation`` (Spearman; None for fewer than three) and ``median_error`` (share of the truth) are over all rows.
    """

    rows: pl.DataFrame
    rank_correlation: float | None
    median_error: float


def calibration(
    base: Base, known: Catalogue, table: pl.DataFrame, count: int, settings: ValueSettings | None = None
) -> Calibration:
    """Return the opportunities of lines that are worth most to the cluster with the truth beside the estimate.

    Those of orders are left out: their price would be another one on both sides. The relaxation may take minutes for each on a large cluster.
    """
    ranked = table.sort("cluster_fen", "firm", "measure", descending=[True, False, False])
    lines = [r for r in ranked.iter_rows(named=True) if not known.measures[r["measure"]].of_orders][:count]
    periods = base.plan.periods
    year = 365 / sum(p.days for p in periods)
    changes = [apply(known.measures[r["measure"]], r["firm"], base.cluster, periods[0].start) for r in lines]
    values = values_of_changes(base, changes, settings)
    before = relaxed(base.cluster, base.plan, base.memo)
    found = []
    for row, changed, value in zip(lines, changes, values, strict=True):
        after = relaxed(changed, base.plan, base.memo, start=before.prices, known=before.routes)
        solved, said = _FEN * year * (after.value - before.value), float(row["cluster_fen"])
        found.append(
            {
                "firm": row["firm"],
                "measure": row["measure"],
                "said_fen": round(said),
                "solved_fen": round(solved),
                "low_fen": round(year * value.low),
                "high_fen": round(year * value.high),
                "too_small": value.too_small,
                "misled": abs(said - solved) > MISLED * max(abs(solved), float(_FEN)),
            }
        )
    schema = {
        **dict.fromkeys(("firm", "measure"), pl.String),
        **dict.fromkeys(("said_fen", "solved_fen", "low_fen", "high_fen"), pl.Int64),
        **dict.fromkeys(("too_small", "misled"), pl.Boolean),
    }
    rows = pl.DataFrame(found, schema=schema)
    return Calibration(rows, _spearman(rows["said_fen"].to_list(), rows["solved_fen"].to_list()), _error(rows))


def _spearman(said: Sequence[float], solved: Sequence[float]) -> float | None:
    """Return the rank correlation (Spearman 1904), ties by their mean rank; None where there is none."""
    ranks = [np.asarray(pl.Series(x).rank().to_list()) for x in (said, solved)]
    if len(said) < 3 or min(np.ptp(r) for r in ranks) == 0:
        return None
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _error(rows: pl.DataFrame) -> float:
    off = (rows["said_fen"] - rows["solved_fen"]).abs() / rows["solved_fen"].abs().clip(lower_bound=_FEN)
    return float(np.median(off.to_numpy())) if rows.height else 0.0


def corrected_by_check(table: pl.DataFrame, made: Calibration) -> pl.DataFrame:
    """Return opportunities whose gain to the cluster, where it was checked, is what the relaxation showed, ranked anew."""
    with_truth = table.join(made.rows.select("firm", "measure", "solved_fen"), on=["firm", "measure"], how="left")
    solved = pl.coalesce("solved_fen", "cluster_fen")
    lower = with_truth.select(solved - pl.col("cluster_fen")).to_series()
    value = (with_truth["npv_fen"] + lower * life_factor(with_truth)).round(0).cast(pl.Int64)
    fixed = with_truth.with_columns(cluster_fen=solved, npv_fen=value, stands=value > 0).drop("solved_fen")
    return fixed.sort(["stands", "npv_fen", "firm", "measure"], descending=[True, True, False, False])


def calibration_view(named: View, made: Calibration) -> View:
    """Return the check as a table; ``named`` are opportunities with names (`opportunity_view`)."""
    names = named.frame.select("firm", "measure", "name_en", "name_zh", "title_en", "title_zh")
    frame = made.rows.join(names, on=["firm", "measure"], how="left", maintain_order="left")
    columns = (
        ViewColumn("firm", Text("Firm", "企业"), "id"),
        ViewColumn("name", Text("Name", "名称"), "both"),
        ViewColumn("title", Text("Measure", "措施"), "both"),
        ViewColumn("said_fen", Text("Estimated, yuan a year", "估算（元/年）"), "yuan"),
        ViewColumn("solved_fen", Text("Bound solved anew", "重新求解"), "yuan"),
        ViewColumn("low_fen", Text("Planned again, from", "重新排产，下限"), "yuan"),
        ViewColumn("high_fen", Text("to", "上限"), "yuan"),
        ViewColumn("too_small", Text("Too small to tell by plans", "排产无法分辨"), "bool"),
        ViewColumn("misled", Text("Prices mislead: use the bound", "价格误导：以重新求解为准"), "bool"),
    )
    return View("calibration", Text("Estimates beside the truth", "估算与实证对照"), columns, frame)


def calibration_sections(made: Calibration, view: View) -> list[Section]:
    """Return the chart of the check: for each opportunity what was estimated and what the bound solved anew shows, and its table."""
    note = Text(
        f"Median error {100 * made.median_error:.0f} %"
        + ("" if made.rank_correlation is None else f", rank correlation {made.rank_correlation:.2f}")
        + f"; {made.rows['too_small'].sum()} of {made.rows.height} too small to tell by plans.",
        f"误差中位数 {100 * made.median_error:.0f}%"
        + ("" if made.rank_correlation is None else f"，秩相关 {made.rank_correlation:.2f}")
        + f"；{made.rows.height} 项中有 {made.rows['too_small'].sum()} 项排产无法分辨。",
    )
    bars = []
    for r in view.frame.iter_rows(named=True):
        for key, en, zh in (("said_fen", "estimated", "估算"), ("solved_fen", "solved", "实证")):
            label = Text(f"{r['firm']} {r['title_en']}, {en}", f"{r['firm']} {r['title_zh']}，{zh}")
            bars.append((label, float(r[key]), f"{r[key] / _FEN:,.0f}"))
    return [Section(view.title, view, note, bars=bars_of(bars))]


def checked(
    base: Base, known: Catalogue, table: pl.DataFrame, count: int, settings: ValueSettings | None = None
) -> tuple[Calibration, View, pl.DataFrame]:
    """Return the check, its table, and the opportunities corrected by it."""
    made = calibration(base, known, table, count, settings)
    return (
        made,
        calibration_view(opportunity_view(base.cluster, known, table), made),
        corrected_by_check(table, made),
    )
