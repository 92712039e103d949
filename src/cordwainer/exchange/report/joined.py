"""Tables of a cluster and of its plan, joined once for all views."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from cordwainer.cluster import Cluster, Plan, line_facts


def _named(frame: pl.DataFrame, key: str, prefix: str) -> pl.DataFrame:
    """Return key and its name in both languages; the one language stands in for the other, the id for both."""
    return frame.select(
        pl.col(key).alias(prefix),
        pl.coalesce("name_en", "name_zh", key).alias(f"{prefix}_en"),
        pl.coalesce("name_zh", "name_en", key).alias(f"{prefix}_zh"),
    )


@dataclass(frozen=True)
class Joined:
    """A cluster and a plan of it, with what the views read from both."""

    cluster: Cluster
    plan: Plan

    @cached_property
    def firms(self) -> pl.DataFrame:
        """Columns firm, firm_en, firm_zh."""
        return _named(self.cluster["firm"], "firm", "firm")

    @cached_property
    def buyers(self) -> pl.DataFrame:
        """Columns buyer, buyer_en, buyer_zh."""
        return _named(self.cluster["firm"], "firm", "buyer")

    @cached_property
    def districts(self) -> pl.DataFrame:
        """Columns district, district_en, district_zh."""
        return _named(self.cluster["district"], "district", "district")

    @cached_property
    def materials(self) -> pl.DataFrame:
        """Columns material, material_en, material_zh, unit."""
        units = self.cluster["material"].select("material", "unit")
        return _named(self.cluster["material"], "material", "material").join(units, on="material")

    @cached_property
    def makers(self) -> pl.DataFrame:
        """Outside makers: maker, maker_en, maker_zh, region."""
        table = self.cluster["outside_maker"]
        return _named(table, "maker", "maker").join(table.select("maker", "region"), on="maker")

    @cached_property
    def periods(self) -> pl.DataFrame:
        """Columns period, start_date, days, end_date."""
        last = pl.col("start_date") + pl.duration(days=pl.col("days") - 1)
        return self.plan["plan_period"].sort("period").with_columns(end_date=last)

    @cached_property
    def lines(self) -> pl.DataFrame:
        """Columns line, stage, site, firm and district with their names."""
        sites = self.cluster["site"].select("site", "firm", "district")
        return (
            self.cluster["line"]
            .select("line", "stage", "site")
            .join(sites, on="site", how="left", maintain_order="left")
            .join(self.firms, on="firm", how="left", maintain_order="left")
            .join(self.districts, on="district", how="left", maintain_order="left")
        )

    @cached_property
    def orders(self) -> pl.DataFrame:
        """Orders with buyer, style, outcome and what the plan does for them."""
        papers = self.cluster["purchase_order"].select("po", "buyer", "buyer_no")
        styles = self.cluster["style"].select("style", "construction", "category")
        leads = self.firms.select(lead_firm="firm", lead_en="firm_en", lead_zh="firm_zh")
        orders = self.cluster["order"].join(papers, on="po", how="left", maintain_order="left")
        for other, key in (
            (styles, "style"),
            (self.buyers, "buyer"),
            (self.plan["outcome"], "order"),
            (self.plan["order_plan"], "order"),
            (leads, "lead_firm"),
        ):
            orders = orders.join(other, on=key, how="left", maintain_order="left")
        return orders

    @cached_property
    def line_weeks(self) -> pl.DataFrame:
        """Every line and period: load, regular, most and overtime in 1/1000 minute, price in mfen per minute."""
        facts = line_facts(self.cluster, self.plan.periods)
        count = len(self.plan.periods)
        grid = pl.DataFrame(
            {
                "line": [line for line in facts.lines for _ in range(count)],
                "period": list(range(count)) * len(facts.lines),
                "regular_mmin": facts.regular.ravel(),
                "most_mmin": facts.most.ravel(),
            },
            schema={"line": pl.String, "period": pl.Int64, "regular_mmin": pl.Int64, "most_mmin": pl.Int64},
        )
        load = self.plan["line_period"].select("line", "period", "load_mmin", "overtime_mmin")
        price = self.plan["price"].filter(kind="line").select("period", line="id", mfen="mfen")
        keys = ["line", "period"]
        return (
            grid.join(load, on=keys, how="left", maintain_order="left")
            .join(price, on=keys, how="left", maintain_order="left")
            .with_columns(pl.col("load_mmin", "overtime_mmin", "mfen").fill_null(0))
            .join(self.lines.select("line", "stage", "firm", "district"), on="line", how="left", maintain_order="left")
        )

    @cached_property
    def work(self) -> pl.DataFrame:
        """Rows of work with order, line, firm, district and the dates of the period."""
        return (
            self.plan["work"]
            .join(self.plan["lot"].select("lot", "order"), on="lot", how="left", maintain_order="left")
            .join(self.plan["lot_line"], on=["lot", "stage"], how="left", maintain_order="left")
            .join(self.lines.drop("stage"), on="line", how="left", maintain_order="left")
            .join(self.periods, on="period", how="left", maintain_order="left")
        )

    @cached_property
    def finished(self) -> pl.DataFrame:
        """The rows of work of the last stage of each routing."""
        styles = self.cluster["style"].select("style", "construction", "category")
        own = self.cluster["routing_before"].select("style", "stage")
        with_routing = self.cluster["routing"].select("style").unique()
        assumed = (
            styles.join(with_routing, on="style", how="anti")
            .join(self.cluster["routing_template_before"], on=["construction", "category"])
            .select("style", "stage")
        )
        not_last = pl.concat([own, assumed]).unique()
        style_of = self.cluster["order"].select("order", "style")
        return self.work.join(style_of, on="order", how="left").join(not_last, on=["style", "stage"], how="anti")
