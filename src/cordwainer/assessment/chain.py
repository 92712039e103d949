"""The value chain: what each stage and role adds to a pair, from orders, bills of material and the plan."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from cordwainer.assessment.demand import net_prices
from cordwainer.assessment.worked import worked
from cordwainer.cluster import Cluster, Plan, line_facts
from cordwainer.core import Text
from cordwainer.planning import effective

ROLES = ("material", "sole", "cutting", "closing", "lasting", "finishing", "lead")
"""From the material to the one who sells the pair; ``lead`` is what the price leaves after all others."""
LABELS = {
    "material": Text("materials", "材料"),
    "sole": Text("sole", "大底"),
    "cutting": Text("cutting", "裁断"),
    "closing": Text("closing", "针车"),
    "lasting": Text("lasting", "成型"),
    "finishing": Text("finishing", "包装"),
    "lead": Text("design, brand, channel, margin", "设计、品牌、渠道与利润"),
}
_DISTANCE = {"material": 3, "sole": 2, "cutting": 1, "closing": 1, "lasting": 0, "finishing": 1}
"""Steps from assembly (lasting), by which a firm's place on the curve is measured."""
_LEAD = {"oem": 1, "odm": 2, "obm": 3}
"""The same for what the lead firm keeps: margin on others' shoes, own design, own brand."""
LEAST_FIRMS = 5


@dataclass(frozen=True)
class Chain:
    """Yuan of the placed pairs of a plan by order and role.

    ``cells``: order, firm (null for materials), role, channel, pairs (of the order in lots), yuan. They sum to the net price of
    the pairs in lots.
    """

    cells: pl.DataFrame


def chain(cluster: Cluster, plan: Plan) -> Chain:
    """Return who gets what of each placed pair.

    Materials at list prices with losses; work at asks (minutes of the line x ask, and piece prices; overtime surcharges and carriage stay
    with the lead firm); the lead firm gets the rest, which may be less than nothing. Orders with a material without list price are left
    out. Materials that the buyer supplies are not in the price and count nowhere.
    """
    orders = net_prices(cluster).select("order", "style", "channel", "yuan")
    lots = plan["lot"].group_by("order").agg(pl.col("pairs").sum())
    leads = plan["order_plan"].select("order", firm="lead_firm")
    placed = orders.join(lots, on="order").join(leads, on="order", how="left").sort("order")
    # A style of which nothing is bought has no row there: it costs nothing, and that is known.
    material = placed.join(_material(cluster), on="style", how="left")
    known = material.with_columns(pl.col("each").fill_null(0.0), pl.col("known").fill_null(value=True)).filter("known")
    bought = known.select(
        "order",
        pl.lit(None, pl.String).alias("firm"),
        pl.lit("material").alias("role"),
        yuan=pl.col("each") * pl.col("pairs"),
    )
    worked = _work(cluster, plan).join(known.select("order"), on="order", how="semi")
    spent = pl.concat([bought, worked]).group_by("order").agg(spent=pl.col("yuan").sum())
    rest = known.join(spent, on="order").select(
        "order", "firm", pl.lit("lead").alias("role"), yuan=pl.col("yuan") * pl.col("pairs") - pl.col("spent")
    )
    cells = pl.concat([bought, worked, rest]).join(placed.select("order", "channel", "pairs"), on="order")
    return Chain(cells.sort("order", "role", "firm"))


def _material(cluster: Cluster) -> pl.DataFrame:
    """Return style, each (yuan of bought material a pair), known (whether every list price is)."""
    bought = effective(cluster, "bill_of_material", "bill_template").filter(pl.col("supplied_by") != "buyer")
    priced = bought.join(cluster["material"].select("material", "list_price"), on="material", how="left")
    cost = pl.col("quantity_per_pair") * (1 + pl.col("loss_share")) * pl.col("list_price") / 100
    return priced.group_by("style").agg(each=cost.sum(), known=pl.col("list_price").is_not_null().all())


def _work(cluster: Cluster, plan: Plan) -> pl.DataFrame:
    """Return order, firm, role (stage), yuan of the work of all lots at the asks of their lines."""
    facts = line_facts(cluster, plan.periods)
    ask = pl.DataFrame({"line": facts.lines, "ask": facts.ask}, schema={"line": pl.String, "ask": pl.Float64})
    fen = pl.col("pairs") * (pl.col("minutes") / 60 * pl.col("ask") / 1000 + pl.col("extra_fen_pair"))
    rows = worked(cluster, plan).join(ask, on="line")
    return rows.group_by("order", "firm", role=pl.col("stage")).agg(yuan=fen.sum() / 100).sort("order", "firm", "role")


def smile(found: Chain) -> pl.DataFrame:
    """Return the smiling curve: role, firms, yuan a pair and share of the price, for all channels and for each.

    Columns: channel (all, oem, odm, obm), role, firms, yuan, share. Roles with fewer than five firms are left blank, but for
    materials, which are bought of many.
    """
    frames = []
    for channel in ("all", "oem", "odm", "obm"):
        cells = found.cells if channel == "all" else found.cells.filter(pl.col("channel") == channel)
        pairs = cells.unique("order")["pairs"].sum()
        total = cells["yuan"].sum()
        part = cells.group_by("role").agg(firms=pl.col("firm").drop_nulls().n_unique(), yuan=pl.col("yuan").sum())
        told = (pl.col("firms") >= LEAST_FIRMS) | (pl.col("role") == "material")
        frames.append(
            part.select(
                pl.lit(channel).alias("channel"),
                "role",
                pl.col("firms").cast(pl.Int64),
                yuan=pl.when(told).then(pl.col("yuan") / max(1, pairs)),
                share=pl.when(told).then(pl.col("yuan") / total),
            )
        )
    order = pl.Enum(ROLES)
    return pl.concat(frames).sort("channel", pl.col("role").cast(order), maintain_order=True)


def channels(cluster: Cluster, plan: Plan | None = None) -> pl.DataFrame:
    """Return channel, orders, buyers, pairs, yuan (net price of all pairs), share of pairs and of yuan.

    Of all orders, or of the pairs that a plan places in the cluster. Of channels with fewer than five buyers only their orders are told.
    """
    orders = net_prices(cluster)
    if plan is not None:
        lots = plan["lot"].group_by("order").agg(placed=pl.col("pairs").sum())
        orders = orders.join(lots, on="order").with_columns(pairs="placed")
    worth = (pl.col("yuan") * pl.col("pairs")).sum()
    table = orders.group_by("channel").agg(
        orders=pl.len().cast(pl.Int64), buyers=pl.col("buyer").n_unique(), pairs=pl.col("pairs").sum(), yuan=worth
    )
    table = table.with_columns(
        pairs_share=pl.col("pairs") / pl.col("pairs").sum(), yuan_share=pl.col("yuan") / pl.col("yuan").sum()
    )
    told = pl.col("buyers") >= LEAST_FIRMS
    hidden = [pl.when(told).then(c).alias(c) for c in ("pairs", "yuan", "pairs_share", "yuan_share")]
    rank = pl.col("channel").cast(pl.Enum(("oem", "odm", "obm")))
    return (
        table.with_columns(hidden)
        .sort(rank)
        .select("channel", "orders", "buyers", "pairs", "yuan", "pairs_share", "yuan_share")
    )


def places_on_the_curve(found: Chain) -> pl.DataFrame:
    """Return each firm's place: firm, yuan, position.

    ``position`` is the mean distance of its value added from assembly, weighted by what it gets of each role: 0 lasting, 1
    other making and the margin on others' shoes, 2 soles and own design, 3 own brand. A lead firm's losses count as 0.
    """
    steps = pl.col("role").replace_strict(_DISTANCE, default=None, return_dtype=pl.Float64)
    lead = pl.col("channel").replace_strict(_LEAD, return_dtype=pl.Float64)
    mine = found.cells.drop_nulls("firm").with_columns(
        yuan=pl.col("yuan").clip(lower_bound=0.0), step=pl.when(pl.col("role") == "lead").then(lead).otherwise(steps)
    )
    weight = (pl.col("yuan") * pl.col("step")).sum() / pl.col("yuan").sum()
    return mine.group_by("firm").agg(position=weight, yuan=pl.col("yuan").sum()).filter(pl.col("yuan") > 0).sort("firm")


def movement(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Return firm, before, now, moved: how far firms moved on the curve between two plans (above 0: away from assembly)."""
    both = before.select("firm", before="position").join(
        now.select("firm", now="position"), on="firm", how="full", coalesce=True
    )
    return both.with_columns(moved=pl.col("now") - pl.col("before")).sort("firm")
