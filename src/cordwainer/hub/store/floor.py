"""What acts and pages of the floor read of the cluster as it is now: who gives a lot to whom, what it pays, who leads an order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from cordwainer.cluster import Link, links
from cordwainer.hub.models.floor import Claim, Handover
from cordwainer.hub.models.runs import Pay
from cordwainer.hub.store.versions import Stamp, cluster_at, stamp

UNSIZED = "-"
"""Size of pairs whose sizes were not told."""


@lru_cache(maxsize=4)
def _links(of: Stamp) -> Mapping[tuple[str, str], Link]:
    return MappingProxyType({(x.lot, x.stage): x for x in links(cluster_at(of[0]))})


def links_now() -> Mapping[tuple[str, str], Link]:
    """Return the handovers that accepted lots need, by lot and stage."""
    return _links(stamp())


@lru_cache(maxsize=4)
def _leads(of: Stamp) -> Mapping[str, str]:
    made: dict[str, dict[str, int]] = {}
    for link in _links(of).values():
        if link.is_last:
            firms = made.setdefault(link.order, {})
            firms[link.giver] = firms.get(link.giver, 0) + link.pairs
    return MappingProxyType({order: min(firms, key=lambda f: (-firms[f], f)) for order, firms in made.items()})


def leads_now() -> Mapping[str, str]:
    """Return the lead firm of each order with accepted lots: the one with most pairs of the last stage (ties: the smaller id)."""
    return _leads(stamp())


@lru_cache(maxsize=4)
def _sizes(of: Stamp) -> Mapping[str, tuple[tuple[str, int], ...]]:
    rows = cluster_at(of[0])["order_size"].sort("order", "size")
    found: dict[str, list[tuple[str, int]]] = {}
    for order, size, pairs in rows.select("order", "size", "pairs").iter_rows():
        found.setdefault(order, []).append((size, pairs))
    return MappingProxyType({order: tuple(sizes) for order, sizes in found.items()})


def sizes_of(order: str) -> tuple[tuple[str, int], ...]:
    """Return (size, pairs) of an order; empty where its sizes are not known."""
    return _sizes(stamp()).get(order, ())


def pay_of_link(link: Link) -> int | None:
    """Return what all pairs of a lot pay its giver by this handover, in fen; None where that is not known for a stage."""
    rows = Pay.objects.filter(lot=link.lot, firm=link.giver, stage__in=link.covers).order_by("pk")
    paid = dict(rows.values_list("stage", "fen"))
    return sum(paid.values()) if len(paid) == len(link.covers) else None


def good(counts: list[list[object]] | None) -> int:
    """Return the good pairs of counts by size."""
    return sum(int(str(row[1])) for row in counts or ())


def counted(lot: str, stage: str) -> int:
    """Return the pairs of a lot that count as handed over after a stage: found good, or given good by a settled claim."""
    received = Handover.objects.filter(lot=lot, stage=stage, withdrawn_at=None).exclude(received=None)
    settled = Claim.objects.filter(handover__lot=lot, handover__stage=stage, short=True, status="settled")
    return sum(good(h.received) for h in received) + sum(settled.values_list("settled_pairs", flat=True))


def spoken_for(lot: str, stage: str) -> int:
    """Return the pairs of a lot that were counted, are on their way, or stand in dispute, after a stage."""
    waiting = Handover.objects.filter(lot=lot, stage=stage, withdrawn_at=None, received=None)
    open_ = Claim.objects.filter(handover__lot=lot, handover__stage=stage, short=True).exclude(status="settled")
    return counted(lot, stage) + sum(good(h.given) for h in waiting) + sum(open_.values_list("pairs", flat=True))


def forget_floor() -> None:
    """Forget what was worked out of the cluster: for when the database itself is put in place of another."""
    for cache in (_links, _leads, _sizes):
        cache.cache_clear()
