"""Why orders are late, outside or declined, as the room planning explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from cordwainer.cluster import Cluster, Plan


def reasons(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return columns order, outcome, reason_en, reason_zh: one row for each order not simply made on time."""
    from cordwainer.planning import explain_orders

    return explain_orders(cluster, plan)
