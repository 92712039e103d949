"""What a replan moved, and why: every order whose lots, lines, weeks or outcome are not what they were."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cordwainer.cluster import Plan
from cordwainer.core import Text
from cordwainer.planning import kept

SCHEMA = {
    "order": pl.String,
    "reason": pl.String,
    "by": pl.String,
    "reason_en": pl.String,
    "reason_zh": pl.String,
    "outcome_before": pl.String,
    "outcome_after": pl.String,
    "lines_before": pl.String,
    "lines_after": pl.String,
    "first_before": pl.Date,
    "first_after": pl.Date,
    "ready_before": pl.Date,
    "ready_after": pl.Date,
    "pairs_before": pl.Int64,
    "pairs_after": pl.Int64,
    "outside_before": pl.Int64,
    "outside_after": pl.Int64,
    "late_days_before": pl.Int64,
    "late_days_after": pl.Int64,
    "contribution_fen_before": pl.Int64,
    "contribution_fen_after": pl.Int64,
}

REASONS: dict[str, Text] = {
    "new": Text("The order is new.", "新增订单。"),
    "gone": Text("The order is no longer in the tables.", "订单已不在数据表中。"),
    "frozen-lost": Text(
        "It had begun before the freeze date, but its order, line or stage is gone or has no hours left: what was begun is lost.",
        "冻结日前已开工，但订单、产线或工序已不存在，或已无工时：已做部分作废。",
    ),
    "let-go": Text("Its maker declined it or it was released.", "厂家已拒绝或承诺已释放。"),
    "order-changed": Text("Its pairs are not what they were.", "订单双数有变。"),
    "line-gone": Text("Its line is no longer in the tables.", "原产线已不在数据表中。"),
    "stages-changed": Text("The stages of its style are not what they were.", "款式的工序有变。"),
    "not-eligible": Text(
        "Its line may not make it any more: kind of shoe, tier, named makers, certificate or approval.",
        "原产线不再能做：品类、档次、指定厂家、证书或验厂。",
    ),
    "not-then": Text("Certificate or approval no longer hold in those weeks.", "这些周内证书或验厂已失效。"),
    "no-hours": Text("Its line has no hours left in those weeks.", "原产线这些周没有工时了。"),
    "window": Text("Its weeks lie outside the dates of the order or of the plan.", "原排产周超出订单或计划的日期。"),
    "too-late": Text("Its stages no longer arrive in time from one to the next.", "工序之间来不及衔接。"),
    "too-small": Text("Its lot is smaller than is accepted now.", "批量小于现在的最小批量。"),
    "too-many": Text("It has more lots or makers than are allowed now.", "批次或厂家数超过现在的上限。"),
    "line-full": Text("Its line no longer has hours enough.", "原产线工时不够了。"),
    "skill-full": Text("Skilled workers no longer suffice.", "技工不够了。"),
    "tool-full": Text("Tools no longer suffice.", "工装不够了。"),
    "no-material": Text("Material no longer comes in time.", "材料不能按时到位了。"),
    "cap-full": Text("A cap on a flow leaves no room for it.", "总量上限没有余量了。"),
    "outside-gone": Text("Its outside maker no longer has room in time.", "外发厂不再有空位。"),
    "displaced": Text("Order {by} takes its place.", "位置由订单 {by} 占用。"),
    "room": Text("Room that came free is used for it.", "使用了空出的产能。"),
    "earns-more": Text(
        "The cluster earns more so: the order itself {yuan} yuan more.", "集群收益更高：本单多 {yuan} 元。"
    ),
    "whole": Text(
        "The cluster as a whole earns more so; the order itself {yuan} yuan less.",
        "集群整体收益更高；本单少 {yuan} 元。",
    ),
}

_CODES = {
    kept.NO_ORDER: "gone",
    kept.OTHER_PAIRS: "order-changed",
    kept.NO_LINE: "line-gone",
    kept.OTHER_STAGES: "stages-changed",
    kept.NOT_ELIGIBLE: "not-eligible",
    kept.NOT_THEN: "not-then",
    kept.NO_HOURS: "no-hours",
    kept.NO_WINDOW: "window",
    kept.TOO_LATE: "too-late",
    kept.TOO_SMALL: "too-small",
    kept.TOO_MANY: "too-many",
    kept.LINE_FULL: "line-full",
    kept.SKILL_FULL: "skill-full",
    kept.TOOL_FULL: "tool-full",
    kept.NO_MATERIAL: "no-material",
    kept.CAP_FULL: "cap-full",
    kept.OUTSIDE_GONE: "outside-gone",
    kept.LET_GO: "let-go",
}


@dataclass(frozen=True)
class Looks:
    """How the orders of a plan stand: ``cells`` pairs by order, line and first day of the period; ``orders`` a row each."""

    cells: pl.DataFrame
    orders: pl.DataFrame


def moves(before: Looks, after: Looks, lots: pl.DataFrame, lost: pl.DataFrame) -> pl.DataFrame:
    """Return a row for every order whose lots, lines, weeks or outcome changed, with what it was, what it is, and why.

    Parameters
    ----------
    before, after
        How the orders of both plans stand (see `looks_of`).
    lots
        Lots of the plan before that are not frozen in the one after: lot, order, why (see `kept`).
    lost
        Orders of lots that had begun and cannot stand: a row with ``order`` for each.
    """
    old, new = (
        x.orders.rename({c: f"{c}_{when}" for c in x.orders.columns if c != "order"})
        for x, when in ((before, "before"), (after, "after"))
    )
    both = old.join(new, on="order", how="full", coalesce=True)
    changed = both.filter(~pl.col("looks_before").eq_missing(pl.col("looks_after")))
    reasons = _reasons(changed, before, after, lots, lost)
    told = changed.join(reasons, on="order", how="left")
    texts = [_text(row) for row in told.iter_rows(named=True)]
    told = told.with_columns(
        reason_en=pl.Series([t.en for t in texts], dtype=pl.String),
        reason_zh=pl.Series([t.zh for t in texts], dtype=pl.String),
    )
    return told.select(pl.col(c).cast(t) for c, t in SCHEMA.items()).sort("order")


def looks_of(plan: Plan) -> Looks:
    """Return for each order how it stands: outcome, lines, days, pairs, lateness, money, and all of it as one text."""
    starts, cells = plan["plan_period"].select("period", "start_date"), _cells(plan)
    away = plan["outside_order"].join(starts, on="period")
    looks = (
        pl.concat(
            [
                cells,
                away.select("order", line="maker", start_date="start_date", pairs="pairs"),
            ],
            how="vertical_relaxed",
        )
        .sort("order", "line", "start_date")
        .group_by("order", maintain_order=True)
        .agg(looks=pl.concat_str("line", "start_date", "pairs", separator=" ").str.join(";"))
    )
    lines = (
        cells.select("order", "line")
        .unique()
        .sort("order", "line")
        .group_by("order")
        .agg(lines=pl.col("line").str.join(" "))
    )
    rows = (
        plan["order_plan"]
        .select(
            "order",
            first="first_date",
            ready="ready_date",
            pairs="pairs_in_lots",
            outside="pairs_outside",
            late_days="late_days",
            contribution_fen="contribution_fen",
        )
        .join(plan["outcome"], on="order", how="left")
        .join(lines, on="order", how="left")
        .join(looks, on="order", how="left")
        .with_columns(looks=pl.concat_str("outcome", pl.col("looks").fill_null(""), separator="|"))
    )
    return Looks(cells, rows)


def _reasons(
    changed: pl.DataFrame, before: Looks, after: Looks, lots: pl.DataFrame, lost: pl.DataFrame
) -> pl.DataFrame:
    """Return reason and by for each order that changed: what stood in the way of its lots, else who took their place."""
    hindered = lots.filter(pl.col("why") != kept.KEPT).unique("order", keep="first", maintain_order=True)
    codes = pl.DataFrame(
        {"why": list(_CODES), "code": list(_CODES.values())}, schema_overrides={"why": lots.schema["why"]}
    )
    gone_lots = lost.select("order", gone=pl.lit(value=True)).unique()
    takers = _takers(changed, before, after)
    placed = ["placed", "mixed", "outside"]
    return (
        changed.join(hindered.select("order", "why"), on="order", how="left")
        .join(codes, on="why", how="left")
        .join(gone_lots, on="order", how="left")
        .join(takers, on="order", how="left")
        .select(
            "order",
            reason=pl.when(pl.col("outcome_after").is_null())
            .then(pl.lit("gone"))
            .when(pl.col("outcome_before").is_null())
            .then(pl.lit("new"))
            .when("gone")
            .then(pl.lit("frozen-lost"))
            .when(pl.col("code").is_not_null())
            .then("code")
            .when(pl.col("by").is_not_null())
            .then(pl.lit("displaced"))
            .when(pl.col("outcome_after").is_in(placed) & ~pl.col("outcome_before").is_in(placed))
            .then(pl.lit("room"))
            .when(pl.col("contribution_fen_after") >= pl.col("contribution_fen_before"))
            .then(pl.lit("earns-more"))
            .otherwise(pl.lit("whole")),
            by=pl.when(pl.col("code").is_null() & pl.col("outcome_before").is_not_null()).then("by"),
        )
    )


def _cells(plan: Plan) -> pl.DataFrame:
    """Return pairs by order, line and first day of the period."""
    return (
        plan["work"]
        .join(plan["plan_period"].select("period", "start_date"), on="period")
        .join(plan["lot"].select("lot", "order"), on="lot")
        .join(plan["lot_line"], on=["lot", "stage"])
        .group_by("order", "line", "start_date")
        .agg(pl.col("pairs").sum())
    )


def _takers(changed: pl.DataFrame, before: Looks, after: Looks) -> pl.DataFrame:
    """Return for each changed order that gave up hours the order (``by``) that took most pairs' worth of the same lines and weeks."""
    key = ["order", "line", "start_date"]
    both = before.cells.join(after.cells, on=key, how="full", coalesce=True, suffix="_after")
    moved = both.with_columns(change=pl.col("pairs_after").fill_null(0) - pl.col("pairs").fill_null(0)).filter(
        pl.col("change") != 0
    )
    lost = moved.filter(pl.col("change") < 0).join(changed.select("order"), on="order", how="semi")
    won = moved.filter(pl.col("change") > 0).select("line", "start_date", by="order", won="change")
    return (
        lost.join(won, on=["line", "start_date"])
        .filter(pl.col("by") != pl.col("order"))
        .with_columns(taken=pl.min_horizontal("won", -pl.col("change")))
        .group_by("order", "by")
        .agg(pl.col("taken").sum())
        .sort(["order", "taken", "by"], descending=[False, True, False])
        .unique("order", keep="first", maintain_order=True)
        .select("order", "by")
    )


def _text(row: dict[str, object]) -> Text:
    earned = int(row["contribution_fen_after"] or 0) - int(row["contribution_fen_before"] or 0)  # type: ignore[call-overload]
    return REASONS[str(row["reason"])].format(by=row["by"], yuan=f"{abs(earned) / 100:,.2f}")
