"""The plan of the whole cluster: one optimisation with its bound and its shadow prices."""

from cordwainer.planning.bound import allowed, cost_fen, cost_milli
from cordwainer.planning.build import arrivals
from cordwainer.planning.engine import plan, plan_periods
from cordwainer.planning.explain import explain_order, explain_orders
from cordwainer.planning.explain_line import explain_line
from cordwainer.planning.explain_price import explain_price
from cordwainer.planning.filling import fill_rest, give_back
from cordwainer.planning.limits import OfferPeriods, caps, offer_periods, skills, stock_by_period
from cordwainer.planning.params import Listener, Progress, Settings
from cordwainer.planning.pay import pay_of_work
from cordwainer.planning.pricing import FAR, Prices, Room, Scratch, best_path
from cordwainer.planning.problem import Net
from cordwainer.planning.state import State
from cordwainer.planning.styles import effective
from cordwainer.planning.wording import Explanation

__all__ = [
    "FAR",
    "Explanation",
    "Listener",
    "Net",
    "OfferPeriods",
    "Prices",
    "Progress",
    "Room",
    "Scratch",
    "Settings",
    "State",
    "allowed",
    "arrivals",
    "best_path",
    "caps",
    "cost_fen",
    "cost_milli",
    "effective",
    "explain_line",
    "explain_order",
    "explain_orders",
    "explain_price",
    "fill_rest",
    "give_back",
    "offer_periods",
    "pay_of_work",
    "plan",
    "plan_periods",
    "skills",
    "stock_by_period",
]
