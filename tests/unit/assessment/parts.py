"""The sections of the report of a sample with figures and a plan made in a hurry."""

from functools import cache

from cordwainer.assessment import evaluate, read_scheme, report_sections
from cordwainer.cluster import SampleSize, sample
from cordwainer.exchange import Section
from cordwainer.planning import Settings, plan


@cache
def report_parts() -> tuple[Section, ...]:
    """Return all sections, with a plan."""
    cluster = sample(SampleSize(30, 60, 10), 3)
    made = evaluate(cluster, read_scheme("ruian-like"))
    planned = plan(cluster, Settings(time_s=None), lambda _: False)
    return tuple(report_sections(cluster, made, made.facts.years[-1], planned))
