"""Measures that lift a firm, priced by the plan: what each would be worth to the cluster."""

from cordwainer.upgrading.actions import Action, phased_out
from cordwainer.upgrading.candidates import Candidates, Target, candidates, there_is
from cordwainer.upgrading.checked import Calibration, calibration, calibration_sections, checked
from cordwainer.upgrading.curves import CostCurve, cost_curve
from cordwainer.upgrading.effects import apply, apply_all
from cordwainer.upgrading.firms import grade_charges, grades_and_tax, small_firms
from cordwainer.upgrading.for_offices import (
    next_step_of,
    phase_out_tables,
    programme_tables,
    steps_of_firms,
    two_digits,
)
from cordwainer.upgrading.goals import GOALS, Standings, standings, with_goals, with_less
from cordwainer.upgrading.goals import TITLES as GOAL_TITLES
from cordwainer.upgrading.growing import where_to_grow
from cordwainer.upgrading.handover import Leak, jobs, leaks, taken_over
from cordwainer.upgrading.market import Market, Worth, market, worth_of_lines
from cordwainer.upgrading.measure import Assumptions, Catalogue, Effect, Leaving, Measure, Number, Subsidy
from cordwainer.upgrading.next_step import NextStep, Step, grade_after, grade_money, next_step
from cordwainer.upgrading.one_page import next_step_pdf
from cordwainer.upgrading.opportunities import opportunities
from cordwainer.upgrading.payback import NO_SUPPORT, Return, Support, returns, support
from cordwainer.upgrading.phase_out import PhaseOut, PhaseOutSettings, Trial, Tried, phase_out
from cordwainer.upgrading.programme import Programme, Rules, by_payback, choose, equal_share
from cordwainer.upgrading.proving import carried_out, proved
from cordwainer.upgrading.raising import (
    FrontierPoint,
    Raised,
    RaisedCluster,
    RaiseSettings,
    frontier,
    raise_cluster,
)
from cordwainer.upgrading.reading import catalogue, catalogue_of
from cordwainer.upgrading.released import Released, released
from cordwainer.upgrading.views import opportunity_view
from cordwainer.upgrading.views_phase_out import action_view, job_view, side_view, takeover_view
from cordwainer.upgrading.views_programme import WAYS as PROGRAMME_WAYS
from cordwainer.upgrading.views_programme import curve_view, frontier_view, growth_view, programme_view, ways_view
from cordwainer.upgrading.who import lines_of, owners_of

__all__ = [
    "GOALS",
    "GOAL_TITLES",
    "NO_SUPPORT",
    "PROGRAMME_WAYS",
    "Action",
    "Assumptions",
    "Calibration",
    "Candidates",
    "Catalogue",
    "CostCurve",
    "Effect",
    "FrontierPoint",
    "Leak",
    "Leaving",
    "Market",
    "Measure",
    "NextStep",
    "Number",
    "PhaseOut",
    "PhaseOutSettings",
    "Programme",
    "RaiseSettings",
    "Raised",
    "RaisedCluster",
    "Released",
    "Return",
    "Rules",
    "Standings",
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
    "calibration",
    "calibration_sections",
    "candidates",
    "carried_out",
    "catalogue",
    "catalogue_of",
    "checked",
    "choose",
    "cost_curve",
    "curve_view",
    "equal_share",
    "frontier",
    "frontier_view",
    "grade_after",
    "grade_charges",
    "grade_money",
    "grades_and_tax",
    "growth_view",
    "job_view",
    "jobs",
    "leaks",
    "lines_of",
    "market",
    "next_step",
    "next_step_of",
    "next_step_pdf",
    "opportunities",
    "opportunity_view",
    "owners_of",
    "phase_out",
    "phase_out_tables",
    "phased_out",
    "programme_tables",
    "programme_view",
    "proved",
    "raise_cluster",
    "released",
    "returns",
    "side_view",
    "small_firms",
    "standings",
    "steps_of_firms",
    "support",
    "taken_over",
    "takeover_view",
    "there_is",
    "two_digits",
    "ways_view",
    "where_to_grow",
    "with_goals",
    "with_less",
    "worth_of_lines",
]
