"""The cluster as data: its dictionary, tables, checks and what follows from them."""

from cordwainer.cluster import dictionary
from cordwainer.cluster.capacity import LineFacts, efficiencies, line_facts, stated_efficiencies, statements_in_force
from cordwainer.cluster.checks import broken, broken_tables, check, marks, unplannable
from cordwainer.cluster.cluster import Cluster, complete_frames
from cordwainer.cluster.findings import LISTED_PER_RULE, Broken, listed, problem, raise_if_any
from cordwainer.cluster.floor import PAYMENT_MARK_DAYS, Link, due_day, links, oldest_unpaid, part_pay
from cordwainer.cluster.hashing import hash_of, table_hash
from cordwainer.cluster.plan import DECISIONS, DERIVED, Plan
from cordwainer.cluster.reference import reference_sources, reference_tables
from cordwainer.cluster.sample import SAMPLE_FIRST_DATE, SampleSize, sample
from cordwainer.cluster.sample import comparison as sample_comparison
from cordwainer.cluster.sample import hardness as sample_hardness
from cordwainer.cluster.schema import ID_PATTERN, TEXT_LIMIT, empty, polars_schema, schema
from cordwainer.cluster.whole import places, product, whole

__all__ = [
    "DECISIONS",
    "DERIVED",
    "ID_PATTERN",
    "LISTED_PER_RULE",
    "PAYMENT_MARK_DAYS",
    "SAMPLE_FIRST_DATE",
    "TEXT_LIMIT",
    "Broken",
    "Cluster",
    "LineFacts",
    "Link",
    "Plan",
    "SampleSize",
    "broken",
    "broken_tables",
    "check",
    "complete_frames",
    "dictionary",
    "due_day",
    "efficiencies",
    "empty",
    "hash_of",
    "line_facts",
    "links",
    "listed",
    "marks",
    "oldest_unpaid",
    "part_pay",
    "places",
    "polars_schema",
    "problem",
    "product",
    "raise_if_any",
    "reference_sources",
    "reference_tables",
    "sample",
    "sample_comparison",
    "sample_hardness",
    "schema",
    "stated_efficiencies",
    "statements_in_force",
    "table_hash",
    "unplannable",
    "whole",
]
