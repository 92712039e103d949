"""Rules of promises: their lines and work add up to their pairs."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster.rules.rule import CrossRule, Frames, RowRule
from cordwainer.cluster.rules.styles import effective_routing
from cordwainer.cluster.schema import ROW

ROW_RULES: dict[str, list[RowRule]] = {}


def _promise(frames: Frames) -> pl.DataFrame:
    """Promises whose stages do not each have one line of that stage and work that sums to the pairs."""
    promise = frames["promise"].with_row_index(ROW)
    orders = frames["order"].select("order", "style")
    wanted = promise.join(orders, on="order").join(effective_routing(frames), on="style")
    done = frames["promise_work"].group_by("lot", "stage").agg(done=pl.col("pairs").sum())
    stage_of = frames["line"].select("line", line_stage="stage")
    lines = frames["promise_line"].join(stage_of, on="line")
    per_stage = wanted.join(done, on=["lot", "stage"], how="left").join(lines, on=["lot", "stage"], how="left")
    wrong = per_stage.filter(
        (pl.col("done").fill_null(0) != pl.col("pairs")) | (pl.col("line_stage").fill_null("") != pl.col("stage"))
    )
    extra = pl.concat([done.select("lot", "stage"), lines.select("lot", "stage")]).join(
        wanted, on=["lot", "stage"], how="anti"
    )
    lots = pl.concat([wrong.select("lot"), extra.select("lot")]).unique()
    return promise.join(lots, on="lot", how="semi").select(ROW, value="lot")


CROSS_RULES = [CrossRule("promise-pairs", "promise", "pairs", _promise)]
