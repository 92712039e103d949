"""The plan of the whole cluster: one optimisation with its bound and its shadow prices."""

from cordwainer.planning.engine import plan, plan_periods
from cordwainer.planning.explain import explain_order, explain_orders
from cordwainer.planning.explain_line import explain_line
from cordwainer.planning.explain_price import explain_price
from cordwainer.planning.params import Listener, Progress, Settings
from cordwainer.planning.wording import Explanation

__all__ = [
    "Explanation",
    "Listener",
    "Progress",
    "Settings",
    "explain_line",
    "explain_order",
    "explain_orders",
    "explain_price",
    "plan",
    "plan_periods",
]
