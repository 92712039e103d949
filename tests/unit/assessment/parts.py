"""The sections of the report of a sample with figures and a plan made in a hurry."""

from functools import cache

from cordwainer.assessment import evaluate, read_scheme, report_sections
from cordwainer.exchange import Section
from tests.hurried import hurried_cluster, hurried_plan


@cache
def report_parts() -> tuple[Section, ...]:
    """Return all sections, with a plan."""
    cluster, planned = hurried_cluster(), hurried_plan()
    made = evaluate(cluster, read_scheme("ruian-like"))
    return tuple(report_sections(cluster, made, made.facts.years[-1], planned))
