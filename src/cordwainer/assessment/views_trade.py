"""Styles, value chain and people as tables for people, in both languages."""

from __future__ import annotations

import polars as pl

from cordwainer.assessment.chain import LABELS
from cordwainer.assessment.lookalikes import Neighbours, Styles, outline_similarity
from cordwainer.assessment.views import choice_words, column, district_words, named, worded
from cordwainer.cluster import Cluster
from cordwainer.core import Text
from cordwainer.exchange import View, ViewColumn


def neighbour_view(styles: Styles, near: Neighbours, style: str) -> View:
    """Return the styles nearest to one, without their owners; beside the whole similarity that of outlines, where there are any."""
    at = styles.frame["style"].to_list().index(style)
    known = near.position[at] >= 0
    frame = styles.frame[near.position[at][known].tolist()].with_columns(
        similarity=pl.Series(near.similarity[at][known]),
        outline=pl.Series(outline_similarity(styles, at, near.position[at][known]), dtype=pl.Float64),
    )
    outline = (column("outline", "By outline", "轮廓相似度", "share"),) if styles.pictured.any() else ()
    columns = (
        column("style", "Style", "款式", "id"),
        column("similarity", "Similarity", "相似度", "share"),
        *outline,
        ViewColumn("category", Text("Category", "品类"), "choice", "category"),
        ViewColumn("construction", Text("Construction", "工艺"), "choice", "construction"),
        column("tier", "Tier", "档次", "int"),
        column("upper_material", "Upper", "帮面", "text"),
        column("last", "Last", "楦型", "id"),
        column("heel_mm", "Heel mm", "跟高（毫米）", "int"),
        column("colour", "Colour", "颜色", "text"),
    )
    return View("neighbours", Text("Most like {s}", "与 {s} 最相似").format(s=style), columns, frame)


def homogeneity_view(cluster: Cluster, frame: pl.DataFrame, by: str) -> View:
    """Return homogeneity by category or district, the most alike first."""
    table = worded(frame, "group", {**district_words(cluster), **choice_words("category")})
    columns = (
        column("group", "Group", "分组", "both"),
        column("firms", "Owners", "款式所有者", "int"),
        column("styles", "Styles", "款式数", "int"),
        column("similarity", "Similarity", "平均相似度", "share"),
        column("index", "Homogeneity", "同质化指数", "score"),
        column("low", "Random from", "随机下限", "score"),
        column("high", "Random to", "随机上限", "score"),
    )
    title = {
        "category": Text("Homogeneity by category", "分品类同质化"),
        "district": Text("Homogeneity by district", "分区县同质化"),
    }
    return View(f"homogeneity-{by}", title[by], columns, table.sort("index", descending=True, nulls_last=True))


def space_view(frame: pl.DataFrame) -> View:
    """Return kinds of shoe that are ordered at good prices and that few styles supply."""
    columns = (
        ViewColumn("category", Text("Category", "品类"), "choice", "category"),
        ViewColumn("construction", Text("Construction", "工艺"), "choice", "construction"),
        column("tier", "Tier", "档次", "int"),
        column("upper_material", "Upper", "帮面", "text"),
        column("styles", "Styles", "款式数", "int"),
        column("pairs", "Pairs ordered", "订购双数", "int"),
        column("yuan", "Yuan a pair", "每双（元）", "score"),
        column("premium", "Above the category", "高于品类均价", "share"),
        column("room", "Room", "空间", "score"),
    )
    return View("spaces", Text("Where demand pays and few supply", "需求好、供给少的款式"), columns, frame)


def smile_view(frame: pl.DataFrame) -> View:
    """Return the smiling curve."""
    table = worded(worded(frame, "role", LABELS), "channel", {**choice_words("channel"), "all": Text("all", "全部")})
    columns = (
        column("channel", "Channel", "业务模式", "both"),
        column("role", "Role", "环节", "both"),
        column("firms", "Firms", "企业数", "int"),
        column("yuan", "Yuan a pair", "每双（元）", "score"),
        column("share", "Share of the price", "占价格", "share"),
    )
    return View("smile", Text("Where the value is made", "价值在哪个环节"), columns, table)


def channel_view(frame: pl.DataFrame) -> View:
    """Return the shares of OEM, own design and own brand."""
    columns = (
        ViewColumn("channel", Text("Channel", "业务模式"), "choice", "channel"),
        column("orders", "Orders", "订单数", "int"),
        column("buyers", "Buyers", "客户数", "int"),
        column("pairs", "Pairs", "双数", "int"),
        column("pairs_share", "Of all pairs", "占双数", "share"),
        column("yuan_share", "Of all money", "占金额", "share"),
    )
    return View("channels", Text("OEM, own design, own brand", "贴牌、自主设计与自主品牌"), columns, frame)


def place_view(cluster: Cluster, frame: pl.DataFrame) -> View:
    """Return the place of firms on the curve, the farthest from assembly first."""
    table = named(cluster, frame, "firm").sort("position", "firm", descending=[True, False])
    columns = (
        column("firm", "Firm", "企业", "id"),
        column("name", "Name", "名称", "both"),
        column("position", "Steps from assembly", "距组装环节", "score"),
        column("yuan", "Value added, yuan", "增加值（元）", "number"),
    )
    return View("places", Text("Place of firms on the curve", "企业在曲线上的位置"), columns, table)


def movement_view(cluster: Cluster, frame: pl.DataFrame) -> View:
    """Return how firms moved on the curve between two plans, the farthest away from assembly first."""
    table = named(cluster, frame, "firm").sort("moved", "firm", descending=[True, False], nulls_last=True)
    columns = (
        column("firm", "Firm", "企业", "id"),
        column("name", "Name", "名称", "both"),
        column("before", "Steps from assembly before", "此前距组装环节", "score"),
        column("now", "Now", "现在", "score"),
        column("moved", "Moved", "移动", "score"),
    )
    return View("movement", Text("Movement on the curve", "在曲线上的移动"), columns, table)


def product_view(cluster: Cluster, frame: pl.DataFrame) -> View:
    """Return the grade of product by owner of styles and year, the dearest first."""
    table = named(cluster, frame, "firm").sort(["year", "band", "firm"], descending=[True, True, False])
    columns = (
        column("firm", "Firm", "企业", "id"),
        column("name", "Name", "名称", "both"),
        column("year", "Year", "年份", "id"),
        column("styles", "Styles ordered", "下单款式", "int"),
        column("pairs", "Pairs", "双数", "int"),
        column("band", "Price band, 1 to 5", "价格带（1–5）", "score"),
        column("premium", "Above the category", "高于品类均价", "share"),
        column("age_offered", "Age of its styles, days", "款式平均年龄（天）", "number"),
        column("age_sold", "Age of what sells, days", "所售款式年龄（天）", "number"),
        column("repeated", "Repeat orders", "返单占比", "share"),
    )
    return View("product", Text("Grade of product by orders", "按订单的产品档次"), columns, table)


def skill_view(frame: pl.DataFrame) -> View:
    """Return skills over all firms."""
    columns = (
        column("skill", "Skill", "技能", "text"),
        column("firms", "Firms", "企业数", "int"),
        column("workers", "People", "人数", "int"),
        column("multi_share", "Multi-skilled", "多能工占比", "share"),
        column("needed", "Needed in the fullest weeks", "最忙周所需", "number"),
        column("yuan_hour", "Worth of an hour, yuan", "每小时价值（元）", "score"),
        column("short_yuan", "Shortage, yuan", "短缺价值（元）", "number"),
    )
    return View("skills", Text("Skills against the plan", "技能供需"), columns, frame)


def wage_view(cluster: Cluster, frame: pl.DataFrame) -> View:
    """Return pressure on wages where five firms or more can be told."""
    table = worded(frame.drop_nulls("pressure"), "district", district_words(cluster))
    columns = (
        column("district", "District", "区县", "both"),
        ViewColumn("stage", Text("Stage", "工序"), "choice", "stage"),
        column("firms", "Firms", "企业数", "int"),
        column("ask_yuan_hour", "Ask an hour, yuan", "每小时报价（元）", "score"),
        column("price_yuan_hour", "Worth of an hour more, yuan", "多一小时的价值（元）", "score"),
        column("pressure", "Pressure", "涨价压力", "share"),
    )
    return View("wages", Text("Pressure on wages", "工价压力"), columns, table)
