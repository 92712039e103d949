"""Rules of the tables beyond their form: one file for each table family."""

from collections.abc import Mapping, Sequence

from cordwainer.cluster.rules import flows, happened, lines, marks, materials, places, styles, trade
from cordwainer.cluster.rules.rule import CrossRule, Frames, RowRule

_FAMILIES = (places, lines, styles, materials, trade, happened)

ROW_RULES: Mapping[str, Sequence[RowRule]] = {
    table: rules for family in _FAMILIES for table, rules in family.ROW_RULES.items()
}
CROSS_RULES: Sequence[CrossRule] = tuple(rule for family in _FAMILIES for rule in family.CROSS_RULES)
PLAN_RULES: Sequence[CrossRule] = tuple(flows.PLAN_RULES)
"""What stops planning, though the cluster can be read."""
MARKS: Sequence[CrossRule] = tuple(marks.MARKS)
"""What is unknown or assumed, and no fault."""

__all__ = ["CROSS_RULES", "MARKS", "PLAN_RULES", "ROW_RULES", "CrossRule", "Frames", "RowRule"]
