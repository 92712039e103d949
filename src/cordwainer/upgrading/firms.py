"""What rules of subsidies and programmes ask of firms: grade, tax of the last year, size."""

from __future__ import annotations

from datetime import date

import polars as pl

from cordwainer.assessment import evaluate, read_scheme
from cordwainer.cluster import Cluster
from cordwainer.upgrading.who import line_table

FEN = 100


def grades_and_tax(cluster: Cluster, scheme: str) -> tuple[dict[str, str | None], dict[str, int]]:
    """Return the grade of every firm under a scheme, and last year's tax in fen of those whose tax is known.

    A firm that is graded within a group or parcel has the grade of that. Without official figures nothing is known.
    """
    if cluster["figure"].is_empty():
        return {}, {}
    made = evaluate(cluster, read_scheme(scheme))
    year = made.facts.years[-1]
    units = {u["unit"]: u["grade"] for u in made.frame(year).select("unit", "grade").to_dicts()}
    merged = dict(made.facts.members.filter(year=year).select("firm", "unit").iter_rows())
    grades = {firm: units.get(merged.get(firm, firm)) for firm in cluster["firm"]["firm"]}
    tax = cluster["figure"].filter(indicator="tax_yuan", year=year).drop_nulls("value").select("unit", "value")
    return grades, {unit: round(FEN * value) for unit, value in tax.iter_rows()}


def grade_charges(cluster: Cluster, scheme: str) -> dict[str, int | None]:
    """Return what the grade of every graded firm costs it a year under a scheme, fen (below 0: relief); None where a figure is unknown.

    A firm that is graded within a group or parcel is left out: what that is charged is not its own.
    """
    if cluster["figure"].is_empty():
        return {}
    made = evaluate(cluster, read_scheme(scheme))
    rows = made.frame(made.facts.years[-1]).filter(pl.col("kind") == "firm").select("unit", "fen")
    return dict(rows.iter_rows())


def small_firms(cluster: Cluster, day: date, most_people: int) -> frozenset[str]:
    """Return the firms whose lines have at most so many people on a day."""
    people = line_table(cluster, day).group_by("firm").agg(pl.col("people").sum())
    return frozenset(people.filter(pl.col("people") <= most_people)["firm"])
