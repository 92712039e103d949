"""Measures that lift a firm, priced by the plan: what each would be worth to the cluster."""

from cordwainer.upgrading.effects import apply, apply_all
from cordwainer.upgrading.market import Market, Worth, market, worth_of_lines
from cordwainer.upgrading.measure import Assumptions, Catalogue, Effect, Measure, Number, Subsidy
from cordwainer.upgrading.reading import catalogue, catalogue_of
from cordwainer.upgrading.who import lines_of, owners_of

__all__ = [
    "Assumptions",
    "Catalogue",
    "Effect",
    "Market",
    "Measure",
    "Number",
    "Subsidy",
    "Worth",
    "apply",
    "apply_all",
    "catalogue",
    "catalogue_of",
    "lines_of",
    "market",
    "owners_of",
    "worth_of_lines",
]
