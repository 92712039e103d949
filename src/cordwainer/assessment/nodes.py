"""Nodes of a cluster that may fail: firms, suppliers, districts, markets and buyers, with what stands still or falls away with them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cordwainer.assessment.worked import lines_with_firms
from cordwainer.cluster import Cluster
from cordwainer.core import Text

KINDS = {
    "firm": Text("firm", "企业"),
    "supplier": Text("supplier", "供应商"),
    "district": Text("district", "区县"),
    "market": Text("market", "市场"),
    "buyer": Text("buyer", "客户"),
}
EVENTS = {
    "stop": Text("stops", "停摆"),
    "late": Text("pays late", "延迟付款"),
    "never": Text("never pays", "不付款"),
}


@dataclass(frozen=True, slots=True)
class Node:
    """Something that may fail: lines and suppliers that stand still, orders that fall away or are not paid."""

    kind: str
    id: str
    lines: tuple[str, ...] = ()
    suppliers: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()

    @property
    def events(self) -> tuple[str, ...]:
        """What may happen to it: a buyer may also pay late or never."""
        return ("stop", "late", "never") if self.kind == "buyer" else ("stop",)


def nodes(cluster: Cluster) -> list[Node]:
    """Return all nodes, by kind and id.

    A firm stops with its lines and all that it offers; a supplier is a firm without lines. A district stops with the lines in it and the
    suppliers of its firms. Orders belong to the market where they are sold and to the buyer on their paper; firms have none.
    """
    lines = lines_with_firms(cluster)
    offering = set(cluster["supplier_offer"]["supplier"])
    homes = dict(cluster["firm"].drop_nulls("district").select("firm", "district").iter_rows())
    by_firm = _grouped(lines, "firm", "line")
    by_district = _grouped(lines, "district", "line")
    found = [Node("firm", f, of, (f,) if f in offering else ()) for f, of in by_firm.items()]
    found += [Node("supplier", s, (), (s,)) for s in sorted(offering - set(by_firm))]
    for district in sorted({*by_district, *(homes[s] for s in offering if s in homes)}):
        theirs = tuple(sorted(s for s in offering if homes.get(s) == district))
        found.append(Node("district", district, by_district.get(district, ()), theirs))
    orders = cluster["order"].join(cluster["purchase_order"].select("po", "buyer"), on="po")
    found += [Node("market", m, orders=of) for m, of in _grouped(orders, "market", "order").items()]
    found += [Node("buyer", b, orders=of) for b, of in _grouped(orders, "buyer", "order").items()]
    return found


def _grouped(frame: pl.DataFrame, key: str, value: str) -> dict[str, tuple[str, ...]]:
    rows = frame.drop_nulls(key).sort(key, value).group_by(key, maintain_order=True).agg(value)
    return {k: tuple(of) for k, of in rows.iter_rows()}
