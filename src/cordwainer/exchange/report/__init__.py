"""What people see of a plan: views as tables, and the report as one page."""

from cordwainer.exchange.report.page import write_report
from cordwainer.exchange.report.registry import VIEWS, key_figures, line_view, order_view, plan_view, price_view
from cordwainer.exchange.report.view import View, ViewColumn

__all__ = [
    "VIEWS",
    "View",
    "ViewColumn",
    "key_figures",
    "line_view",
    "order_view",
    "plan_view",
    "price_view",
    "write_report",
]
