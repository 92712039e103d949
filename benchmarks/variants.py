"""Special clusters made of a sample: one bottleneck stage, loose capacity, tight solvent caps, orders that name their maker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import polars as pl

from benchmarks.office import with_many_lines
from cordwainer.cluster import Cluster, sample
from cordwainer.planning import Settings, plan_periods
from cordwainer.planning.build import build

BOTTLENECKS = ("closing", "lasting")
"""Stages of which one becomes the bottleneck."""
LEFT = 0.5
"""Share of its hours that the bottleneck keeps."""
LOOSE = 2
"""Times as many people that lines have where capacity is loose."""
SOLVENT_LEFT = 0.5
"""Share of every solvent cap that is left."""
NAMED = 0.5
"""Share of the orders that name their maker."""


def bottleneck(cluster: Cluster, rng: np.random.Generator) -> Cluster:
    """Return the cluster in which one stage, drawn, has half of its hours and all others have twice as many."""
    stage = str(rng.choice(np.array(BOTTLENECKS)))
    narrow = cluster["line"].filter(pl.col("stage") == stage)["line"].implode()
    wide = with_many_lines(cluster, LOOSE)
    own = pl.col("line").is_in(narrow)
    kept = [pl.when(own).then(pl.col(c) // LOOSE).otherwise(c).alias(c) for c in ("people", "pairs_day")]
    share = pl.when(own).then((pl.col("share_offered") * LEFT).round(4)).otherwise("share_offered")
    return wide.replace(line_statement=wide["line_statement"].with_columns(*kept, share_offered=share))


def loose(cluster: Cluster, rng: np.random.Generator) -> Cluster:
    """Return the cluster with twice as many people on every line; nothing of it is drawn."""
    del rng
    return with_many_lines(cluster, LOOSE)


def solvent(cluster: Cluster, rng: np.random.Generator) -> Cluster:
    """Return the cluster with every solvent cap at about half, each drawn within a tenth of that."""
    table = cluster["cap"]
    share = pl.Series(SOLVENT_LEFT * rng.uniform(0.9, 1.1, table.height))
    amount = pl.when(pl.col("flow") == "solvent").then((pl.col("amount") * share).round(0)).otherwise("amount")
    return cluster.replace(cap=table.with_columns(amount=amount))


def named(cluster: Cluster, rng: np.random.Generator) -> Cluster:
    """Return the cluster in which half of the orders, drawn, name one maker of those that may do their last stage.

    Large makers are named more often: each as often as it has lines that may do it. Orders that name or bar a maker already, and
    those that nobody may make, are left as they are, and no order of another kind is drawn in place of the latter.
    """
    may = _makers(cluster)
    table, orders = cluster["order_maker"], cluster["order"]["order"].to_list()
    has = set(table["order"])
    free = [o for o in orders if o not in has and len(may[o])]
    already = table.filter(pl.col("rule") == "named")["order"].n_unique()
    count = min(len(free), max(0, round(NAMED * len(orders)) - already))
    drawn = sorted(rng.choice(len(free), count, replace=False).tolist())
    rows = [{"order": free[i], "firm": str(rng.choice(np.array(may[free[i]]))), "rule": "named"} for i in drawn]
    return cluster.replace(order_maker=pl.concat([table, pl.DataFrame(rows, schema=table.schema)]))


def _makers(cluster: Cluster) -> dict[str, list[str]]:
    """Return the firm of each line that may do the last stage of an order, by order."""
    problem = build(cluster, plan_periods(cluster, Settings()), None)
    net, found = problem.net, dict[str, list[str]]()
    for o, order in enumerate(problem.orders):
        lists = net.job_list[net.job_ptr[o + 1] - 1]
        lines = net.cand_line[net.cand_ptr[lists] : net.cand_ptr[lists + 1]]
        found[order] = [problem.firms[f] for f in net.line_firm[lines]]
    return found


VARIANTS: Mapping[str, Callable[[Cluster, np.random.Generator], Cluster]] = MappingProxyType(
    {"bottleneck": bottleneck, "loose": loose, "solvent": solvent, "named": named}
)


def special(name: str, size: str, seed: int) -> Cluster:
    """Return a special cluster: the sample of a size and seed, changed by the same seed.

    Parameters
    ----------
    name
        One of `VARIANTS`, or ``plain`` for the sample as it is.
    size
        S, M or L.
    seed
        Of the sample and of the change.

    Returns
    -------
    Cluster
        Checked as any cluster is; equal for equal arguments.

    Raises
    ------
    KeyError
        If there is no such variant or size.
    """
    made = sample(size, seed)
    return made if name == "plain" else changed(name, made, seed)


def changed(name: str, cluster: Cluster, seed: int) -> Cluster:
    """Return a cluster changed into a special one and checked.

    Parameters
    ----------
    name
        One of `VARIANTS`.
    cluster
        What to change.
    seed
        Of all that is drawn.

    Returns
    -------
    Cluster
        Equal for equal arguments.
    """
    found = VARIANTS[name](cluster, np.random.default_rng(seed))
    return Cluster.build(dict(found.frames))
