"""Outside makers: who could make an order, what they ask, from when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, product, whole
from cordwainer.core import Period, ceil_div, scaled
from cordwainer.planning.orders import OrderArrays
from cordwainer.planning.problem import Ints, Small, index_of
from cordwainer.planning.styles import StyleArrays, effective


@dataclass(frozen=True)
class Outside:
    """Makers; pointers by order, maker, value in 1/1000 fen and first period of each option; limit by maker x T."""

    makers: tuple[str, ...]
    ptr: Small
    maker: Small
    value: Ints
    first: Small
    limit: Ints


def outside(
    cluster: Cluster,
    orders: OrderArrays,
    order_style: Ints,
    styles: StyleArrays,
    periods: Sequence[Period],
    carbon_price: Fraction,
) -> Outside:
    """Return the options of every order that can be had before its window ends; ``order_style`` is the number of its style."""
    offers = _prices(cluster, styles, carbon_price)
    makers = cluster["outside_maker"]
    begins = _first_periods(orders.earliest, makers["lead_days"].to_list(), periods)
    count = np.diff(offers.ptr)[order_style]
    ptr = np.concatenate([[0], np.cumsum(count)])
    order = np.repeat(np.arange(len(order_style)), count)
    offer = offers.ptr[order_style[order]] + np.arange(ptr[-1]) - ptr[order]
    maker = offers.maker[offer]
    first = begins[order, maker]
    open_ = first <= orders.last[order]
    order, offer, maker, first = order[open_], offer[open_], maker[open_], first[open_]
    worth = 1000 * (orders.price[order] - offers.price[offer])
    days = np.array([p.days for p in periods], np.int64)
    return Outside(
        makers=tuple(makers["maker"]),
        ptr=np.searchsorted(order, np.arange(len(order_style) + 1)).astype(np.int32),
        maker=maker.astype(np.int32),
        value=np.where(orders.inside[order], worth, 0),
        first=first.astype(np.int32),
        limit=makers["week_pairs"].to_numpy()[:, None] * days // 7,
    )


@dataclass(frozen=True)
class _Prices:
    """What makers ask: pointers by style; maker and price per pair with carbon, in fen, rounded up."""

    ptr: Ints
    maker: Ints
    price: Ints


def _prices(cluster: Cluster, styles: StyleArrays, carbon_price: Fraction) -> _Prices:
    """Return prices of the styles whose material cost is known."""
    makers = cluster["outside_maker"]
    index = index_of(tuple(makers["maker"]))
    carbon = [_carbon(grams, carbon_price) for grams in makers["carbon_g_pair"]]
    makes: dict[tuple[str, str], list[tuple[int, int, int, int]]] = {}
    for maker, construction, category, fen, minute, factor in cluster["outside_makes"].iter_rows():
        makes.setdefault((construction, category), []).append((index[maker], fen, scaled(minute, 3), scaled(factor, 4)))
    cost = _list_costs(cluster) if makes else {}
    centi = np.zeros(len(styles.styles), np.int64)
    np.add.at(centi, styles.style, styles.centi)
    ptr, who, price = [0], [], []
    for style, (construction, category, _), minutes in zip(styles.styles, styles.shoe, centi.tolist(), strict=True):
        material = cost.get(style, 0)
        if material is not None:
            for k, fen, minute, factor in makes.get((construction, category), []):
                who.append(k)
                price.append(
                    fen + ceil_div(minute * minutes, 100_000) + ceil_div(factor * material, 10**15) + carbon[k]
                )
        ptr.append(len(who))
    return _Prices(np.array(ptr, np.int64), np.array(who, np.int64), np.array(price, np.int64))


def _carbon(grams: float, price: Fraction) -> int:
    """Return what carbon costs in fen, rounded up; where it is priced, a cluster with unknown grams was refused before."""
    if not price:
        return 0
    cost = scaled(grams, 3) * price / 10**9
    return ceil_div(cost.numerator, cost.denominator)


def _first_periods(earliest: pl.Series, lead_days: Sequence[int], periods: Sequence[Period]) -> Ints:
    """Return the first period that ends on or after the earliest day and the lead of a maker, orders x makers."""
    ends = np.array([p.end for p in periods], "datetime64[D]")
    ready = earliest.to_numpy()[:, None] + np.array(lead_days, "timedelta64[D]")
    first: Ints = np.searchsorted(ends, ready)
    return first


def _list_costs(cluster: Cluster) -> dict[str, int | None]:
    """Return material cost at list prices of each style's pair, in 1e-11 fen; None where a price is unknown."""
    rows = (
        effective(cluster, "bill_of_material", "bill_template")
        .filter(pl.col("supplied_by") != "buyer")
        .join(cluster["material"].select("material", "list_price"), on="material", maintain_order="left")
    )
    known = rows.drop_nulls("list_price")
    units = whole(known["quantity_per_pair"], 4) * (10_000 + whole(known["loss_share"], 4))
    each = product(units, whole(known["list_price"], 3)).tolist()
    cost: dict[str, int | None] = {}
    for style, fen in zip(known["style"], each, strict=True):
        cost[style] = (cost.get(style) or 0) + fen
    return cost | dict.fromkeys(rows.filter(pl.col("list_price").is_null())["style"])
