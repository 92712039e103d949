"""What people see of a plan: views as tables, and the report as one page."""

from cordwainer.exchange.report.charts import PANEL_SIZE, LoadPanel, Share, panels_of
from cordwainer.exchange.report.figures import Figure
from cordwainer.exchange.report.page import write_report
from cordwainer.exchange.report.registry import (
    VIEWS,
    figures_of,
    key_figures,
    line_view,
    load_view,
    order_view,
    outcome_shares,
    plan_view,
    price_view,
)
from cordwainer.exchange.report.sections import Section, bars_of, curve_of, heat_of, write_sections
from cordwainer.exchange.report.view import View, ViewColumn, cell, column

__all__ = [
    "PANEL_SIZE",
    "VIEWS",
    "Figure",
    "LoadPanel",
    "Section",
    "Share",
    "View",
    "ViewColumn",
    "bars_of",
    "cell",
    "column",
    "curve_of",
    "figures_of",
    "heat_of",
    "key_figures",
    "line_view",
    "load_view",
    "order_view",
    "outcome_shares",
    "panels_of",
    "plan_view",
    "price_view",
    "write_report",
    "write_sections",
]
