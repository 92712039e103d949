"""What is unknown or assumed and no fault: it limits nothing, closes a way, or a default holds (plan model, section 5).

Unknown tools, skills and sizes do not limit the plan, so it may promise more than can be done: they are told.
"""

from __future__ import annotations

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.cluster.rules.flows import able_lines
from cordwainer.cluster.rules.rule import CrossRule, Frames
from cordwainer.cluster.rules.styles import TEMPLATE_KEY, effective, effective_routing
from cordwainer.cluster.schema import ROW
from cordwainer.core import Text, digits


def _ordered(frames: Frames) -> pl.DataFrame:
    """Return the styles that an order names, with their row."""
    return frames["style"].with_row_index(ROW).join(frames["order"], on="style", how="semi")


def _tool(kind: str, stage: str, code: str) -> CrossRule:
    """Return the rule that the tools of a kind are known for every ordered style with the stage they serve."""

    def find(frames: Frames) -> pl.DataFrame:
        served = effective_routing(frames).filter(stage=stage)
        known = frames["tool"].filter(kind=kind).select(pl.col("code").alias(code))
        lost = _ordered(frames).join(served, on="style", how="semi").join(known, on=code, how="anti").sort(ROW)
        return lost.select(ROW, value=code, other="style")

    return CrossRule(f"{kind}-unknown", "style", code, find)


def _stage(stage: str, label: Text) -> CrossRule:
    """Return the rule that some line can do a stage of every order: kind and tier fit."""

    def find(frames: Frames) -> pl.DataFrame:
        lines = frames["line"].filter(stage=stage).join(frames["line_makes"], on="line")
        finest = lines.group_by(TEMPLATE_KEY).agg(finest=pl.col("tier").max())
        lost = (
            frames["style"]
            .join(effective_routing(frames).filter(stage=stage), on="style", how="semi")
            .join(finest, on=TEMPLATE_KEY, how="left")
            .filter(pl.col("finest").fill_null(0) < pl.col("tier"))
        )
        orders = frames["order"].with_row_index(ROW).join(lost, on="style", how="semi").sort(ROW)
        return orders.select(ROW, value="order")

    return CrossRule("stage-without-line", "order", "style", find, label)


def _skills(frames: Frames) -> pl.DataFrame:
    wanted = effective(frames, "routing", "routing_template", ["stage", "skill"])
    lost = (
        able_lines(frames, wanted.filter(pl.col("skill").is_not_null()), "skill")
        .select("firm", "skill")
        .unique()
        .join(frames["worker_skill"], on=["firm", "skill"], how="anti")
        .sort("skill", "firm")
    )
    return lost.select(pl.lit(None, pl.Int64).alias(ROW), value="skill", other="firm")


def _sizes(frames: Frames) -> pl.DataFrame:
    """Return orders of unknown sizes whose style has tools for single sizes."""
    tools = frames["tool"].filter(pl.col("size").is_not_null())
    codes = {"last": "last", "die": "style", "mould": "sole"}
    styles = pl.concat(
        frames["style"]
        .join(tools.filter(kind=kind).select(pl.col("code").alias(code)), on=code, how="semi")
        .select("style")
        for kind, code in codes.items()
    )
    orders = frames["order"].with_row_index(ROW).join(frames["size_curve"], on="size_curve", how="anti")
    lost = orders.join(frames["order_size"], on="order", how="anti").join(styles, on="style", how="semi").sort(ROW)
    return lost.select(ROW, value="order")


def _bills(frames: Frames) -> pl.DataFrame:
    known = effective(frames, "bill_of_material", "bill_template", [])
    return _ordered(frames).join(known, on="style", how="anti").sort(ROW).select(ROW, value="style")


def _bought(frames: Frames) -> pl.DataFrame:
    """Return the materials that makers must buy for an ordered style, with their row."""
    bill = effective(frames, "bill_of_material", "bill_template", ["material", "supplied_by"])
    used = bill.filter(pl.col("supplied_by") != "buyer").join(frames["order"], on="style", how="semi")
    return frames["material"].with_row_index(ROW).join(used, on="material", how="semi").sort(ROW)


def _sources(frames: Frames) -> pl.DataFrame:
    sources = pl.concat(frames[table].select("material") for table in ("supplier_offer", "stock", "inbound"))
    return _bought(frames).join(sources, on="material", how="anti").sort(ROW).select(ROW, value="material")


def _list_prices(frames: Frames) -> pl.DataFrame:
    """Return materials of unknown list price, where an outside maker's price is reckoned from it."""
    reckoned = not frames["outside_makes"].filter(pl.col("material_factor") > 0).is_empty()
    return _bought(frames).filter(pl.col("list_price").is_null() & reckoned).select(ROW, value="material")


def _from_template(rule: str, table: str, template: str) -> CrossRule:
    def find(frames: Frames) -> pl.DataFrame:
        lost = _ordered(frames).join(frames[table], on="style", how="anti")
        return lost.join(frames[template], on=TEMPLATE_KEY, how="semi").sort(ROW).select(ROW, value="style")

    return CrossRule(rule, "style", "style", find)


def _policies(frames: Frames) -> pl.DataFrame:
    given = set(frames["policy"].select("name", "key").iter_rows())
    # An exchange rate or carbon price that is not given is none: nothing was assumed.
    assumed = [
        (name, digits(policy.default))
        for (name, key), policy in dictionary.policies().items()
        if policy.default and name != "fx" and (name, key) not in given
    ]
    return pl.DataFrame(
        [(None, *row) for row in assumed], {ROW: pl.Int64, "value": pl.String, "other": pl.String}, orient="row"
    )


MARKS = [
    *(_stage(stage, label) for stage, label in dictionary.choices()["stage"].items()),
    _tool("last", "lasting", "last"),
    _tool("die", "cutting", "style"),
    _tool("mould", "sole", "sole"),
    CrossRule("sizes-unknown", "order", "size_curve", _sizes),
    CrossRule("skill-unknown", "worker_skill", "skill", _skills),
    CrossRule("bill-unknown", "style", "style", _bills),
    CrossRule("source-unknown", "material", "material", _sources),
    CrossRule("list-price-unknown", "material", "list_price", _list_prices),
    _from_template("routing-assumed", "routing", "routing_template"),
    _from_template("bill-assumed", "bill_of_material", "bill_template"),
    CrossRule("policy-assumed", "policy", "name", _policies),
]
