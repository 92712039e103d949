"""Your own cluster: three sheets that an owner fills in, and how they become all tables."""

from cordwainer.exchange.own.faults import headed
from cordwainer.exchange.own.reading import holds_own, read_own_tables
from cordwainer.exchange.own.specs import OWN_MATERIALS, OWN_TABLES, assumed_values, example_rows

__all__ = ["OWN_MATERIALS", "OWN_TABLES", "assumed_values", "example_rows", "headed", "holds_own", "read_own_tables"]
