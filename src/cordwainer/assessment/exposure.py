"""Sales of a plan that hang on a node, and how much firms, districts and the cluster depend on one buyer or market."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from cordwainer.assessment.demand import net_prices
from cordwainer.assessment.nodes import Node
from cordwainer.assessment.worked import lines_with_firms
from cordwainer.cluster import Cluster, Plan
from cordwainer.planning import effective


class Exposure:
    """A plan with its sales, ready to be asked what hangs on a node.

    ``sales`` has order, buyer, market, yuan: net price of the pairs that are made in the cluster.
    """

    def __init__(self, cluster: Cluster, plan: Plan) -> None:
        made = plan["lot"].group_by("order").agg(pl.col("pairs").sum().alias("made"))
        worth = net_prices(cluster).join(made, on="order").sort("order")
        self.sales = worth.select("order", "buyer", "market", "style", "made", yuan=pl.col("yuan") * pl.col("made"))
        self.total = float(self.sales["yuan"].sum())
        self.due = dict(cluster["order"].select("order", "due_date").iter_rows())
        self._work = (
            plan["work"]
            .join(plan["lot_line"], on=["lot", "stage"])
            .join(plan["lot"].select("lot", "order"), on="lot")
            .select("order", "lot", "stage", "line", "period", "pairs")
        )
        self._bill = self._needs(cluster)
        self._bought = plan["purchase"].join(
            cluster["supplier_offer"].select("offer", "supplier", "material"), on="offer"
        )

    def _needs(self, cluster: Cluster) -> pl.DataFrame:
        """Return order, material, share of the need of the plan for it: of each material that is not the buyer's."""
        bill = effective(cluster, "bill_of_material", "bill_template").filter(pl.col("supplied_by") != "buyer")
        each = bill.group_by("style", "material").agg(
            each=(pl.col("quantity_per_pair") * (1 + pl.col("loss_share"))).sum()
        )
        need = self.sales.join(each, on="style").with_columns(need=pl.col("each") * pl.col("made"))
        return need.select("order", "material", whole=pl.col("need").sum().over("material"))

    def yuan(self, orders: Collection[str]) -> float:
        """Return the sales of some orders."""
        return float(self.sales.filter(pl.col("order").is_in(list(orders)))["yuan"].sum())

    def through(self, node: Node, first: int, count: int) -> float:
        """Return the sales that pass through lines and suppliers of a node in ``count`` periods, yuan.

        Of a lot that part counts which its fullest stage has there; of what is bought, the share of the plan's need of the material.
        """
        then = pl.col("period").is_between(first, first + count - 1)
        there = self._work.filter(then & pl.col("line").is_in(list(node.lines)))
        lots = there.group_by("order", "lot", "stage").agg(pl.col("pairs").sum())
        worked = lots.group_by("order", "lot").agg(pl.col("pairs").max()).group_by("order").agg(pl.col("pairs").sum())
        bought = self._bought.filter(then & pl.col("supplier").is_in(list(node.suppliers)))
        units = bought.group_by("material").agg(units=pl.col("quantity_milli").sum() / 1000)
        part = (
            self._bill.join(units, on="material").group_by("order").agg(part=(pl.col("units") / pl.col("whole")).max())
        )
        both = self.sales.join(worked, on="order", how="left").join(part, on="order", how="left")
        share = pl.max_horizontal(pl.col("pairs") / pl.col("made"), pl.col("part").clip(upper_bound=1.0), 0.0)
        return float(both.select((share * pl.col("yuan")).sum()).item())


def dependence(cluster: Cluster, plan: Plan, by: str) -> pl.DataFrame:
    """Return how much each firm (or district) depends on its largest buyer and market, the most dependent first.

    Columns: ``by``, yuan (sales of the lots in whose last stage it has pairs, by its pairs), buyer, buyer_share, market, market_share.

    Parameters
    ----------
    by
        ``firm`` or ``district``.
    """
    found = Exposure(cluster, plan)
    last = plan["work"].join(plan["lot"].select("lot", "order"), on="lot").join(plan["lot_line"], on=["lot", "stage"])
    after = effective(cluster, "routing_before", "routing_template_before").select("style", "stage").unique()
    last = (
        last.join(
            found.sales.select("order", "buyer", "market", "style", each=pl.col("yuan") / pl.col("made")), on="order"
        )
        .join(after, on=["style", "stage"], how="anti")
        .join(lines_with_firms(cluster).select("line", "firm", "district"), on="line")
        .with_columns(yuan=pl.col("pairs") * pl.col("each"))
    )
    whole = last.group_by(by).agg(pl.col("yuan").sum())
    for key in ("buyer", "market"):
        parts = last.group_by(by, key).agg(part=pl.col("yuan").sum()).sort(["part", key], descending=[True, False])
        largest = parts.group_by(by, maintain_order=True).first()
        whole = (
            whole.join(largest, on=by)
            .with_columns((pl.col("part") / pl.col("yuan")).alias(f"{key}_share"))
            .drop("part")
        )
    return whole.sort(["buyer_share", "yuan", by], descending=[True, True, False])
