"""Measures that lift a firm, priced by the plan: what each would be worth to the cluster."""

from cordwainer.upgrading.effects import apply, apply_all
from cordwainer.upgrading.firms import grades_and_tax, small_firms
from cordwainer.upgrading.market import Market, Worth, market, worth_of_lines
from cordwainer.upgrading.measure import Assumptions, Catalogue, Effect, Measure, Number, Subsidy
from cordwainer.upgrading.next_step import NextStep, Step, grade_after, next_step
from cordwainer.upgrading.one_page import next_step_pdf
from cordwainer.upgrading.opportunities import opportunities
from cordwainer.upgrading.payback import NO_SUPPORT, Return, Support, returns, support
from cordwainer.upgrading.programme import Programme, Rules, by_payback, choose, equal_share
from cordwainer.upgrading.proving import carried_out, proved
from cordwainer.upgrading.reading import catalogue, catalogue_of
from cordwainer.upgrading.views import opportunity_view
from cordwainer.upgrading.who import lines_of, owners_of

__all__ = [
    "NO_SUPPORT",
    "Assumptions",
    "Catalogue",
    "Effect",
    "Market",
    "Measure",
    "NextStep",
    "Number",
    "Programme",
    "Return",
    "Rules",
    "Step",
    "Subsidy",
    "Support",
    "Worth",
    "apply",
    "apply_all",
    "by_payback",
    "carried_out",
    "catalogue",
    "catalogue_of",
    "choose",
    "equal_share",
    "grade_after",
    "grades_and_tax",
    "lines_of",
    "market",
    "next_step",
    "next_step_pdf",
    "opportunities",
    "opportunity_view",
    "owners_of",
    "proved",
    "returns",
    "small_firms",
    "support",
    "worth_of_lines",
]
