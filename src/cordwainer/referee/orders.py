"""Orders and outside makers as the referee reads them: net price, window, wishes, outside value (plan model, 4 and 6)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cordwainer.cluster import Cluster
from cordwainer.core import ceil_div, exact, scaled
from cordwainer.referee.clock import DAY, Clock
from cordwainer.referee.lines import ceil_of
from cordwainer.referee.styles import Style, material_list_cost


@dataclass(frozen=True)
class Order:
    """An order: ``net`` price in fen per pair, ``late`` days by period, wishes about makers.

    ``in_cluster`` says whether the buyer is a firm of the cluster; ``needs`` are (standard, stage) pairs.
    """

    id: str
    row: dict[str, Any]
    buyer: str
    in_cluster: bool
    style: Style
    pairs: int
    net: int
    window: range
    late: tuple[int, ...]
    named: frozenset[str]
    barred: frozenset[str]
    needs: tuple[tuple[str, str], ...]

    @property
    def committed(self) -> bool:
        """Whether not to place it costs a penalty."""
        return bool(self.row["committed"])

    def lateness(self, pairs: int, t: int) -> int:
        """Return the deduction in fen, rounded up, for pairs that are finished in a period."""
        return ceil_div(pairs * int(self.row["late_fen_pair_week"]) * self.late[t], 7)

    def lateness_mfen(self, t: int) -> int:
        """Return the deduction for one pair in 1/1000 fen, rounded down."""
        return 1000 * int(self.row["late_fen_pair_week"]) * self.late[t] // 7


def read_orders(cluster: Cluster, clock: Clock, styles: dict[str, Style]) -> dict[str, Order]:
    """Return all orders by id."""
    papers = {r["po"]: r for r in cluster["purchase_order"].iter_rows(named=True)}
    district = dict(cluster["firm"].select("firm", "district").iter_rows())
    vat = exact(cluster.policy("vat_share"), 6)
    rate = {c: exact(cluster.policy("fx", c), 6) for c in {p["currency"] for p in papers.values()}}
    makers: dict[tuple[str, str], set[str]] = {}
    for row in cluster["order_maker"].iter_rows(named=True):
        makers.setdefault((row["order"], row["rule"]), set()).add(row["firm"])
    required: dict[str, set[tuple[str, str]]] = {}
    style_of = dict(cluster["order"].select("order", "style").iter_rows())
    for row in cluster["order_requirement"].iter_rows(named=True):
        stage = row["stage"] or styles[style_of[row["order"]]].last_stage
        required.setdefault(row["order"], set()).add((row["standard"], stage))
    found = {}
    for row in cluster["order"].iter_rows(named=True):
        order, paper = row["order"], papers[row["po"]]
        price = row["price"] * rate[paper["currency"]] / (1 + vat if paper["tax_included"] else 1)
        found[order] = Order(
            id=order,
            row=row,
            buyer=paper["buyer"],
            in_cluster=district[paper["buyer"]] is not None,
            style=styles[row["style"]],
            pairs=row["pairs"],
            net=price.numerator // price.denominator,
            window=clock.window(row["earliest_date"], row["latest_date"]),
            late=clock.late_days(row["due_date"]),
            named=frozenset(makers.get((order, "named"), ())),
            barred=frozenset(makers.get((order, "barred"), ())),
            needs=tuple(sorted(required.get(order, ()))),
        )
    return found


@dataclass(frozen=True)
class Outside:
    """Outside makers: what they can take, when, and what a pair made there is worth."""

    clock: Clock
    makers: dict[str, dict[str, Any]]
    makes: dict[tuple[str, str, str], dict[str, Any]]
    list_prices: dict[str, float | None]
    carbon_price: Fraction
    known: dict[tuple[str, str], int | None]
    materials: dict[str, Fraction | None]

    def capacity(self, maker: str, t: int) -> int:
        """Return the most pairs that a maker can have ready in a period."""
        return int(self.makers[maker]["week_pairs"]) * self.clock.periods[t].days // 7

    def cost(self, maker: str, style: Style) -> int | None:
        """Return price and priced carbon of a pair in fen, or None where the maker cannot make the style."""
        key = (maker, style.id)
        if key not in self.known:
            self.known[key] = self._cost(maker, style)
        return self.known[key]

    def _cost(self, maker: str, style: Style) -> int | None:
        row = self.makes.get((maker, *style.kind))
        if row is None:
            return None
        if style.id not in self.materials:
            self.materials[style.id] = material_list_cost(self.list_prices, style)
        materials = self.materials[style.id]
        if materials is None:
            return None
        carbon = 0
        if self.carbon_price > 0:
            carbon = ceil_of(scaled(self.makers[maker]["carbon_g_pair"], 3) * self.carbon_price / 10**9)
        worked = ceil_of(exact(row["fen_minute"], 3) * style.minutes)
        bought = ceil_of(exact(row["material_factor"], 4) * materials)
        return int(row["fen_pair"]) + worked + bought + carbon

    def value(self, maker: str, order: Order) -> int | None:
        """Return what a pair is worth in fen before lateness: 0 for buyers outside the cluster; None: cannot make it."""
        cost = self.cost(maker, order.style)
        if cost is None:
            return None
        return order.net - cost if order.in_cluster else 0

    def in_time(self, maker: str, order: Order) -> range:
        """Return the periods in which the maker's lead time and the order's latest date allow pairs to be ready."""
        earliest = max(order.row["earliest_date"] or self.clock.first, self.clock.first)
        ready = earliest + self.makers[maker]["lead_days"] * DAY
        first = next((t for t, end in enumerate(self.clock.ends) if end >= ready), None)
        last = self.clock.last_starting(order.row["latest_date"])
        return range(0) if first is None or last is None else range(first, last + 1)


def read_outside(cluster: Cluster, clock: Clock, carbon_price: Fraction) -> Outside:
    """Return the outside makers."""
    return Outside(
        clock=clock,
        makers={r["maker"]: r for r in cluster["outside_maker"].iter_rows(named=True)},
        makes={
            (r["maker"], r["construction"], r["category"]): r for r in cluster["outside_makes"].iter_rows(named=True)
        },
        list_prices=dict(cluster["material"].select("material", "list_price").iter_rows()),
        carbon_price=carbon_price,
        known={},
        materials={},
    )
