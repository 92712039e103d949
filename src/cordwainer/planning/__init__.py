"""The plan of the whole cluster: one optimisation with its bound and its shadow prices."""

from cordwainer.planning.engine import plan, plan_periods
from cordwainer.planning.explain import explain_orders
from cordwainer.planning.params import Listener, Progress, Settings

__all__ = ["Listener", "Progress", "Settings", "explain_orders", "plan", "plan_periods"]
