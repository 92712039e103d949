"""Whether a request can be meant here: firms, market, sizes and the order that it repeats are looked up in the tables."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from cordwainer.core import Text, UserError
from cordwainer.quoting.ground import Ground
from cordwainer.quoting.recipes import Recipe
from cordwainer.quoting.request import Request

_SHOWN = 12
"""Sizes that an error lists."""
Sizes = frozenset[str]


class Meant:
    """What the tables know of markets, size runs and orders; worked out as it is asked for."""

    def __init__(self, ground: Ground) -> None:
        self._cluster = ground.cluster
        self._firms = frozenset(ground.firms)

    def refuse_strangers(self, request: Request) -> None:
        """Raise if a request names a firm or market that is not known, or repeats an order that it cannot repeat.

        Raises
        ------
        UserError
            If it does.
        """
        strange = [f for f in (request.buyer, *request.named, *request.barred) if f not in self._firms]
        if strange:
            raise UserError(
                "no-such-firm",
                Text(f"There is no firm {strange[0]}.", f"没有企业 {strange[0]}。"),
                Text("Name a firm of table firm.", "请使用“企业”表中的编号。"),
            )
        if request.market is not None and self._markets and request.market not in self._markets:
            raise UserError(
                "no-such-market",
                Text(f"No order is for the market {request.market}.", f"没有销往“{request.market}”的订单。"),
                Text(
                    f"Name a market of table order: {', '.join(sorted(self._markets))}.",
                    f"请使用“订单”表中的市场：{'、'.join(sorted(self._markets))}。",
                ),
            )
        if request.repeat_of is not None:
            self._refuse_repeat(request, request.repeat_of)

    def _refuse_repeat(self, request: Request, order: str) -> None:
        style, buyer = self._orders.get(order, ("", ""))
        if buyer != request.buyer:  # whether others have such an order is not told
            raise UserError(
                "no-such-order",
                Text(f"{request.buyer} has no order {order} to repeat.", f"{request.buyer} 没有可返的订单 {order}。"),
                Text("Name an order of that buyer in table order.", "请使用“订单”表中该客户的订单编号。"),
            )
        if request.style != style:
            raise UserError(
                "not-a-repeat",
                Text(
                    f"{request.request} cannot repeat {order}, which is for another style.",
                    f"{request.request} 不能返单 {order}：款式不同。",
                ),
                Text("Ask for it as a first order, without repeat_of.", "请按首单询价，不填返单自。"),
            )

    def refuse_sizes(self, request: Request, recipe: Recipe) -> None:
        """Raise if a size asked for is in no run in which such shoes are made for that market.

        Raises
        ------
        UserError
            If it is in none.
        """
        asked = frozenset(size for size, n in request.sizes.items() if n)
        run = self.run(recipe.category, request.market)
        if not asked or not run or asked <= run or any(asked <= c and c & run for c in self._curves):
            return
        listed = sorted(run, key=lambda size: (len(size), size))[:_SHOWN]
        strange = ", ".join(sorted(asked - run))
        raise UserError(
            "no-such-size",
            Text(f"Size {strange} is in no run of such shoes for that market.", f"该市场此类鞋没有尺码 {strange}。"),
            Text(
                f"Ask for sizes such as {', '.join(listed)}, or add the run to table size_curve.",
                f"请使用 {'、'.join(listed)} 等尺码，或在“配码”表（size_curve）中添加。",
            ),
        )

    def run(self, category: str, market: str | None) -> Sizes:
        """Return the sizes of orders of a category for a market, else for any, else of all size curves."""
        return (
            (self._runs.get((category, market)) if market is not None else None)
            or self._every.get(category)
            or frozenset().union(*self._curves)
        )

    @cached_property
    def _markets(self) -> Sizes:
        return frozenset(self._cluster["order"]["market"].drop_nulls())

    @cached_property
    def _orders(self) -> dict[str, tuple[str, str]]:
        orders = self._cluster["order"].join(self._cluster["purchase_order"], on="po")
        return {o: (style, buyer) for o, style, buyer in orders.select("order", "style", "buyer").iter_rows()}

    @cached_property
    def _curves(self) -> tuple[Sizes, ...]:
        return tuple(
            frozenset(part["size"])
            for _, part in self._cluster["size_curve"].group_by("size_curve", maintain_order=True)
        )

    @cached_property
    def _sized(self) -> pl.DataFrame:
        """Category, market and size of the orders."""
        c = self._cluster
        own = c["order_size"].filter(pl.col("pairs") > 0).select("order", "size")
        by_curve = (
            c["order"].select("order", "size_curve").join(c["size_curve"].select("size_curve", "size"), on="size_curve")
        )
        sizes = pl.concat([own, by_curve.select("order", "size")])
        orders = c["order"].select("order", "style", "market").join(c["style"].select("style", "category"), on="style")
        return sizes.join(orders, on="order").select("category", "market", "size").unique()

    @cached_property
    def _runs(self) -> dict[tuple[str, str | None], Sizes]:
        parts = self._sized.group_by("category", "market").agg(pl.col("size"))
        return {(category, market): frozenset(sizes) for category, market, sizes in parts.iter_rows()}

    @cached_property
    def _every(self) -> dict[str, Sizes]:
        parts = self._sized.group_by("category").agg(pl.col("size").unique())
        return {category: frozenset(sizes) for category, sizes in parts.iter_rows()}
