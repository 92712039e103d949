"""Where a measure applies: firms, and the lines of theirs that it changes."""

from __future__ import annotations

from datetime import date

import polars as pl

from cordwainer.cluster import Cluster, statements_in_force
from cordwainer.upgrading.measure import Measure

FINEST = 5
"""Finest tier of a line."""


def line_table(cluster: Cluster, day: date) -> pl.DataFrame:
    """Return line, firm, district, stage, tier, people and share_offered of every line of an active firm on a day."""
    rows = statements_in_force(cluster, day).select("line", "people", "share_offered")
    site = cluster["site"].select("site", "firm", "district")
    active = cluster["firm"].filter(status="active").select("firm")
    return (
        cluster["line"]
        .select("line", "site", "stage", "tier", "defect_share")
        .join(site, on="site")
        .join(active, on="firm", how="semi")
        .join(rows, on="line")
        .drop("site")
        .sort("line")
    )


def lines_of(measure: Measure, cluster: Cluster, day: date) -> pl.DataFrame:
    """Return firm and line that a measure changes; for one of certificates or skills all lines of the firms that it suits."""
    lines = line_table(cluster, day)
    roles = cluster["firm_role"].filter(pl.col("role").is_in(measure.roles)).select("firm").unique()
    lines = lines.join(roles, on="firm", how="semi")
    people = lines.group_by("firm").agg(people=pl.col("people").sum())
    size = pl.col("people") >= measure.least_people
    if measure.most_people:
        size &= pl.col("people") <= measure.most_people
    lines = lines.join(people.filter(size).select("firm"), on="firm", how="semi")
    if measure.stages:
        lines = lines.filter(pl.col("stage").is_in(measure.stages))
    if measure.makes:
        able = cluster["line_makes"].filter(pl.col("construction").is_in(measure.makes)).select("line").unique()
        lines = lines.join(able, on="line", how="semi")
    if measure.least_lines > 1:
        lines = lines.filter(pl.len().over("firm", "stage") >= measure.least_lines)
    for effect in measure.effects:
        if effect.kind == "tier":
            lines = lines.filter(pl.col("tier") < FINEST)
        if effect.kind == "makes" and effect.construction != "any":
            known = cluster["line_makes"].filter(construction=effect.construction).select("line").unique()
            lines = lines.join(known, on="line", how="anti")
        if effect.kind == "makes" and effect.construction == "any":
            lines = lines.join(gained(cluster, lines, "any").select("line").unique(), on="line", how="semi")
        if effect.kind == "certificate":
            lines = lines.join(_certified(cluster, effect.standard, day), on="firm", how="anti")
        if effect.kind == "skill":
            lines = lines.join(cluster["worker_skill"].select("firm").unique(), on="firm", how="semi")
        if effect.kind == "flow":
            rows = cluster["line_flow"].filter(pl.col("flow") == effect.flow, pl.col("per_pair") > 0)
            lines = lines.join(rows.select("line").unique(), on="line", how="semi")
    return lines.select("firm", "line").sort("firm", "line")


def owners_of(measure: Measure, cluster: Cluster) -> pl.DataFrame:
    """Return firm and style of the cluster's firms whose own styles a measure changes."""
    roles = cluster["firm_role"].filter(pl.col("role").is_in(measure.roles)).select("firm").unique()
    inside = cluster["firm"].filter(pl.col("district").is_not_null(), pl.col("status") == "active")
    ordered = cluster["order"].select("style").unique()
    owned = (
        cluster["style"]
        .select(firm="owner", style="style")
        .drop_nulls()
        .join(inside.select("firm"), on="firm", how="semi")
        .join(roles, on="firm", how="semi")
        .join(ordered, on="style", how="semi")
    )
    for effect in measure.effects:
        bill = cluster["bill_of_material"]
        if effect.kind == "material":
            known = {effect.old, effect.new} <= set(cluster["material"]["material"])
            rows = bill.filter(pl.col("material") == effect.old, pl.lit(known))
            owned = owned.join(rows.select("style").unique(), on="style", how="semi")
        if effect.kind == "loss":
            kinds = cluster["material"].filter(pl.col("kind").is_in(effect.materials)).select("material")
            rows = bill.filter(pl.col("loss_share") > 0).join(kinds, on="material", how="semi")
            owned = owned.join(rows.select("style").unique(), on="style", how="semi")
    return owned.sort("firm", "style")


def _certified(cluster: Cluster, standard: str, day: date) -> pl.DataFrame:
    """Return firms that hold a standard for all stages from a day on, itself or by one that implies it.

    Where it is not known whether a certificate is valid it is not held.
    """
    implying = cluster["standard_implies"].filter(implied=standard)["standard"].to_list()
    rows = cluster["certificate"].filter(pl.col("standard").is_in([standard, *implying]), pl.col("stage").is_null())
    return rows.filter(pl.col("valid_from") <= day, pl.col("valid_to") >= day).select("firm").unique()


def gained(cluster: Cluster, lines: pl.DataFrame, construction: str) -> pl.DataFrame:
    """Return line, construction and category that lines would newly make.

    Those are all kinds of shoe of the construction whose routing has the stage of the line; with ``any`` all kinds of shoe of the
    constructions that the line makes already.
    """
    kinds = cluster["routing_template"].select("stage", "construction", "category").unique()
    wanted = lines.select("line", "stage").join(kinds, on="stage")
    made = cluster["line_makes"].select("line", "construction", "category")
    if construction == "any":
        wanted = wanted.join(made.select("line", "construction").unique(), on=["line", "construction"], how="semi")
    else:
        wanted = wanted.filter(construction=construction)
    new = wanted.join(made, on=["line", "construction", "category"], how="anti")
    return new.select("line", "construction", "category").sort("line", "construction", "category")
