"""What a plan lets go of a flow: solvent, effluent, carbon of the lines that work and of the material that goes into the pairs."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cordwainer.cluster import Cluster, Plan


@dataclass(frozen=True)
class Released:
    """A flow over a plan, in its own unit: by line, by order (of material), and work on lines whose flow is not known, pairs.

    ``lines`` has line, pairs, per_pair (null where unknown) and amount; ``orders`` has order, pairs and amount.
    """

    lines: pl.DataFrame
    orders: pl.DataFrame
    unknown_pairs: int

    @property
    def total(self) -> float:
        """The sum of what is known."""
        return float(self.lines["amount"].sum()) + float(self.orders["amount"].sum())


def released(cluster: Cluster, plan: Plan, flow: str) -> Released:
    """Return a flow over a plan: pairs x flow per pair of each line, and pairs x material with its loss and seconds x flow of it.

    A flow that is counted at materials alone is none of the lines, and the other way round; a line without a row is unknown.
    """
    counted = cluster["flow"].filter(flow=flow)["counted_at"].to_list()
    where = counted[0] if counted else "both"
    work = (
        plan["work"]
        .group_by("lot", "stage")
        .agg(pl.col("pairs").sum())
        .join(plan["lot_line"], on=["lot", "stage"])
        .join(plan["lot"].select("lot", "order"), on="lot")
    )
    known = cluster["line_flow"].filter(flow=flow).select("line", "per_pair")
    lines = (
        work.group_by("line")
        .agg(pl.col("pairs").sum())
        .join(known, on="line", how="left")
        .with_columns(per_pair=pl.lit(0.0) if where == "material" else pl.col("per_pair"))
        .with_columns(amount=pl.col("pairs") * pl.col("per_pair"))
        .sort("line")
    )
    per = cluster["material_flow"].filter(flow=flow).select("material", "per_unit")
    bill = (
        cluster["bill_of_material"]
        .join(per, on="material")
        .group_by("style", "stage")
        .agg(per_pair=(pl.col("quantity_per_pair") * (1 + pl.col("loss_share")) * pl.col("per_unit")).sum())
    )
    orders = (
        work.join(cluster["order"].select("order", "style"), on="order")
        .join(cluster["line"].select("line", "defect_share"), on="line")
        .join(bill, on=["style", "stage"], how="left")
        .with_columns(amount=pl.col("pairs") * (1 + pl.col("defect_share")) * pl.col("per_pair").fill_null(0.0))
        .group_by("order")
        .agg(pairs=pl.col("pairs").max(), amount=pl.lit(0.0) if where == "line" else pl.col("amount").sum())
        .sort("order")
    )
    return Released(lines, orders, int(lines.filter(pl.col("per_pair").is_null())["pairs"].sum()))
