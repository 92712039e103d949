"""What a programme really brings: all its measures applied together, and the cluster planned again."""

from __future__ import annotations

from datetime import date

from cordwainer.cluster import Cluster
from cordwainer.planning import Base, Value, ValueSettings, value_of_change
from cordwainer.upgrading.effects import apply
from cordwainer.upgrading.measure import Catalogue
from cordwainer.upgrading.programme import Programme


def carried_out(cluster: Cluster, known: Catalogue, chosen: Programme, day: date) -> Cluster:
    """Return the cluster in which all measures of a programme were taken, what others need first."""
    left = list(chosen.rows.select("measure", "firm").iter_rows())
    while left:
        waiting = {firm: {m for m, f in left if f == firm} for _, firm in left}
        ready = [(m, f) for m, f in left if not waiting[f] & set(known.measures[m].needs)]
        for name, firm in ready:
            cluster = apply(known.measures[name], firm, cluster, day)
        left = [x for x in left if x not in ready]
    return cluster


def proved(base: Base, known: Catalogue, chosen: Programme, settings: ValueSettings | None = None) -> Value:
    """Return what a programme is worth to the plan: bounds and pairs of replans of the cluster before and after it."""
    day = base.plan.periods[0].start
    return value_of_change(base, carried_out(base.cluster, known, chosen, day), settings)
