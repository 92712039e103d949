"""Views of money: purchases with their cost, shadow prices, and where the gap lies."""

from __future__ import annotations

import polars as pl

from cordwainer.core import Text, ceil_div, scaled
from cordwainer.exchange.report.joined import Joined
from cordwainer.exchange.report.price_names import price_names
from cordwainer.exchange.report.view import View, column


def purchase_cost(quantity_milli: int, kind: str, brackets: list[tuple[float, float]]) -> int:
    """Return the cost of a purchase in fen (plan model, sections 5.8 and 6).

    Parameters
    ----------
    quantity_milli
        In 1/1000 of the material's unit.
    kind
        ``all``: every unit at the bracket reached; ``part``: each unit in its own bracket.
    brackets
        From-quantity in units and price in fen per unit, ascending, the first from 0.
    """
    steps = [(scaled(start, 3), scaled(price, 3)) for start, price in brackets]
    if kind == "all":
        price = next(p for start, p in reversed(steps) if start <= quantity_milli)
        return ceil_div(quantity_milli * price, 1_000_000)
    total = 0
    for k, (start, price) in enumerate(steps):
        end = steps[k + 1][0] if k + 1 < len(steps) else quantity_milli
        total += max(0, min(end, quantity_milli) - start) * price
    return ceil_div(total, 1_000_000)


def purchases(j: Joined) -> View:
    """Return what the plan buys, of whom, when, and for how much."""
    brackets: dict[str, list[tuple[float, float]]] = {}
    for row in j.cluster["price_break"].sort("offer", "from_quantity").iter_rows(named=True):
        brackets.setdefault(row["offer"], []).append((row["from_quantity"], row["price"]))
    suppliers = j.firms.select(supplier="firm", supplier_en="firm_en", supplier_zh="firm_zh")
    offers = j.cluster["supplier_offer"].select("offer", "supplier", "material", "lead_days", "break_kind")
    rows = (
        j.plan["purchase"]
        .join(offers, on="offer", how="left")
        .join(suppliers, on="supplier", how="left")
        .join(j.materials, on="material", how="left")
        .join(j.periods.select("period", "start_date"), on="period", how="left")
        .with_columns(
            quantity=pl.col("quantity_milli") / 1000,
            usable_date=pl.col("start_date") + pl.duration(days=pl.col("lead_days")),
        )
        .sort("start_date", "material", "offer")
    )
    cost = [
        purchase_cost(r["quantity_milli"], r["break_kind"], brackets[r["offer"]]) for r in rows.iter_rows(named=True)
    ]
    columns = (
        column("start_date", "date", Text("Order on", "下单日")),
        column("usable_date", "date", Text("Arrives", "到货日")),
        column("material", "both", ("supplier_offer", "material")),
        column("supplier", "both", ("supplier_offer", "supplier")),
        column("quantity", "number", Text("Quantity", "数量")),
        column("unit", "choice", ("material", "unit"), "material_unit"),
        column("cost_fen", "yuan", Text("Cost (yuan)", "金额（元）")),
        column("offer", "id", ("purchase", "offer")),
    )
    frame = rows.with_columns(pl.Series("cost_fen", cost, dtype=pl.Int64))
    return View("purchases", Text("Purchases", "采购"), columns, frame)


def prices(j: Joined) -> View:
    """Return all shadow prices in units of trade, the highest of each kind first."""
    rows = (
        j.plan["price"]
        .filter(pl.col("mfen") > 0)
        .join(price_names(j), on=["kind", "id"], how="left")
        .join(j.periods.select("period", "start_date"), on="period", how="left")
        .with_columns(
            start_date=pl.when(pl.col("kind") != "cap").then("start_date"),
            price_mfen=pl.col("mfen") * pl.col("times").fill_null(1),
            of_en=pl.coalesce("of_en", "id"),
            of_zh=pl.coalesce("of_zh", "id"),
        )
        .sort("kind", "price_mfen", "id", "period", descending=[False, True, False, False])
    )
    columns = (
        column("kind", "choice", ("price", "kind"), "price_kind"),
        column("of", "both", ("price", "id")),
        column("id", "id", Text("Id", "编号")),
        column("start_date", "date", Text("Week from", "周起始日")),
        column("price_mfen", "price", Text("Price (yuan)", "价格（元）")),
        column("per", "both", Text("For one more", "每多一")),
    )
    title = Text("Shadow prices: what one more unit is worth to the cluster", "影子价格：多一单位对集群的价值")
    return View("prices", title, columns, rows)


def scarce(j: Joined, most: int) -> View:
    """Return the dearest things of each kind, at most so many, each once at its dearest."""
    view = prices(j)
    rows = (
        view.frame.unique(["kind", "id"], keep="first", maintain_order=True)
        .group_by("kind", maintain_order=True)
        .head(most)
    )
    return View("scarce", view.title, view.columns, rows)


def gap(j: Joined) -> View:
    """Return the distance between bound and contribution by kind of part."""
    rows = (
        j.plan["bound_part"]
        .group_by("part")
        .agg(mfen=pl.col("mfen").sum(), count=pl.len())
        .with_columns(fen=pl.col("mfen") / 1000)
        .sort("mfen", "part", descending=[True, False])
    )
    distance = j.plan.head["bound_fen"] - j.plan.head["contribution_fen"]
    rows = rows.with_columns(share=pl.col("fen") / distance if distance else pl.lit(None, pl.Float64))
    columns = (
        column("part", "choice", ("bound_part", "part"), "bound_part"),
        column("fen", "yuan", Text("Yuan", "元")),
        column("share", "share", Text("Share", "占比")),
        column("count", "int", Text("Rows", "项数")),
    )
    title = Text("Where the gap lies", "差距构成")
    return View("gap", title, columns, rows)
