"""Tools: lasts, dies and moulds, of which a stage needs one that fits the style and the size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, whole
from cordwainer.core import Period
from cordwainer.planning.jobs import Jobs
from cordwainer.planning.problem import Ints, Small
from cordwainer.planning.styles import StyleArrays

_STAGE = {"last": "lasting", "die": "cutting", "mould": "sole"}
_CODE = {"last": "last", "die": "style", "mould": "sole"}
"""Column of the style that the code of a tool names."""


@dataclass(frozen=True)
class Tools:
    """Rows of tools (kind|code|size); pointers, rows and shares (millionths of pairs) by job, and limit by row x T."""

    ids: tuple[str, ...]
    ptr: Small
    row: Small
    share: Ints
    limit: Ints


def tools(cluster: Cluster, jobs: Jobs, styles: StyleArrays, periods: Sequence[Period]) -> Tools:
    """Return the tools and which job needs how much of them; one for all sizes is needed for every pair."""
    key = ["kind", "code", "size"]
    rows = (
        cluster["tool"]
        .with_columns(pl.col("size").fill_null(""))
        .group_by(key, maintain_order=True)
        .agg(pairs=(pl.col("sets") * pl.col("pairs_day")).sum())
        .with_row_index("row")
    )
    days = [sum((p.start + timedelta(days=k)).weekday() != 6 for k in range(p.days)) for p in periods]
    needs = (
        _needing(cluster, jobs, styles)
        .join(rows, on=["kind", "code"])
        .join(_size_shares(cluster), on=["order", "size"], how="left")
        .with_columns(share=pl.when(pl.col("size") == "").then(1_000_000).otherwise(pl.col("share")))
        .filter(pl.col("share") > 0)
        .sort("job", "row")
    )
    return Tools(
        ids=tuple(rows.select(pl.concat_str(key, separator="|")).to_series()),
        ptr=np.searchsorted(needs["job"].to_numpy(), np.arange(len(jobs.sj) + 1)).astype(np.int32),
        row=needs["row"].to_numpy().astype(np.int32),
        share=needs["share"].to_numpy().astype(np.int64),
        limit=1_000_000 * rows["pairs"].to_numpy()[:, None] * np.array(days, np.int64),
    )


def _needing(cluster: Cluster, jobs: Jobs, styles: StyleArrays) -> pl.DataFrame:
    """Return job, order, and kind and code of the tool that the job's stage needs."""
    by_style = pl.concat(
        cluster["style"].select("style", kind=pl.lit(kind), stage=pl.lit(_STAGE[kind]), code=_CODE[kind])
        for kind in _STAGE
    )
    order = pl.Series("order", jobs.order)
    each = pl.DataFrame(
        {
            "job": np.arange(len(jobs.sj)),
            "order": cluster["order"]["order"].gather(order),
            "style": cluster["order"]["style"].gather(order),
            "stage": pl.Series(styles.stage, dtype=pl.String).gather(jobs.sj),
        }
    )
    return each.join(by_style.drop_nulls("code"), on=["style", "stage"])


def _size_shares(cluster: Cluster) -> pl.DataFrame:
    """Return order, size and share of the order's pairs in millionths, rounded up; by its curve while sizes are unknown."""
    pairs = cluster["order"].select("order", "size_curve", ordered="pairs")
    sized = cluster["order_size"].join(pairs, on="order").with_columns(top=1_000_000 * pl.col("pairs"))
    known = sized.select("order", "size", share=(pl.col("top") + pl.col("ordered") - 1) // pl.col("ordered"))
    curve = cluster["size_curve"]
    curve = curve.with_columns(pl.Series("share", 100 * whole(curve["share"], 4)))
    unknown = pairs.join(known, on="order", how="anti").join(curve, on="size_curve")
    return pl.concat([known, unknown.select("order", "size", "share")])
