"""What rules of subsidies ask of firms: grade, and tax of the last year."""

from __future__ import annotations

from cordwainer.assessment import evaluate, read_scheme
from cordwainer.cluster import Cluster

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
