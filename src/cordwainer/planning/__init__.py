"""The plan of the whole cluster: one optimisation with its bound and its shadow prices."""

from cordwainer.planning.bound import allowed, cost_fen, cost_milli
from cordwainer.planning.build import build
from cordwainer.planning.changing import certified, more_hours, other_cap, without_lines, without_order
from cordwainer.planning.engine import plan, plan_periods
from cordwainer.planning.explain import explain_order, explain_orders
from cordwainer.planning.explain_line import explain_line
from cordwainer.planning.explain_price import explain_price
from cordwainer.planning.filling import fill_rest, give_back
from cordwainer.planning.freezing import Freezing, frozen_before
from cordwainer.planning.limits import OfferPeriods, caps, offer_periods, skills, stock_by_period
from cordwainer.planning.memo import Memo
from cordwainer.planning.params import Listener, Progress, Settings
from cordwainer.planning.pay import pay_of_work
from cordwainer.planning.pricing import FAR, Prices, Room, Scratch, best_path, value_of_pairs
from cordwainer.planning.problem import Net, Problem
from cordwainer.planning.relaxed import Relaxed, Routes, relaxed
from cordwainer.planning.replan import Base, Replanned, ReplanSettings, remember, replan
from cordwainer.planning.standing import plan_prices
from cordwainer.planning.standstill import Carried, Standstill
from cordwainer.planning.state import State
from cordwainer.planning.stopping import paid_less, standing_still, without_orders
from cordwainer.planning.stress import Stress, Worlds, stress
from cordwainer.planning.styles import effective
from cordwainer.planning.transfers import Transfers, transfers
from cordwainer.planning.value import Value, ValueSettings, value_of_change, values_of_changes
from cordwainer.planning.wording import Explanation

__all__ = [
    "FAR",
    "Base",
    "Carried",
    "Explanation",
    "Freezing",
    "Listener",
    "Memo",
    "Net",
    "OfferPeriods",
    "Prices",
    "Problem",
    "Progress",
    "Relaxed",
    "ReplanSettings",
    "Replanned",
    "Room",
    "Routes",
    "Scratch",
    "Settings",
    "Standstill",
    "State",
    "Stress",
    "Transfers",
    "Value",
    "ValueSettings",
    "Worlds",
    "allowed",
    "best_path",
    "build",
    "caps",
    "certified",
    "cost_fen",
    "cost_milli",
    "effective",
    "explain_line",
    "explain_order",
    "explain_orders",
    "explain_price",
    "fill_rest",
    "frozen_before",
    "give_back",
    "more_hours",
    "offer_periods",
    "other_cap",
    "paid_less",
    "pay_of_work",
    "plan",
    "plan_periods",
    "plan_prices",
    "relaxed",
    "remember",
    "replan",
    "skills",
    "standing_still",
    "stock_by_period",
    "stress",
    "transfers",
    "value_of_change",
    "value_of_pairs",
    "values_of_changes",
    "without_lines",
    "without_order",
    "without_orders",
]
