"""Measures that lift a firm, priced by the plan: what each would be worth to the cluster."""

from cordwainer.upgrading.actions import Action, phased_out
from cordwainer.upgrading.candidates import Candidates, Target, candidates, there_is
from cordwainer.upgrading.effects import apply, apply_all
from cordwainer.upgrading.firms import grades_and_tax, small_firms
from cordwainer.upgrading.handover import Leak, jobs, leaks, taken_over
from cordwainer.upgrading.market import Market, Worth, market, worth_of_lines
from cordwainer.upgrading.measure import Assumptions, Catalogue, Effect, Leaving, Measure, Number, Subsidy
from cordwainer.upgrading.next_step import NextStep, Step, grade_after, next_step
from cordwainer.upgrading.one_page import next_step_pdf
from cordwainer.upgrading.opportunities import opportunities
from cordwainer.upgrading.payback import NO_SUPPORT, Return, Support, returns, support
from cordwainer.upgrading.phase_out import PhaseOut, PhaseOutSettings, Trial, Tried, phase_out
from cordwainer.upgrading.programme import Programme, Rules, by_payback, choose, equal_share
from cordwainer.upgrading.proving import carried_out, proved
from cordwainer.upgrading.reading import catalogue, catalogue_of
from cordwainer.upgrading.released import Released, released
from cordwainer.upgrading.views import opportunity_view
from cordwainer.upgrading.views_phase_out import action_view, job_view, side_view, takeover_view
from cordwainer.upgrading.who import lines_of, owners_of

__all__ = [
    "NO_SUPPORT",
    "Action",
    "Assumptions",
    "Candidates",
    "Catalogue",
    "Effect",
    "Leak",
    "Leaving",
    "Market",
    "Measure",
    "NextStep",
    "Number",
    "PhaseOut",
    "PhaseOutSettings",
    "Programme",
    "Released",
    "Return",
    "Rules",
    "Step",
    "Subsidy",
    "Support",
    "Target",
    "Trial",
    "Tried",
    "Worth",
    "action_view",
    "apply",
    "apply_all",
    "by_payback",
    "candidates",
    "carried_out",
    "catalogue",
    "catalogue_of",
    "choose",
    "equal_share",
    "grade_after",
    "grades_and_tax",
    "job_view",
    "jobs",
    "leaks",
    "lines_of",
    "market",
    "next_step",
    "next_step_pdf",
    "opportunities",
    "opportunity_view",
    "owners_of",
    "phase_out",
    "phased_out",
    "proved",
    "released",
    "returns",
    "side_view",
    "small_firms",
    "support",
    "taken_over",
    "takeover_view",
    "there_is",
    "worth_of_lines",
]
