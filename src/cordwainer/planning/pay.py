"""What makers are paid for the work of a plan at their own asks: labour and piece price, before any overtime premium."""

from __future__ import annotations

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, Plan, efficiencies
from cordwainer.planning.bound import up
from cordwainer.planning.standing import standing


def pay_of_work(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return lot, stage, line, pairs and fen of the work that is not frozen (plan model, section 6: labour, piece price)."""
    st = standing(cluster, plan)
    rows, problem = st.rows, st.problem
    lots = plan["lot"]["lot"].to_numpy()
    work = pl.DataFrame(
        {
            "lot": lots[rows.lot].astype(str),
            "stage": np.array(problem.stages, str)[rows.job],
            "line": np.array(problem.facts.lines, str)[rows.line],
            "pairs": rows.pairs,
            "labour": up(rows.pairs * rows.minutes * problem.net.ask[rows.line], 60_000_000),
        }
    )
    kinds = (
        plan["lot"]
        .join(cluster["order"].select("order", "style"), on="order")
        .join(cluster["style"].select("style", "construction", "category"), on="style")
        .select("lot", "construction", "category")
    )
    piece = efficiencies(cluster, problem.periods[0].start).select("line", "construction", "category", "extra_fen_pair")
    return (
        work.group_by("lot", "stage", "line", maintain_order=True)
        .agg(pl.col("pairs", "labour").sum())
        .join(kinds, on="lot", how="left", maintain_order="left")
        .join(piece, on=["line", "construction", "category"], how="left", maintain_order="left")
        .select(
            "lot",
            "stage",
            "line",
            "pairs",
            fen=pl.col("labour") + pl.col("pairs") * pl.col("extra_fen_pair").fill_null(0),
        )
    )
